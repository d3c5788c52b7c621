// What people choose to like when: by taste, popularity and how fresh a work is, hour by hour.
//
// A quarter of the likes go to the hits of the hour, most of the rest into the person's interests by Zipf's law, both weighed by
// how far attention to a work has faded; a few go anywhere. Nobody likes a work twice, and nothing is liked before it is there.
//
// Threads: one.
// Cost:    two searches a like; all works once an hour of the stream.
// Memory:  16 bytes a like for the pairs, and 4 for their order.
#pragma once

#include "simulation/draft.h"

namespace zan::simulation {

// Gives every event that needs one its work, and drops those for which there is none and likes that are there twice.
// Where the community has more than likes: adds the views before likes, views without, follows, comments and shares.
void choose_subjects(const World& world, Draft& draft);

}  // namespace zan::simulation
