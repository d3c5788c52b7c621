# what a creator asks: works by number, likes by day, what is usual, a count that fell and when, the best time; through a kill
GET /v1/creators/maker/works
---
404 soon
===
# Four works; three of them old enough to say what is usual.
PUT /v1/subjects/v1
content-type: application/json

{"creator":"maker","title":"one","published_at":"2024-03-01T02:00:00Z"}
---
204
===
PUT /v1/subjects/v2
content-type: application/json

{"creator":"maker","title":"two","published_at":"2024-03-01T02:00:00Z"}
---
204
===
PUT /v1/subjects/v3
content-type: application/json

{"creator":"maker","title":"three","published_at":"2024-03-02T02:00:00Z"}
---
204
===
PUT /v1/subjects/v4
content-type: application/json

{"creator":"maker","title":"four","published_at":"2024-03-04T02:00:00Z"}
---
204
===
POST /v1/events
content-type: application/x-ndjson

{{lines 30 {"type":"like","actor":"a#","subject":"v1","at":"2024-03-01T04:00:00.#Z"}}}
{{lines 20 {"type":"like","actor":"b#","subject":"v2","at":"2024-03-01T05:00:00.#Z"}}}
{{lines 10 {"type":"like","actor":"c#","subject":"v3","at":"2024-03-02T04:00:0#Z"}}}
{{lines 7 {"type":"like","actor":"d#","subject":"v4","at":"2024-03-04T04:00:0#Z"}}}
{{lines 2 {"type":"like","actor":"paid#","subject":"v4","at":"2024-03-04T04:00:00Z","incentivised":true}}}
{{lines 60 {"type":"view","actor":"u#","subject":"v4","at":"2024-03-06T04:00:00Z","watch_ms":5000,"duration_ms":9000}}}
{"type":"follow","actor":"d1","subject":"v4","creator":"maker","at":"2024-03-06T04:00:00Z"}
{"type":"comment","actor":"d1","subject":"v4","text":"好","at":"2024-03-06T04:00:00Z"}
{"type":"like","actor":"d1","subject":"other","creator":"newcomer","at":"2024-03-06T04:00:00Z"}
---
200
{"accepted":132,"duplicates":0,"rejected":0,"position":"*"}
===
GET /v1/creators/maker/works?order=likes&limit=3
---
200 soon
{"creator":"maker","order":"likes","works":4,"items":[{"subject":"v1","about":{"title":"one"},"counts":{"likes":30}},{"subject":"v2","counts":{"likes":20}},{"subject":"v3","counts":{"likes":10}}],"next":"{{=next}}"}
===
GET /v1/creators/maker/works?order=likes&limit=3&cursor={{next}}
---
200
{"items":[{"subject":"v4","about":{"title":"four"},"published":"2024-03-04T02:00:00.000Z","counts":{"likes":7,"views":60,"comments":1,"incentivised":{"likes":2}},"last_week":{"likes":7,"views":60}}],"next":null}
===
# A cursor of one order is none of the other.
GET /v1/creators/maker/works?order=newest&cursor={{next}}
---
400
{"field":"cursor"}
===
# All that is counted stands on its day; beside it what is usual at that age.
GET /v1/subjects/v4/series?days=3
---
200
{"subject":"v4","zone_minutes":480,"today":"2024-03-06","published":"2024-03-04","publication_known":true,"before":{"likes":0},"days":[{"day":"2024-03-04","likes":7,"views":0,"incentivised":{"likes":2}},{"likes":0},{"views":60,"comments":1}],"after":{"likes":0},"falls":[],"usual":{"works":3,"works_min":3,"days":[{"works":3,"low":10,"median":20,"high":30},{"works":3,"median":20},{"works":3,"median":20}]}}
===
GET /v1/creators/maker/series?days=1
---
200
{"creator":"maker","before":{"likes":67},"days":[{"day":"2024-03-06","views":60,"follows":1}],"after":{"likes":0}}
===
# Those who like the works are there around noon, on the operator's clock.
GET /v1/creators/maker/best_times
---
200
{"creator":"maker","zone_minutes":480,"people":60,"people_min":50,"hours_differ":true,"hours":[{"from":0,"best":false},{},{},{},{"from":12,"to":15,"share":1,"best":true},{},{},{}]}
===
# Too few like one of the works to tell when they are there.
GET /v1/subjects/v1/best_times
---
200
{"subject":"v1","zone_minutes":480,"people":0,"people_min":50,"hours":[],"week":[]}
===
# So few people tell no time.
GET /v1/creators/newcomer/best_times
---
200
{"creator":"newcomer","people":0,"people_min":50,"hours_differ":false,"hours":[],"days":[],"week":[]}
===
# An unlike leaves the day on which the like was given, and stands on its own.
POST /v1/events
content-type: application/json

{"type":"unlike","actor":"d0","subject":"v4","at":"2024-03-06T05:00:00Z"}
---
200
===
GET /v1/subjects/v4/series?days=3&last=2024-03-06
---
200 soon
{"days":[{"likes":6},{},{"likes":0,"unlikes":1}]}
===
# Who is erased leaves it, too.
DELETE /v1/users/d1
---
204
===
GET /v1/subjects/v4/series?days=3&last=2024-03-06
---
200 soon
{"days":[{"likes":5},{},{"comments":0,"unlikes":1}],"after":{"unlikes":1}}
===
GET /v1/subjects/v4/counts
---
200
{"likes":5,"views":60,"comments":0}
===
!kill
GET /v1/subjects/v4/series?days=3&last=2024-03-06
---
200 soon
{"days":[{"likes":5,"incentivised":{"likes":2}},{},{"views":60,"unlikes":1}]}
===
# Forty accounts of one hand among a town: found later, and the count falls on that day.
POST /v1/events
content-type: application/x-ndjson

{{town 15000}}
---
200
===
POST /v1/events
content-type: application/x-ndjson

{{attack bot 40 12 1200}}
---
200
{"accepted":480}
===
GET /v1/cases?standing=confirmed
---
200 soon
{"items":[{"likes":480}]}
===
GET /v1/subjects/w1200/series
---
200 soon
{"falls":[{"taken_out":40,"given_back":0}]}
===
GET /v1/subjects/nothing/series
---
404
===
GET /v1/subjects/v4/series?days=401
---
400
{"field":"days"}
===
GET /v1/subjects/v4/series?last=soon
---
400
{"field":"last"}
===
!check
!serve --insights off
GET /v1/subjects/v4/series
---
503
===
GET /v1/creators/maker/works
---
503
