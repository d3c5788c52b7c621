# the same id counts once; with another body it is a conflict
POST /v1/events
content-type: application/json

{"type":"view","id":"e-1","actor":"u1","subject":"v1","watch_ms":900,"at":"2024-03-01T12:00:00Z"}
---
200
{"accepted":1,"duplicates":0,"rejected":0,"position":"*"}
===
POST /v1/events
content-type: application/json

{"type":"view","id":"e-1","actor":"u1","subject":"v1","watch_ms":900,"at":"2024-03-01T12:00:00Z"}
---
200
{"accepted":0,"duplicates":1,"rejected":0,"position":"*"}
===
POST /v1/events
content-type: application/json

{"type":"view","id":"e-1","actor":"u1","subject":"v1","watch_ms":901,"at":"2024-03-01T12:00:00Z"}
---
409
content-type: application/problem+json

{"type":"*","title":"*","status":409,"detail":"*"}
===
# Twice within one request is twice all the same, and one bad line does not hold back the others.
POST /v1/events
content-type: application/x-ndjson

{"type":"view","id":"e-2","actor":"u1","subject":"v1","at":"2024-03-01T12:00:00Z"}
{"type":"view","id":"e-2","actor":"u1","subject":"v1","at":"2024-03-01T12:00:00Z"}
{"type":"view","id":"e-2","actor":"u2","subject":"v1","at":"2024-03-01T12:00:00Z"}
---
200
{"index":2,"problem":{"status":409}}
{"accepted":1,"duplicates":1,"rejected":1,"position":"*"}
===
GET /v1/subjects/v1/counts
---
200
{"views":2}
===
# What was remembered before the restart is remembered after it.
!restart
POST /v1/events
content-type: application/json

{"type":"view","id":"e-1","actor":"u1","subject":"v1","watch_ms":900,"at":"2024-03-01T12:00:00Z"}
---
200
{"accepted":0,"duplicates":1,"rejected":0}
===
!kill
POST /v1/events
content-type: application/json

{"type":"like","id":"e-2","actor":"u1","subject":"v1"}
---
409
{"status":409}
===
GET /v1/subjects/v1/counts
---
200
{"views":2,"likes":0}
===
!check
