// check: every invariant of a closed data folder.
//
//   bytes      each checksum of journal, registry, runs and kv
//   relations  likes, dislikes and follows of every subject, person and creator equal what their genuine relations say,
//              held and rejected the likes that are held to be that
//   lists      the likers of a subject are exactly the people whose relation says liked, at the same moments, held to be
//              the same
//   acts       views, completes, comments, shares and visits equal the journal's genuine acts
//   comments   the stored genuine comments of every subject are as many as its counter says
//   creators   a creator's counters are the sum over the subjects
//   rules      check_rules.cc
//   log        check_evidence.cc
//   intake     the saved state of the judge at intake is whole
//   models     every learned model is the file that was made, and can be served (model_shelf.cc)
//   detectors  the file integrity/position is whole, and not ahead of the journal
#include <unordered_map>

#include "engine/check_evidence.h"
#include "engine/check_rules.h"
#include "engine/core.h"
#include "engine/intake_judge.h"
#include "engine/model_shelf.h"
#include "engine/integrity_position.h"

namespace zan::engine {
namespace {

using engagement::PairState;
using engagement::Reaction;
using engagement::RecordedAct;
using engagement::Role;
using engagement::Tallied;
using engagement::Tally;
using engagement::Verdict;

constexpr std::uint64_t all = ~std::uint64_t{0};

std::uint64_t& slot_of(Tally& tally, Tallied kind, bool incentivised) {
  return (incentivised ? tally.incentivised : tally.organic)[static_cast<std::size_t>(kind)];
}

class Checker {
 public:
  Checker(Core& core, const std::function<void(double)>& progress) : core_(core), progress_(progress) {}

  Result<std::vector<Finding>> run() {
    ZAN_TRY(check_detectors());
    if (check_bytes()) {
      ZAN_TRY(expect_relations());
      ZAN_TRY(expect_follows());
      ZAN_TRY(expect_acts());
      ZAN_TRY(check_likers());
      ZAN_TRY(check_comments());
      compare();
      rules_.compare(*core_.rules(), findings_);
      ZAN_TRY(check_evidence(core_, findings_));
      check_intake();
    }
    ZAN_TRY(check_models(core_.disk(), findings_));
    return std::move(findings_);
  }

 private:
  using Tallies = std::unordered_map<std::uint32_t, Tally>;

  bool check_bytes() {
    const std::size_t before = findings_.size();
    progress_(0);
    for (const auto& [what, result] : {std::pair{"journal", core_.journal().verify()},
                                       {"registry", core_.registry().verify()},
                                       {"runs", core_.runs().verify()},
                                       {"kv", core_.kv().verify()}})
      if (!result.ok()) find(std::string(what) + ": " + result.error().message);
    progress_(0.3);
    return findings_.size() == before;
  }

  // Its loss costs nothing but the next start's time, and yet damage is damage.
  Result<void> check_detectors() {
    const auto position = read_integrity_position(core_.disk(), core_.journal().last());
    if (!position.ok() && position.error().kind != ErrorKind::corrupt) return position.error();
    if (!position.ok()) find("detectors: " + position.error().message + "; the next start makes it anew");
    return {};
  }

  // A start makes it anew; whoever asks is told all the same.
  void check_intake() {
    const Result<void> sound = check_intake_file(core_.disk(), core_.journal().synced());
    if (!sound.ok() && sound.error().kind != ErrorKind::not_found) find(sound.error().message);
  }

  template <typename Each>
  Result<void> each_row(engagement::Set set, Each&& each) {
    const auto cursor = core_.runs().view(set)->scan({}, {{all, all, all, all}});
    for (;;) {
      ZAN_ASSIGN(const auto rows, cursor->next_batch());
      if (rows.empty()) return {};
      for (const storage::Row& row : rows) each(row);
    }
  }

  void expect(std::uint32_t entity, Tallied kind, bool incentivised, Verdict verdict) {
    if (entity == 0) return;
    if (verdict == Verdict::genuine) {
      ++slot_of(expected_[entity], kind, incentivised);
    } else if (kind == Tallied::likes) {
      ++(verdict == Verdict::held ? expected_[entity].held : expected_[entity].rejected);
    }
  }

