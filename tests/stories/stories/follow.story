# a follow is of the creator, or, where none is named, of the subject as a creator; following twice counts once
POST /v1/events
content-type: application/x-ndjson

{"type":"follow","actor":"u1","subject":"v1","creator":"c1"}
{"type":"follow","actor":"u1","subject":"v2","creator":"c1"}
{"type":"follow","actor":"u1","subject":"c2"}
{"type":"follow","actor":"u2","subject":"c1"}
---
200
{"accepted":4,"duplicates":0,"rejected":0,"position":"*"}
===
GET /v1/creators/c1/counts
---
200
{"creator":"c1","follows":2}
===
GET /v1/creators/c2/counts
---
200
{"creator":"c2","follows":1}
===
POST /v1/events
content-type: application/json

{"type":"unfollow","actor":"u1","subject":"c1"}
---
200
{"accepted":1}
===
POST /v1/events
content-type: application/json

{"type":"unfollow","actor":"u9","subject":"c1"}
---
200
{"accepted":1}
===
GET /v1/creators/c1/counts
---
200
{"creator":"c1","follows":1}
===
!check
