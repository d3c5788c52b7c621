#include "matching/ranking/harvest.h"

#include <utility>

#include "base/require.h"

namespace zan::matching {

void Harvest::shown(PersonId person, WorkRow work, const FeatureRow& row, Timestamp at, float weight) {
  require(weight > 0, "a row counts");
  const auto width = static_cast<std::ptrdiff_t>(showings_.width());
  showings_.values.insert(showings_.values.end(), row.begin(), row.begin() + width);
  showings_.outcomes.push_back(0);
  showings_.weights.push_back(weight);
  const std::int64_t last_us = showings_.times_us.empty() ? 0 : showings_.times_us.back();
  showings_.times_us.push_back(std::max(last_us, at.us));
  showings_.persons.push_back(person.value);
  last_[key_of(person, work)] = showings_.size() - 1;
}

void Harvest::came(PersonId person, WorkRow work, Signals fresh, Timestamp at) {
  const auto found = last_.find(key_of(person, work));
  if (found == last_.end()) return;
  const std::int64_t after_us = at.us - showings_.times_us[found->second];
  constexpr Signals slow = bit(Signal::like) | bit(Signal::follow) | bit(Signal::dislike);
  Signals in_time = 0;
  if (after_us <= view_wait_us) in_time |= fresh & static_cast<Signals>(~slow);
  if (after_us <= like_wait_us) in_time |= fresh & slow;
  showings_.outcomes[found->second] |= in_time;
}

void Harvest::withdrawn(PersonId person, WorkRow work, Signals signals) {
  const auto found = last_.find(key_of(person, work));
  if (found != last_.end()) showings_.outcomes[found->second] &= static_cast<Signals>(~signals);
}

Showings Harvest::take() {
  last_.clear();
  const std::size_t raw_count = showings_.raw_count;
  Showings taken = std::exchange(showings_, {});
  showings_.raw_count = raw_count;
  return taken;
}

}  // namespace zan::matching
