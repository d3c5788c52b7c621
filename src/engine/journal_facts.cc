#include "engine/journal_facts.h"

#include "engine/journal_tail.h"

namespace zan::engine {
namespace {

using engagement::ActType;
using engagement::RecordTag;
using engagement::Verdict;
using matching::Doing;

Doing doing_of(ActType type) {
  switch (type) {
    case ActType::like:
      return Doing::like;
    case ActType::unlike:
      return Doing::unlike;
    case ActType::dislike:
      return Doing::dislike;
    case ActType::view:
      return Doing::view;
    case ActType::complete:
      return Doing::complete;
    case ActType::comment:
      return Doing::comment;
    case ActType::follow:
      return Doing::follow;
    case ActType::unfollow:
      return Doing::unfollow;
    case ActType::share:
      return Doing::share;
    case ActType::profile_visit:
      return Doing::visit;
  }
  return Doing::visit;
}

// Of like, dislike and follow.
Doing opposite(ActType type) { return type == ActType::follow ? Doing::unfollow : Doing::unlike; }

bool is_reaction(ActType type) {
  return type == ActType::like || type == ActType::unlike || type == ActType::dislike;
}

}  // namespace

std::optional<matching::Deed> deed_of(const engagement::RecordedAct& act) {
  if (act.effect != engagement::Effect::changed) return std::nullopt;
  matching::Deed deed{act.actor, act.subject,  act.creator, doing_of(act.type), act.surface,
                      act.region, act.at,      act.watch_ms, act.duration_ms};
  if (!act.incentivised && act.judgement.verdict == Verdict::genuine) return deed;
  // It tells nothing itself, but what was told and is replaced by it holds no more.
  const bool told = act.before != engagement::Reaction::never && act.before_verdict == Verdict::genuine &&
                    !act.before_incentivised;
  if (!told || !is_reaction(act.type)) return std::nullopt;
  deed.doing = Doing::unlike;
  return deed;
}

std::optional<matching::Deed> deed_of(const engagement::VerdictRecord& verdict) {
  if (verdict.incentivised) return std::nullopt;
  const bool was = verdict.before == Verdict::genuine, is = verdict.what.verdict == Verdict::genuine;
  if (was == is) return std::nullopt;
  matching::Deed deed;
  deed.person = verdict.what.person;
  deed.creator = verdict.creator;
  deed.at = verdict.what.at;
  deed.doing = is ? doing_of(verdict.what.type) : opposite(verdict.what.type);
  if (verdict.what.type == ActType::follow) {
    deed.creator = {verdict.what.target};
  } else {
    deed.subject = {verdict.what.target};
  }
  return deed;
}

Result<void> JournalFacts::read(const storage::Group& group, FactSink& sink) {
  return each_record(group, [&](ByteSpan record) { return take(record, group.at, sink); });
}

Result<void> JournalFacts::take(ByteSpan record, Timestamp at, FactSink& sink) {
  switch (static_cast<RecordTag>(record.front())) {
    case RecordTag::act: {
      ZAN_ASSIGN(const engagement::RecordedAct act, engagement::read_act(record, at));
      if (const auto deed = deed_of(act)) sink.deed(*deed);
      return {};
    }
    case RecordTag::verdict: {
      ZAN_ASSIGN(const engagement::VerdictRecord verdict, engagement::read_verdict(record, at));
      if (const auto deed = deed_of(verdict)) sink.deed(*deed);
      return {};
    }
    case RecordTag::user: {
      ZAN_ASSIGN(const engagement::UserRecord user, engagement::read_user(record));
      return take_user(user, sink);
    }
    case RecordTag::subject: {
      ZAN_ASSIGN(const engagement::SubjectRecord subject, engagement::read_subject(record));
      ZAN_ASSIGN(const matching::WorkFacts facts,
                 matching::read_work(subject.subject, subject.creator, subject.json, names_, tags_));
      sink.work(facts, at);
      return {};
    }
    case RecordTag::erased: {
      ZAN_ASSIGN(const PersonId person, engagement::read_erased(record));
      sink.erased(person);
      return {};
    }
    default:
      return matching::is_matching_change(record) ? take_change(record, at, sink) : Result<void>();
  }
}

// Who was erased since has no key any more; their erasure stands further on in the journal.
Result<void> JournalFacts::take_user(const engagement::UserRecord& record, FactSink& sink) {
  const auto key = registry_.key(EntityId{record.user.value});
  if (!key.ok()) return key.error().kind == ErrorKind::not_found ? Result<void>() : key.error();
  ZAN_ASSIGN(const std::string attributes, engagement::open_attributes(*key, record.sealed));
  ZAN_ASSIGN(matching::PersonRead read, matching::read_person(record.user, attributes, names_, activities_));
  if (!read.region.empty()) {
    const Hash128 hash = storage::name_hash(secret_, storage::NameKind::term, read.region);
    read.facts.region = {registry_.find(hash).value};
  }
  sink.person(read.facts);
  return {};
}

Result<void> JournalFacts::take_change(ByteSpan record, Timestamp at, FactSink& sink) {
  ZAN_ASSIGN(const matching::MatchingChange change, matching::read_matching_change(record));
  if (const auto* shown = std::get_if<matching::Shown>(&change)) sink.shown(*shown);
  if (const auto* rule = std::get_if<matching::FeedRule>(&change)) sink.rule(*rule, at);
  if (const auto* ended = std::get_if<matching::RuleEnded>(&change)) sink.ended(*ended, at);
  if (const auto* set = std::get_if<matching::PolicySet>(&change)) sink.policy(*set);
  if (const auto* started = std::get_if<matching::ExperimentStarted>(&change)) sink.started(*started, at);
  if (const auto* done = std::get_if<matching::ExperimentEnded>(&change)) sink.ended(*done, at);
  if (const auto* wished = std::get_if<matching::Wished>(&change)) {
    matching::PersonWish wish{matching::WishOf::creator, wished->creator.value, wished->wish};
    if (!wished->tag.empty()) wish = {matching::WishOf::tag, tags_.number(wished->tag), wished->wish};
    if (wish.number != 0) sink.wish(wished->person, wish);
  }
  return {};
}

}  // namespace zan::engine