  // Order-free fingerprint of a subject's likes, built from either direction.
  static std::uint64_t print_of(std::uint64_t subject, std::uint64_t person, std::uint64_t at_us, Verdict verdict) {
    return mix64(mix64(subject << 32 | person) + at_us * engagement::verdict_count +
                 static_cast<std::uint64_t>(verdict));
  }

  Result<void> expect_relations() {
    return each_row(engagement::set_reactions, [&](const storage::Row& row) {
      const PairState state = PairState::from_columns(row.column[2], row.column[3]);
      const auto person = static_cast<std::uint32_t>(row.column[0]);
      const auto subject = static_cast<std::uint32_t>(row.column[1]);
      if (state.reaction() != Reaction::liked && state.reaction() != Reaction::disliked) return;
      const Tallied kind = state.reaction() == Reaction::liked ? Tallied::likes : Tallied::dislikes;
      const CreatorId creator = core_.store().totals_unlocked().creator_of(SubjectId{subject});
      for (const std::uint32_t entity : {person, subject, creator.value})
        expect(entity, kind, state.incentivised(), state.verdict());
      if (kind == Tallied::likes) prints_[subject] += print_of(subject, person, row.column[2], state.verdict());
    });
  }

  Result<void> expect_follows() {
    return each_row(engagement::set_follows, [&](const storage::Row& row) {
      const PairState state = PairState::from_columns(row.column[2], row.column[3]);
      if (state.reaction() != Reaction::liked) return;
      for (const std::size_t column : {0, 1})
        expect(static_cast<std::uint32_t>(row.column[column]), Tallied::follows, state.incentivised(), state.verdict());
    });
  }

  void expect_act(const RecordedAct& act) {
    Tallied kind = Tallied::views;
    switch (act.type) {
      case engagement::ActType::view:
        kind = Tallied::views;
        break;
      case engagement::ActType::complete:
        kind = Tallied::completes;
        break;
      case engagement::ActType::share:
        kind = Tallied::shares;
        break;
      case engagement::ActType::comment:
        kind = Tallied::comments;
        break;
      case engagement::ActType::profile_visit:
        kind = Tallied::profile_visits;
        break;
      default:
        return;
    }
    const bool erased = core_.registry().erased(EntityId{act.actor.value});
    const Verdict verdict = act.judgement.verdict;
    if (!erased) expect(act.actor.value, kind, act.incentivised, verdict);
    if (erased && kind == Tallied::comments) return;
    expect(act.subject.value, kind, act.incentivised, verdict);
    const CreatorId creator = kind == Tallied::profile_visits || !act.subject
                                  ? act.creator
                                  : core_.store().totals_unlocked().creator_of(act.subject);
    expect(creator.value, kind, act.incentivised, verdict);
  }

  Result<void> expect_acts() {
    ZAN_ASSIGN(const auto reader, core_.journal().read(Position{0}));
    storage::Group group;
    const auto last = static_cast<double>(core_.journal().last().value) + 1;
    for (;;) {
      ZAN_ASSIGN(const bool more, reader->next(group));
      if (!more) return {};
      ByteSpan record;
      for (storage::RecordReader records(group.payload); records.next(record);) {
        rules_.see(record, group.at);
        if (record.empty() || record.front() != static_cast<std::byte>(engagement::RecordTag::act)) continue;
        ZAN_ASSIGN(const RecordedAct act, engagement::read_act(record, group.at));
        expect_act(act);
      }
      progress_(0.4 + 0.5 * static_cast<double>(group.first.value) / last);
    }
  }

  Result<void> check_likers() {
    std::unordered_map<std::uint32_t, std::uint64_t> listed;
    ZAN_TRY(each_row(engagement::set_likers, [&](const storage::Row& row) {
      if ((row.column[3] & engagement::liker_dead) != 0) return;
      const auto subject = static_cast<std::uint32_t>(row.column[0]);
      const auto at_us = static_cast<std::uint64_t>(engagement::upright(row.column[1]).us);
      listed[subject] += print_of(subject, row.column[2], at_us, engagement::liker_verdict(row.column[3]));
    }));
    for (const auto& [subject, print] : prints_)
      if (const auto found = listed.find(subject); found == listed.end() || found->second != print)
        find("lists: the likers of subject " + std::to_string(subject) +
             " are not the people whose relation says liked");
    for (const auto& [subject, print] : listed)
      if (!prints_.contains(subject) && print != 0)
        find("lists: subject " + std::to_string(subject) + " has likers, and no relation says liked");
    return {};
  }

