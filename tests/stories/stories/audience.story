# who likes it: counts while typing, saved segments, members, lists, portraits; through restarts and erasure
PUT /v1/subjects/v1
content-type: application/json

{"creator":"c1","title":"口红试色","tags":["beauty"]}
---
204
===
POST /v1/events
content-type: application/x-ndjson

{{lines 165 {"type":"view","actor":"u#","subject":"v1","region":"cn-bj","watch_ms":9500,"duration_ms":10000}}}
---
200
{"accepted":165,"duplicates":0,"rejected":0,"position":"*"}
===
POST /v1/events
content-type: application/x-ndjson

{{lines 160 {"type":"like","actor":"u#","subject":"v1","creator":"c1","region":"cn-bj"}}}
---
200
{"accepted":160,"duplicates":0,"rejected":0,"position":"*"}
===
GET /v1/status
---
200 soon
{"audience":{"caught_up":true,"people":"*"}}
===
POST /v1/segments/count
content-type: application/json

{"expression":"count(like, category: \"beauty\", last 7d) >= 1"}
---
200 soon
{"count":160,"exact":true,"purpose":"reports"}
===
# A mistake is told with its place, and what may be meant.
POST /v1/segments/count
content-type: application/json

{"expression":"seen_in = \"cn-bj\" and cont(like, last 7d) >= 1"}
---
422
{"type":"urn:zhenzan:problem:*","detail":"1:23:*","field":"/expression"}
===
# So small a group is not told.
POST /v1/segments/count
content-type: application/json

{"expression":"seen_in = \"cn-bj\" and not interest.beauty is known"}
---
403
{"detail":"fewer than 50 people*"}
===
POST /v1/segments
content-type: application/json

{"name":"beauty in beijing","expression":"seen_in = \"cn-bj\" and interest.beauty is known","why":"launch","refresh":"hourly","watched":true}
---
200
{"id":"{{=fans}}","state":"living","version":1,"expression":"*","by":"anyone"}
===
POST /v1/segments
content-type: application/json

{"name":"beauty in beijing","expression":"everybody","why":"a second one"}
---
409
===
POST /v1/segments/count
content-type: application/json

{"expression":"segment(\"beauty in beijing\")"}
---
200
{"count":"*","exact":true}
===
# The hourly size comes by itself.
GET /v1/segments/{{fans}}
---
200 soon
{"history":[{"version":1,"size":"*"}]}
===
GET /v1/segments/{{fans}}/members?limit=2
---
200
{"users":["u0","u1"],"next":"{{=cursor}}"}
===
GET /v1/segments/{{fans}}/moves
---
200 soon
{"moves":[],"next":"{{=from}}"}
===
# Whoever joins is told within a second; whoever is erased vanishes without a word.
POST /v1/events
content-type: application/x-ndjson

{{lines 3 {"type":"like","actor":"new#","subject":"v1","creator":"c1","region":"cn-bj"}}}
---
200
===
GET /v1/segments/{{fans}}/moves?from={{from}}
---
200 soon
{"moves":[{"user":"new*","move":"enter"},{"user":"new*","move":"enter"},{"user":"new*","move":"enter"}]}
===
# Whose audience it is: those who liked it, those who watched it through.
GET /v1/subjects/v1/audience
---
200
{"count":"*","exact":false,"rows":"*"}
===
GET /v1/creators/c1/audience?of=watcher&days=7
---
200
{"count":"*"}
===
GET /v1/subjects/v1/audience?of=commenter
---
403
{"detail":"fewer than 50 people*"}
===
# Whom a new work is for.
POST /v1/segments/suggest
content-type: application/json

{"title":"秋冬口红推荐","tags":["beauty"]}
---
200
{"expression":"*interest.beauty*","evidence":[{"term":"*","words":"*"}]}
===
POST /v1/segments/{{fans}}/state
content-type: application/json

{"state":"frozen","list":"beauty in may","why":"a mailing"}
---
200
{"state":"frozen","list":"beauty in may"}
===
GET /v1/lists
---
200
{"lists":[{"name":"beauty in may","users":"{{=listed}}"}]}
===
DELETE /v1/users/u1
---
204
===
GET /v1/segments/{{fans}}/members?limit=2
---
200 soon
{"users":["u0","u2"],"next":"*"}
===
GET /v1/users/u1/tags
---
404
===
GET /v1/users/u2/tags
---
200
{"user":"u2","tags":"*"}
===
!kill
GET /v1/status
---
200 soon
{"audience":{"caught_up":true}}
===
GET /v1/segments/{{fans}}
---
200
{"state":"frozen","list":"beauty in may","versions":[{"version":1,"name":"beauty in beijing"}]}
===
GET /v1/segments/{{fans}}/members?limit=2
---
200
{"users":["u0","u2"],"next":"*"}
===
!check
GET /v1/tags
---
200
{"purposes":"*","tags":"*"}
