#include "integrity/intake/intake.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/require.h"
#include "base/wide.h"
#include "integrity/features/sealed_bytes.h"

namespace zan::integrity {
namespace {

using engagement::ActType;
using engagement::Judgement;
using engagement::RecordedAct;
using engagement::Verdict;

constexpr std::uint32_t saved_magic = 0x31495a5a;  // "ZZI1"
constexpr std::uint32_t saved_version = 1;
constexpr std::uint32_t whole_work_ms = 30'000;  // where a work's length is not known
constexpr double day_s = 86'400;

// The features of the quality, in the order of ids_.
enum QualityPlace : std::size_t { place_dwell, place_likes, place_views, place_age, place_on_device };
constexpr std::array quality_features = {feature(Single::dwell_ms), feature(Single::account_likes),
                                         feature(Single::account_views), feature(Single::account_age_s),
                                         distinct_feature(Relation::actors_of_device, Window::d30)};

ActKind kind_of(ActType type) {
  switch (type) {
    case ActType::like:
      return ActKind::like;
    case ActType::view:
    case ActType::complete:
      return ActKind::view;
    case ActType::follow:
      return ActKind::follow;
    case ActType::comment:
      return ActKind::comment;
    case ActType::share:
      return ActKind::share;
    case ActType::unlike:
    case ActType::dislike:
    case ActType::unfollow:
    case ActType::profile_visit:
      break;
  }
  return ActKind::other;
}

Verdict verdict_of(rules::Action action) {
  if (action == rules::Action::reject) return Verdict::rejected;
  return action == rules::Action::hold ? Verdict::held : Verdict::genuine;
}

std::uint64_t derived(const HashKey& secret, std::string_view what) {
  return keyed_hash64(secret, as_bytes(what));
}

}  // namespace

ActView act_view_of(const RecordedAct& act) {
  ActView view;
  view.kind = kind_of(act.type);
  view.actor = act.actor.value;
  view.subject = act.subject.value;
  view.creator = act.creator.value;
  view.device = act.device;
  view.network = act.network;
  view.at_us = act.at.us;
  view.watch_ms = act.watch_ms;
  view.duration_ms = act.duration_ms;
  return view;
}

IntakeOptions IntakeOptions::for_folder(const HashKey& secret, std::uint64_t accounts) {
  IntakeOptions options;
  options.features = FeatureOptions::for_accounts(accounts, derived(secret, "intake features"));
  const std::uint64_t low = derived(secret, "intake delay 1"), high = derived(secret, "intake delay 2");
  for (std::size_t i = 0; i < 8; ++i) {
    options.delay_key[i] = static_cast<unsigned char>(low >> (8 * i));
    options.delay_key[8 + i] = static_cast<unsigned char>(high >> (8 * i));
  }
  return options;
}

rules::Environment intake_environment() {
  static const rules::NamedSets no_sets;
  return {&intake_catalogue(), &no_sets, {}, {}};
}

Result<std::shared_ptr<const rules::Ruleset>> load_intake_rules(std::string_view text) {
  rules::Loaded loaded = rules::load_ruleset(text, intake_environment());
  std::string lines;
  const auto add = [&lines](const std::string& line) { lines += (lines.empty() ? "" : "\n") + line; };
  if (!loaded.ruleset) {
    for (const rules::Problem& problem : loaded.problems) add(to_text(problem));
    return invalid(std::move(lines));
  }
  for (const std::string& failure : run_tests(*loaded.ruleset)) add(failure);
  if (!lines.empty()) return Error{ErrorKind::refused, std::move(lines), {}};
  std::set<std::uint32_t> codes;
  for (const rules::RuleInfo& rule : loaded.ruleset->program.rules())
    if (!codes.insert(rule_code(rule)).second)
      return invalid("the name of rule " + rule.name + " has the code of another rule's; choose another name");
  return std::move(loaded.ruleset);
}

std::vector<FeatureId> features_read(const rules::Ruleset* ruleset, const model::Model* model) {
  std::vector<FeatureId> ids(quality_features.begin(), quality_features.end());
  if (ruleset != nullptr) {
    for (const rules::FeatureRef& ref : ruleset->program.features()) {
      const InputPlace place = place_of(ref);
      if (place.from == IntakeInput::feature) ids.push_back(place.id);
    }
  }
  if (model != nullptr) {
    for (const std::string& name : model->features)
      if (const auto id = feature_named(name)) ids.push_back(*id);
  }
  return ids;
}

Onlooker::Onlooker(std::shared_ptr<const rules::Ruleset> ruleset)
    : ruleset_(std::move(ruleset)), evaluator_(ruleset_->program) {
  for (const rules::FeatureRef& ref : ruleset_->program.features()) {
    inputs_.push_back({place_of(ref), ids_.size()});
    if (inputs_.back().place.from == IntakeInput::feature) ids_.push_back(inputs_.back().place.id);
  }
  values_.resize(ids_.size());
  rule_values_.resize(inputs_.size());
}

Intake::Intake(const IntakeOptions& options)
    : options_(options), features_(options.features), marks_(options.marked_accounts) {}

Result<std::unique_ptr<Intake>> Intake::make(std::shared_ptr<const rules::Ruleset> ruleset, const model::Model* model,
                                             const IntakeOptions& options) {
  std::unique_ptr<Intake> intake(new Intake(options));
  if (model != nullptr) ZAN_TRY(intake->set_model(*model));
  intake->use(std::move(ruleset));
  return intake;
}

Result<std::unique_ptr<Intake>> Intake::make(std::string_view rules_text, const model::Model* model,
                                             const IntakeOptions& options) {
  ZAN_ASSIGN(auto ruleset, load_intake_rules(rules_text));
  return make(std::move(ruleset), model, options);
}

Result<void> Intake::set_model(const model::Model& model) {
  ZAN_TRY(model::check_model(model));
  for (const std::string& name : model.features) {
    const std::optional<FeatureId> id = feature_named(name);
    if (!id) return invalid("the model reads a feature that is not there: " + name, "features");
    model_features_.push_back(*id);
  }
  scorer_ = std::make_unique<model::Scorer>(model);
  model_version_ = static_cast<std::uint32_t>(model::digest_of(model).low);
  return {};
}

void Intake::use(std::shared_ptr<const rules::Ruleset> ruleset) {
  ruleset_ = std::move(ruleset);
  evaluator_ = ruleset_ ? std::make_unique<rules::Evaluator>(ruleset_->program) : nullptr;
  choose_features();
}

std::size_t Intake::value_place(FeatureId id) {
  const auto found = std::find(ids_.begin(), ids_.end(), id);
  if (found != ids_.end()) return static_cast<std::size_t>(found - ids_.begin());
  ids_.push_back(id);
  return ids_.size() - 1;
}

void Intake::choose_features() {
  ids_.assign(quality_features.begin(), quality_features.end());
  rule_inputs_.clear();
  model_inputs_.clear();
  if (ruleset_) {
    for (const rules::FeatureRef& ref : ruleset_->program.features()) {
      RuleInput input{place_of(ref), 0};
      if (input.place.from == IntakeInput::feature) input.value = value_place(input.place.id);
      rule_inputs_.push_back(input);
    }
  }
  for (const FeatureId id : model_features_) model_inputs_.push_back(value_place(id));
  counts_.clear();
  for (const FeatureId id : ids_) {
    const auto same_place = [&](FeatureId other) { return other.value >> 8 == id.value >> 8; };
    if (id.value >> 24 == 1 && std::none_of(counts_.begin(), counts_.end(), same_place)) counts_.push_back(id);
  }
  values_.resize(ids_.size());
  rule_values_.resize(rule_inputs_.size());
  model_row_.resize(model_inputs_.size());
}

void Intake::prefetch(const engagement::ActJudge::Outline& outline) {
  ActView view;
  view.kind = kind_of(outline.type);
  view.actor = outline.actor.value;
  view.subject = outline.subject.value;
  view.creator = outline.creator.value;
  view.device = outline.device;
  view.network = outline.network;
  features_.prefetch(view, counts_);
  marks_.fetch_directory(mark_hash(view.actor));
}

std::uint64_t Intake::mark_hash(std::uint32_t actor) const {
  return mix64(actor ^ mix64(options_.features.seed));
}

Judgement Intake::weigh(const RecordedAct& act) {
  Judgement judgement;
  if (act.incentivised || !engagement::may_be_judged_late(act.type)) return judgement;
  features_.read(act_view_of(act), ids_, values_);
  read_own(act);
  judgement.judged = true;
  ask_rules(act, judgement);
  return judgement;
}

Judgement Intake::judge(const RecordedAct& act) {
  const Judgement judgement = weigh(act);
  if (!act.incentivised) note(act, act_view_of(act), judgement.verdict);
  return judgement;
}

const rules::Verdict& Intake::look(Onlooker& onlooker, const RecordedAct& act) {
  features_.read(act_view_of(act), onlooker.ids_, onlooker.values_);
  read_own(act);
  for (std::size_t i = 0; i < onlooker.inputs_.size(); ++i)
    onlooker.rule_values_[i] = rules::Value::of(input(onlooker.inputs_[i], onlooker.values_, act));
  return onlooker.evaluator_.judge(onlooker.rule_values_);
}

void Intake::observe(const RecordedAct& act) {
  if (!act.incentivised) note(act, act_view_of(act), act.judgement.verdict);
}

void Intake::read_own(const RecordedAct& act) {
  const auto known = marks_.find(mark_hash(act.actor.value));
  marked_ = known ? *known.payload : Marks{};
  observed_ms_ = first_us_ == 0 ? 0 : std::max(0.0, static_cast<double>(act.at.us - first_us_) / us_per_ms);
}

double Intake::input(const RuleInput& input, std::span<const double> values, const RecordedAct& act) const {
  switch (input.place.from) {
    case IntakeInput::feature: {
      const double value = values[input.value];
      return value < 0 ? -1 : value * input.place.scale;
    }
    case IntakeInput::is_like:
      return act.type == ActType::like;
    case IntakeInput::is_dislike:
      return act.type == ActType::dislike;
    case IntakeInput::is_follow:
      return act.type == ActType::follow;
    case IntakeInput::has_device:
      return act.device != 0;
    case IntakeInput::has_network:
      return act.network != 0;
    case IntakeInput::observed_ms:
      return observed_ms_;
    case IntakeInput::account_held:
      return marked_.held;
    case IntakeInput::account_rejected:
      return marked_.rejected;
  }
  return 0;
}

void Intake::ask_rules(const RecordedAct& act, Judgement& judgement) {
  double points = 0;
  std::int64_t rules_ms = 0;
  bool allowed = false;
  if (evaluator_) {
    for (std::size_t i = 0; i < rule_inputs_.size(); ++i)
      rule_values_[i] = rules::Value::of(input(rule_inputs_[i], values_, act));
    const rules::Verdict& verdict = evaluator_->judge(rule_values_);
    judgement.verdict = verdict_of(verdict.action);
    allowed = verdict.action == rules::Action::allow;
    points = verdict.score;
    if (verdict.matched_count != 0) {
      add_reasons(judgement, ruleset_->program, verdict);
      rules_ms = rules::enforce_after_ms(ruleset_->program, verdict, options_.delay_key, act.actor.value);
    }
  }
  const bool model_may = act.type == ActType::like && !allowed && judgement.verdict == Verdict::genuine;
  if (scorer_ && model_may) ask_model(judgement);
  delay(act, rules_ms, judgement);
  const Quality quality = this->quality(act_view_of(act), judgement.verdict);
  const double most = judgement.verdict == Verdict::rejected ? 10 : judgement.verdict == Verdict::held ? 40 : 100;
  judgement.quality = static_cast<std::uint8_t>(std::clamp(quality.score + points, 0.0, most));
}

void Intake::ask_model(Judgement& judgement) {
  for (std::size_t i = 0; i < model_inputs_.size(); ++i) model_row_[i] = static_cast<float>(values_[model_inputs_[i]]);
  const float margin = scorer_->margin(model_row_);
  if (!scorer_->holds(margin)) return;
  const double probability = scorer_->calibrated(margin);
  judgement.verdict = Verdict::held;
  add_reason(judgement, IntakeReason::model, static_cast<std::uint32_t>(std::clamp(probability, 0.0, 1.0) * 1e6));
  add_reason(judgement, IntakeReason::model_version, model_version_);
}

// The while is a keyed hash of whom and what the act is about: nothing that can be seen from outside, and the same in
// every replay.
void Intake::delay(const RecordedAct& act, std::int64_t rules_ms, Judgement& judgement) const {
  if (judgement.verdict == Verdict::genuine) return;
  std::int64_t after_ms = rules_ms;
  if (options_.delay_ms_max > 0) {
    Bytes message;
    put_fixed(message, act.actor.value);
    put_fixed(message, act.subject.value);
    put_fixed(message, act.creator.value);
    put_fixed(message, act.at.us);
    const auto span = static_cast<std::uint64_t>(options_.delay_ms_max) + 1;
    after_ms = std::max(after_ms, static_cast<std::int64_t>(scaled(keyed_hash64(options_.delay_key, message), span)));
  }
  if (after_ms == 0) return;
  if (judgement.reason_count < engagement::reasons_max) ++judgement.reason_count;
  std::rotate(judgement.reasons.begin(), judgement.reasons.end() - 1, judgement.reasons.end());
  judgement.reasons.front() = put_delayed(judgement.verdict, after_ms);
  judgement.verdict = Verdict::genuine;
}

// Watched is what the act says, or the view before it. Of an account that views are known of, a like without one is one of
// what was not watched.
Quality Intake::quality(const ActView& view, Verdict verdict) const {
  QualityFacts facts;
  const double watched_ms = std::max(values_[place_dwell], static_cast<double>(view.watch_ms));
  const double likes = values_[place_likes];
  facts.watch_known = watched_ms > 0 || values_[place_views] > 0;
  facts.watched = std::max(0.0, watched_ms) / (view.duration_ms != 0 ? view.duration_ms : whole_work_ms);
  facts.account_likes = likes;
  facts.account_days = values_[place_age] / day_s;
  facts.accounts_on_device = values_[place_on_device];
  facts.rejected_share = marked_.rejected == 0 ? 0 : marked_.rejected / std::max<double>(likes, marked_.rejected);
  facts.held = verdict == Verdict::held;
  facts.rejected = verdict == Verdict::rejected;
  return quality_of(facts);
}

void Intake::note(const RecordedAct& act, const ActView& view, Verdict verdict) {
  if (first_us_ == 0) first_us_ = std::max<std::int64_t>(1, act.at.us);
  features_.update(view);
  if (act.type == ActType::like && verdict != Verdict::genuine) mark(view.actor, view.at_us, verdict, 1);
}

void Intake::mark(std::uint32_t actor, std::int64_t at_us, Verdict verdict, int by) {
  if (verdict == Verdict::genuine) return;
  const Moment moment = Moment::at_us(at_us);
  const auto found = marks_.touch(mark_hash(actor), moment.second);
  *found.last = std::max(*found.last, moment.second);
  std::uint32_t& count = verdict == Verdict::held ? found.payload->held : found.payload->rejected;
  if (by > 0) count += count < 0xffff'ffff;
  if (by < 0) count -= count > 0;
}

void Intake::corrected(const engagement::VerdictRecord& verdict) {
  const engagement::LateVerdict& what = verdict.what;
  if (what.type != ActType::like || verdict.incentivised) return;
  mark(what.person.value, what.at.us, verdict.before, -1);
  mark(what.person.value, what.at.us, what.verdict, 1);
}

void Intake::erased(PersonId person) {
  features_.forget(person.value);
  marks_.forget(mark_hash(person.value));
}

std::uint64_t Intake::bytes() const {
  return features_.bytes() + marks_.bytes();
}

void Intake::save(Bytes& out) const {
  SealedWriter frame(out, saved_magic, saved_version);
  put_fixed(out, options_.marked_accounts);
  put_fixed(out, first_us_);
  marks_.save(out);
  features_.save(out);
  frame.end();
}

Result<void> Intake::check(ByteSpan bytes) {
  ZAN_TRY(open_sealed(bytes, saved_magic, saved_version));
  return {};
}

Result<void> Intake::load(ByteSpan bytes) {
  ZAN_ASSIGN(const ByteSpan body, open_sealed(bytes, saved_magic, saved_version));
  ByteReader reader(body);
  const auto marked_accounts = reader.fixed<std::uint64_t>();
  const auto first_us = reader.fixed<std::int64_t>();
  if (!reader.ok() || first_us < 0) return corrupt("a saved intake without its beginning");
  if (marked_accounts != options_.marked_accounts) return invalid("the intake was saved with other options");
  SetTable<Marks> marks(options_.marked_accounts);
  ZAN_TRY(marks.load(reader));
  ZAN_TRY(features_.load(reader.take(reader.left())));
  marks_ = std::move(marks);
  first_us_ = first_us;
  return {};
}

}  // namespace zan::integrity
