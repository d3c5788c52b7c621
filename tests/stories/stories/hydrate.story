# hydrate: counts of many subjects, and what the viewer did to each, in the order asked
POST /v1/events
content-type: application/x-ndjson

{"type":"like","actor":"u1","subject":"v1"}
{"type":"like","actor":"u2","subject":"v1"}
{"type":"view","actor":"u1","subject":"v2"}
{"type":"share","actor":"u1","subject":"v2"}
---
200
{"accepted":4}
===
POST /v1/hydrate
content-type: application/json

{"viewer":"u1","subjects":["v2","never-seen","v1"]}
---
200
{"subjects":[
 {"subject":"v2","counts":{"likes":0,"views":1,"shares":1,"incentivised":{"likes":0}},"viewer":{"liked":false,"disliked":false,"viewed":true,"commented":false,"shared":true}},
 {"subject":"never-seen","counts":{"likes":0,"views":0},"viewer":{"liked":false,"disliked":false,"viewed":false,"commented":false,"shared":false}},
 {"subject":"v1","counts":{"likes":2},"viewer":{"liked":true,"disliked":false,"viewed":false,"commented":false,"shared":false}}]}
===
# A viewer nobody knows has done nothing.
POST /v1/hydrate
content-type: application/json

{"viewer":"stranger","subjects":["v1"]}
---
200
{"subjects":[{"subject":"v1","counts":{"likes":2},"viewer":{"liked":false}}]}
===
POST /v1/hydrate
content-type: application/json

{"viewer":"u1","subjects":[]}
---
200
{"subjects":[]}
===
# 200 subjects is the limit, 201 one too many.
POST /v1/hydrate
content-type: application/json

{"viewer":"u1","subjects":[{{repeat 199 "v1",}}"v1"]}
---
200
{"subjects":"*"}
===
POST /v1/hydrate
content-type: application/json

{"viewer":"u1","subjects":[{{repeat 200 "v1",}}"v1"]}
---
4xx
content-type: application/problem+json

{"field":"/subjects*","detail":"*200*"}
===
POST /v1/hydrate
content-type: application/json

{"viewer":"u1"}
---
4xx
{"field":"/subjects"}
===
POST /v1/hydrate
content-type: application/json

{"viewer":"u1","subjects":["v1",{}]}
---
4xx
{"field":"/subjects*"}
