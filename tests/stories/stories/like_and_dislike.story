# a person likes or dislikes a subject, never both; unlike withdraws either
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1"}
---
200
{"accepted":1}
===
POST /v1/events
content-type: application/json

{"type":"dislike","actor":"u1","subject":"v1"}
---
200
{"accepted":1}
===
POST /v1/hydrate
content-type: application/json

{"viewer":"u1","subjects":["v1"]}
---
200
{"subjects":[{"subject":"v1","counts":{"likes":0,"dislikes":1},"viewer":{"liked":false,"disliked":true}}]}
===
POST /v1/events
content-type: application/json

{"type":"unlike","actor":"u1","subject":"v1"}
---
200
{"accepted":1}
===
POST /v1/hydrate
content-type: application/json

{"viewer":"u1","subjects":["v1"]}
---
200
{"subjects":[{"subject":"v1","counts":{"likes":0,"dislikes":0},"viewer":{"liked":false,"disliked":false}}]}
===
!check