  Result<void> check_comments() {
    Tallies stored;
    Error damaged{ErrorKind::invalid, {}, {}};
    ZAN_TRY(core_.kv().scan(engagement::comments_family, {}, {}, [&](std::string_view key, std::string_view value) {
      const auto comment = engagement::read_comment(key, value);
      if (!comment.ok()) return damaged = comment.error(), false;
      if (comment->verdict == Verdict::genuine)
        ++slot_of(stored[comment->subject.value], Tallied::comments, comment->incentivised);
      return true;
    }));
    if (!damaged.message.empty()) return damaged;
    for (const std::uint32_t subject : core_.store().totals_unlocked().subjects()) {
      Tally have = core_.store().totals_unlocked().get(subject);
      for (const bool incentivised : {false, true})
        if (slot_of(have, Tallied::comments, incentivised) != slot_of(stored[subject], Tallied::comments, incentivised))
          find("comments: subject " + std::to_string(subject) + " counts other than it stores");
    }
    return {};
  }

  void compare() {
    for (std::uint32_t entity = 1; entity <= core_.registry().count(); ++entity) {
      const Tally have = core_.store().totals_unlocked().get(entity);
      const auto expected = expected_.find(entity);
      compare(entity, have, expected == expected_.end() ? Tally{} : expected->second);
    }
    progress_(1);
  }

  void compare(std::uint32_t entity, Tally have, Tally expected) {
    if (have == expected) return;
    if (have.held != expected.held || have.rejected != expected.rejected)
      find("counters: entity " + std::to_string(entity) + " counts " + std::to_string(have.held) + " likes held and " +
           std::to_string(have.rejected) + " rejected, its relations say " + std::to_string(expected.held) + " and " +
           std::to_string(expected.rejected));
    for (std::size_t i = 0; i < engagement::tallied_count; ++i) {
      const auto kind = static_cast<Tallied>(i);
      for (const bool incentivised : {false, true}) {
        const std::uint64_t counted = slot_of(have, kind, incentivised);
        const std::uint64_t should = slot_of(expected, kind, incentivised);
        if (counted == should) continue;
        find("counters: entity " + std::to_string(entity) + " counts " + std::to_string(counted) + " " +
             (incentivised ? "incentivised " : "") + engagement::to_string(kind) + ", its relations and acts say " +
             std::to_string(should));
      }
    }
  }

  void find(std::string what) {
    if (findings_.size() < findings_max) findings_.push_back({std::move(what)});
  }

  Core& core_;
  const std::function<void(double)>& progress_;
  std::vector<Finding> findings_;
  RulesChecker rules_;
  Tallies expected_;
  std::unordered_map<std::uint32_t, std::uint64_t> prints_;
};

}  // namespace

Result<std::vector<Finding>> check(Core& core, const std::function<void(double)>& progress) {
  ZAN_TRY(core.flush());
  if (core.freeze()) ZAN_TRY(core.flush());
  return Checker(core, progress).run();
}

Result<std::vector<Finding>> check(const std::string& data_folder, const std::function<void(double)>& progress) {
  ZAN_ASSIGN(const auto disk, storage::open_machine_disk(data_folder));
  ZAN_ASSIGN(const bool formatted, disk->exists(format_path));
  if (!formatted) return not_found(data_folder + " is not a data folder: it has no file FORMAT");
  Result<std::unique_ptr<Core>> core = Core::open(*disk, machine_clock(), machine_entropy());
  if (!core.ok() && core.error().kind == ErrorKind::corrupt)
    return std::vector<Finding>{{"open: " + core.error().message}};
  if (!core.ok()) return core.error();
  ZAN_ASSIGN(auto findings, check(**core, progress));
  ZAN_TRY((*core)->close());
  return findings;
}

}  // namespace zan::engine
