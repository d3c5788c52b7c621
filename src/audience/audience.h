// audience: who the people are, by tags, and which of them a segment means - never one of them alone.
#pragma once

#include "audience/answer/answers.h"        // IWYU pragma: export
#include "audience/bitmap/plan.h"           // IWYU pragma: export
#include "audience/bitmap/tag_store.h"      // IWYU pragma: export
#include "audience/book/segment_book.h"     // IWYU pragma: export
#include "audience/book/tag_imports.h"      // IWYU pragma: export
#include "audience/catalogue/catalogue.h"   // IWYU pragma: export
#include "audience/derive/deriver.h"        // IWYU pragma: export
#include "audience/events.h"                // IWYU pragma: export
#include "audience/events/event_index.h"    // IWYU pragma: export
#include "audience/events/subject_index.h"  // IWYU pragma: export
#include "audience/segment/tree.h"          // IWYU pragma: export
#include "audience/state/state_file.h"      // IWYU pragma: export
#include "audience/suggest/suggester.h"     // IWYU pragma: export
#include "audience/watch/watcher.h"         // IWYU pragma: export
