# what to show whom and why: a feed that the next like changes, wishes, rules, policy; through restarts and erasure
PUT /v1/subjects/t1
content-type: application/json

{"creator":"ann","title":"海边","tags":["travel"],"duration_ms":20000}
---
204
===
PUT /v1/subjects/t2
content-type: application/json

{"creator":"bob","tags":["travel"],"duration_ms":20000}
---
204
===
PUT /v1/subjects/c1
content-type: application/json

{"creator":"cid","tags":["cooking"],"duration_ms":20000}
---
204
===
PUT /v1/subjects/x1
content-type: application/json

{"creator":"eve","tags":["nightlife"],"custom":{"adults_only":true}}
---
204
===
# Who is not known is a session, and gets what is new.
GET /v1/feed?viewer=u1&limit=10&preview=true
---
200 soon
{"viewer":"u1","known":false,"personalised":true,"items":["*","*","*","*"]}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"t1"}
---
200
{"accepted":1,"duplicates":0,"rejected":0,"position":"*"}
===
# What was taken to is gone from the next feed, and what is like it has that for a reason.
GET /v1/feed?viewer=u1&limit=3&preview=true
---
200 soon
{"known":true,"items":[{"subject":"t2","creator":"bob","label":"organic","chances":{"like":"*"},"reasons":[{"kind":"content","tag":"travel"},{"kind":"fresh"}]},"*","*"]}
===
GET /v1/users/u1/interests
---
200 soon
{"user":"u1","personalised":true,"minor":false,"tags":[{"name":"travel","wish":"none","likes":"*"}],"took_to":["t1"]}
===
# Paid likes teach nothing.
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"c1","incentivised":true}
---
200
{"accepted":1,"duplicates":0,"rejected":0,"position":"*"}
===
GET /v1/users/u1/interests
---
200
{"took_to":["t1"]}
===
PUT /v1/users/u1/interests
content-type: application/json

{"tag":"cooking","wish":"never"}
---
200
{"tags":[{"name":"travel"},{"name":"cooking","wish":"never"}]}
===
GET /v1/feed?viewer=u1&limit=10&preview=true
---
200
{"items":[{"subject":"*"},{"subject":"*"}]}
===
# A no to personalisation holds at once, and for as long as it stands.
GET /v1/feed?viewer=u1&personalised=off&preview=true
---
200
{"personalised":false,"items":[{"reasons":[{"kind":"fresh"}]},{"reasons":[{"kind":"fresh"}]}]}
===
PUT /v1/users/u2
content-type: application/json

{"age_band":"14-17","custom":{"consent.personalisation":false}}
---
204
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u2","subject":"t1"}
---
200
{"accepted":1,"duplicates":0,"rejected":0,"position":"*"}
===
# A minor: nothing for adults.
GET /v1/feed?viewer=u2&preview=true
---
200 soon
{"known":true,"personalised":false,"items":[{"subject":"*"},{"subject":"*"}]}
===
POST /v1/feed/rules
content-type: application/json

{"kind":"pin","subject":"t2","place":1,"why":"a festival"}
---
200
{"id":"{{=rule}}"}
===
GET /v1/feed?viewer=u2&limit=1&preview=true
---
200
{"items":[{"subject":"t2","label":"operator","source":"pinned","reasons":[{"kind":"rule","rule":"{{rule}}"}]}]}
===
PUT /v1/feed/policy
content-type: application/json

{"worth":{"like":5},"explore_share":0.2,"why":"a trial"}
---
200
{"worth":{"like":5,"dislike":-12},"explore_share":0.2}
===
GET /v1/similar/t1
---
200
{"subject":"t1","similar":[{"subject":"t2","by":"tags"}]}
===
POST /v1/predict
content-type: application/json

{"viewer":"u1","subjects":["c1","nothing"]}
---
200
{"viewer":"u1","predictions":[{"subject":"c1","known":true,"chances":{"click":"*"}},{"subject":"nothing","known":false}]}
===
POST /v1/subjects/t2/match
content-type: application/json

{"limit":5}
---
200
{"subject":"t2","users":[{"user":"u1","deviation":"*"}]}
===
# What was shown is not shown again.
GET /v1/feed?viewer=u1&limit=1
---
200
{"items":[{"subject":"t2"}]}
===
GET /v1/feed?viewer=u1&preview=true
---
200 soon
{"items":[{"subject":"x1"}]}
===
!kill
===
GET /v1/feed?viewer=u1&preview=true
---
200 soon
{"items":[{"subject":"x1"}]}
===
GET /v1/feed/policy
---
200
{"worth":{"like":5},"explore_share":0.2}
===
POST /v1/feed/rules/{{rule}}/end
content-type: application/json

{"why":"it is over"}
---
200
{"rules":[{"id":"{{rule}}","kind":"pin","subject":"t2","why":"a festival","ended_why":"it is over"}]}
===
!check
===
DELETE /v1/users/u1
---
204
===
GET /v1/users/u1/interests
---
404 soon
===
# Nothing of them is left: they are a session to us.
GET /v1/feed?viewer=u1&preview=true
---
200 soon
{"known":false,"items":["*","*","*","*"]}
