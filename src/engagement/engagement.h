// engagement: the truth of who likes what, and the counts that follow from it.
//
//   parser.h     bytes of JSON -> Act, under limits              (any thread)
//   decide       what is known + acts -> records                 (the writer; pure)
//   apply        records -> memory tables, runs, kv              (the writer; replay runs the same code)
//   reads.h      counts, hydrate, lists, export                  (any thread)
//
// Rules of the relation: of two reactions (like, unlike, dislike) of one person to one subject the later `at` wins; at
// the same microsecond withdrawn beats disliked beats liked, so that order of delivery never matters. The same holds
// for follow and unfollow. Views, completes, comments, shares and profile visits count each time, unless their id has
// been seen. See README.md for the invariants `check` verifies.
#pragma once

#include "engagement/cursor.h"     // IWYU pragma: export
#include "engagement/decide.h"     // IWYU pragma: export
#include "engagement/events.h"     // IWYU pragma: export
#include "engagement/judge.h"      // IWYU pragma: export
#include "engagement/limits.h"     // IWYU pragma: export
#include "engagement/names.h"      // IWYU pragma: export
#include "engagement/parser.h"     // IWYU pragma: export
#include "engagement/questions.h"  // IWYU pragma: export
#include "engagement/reads.h"      // IWYU pragma: export
#include "engagement/record.h"     // IWYU pragma: export
#include "engagement/render.h"     // IWYU pragma: export
#include "engagement/store.h"      // IWYU pragma: export
#include "engagement/trending.h"   // IWYU pragma: export
