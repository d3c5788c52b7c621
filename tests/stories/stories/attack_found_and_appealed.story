# an attack is found, read, decided in part, appealed and overturned; counts, stream and log follow each step
# A town that likes what it likes, and forty accounts of one hand.
POST /v1/events
content-type: application/x-ndjson

{{town 15000}}
---
200
{"rejected":0,"position":"{{=town}}"}
===
POST /v1/events
content-type: application/x-ndjson

{{attack bot 40 12 1200}}
---
200
{"accepted":480,"rejected":0,"position":"{{=attack}}"}
===
GET /v1/cases?standing=confirmed
---
200 soon
{"items":[{"case":"{{=case}}","standing":"confirmed","decided_by":"detectors","accounts":40,"subjects":12,"likes":480,"open_appeals":0,"assignee":null,"waiting":false,"due_at":null,"words":{"en":"40 accounts liked the same 12 works*Their likes of these works do not count.","zh":"40 个账号给同样的 12 个作品点了赞*"}}],"next":null}
===
# What the creator sees: the likes of people count, those of the group do not, and why.
GET /v1/subjects/w1200/verdicts
---
200 soon
{"subject":"w1200","likes":{"genuine":"{{=genuine}}","held":0,"rejected":40},"cases":[{"case":"{{case}}","likes":40,"decided_by":"detectors"}]}
===
# The verdicts are on the live stream.
GET /v1/stream
last-event-id: {{attack}}
---
200 stream
event: verdict
data: *"rejected"*
===
# And in the evidence log, beside the likes: an entry of its own for each.
GET /v1/subjects/w1200/evidence?limit=1
---
200 soon
{"items":[{"index":"{{=index}}","event":{"type":"verdict","verdict":"rejected","number":"{{=number}}"}}],"pending":0}
===
GET /v1/receipts/@{{number}}
---
200
{"format":"zhenzan-receipt/1","index":{{index}},"event":{"type":"verdict","subject":"w1200","verdict":"rejected"},"identity":null}
===
# The case, for the staff.
GET /v1/cases/{{case}}
---
200
{"case":"{{case}}","standing":"confirmed","notes":[],"complete":true}
===
GET /v1/cases/{{case}}/graph?limit=2
---
200
{"nodes":[{"kind":"user","name":"bot*"},{"kind":"*","name":"*"},{"kind":"*","name":"*"}],"edges":[{"user":"bot*","spared":false},{"user":"bot*"}],"next":"2"}
===
PUT /v1/cases/{{case}}/assignee
content-type: application/json

{"assignee":"ann"}
---
200
{"assignee":"ann","by":"anyone"}
===
GET /v1/cases?assignee=ann
---
200 soon
{"items":[{"case":"{{case}}","assignee":"ann"}]}
===
# Two of them are people after all. The rest stands.
POST /v1/cases/{{case}}/decision
content-type: application/json

{"decision":"overturn","users":["bot1","bot2"],"note":"two sisters"}
---
200
{"decision":"overturn","by":"anyone","case":"{{case}}"}
===
GET /v1/subjects/w1200/verdicts
---
200 soon
{"likes":{"held":0,"rejected":38},"cases":[{"case":"{{case}}","likes":38,"decided_by":"people"}]}
===
POST /v1/cases/{{case}}/decision
content-type: application/json

{"decision":"confirm"}
---
409
{"type":"urn:zhenzan:problem:conflict"}
===
# The creator appeals, and has a date for the answer; so does one of the accounts.
POST /v1/appeals
content-type: application/json

{"subject":"w1200","ground":"fan_community"}
---
200
{"answer_by":"{{=answer_by}}","cases":[{"case":"{{case}}","position":"*"}]}
===
POST /v1/appeals
content-type: application/json

{"case":"{{case}}","user":"bot3","ground":"genuine_likes"}
---
200
{"cases":[{"case":"{{case}}"}]}
===
GET /v1/cases?queue=waiting&assignee=ann
---
200 soon
{"items":[{"case":"{{case}}","open_appeals":2,"waiting":true,"overdue":false}],"next":null}
===
POST /v1/appeals
content-type: application/json

{"case":"{{case}}","user":"bot3","ground":"genuine_likes"}
---
409
===
# It was a choir.
POST /v1/cases/decisions
content-type: application/json

{"decision":"overturn","cases":["{{case}}","c00000000000000ff"],"note":"a choir"}
---
200
{"cases":[{"case":"{{case}}","position":"*"},{"case":"c00000000000000ff","problem":{"type":"urn:zhenzan:problem:not-found"}}]}
===
GET /v1/subjects/w1200/verdicts
---
200 soon
{"likes":{"held":0,"rejected":0},"cases":[{"case":"{{case}}","standing":"cleared"}]}
===
GET /v1/cases?queue=waiting
---
200 soon
{"items":[]}
===
GET /v1/cases/{{case}}
---
200
*"event":"found","who":"detectors"}*"event":"confirmed","who":"detectors"}*"event":"assigned"*"to":"ann"}*"event":"overturned_in_part"*"event":"appealed","who":"creator"}*"event":"appealed","who":"user"}*"event":"overturned","who":"staff"*"event":"cleared","who":"staff"}]*
===
GET /v1/subjects/w1200/evidence?limit=1
---
200 soon
{"items":[{"event":{"type":"verdict","verdict":"genuine"}}],"pending":0}
===
# What people decided can be learnt from.
GET /v1/integrity/labels?limit=1
---
200
content-type: application/x-ndjson

{"user":"bot*","label":"genuine","case":"{{case}}","decided_by":"people"}
===
# Who did what.
GET /v1/integrity/acts
---
200
{"items":[{"act":"overturned","note":"a choir"},{"act":"overturned_in_part","users":2},{"act":"assigned","to":"ann"}],"next":null}
===
GET /v1/integrity/report
---
200
{"cases":{"found":1,"suspected":0,"confirmed":0,"cleared":1,"appealed":2,"overturned":2,"waiting":0,"overdue":0}}
===
# An erased account vanishes from the case, and nothing of it is handed out.
DELETE /v1/users/bot4
---
204
===
GET /v1/cases/{{case}}/export
---
200
content-disposition: attachment*

{"format":"zhenzan-case/1","accounts":40}
===
POST /v1/appeals
content-type: application/json

{"user":"bot4","ground":"other"}
---
404
===
!kill
GET /v1/integrity/acts?limit=1
---
200 soon
{"items":[{"act":"handed_out","by":"anyone"}]}
===
GET /v1/subjects/w1200/verdicts
---
200
{"likes":{"held":0,"rejected":0},"cases":[{"case":"{{case}}","standing":"cleared","decided_by":"people"}]}
===
!check
