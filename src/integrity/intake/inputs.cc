#include "integrity/intake/inputs.h"

#include <array>
#include <optional>

#include "base/require.h"

namespace zan::integrity {
namespace {

using rules::CounterForm;
using rules::Key;
using rules::keys_of;
using rules::Type;

struct Plain {
  const char* name;
  Type type;
  const char* english;
  const char* chinese;
  InputPlace place;
};

constexpr InputPlace single(Single which, double scale = 1) {
  return {IntakeInput::feature, feature(which), scale};
}
constexpr InputPlace own(IntakeInput which) {
  return {which, {}, 1};
}

constexpr double ms_per_s = 1000;

constexpr std::array plain = {
    Plain{"account_age", Type::duration, "since the account was first seen acting", "账号首次出现至今",
          single(Single::account_age_s, ms_per_s)},
    Plain{"account_idle", Type::duration, "since the account's last act; negative: none is known", "距账号上次行为",
          single(Single::account_idle_s, ms_per_s)},
    Plain{"account_likes", Type::integer, "likes of the account that are remembered", "账号累计点赞数",
          single(Single::account_likes)},
    Plain{"account_views", Type::integer, "views of the account that are remembered", "账号累计观看数",
          single(Single::account_views)},
    Plain{"account_held", Type::integer, "likes of the account that are held now", "账号当前被暂缓的点赞数",
          own(IntakeInput::account_held)},
    Plain{"account_rejected", Type::integer, "likes of the account that are rejected now", "账号当前被否决的点赞数",
          own(IntakeInput::account_rejected)},
    Plain{"like_gap", Type::duration, "since the account's last like; negative: none", "距账号上次点赞",
          single(Single::like_gap_s, ms_per_s)},
    Plain{"like_gap_log_mean", Type::number, "mean of the logarithm of the seconds between likes", "点赞间隔对数均值",
          single(Single::like_gap_log_mean)},
    Plain{"like_gap_log_deviation", Type::number, "deviation of the same; near zero for a script's even beat",
          "点赞间隔对数标准差", single(Single::like_gap_log_deviation)},
    Plain{"likes_without_view_share", Type::number, "share of likes on what it had not just watched",
          "未先观看就点赞的比例", single(Single::likes_without_view_share)},
    Plain{"viewed_before", Type::boolean, "the subject is among the last four the account watched",
          "作品在账号最近观看的四个之中", single(Single::viewed_before)},
    Plain{"dwell", Type::duration, "how long the account watched the subject before; negative: not known",
          "此前观看该作品的时长", single(Single::dwell_ms)},
    Plain{"watch", Type::duration, "how long was watched, as the act says", "本次上报的观看时长",
          single(Single::watch_ms)},
    Plain{"watch_share", Type::number, "what was watched of the whole length, as the act says", "本次观看占比",
          single(Single::watch_share)},
    Plain{"device_new", Type::number, "1: the account was not seen on this device; 0.5: too many to tell",
          "首次使用该设备", single(Single::device_new)},
    Plain{"network_new", Type::number, "1: the account was not seen in this network; 0.5: too many to tell",
          "首次使用该网络", single(Single::network_new)},
    Plain{"observed", Type::duration, "since the first act that was ever counted here: before, nobody is known",
          "系统开始计数至今", own(IntakeInput::observed_ms)},
    Plain{"is_like", Type::boolean, "the act is a like", "该行为是点赞", own(IntakeInput::is_like)},
    Plain{"is_dislike", Type::boolean, "the act is a dislike", "该行为是点踩", own(IntakeInput::is_dislike)},
    Plain{"is_follow", Type::boolean, "the act is a follow", "该行为是关注", own(IntakeInput::is_follow)},
    Plain{"has_device", Type::boolean, "the act names a device", "该行为带有设备", own(IntakeInput::has_device)},
    Plain{"has_network", Type::boolean, "the act names a network", "该行为带有网络", own(IntakeInput::has_network)},
};

constexpr std::array<const char*, act_kind_count> kind_words = {"like", "view", "follow", "comment", "share", "other"};

constexpr std::array<rules::Keys, count_key_count> count_keys = {
    keys_of(Key::actor),
    keys_of(Key::subject),
    keys_of(Key::creator),
    keys_of(Key::device),
    keys_of(Key::network),
    keys_of(Key::actor, Key::creator),
    keys_of(Key::device, Key::subject),
    keys_of(Key::network, Key::subject),
    keys_of(Key::device, Key::network),
};

struct Distinct {
  const char* word;
  Key key;
};
constexpr std::array<Distinct, relation_count> distincts = {{{"actor", Key::device},
                                                             {"actor", Key::network},
                                                             {"subject", Key::actor},
                                                             {"device", Key::actor},
                                                             {"network", Key::actor},
                                                             {"actor", Key::subject}}};

constexpr rules::Windows distinct_span = 1U << static_cast<unsigned>(Window::h1) |
                                         1U << static_cast<unsigned>(Window::d1) |
                                         1U << static_cast<unsigned>(Window::d30);
// Counts of likes are fetched beforehand for a like; others, and sketches, are misses of the cache.
constexpr std::uint32_t cost_plain = 2, cost_like_count = 5, cost_count = 25, cost_distinct = 15;

rules::Catalogue make_catalogue() {
  rules::Catalogue catalogue;
  for (const Plain& info : plain)
    catalogue.features.push_back({info.name, info.type, "", info.english, info.chinese, cost_plain});
  for (std::size_t kind = 0; kind < act_kind_count; ++kind)
    for (const rules::Keys keys : count_keys)
      catalogue.counters.push_back(
          {CounterForm::count, kind_words[kind], keys, rules::all_windows, kind == 0 ? cost_like_count : cost_count});
  for (const Distinct& distinct : distincts)
    catalogue.counters.push_back(
        {CounterForm::distinct, distinct.word, keys_of(distinct.key), distinct_span, cost_distinct});
  return catalogue;
}

}  // namespace

const rules::Catalogue& intake_catalogue() {
  static const rules::Catalogue catalogue = make_catalogue();
  return catalogue;
}

InputPlace place_of(const rules::FeatureRef& feature) {
  if (!feature.is_counter) {
    require(feature.index < plain.size(), "a feature of the intake's catalogue");
    return plain[feature.index].place;
  }
  const auto window = static_cast<Window>(feature.window);
  constexpr std::size_t counts = act_kind_count * count_key_count;
  if (feature.index < counts) {
    const auto kind = static_cast<ActKind>(feature.index / count_key_count);
    const auto key = static_cast<CountKey>(feature.index % count_key_count);
    return {IntakeInput::feature, count_feature(kind, key, window), 1};
  }
  require(feature.index - counts < relation_count, "a counter of the intake's catalogue");
  return {IntakeInput::feature, distinct_feature(static_cast<Relation>(feature.index - counts), window), 1};
}

}  // namespace zan::integrity
