# the public report is there when the operator wants it, tells of months that are over, and names nobody
GET /v1/public/report
---
404
{"detail":"*--public-report on*"}
===
GET /report
---
404
===
!serve --public-report on
GET /v1/public/report
---
200 soon
{"smallest_count":5,"months":[]}
===
GET /report?lang=zh
---
200
content-type: text/html*
content-security-policy: default-src 'none'*
===
GET /report?lang=klingon
---
400
===
# What the staff sees is exact.
GET /v1/integrity/report
---
200
{"cases":{"found":0},"months":[]}
