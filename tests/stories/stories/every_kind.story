# every kind of event is counted where it belongs: subject, actor, creator
POST /v1/events
content-type: application/x-ndjson

{"type":"view","actor":"u1","subject":"v1","creator":"c1","watch_ms":4000,"duration_ms":9000,"surface":"feed","device":"d1","network":"n1","region":"north"}
{"type":"view","actor":"u1","subject":"v1","creator":"c1","watch_ms":9000,"duration_ms":9000}
{"type":"complete","actor":"u1","subject":"v1","creator":"c1"}
{"type":"like","actor":"u1","subject":"v1","creator":"c1"}
{"type":"comment","actor":"u1","subject":"v1","creator":"c1","text":"好看! \"quoted\""}
{"type":"comment","actor":"u1","subject":"v1","creator":"c1","text":"again"}
{"type":"share","actor":"u1","subject":"v1","creator":"c1"}
{"type":"dislike","actor":"u2","subject":"v1","creator":"c1"}
{"type":"follow","actor":"u1","subject":"v1","creator":"c1"}
{"type":"profile_visit","actor":"u1","subject":"v1","creator":"c1"}
---
200
{"accepted":10,"duplicates":0,"rejected":0,"position":"*"}
===
GET /v1/subjects/v1/counts
---
200
{"subject":"v1","likes":1,"dislikes":1,"views":2,"completes":1,"comments":2,"shares":1}
===
GET /v1/users/u1/counts
---
200
{"user":"u1","likes":1,"dislikes":0,"views":2,"completes":1,"comments":2,"shares":1}
===
GET /v1/creators/c1/counts
---
200
{"creator":"c1","likes":1,"dislikes":1,"views":2,"completes":1,"comments":2,"shares":1,"follows":1}
===
POST /v1/hydrate
content-type: application/json

{"viewer":"u1","subjects":["v1"]}
---
200
{"subjects":[{"subject":"v1","viewer":{"liked":true,"disliked":false,"viewed":true,"commented":true,"shared":true}}]}
===
!restart
GET /v1/creators/c1/counts
---
200
{"creator":"c1","likes":1,"dislikes":1,"views":2,"completes":1,"comments":2,"shares":1,"follows":1}
===
!check
