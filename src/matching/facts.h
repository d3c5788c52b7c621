// The facts that matching lives on, free of where they come from: the engine makes them from the journal, a simulation
// makes them up, a test of a data set reads them from its files.
//
// Ids are those of the registry (base/ids.h); here they are numbers and nothing more. Times may come out of order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "matching/signal.h"

namespace zan::matching {

// Times are kept in whole seconds since 1970.
constexpr std::uint32_t seconds_of(Timestamp at) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(at.us / us_per_second, 0, ~std::uint32_t{0}));
}

inline constexpr std::size_t work_tags_max = 8;  // of a work; more are not kept
inline constexpr std::size_t shown_items_max = 100;

// What is known of a work before anybody has seen it. Put again, it replaces what was there.
struct WorkFacts {
  SubjectId subject;
  CreatorId creator;                 // 0: not known
  std::vector<std::uint32_t> tags;   // numbers of TagNames, each once
  Timestamp published_at;            // 0: when it was first heard of
  std::uint32_t duration_ms = 0;     // 0: not known
  std::uint32_t kind = 0;            // the operator's own word for the sort of work, a number of TagNames; 0: none
  bool adults_only = false;
};

// What is known of a person, as far as a feed may know it.
struct PersonFacts {
  PersonId person;
  TermId region;
  bool minor = false;
  bool personalised = true;  // false: they do not want it (算法推荐规定 Art. 17); nothing of theirs is looked at
  std::uint32_t activity = 0;  // the operator's own word for how active somebody is, a number of TagNames; 0: none
};

enum class Doing : std::uint8_t { view, complete, like, unlike, dislike, comment, follow, unfollow, share, visit };

// One genuine, organic act.
struct Deed {
  PersonId person;
  SubjectId subject;  // 0: a follow that names the creator alone
  CreatorId creator;  // 0: not known
  Doing doing = Doing::view;
  TermId surface, region;
  Timestamp at;
  std::uint32_t watch_ms = 0, duration_ms = 0;
};

// Where a shown work came from; stored in the journal, only append.
enum class SourceKind : std::uint8_t {
  unknown = 0,     // shown by somebody else's feed
  similar = 1,     // to works the person took to
  taste = 2,       // near the person in the space of factors
  content = 3,     // of tags the person takes to
  followed = 4,    // by a creator the person follows
  trending = 5,    // liked by many, lately
  scene = 6,       // liked at this hour, in this region
  fresh = 7,       // new, those first that few were shown
  pinned = 8,      // by an operator's rule
  campaign = 9,    // paid for
};
inline constexpr std::size_t source_count = 10;
// What was paid for teaches nothing, and counts for nobody.
constexpr bool is_paid(SourceKind kind) { return kind == SourceKind::campaign; }
const char* to_string(SourceKind kind);

struct ShownItem {
  SubjectId subject;
  SourceKind source = SourceKind::unknown;
  bool explored = false;  // it took a place of the exploration share
  bool of_rival = false;  // in an interleaved list: the policy that is tried put it there
};

// What one feed showed, in the order of its places. What became of it comes as deeds.
struct Shown {
  PersonId person;  // 0: a session without an account
  TermId surface;
  Timestamp at;
  bool personalised = true;
  std::uint8_t arm = 0;             // of the running experiment; 0: none
  std::uint32_t model_version = 0;  // 0: none
  std::vector<ShownItem> items;     // 1 to shown_items_max
};

}  // namespace zan::matching
