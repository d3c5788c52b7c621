// simulation: the red team. Labelled streams of made-up engagement, and how well a detector did on them.
//
//   stream.h     scenarios, and the streams made of them: a community, attacks on it, decoys
//   attack.h     one attack or decoy, and how it is written
//   label.h      what is known of each event
//   rows.h       streams and labels as CSV
//   tagged.h     people with tags, for measuring segments
//   tastes.h     people whose true interests are known, and works for them; shilling.h: fake accounts that push some works
//   verdicts.h   what a detector said of each event; score.h: how well it did
//
// It exists to measure our own detector: streams go into files, or to a server of this machine; names are labelled as made up.
#pragma once

#include "simulation/attack.h"     // IWYU pragma: export
#include "simulation/community.h"  // IWYU pragma: export
#include "simulation/label.h"      // IWYU pragma: export
#include "simulation/rows.h"       // IWYU pragma: export
#include "simulation/score.h"      // IWYU pragma: export
#include "simulation/shilling.h"   // IWYU pragma: export
#include "simulation/stream.h"     // IWYU pragma: export
#include "simulation/tagged.h"     // IWYU pragma: export
#include "simulation/tastes.h"     // IWYU pragma: export
#include "simulation/verdicts.h"   // IWYU pragma: export
