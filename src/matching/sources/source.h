// Source: one way of finding works for somebody. Each stands in a small file of its own and is a plain function: it is
// asked with everything it may look at, and names works, the best first. Rules and wishes are not its business.
//
//   similar   item-to-item weights of what the person took to
//   taste     nearest in the space of factors
//   content   liked lately, or new, among works with tags the person takes to
//   followed  new works of creators they follow
//   trending  liked by many, lately
//   scene     liked at this hour, in this region
//   fresh     new: what few were shown first, of their tags before others
//
// Threads: any; nothing is kept.
#pragma once

#include <algorithm>
#include <span>
#include <vector>

#include "matching/candidate.h"
#include "matching/live/community.h"
#include "matching/sources/known_tastes.h"

namespace zan::matching {

// What a source may look at. Lifetime: that of the call.
struct Asking {
  const Community& live;
  const Person& person;  // a blank one where nothing of theirs may be looked at
  const Scene& scene;
  const KnownTastes& known;       // nothing, where no model has been learnt yet
  std::span<const WorkRow> gone;  // ascending: not worth naming, as they will not be shown
  float few_shown = 0;            // fresh is what fewer were shown

  [[nodiscard]] bool is_gone(WorkRow row) const { return std::binary_search(gone.begin(), gone.end(), row); }
};

struct Source {
  SourceKind kind = SourceKind::unknown;
  bool personal = false;  // it looks at the person; not asked where that is not wanted
  void (*find)(const Asking& asking, std::vector<Candidate>& found) = nullptr;
};
std::span<const Source> sources();

void find_similar(const Asking& asking, std::vector<Candidate>& found);
void find_taste(const Asking& asking, std::vector<Candidate>& found);
void find_content(const Asking& asking, std::vector<Candidate>& found);
void find_followed(const Asking& asking, std::vector<Candidate>& found);
void find_trending(const Asking& asking, std::vector<Candidate>& found);
void find_scene(const Asking& asking, std::vector<Candidate>& found);
void find_fresh(const Asking& asking, std::vector<Candidate>& found);

// The tags somebody takes to, the most first; tags they wished away are left out.
struct LikedTag {
  std::uint32_t tag = 0;
  float liking = 0;
};
std::vector<LikedTag> liked_tags(const Person& person, std::uint32_t now_s, std::size_t count);

// All sources that may be asked, what they name merged into one list: each work once, with everything that is known of why.
std::vector<Candidate> gather(const Asking& asking, bool personal);

}  // namespace zan::matching
