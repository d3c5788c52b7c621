#include "engine/model_shelf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core_world.h"

namespace zan::engine {
namespace {

using integrity::model::Model;
using integrity::model::ModelVersion;
using testing::HasSubstr;

Model model_of(float value, const char* feature = "account_likes") {
  Model model;
  model.features = {feature};
  model.calibration = {{0, 0.5F}};
  model.trees = {{{true, false, 0, value}}};
  return model;
}

struct Shelf {
  World world;
  storage::Disk& disk() { return world.core->disk(); }
  ModelShelf open() {
    auto shelf = ModelShelf::open_to_change(disk());
    require(shelf.ok(), "a shelf of a test opens");
    return std::move(*shelf);
  }
  std::uint32_t put(float value) {
    ModelShelf shelf = open();
    ModelVersion facts;
    facts.by = "ann\n";
    const auto version = shelf.put(model_of(value), facts);
    EXPECT_TRUE(version.ok() && shelf.activate(*version, {1'000'000}, "ann").ok());
    return version.ok() ? *version : 0;
  }
  void damage(const std::string& path) {
    Bytes bytes = *storage::read_file(disk(), path);
    bytes[bytes.size() / 2] ^= std::byte{1};
    ASSERT_TRUE(storage::write_file(disk(), path, bytes).ok());
  }
  std::vector<std::string> findings() {
    std::vector<std::string> all;
    const auto found = check(*world.core, [](double) {});
    EXPECT_TRUE(found.ok());
    for (const Finding& finding : *found) all.push_back(finding.what);
    return all;
  }
};

TEST(ModelShelf, AFolderWithoutModelsHasNone) {
  Shelf shelf;
  const auto empty = ModelShelf::open(shelf.disk());
  ASSERT_TRUE(empty.ok());
  EXPECT_EQ(empty->manifest().active(), 0U);
  EXPECT_FALSE(empty->active()->has_value());
  EXPECT_EQ(empty->read(1).error().kind, ErrorKind::not_found);
  EXPECT_TRUE(model_files(shelf.disk())->empty());
  EXPECT_THAT(shelf.findings(), testing::IsEmpty());
}

TEST(ModelShelf, KeepsVersionsAndWhichOneServes) {
  Shelf shelf;
  EXPECT_EQ(shelf.put(1), 1U);
  EXPECT_EQ(shelf.put(2), 2U);
  EXPECT_EQ(shelf.put(1), 1U) << "the same model again";
  ModelShelf again = shelf.open();
  EXPECT_EQ(again.manifest().versions.size(), 2U);
  EXPECT_EQ(again.manifest().versions[0].by, "ann");
  EXPECT_EQ(again.active()->value(), model_of(1));
  EXPECT_EQ(again.manifest().before_active(), 2U);
  ASSERT_TRUE(again.activate(0, {2'000'000}, "bob").ok());
  EXPECT_FALSE(ModelShelf::open(shelf.disk())->active()->has_value());
  EXPECT_EQ(again.activate(3, {}, "").error().kind, ErrorKind::not_found);
  EXPECT_EQ(model_files(shelf.disk())->size(), 3U);
}

TEST(ModelShelf, OnlyOneChangesItAtATime) {
  Shelf shelf;
  const ModelShelf first = shelf.open();
  EXPECT_EQ(ModelShelf::open_to_change(shelf.disk()).error().kind, ErrorKind::conflict);
  EXPECT_TRUE(ModelShelf::open(shelf.disk()).ok());
}

TEST(ModelShelf, DamageIsFoundAndDoesNotServe) {
  Shelf shelf;
  shelf.put(1);
  shelf.put(2);
  const std::string path = model_path(ModelShelf::open(shelf.disk())->manifest().versions[0].digest);
  shelf.damage(path);
  EXPECT_THAT(shelf.findings(), testing::ElementsAre(HasSubstr("model 1 is damaged, " + path)));
  ModelShelf changed = shelf.open();
  EXPECT_EQ(changed.activate(1, {}, "").error().kind, ErrorKind::corrupt);
  EXPECT_EQ(changed.manifest().active(), 2U);
  ASSERT_TRUE(shelf.disk().remove(path).ok());
  EXPECT_THAT(shelf.findings(), testing::ElementsAre(HasSubstr("model 1 is missing")));
  shelf.damage(models_manifest_path);
  EXPECT_THAT(shelf.findings(), testing::ElementsAre(HasSubstr("the list of models is damaged")));
  EXPECT_EQ(ModelShelf::open(shelf.disk()).error().kind, ErrorKind::corrupt);
}

// Well made, listed and hostile all the same: it asks for what nobody counts.
TEST(ModelShelf, AModelThatAsksForWhatDoesNotExistDoesNotServe) {
  Shelf shelf;
  ModelShelf open = shelf.open();
  const auto version = open.put(model_of(1, "the account's name"), {});
  ASSERT_TRUE(version.ok());
  EXPECT_THAT(open.activate(*version, {}, "").error().message, HasSubstr("the account's name"));
  EXPECT_THAT(shelf.findings(), testing::ElementsAre(HasSubstr("does not exist")));
}

TEST(ModelShelf, PowerLostMeansTheOldListOrTheNew) {
  Shelf shelf;
  shelf.put(1);
  shelf.put(2);
  shelf.world.crash();
  EXPECT_EQ(ModelShelf::open(shelf.disk())->active()->value(), model_of(2));
  EXPECT_THAT(shelf.findings(), testing::IsEmpty());
}

}  // namespace
}  // namespace zan::engine
