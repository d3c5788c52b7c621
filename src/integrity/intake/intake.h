// Intake: says of one act, before it is recorded, whether it is genuine, held or rejected, how good it is (0 to 100) and
// why. What it knows comes from the acts before, in their order: windowed counts, the account's history, and what was
// found out of the account since.
//
//   judge(act)    of an act that is about to be recorded; counts it
//   observe(act)  of one that was recorded, with the judgement it got then: leaves the same state as judge() did
//
// Rules may hold and reject; the model is asked about likes, may only hold, from where on its file says, and not what a rule allows. Judged are likes, dislikes and follows,
// for only these can be judged again later; all other organic acts are counted. Incentivised acts are neither: they are
// disclosed, and are no input of what is organic.
//
// The same acts, rules, model and options give the same judgements and the same saved bytes, on every machine.
// Threads: one. Memory: fixed by the options, see bytes(). Cost: by what the rules read, half a microsecond an act with those that ship; prefetch() some twelve acts ahead.
// Errors:  make(): invalid, with every problem of the rules on a line of its own, or a model's feature that is not there.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "engagement/engagement.h"
#include "integrity/act_view.h"
#include "integrity/features/feature_store.h"
#include "integrity/features/set_table.h"
#include "integrity/intake/default_rules.h"
#include "integrity/intake/inputs.h"
#include "integrity/intake/reasons.h"
#include "integrity/model/model.h"
#include "integrity/quality.h"
#include "integrity/rules/ruleset.h"

namespace zan::integrity {

// An act as the detectors see it.
ActView act_view_of(const engagement::RecordedAct& act);

struct IntakeOptions {
  FeatureOptions features;
  std::uint64_t marked_accounts =
      100'000;  // accounts with a like that is not genuine, which are remembered; 73 bytes each
  // What is held or rejected is stated so much later at most, a while that cannot be known from outside; 0: at once. Rules
  // may ask for more (`enforce after`).
  std::int64_t delay_ms_max = 0;
  HashKey delay_key{};

  // Seed and key as they follow from a data folder's secret: the same wherever its journal is judged again.
  static IntakeOptions for_folder(const HashKey& secret, std::uint64_t accounts = 1'000'000);
};

// What these rules, this model and the quality read; null: none. Other tables need not be kept (FeatureOptions::only).
std::vector<FeatureId> features_read(const rules::Ruleset* ruleset, const model::Model* model);

// What rules of the intake are compiled against.
rules::Environment intake_environment();
// invalid: the problems, one a line; refused: a test of theirs fails.
Result<std::shared_ptr<const rules::Ruleset>> load_intake_rules(std::string_view text);

// Rules that are asked beside those in service, over the same features: rules in the shadow.
class Onlooker {
 public:
  explicit Onlooker(std::shared_ptr<const rules::Ruleset> ruleset);
  [[nodiscard]] const std::shared_ptr<const rules::Ruleset>& ruleset() const { return ruleset_; }

 private:
  friend class Intake;
  struct Input {
    InputPlace place;
    std::size_t value = 0;  // of a feature: where its value is read
  };
  std::shared_ptr<const rules::Ruleset> ruleset_;
  rules::Evaluator evaluator_;
  std::vector<Input> inputs_;
  std::vector<FeatureId> ids_;
  std::vector<double> values_;
  std::vector<rules::Value> rule_values_;
};

class Intake {
 public:
  // `ruleset`: of load_intake_rules(), or null for none. `model`: null for none; need not outlive the call.
  static Result<std::unique_ptr<Intake>> make(std::shared_ptr<const rules::Ruleset> ruleset, const model::Model* model,
                                              const IntakeOptions& options);
  // The same, from the text of the rules.
  static Result<std::unique_ptr<Intake>> make(std::string_view rules_text, const model::Model* model,
                                              const IntakeOptions& options);

