// What the learned scorer looks at of a like.
//
// like_inputs() is the whole list of what a model may look at: how the account, its device and network, the subject and its creator
// were used before, and what the accounts around them are like. Not among them: who somebody is (names, age, sex, region, language,
// consent: an ActView has none of it), whom they follow, the time of day (night shifts are no crime), and any verdict: a model that
// reads verdicts repeats them, and one that was overturned would live on in it.
//
// Training shows the journal to an Intake and reads these features where the like was judged, with what was known then; serving is the
// Intake reading the features that the model names. A test compares both rows bit for bit.
//
// Threads: plain functions.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "integrity/features/feature_store.h"

namespace zan::integrity::model {

// What inputs are about, for people.
enum class Topic : std::uint8_t {
  history,
  rhythm,
  watching,
  device,
  network,
  subject,
  creator,
  around_device,
  around_network,
  around_subject,
  around_taste,
};
inline constexpr std::size_t topic_count = 11;
std::string_view describe(Topic topic);

struct LikeInput {
  FeatureId id;
  Topic topic = Topic::history;
};
std::span<const LikeInput> like_inputs();
// Of a feature that is no input: history.
Topic topic_of(FeatureId id);

// REQUIRES: as many values as features.
void read_inputs(const FeatureStore& store, const ActView& like, std::span<const FeatureId> features,
                 std::span<float> row);

}  // namespace zan::integrity::model
