#include "engine/replay.h"

#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "base/random.h"
#include "engine/core.h"
#include "engine/folder_look.h"

namespace zan::engine {
namespace {

using engagement::ActType;
using engagement::Judgement;
using engagement::RecordedAct;
using engagement::Verdict;
using integrity::Intake;
using integrity::Onlooker;
using RulesetPtr = std::shared_ptr<const integrity::rules::Ruleset>;

// Walks the journal's records; `visit` says false to stop.
template <typename Visit>
Result<void> each_record(const storage::Journal& journal, Position after, Visit&& visit) {
  ZAN_ASSIGN(const auto reader, journal.read(after));
  storage::Group group;
  for (;;) {
    ZAN_ASSIGN(const bool more, reader->next(group));
    if (!more) return {};
    ByteSpan record;
    Position position = group.first;
    storage::RecordReader records(group.payload);
    for (; records.next(record); ++position.value) {
      if (position <= after || record.empty()) continue;
      ZAN_ASSIGN(const bool go_on, visit(record, position, group.at));
      if (!go_on) return {};
    }
    if (!records.ok()) return corrupt("a journal group is malformed");
  }
}

bool is(ByteSpan record, engagement::RecordTag tag) {
  return record.front() == static_cast<std::byte>(tag);
}

struct Stretch {
  ReplayBound from, to;
  [[nodiscard]] bool begun(Position position, Timestamp at) const {
    if (const auto* first = std::get_if<Position>(&from)) return position >= *first;
    if (const auto* first = std::get_if<Timestamp>(&from)) return at >= *first;
    return true;
  }
  [[nodiscard]] bool over(Position position, Timestamp at) const {
    if (const auto* last = std::get_if<Position>(&to)) return position > *last;
    if (const auto* last = std::get_if<Timestamp>(&to)) return at > *last;
    return false;
  }
};

std::string named(const RulesetPtr& ruleset) {
  return integrity::rules::to_text(ruleset->id);
}

class Replay {
 public:
  Replay(const storage::Journal& journal, const storage::Registry& registry, const ReplayOptions& options,
         const ReplayEach& each, const ReplayProgress& progress)
      : journal_(journal),
        options_(options),
        stretch_{options.from, options.to},
        each_(each),
        progress_(progress),
        names_(registry) {}

  Result<ReplaySummary> run(const HashKey& secret) {
    ZAN_TRY(choose(secret));
    ZAN_TRY(find_standing());
    last_ = journal_.synced();
    bool stopped = false;
    const auto walked = each_record(journal_, {}, [&](ByteSpan record, Position at, Timestamp when) -> Result<bool> {
      if (at > last_) return false;
      if ((at.value & 0xffff) == 0 && !progress_(at, last_)) stopped = true;
      if (stopped || stretch_.over(at, when)) return false;
      ZAN_TRY(take(record, at, when));
      return true;
    });
    if (!walked.ok()) return walked.error();
    if (stopped) return Error{ErrorKind::expired, "interrupted", {}};
    return std::move(summary_);
  }

 private:
  Result<void> choose(const HashKey& secret) {
    std::optional<integrity::model::Model> model;
    if (!options_.model.empty()) {
      ZAN_ASSIGN(model, integrity::model::decode_model(options_.model));
      summary_.model = integrity::rules::to_text({integrity::model::digest_of(*model)});
    }
    RulesetPtr ruleset;
    const bool given = options_.rules.has_value();
    const auto loaded = integrity::load_intake_rules(given ? *options_.rules : integrity::default_rules);
    if (!loaded.ok()) return invalid(loaded.error().message, given ? "rules" : "");
    ruleset = *loaded;
    summary_.rules = given ? named(ruleset) : "as they were";
    ZAN_ASSIGN(intake_, Intake::make(ruleset, model ? &*model : nullptr,
                                     integrity::IntakeOptions::for_folder(secret, options_.accounts)));
    look_by(ruleset);
    return {};
  }

  // The tally of the rules one by one only makes sense where they stay the same.
  void look_by(const RulesetPtr& ruleset) {
    onlooker_.emplace(ruleset);
    const auto& rules = ruleset->program.rules();
    summary_.rule_names.clear();
    if (changes_of_rules_++ == 0) {
      for (const auto& rule : rules) summary_.rule_names.push_back(rule.name);
      summary_.tally.rules.resize(rules.size());
    } else {
      summary_.tally.rules.clear();
    }
  }

  // What is said of each act in the end, where that is not what was said when it came in.
  Result<void> find_standing() {
    return each_record(journal_, {}, [&](ByteSpan record, Position, Timestamp when) -> Result<bool> {
      if (!is(record, engagement::RecordTag::verdict)) return true;
      ZAN_ASSIGN(const engagement::VerdictRecord verdict, engagement::read_verdict(record, when));
      standing_[integrity::act_print(verdict.what)] = verdict.what.verdict;
      return true;
    });
  }

