#include "matching/evaluate/by_time.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "base/require.h"

namespace zan::matching {
namespace {

using trees::Scored;

// Showings from `begin` on, those of one person side by side.
std::vector<std::size_t> by_person(const Showings& showings, std::size_t begin) {
  std::vector<std::size_t> order(showings.size() - begin);
  std::iota(order.begin(), order.end(), begin);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return showings.persons[a] < showings.persons[b]; });
  return order;
}

// Calls use(first, last) for each run of equal key(place).
template <typename Key, typename Use>
void runs(const std::vector<std::size_t>& order, const Key& key, const Use& use) {
  for (std::size_t from = 0; from < order.size();) {
    std::size_t to = from + 1;
    while (to < order.size() && key(order[to]) == key(order[from])) ++to;
    use(from, to);
    from = to;
  }
}

// Sets gauc and people. `order`: the showings, by person.
void judge_people(const Showings& showings, std::size_t begin, const std::vector<std::size_t>& order,
                  const std::vector<Scored>& scored, SignalQuality& quality) {
  double sum = 0, weight = 0;
  std::vector<Scored> own;
  const auto person = [&](std::size_t i) { return showings.persons[i]; };
  runs(order, person, [&](std::size_t from, std::size_t to) {
    own.clear();
    for (std::size_t i = from; i < to; ++i) own.push_back(scored[order[i] - begin]);
    const auto yes = std::count_if(own.begin(), own.end(), [](const Scored& row) { return row.is_positive; });
    if (yes == 0 || static_cast<std::size_t>(yes) == own.size()) return;
    const auto showings_of = static_cast<double>(own.size());
    sum += showings_of * trees::auc(own);
    weight += showings_of;
    ++quality.people;
  });
  quality.gauc = weight == 0 ? 0.5 : sum / weight;
}

double gini_of(std::vector<double> shares) {
  std::sort(shares.begin(), shares.end());
  double sum = 0, ranked = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    sum += shares[i];
    ranked += shares[i] * static_cast<double>(i + 1);
  }
  const auto count = static_cast<double>(shares.size());
  return sum == 0 ? 0 : 2 * ranked / (count * sum) - (count + 1) / count;
}

double discount(std::size_t place) { return 1 / std::log2(static_cast<double>(place) + 2); }

// The discounted gain of the first places over that of the best order; nothing to gain: none.
double ndcg_of(const std::vector<bool>& gains, std::size_t places) {
  double got = 0, best = 0;
  const auto all = static_cast<std::size_t>(std::count(gains.begin(), gains.end(), true));
  for (std::size_t i = 0; i < std::min(places, gains.size()); ++i) {
    if (gains[i]) got += discount(i);
    if (i < all) best += discount(i);
  }
  return best == 0 ? -1 : got / best;
}

}  // namespace

Rates rates_before(const Showings& showings, std::size_t end) {
  Rates rates{};
  for (std::size_t k = 0; k < signal_count; ++k) {
    double yes = 0;
    for (std::size_t i = 0; i < end; ++i) yes += has(showings.outcomes[i], static_cast<Signal>(k)) ? 1 : 0;
    rates[k] = static_cast<float>((yes + 0.5) / (static_cast<double>(end) + 1));
  }
  return rates;
}

std::array<SignalQuality, signal_count> judge_by_time(const Showings& showings, std::size_t begin,
                                                      std::span<const Rates> said, const Rates& learned) {
  require(begin <= showings.size() && said.size() == showings.size() - begin, "a word on each showing");
  const std::vector<std::size_t> order = by_person(showings, begin);
  std::array<SignalQuality, signal_count> qualities;
  for (std::size_t k = 0; k < signal_count; ++k) {
    std::vector<Scored> scored;
    for (std::size_t i = 0; i < said.size(); ++i)
      scored.push_back({static_cast<double>(said[i][k]), has(showings.outcomes[begin + i], static_cast<Signal>(k)), 1});
    qualities[k].all = judgement_of(scored, static_cast<double>(learned[k]));
    judge_people(showings, begin, order, scored, qualities[k]);
  }
  return qualities;
}

ListQuality judge_lists(const Showings& showings, std::span<const WorkRow> works, std::size_t begin,
                        std::span<const float> scores, Signal gain, std::size_t places) {
  require(works.size() == showings.size() && scores.size() == showings.size() - begin, "a work and a score for each");
  std::map<WorkRow, double> earlier, dealt;
  for (std::size_t i = 0; i < begin; ++i) earlier[works[i]] += 1;
  for (std::size_t i = begin; i < showings.size(); ++i) dealt[works[i]] = 0;
  ListQuality quality;
  double ndcg = 0, with_gain = 0, filled = 0;
  const auto list = [&](std::size_t i) {
    return std::pair(showings.persons[i], showings.times_us[i] / us_per_day);
  };
  const std::vector<std::size_t> order = by_person(showings, begin);
  runs(order, list, [&](std::size_t from, std::size_t to) {
    if (to - from <= places) return;
    std::vector<std::size_t> best(order.begin() + static_cast<std::ptrdiff_t>(from),
                                  order.begin() + static_cast<std::ptrdiff_t>(to));
    std::stable_sort(best.begin(), best.end(),
                     [&](std::size_t a, std::size_t b) { return scores[a - begin] > scores[b - begin]; });
    std::vector<bool> gains;
    for (const std::size_t i : best) gains.push_back(has(showings.outcomes[i], gain));
    ++quality.lists;
    if (const double one = ndcg_of(gains, places); one >= 0) ndcg += one, with_gain += 1;
    for (std::size_t i = 0; i < places; ++i) {
      filled += 1;
      quality.gained += gains[i] ? 1 : 0;
      dealt[works[best[i]]] += 1;
      const auto known = earlier.find(works[best[i]]);
      const double share = (known == earlier.end() ? 0.5 : known->second) / static_cast<double>(begin + 1);
      quality.novelty -= std::log2(share);
    }
  });
  if (filled == 0) return quality;
  quality.ndcg = with_gain == 0 ? 0 : ndcg / with_gain;
  quality.gained /= filled;
  quality.novelty /= filled;
  std::vector<double> shares;
  for (const auto& [work, count] : dealt) shares.push_back(count);
  const auto ever = std::count_if(shares.begin(), shares.end(), [](double share) { return share > 0; });
  quality.coverage = static_cast<double>(ever) / static_cast<double>(shares.size());
  quality.gini = gini_of(std::move(shares));
  return quality;
}

}  // namespace zan::matching
