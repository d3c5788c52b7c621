#include "api/case_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace zan::api {
namespace {

using integrity::GroupTrait;
using integrity::Standing;

constexpr double worth_telling_points = 0.1;
constexpr std::size_t reasons_against_max = 3, reasons_for_max = 2;
constexpr double nearly_all = 0.95;          // of the works: then they are all the same ones
constexpr double telling_chance_log10 = -2;  // what is likelier is not called unlikely

struct Both {
  std::string en, zh;
};

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

// A measure as a number without needless digits; what is no number is nothing.
std::string readable(double value) {
  if (!(value > 0)) return "0";
  if (value < 10 && std::abs(value - std::round(value)) >= 0.05) return fmt::format("{:.1f}", value);
  constexpr double most = 1e15;
  return grouped(static_cast<std::uint64_t>(std::llround(std::min(value, most))));
}

std::string percent(double share) {
  return fmt::format("{}%", std::lround(100 * (share > 0 ? std::min(share, 1.0) : 0)));
}

std::string counted(std::size_t number, std::string_view one) {
  return fmt::format("{} {}{}", grouped(number), one, number == 1 ? "" : "s");
}
std::string amount(double number, std::string_view one) {
  std::string text = readable(number);
  const bool single = text == "1";
  return std::move(text) + " " + std::string(one) + (single ? "" : "s");
}

Both duration(double seconds) {
  struct Unit {
    double seconds;
    const char *en, *zh;
  };
  constexpr std::array<Unit, 4> units{
      {{86'400, "day", "天"}, {3'600, "hour", "小时"}, {60, "minute", "分钟"}, {1, "second", "秒"}}};
  for (const Unit& unit : units)
    if (seconds >= unit.seconds)
      return {amount(seconds / unit.seconds, unit.en), readable(seconds / unit.seconds) + " " + unit.zh};
  return {"a second", "1 秒"};
}

Both of_one_hand(GroupTrait trait, const integrity::GroupMeasures& measures) {
  switch (trait) {
    case GroupTrait::alike:
      return {"beside these works the accounts behave alike", "在这些作品之外，这些账号的行为彼此雷同"};
    case GroupTrait::devices:
      return {fmt::format("they share devices ({} a device)", amount(measures.accounts_per_device, "account")),
              fmt::format("它们共用设备（每台设备 {} 个账号）", readable(measures.accounts_per_device))};
    case GroupTrait::targets:
      return {fmt::format("they have many works in common ({})", readable(measures.targets)),
              fmt::format("它们共同点赞的作品很多（{} 个）", readable(measures.targets))};
    case GroupTrait::share:
      return {fmt::format("these works are {} of what they like", percent(measures.share)),
              fmt::format("它们的点赞有 {} 集中在这些作品上", percent(measures.share))};
    case GroupTrait::timing: {
      const Both span = duration(measures.target_span_s);
      return {fmt::format("their likes come in waves (the middle half of a work's within {})", span.en),
              fmt::format("它们的点赞成批到来（一个作品中间一半的点赞在 {} 之内）", span.zh)};
    }
    case GroupTrait::order:
      return {fmt::format("they like the works in one order ({} of the time)", percent(measures.order)),
              fmt::format("它们按同样的先后顺序点赞（{} 一致）", percent(measures.order))};
    case GroupTrait::rhythm:
      return {"they are active at hours that are unusual for people", "它们活跃的时段不像真人的作息"};
    case GroupTrait::networks:
      return {fmt::format("they share networks ({} a network)", amount(measures.accounts_per_network, "account")),
              fmt::format("它们共用网络（每个网络 {} 个账号）", readable(measures.accounts_per_network))};
    case GroupTrait::first_like:
      return {fmt::format("{} of the accounts began with one of these works", percent(measures.first_like_on_target)),
              fmt::format("{} 的账号的第一次点赞就给了这些作品", percent(measures.first_like_on_target))};
  }
  return {};
}

Both of_people(GroupTrait trait, const integrity::GroupMeasures& measures) {
  switch (trait) {
    case GroupTrait::alike:
      return {"beside these works the accounts differ as people do", "在这些作品之外，这些账号各不相同，像真人一样"};
    case GroupTrait::devices:
      return {
          fmt::format("they have devices of their own ({} a device)", amount(measures.accounts_per_device, "account")),
          fmt::format("它们各有自己的设备（每台设备 {} 个账号）", readable(measures.accounts_per_device))};
    case GroupTrait::targets:
      return {fmt::format("they have few works in common ({})", readable(measures.targets)),
              fmt::format("它们共同点赞的作品不多（{} 个）", readable(measures.targets))};
    case GroupTrait::share:
      if (measures.share > 0.5)
        return {fmt::format("these works are {} of what they like, as of people who came for them",
                            percent(measures.share)),
                fmt::format("它们的点赞有 {} 是给这些作品的，像是为它们而来的人", percent(measures.share))};
      return {fmt::format("these works are only {} of what they like", percent(measures.share)),
              fmt::format("这些作品只占它们点赞的 {}", percent(measures.share))};
    case GroupTrait::timing: {
      const Both span = duration(measures.target_span_s);
      return {fmt::format("their likes are spread over time (the middle half of a work's over {})", span.en),
              fmt::format("它们的点赞在时间上是分散的（一个作品中间一半的点赞跨 {}）", span.zh)};
    }
    case GroupTrait::order:
      return {"they like the works in an order of their own", "它们各按自己的顺序点赞"};
    case GroupTrait::rhythm:
      return {"they are active at the hours people are", "它们活跃的时段与真人一致"};
    case GroupTrait::networks:
      return {
          fmt::format("they come from many networks ({} a network)", amount(measures.accounts_per_network, "account")),
          fmt::format("它们来自许多不同的网络（每个网络 {} 个账号）", readable(measures.accounts_per_network))};
    case GroupTrait::first_like:
      return {"the accounts had liked other works before", "这些账号此前已经给别的作品点过赞"};
  }
  return {};
}

void append_agreement(CaseWords& words, const engine::CaseSummary& summary) {
  words.en =
      fmt::format("{} liked the same {}", counted(summary.members, "account"), counted(summary.subjects, "work"));
  words.zh = fmt::format("{} 个账号给同样的 {} 个作品点了赞", grouped(summary.members), grouped(summary.subjects));
  const double participation = summary.measures.participation;
  if (participation > 0 && participation < nearly_all) {
    words.en += fmt::format(" (each {} of them on average)", percent(participation));
    words.zh += fmt::format("（平均每个账号赞过其中的 {}）", percent(participation));
  }
  if (!(summary.chance_log10 <= telling_chance_log10)) {
    words.en += "; so much agreement can also be chance.";
    words.zh += "；这样的一致也可能出于偶然。";
    return;
  }
  constexpr double least = -1e9;
  const auto exponent = static_cast<long>(std::ceil(std::max(summary.chance_log10, least)));
  words.en += fmt::format("; that so many agree by chance has a probability below 10^{}.", exponent);
  words.zh += fmt::format("；这么多账号碰巧如此一致的概率低于 10^{}。", exponent);
}

// The traits that weigh at least a little on one side, strongest first.
std::vector<GroupTrait> telling_traits(const engine::CaseSummary& summary, double sign, std::size_t most) {
  std::vector<integrity::TraitPoints> traits;
  for (const integrity::TraitPoints& trait : summary.traits)
    if (sign * trait.points >= worth_telling_points) traits.push_back(trait);
  std::stable_sort(traits.begin(), traits.end(),
                   [&](const auto& a, const auto& b) { return sign * a.points > sign * b.points; });
  std::vector<GroupTrait> found;
  for (const integrity::TraitPoints& trait : traits)
    if (found.size() < most) found.push_back(trait.trait);
  return found;
}

void append_traits(CaseWords& words, const engine::CaseSummary& summary, bool against) {
  const std::vector<GroupTrait> traits =
      telling_traits(summary, against ? 1 : -1, against ? reasons_against_max : reasons_for_max);
  if (traits.empty()) return;
  words.en += against ? " What points to one hand behind them: " : " What points to people: ";
  words.zh += against ? "像是由同一方操纵的迹象：" : "像是真人的迹象：";
  for (const GroupTrait trait : traits) {
    const Both said = against ? of_one_hand(trait, summary.measures) : of_people(trait, summary.measures);
    const bool last = trait == traits.back();
    words.en += said.en + (last ? "." : "; ");
    words.zh += said.zh + (last ? "。" : "；");
  }
}

void append_outcome(CaseWords& words, const engine::CaseSummary& summary) {
  switch (summary.standing) {
    case Standing::suspected:
      words.en += " Until this is settled their likes of these works wait and are not counted.";
      words.zh += "在有定论之前，它们给这些作品的点赞暂不计入。";
      break;
    case Standing::confirmed:
      words.en += " Their likes of these works do not count.";
      words.zh += "它们给这些作品的点赞不计入。";
      break;
    case Standing::cleared:
      words.en += " Their likes count.";
      words.zh += "它们的点赞照常计入。";
      break;
  }
  if (!summary.decided_by_people) return;
  words.en += " People have decided this.";
  words.zh += "这是人工复核的决定。";
}

}  // namespace

CaseWords words_of(const engine::CaseSummary& summary) {
  CaseWords words;
  append_agreement(words, summary);
  append_traits(words, summary, true);
  append_traits(words, summary, false);
  append_outcome(words, summary);
  return words;
}

std::string_view to_string(GroupTrait trait) {
  constexpr std::array<std::string_view, integrity::group_trait_count> names{
      "alike", "devices", "targets", "share", "timing", "order", "rhythm", "networks", "first_like"};
  return names.at(static_cast<std::size_t>(trait));
}

}  // namespace zan::api
