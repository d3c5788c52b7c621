#include "audience/catalogue/rule.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <utility>

namespace zan::audience {
namespace {

using engagement::ActType;

struct MeasureWords {
  Measure measure;
  const char* name;
  const char*
      en;  // {c}: category, {a}: acts, {b}: among, {d}: days, {f} {t}: hours, {h}: half-life in days, {p}: attribute
  const char* zh;
};

constexpr std::array<MeasureWords, 19> measures = {{
    {Measure::interest, "interest",
     "points for what you did with {c} (an act of {h} days ago counts half; like 3, comment 3, share 4, watched "
     "through 2, view 0.5; a dislike or a like taken back -3)",
     "您在“{c}”内容上的行为得分（{h} 天前的行为减半；点赞 3、评论 3、分享 4、看完 2、观看 0.5；不喜欢或取消赞 -3）"},
    {Measure::aversion, "aversion", "dislikes of {c} (one of {h} days ago counts half)",
     "您对“{c}”内容点“不喜欢”的次数（{h} 天前的减半）"},
    {Measure::acts, "acts", "number of your acts ({a}), where one of {h} days ago counts half",
     "您的行为次数（{a}；{h} 天前的减半）"},
    {Measure::act_share, "act_share", "percent of your acts ({a}) among ({b}), where one of {h} days ago counts half",
     "您的行为（{a}）占（{b}）的百分比（{h} 天前的减半）"},
    {Measure::active_days, "active_days", "days on which you were active among the last {d}",
     "最近 {d} 天中您活跃的天数"},
    {Measure::known_days, "known_days", "days since your first act", "距您第一次行为的天数"},
    {Measure::idle_days, "idle_days", "days since your last act", "距您最近一次行为的天数"},
    {Measure::gap_days, "gap_days", "days without you before your last visit", "您最近一次回来之前离开的天数"},
    {Measure::hour_share, "hour_share", "percent of your acts from {f}:00 to {t}:00",
     "您在 {f}:00 至 {t}:00 的行为百分比"},
    {Measure::weekend_share, "weekend_share", "percent of your acts on Saturdays and Sundays", "您在周末的行为百分比"},
    {Measure::watch_share, "watch_share", "percent of the videos' length that you watched", "您观看视频时长的百分比"},
    {Measure::session_minutes, "session_minutes", "mean minutes of your visits", "您每次访问的平均分钟数"},
    {Measure::session_acts, "session_acts", "mean number of acts in your visits", "您每次访问的平均行为数"},
    {Measure::sessions, "sessions", "number of your visits, where one of {h} days ago counts half",
     "您的访问次数（{h} 天前的减半）"},
    {Measure::following, "following", "creators you follow", "您关注的创作者数"},
    {Measure::first_day, "first_day", "the day of your first act", "您第一次行为的日期"},
    {Measure::last_day, "last_day", "the day of your last act", "您最近一次行为的日期"},
    {Measure::region, "region", "the region that your last act named", "您最近一次行为所带的地区"},
    {Measure::attribute, "attribute", "what was declared for you as {p}", "为您声明的 {p}"},
}};

constexpr std::array<ActType, 10> act_types = {
    ActType::like,    ActType::unlike, ActType::dislike,  ActType::view,  ActType::complete,
    ActType::comment, ActType::follow, ActType::unfollow, ActType::share, ActType::profile_visit};
constexpr std::array<const char*, 10> act_words_zh = {"点赞", "取消赞", "不喜欢", "观看", "看完",
                                                      "评论", "关注",   "取关",   "分享", "访问主页"};

std::string words_of(const std::vector<ActType>& acts, Tongue tongue) {
  std::string out;
  for (const ActType act : acts) {
    if (!out.empty()) out += tongue == Tongue::en ? ", " : "、";
    out += tongue == Tongue::en ? engagement::to_string(act) : act_words_zh[static_cast<std::size_t>(act) - 1];
  }
  return out;
}

std::string bounds(const Condition& condition, Tongue tongue) {
  const bool low = std::isfinite(condition.at_least), high = std::isfinite(condition.at_most);
  const bool en = tongue == Tongue::en;
  if (low && high)
    return fmt::format(fmt::runtime(en ? ": {:g} to {:g}" : "：{:g} 至 {:g}"), condition.at_least, condition.at_most);
  if (low) return fmt::format(fmt::runtime(en ? ": at least {:g}" : "：至少 {:g}"), condition.at_least);
  if (high) return fmt::format(fmt::runtime(en ? ": at most {:g}" : "：至多 {:g}"), condition.at_most);
  return {};
}

}  // namespace

const char* to_string(Measure measure) {
  return measures[static_cast<std::size_t>(measure)].name;
}

std::optional<Measure> measure_of(std::string_view name) {
  for (const MeasureWords& words : measures)
    if (name == words.name) return words.measure;
  return std::nullopt;
}

std::vector<std::string_view> measure_names() {
  std::vector<std::string_view> names;
  for (const MeasureWords& words : measures) names.emplace_back(words.name);
  return names;
}

std::optional<ActType> act_type_of(std::string_view name) {
  for (const ActType type : act_types)
    if (name == engagement::to_string(type)) return type;
  return std::nullopt;
}

std::string explain(const Condition& condition, std::string_view category, const HalfLives& half, Tongue tongue) {
  const MeasureWords& words = measures[static_cast<std::size_t>(condition.measure)];
  const bool of_category = condition.measure == Measure::interest || condition.measure == Measure::aversion;
  const std::string text = fmt::format(
      fmt::runtime(tongue == Tongue::en ? words.en : words.zh), fmt::arg("c", category),
      fmt::arg("a", words_of(condition.acts, tongue)), fmt::arg("b", words_of(condition.among, tongue)),
      fmt::arg("d", condition.days), fmt::arg("f", condition.hour_from), fmt::arg("t", condition.hour_to),
      fmt::arg("h", of_category ? half.interests_days : half.habits_days), fmt::arg("p", condition.attribute));
  return text + bounds(condition, tongue);
}

}  // namespace zan::audience
