// What the tests of Core share: a Core on a simulated disk that can lose power, and questions to it in words.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/core.h"
#include "engine/fake.h"

namespace zan::engine {

struct World {
  std::unique_ptr<storage::SimDisk> disk = storage::SimDisk::make(7);
  FakeClock clock;
  SeededEntropy entropy{11};
  CoreOptions options;
  std::unique_ptr<Core> core;

  explicit World(std::size_t memtable_acts_max = 1'000'000) {
    options.memtable_acts_max = memtable_acts_max;
    options.fan_in = 2;
    options.journal.segment_bytes = 1 << 16;
    options.journal.reserve_bytes = 1 << 12;
    open();
  }
  void open() {
    core.reset();
    auto opened = Core::open(*disk, clock, entropy, options);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    core = std::move(opened).value();
  }
  void crash() {
    core.reset();
    disk->crash();
    open();
  }
  Answer say(const std::vector<Said>& all) {
    Command command{engagement::ActBatch{}};
    for (const Said& said : all) add(std::get<engagement::ActBatch>(command.body), core->secret(), said);
    clock.now_us += 1000;
    auto answers = core->commit({&command, 1});
    EXPECT_TRUE(answers.front().ok()) << answers.front().error().message;
    if (core->full()) flush();
    return answers.front().ok() ? *answers.front() : Answer{};
  }
  void flush() {
    EXPECT_TRUE(core->flush().ok());
    core->freeze();
    EXPECT_TRUE(core->flush().ok());
    for (;;) {
      const auto more = core->compact({});
      ASSERT_TRUE(more.ok()) << more.error().message;
      if (!*more) return;
    }
  }
  std::uint64_t likes(const std::string& subject) { return core->reads().subject_counts(subject)->organic[0]; }
  engagement::ViewerState viewer(const std::string& user, const std::string& subject) {
    std::vector<engagement::Hydrated> out;
    EXPECT_TRUE(core->reads().hydrate(user, {subject}, out).ok());
    return out.at(0).viewer;
  }
  std::vector<PersonId> latest_likers(const std::string& subject) const {
    const auto likers = core->reads().latest_likers(subject);
    EXPECT_TRUE(likers.ok()) << likers.error().message;
    return likers.ok() ? *likers : std::vector<PersonId>{};
  }
  std::vector<PersonId> persons(const std::vector<std::string>& names) const {
    std::vector<PersonId> people;
    for (const std::string& name : names) people.push_back({id(storage::NameKind::person, name)});
    return people;
  }
  std::uint32_t id(storage::NameKind kind, const std::string& name) const {
    return core->registry().find(storage::name_hash(core->secret(), kind, name)).value;
  }
  std::vector<std::string> all_pages(bool of_user, const std::string& name, std::size_t limit) {
    std::vector<std::string> names;
    std::string cursor;
    do {
      const auto page =
          of_user ? core->reads().user_likes(name, limit, cursor) : core->reads().likers(name, limit, cursor);
      EXPECT_TRUE(page.ok());
      if (!page.ok()) break;
      for (const auto& item : page->items) names.push_back(item.name);
      cursor = page->next;
    } while (!cursor.empty());
    return names;
  }
  void expect_clean() {
    const auto findings = check(*core, [](double) {});
    ASSERT_TRUE(findings.ok()) << findings.error().message;
    for (const Finding& finding : *findings) ADD_FAILURE() << finding.what;
  }
};

}  // namespace zan::engine
