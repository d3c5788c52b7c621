#include <algorithm>
#include <array>

#include "integrity/lockstep.h"

namespace zan::integrity {

bool Lockstep::alive(std::span<const std::uint32_t> groups) const {
  return std::any_of(groups.begin(), groups.end(), [this](std::uint32_t id) { return find_group(id) != nullptr; });
}

// Makes room: of accounts and subjects in no group, those that were idle longest, until half of the memory is free.
void Lockstep::forget_idle(std::uint32_t now_s) {
  constexpr std::uint32_t steps = 1024;
  std::array<std::size_t, steps> bytes{};  // by idle time
  std::uint32_t oldest_s = now_s;
  for (std::uint32_t actor = 1; actor < history_.lists(); ++actor)
    if (history_.added(actor) != 0) oldest_s = std::min(oldest_s, account_[actor].liked_s);
  const std::uint32_t step_s = (now_s - oldest_s) / steps + 1;
  const auto step_of = [&](std::uint32_t at_s) {
    return std::min((std::max(at_s, oldest_s) - oldest_s) / step_s, steps - 1);
  };
  for (std::uint32_t actor = 1; actor < history_.lists(); ++actor)
    if (history_.added(actor) != 0) bytes[step_of(account_[actor].liked_s)] += history_.bytes_of(actor);
  for (std::uint32_t subject = 1; subject < likers_.lists(); ++subject)
    if (likers_.added(subject) != 0) bytes[step_of(likers_.newest(subject).at_s)] += likers_.bytes_of(subject);
  std::size_t sum = 0;
  std::uint32_t step = 0;
  while (step < steps && sum * 2 < options_.list_bytes_max) sum += bytes[step++];
  forget_before(oldest_s + step * step_s);
}

void Lockstep::forget_before(std::uint32_t cut_s) {
  for (std::uint32_t actor = 1; actor < history_.lists(); ++actor) {
    if (history_.added(actor) == 0 || account_[actor].liked_s >= cut_s) continue;
    if (alive(groups_of_actor_.values(actor))) continue;
    --accounts_with(history_.added(actor));
    history_.clear(actor);
  }
  for (std::uint32_t subject = 1; subject < likers_.lists(); ++subject) {
    if (likers_.added(subject) == 0 || likers_.newest(subject).at_s >= cut_s) continue;
    if (alive(groups_of_subject_.values(subject))) continue;
    --subjects_;
    likers_.clear(subject);
  }
}

// The older half of the groups of that standing, but for those that people ruled on. False: there are none.
bool Lockstep::forget_groups(Standing standing) {
  std::vector<Place*> found;
  for (Place& place : groups_)
    if (place.group != nullptr && place.group->standing == standing && !place.group->ruled) found.push_back(&place);
  found.resize((found.size() + 1) / 2);
  for (Place* place : found) {
    place->last = standing;
    place->group.reset();
  }
  groups_alive_ -= static_cast<std::uint32_t>(found.size());
  return !found.empty();
}

}  // namespace zan::integrity
