// Going on learning: tells the online part what was shown and what became of it, with the very rows that were weighed.
//
// Threads: one at a time, beside any number of feeds. Cost: some 0.2 ms a feed of 20, a microsecond a deed.
#pragma once

#include "matching/feed/models.h"
#include "matching/live/community.h"

namespace zan::matching {

// Before the community takes the showing: rows are of the moment it was made. Sessions teach nothing.
void learn_online(const Community& live, const Models& models, const Shown& shown);
// After the community has taken the deed.
void learn_online(const Community& live, const Models& models, const Deed& deed, const Heard& heard);

}  // namespace zan::matching
