#include <fmt/format.h>

#include <iterator>

#include "simulation/score.h"

namespace zan::simulation {
namespace {

std::string share_text(std::optional<double> share) {
  return share ? fmt::format("{:.4f}", *share) : "-";
}

std::string delay_text(std::optional<std::int64_t> delay_ms) {
  if (!delay_ms) return "never";
  const double seconds = static_cast<double>(*delay_ms) / 1000;
  if (seconds < 120) return fmt::format("{:.1f} s", seconds);
  if (seconds < 7200) return fmt::format("{:.1f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

void append_quality(std::string& text, std::string_view what, const Quality& quality) {
  fmt::format_to(std::back_inserter(text), "{:<10} {:>10} {:>10} {:>10} {:>10} {:>10} {:>10}\n", what,
                 share_text(quality.precision()), share_text(quality.recall()), share_text(quality.f1()), quality.found,
                 quality.missed, quality.wronged);
}

void append_attack(std::string& text, const AttackScore& attack) {
  fmt::format_to(std::back_inserter(text), "{:<17} {:>6} {:>8} {:>8} {:>9} {:>8.4f} {:>8} {:>9} {:>12.2f}\n",
                 to_string(attack.family), attack.instances, attack.accounts,
                 attack.devices == 0 ? "-" : std::to_string(attack.devices), attack.fakes.all, attack.fakes.share(),
                 attack.fakes.held, delay_text(attack.median_ms), attack.surviving_per_account());
}

void append_camouflage(std::string& text, const Score& score) {
  text += "\ncamouflage for each fake like     fakes   recall\n";
  for (std::size_t i = 0; i < score.by_camouflage.size(); ++i) {
    const Tally& tally = score.by_camouflage[i];
    if (tally.all == 0) continue;
    const std::string range = i == 0                          ? std::string("none")
                              : i == camouflage_bounds.size() ? fmt::format("above {}", camouflage_bounds.back())
                                                              : fmt::format("up to {}", camouflage_bounds[i]);
    fmt::format_to(std::back_inserter(text), "{:<28} {:>10} {:>8.4f}\n", range, tally.all, tally.share());
  }
}

void append_decoy(std::string& text, const DecoyScore& decoy) {
  fmt::format_to(std::back_inserter(text), "{:<17} {:>9} {:>11.2f} {:>7} {:>6}\n", to_string(decoy.family),
                 decoy.likes.all, 1000 * decoy.likes.share(), decoy.works, decoy.lost);
}

}  // namespace

std::string to_text(const Score& score) {
  std::string text = "            precision     recall         f1      found     missed    wronged\n";
  append_quality(text, "events", score.events);
  append_quality(text, "accounts", score.accounts);
  text += "\nrole             events  rejected      held   rejected per 1000\n";
  for (std::size_t i = 0; i < score.roles.size(); ++i) {
    const Tally& tally = score.roles[i];
    if (tally.all == 0) continue;
    fmt::format_to(std::back_inserter(text), "{:<12} {:>10} {:>9} {:>9} {:>19.2f}\n", to_string(static_cast<Role>(i)),
                   tally.all, tally.rejected, tally.held, 1000 * tally.share());
  }
  if (!score.attacks.empty()) {
    text += "\nattack            groups accounts  devices     fakes   recall     held  half out  left/account\n";
    for (const AttackScore& attack : score.attacks) append_attack(text, attack);
    append_camouflage(text, score);
  }
  if (!score.decoys.empty()) {
    text += "\ndecoy                 likes  lost/1000   works   lost\n";
    for (const DecoyScore& decoy : score.decoys) append_decoy(text, decoy);
  }
  const Tally& owners = score.roles[static_cast<std::size_t>(Role::owner)];
  if (owners.all > 0) fmt::format_to(std::back_inserter(text), "\nowners' likes kept: {:.4f}\n", 1 - owners.share());
  return text;
}

}  // namespace zan::simulation
