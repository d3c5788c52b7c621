# organic and incentivised are separate counters, never added up
POST /v1/events
content-type: application/x-ndjson

{"type":"like","actor":"u1","subject":"v1","creator":"c1"}
{"type":"like","actor":"u2","subject":"v1","creator":"c1","incentivised":true}
{"type":"like","actor":"u3","subject":"v1","creator":"c1","incentivised":true}
{"type":"view","actor":"u3","subject":"v1","creator":"c1","incentivised":true}
---
200
{"accepted":4}
===
GET /v1/subjects/v1/counts
---
200
{"likes":1,"views":0,"incentivised":{"likes":2,"views":1,"dislikes":0}}
===
GET /v1/creators/c1/counts
---
200
{"likes":1,"views":0,"incentivised":{"likes":2,"views":1}}
===
POST /v1/events
content-type: application/json

{"type":"unlike","actor":"u2","subject":"v1"}
---
200
{"accepted":1}
===
GET /v1/subjects/v1/counts
---
200
{"likes":1,"incentivised":{"likes":1}}
===
GET /v1/top?window=all
---
200
{"items":[{"subject":"v1","likes":1}]}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1","incentivised":"yes"}
---
4xx
{"field":"/incentivised"}
===
!check
