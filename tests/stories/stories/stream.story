# the live stream tells accepted events and changed counts, and resumes where it was left
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1"}
---
200
{"accepted":1,"position":"{{=first}}"}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u2","subject":"v1"}
---
200
{"accepted":1,"position":"{{=second}}"}
===
GET /v1/stream
last-event-id: {{first}}
---
200 stream
content-type: text/event-stream*

id: {{second}}
data: {"type":"like","actor":"u2","subject":"v1"}
===
GET /v1/stream
last-event-id: nonsense
---
4xx
===
GET /v1/stream
last-event-id: 99999999999
---
4xx
