# subjects and users carry attributes; a subject's creator is then credited without being named
PUT /v1/subjects/v1
content-type: application/json

{"creator":"c1","tags":["food","city"],"duration_ms":15000,"published_at":"2024-02-01T08:00:00Z"}
---
2xx
===
PUT /v1/users/u1
content-type: application/json

{"age_band":"18-24","region":"Sichuan","register_day":"2020-05-17","custom":{"plan":"free"}}
---
2xx
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1"}
---
200
{"accepted":1}
===
GET /v1/creators/c1/counts
---
200
{"creator":"c1","likes":1}
===
PUT /v1/subjects/v1
content-type: application/json

{"duration_ms":-1}
---
4xx
content-type: application/problem+json

{"field":"/duration_ms"}
===
PUT /v1/users/u1
content-type: application/json

{"register_day":"yesterday"}
---
4xx
{"field":"/register_day"}
===
PUT /v1/users/u1
content-type: application/json

{"colour":"blue"}
---
4xx
{"field":"/colour"}
===
PUT /v1/users/u1
content-type: application/json

[]
---
4xx
===
# A refused change changes nothing, and a restart keeps what was put.
!restart
GET /v1/users/u1
---
200
content-type: application/json

{"age_band":"18-24","region":"Sichuan","register_day":"2020-05-17","custom":{"plan":"free"}}
===
GET /v1/subjects/v1
---
200
{"creator":"c1","tags":["food","city"],"duration_ms":15000,"published_at":"2024-02-01T08:00:00*Z"}
===
PUT /v1/subjects/v1
content-type: application/json

{"tags":[]}
---
2xx
===
!kill
GET /v1/subjects/v1
---
200
{"tags":[]}
===
GET /v1/subjects/never-put
---
404
===
!check