  Result<void> take(ByteSpan record, Position position, Timestamp when) {
    if (is(record, engagement::RecordTag::act)) {
      ZAN_ASSIGN(const RecordedAct act, engagement::read_act(record, when));
      if (act.effect == engagement::Effect::changed) return take_act(act, position, when);
    } else if (is(record, engagement::RecordTag::verdict)) {
      ZAN_ASSIGN(const engagement::VerdictRecord verdict, engagement::read_verdict(record, when));
      intake_->corrected(verdict);
    } else if (is(record, engagement::RecordTag::erased)) {
      ZAN_ASSIGN(const PersonId person, engagement::read_erased(record));
      intake_->erased(person);
    } else if (changes_rules(record) && !options_.rules) {
      ZAN_ASSIGN(const integrity::RuleChange change, integrity::read_rule_change(record));
      ZAN_TRY(integrity::take_over(book_, change, when.us));
      use_rules_of_book(change.kind);
    }
    return {};
  }

  void use_rules_of_book(integrity::rules::ChangeKind kind) {
    using integrity::rules::ChangeKind;
    if (kind != ChangeKind::activate && kind != ChangeKind::deactivate) return;
    const auto loaded = integrity::load_intake_rules(integrity::rules_in_service(book_));
    if (!loaded.ok()) {
      summary_.trouble = loaded.error().message;
      return;
    }
    intake_->use(*loaded);
    look_by(*loaded);
  }

  Result<void> take_act(const RecordedAct& act, Position position, Timestamp when) {
    if (!stretch_.begun(position, when)) {
      ++summary_.warmed;
    } else {
      if (summary_.first.value == 0) summary_.first = position;
      summary_.last = position;
      if (engagement::may_be_judged_late(act.type) && !act.incentivised) ZAN_TRY(compare(act, position));
    }
    intake_->observe(act);
    return {};
  }

  Result<void> compare(const RecordedAct& act, Position position) {
    const Judgement now = intake_->weigh(act);
    const auto stands = standing_.find(integrity::act_print(act));
    ReplayLine line;
    line.position = position;
    line.at = act.at;
    line.type = act.type;
    line.then = integrity::decided_then(act.judgement);
    line.now = integrity::decided_then(now);
    line.stands = stands == standing_.end() ? act.judgement.verdict : stands->second;
    line.quality_then = act.judgement.quality;
    line.quality_now = now.quality;
    ++summary_.judged;
    ++summary_.from_to[static_cast<std::size_t>(line.then)][static_cast<std::size_t>(line.now)];
    count(act, line);
    if (line.then == line.now) {
      summary_.quality_changed += now.quality != act.judgement.quality ? 1 : 0;
      summary_.reasons_changed += now.reasons != act.judgement.reasons ? 1 : 0;
      return {};
    }
    ++summary_.changed;
    const bool of_now = line.now != Verdict::genuine;
    line.reason = first_reason(of_now ? now : act.judgement);
    ZAN_ASSIGN(line.actor, name(act.actor.value));
    ZAN_ASSIGN(line.subject, name(act.type == ActType::follow ? act.creator.value : act.subject.value));
    return each_(line);
  }

  // The decision is that of rules and model together; the rules one by one are as they match.
  void count(const RecordedAct& act, const ReplayLine& line) {
    integrity::rules::Verdict matched = intake_->look(*onlooker_, act);
    matched.action = line.now == Verdict::rejected ? integrity::rules::Action::reject
                     : line.now == Verdict::held   ? integrity::rules::Action::hold
                                                   : integrity::rules::Action::none;
    const integrity::rules::Action live =
        line.then == Verdict::genuine ? integrity::rules::Action::none : integrity::rules::Action::hold;
    summary_.tally.count(matched, live);
    if (line.stands != Verdict::held) summary_.tally.label(matched, line.stands == Verdict::rejected);
  }

  std::string first_reason(const Judgement& judgement) const {
    const auto reasons = std::span(judgement.reasons).first(judgement.reason_count);
    const auto texts =
        integrity::reason_texts(reasons, onlooker_->ruleset().get(), integrity::rules::Language::english);
    return texts.empty() ? std::string() : texts.front();
  }

  Result<std::string> name(std::uint32_t id) {
    ZAN_ASSIGN(const std::string_view found, names_.name(id));
    return std::string(found);
  }

  const storage::Journal& journal_;
  const ReplayOptions& options_;
  const Stretch stretch_;
  const ReplayEach& each_;
  const ReplayProgress& progress_;
  engagement::Names names_;
  std::unique_ptr<Intake> intake_;
  std::optional<Onlooker> onlooker_;
  int changes_of_rules_ = 0;
  integrity::rules::RuleBook book_;
  std::unordered_map<std::uint64_t, Verdict> standing_;
  Position last_;
  ReplaySummary summary_;
};

}  // namespace

Result<ReplaySummary> replay(const storage::Journal& journal, const storage::Registry& registry, const HashKey& secret,
                             const ReplayOptions& options, const ReplayEach& each, const ReplayProgress& progress) {
  return Replay(journal, registry, options, each, progress).run(secret);
}

Result<ReplaySummary> replay(const std::string& data_folder, const ReplayOptions& options, const ReplayEach& each,
                             const ReplayProgress& progress) {
  ZAN_ASSIGN(const FolderLook looked, look_at_folder(data_folder));
  return replay(*looked.journal, *looked.registry, looked.secret, options, each, progress);
}

}  // namespace zan::engine
