# top subjects of the last hour, the last day and of all time, by the acts' own times
POST /v1/events
content-type: application/x-ndjson

{"type":"like","actor":"u1","subject":"new","at":{{now-5m}}}
{"type":"like","actor":"u2","subject":"new","at":{{now-5m}}}
{"type":"like","actor":"u1","subject":"today","at":{{now-5h}}}
{"type":"like","actor":"u2","subject":"today","at":{{now-5h}}}
{"type":"like","actor":"u3","subject":"today","at":{{now-5h}}}
{"type":"like","actor":"u1","subject":"old","at":{{now-90d}}}
{"type":"like","actor":"u2","subject":"old","at":{{now-90d}}}
{"type":"like","actor":"u3","subject":"old","at":{{now-90d}}}
{"type":"like","actor":"u4","subject":"old","at":{{now-90d}}}
---
200
{"accepted":9}
===
GET /v1/top?window=all
---
200
{"items":[{"subject":"old","likes":4},{"subject":"today","likes":3},{"subject":"new","likes":2}]}
===
GET /v1/top?window=1d
---
200 soon
{"items":[{"subject":"today","likes":3},{"subject":"new","likes":2}]}
===
GET /v1/top?window=1h
---
200 soon
{"items":[{"subject":"new","likes":2}]}
===
GET /v1/top?window=all&limit=1
---
200
{"items":[{"subject":"old","likes":4}]}
===
GET /v1/top?window=1w
---
4xx
content-type: application/problem+json

{"field":"window","detail":"*"}
