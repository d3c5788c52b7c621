// JournalFacts: the journal as facts of matching, for whoever lives on them: the view that serves, a training, an evaluation.
//
// Here is decided what may teach: acts that changed something, are genuine and organic. A late verdict that condemns comes as the deed
// that takes back, one that clears as the deed itself. What is of another room is passed over.
//
// Threads: one. Errors: corrupt: a record that cannot be read.
#pragma once

#include "engagement/engagement.h"
#include "matching/matching.h"
#include "storage/storage.h"

namespace zan::engine {

class FactSink {
 public:
  virtual ~FactSink() = default;
  virtual void work(const matching::WorkFacts& facts, Timestamp heard_of) = 0;
  virtual void person(const matching::PersonFacts& facts) = 0;
  virtual void shown(const matching::Shown& shown) = 0;
  virtual void deed(const matching::Deed& deed) = 0;
  virtual void wish(PersonId person, const matching::PersonWish& wish) = 0;
  virtual void erased(PersonId person) = 0;
  // What operators decided.
  virtual void rule(const matching::FeedRule& /*rule*/, Timestamp /*at*/) {}
  virtual void ended(const matching::RuleEnded& /*ended*/, Timestamp /*at*/) {}
  virtual void policy(const matching::PolicySet& /*set*/) {}
  virtual void started(const matching::ExperimentStarted& /*experiment*/, Timestamp /*at*/) {}
  virtual void ended(const matching::ExperimentEnded& /*experiment*/, Timestamp /*at*/) {}
};

class JournalFacts {
 public:
  // All outlive it.
  JournalFacts(const storage::Registry& registry, const HashKey& secret, matching::TagNames& tags,
               const matching::AttributeNames& names)
      : registry_(registry), secret_(secret), tags_(tags), names_(names) {}

  Result<void> read(const storage::Group& group, FactSink& sink);

 private:
  Result<void> take(ByteSpan record, Timestamp at, FactSink& sink);
  Result<void> take_user(const engagement::UserRecord& record, FactSink& sink);
  Result<void> take_change(ByteSpan record, Timestamp at, FactSink& sink);

  const storage::Registry& registry_;
  const HashKey& secret_;
  matching::TagNames& tags_;
  const matching::AttributeNames& names_;
  // People's words have numbers of their own: whoever was erased is not read any more, and tags keep their numbers.
  matching::TagNames activities_;
};

// Nothing, where the act is not to be told.
std::optional<matching::Deed> deed_of(const engagement::RecordedAct& act);
std::optional<matching::Deed> deed_of(const engagement::VerdictRecord& verdict);

}  // namespace zan::engine
