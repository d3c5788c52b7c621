# liking twice counts once
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v9"}
---
200
content-type: application/*

{"accepted":1,"duplicates":0,"rejected":0,"position":"{{=first}}"}
===
# Without an id it is a new act, later than the first: accepted, and nothing changes.
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v9"}
---
200
{"accepted":1,"duplicates":0,"rejected":0,"position":"*"}
===
GET /v1/subjects/v9/counts
---
200
content-type: application/json

{"subject":"v9","likes":1,"dislikes":0,"views":0,"completes":0,"comments":0,"shares":0,"held":0,"rejected":0,
 "incentivised":{"likes":0,"dislikes":0,"views":0,"completes":0,"comments":0,"shares":0}}
===
GET /v1/subjects/v9/likers
---
200 exact
{"items":[{"actor":"u1","at":"*"}],"next":null}
===
!check
GET /v1/subjects/v9/counts
---
200
{"subject":"v9","likes":1}
