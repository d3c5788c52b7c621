# everything held about a person can be had, and then be erased; counters stay right
PUT /v1/users/u1
content-type: application/json

{"age_band":"18-24","region":"Sichuan","custom":{"nickname":"panda"}}
---
2xx
===
POST /v1/events
content-type: application/x-ndjson

{"type":"like","actor":"u1","subject":"v1","creator":"c1"}
{"type":"like","actor":"u2","subject":"v1","creator":"c1"}
{"type":"comment","actor":"u1","subject":"v1","creator":"c1","text":"remember me"}
{"type":"follow","actor":"u1","subject":"v1","creator":"c1"}
---
200
{"accepted":4}
===
GET /v1/users/u1/export
---
200
content-type: application/json

{"user":"u1"}
===
GET /v1/users/u1/export
---
200

*panda*
===
GET /v1/users/u1/export
---
200

*remember me*
===
DELETE /v1/users/u1
---
2xx
===
GET /v1/subjects/v1/counts
---
200
{"likes":1,"comments":0}
===
GET /v1/subjects/v1/likers
---
200
{"items":[{"actor":"u2"}],"next":null}
===
GET /v1/creators/c1/counts
---
200
{"likes":1,"comments":0,"follows":0}
===
GET /v1/users/u1/likes
---
200
{"items":[],"next":null}
===
GET /v1/users/u1/export
---
404
content-type: application/problem+json

{"status":404}
===
# After a restart it is still so, and the person may come back as somebody new.
!restart
GET /v1/users/u1/export
---
404
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1"}
---
200
{"accepted":1}
===
GET /v1/subjects/v1/counts
---
200
{"likes":2}
===
!check
DELETE /v1/users/nobody
---
404
{"status":404}
