# requests that are wrong before any event is looked at
GET /v1/nothing
---
404
content-type: application/problem+json

{"type":"*","title":"*","status":404}
===
GET /elsewhere
---
404
===
DELETE /v1/events
---
405
allow: *POST*
content-type: application/problem+json

{"status":405}
===
POST /v1/subjects/v1/counts
---
405
allow: *GET*
===
POST /v1/events
content-type: text/html

<p>like</p>
---
415
content-type: application/problem+json

{"status":415}
===
GET /v1/subjects/{{repeat 300 a}}/counts
---
4xx
content-type: application/problem+json

===
GET /v1/subjects/%zz/counts
---
4xx
===
GET /v1/subjects//counts
---
4xx
===
GET /v1/subjects/v1/counts
x-long: {{repeat 70000 x}}
---
4xx
===
RAW
NONSENSE
nothing: here

---
4xx
===
RAW
GET /health/live HTTP/1.1
host: localhost
transfer-encoding: chunked
content-length: 5

---
4xx
===
# After all that the server is well.
GET /health/live
---
200
===
# Names may hold anything a path can carry.
POST /v1/events
content-type: application/json

{"type":"like","actor":"u/1","subject":"a b/c?d"}
---
200
{"accepted":1}
===
GET /v1/subjects/a%20b%2Fc%3Fd/counts
---
200
{"subject":"a b/c?d","likes":1}
===
GET /v1/users/u%2F1/likes
---
200
{"items":[{"subject":"a b/c?d"}]}
