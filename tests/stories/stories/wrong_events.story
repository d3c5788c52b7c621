# every kind of wrong event is a precise 4xx and changes nothing
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1"}
---
4xx
content-type: application/problem+json

{"type":"*","title":"*","status":"*","detail":"*subject*","field":"/subject"}
===
POST /v1/events
content-type: application/json

{"type":"like","subject":"v1"}
---
4xx
{"field":"/actor"}
===
POST /v1/events
content-type: application/json

{"actor":"u1","subject":"v1"}
---
4xx
{"field":"/type"}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"","subject":"v1"}
---
4xx
{"field":"/actor"}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":1.5,"subject":"v1"}
---
4xx
{"field":"/actor"}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":-1,"subject":"v1"}
---
4xx
{"field":"/actor"}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":["v1"]}
---
4xx
{"field":"/subject"}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"{{repeat 257 a}}","subject":"v1"}
---
4xx
{"field":"/actor","detail":"*256*"}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u\u0000","subject":"v1"}
---
4xx
{"field":"/actor"}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1","at":"soon"}
---
4xx
{"field":"/at"}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1","at":"2024-02-30T00:00:00Z"}
---
4xx
{"field":"/at"}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1","at":{{now+2d}}}
---
422
content-type: application/problem+json

{"status":422,"field":"/at"}
===
POST /v1/events
content-type: application/json

{"type":"view","actor":"u1","subject":"v1","watch_ms":-5}
---
4xx
{"field":"/watch_ms"}
===
POST /v1/events
content-type: application/json

{"type":"comment","actor":"u1","subject":"v1"}
---
4xx
{"field":"/text"}
===
POST /v1/events
content-type: application/json

{"type":"comment","actor":"u1","subject":"v1","text":"{{repeat 10001 x}}"}
---
4xx
{"field":"/text","detail":"*10000*"}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1","incentivized":true}
---
4xx
{"field":"/incentivized"}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1","actor":"u2"}
---
4xx
{"field":"/actor"}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1"
---
400
{"status":400}
===
POST /v1/events
content-type: application/json

"like"
---
4xx
===
POST /v1/events
content-type: application/json

---
4xx
===
POST /v1/events
content-type: application/json

{{repeat 50 [}}{{repeat 50 ]}}
---
4xx
===
GET /v1/subjects/v1/counts
---
200
{"likes":0,"dislikes":0,"views":0,"completes":0,"comments":0,"shares":0}
===
# What stands just within the limits is fine. Integers are names too, the same as their digits.
POST /v1/events
content-type: application/x-ndjson

{"type":"like","actor":"{{repeat 256 a}}","subject":"v1"}
{"type":"like","actor":7,"subject":18446744073709551615}
{"type":"comment","actor":"7","subject":"v1","text":"{{repeat 10000 x}}"}
{"type":"like","actor":"u1","subject":"v1","at":{{now+23h}}}
---
200
{"accepted":4,"duplicates":0,"rejected":0}
===
GET /v1/users/7/likes
---
200
{"items":[{"subject":"18446744073709551615"}],"next":null}
===
!check
