#include "simulation/score.h"

#include <algorithm>

namespace zan::simulation {

void Tally::add(Verdict verdict) {
  ++all;
  rejected += verdict == Verdict::rejected;
  held += verdict == Verdict::held;
}

std::optional<double> Quality::precision() const {
  if (found + wronged == 0) return std::nullopt;
  return static_cast<double>(found) / static_cast<double>(found + wronged);
}

std::optional<double> Quality::recall() const {
  if (found + missed == 0) return std::nullopt;
  return static_cast<double>(found) / static_cast<double>(found + missed);
}

std::optional<double> Quality::f1() const {
  if (found + missed + wronged == 0) return std::nullopt;
  return 2 * static_cast<double>(found) / static_cast<double>(2 * found + missed + wronged);
}

double AttackScore::surviving_per_account() const {
  return accounts == 0 ? 0 : static_cast<double>(fakes.all - fakes.rejected) / static_cast<double>(accounts);
}

std::uint32_t Scorer::Numbers::operator()(std::string_view name) {
  const auto found = numbers_.find(name);
  if (found != numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(numbers_.size());
  numbers_.emplace(name, number);
  return number;
}

void Scorer::add(const Label& label, const VerdictLine& line) {
  const std::uint32_t number = account_numbers_(line.actor);
  if (number >= accounts_.size()) accounts_.resize(number + 1);
  if (label.instance >= groups_.size()) groups_.resize(label.instance + 1U);
  Account& account = accounts_[number];
  account.attacker |= label.role == Role::fake || label.role == Role::camouflage || label.role == Role::warm_up;
  account.aside |= label.role == Role::owner || label.role == Role::hijacked;
  account.flagged |= line.verdict == Verdict::rejected;
  roles_[static_cast<std::size_t>(label.role)].add(line.verdict);
  if (label.role == Role::camouflage) ++groups_[label.instance].camouflage;
  if (is_fake(label.role)) return add_fake(label, line, number);
  if (label.role != Role::decoy) return;
  decoy_likes_[static_cast<std::size_t>(label.family)].add(line.verdict);
  const std::uint64_t work = static_cast<std::uint64_t>(label.family) << 48 |
                             static_cast<std::uint64_t>(label.instance) << 32 | subject_numbers_(line.subject);
  decoy_works_[work].add(line.verdict);
}

void Scorer::add_fake(const Label& label, const VerdictLine& line, std::uint32_t account) {
  const auto family = static_cast<std::size_t>(label.family);
  Group& group = groups_[label.instance];
  group.family = label.family;
  group.fakes.add(line.verdict);
  family_accounts_[family].insert(account);
  if (!line.device.empty()) family_devices_[family].insert(device_numbers_(line.device));
  if (line.verdict == Verdict::rejected && line.judged_at_ms)
    delays_ms_[family].push_back(*line.judged_at_ms - line.at_ms);
}

Quality Scorer::account_quality() const {
  Quality quality;
  for (const Account& account : accounts_) {
    if (account.aside) continue;
    if (account.attacker) {
      ++(account.flagged ? quality.found : quality.missed);
    } else if (account.flagged) {
      ++quality.wronged;
    }
  }
  return quality;
}

AttackScore Scorer::attack_score(Family family) const {
  const auto index = static_cast<std::size_t>(family);
  AttackScore score{.family = family};
  for (const Group& group : groups_) {
    if (group.family != family || group.fakes.all == 0) continue;
    ++score.instances;
    score.fakes.all += group.fakes.all;
    score.fakes.rejected += group.fakes.rejected;
    score.fakes.held += group.fakes.held;
  }
  score.accounts = family_accounts_[index].size();
  score.devices = family_devices_[index].size();
  // The median over all fakes, those that never went counted as last.
  std::vector<std::int64_t> delays = delays_ms_[index];
  const auto half = static_cast<std::size_t>((score.fakes.all + 1) / 2);
  if (half > 0 && delays.size() >= half) {
    const auto middle = delays.begin() + static_cast<std::ptrdiff_t>(half - 1);
    std::nth_element(delays.begin(), middle, delays.end());
    score.median_ms = *middle;
  }
  return score;
}

std::vector<DecoyScore> Scorer::decoy_scores() const {
  std::array<DecoyScore, family_count> scores;
  for (const auto& [key, tally] : decoy_works_) {
    if (tally.all < decoy_work_likes_min) continue;
    DecoyScore& score = scores[key >> 48];
    ++score.works;
    score.lost += 2 * tally.rejected > tally.all;
  }
  std::vector<DecoyScore> there;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (decoy_likes_[i].all == 0) continue;
    scores[i].family = static_cast<Family>(i);
    scores[i].likes = decoy_likes_[i];
    there.push_back(scores[i]);
  }
  return there;
}

Score Scorer::score() const {
  Score score;
  score.roles = roles_;
  const auto of = [&](Role role) -> const Tally& { return roles_[static_cast<std::size_t>(role)]; };
  score.events.found = of(Role::fake).rejected + of(Role::hijacked).rejected;
  score.events.missed = of(Role::fake).all + of(Role::hijacked).all - score.events.found;
  score.events.wronged = of(Role::organic).rejected + of(Role::decoy).rejected + of(Role::owner).rejected;
  score.accounts = account_quality();
  for (std::size_t i = 0; i < family_count; ++i) {
    const AttackScore attack = attack_score(static_cast<Family>(i));
    if (attack.fakes.all > 0) score.attacks.push_back(attack);
  }
  for (const Group& group : groups_) {
    if (group.fakes.all == 0) continue;
    const double ratio = static_cast<double>(group.camouflage) / static_cast<double>(group.fakes.all);
    const auto bucket = std::lower_bound(camouflage_bounds.begin(), camouflage_bounds.end(), ratio);
    Tally& tally = score.by_camouflage[static_cast<std::size_t>(bucket - camouflage_bounds.begin())];
    tally.all += group.fakes.all;
    tally.rejected += group.fakes.rejected;
    tally.held += group.fakes.held;
  }
  score.decoys = decoy_scores();
  return score;
}

}  // namespace zan::simulation
