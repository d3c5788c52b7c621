# what a user likes and who liked a subject, newest first, page by page
POST /v1/events
content-type: application/x-ndjson

{"type":"like","actor":"u1","subject":"v1","at":"2024-03-01T12:00:01Z"}
{"type":"like","actor":"u1","subject":"v2","at":"2024-03-01T12:00:02Z"}
{"type":"like","actor":"u1","subject":"v3","at":"2024-03-01T12:00:03Z"}
{"type":"like","actor":"u1","subject":"v4","at":"2024-03-01T12:00:04Z"}
{"type":"like","actor":"u1","subject":"v5","at":"2024-03-01T12:00:05Z"}
{"type":"unlike","actor":"u1","subject":"v4","at":"2024-03-01T12:00:06Z"}
{"type":"dislike","actor":"u1","subject":"v6","at":"2024-03-01T12:00:07Z"}
{"type":"like","actor":"u2","subject":"v5","at":"2024-03-01T12:00:08Z"}
{"type":"like","actor":"u3","subject":"v5","at":"2024-03-01T12:00:03Z"}
---
200
{"accepted":9}
===
GET /v1/users/u1/likes?limit=2
---
200 exact
{"items":[{"subject":"v5","at":"*"},{"subject":"v3","at":"*"}],"next":"{{=next}}"}
===
# A like that comes in between moves no page.
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v7"}
---
200
{"accepted":1}
===
GET /v1/users/u1/likes?limit=2&cursor={{next}}
---
200 exact
{"items":[{"subject":"v2","at":"*"},{"subject":"v1","at":"*"}],"next":"*"}
===
GET /v1/users/u1/likes?limit=200
---
200
{"items":[{"subject":"v7"},{"subject":"v5"},{"subject":"v3"},{"subject":"v2"},{"subject":"v1"}],"next":null}
===
GET /v1/subjects/v5/likers?limit=1
---
200
{"items":[{"actor":"u2"}],"next":"{{=next}}"}
===
!restart
GET /v1/subjects/v5/likers?limit=1&cursor={{next}}
---
200
{"items":[{"actor":"u1"}],"next":"{{=next}}"}
===
GET /v1/subjects/v5/likers?limit=5&cursor={{next}}
---
200
{"items":[{"actor":"u3"}],"next":null}
===
GET /v1/subjects/never-seen/likers
---
200
{"items":[],"next":null}
===
GET /v1/users/u1/likes?limit=0
---
4xx
{"field":"limit","detail":"*"}
===
GET /v1/users/u1/likes?limit=many
---
4xx
{"field":"limit"}
===
GET /v1/users/u1/likes?limit=201
---
4xx
{"field":"limit","detail":"*200*"}
===
GET /v1/users/u1/likes?cursor=garbage
---
4xx
{"field":"cursor"}
