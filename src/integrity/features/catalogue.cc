#include "integrity/features/catalogue.h"

#include <algorithm>
#include <array>

#include "base/require.h"

namespace zan::integrity {
namespace {

struct Word {
  std::string_view name, english, chinese;
};

constexpr std::array<Word, act_kind_count> kinds = {{
    {"like", "likes", "点赞"},
    {"view", "views", "观看"},
    {"follow", "follows", "关注"},
    {"comment", "comments", "评论"},
    {"share", "shares", "分享"},
    {"other", "other acts", "其他行为"},
}};

constexpr std::array<Word, count_key_count> keys = {{
    {"actor", "by the actor", "该账号"},
    {"subject", "on the subject", "对该作品"},
    {"creator", "on the creator's subjects", "对该创作者"},
    {"device", "from the device", "该设备"},
    {"network", "from the network", "该网络"},
    {"actor_creator", "by the actor on the creator's subjects", "该账号对该创作者"},
    {"device_subject", "from the device on the subject", "该设备对该作品"},
    {"network_subject", "from the network on the subject", "该网络对该作品"},
    {"device_network", "from the device in the network", "该设备在该网络"},
}};

constexpr std::array<Word, relation_count> relations = {{
    {"actor, device", "actors on the device", "该设备上的账号数"},
    {"actor, network", "actors in the network", "该网络中的账号数"},
    {"subject, actor", "subjects the actor liked", "该账号点赞的作品数"},
    {"device, actor", "devices of the actor", "该账号的设备数"},
    {"network, actor", "networks of the actor", "该账号的网络数"},
    {"actor, subject", "actors who liked the subject", "点赞该作品的账号数"},
}};

constexpr std::array<Word, window_count> windows = {{
    {"1m", "the last minute", "最近1分钟"},
    {"5m", "the last 5 minutes", "最近5分钟"},
    {"1h", "the last hour", "最近1小时"},
    {"6h", "the last 6 hours", "最近6小时"},
    {"1d", "the last day", "最近1天"},
    {"7d", "the last 7 days", "最近7天"},
    {"30d", "the last 30 days", "最近30天"},
}};

constexpr std::array<Word, around_count> arounds = {{
    {"device", "from the device", "该设备近期点赞账号"},
    {"network", "from the network", "该网络近期点赞账号"},
    {"subject", "on the subject", "该作品近期点赞账号"},
    {"actor", "on what the actor likes, rare subjects first", "与该账号点赞相同冷门作品的账号"},
}};

struct TraitWord {
  std::string_view name, english, chinese;
  Unit unit;
};
constexpr std::array<TraitWord, trait_count> traits = {{
    {"likes", "the logarithm of their accounts' likes", "点赞数对数", Unit::log_count},
    {"age", "the logarithm of their accounts' age in seconds", "账号年龄秒数对数", Unit::log_seconds},
    {"rhythm", "the deviation of their accounts' rhythm", "点赞节奏标准差", Unit::log_seconds},
    {"unviewed", "their accounts' share of likes without a view", "未观看即点赞比例", Unit::share},
    {"crowding", "the logarithm of the accounts on their devices", "设备账号数对数", Unit::log_count},
}};

constexpr std::array<Window, 3> distinct_span = {Window::h1, Window::d1, Window::d30};

constexpr std::array<FeatureInfo, single_count> singles = {{
    {feature(Single::account_age_s), "account_age_s", Unit::seconds, "since the account was first seen acting; 0: new",
     "账号首次出现至今的秒数，0 表示首次出现"},
    {feature(Single::account_idle_s), "account_idle_s", Unit::seconds,
     "since the account's last act; -1: none is known", "距账号上次行为的秒数，-1 表示未知"},
    {feature(Single::account_likes), "account_likes", Unit::count, "likes of the account that are remembered",
     "账号累计点赞数"},
    {feature(Single::account_views), "account_views", Unit::count, "views of the account that are remembered",
     "账号累计观看数"},
    {feature(Single::like_gap_s), "like_gap_s", Unit::seconds, "since the account's last like; -1: none",
     "距账号上次点赞的秒数，-1 表示没有"},
    {feature(Single::like_gap_log_mean), "like_gap_log_mean", Unit::log_seconds,
     "mean of the logarithm of the seconds between likes, the latest weighing most", "点赞间隔秒数对数的滑动平均"},
    {feature(Single::like_gap_log_deviation), "like_gap_log_deviation", Unit::log_seconds,
     "deviation of the same; near zero for a script's even beat", "点赞间隔秒数对数的滑动标准差，脚本接近 0"},
    {feature(Single::likes_without_view_share), "likes_without_view_share", Unit::share,
     "share of the account's likes on what it had not just watched", "未先观看就点赞的比例"},
    {feature(Single::viewed_before), "viewed_before", Unit::flag,
     "1: the subject is among the last four the account watched", "1 表示作品在账号最近观看的四个之中"},
    {feature(Single::dwell_ms), "dwell_ms", Unit::milliseconds,
     "how long the account watched the subject before; -1: not known", "此前观看该作品的毫秒数，-1 表示未知"},
    {feature(Single::device_new), "device_new", Unit::flag,
     "1: the account was not seen on this device; 0.5: it has too many to tell",
     "1 表示账号首次使用该设备，0.5 表示设备过多无法判断"},
    {feature(Single::network_new), "network_new", Unit::flag,
     "1: the account was not seen in this network; 0.5: it has too many to tell",
     "1 表示账号首次使用该网络，0.5 表示网络过多无法判断"},
    {feature(Single::watch_ms), "watch_ms", Unit::milliseconds, "how long was watched, as the act says",
     "本次行为上报的观看毫秒数"},
    {feature(Single::watch_share), "watch_share", Unit::share,
     "what was watched of the whole length, as the act says; 0: not said", "本次观看占总时长的比例，0 表示未上报"},
}};

FeatureText text_of(const FeatureInfo& info) {
  return {std::string(info.name), info.unit, std::string(info.english), std::string(info.chinese)};
}

FeatureText text_of_count(std::size_t kind, std::size_t key, std::size_t window) {
  const Word &what = kinds[kind], &of = keys[key], &when = windows[window];
  FeatureText text{.unit = Unit::count};
  text.name.append("count(").append(what.name).append(", ").append(of.name).append(", ").append(when.name).append(")");
  text.english.append(what.english).append(" ").append(of.english).append(" within ").append(when.english);
  text.chinese.append(when.chinese).append(of.chinese).append("的").append(what.chinese).append("次数");
  return text;
}

FeatureText text_of_distinct(std::size_t relation, std::size_t window) {
  const Word &what = relations[relation], &when = windows[window];
  FeatureText text{.unit = Unit::count};
  text.name.append("distinct(").append(what.name).append(", ").append(when.name).append(")");
  text.english.append("different ").append(what.english).append(" within ").append(when.english);
  text.chinese.append(when.chinese).append(what.chinese);
  return text;
}

FeatureText text_of_neighbours(std::size_t around, std::size_t trait, bool spread) {
  const Word& whose = arounds[around];
  const TraitWord& what = traits[trait];
  FeatureText text{.unit = what.unit};
  text.name.append("neighbours(").append(whose.name).append(", ").append(what.name);
  text.name.append(spread ? ", spread)" : ")");
  text.english.append("of the latest likes ").append(whose.english).append(": ");
  text.english.append(spread ? "how far apart lies " : "the mean of ").append(what.english);
  text.english.append("; -1: none are known");
  text.chinese.append(whose.chinese).append("的").append(what.chinese).append(spread ? "的离散程度" : "的均值");
  text.chinese.append("，-1 表示未知");
  return text;
}

std::string without_spaces(std::string_view text) {
  std::string rest(text);
  std::erase(rest, ' ');
  return rest;
}

}  // namespace

std::span<const FeatureInfo> single_features() {
  return singles;
}

std::optional<FeatureText> describe(FeatureId id) {
  const std::size_t first = id.value >> 16 & 0xff, second = id.value >> 8 & 0xff, window = id.value & 0xff;
  switch (id.value >> 24) {
    case 0:
      if (id.value >= single_count) return std::nullopt;
      return text_of(singles[id.value]);
    case 1:
      if (first >= act_kind_count || second >= count_key_count || window >= window_count) return std::nullopt;
      return text_of_count(first, second, window);
    case 2:
      if (first >= relation_count || second != 0 || window >= window_count) return std::nullopt;
      if (std::find(distinct_span.begin(), distinct_span.end(), static_cast<Window>(window)) == distinct_span.end())
        return std::nullopt;
      return text_of_distinct(first, window);
    case 3:
      if (first >= around_count || second >= trait_count || window > 1) return std::nullopt;
      return text_of_neighbours(first, second, window == 1);
    default:
      return std::nullopt;
  }
}

std::optional<FeatureId> feature_named(std::string_view name) {
  const std::string wanted = without_spaces(name);
  for (std::size_t i = 0; i < feature_count(); ++i) {
    const FeatureId id = feature_at(i);
    if (without_spaces(describe(id)->name) == wanted) return id;
  }
  return std::nullopt;
}

std::size_t feature_count() {
  return single_count + act_kind_count * count_key_count * window_count + relation_count * distinct_span.size() +
         around_count * trait_count * 2;
}

FeatureId feature_at(std::size_t index) {
  require(index < feature_count(), "index of a feature");
  if (index < single_count) return singles[index].id;
  index -= single_count;
  if (index < act_kind_count * count_key_count * window_count) {
    return count_feature(static_cast<ActKind>(index / window_count / count_key_count),
                         static_cast<CountKey>(index / window_count % count_key_count),
                         static_cast<Window>(index % window_count));
  }
  index -= act_kind_count * count_key_count * window_count;
  if (index < relation_count * distinct_span.size()) {
    return distinct_feature(static_cast<Relation>(index / distinct_span.size()),
                            distinct_span[index % distinct_span.size()]);
  }
  index -= relation_count * distinct_span.size();
  return neighbour_feature(static_cast<Around>(index / 2 / trait_count), static_cast<Trait>(index / 2 % trait_count),
                           index % 2 != 0);
}

}  // namespace zan::integrity
