# a restart keeps everything, a clean one and a kill alike
POST /v1/events
content-type: application/x-ndjson

{{lines 300 {"type":"like","id":"i#","actor":"u#","subject":"v1","creator":"c1","at":"2024-03-01T12:00:00Z"}}}
---
200
{"accepted":300}
===
PUT /v1/users/u1
content-type: application/json

{"region":"Sichuan"}
---
2xx
===
!kill
GET /v1/subjects/v1/counts
---
200
{"likes":300}
===
POST /v1/events
content-type: application/x-ndjson

{{lines 310 {"type":"like","id":"i#","actor":"u#","subject":"v1","creator":"c1","at":"2024-03-01T12:00:00Z"}}}
---
200
{"accepted":10,"duplicates":300,"rejected":0}
===
!restart
!kill
!restart
GET /v1/subjects/v1/counts
---
200
{"likes":310}
===
GET /v1/creators/c1/counts
---
200
{"likes":310}
===
GET /v1/users/u309/likes
---
200
{"items":[{"subject":"v1","at":"2024-03-01T12:00:00*Z"}],"next":null}
===
GET /v1/users/u1/export
---
200

*Sichuan*
===
!check
