#include "integrity/model/like_inputs.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace zan::integrity::model {
namespace {

TEST(LikeInputs, EachIsAFeatureOnceAndIsAboutSomething) {
  std::set<std::uint32_t> seen;
  std::set<Topic> topics;
  for (const LikeInput& input : like_inputs()) {
    ASSERT_TRUE(describe(input.id).has_value()) << input.id.value;
    EXPECT_TRUE(seen.insert(input.id.value).second) << describe(input.id)->name;
    EXPECT_EQ(topic_of(input.id), input.topic);
    topics.insert(input.topic);
  }
  EXPECT_EQ(topics.size(), topic_count);
}

// A model that reads verdicts repeats them; and there is nothing here of who somebody is.
TEST(LikeInputs, NothingSaysWhoSomebodyIsOrWhatWasDecided) {
  for (const LikeInput& input : like_inputs()) {
    const FeatureText text = *describe(input.id);
    for (const char* word : {"held", "rejected", "verdict", "region", "name", "hour of", "gender", "language"})
      EXPECT_EQ(text.name.find(word), std::string::npos) << text.name;
  }
}

TEST(LikeInputs, AreReadAsTheStoreKnowsThem) {
  FeatureStore store(FeatureOptions::for_accounts(500, 3));
  ActView act{.actor = 1, .subject = 2, .creator = 3, .device = 4, .network = 5, .at_us = 1'700'000'000'000'000};
  for (int i = 0; i < 40; ++i) {
    act.actor = 1 + i % 3;
    act.subject = 2 + i % 7;
    act.at_us += 1'000'000;
    store.update(act);
  }
  std::vector<FeatureId> ids;
  for (std::size_t i = 0; i < feature_count(); ++i) ids.push_back(feature_at(i));  // more than fit one reading
  std::vector<float> row(ids.size());
  read_inputs(store, act, ids, row);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    double value = 0;
    store.read(act, {&ids[i], 1}, {&value, 1});
    EXPECT_EQ(row[i], static_cast<float>(value)) << describe(ids[i])->name;
  }
}

}  // namespace
}  // namespace zan::integrity::model
