# rules: refused with their place, kept through restarts, in the shadow beside what is decided
GET /v1/integrity/rules
---
200
{"in_service":"{{=shipped}}","shadow":[],"versions":[{"by":"zhenzan","active":true}],"history":[]}
===
POST /v1/integrity/rules
content-type: application/json

{"text":"rule fast:\n  when is_like and count(like, acter, 1m) >= 3 then hold because \"x\"","why":"bots"}
---
422
content-type: application/problem+json

{"detail":"2:*error:*acter*actor*","field":"/text"}
===
POST /v1/integrity/rules
content-type: application/json

{"text":"rule fast: when is_like and count(like, actor, 1m) >= 3 then hold because \"x\"\ntest fast: given is_like = true expect hold","why":"bots"}
---
422

{"detail":"test fast: expected hold, got none*"}
===
POST /v1/integrity/rules
content-type: application/json

{"text":"rule fast: when is_like and count(like, actor, 1m) >= 3 then hold because \"{count(like, actor, 1m)} likes\"\ntest fast: given is_like = true, count(like, actor, 1m) = 3 expect hold","why":"bots"}
---
200
{"id":"{{=fast}}","rules":1,"tests":1,"warnings":[],"position":"{{=p}}"}
===
GET /v1/integrity/rules/{{fast}}
---
200
{"why":"bots","active":false,"rules":["fast"],"features":["is_like","count(like, actor, 1m)"],"problems":[]}
===
POST /v1/integrity/rules/{{fast}}/decision
content-type: application/json

{"decision":"shadow"}
---
422
{"field":"/why"}
===
POST /v1/integrity/rules/{{fast}}/decision
content-type: application/json

{"decision":"shadow","why":"look first"}
---
200
{"decision":"shadow","position":"*"}
===
POST /v1/events
content-type: application/x-ndjson

{{lines 5 {"type":"like","actor":"u1","subject":"v#","at":"2024-03-01T12:00:00Z"}}}
---
200
{"accepted":5}
===
GET /v1/integrity/rules/{{fast}}/shadow
---
200 soon
{"acts":5,"flagged":2,"flagged_live":0,"genuine":5,"rejected":0,"precision":0,"recall":null,"rules":[{"rule":"fast","matched":2,"matched_live":0}]}
===
!kill
GET /v1/integrity/rules
---
200
{"in_service":"{{shipped}}","shadow":["{{fast}}"],"history":[{"change":"shadow","why":"look first"},{"change":"add","why":"bots"}]}
===
GET /v1/integrity/rules/{{fast}}/shadow
---
200 soon
{"acts":5,"flagged":2}
===
POST /v1/integrity/rules/{{fast}}/decision
content-type: application/json

{"decision":"activate","why":"it did well"}
---
200
{"position":"*"}
===
POST /v1/integrity/rules/{{fast}}/decision
content-type: application/json

{"decision":"activate","why":"once more"}
---
200 exact
{"decision":"activate","id":"{{fast}}"}
===
!check
GET /v1/integrity/rules
---
200
{"in_service":"{{fast}}","shadow":["{{fast}}"]}
===
POST /v1/integrity/rules/{{fast}}/decision
content-type: application/json

{"decision":"unshadow","why":"done"}
---
200
===
GET /v1/integrity/rules/{{fast}}/shadow
---
404
===
POST /v1/integrity/rules/{{shipped}}/decision
content-type: application/json

{"decision":"activate","why":"back"}
---
200
===
GET /v1/integrity/rules
---
200
{"in_service":"{{shipped}}","shadow":[]}
===
!check
