// Evidence over a Core on a simulated disk, step by step.
#include "engine/evidence_view.h"

#include <gtest/gtest.h>

#include <set>

#include "engine/fake.h"
#include "engine/fake_judge.h"
#include "storage/sim_disk.h"

namespace zan::engine {
namespace {

using engagement::ActBatch;
using engagement::ActType;

constexpr const char* origin = "example.org/log";

struct World {
  std::unique_ptr<storage::SimDisk> disk = storage::SimDisk::make(7);
  FakeClock clock;
  SeededEntropy entropy{11};
  CoreOptions options;
  std::unique_ptr<Core> core;
  std::unique_ptr<EvidenceView> view;

  World() {
    options.journal = {.segment_bytes = 1 << 13, .reserve_bytes = 1 << 11};
    open();
  }
  void open() {
    open_core();
    auto opened = EvidenceView::open(*core, entropy, {.origin = origin});
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    view = std::move(opened).value();
  }
  void open_core() {
    view.reset();
    core.reset();
    auto opened = Core::open(*disk, clock, entropy, options);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    core = std::move(opened).value();
  }
  Position say(const std::vector<Said>& all) {
    Command command{ActBatch{}};
    for (const Said& said : all) add(std::get<ActBatch>(command.body), core->secret(), said);
    clock.now_us += 1000;
    auto answers = core->commit({&command, 1});
    EXPECT_TRUE(answers.front().ok()) << answers.front().error().message;
    return answers.front()->position;
  }
  void erase(const std::string& user) {
    const Command command{EraseUser{user}};
    EXPECT_TRUE(core->commit({&command, 1}).front().ok());
  }
  void step() {
    for (;;) {
      const auto more = view->step();
      ASSERT_TRUE(more.ok()) << more.error().message;
      if (!*more) return;
    }
  }
  evidence::Policy policy() {
    const Bytes lines = view->file("log.vkey").value();
    return evidence::trust_one_log(evidence::parse_vkey(as_text(lines).substr(0, lines.size() - 1)).value());
  }
  evidence::Receipt receipt(const std::string& event, const std::string& user = {}) {
    const auto answer = view->receipt(event, user);
    EXPECT_TRUE(answer.ok()) << event << ": " << answer.error().message;
    if (!answer.ok()) return {};
    EXPECT_FALSE(answer->pending) << event;
    const auto verified = evidence::verify_receipt(answer->receipt, policy());
    EXPECT_TRUE(verified.ok()) << verified.error().message;
    return answer->receipt;
  }
  ErrorKind why_no_receipt(const std::string& event, const std::string& user = {}) {
    const auto answer = view->receipt(event, user);
    EXPECT_FALSE(answer.ok()) << event;
    return answer.ok() ? ErrorKind::invalid : answer.error().kind;
  }
};

// The number an event has when `position` is its group's last.
std::string at(std::uint64_t position) {
  return "@" + std::to_string(position);
}

TEST(EvidenceView, logs_what_counts_once_and_gives_receipts_that_verify) {
  World world;
  world.say({{ActType::like, "u1", "v1", "c1", 0, "first"}, {ActType::view, "u1", "v1", "c1"}});
  world.say({{ActType::like, "u1", "v1", "c1", 0, "first"}});  // again: a duplicate
  world.say({{ActType::comment, "u2", "v1", "c1", 0, "", false, "好看"},
             {ActType::follow, "u2", "", "c1"},
             {ActType::share, "u2", "v1", "c1"},
             {ActType::unlike, "u1", "v1", "c1"},
             {ActType::like, "u3", "v2", "", 0, "", true}});
  world.step();
  EXPECT_EQ(world.view->status().entries, 5U);
  EXPECT_EQ(world.view->status().published, 5U);

  const evidence::Receipt like = world.receipt("first", "u1");
  EXPECT_EQ(like.index, 0U);
  EXPECT_EQ(like.event.number, 1U);
  EXPECT_EQ(like.event.type, evidence::EventType::like);
  EXPECT_EQ(like.event.subject, "v1");
  EXPECT_EQ(like.event.creator, "c1");
  EXPECT_EQ(like.event.replaced, evidence::Replaced::nothing);
  ASSERT_TRUE(like.identity);
  EXPECT_EQ(like.identity->user, "u1");
  EXPECT_EQ(world.receipt("@1"), world.receipt("first")) << "by number it is the same";
  EXPECT_FALSE(world.receipt("@1").identity);
  EXPECT_EQ(world.receipt("@1", "u1"), like);

  const evidence::Receipt comment = world.receipt("@3");
  EXPECT_EQ(comment.event.text_hash, evidence::sha256(as_bytes("好看")));
  EXPECT_EQ(world.receipt("@4").event.type, evidence::EventType::follow);
  const evidence::Receipt unlike = world.receipt("@6", "u1");
  EXPECT_EQ(unlike.event.replaced, evidence::Replaced::liked);
  EXPECT_EQ(unlike.event.actor, like.event.actor) << "one person, one subject";
  EXPECT_NE(comment.event.actor, like.event.actor);
  EXPECT_TRUE(world.receipt("@7").event.incentivised);
}

TEST(EvidenceView, says_precisely_why_there_is_no_receipt) {
  World world;
  world.step();
  world.say({{ActType::like, "u1", "v1", "", 0, "mine"}, {ActType::view, "u1", "v1", "", 0, "a view"}});
  for (const char* event : {"mine", "@1", "a view"}) {
    const auto answer = world.view->receipt(event, "");
    ASSERT_TRUE(answer.ok()) << event;
    EXPECT_TRUE(answer->pending) << event;
    EXPECT_GT(answer->ready_in_ms, 0) << event;
  }
  world.step();
  EXPECT_EQ(world.why_no_receipt("mine", "u2"), ErrorKind::refused);
  EXPECT_EQ(world.why_no_receipt("a view"), ErrorKind::not_found);
  EXPECT_EQ(world.why_no_receipt("@2"), ErrorKind::not_found);
  for (const std::string unknown :
       {"", "nobody's", "@0", "@3", "@01", "@-1", "@18446744073709551615", "@99999999999999999999999", "@", "1"})
    EXPECT_EQ(world.why_no_receipt(unknown), ErrorKind::not_found) << unknown;
  EXPECT_EQ(world.why_no_receipt(std::string(300, 'x')), ErrorKind::not_found);
}

TEST(EvidenceView, an_id_that_looks_like_a_number_is_still_an_id) {
  World world;
  world.say({{ActType::like, "u1", "v1"}, {ActType::like, "u2", "v1", "", 0, "@1"}});
  world.step();
  EXPECT_EQ(world.receipt("@1").event.number, 2U);
}

TEST(EvidenceView, what_an_erased_person_did_is_proven_and_opened_no_more) {
  World world;
  world.say({{ActType::like, "u1", "v1"}, {ActType::like, "u2", "v1"}});
  world.step();
  const evidence::Receipt before = world.receipt("@1", "u1");
  world.erase("u1");
  EXPECT_EQ(world.why_no_receipt("@1"), ErrorKind::expired);
  world.say({{ActType::like, "u3", "v1"}});
  world.step();
  EXPECT_EQ(world.why_no_receipt("@1", "u1"), ErrorKind::expired);
  EXPECT_TRUE(evidence::verify_receipt(before, world.policy()).ok()) << "old proofs stay what they were";
  const auto page = world.view->of_subject("v1", 10, "").value();
  ASSERT_EQ(page.rows.size(), 2U);
  EXPECT_EQ(page.rows[0].index, 2U);
  EXPECT_EQ(page.rows[1].index, 1U);
  // The same name is another person from now on.
  const Position again = world.say({{ActType::like, "u1", "v1"}});
  world.step();
  EXPECT_NE(world.receipt(at(again.value), "u1").event.actor, before.event.actor);
}

TEST(EvidenceView, who_was_erased_before_it_was_logged_has_an_entry_that_nobody_opens) {
  World world;
  world.say({{ActType::like, "u1", "v1"}, {ActType::like, "u2", "v1"}});
  world.erase("u1");
  world.step();
  EXPECT_EQ(world.view->status().entries, 2U);
  EXPECT_EQ(world.why_no_receipt("@1"), ErrorKind::expired);
  EXPECT_EQ(world.receipt("@2").index, 1U);
}

TEST(EvidenceView, lists_the_entries_of_subjects_and_creators_newest_first) {
  World world;
  for (int i = 0; i < 20; ++i)
    world.say({{ActType::like, "u" + std::to_string(i), "v" + std::to_string(i % 2), "c1"},
               {ActType::view, "u1", "v1", "c1"}});
  world.step();
  world.say({{ActType::like, "late", "v1", "c1"}});
  const auto fresh = world.view->of_subject("v1", 3, "").value();
  EXPECT_EQ(fresh.rows.size(), 3U);
  std::vector<std::uint64_t> indexes;
  std::string cursor;
  do {
    const auto page = world.view->of_subject("v1", 3, cursor).value();
    EXPECT_LE(page.rows.size(), 3U);
    for (const EvidenceRow& row : page.rows) {
      indexes.push_back(row.index);
      EXPECT_EQ(row.event.subject, "v1");
      EXPECT_EQ(world.receipt(at(row.event.number)).opening, row.opening);
    }
    cursor = page.next;
  } while (!cursor.empty());
  EXPECT_EQ(indexes, (std::vector<std::uint64_t>{19, 17, 15, 13, 11, 9, 7, 5, 3, 1}));
  EXPECT_EQ(world.view->of_creator("c1", 200, "").value().rows.size(), 20U);
  EXPECT_TRUE(world.view->of_subject("nobody's", 10, "").value().rows.empty());
  EXPECT_EQ(world.view->of_subject("v1", 0, "").error().kind, ErrorKind::invalid);
  EXPECT_EQ(world.view->of_subject("v1", evidence_page_max + 1, "").error().kind, ErrorKind::invalid);
  EXPECT_EQ(world.view->of_subject("v1", 3, "x").error().field, "cursor");
}

TEST(EvidenceView, knows_the_entries_of_a_time) {
  World world;
  world.say({{ActType::like, "u1", "v1"}});
  world.clock.now_us += us_per_day;
  const Timestamp second_day = world.clock.now();
  world.say({{ActType::like, "u2", "v1"}, {ActType::view, "u2", "v1"}, {ActType::like, "u3", "v1"}});
  world.clock.now_us += us_per_day;
  const Timestamp third_day = world.clock.now();
  world.say({{ActType::like, "u4", "v1"}});
  world.step();
  const EntryRange range = world.view->received(second_day, third_day).value();
  EXPECT_EQ(range.first, 1U);
  EXPECT_EQ(range.end, 3U);
  EXPECT_EQ(world.view->received({0}, second_day).value().end, 1U);
  EXPECT_EQ(world.view->received(third_day, timestamp_max).value().end, 4U);
}

TEST(EvidenceView, goes_on_where_it_was_after_a_crash_and_after_a_clean_stop) {
  World world;
  evidence::Receipt first;
  for (int round = 0; round < 6; ++round) {
    for (int i = 0; i < 30; ++i)
      world.say({{ActType::like, "u" + std::to_string(i), "v" + std::to_string(round), "c1", 0,
                  std::to_string(round) + "/" + std::to_string(i)}});
    world.step();
    if (round == 0) first = world.receipt("0/0");
    if (round % 2 == 0) {
      ASSERT_TRUE(world.view->close().ok());
      ASSERT_TRUE(world.core->close().ok());
    } else {
      world.view.reset();
      world.core.reset();
      world.disk->crash();
    }
    world.open();
    world.step();
    EXPECT_EQ(world.view->status().entries, 30U * static_cast<unsigned>(round + 1));
    for (int i = 0; i < 30; ++i)
      EXPECT_EQ(world.receipt(std::to_string(round) + "/" + std::to_string(i)).index,
                30U * static_cast<unsigned>(round) + static_cast<unsigned>(i));
  }
  ASSERT_TRUE(world.view->close().ok());
  world.open();
  EXPECT_EQ(world.receipt("0/0").opening, first.opening) << "before the first step of a start";
  EXPECT_TRUE(evidence::verify_receipt(first, world.policy()).ok());
}

TEST(EvidenceView, an_index_that_is_gone_is_made_again) {
  World world;
  for (int i = 0; i < 40; ++i) world.say({{ActType::like, "u" + std::to_string(i), "v1", "c1", 0, std::to_string(i)}});
  world.step();
  const evidence::Receipt before = world.receipt("17", "u17");
  ASSERT_TRUE(world.view->close().ok());
  world.open_core();
  ASSERT_TRUE(forget_index(*world.disk).ok());
  world.open();
  world.step();
  EXPECT_EQ(world.receipt("17", "u17"), before);
  EXPECT_EQ(world.view->of_subject("v1", 200, "").value().rows.size(), 40U);
}

TEST(EvidenceView, signs_nothing_over_a_journal_that_is_older_than_the_log) {
  World world;
  for (int i = 0; i < 5; ++i) world.say({{ActType::like, "u" + std::to_string(i), "v1"}});
  world.step();
  ASSERT_TRUE(world.view->close().ok());
  world.open_core();
  ASSERT_TRUE(forget_index(*world.disk).ok());
  // Another journal of fewer acts in its place.
  const std::vector<std::string> segments = world.disk->list("journal").value();
  for (const std::string& name : segments) ASSERT_TRUE(world.disk->remove("journal/" + name).ok());
  world.view.reset();
  world.core.reset();
  const auto core = Core::open(*world.disk, world.clock, world.entropy, world.options);
  ASSERT_TRUE(core.ok()) << core.error().message;
  const auto view = EvidenceView::open(**core, world.entropy, {.origin = origin}).value();
  const auto step = view->step();
  ASSERT_FALSE(step.ok());
  EXPECT_EQ(step.error().kind, ErrorKind::conflict) << step.error().message;
  EXPECT_NE(view->status().trouble, "");
}

TEST(EvidenceView, a_full_disk_stops_it_and_a_free_one_lets_it_go_on) {
  World world;
  world.say({{ActType::like, "u1", "v1"}});
  world.step();
  world.say({{ActType::like, "u2", "v1"}});
  world.disk->set_faults({.bytes_max = world.disk->bytes_used()});
  const auto refused = world.view->step();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_NE(world.view->status().trouble, "");
  EXPECT_EQ(world.receipt("@1").index, 0U) << "what is proven stays so";
  EXPECT_EQ(world.why_no_receipt("@2"), ErrorKind::unavailable);
  world.disk->set_faults({});
  world.step();
  EXPECT_EQ(world.view->status().trouble, "");
  EXPECT_EQ(world.receipt("@2").index, 1U);
}

TEST(EvidenceView, a_log_keeps_its_name) {
  World world;
  world.step();
  world.open_core();
  EXPECT_EQ(EvidenceView::open(*world.core, world.entropy, {.origin = "other.example/log"}).error().kind,
            ErrorKind::conflict);
  EXPECT_EQ(EvidenceView::open(*world.core, world.entropy, {.origin = "white space"}).error().kind, ErrorKind::invalid);
  const auto unnamed = EvidenceView::open(*world.core, world.entropy, {});
  ASSERT_TRUE(unnamed.ok());
  EXPECT_EQ((*unnamed)->status().origin, origin);
}

TEST(EvidenceView, gives_the_logs_files_and_nothing_else) {
  World world;
  world.say({{ActType::like, "u1", "v1"}});
  world.step();
  EXPECT_EQ(world.view->file("tile/0/000.p/1")->size(), 32U);
  EXPECT_EQ(world.view->file("tile/entries/000.p/1")->size(), 36U);
  for (const char* path :
       {"", "tile", "tile/0/000", "tile/0/000.p/2", "tile/0/999", "../secret", "tile/../../secret", "LOCK", "signed",
        "tile/63/x999/x999/x999/x999/x999/x999/999", "tile/0/18446744073709551616"})
    EXPECT_EQ(world.view->file(path).error().kind, ErrorKind::not_found) << path;
}

// An id of an act that the judge says this of.
std::string id_for(const Core& core, engagement::Verdict verdict) {
  for (int i = 0;; ++i) {
    std::string id = "id " + std::to_string(i);
    if (FakeJudge::verdict_of(engagement::act_id_hash(core.secret(), id)) == verdict) return id;
  }
}

TEST(EvidenceView, a_late_verdict_is_an_entry_of_its_own) {
  World world;
  FakeJudge judge;
  world.say({{ActType::like, "u1", "v1", "c1", 900'000, "unjudged"}});
  world.options.judge = &judge;
  world.open();
  const std::string held = id_for(*world.core, engagement::Verdict::held);
  world.say({{ActType::like, "u2", "v1", "c1", 1'000'000, held, true}, {ActType::follow, "u2", "", "c1", 1'000'000}});
  const auto id = [&](storage::NameKind kind, const char* name) {
    return world.core->registry().find(storage::name_hash(world.core->secret(), kind, name)).value;
  };
  JudgeActs late;
  engagement::LateVerdict what;
  what.person = {id(storage::NameKind::person, "u2")};
  what.target = id(storage::NameKind::subject, "v1");
  what.at = {1'000'000};
  what.verdict = engagement::Verdict::rejected;
  late.verdicts.push_back(what);
  late.verdicts.push_back(what);  // void: no entry
  what.type = ActType::follow;
  what.target = id(storage::NameKind::creator, "c1");
  late.verdicts.push_back(what);
  const Command command{late};
  ASSERT_EQ(world.core->commit({&command, 1}).front()->verdicts_applied, 2U);
  world.say({{ActType::unlike, "u2", "v1"}});

  for (int round = 0; round < 2; ++round) {
    world.step();
    EXPECT_EQ(world.view->status().entries, 6U);
    EXPECT_EQ(world.receipt("unjudged").event.verdict, evidence::Verdict::unjudged);
    const evidence::Receipt like = world.receipt(held, "u2");
    EXPECT_EQ(like.event.verdict, evidence::Verdict::held);
    const evidence::Receipt on_like = world.receipt(at(4), "u2");
    EXPECT_EQ(on_like.index, 3U);
    EXPECT_EQ(on_like.event.type, evidence::EventType::verdict);
    EXPECT_EQ(on_like.event.verdict, evidence::Verdict::rejected);
    EXPECT_EQ(on_like.event.replaced, evidence::Replaced::liked);
    EXPECT_EQ(on_like.event.actor, like.event.actor);
    EXPECT_EQ(on_like.event.at, like.event.at);
    EXPECT_EQ(on_like.event.subject, "v1");
    EXPECT_EQ(on_like.event.creator, "c1");
    EXPECT_TRUE(on_like.event.incentivised);
    const evidence::Receipt on_follow = world.receipt(at(5));
    EXPECT_EQ(on_follow.event.actor, world.receipt(at(3)).event.actor);
    EXPECT_EQ(on_follow.event.subject, "");
    EXPECT_EQ(on_follow.event.creator, "c1");
    const auto rows = world.view->of_subject("v1", 10, "");
    ASSERT_TRUE(rows.ok());
    EXPECT_EQ(rows->rows.size(), 4U);
    world.view.reset();
    const auto findings = check(*world.core, [](double) {});
    ASSERT_TRUE(findings.ok());
    for (const Finding& finding : *findings) ADD_FAILURE() << finding.what;
    world.core.reset();
    world.disk->crash();
    world.open();
  }
  world.erase("u2");
  world.step();
  EXPECT_EQ(world.why_no_receipt(at(4)), ErrorKind::expired);
}

}  // namespace
}  // namespace zan::engine
