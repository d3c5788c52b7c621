#include <algorithm>

#include "matching/retrieval/collaborative.h"
#include "matching/sources/source.h"

namespace zan::matching {
namespace {

constexpr std::size_t similar_count = 150;

}  // namespace

// Nobody has more to be left out than is gone: of so many more the best are enough, and only their works are looked up.
void find_similar(const Asking& asking, std::vector<Candidate>& found) {
  if (asking.known.model() == nullptr) return;
  const auto all = asking.known.similar().all();
  std::vector<SimilarSums::Entry> best(all.begin(), all.end());
  const std::size_t enough = std::min(best.size(), similar_count + asking.gone.size());
  const auto end = best.begin() + static_cast<std::ptrdiff_t>(enough);
  std::partial_sort(best.begin(), end, best.end(), [](const auto& a, const auto& b) {
    return a.sum.all != b.sum.all ? a.sum.all > b.sum.all : a.row < b.row;
  });
  best.erase(end, best.end());
  for (const auto& [row, sum] : best) {
    const WorkRow work = asking.live.works().row_of(asking.known.model()->subject_of(row));
    if (found.size() == similar_count || work == no_work || asking.is_gone(work)) continue;
    Candidate candidate{work};
    candidate.similar = sum.all;
    candidate.because = sum.because;
    found.push_back(candidate);
  }
}

}  // namespace zan::matching
