#include "integrity/rules/shadow.h"

namespace zan::integrity::rules {
namespace {

bool flags(Action action) {
  return action == Action::hold || action == Action::reject;
}

void add(RuleTally& to, const RuleTally& from) {
  to.matched += from.matched;
  to.matched_live += from.matched_live;
  to.matched_fake += from.matched_fake;
  to.matched_genuine += from.matched_genuine;
}

std::optional<double> share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

void ShadowTally::count(const Verdict& shadow, Action live) {
  const bool live_flags = flags(live);
  const bool shadow_flags = flags(shadow.action);
  ++acts;
  live_flagged += live_flags ? 1 : 0;
  shadow_flagged += shadow_flags ? 1 : 0;
  both_flagged += live_flags && shadow_flags ? 1 : 0;
  const auto add_match = [&](RuleTally& tally) {
    ++tally.matched;
    tally.matched_live += live_flags ? 1 : 0;
  };
  if (shadow_flags) add_match(decision);
  if (shadow.matched_count == 0) return;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (shadow.has(i)) add_match(rules[i]);
  }
}

void ShadowTally::label(const Verdict& shadow, bool is_fake) {
  ++(is_fake ? fake : genuine);
  const auto add_match = [&](RuleTally& tally) { ++(is_fake ? tally.matched_fake : tally.matched_genuine); };
  if (flags(shadow.action)) add_match(decision);
  if (shadow.matched_count == 0) return;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (shadow.has(i)) add_match(rules[i]);
  }
}

Result<void> ShadowTally::merge(const ShadowTally& other) {
  if (other.rules.size() != rules.size()) return invalid("the tallies are of different rulesets");
  acts += other.acts;
  live_flagged += other.live_flagged;
  shadow_flagged += other.shadow_flagged;
  both_flagged += other.both_flagged;
  fake += other.fake;
  genuine += other.genuine;
  add(decision, other.decision);
  for (std::size_t i = 0; i < rules.size(); ++i) add(rules[i], other.rules[i]);
  return {};
}

std::optional<double> precision(const RuleTally& tally) {
  return share(tally.matched_fake, tally.matched_fake + tally.matched_genuine);
}

std::optional<double> recall(const RuleTally& tally, const ShadowTally& whole) {
  return share(tally.matched_fake, whole.fake);
}

std::optional<double> overlap(const RuleTally& tally) {
  return share(tally.matched_live, tally.matched);
}

}  // namespace zan::integrity::rules
