// insights: what a creator wants to know of their works, by day: what was counted, what was taken out of the count and when, what
// is usual for them, and when those who like them are there.
//
//   counted.h     what is counted of a day
//   day_counts.h  counts by day of one work, bounded
//   book.h        all works and creators; follows records of engagement; answers
//   usual.h       other works of the same creator at the same age
//   habits.h      at what hours of the week people act, and who likes a creator: a sample
//   best_times.h  when those who like a creator or a work are there, and whether that can be told
//
// Threads: plain classes; whoever owns a Book guards it. README.md has the invariants.
#pragma once

#include "insights/best_times.h"  // IWYU pragma: export
#include "insights/book.h"        // IWYU pragma: export
#include "insights/counted.h"     // IWYU pragma: export
#include "insights/day_counts.h"  // IWYU pragma: export
#include "insights/habits.h"      // IWYU pragma: export
#include "insights/usual.h"       // IWYU pragma: export
