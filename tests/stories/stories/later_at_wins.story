# of two acts of one person on one subject the later `at` wins, in whatever order they come
POST /v1/events
content-type: application/x-ndjson

{"type":"like","actor":"u1","subject":"v1","at":"2024-03-01T12:00:00Z"}
{"type":"unlike","actor":"u1","subject":"v1","at":"2024-03-01T11:00:00Z"}
{"type":"like","actor":"u2","subject":"v1","at":1709290800000}
{"type":"unlike","actor":"u2","subject":"v1","at":1709294400000}
{"type":"unlike","actor":"u3","subject":"v1","at":"2024-03-01T13:00:00+01:00"}
{"type":"like","actor":"u3","subject":"v1","at":"2024-03-01T12:00:01Z"}
---
200
{"accepted":6,"duplicates":0,"rejected":0,"position":"*"}
===
# u1: like at 12:00 stands. u2: unliked at 12:00. u3: unliked at 12:00, liked a second later.
GET /v1/subjects/v1/counts
---
200
{"subject":"v1","likes":2}
===
GET /v1/subjects/v1/likers
---
200
{"items":[{"actor":"u3","at":"2024-03-01T12:00:01*Z"},{"actor":"u1","at":"2024-03-01T12:00:00*Z"}],"next":null}
===
!restart
GET /v1/subjects/v1/likers
---
200
{"items":[{"actor":"u3","at":"2024-03-01T12:00:01*Z"},{"actor":"u1","at":"2024-03-01T12:00:00*Z"}],"next":null}
===
!check
