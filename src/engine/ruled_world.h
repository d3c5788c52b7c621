// A World whose acts are judged by the intake, with the rules of its book: what tests of rules, shadow and replay share.
#pragma once

#include "engine/core_world.h"
#include "engine/rule_desk.h"

namespace zan::engine {

// The intake as the Core's judge, in memory only.
class SimIntakeJudge final : public engagement::ActJudge {
 public:
  explicit SimIntakeJudge(std::unique_ptr<integrity::Intake> intake) : intake_(std::move(intake)) {}
  void use(const integrity::rules::RuleBook& book) {
    auto loaded = integrity::load_intake_rules(integrity::rules_in_service(book));
    ASSERT_TRUE(loaded.ok()) << loaded.error().message;
    intake_->use(std::move(loaded).value());
  }
  engagement::Judgement judge(const engagement::RecordedAct& act) override { return intake_->judge(act); }
  void committed(Position last) override { position_ = last; }
  void dropped() override {}  // nothing is, in these tests
  [[nodiscard]] Position position() const override { return position_; }
  void observe(const engagement::RecordedAct& act, Position) override { intake_->observe(act); }
  void corrected(const engagement::VerdictRecord& verdict) override { intake_->corrected(verdict); }
  void erased(PersonId person) override { intake_->erased(person); }

 private:
  std::unique_ptr<integrity::Intake> intake_;
  Position position_;
};

struct RuledWorld : World {
  static constexpr std::uint64_t accounts = 2000;
  std::unique_ptr<SimIntakeJudge> judge;
  std::unique_ptr<RuleDesk> desk;

  RuledWorld() { start(); }
  // Opens it with a judge that knows nothing yet: it is shown the journal.
  void start() {
    desk.reset();
    options.judge = nullptr;
    options.rules_changed = nullptr;
    open();
    auto intake = integrity::Intake::make(integrity::default_rules, nullptr,
                                          integrity::IntakeOptions::for_folder(core->secret(), accounts));
    ASSERT_TRUE(intake.ok());
    judge = std::make_unique<SimIntakeJudge>(std::move(intake).value());
    options.judge = judge.get();
    options.rules_changed = [this](const integrity::rules::RuleBook& book) { judge->use(book); };
    open();
    desk = std::make_unique<RuleDesk>(*core, accounts);
  }

  Result<Answer> change(Bytes record) {
    clock.now_us += 1000;
    const Command command{ChangeRules{std::move(record)}};
    return core->commit({&command, 1}).front();
  }
  integrity::rules::RulesetId add(std::string_view text) {
    auto proposal = desk->propose(text, "ops", "a test");
    EXPECT_TRUE(proposal.ok()) << proposal.error().message;
    EXPECT_TRUE(change(proposal->record).ok());
    return proposal->id;
  }
  void decide(integrity::rules::ChangeKind kind, integrity::rules::RulesetId id) {
    auto record = desk->record_of(kind, id, "ops", "a test");
    ASSERT_TRUE(record.ok()) << record.error().message;
    ASSERT_TRUE(change(std::move(record).value()).ok());
  }
  // Each user likes some works, many within a minute.
  void busy(int users, int likes, std::int64_t from_s) {
    clock.now_us = std::max(clock.now_us, (from_s + likes) * us_per_second);
    std::vector<Said> all;
    for (int user = 0; user < users; ++user)
      for (int like = 0; like < likes; ++like)
        all.push_back({engagement::ActType::like, "u" + std::to_string(user),
                       "v" + std::to_string((user * 31 + like * 7) % 97 + from_s % 89 * 100), "c1",
                       (from_s + like) * us_per_second});
    say(all);
  }
  void find_out(const std::string& user, const std::string& subject, std::int64_t at_us, engagement::Verdict verdict) {
    engagement::LateVerdict what;
    what.person = {id(storage::NameKind::person, user)};
    what.target = id(storage::NameKind::subject, subject);
    what.at = {at_us};
    what.verdict = verdict;
    what.group = 5;
    clock.now_us += 1000;
    const Command command{JudgeActs{{what}}};
    const auto answer = core->commit({&command, 1}).front();
    ASSERT_TRUE(answer.ok()) << answer.error().message;
    ASSERT_EQ(answer->verdicts_applied, 1u);
  }
};

}  // namespace zan::engine
