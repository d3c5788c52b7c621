# an Idempotency-Key gives every event of a request an id: sent again, nothing counts twice
POST /v1/events
content-type: application/json
idempotency-key: k-1

[{"type":"view","actor":"u1","subject":"v1"},{"type":"view","actor":"u2","subject":"v1"}]
---
200
{"accepted":2,"duplicates":0,"rejected":0}
===
POST /v1/events
content-type: application/json
idempotency-key: k-1

[{"type":"view","actor":"u1","subject":"v1"},{"type":"view","actor":"u2","subject":"v1"}]
---
200
{"accepted":0,"duplicates":2,"rejected":0}
===
POST /v1/events
content-type: application/json
idempotency-key: k-1

{"type":"view","actor":"u9","subject":"v1"}
---
422
{"type":"urn:zhenzan:problem:idempotency-key-reuse","status":422}
===
GET /v1/subjects/v1/counts
---
200
{"views":2}
===
!check