  // Says that the act will come; changes nothing.
  void prefetch(const engagement::ActJudge::Outline& outline);
  // REQUIRES: an act that changes something (Effect::changed).
  engagement::Judgement judge(const engagement::RecordedAct& act);
  // What judge() would say; nothing is counted.
  engagement::Judgement weigh(const engagement::RecordedAct& act);
  // What other rules say of the act; nothing is counted. The verdict holds until the onlooker is asked again.
  const rules::Verdict& look(Onlooker& onlooker, const engagement::RecordedAct& act);
  void observe(const engagement::RecordedAct& act);
  // A like is held to be something else since: moves the credit of its account.
  void corrected(const engagement::VerdictRecord& verdict);
  // Everything that is kept under the person's number goes.
  void erased(PersonId person);

  // Other rules from now on; what was counted stays.
  void use(std::shared_ptr<const rules::Ruleset> ruleset);
  [[nodiscard]] const std::shared_ptr<const rules::Ruleset>& ruleset() const { return ruleset_; }

  // What was counted so far; training reads it where serving would.
  [[nodiscard]] const FeatureStore& features() const { return features_; }
  // What the model looked at last, in its own order.
  [[nodiscard]] std::span<const float> model_row() const { return model_row_; }

  [[nodiscard]] std::uint64_t bytes() const;
  // The state: not rules, not the model. docs/formats/intake.md has the bytes.
  void save(Bytes& out) const;
  // Leaves it as it was where it fails; needs its memory twice until it is done.
  // Errors: corrupt, unsupported; invalid where options differ.
  Result<void> load(ByteSpan bytes);
  // Whether the bytes are whole, of whatever options. corrupt, unsupported.
  static Result<void> check(ByteSpan bytes);

 private:
  // An account's likes that are not genuine now.
  struct Marks {
    std::uint32_t held = 0, rejected = 0;
    std::array<std::uint32_t, 14> unused{};
    [[nodiscard]] bool valid(std::uint32_t) const { return true; }
  };
  using RuleInput = Onlooker::Input;

  explicit Intake(const IntakeOptions& options);
  std::size_t value_place(FeatureId id);
  Result<void> set_model(const model::Model& model);
  void choose_features();
  void read_own(const engagement::RecordedAct& act);
  [[nodiscard]] double input(const RuleInput& input, std::span<const double> values,
                             const engagement::RecordedAct& act) const;
  [[nodiscard]] Quality quality(const ActView& view, engagement::Verdict verdict) const;
  void ask_rules(const engagement::RecordedAct& act, engagement::Judgement& judgement);
  void ask_model(engagement::Judgement& judgement);
  void delay(const engagement::RecordedAct& act, std::int64_t rules_ms, engagement::Judgement& judgement) const;
  void note(const engagement::RecordedAct& act, const ActView& view, engagement::Verdict verdict);
  void mark(std::uint32_t actor, std::int64_t at_us, engagement::Verdict verdict, int by);
  [[nodiscard]] std::uint64_t mark_hash(std::uint32_t actor) const;

  const IntakeOptions options_;
  FeatureStore features_;
  SetTable<Marks> marks_;
  std::int64_t first_us_ = 0;  // of the first act; zero: none yet

  std::shared_ptr<const rules::Ruleset> ruleset_;
  std::unique_ptr<rules::Evaluator> evaluator_;
  std::unique_ptr<model::Scorer> scorer_;
  std::uint32_t model_version_ = 0;
  std::vector<FeatureId> model_features_;

  // What is read of each act, and where in `values_` rules and model find theirs.
  std::vector<FeatureId> ids_;
  std::vector<double> values_;
  std::vector<RuleInput> rule_inputs_;
  std::vector<std::size_t> model_inputs_;
  std::vector<FeatureId> counts_;  // one of each place that counts are read from
  std::vector<rules::Value> rule_values_;
  std::vector<float> model_row_;
  Marks marked_;  // of the act's account
  double observed_ms_ = 0;
};

}  // namespace zan::integrity
