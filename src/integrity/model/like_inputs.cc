#include "integrity/model/like_inputs.h"

#include <algorithm>
#include <vector>

#include "base/require.h"

namespace zan::integrity::model {
namespace {

using enum Window;

constexpr std::array<std::string_view, topic_count> topic_words = {
    "how old the account is, what it did before, and from where",
    "the rhythm of its likes",
    "whether it watches what it likes",
    "what else comes from its device",
    "what else comes from its network",
    "how much and how fast the subject is liked and watched",
    "the creator's likes, and the account's among them",
    "what accounts are like that like from its device",
    "what accounts are like that like from its network",
    "what accounts are like that like this subject",
    "what accounts are like that like what it likes, rare subjects first",
};

constexpr std::array history = {Single::account_age_s, Single::account_idle_s, Single::account_likes,
                                Single::account_views, Single::device_new,     Single::network_new};
constexpr std::array rhythm = {Single::like_gap_s, Single::like_gap_log_mean, Single::like_gap_log_deviation};
constexpr std::array watching = {Single::likes_without_view_share, Single::viewed_before, Single::dwell_ms,
                                 Single::watch_share};

struct Counted {
  Topic topic;
  ActKind kind;
  CountKey key;
  std::array<bool, window_count> windows;  // 1m 5m 1h 6h 1d 7d 30d
};
constexpr std::array counted = {
    Counted{Topic::history, ActKind::like, CountKey::actor, {1, 1, 1, 0, 1, 1, 0}},
    Counted{Topic::history, ActKind::view, CountKey::actor, {0, 0, 1, 0, 1, 0, 0}},
    Counted{Topic::history, ActKind::follow, CountKey::actor, {0, 0, 0, 0, 1, 0, 0}},
    Counted{Topic::history, ActKind::comment, CountKey::actor, {0, 0, 0, 0, 1, 0, 0}},
    Counted{Topic::device, ActKind::like, CountKey::device, {0, 1, 1, 0, 1, 0, 0}},
    Counted{Topic::device, ActKind::like, CountKey::device_subject, {0, 0, 0, 0, 1, 0, 0}},
    Counted{Topic::network, ActKind::like, CountKey::network, {0, 1, 1, 0, 1, 0, 0}},
    Counted{Topic::network, ActKind::like, CountKey::network_subject, {0, 0, 1, 0, 1, 0, 0}},
    Counted{Topic::subject, ActKind::like, CountKey::subject, {1, 1, 1, 0, 1, 0, 1}},
    Counted{Topic::subject, ActKind::view, CountKey::subject, {0, 0, 1, 0, 1, 0, 0}},
    Counted{Topic::creator, ActKind::like, CountKey::creator, {0, 0, 1, 0, 1, 0, 0}},
    Counted{Topic::creator, ActKind::like, CountKey::actor_creator, {0, 0, 0, 0, 1, 0, 1}},
};

struct Different {
  Topic topic;
  Relation relation;
  Window window;
};
constexpr std::array different = {
    Different{Topic::history, Relation::devices_of_actor, d30},
    Different{Topic::history, Relation::networks_of_actor, d30},
    Different{Topic::device, Relation::actors_of_device, h1},
    Different{Topic::device, Relation::actors_of_device, d1},
    Different{Topic::device, Relation::actors_of_device, d30},
    Different{Topic::network, Relation::actors_of_network, d1},
    Different{Topic::network, Relation::actors_of_network, d30},
};

constexpr std::array around_topics = {Topic::around_device, Topic::around_network, Topic::around_subject,
                                      Topic::around_taste};

std::vector<LikeInput> make_inputs() {
  std::vector<LikeInput> inputs;
  const auto add_singles = [&](Topic topic, const auto& singles) {
    for (const Single single : singles) inputs.push_back({feature(single), topic});
  };
  add_singles(Topic::history, history);
  add_singles(Topic::rhythm, rhythm);
  add_singles(Topic::watching, watching);
  for (const Counted& count : counted)
    for (std::size_t w = 0; w < window_count; ++w)
      if (count.windows[w])
        inputs.push_back({count_feature(count.kind, count.key, static_cast<Window>(w)), count.topic});
  for (const Different& count : different)
    inputs.push_back({distinct_feature(count.relation, count.window), count.topic});
  for (std::size_t around = 0; around < around_count; ++around)
    for (std::size_t i = 0; i < 2 * trait_count; ++i)
      inputs.push_back({neighbour_feature(static_cast<Around>(around), static_cast<Trait>(i / 2), i % 2 != 0),
                        around_topics[around]});
  return inputs;
}

}  // namespace

std::string_view describe(Topic topic) {
  return topic_words[static_cast<std::size_t>(topic)];
}

std::span<const LikeInput> like_inputs() {
  static const std::vector<LikeInput> inputs = make_inputs();
  return inputs;
}

Topic topic_of(FeatureId id) {
  for (const LikeInput& input : like_inputs())
    if (input.id == id) return input.topic;
  return Topic::history;
}

void read_inputs(const FeatureStore& store, const ActView& like, std::span<const FeatureId> features,
                 std::span<float> row) {
  require(features.size() == row.size(), "a value for each feature");
  std::array<double, 128> values;
  for (std::size_t from = 0; from < features.size(); from += values.size()) {
    const std::size_t count = std::min(values.size(), features.size() - from);
    store.read(like, features.subspan(from, count), std::span(values).first(count));
    for (std::size_t i = 0; i < count; ++i) row[from + i] = static_cast<float>(values[i]);
  }
}

}  // namespace zan::integrity::model
