# unliking what was never liked changes no count, and a like that came before it in time stays withdrawn
POST /v1/events
content-type: application/json

{"type":"unlike","actor":"u1","subject":"v1","at":"2024-03-01T12:00:00Z"}
---
200
{"accepted":1,"duplicates":0,"rejected":0,"position":"*"}
===
GET /v1/subjects/v1/counts
---
200
{"subject":"v1","likes":0}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1","at":"2024-03-01T11:00:00Z"}
---
200
{"accepted":1}
===
GET /v1/subjects/v1/counts
---
200
{"subject":"v1","likes":0}
===
GET /v1/users/u1/likes
---
200
{"items":[],"next":null}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1","at":"2024-03-01T13:00:00Z"}
---
200
{"accepted":1}
===
GET /v1/subjects/v1/counts
---
200
{"subject":"v1","likes":1}
===
!check
