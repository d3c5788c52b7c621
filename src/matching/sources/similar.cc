#include <algorithm>

#include "matching/retrieval/collaborative.h"
#include "matching/sources/source.h"

namespace zan::matching {
namespace {

constexpr std::size_t similar_count = 150;

}  // namespace

void find_similar(const Asking& asking, std::vector<Candidate>& found) {
  if (asking.known.model() == nullptr) return;
  for (const auto& [row, sum] : asking.known.similar().all()) {
    const WorkRow work = asking.live.works().row_of(asking.known.model()->subject_of(row));
    if (work == no_work || asking.is_gone(work)) continue;
    Candidate candidate{work};
    candidate.similar = sum.all;
    candidate.because = sum.because;
    found.push_back(candidate);
  }
  std::sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    return a.similar != b.similar ? a.similar > b.similar : a.work < b.work;
  });
  if (found.size() > similar_count) found.resize(similar_count);
}

}  // namespace zan::matching
