#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "matching/retrieval/collaborative.h"
#include "matching/sources/source.h"

namespace zan::matching {
namespace {

constexpr std::size_t taken_count = 40, similar_count = 150;
constexpr double recent_half_life_s = 14 * 86'400.0;

}  // namespace

// What was taken to lately, and more, speaks louder; of a work is remembered which of them said most for it.
void find_similar(const Asking& asking, std::vector<Candidate>& found) {
  if (asking.model == nullptr) return;
  const Works& works = asking.live.works();
  const std::uint32_t now_s = seconds_of(asking.scene.at);
  struct Sum {
    float all = 0, most = 0;
    WorkRow because = no_work;
  };
  std::unordered_map<std::uint32_t, Sum> sums;
  const std::vector<Taken>& recent = asking.person.recent;
  for (std::size_t i = recent.size(); i > recent.size() - std::min(recent.size(), taken_count); --i) {
    const Taken& taken = recent[i - 1];
    const std::uint32_t row = asking.model->row_of(works.subject_of(taken.work));
    if (row == Collaborative::no_row) continue;
    const double age_s = now_s > taken.at_s ? now_s - taken.at_s : 0;
    const float loud = taken.weight * static_cast<float>(std::exp2(-age_s / recent_half_life_s));
    for (const Weighted& neighbour : asking.model->neighbours(row)) {
      Sum& sum = sums[neighbour.row];
      const float says = loud * neighbour.weight;
      sum.all += says;
      if (says <= sum.most) continue;
      sum.most = says;
      sum.because = taken.work;
    }
  }
  for (const auto& [row, sum] : sums) {
    const WorkRow work = works.row_of(asking.model->subject_of(row));
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
