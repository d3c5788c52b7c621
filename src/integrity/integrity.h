// integrity: is it genuine? Groups, features, rules, a learned scorer, and the verdicts they come to.
//
//   act_view.h   an act as the detectors see it
//   lockstep.h   groups of accounts that move together, found while the acts come in
//   case_note.h  what people say of a case
//   rule_change.h  a change of the rules, as the journal keeps it
//   quality.h    the quality of a like, and its parts
//   features/    windowed counts, distinct counts, what is known of an account
//   intake/      all of that joined: what is said of an act before it is recorded
//   burst/       sudden groups of edges
//   rules/       the language of rules for people
//   model/       the learned scorer
//
// docs/integrity.md says how all of this becomes one verdict.
#pragma once

#include "integrity/act_view.h"                // IWYU pragma: export
#include "integrity/burst/burst_detector.h"    // IWYU pragma: export
#include "integrity/case_note.h"               // IWYU pragma: export
#include "integrity/features/feature_store.h"  // IWYU pragma: export
#include "integrity/intake/intake.h"           // IWYU pragma: export
#include "integrity/intake/shadow_watch.h"     // IWYU pragma: export
#include "integrity/lockstep.h"                // IWYU pragma: export
#include "integrity/model/like_inputs.h"       // IWYU pragma: export
#include "integrity/model/manifest.h"          // IWYU pragma: export
#include "integrity/model/train.h"             // IWYU pragma: export
#include "integrity/quality.h"                 // IWYU pragma: export
#include "integrity/rule_change.h"             // IWYU pragma: export
#include "integrity/rules/book.h"              // IWYU pragma: export
#include "integrity/rules/ruleset.h"           // IWYU pragma: export
