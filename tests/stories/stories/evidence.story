# every like, unlike, comment and follow has a receipt; the person of each can be erased, and the log stays as it is
GET /v1/receipts/like-1
---
404
content-type: application/problem+json

{"status":404}
===
POST /v1/events
content-type: application/json

{"type":"like","actor":"u1","subject":"v1","creator":"c1","id":"like-1"}
---
200
{"accepted":1}
===
# Not published yet, or so already: nobody has to know which.
GET /v1/receipts/like-1
---
2xx
===
GET /v1/receipts/like-1
---
200 soon
content-type: application/json

{"format":"zhenzan-receipt/1","event":{"type":"like","subject":"v1","creator":"c1","incentivised":false,"changed":true,"replaced":"nothing","number":"{{=number}}"},"identity":null,"index":0,"proof":[]}
===
GET /v1/receipts/like-1?user=u1
---
200
{"identity":{"user":"u1","key":"*="}}
===
GET /v1/receipts/like-1?user=u2
---
403
content-type: application/problem+json

{"type":"urn:zhenzan:problem:refused"}
===
GET /v1/receipts/@{{number}}
---
200
{"event":{"type":"like","subject":"v1"},"identity":null,"index":0}
===
GET /v1/receipts/like-1
accept: text/plain
---
200
content-type: text/plain*

c2sp.org/tlog-proof@v1
extra *
index 0
1
— * *
===
# The same once more is no second entry; a view is none at all.
POST /v1/events
content-type: application/x-ndjson

{"type":"like","actor":"u1","subject":"v1","creator":"c1","id":"like-1"}
{"type":"view","actor":"u1","subject":"v1","id":"view-1","watch_ms":1000}
{"type":"unlike","actor":"u1","subject":"v1","creator":"c1","id":"unlike-1"}
{"type":"comment","actor":"u2","subject":"v1","creator":"c1","id":"comment-1","text":"真赞"}
{"type":"follow","actor":"u2","subject":"v1","creator":"c1","id":"follow-1"}
---
200
{"accepted":4,"duplicates":1}
===
GET /v1/receipts/follow-1?user=u2
---
200 soon
{"event":{"type":"follow","creator":"c1"},"identity":{"user":"u2"},"index":3}
===
GET /v1/receipts/unlike-1
---
200
{"event":{"type":"unlike","replaced":"liked","text_sha256":null}}
===
GET /v1/receipts/comment-1
---
200
{"event":{"type":"comment","text_sha256":"*="}}
===
GET /v1/receipts/view-1
---
404
{"type":"urn:zhenzan:problem:not-found"}
===
GET /v1/status
---
200
{"evidence":{"entries":4,"published":4}}
===
GET /v1/subjects/v1/evidence?limit=3
---
200
{"subject":"v1","items":[{"index":3,"event":{"type":"follow"}},{"index":2,"event":{"type":"comment"}},{"index":1,"event":{"type":"unlike"}}],"pending":0,"next":"{{=next}}"}
===
GET /v1/subjects/v1/evidence?limit=3&cursor={{next}}
---
200
{"items":[{"index":0,"event":{"type":"like"}}],"next":null}
===
GET /v1/creators/c1/evidence
---
200
{"creator":"c1","items":[{"index":3},{"index":2},{"index":1},{"index":0}],"next":null}
===
GET /v1/subjects/never-seen/evidence
---
200 exact
{"subject":"never-seen","items":[],"pending":0,"next":null}
===
DELETE /v1/users/u2
---
204
===
# The person is gone: nobody can open the entries any more.
GET /v1/receipts/comment-1
---
410
content-type: application/problem+json

{"type":"urn:zhenzan:problem:expired"}
===
GET /v1/subjects/v1/evidence
---
200
{"items":[{"index":1,"event":{"type":"unlike"}},{"index":0,"event":{"type":"like"}}],"next":null}
===
# The entries are still there. The first line of a checkpoint is the log's name, the second its size.
GET /log/checkpoint
---
200
content-type: text/plain*
cache-control: public, max-age=1

*
4
— * *
===
GET /log/tile/entries/000.p/4
---
200
content-type: application/octet-stream
cache-control: *immutable
===
GET /log/log.vkey
---
200
*+*+*
===
!restart
GET /log/checkpoint
---
200
*
4
— * *
===
GET /v1/receipts/like-1?user=u1
---
200 soon
{"event":{"type":"like","number":{{number}}},"identity":{"user":"u1"},"index":0}
===
GET /v1/receipts/comment-1
---
410
===
!kill
GET /v1/receipts/unlike-1
---
200 soon
{"event":{"type":"unlike"},"index":1}
===
!check
POST /v1/events
content-type: application/json

{"type":"like","actor":"u3","subject":"v1","creator":"c1","id":"like-3"}
---
200
{"accepted":1}
===
GET /v1/receipts/like-3
---
200 soon
{"index":4}
===
GET /verify
---
200
content-type: text/html*
content-security-policy: default-src 'none'*
===
!serve --evidence off
GET /v1/receipts/like-3
---
503
{"detail":"*--evidence off*"}
===
# What happened meanwhile is logged when evidence is on again.
POST /v1/events
content-type: application/json

{"type":"like","actor":"u4","subject":"v1","creator":"c1","id":"like-4"}
---
200
{"accepted":1}
===
!serve
GET /v1/receipts/like-4
---
200 soon
{"index":5}
