# health, metrics and the description of the API
GET /health/live
---
200
===
GET /health/ready
---
200
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1"}
---
200
x-request-id: *

{"accepted":1}
===
GET /metrics
---
200
content-type: text/plain*

# TYPE zan_* counter
===
GET /openapi.json
---
200
content-type: application/json

{"openapi":"3.1.*","paths":{"/v1/events":{"post":"*"},"/v1/hydrate":{"post":"*"}}}
===
# No page of another origin may read anything.
GET /v1/subjects/v1/counts
origin: http://elsewhere.example
---
200
{"likes":1}
