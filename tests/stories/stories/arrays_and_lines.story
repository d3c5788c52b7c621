# arrays and NDJSON: good events go in, each bad one is named by its place and reason
POST /v1/events
content-type: application/json

[{"type":"like","actor":"u1","subject":"v1"},{"type":"love","actor":"u1","subject":"v1"},{"type":"like","actor":"u2","subject":"v1"}]
---
200
{"index":1,"problem":{"type":"*","title":"*","status":"*","detail":"*type*","field":"/type"}}
{"accepted":2,"duplicates":0,"rejected":1,"position":"*"}
===
POST /v1/events
content-type: application/x-ndjson

{"type":"like","actor":"u3","subject":"v1"}
{"type":"like","actor":"u4"
{"type":"like","actor":"u5","subject":"v1"}
{"type":"like","subject":"v1"}
nonsense
{"type":"like","actor":"u6","subject":"v1"}
---
200
{"index":1,"problem":{"detail":"*"}}
{"index":3,"problem":{"field":"/actor"}}
{"index":4,"problem":{"detail":"*"}}
{"accepted":3,"duplicates":0,"rejected":3,"position":"*"}
===
GET /v1/subjects/v1/counts
---
200
{"likes":5}
===
# No event at all is no mistake of a batch.
POST /v1/events
content-type: application/json

[]
---
200
{"accepted":0,"duplicates":0,"rejected":0,"position":"*"}
===
# A thousand lines at once, and the answers stay one summary.
POST /v1/events
content-type: application/x-ndjson

{{lines 1000 {"type":"like","actor":"m#","subject":"v2"}}}
---
200
{"accepted":1000,"duplicates":0,"rejected":0,"position":"*"}
===
GET /v1/subjects/v2/counts
---
200
{"likes":1000}
===
# A broken array as a whole is a bad request and changes nothing.
POST /v1/events
content-type: application/json

[{"type":"like","actor":"u7","subject":"v1"},
---
400
content-type: application/problem+json

{"status":400}
===
GET /v1/subjects/v1/counts
---
200
{"likes":5}
===
!check
