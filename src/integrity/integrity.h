// integrity: is it genuine? Features, groups that move together, rules, scores, verdicts, cases.
//
//   act_view.h   an act as the detectors see it
//   lockstep.h   groups of accounts that move together, found while the acts come in
//   verdicts     docs/integrity.md says how all of this becomes one
#pragma once

#include "integrity/act_view.h"  // IWYU pragma: export
#include "integrity/lockstep.h"  // IWYU pragma: export
