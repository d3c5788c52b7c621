#include "matching/experiment/interleaving.h"

#include <unordered_set>

#include "base/random.h"

namespace zan::matching {
namespace {

// One captain: a ranking, and how far it has been gone through.
struct Captain {
  std::span<const SubjectId> ranking;
  std::size_t next = 0;

  // The best that may be added; false: there is none.
  template <typename Open>
  bool find(const Open& open) {
    while (next < ranking.size() && !open(ranking[next])) ++next;
    return next < ranking.size();
  }
};

}  // namespace

Interleaved interleave(std::span<const SubjectId> a, std::span<const SubjectId> b, std::size_t places,
                       std::uint64_t seed, const MayAdd& may_add) {
  Rng rng(seed);
  Captain captains[] = {{a}, {b}};
  std::unordered_set<SubjectId> taken;
  Interleaved list;
  const auto open = [&](SubjectId work) {
    return !taken.contains(work) && (may_add == nullptr || may_add(list.works, work));
  };
  const auto pick = [&](Team team) {
    Captain& captain = captains[static_cast<std::size_t>(team)];
    if (list.works.size() >= places || !captain.find(open)) return;
    list.works.push_back(captain.ranking[captain.next]);
    list.teams.push_back(team);
    taken.insert(list.works.back());
  };
  for (std::size_t before = ~std::size_t{0}; list.works.size() < places && list.works.size() != before;) {
    before = list.works.size();
    const bool a_first = rng.chance(0.5);
    pick(a_first ? Team::a : Team::b);
    pick(a_first ? Team::b : Team::a);
  }
  return list;
}

void PersonPreference::add(double credit_a, double credit_b) {
  requests_ += 1;
  if (credit_b > credit_a) balance_ += 1;
  if (credit_b < credit_a) balance_ -= 1;
}

void Preference::add(const PersonPreference& person) {
  if (person.requests() != 0) halves_.add((person.value() + 1) / 2);
}

Interval Preference::interval() const {
  const Interval halves = halves_.interval();
  return {2 * halves.low - 1, 2 * halves.high - 1};
}

}  // namespace zan::matching
