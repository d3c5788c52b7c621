#include "matching/retrieval/collaborative.h"
#include "matching/sources/source.h"

namespace zan::matching {
namespace {

constexpr std::size_t taste_count = 120;

}  // namespace

void find_taste(const Asking& asking, std::vector<Candidate>& found) {
  if (asking.known.vector().empty()) return;
  std::vector<Ranked> best;
  // Most of what somebody has seen is near to them, too.
  asking.known.model()->nearest(asking.known.vector(), taste_count + asking.gone.size() / 2, best);
  for (const Ranked& one : best) {
    const WorkRow work = asking.live.works().row_of(asking.known.model()->subject_of(one.item));
    if (found.size() == taste_count || work == no_work || asking.is_gone(work)) continue;
    Candidate candidate{work};
    candidate.taste = one.score;
    found.push_back(candidate);
  }
}

}  // namespace zan::matching
