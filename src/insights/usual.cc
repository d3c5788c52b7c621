#include "insights/usual.h"

#include <algorithm>

namespace zan::insights {
namespace {

// What stood at each age; less than `ages` long where the work is younger. -1: not known any more.
std::vector<std::int64_t> by_age(const AgedWork& work, std::size_t age, std::size_t ages, Day today) {
  const Slot likes = slot_of(Counted::likes, false);
  const std::size_t old = today < work.published ? 0 : today - work.published + std::size_t{1};
  std::vector<std::int64_t> stood(old <= age ? 0 : std::min(ages, old - age), 0);
  if (stood.empty()) return stood;
  const std::size_t first = work.published + age;
  std::int64_t start = work.counts->before()[likes];
  work.counts->each([&](Day day, Slot slot, std::uint32_t count) {
    if (slot != likes || day >= first + stood.size()) return;
    day <= first ? start += count : stood[day - first] += count;
  });
  stood[0] += start;
  for (std::size_t i = 1; i < stood.size(); ++i) stood[i] += stood[i - 1];
  for (std::size_t i = 0; i < stood.size() && first + i + 1 < work.counts->known_from(); ++i) stood[i] = -1;
  return stood;
}

std::int64_t quantile(const std::vector<std::int64_t>& sorted, std::size_t quarters) {
  const std::size_t rank = (sorted.size() * quarters + 3) / 4;
  return sorted[std::max<std::size_t>(1, rank) - 1];
}

}  // namespace

std::vector<std::optional<UsualAt>> usual(const std::vector<AgedWork>& works, std::size_t age, std::size_t ages,
                                          Day today) {
  std::vector<std::vector<std::int64_t>> at(ages);
  for (const AgedWork& work : works) {
    const auto stood = by_age(work, age, ages, today);
    for (std::size_t i = 0; i < stood.size(); ++i)
      if (stood[i] >= 0) at[i].push_back(stood[i]);
  }
  std::vector<std::optional<UsualAt>> all(ages);
  for (std::size_t i = 0; i < ages; ++i) {
    if (at[i].size() < usual_works_min) continue;
    std::sort(at[i].begin(), at[i].end());
    all[i] = UsualAt{at[i].size(), quantile(at[i], 1), quantile(at[i], 2), quantile(at[i], 3)};
  }
  return all;
}

}  // namespace zan::insights
