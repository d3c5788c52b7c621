#include "integrity/rule_change.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "integrity/rules/sim_catalogue.h"

namespace zan::integrity {
namespace {

using rules::ChangeKind;
using rules::RuleBook;

Bytes record_of(const RuleChange& change) {
  Bytes record;
  put_rule_change(record, change);
  return record;
}

RuleChange addition() {
  return {ChangeKind::add, *rules::id_of_text(rules::sim_rules), "ops", "bursts", std::string(rules::sim_rules)};
}

TEST(RuleChange, EveryCutAndATrailingByteAreCorrupt) {
  RuleChange change = addition();
  change.text = "# no rules";
  const Bytes record = record_of(change);
  for (std::size_t size = 0; size < record.size(); ++size) {
    const auto read = read_rule_change(ByteSpan(record).first(size));
    ASSERT_FALSE(read.ok()) << size;
    EXPECT_EQ(read.error().kind, ErrorKind::corrupt);
  }
  Bytes longer = record;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(read_rule_change(longer).ok());
}

TEST(RuleChange, WhatNoWriterWritesIsCorrupt) {
  const auto corrupted = [](auto&& change_it) {
    RuleChange change{ChangeKind::activate, {{1, 2}}, "ops", "why", {}};
    change_it(change);
    return !read_rule_change(record_of(change)).ok();
  };
  EXPECT_FALSE(corrupted([](RuleChange&) {}));
  EXPECT_TRUE(corrupted([](RuleChange& change) { change.who.clear(); }));
  EXPECT_TRUE(corrupted([](RuleChange& change) { change.why.clear(); }));
  EXPECT_TRUE(corrupted([](RuleChange& change) { change.why.assign(rules::note_bytes_max + 1, 'x'); }));
  EXPECT_TRUE(corrupted([](RuleChange& change) { change.text = "rule"; }));
  EXPECT_TRUE(corrupted([](RuleChange& change) { change.kind = static_cast<ChangeKind>(5); }));
  EXPECT_TRUE(corrupted([](RuleChange& change) {
    change.kind = ChangeKind::add;
    change.text.assign(rules::Limits{}.text_bytes + 1, ' ');
  }));
  EXPECT_FALSE(corrupted([](RuleChange& change) {
    change.kind = ChangeKind::add;
    change.text.assign(rules::Limits{}.text_bytes, ' ');
  }));
}

RC_GTEST_PROP(RuleChange, IsReadAsItWasWritten, (const std::string& who, const std::string& why, unsigned char kind)) {
  RuleChange change{static_cast<ChangeKind>(kind % 5), {{7, 8}}, "a" + who, "b" + why, {}};
  if (change.kind == ChangeKind::add) change.text = who + why;
  const auto read = read_rule_change(record_of(change));
  RC_ASSERT(read.ok());
  RC_ASSERT(*read == change);
}

TEST(RuleChange, ABookIsItsChangesInOrder) {
  RuleBook decided;
  const RuleChange add = addition();
  ASSERT_TRUE(decided.add(add.text, rules::sim_environment(), {"ops", 5, "bursts"}).ok());
  ASSERT_TRUE(decided.shadow(add.id, rules::sim_environment(), {"ops", 6, "look"}).ok());
  ASSERT_TRUE(decided.activate(add.id, rules::sim_environment(), {"ops", 7, "go"}).ok());
  ASSERT_TRUE(decided.unshadow(add.id, {"ops", 8, "seen"}).ok());
  ASSERT_TRUE(decided.deactivate({"ops", 9, "too many"}).ok());
  RuleBook told;
  ASSERT_TRUE(take_over(told, add, 5'999).ok());
  for (const auto& entry : std::span(decided.history()).subspan(1))
    ASSERT_TRUE(
        take_over(told, {entry.kind, entry.id, entry.change.who, entry.change.why, {}}, entry.change.when_ms * 1000)
            .ok());
  EXPECT_EQ(told, decided);
}

TEST(RuleChange, ABookRefusesWhatCannotHaveBeenDecided) {
  RuleBook book;
  const RuleChange add = addition();
  const auto of = [&](ChangeKind kind) { return RuleChange{kind, add.id, "ops", "why", {}}; };
  for (const ChangeKind kind : {ChangeKind::activate, ChangeKind::deactivate, ChangeKind::shadow, ChangeKind::unshadow})
    EXPECT_EQ(take_over(book, of(kind), 1).error().kind, ErrorKind::corrupt);
  ASSERT_TRUE(take_over(book, add, 1).ok());
  ASSERT_TRUE(take_over(book, of(ChangeKind::shadow), 2).ok());
  const RuleBook before = book;
  EXPECT_FALSE(take_over(book, add, 3).ok());
  EXPECT_FALSE(take_over(book, of(ChangeKind::shadow), 3).ok());
  EXPECT_FALSE(take_over(book, of(ChangeKind::deactivate), 3).ok());
  EXPECT_EQ(book, before);
}

}  // namespace
}  // namespace zan::integrity
