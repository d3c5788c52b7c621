// MatchingView: who likes what, as a view of the journal on a thread of its own. What is asked of it goes to the room
// matching; here is only what feeds that: the journal, names, keys.
//
// Only acts that are genuine and organic are told to it; a late verdict takes back what it was told. Besides models it keeps no
// state on disk: at a start it reads the journal from its beginning, a million acts in about a second, and answers when it is at the end.
//
// Threads: start/stop by the owner; step() by its thread; Matching's questions from any. Likes never wait for it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "engine/core.h"
#include "engine/feed_trainer.h"
#include "engine/follower.h"
#include "engine/journal_facts.h"
#include "engine/journal_tail.h"
#include "engine/matching.h"

namespace zan::engine {

class MatchingView final : public Matching, private FactSink {
 public:
  // Hands a change in; false: there is no room now.
  using Command = std::function<bool(ChangeMatching)>;

  // Core and entropy outlive it.
  MatchingView(Core& core, Entropy& entropy, const MatchingOptions& options, Command command);

  void start();
  void stop();
  // Reads what came since, at most some 20,000 records. False: nothing more to do now.
  Result<bool> step();

  [[nodiscard]] MatchingStatus status() const override;
  [[nodiscard]] Timestamp moment() const override;
  Result<NamedFeed> feed(const FeedRequest& request) override;
  [[nodiscard]] Result<std::vector<NamedSimilar>> similar(std::string_view subject, std::size_t count) const override;
  [[nodiscard]] Result<std::vector<NamedForetold>> predict(std::string_view viewer,
                                                           const std::vector<std::string>& subjects,
                                                           std::string_view surface) const override;
  [[nodiscard]] Result<std::vector<NamedMatch>> match(std::string_view subject, std::size_t count) const override;
  [[nodiscard]] Result<Assumed> assumed_of(std::string_view user) const override;
  [[nodiscard]] FeedModelList models() const override { return trainer_.list(); }
  void ask_for_training() override { trainer_.ask(); }
  Result<void> serve(std::uint32_t version, std::string_view by) override { return trainer_.serve(version, by); }
  // Now, on the caller's thread; for tests and tools.
  Result<FeedModel> train(std::string_view by) { return trainer_.train(by); }
  [[nodiscard]] matching::Policy policy() const override { return *feeds_.policy(); }
  [[nodiscard]] Result<std::vector<NamedRuleEntry>> rules() const override;
  Result<Bytes> record_of(std::string_view user, const NamedWish& wish) override;
  Result<Bytes> record_of(const NamedShown& shown) override;
  Result<Bytes> record_of(NamedRule& rule) override;
  Result<Bytes> record_of(const matching::RuleEnded& ended) override;
  Result<Bytes> record_of(const matching::PolicySet& set) override;
  [[nodiscard]] Result<std::vector<matching::Experiments::Entry>> experiments() const override;
  Result<Bytes> record_of(matching::ExperimentStarted& started) override;
  Result<Bytes> record_of(const matching::ExperimentEnded& ended) override;
  Result<void> await(Position position) override;

 private:
  void work(const matching::WorkFacts& facts, Timestamp heard_of) override { live_.put(facts, heard_of); }
  void person(const matching::PersonFacts& facts) override { live_.put(facts); }
  void shown(const matching::Shown& shown) override;
  void deed(const matching::Deed& deed) override;
  void wish(PersonId person, const matching::PersonWish& wish) override { live_.wish(person, wish); }
  void erased(PersonId person) override;
  void rule(const matching::FeedRule& rule, Timestamp at) override;
  void ended(const matching::RuleEnded& ended, Timestamp at) override;
  void policy(const matching::PolicySet& set) override;
  void started(const matching::ExperimentStarted& experiment, Timestamp at) override;
  void ended(const matching::ExperimentEnded& experiment, Timestamp at) override;
  void publish(bool more);
  void look_at_exposure();
  [[nodiscard]] FeedTrainer::Progress progress() const;

  // matching_questions.cc
  [[nodiscard]] Result<void> ready() const;
  // Zero: nobody has the name.
  [[nodiscard]] std::uint32_t find(storage::NameKind kind, std::string_view name) const;
  [[nodiscard]] Result<std::uint32_t> number(storage::NameKind kind, std::string_view name, const char* what) const;
  [[nodiscard]] Result<std::string> name(std::uint32_t id) const;  // empty: none, or erased
  [[nodiscard]] std::vector<SubjectId> subjects(const std::vector<std::string>& names) const;  // that are known
  [[nodiscard]] matching::Scene scene(std::string_view surface, std::string_view region, Timestamp at) const;
  [[nodiscard]] Result<NamedItem> named(const matching::FeedItem& item) const;
  void record(const matching::FeedQuestion& question, const matching::FeedAnswer& answer, matching::Arm arm);
  std::uint64_t fresh_id();

  Core& core_;
  Entropy& entropy_;
  const Command command_;
  const MatchingOptions options_;
  matching::TagNames tags_;
  matching::Community live_;
  matching::Feeds feeds_;
  matching::Experiments experiments_;

  // The view's thread.
  JournalFacts facts_;
  JournalTail tail_;
  Position seen_;
  Position quiet_;  // where the journal ended at the start
  std::int64_t measured_us_ = 0, exposure_us_ = 0;
  float crowding_ = 0;
  std::uint64_t deeds_ = 0;

  std::atomic<std::int64_t> newest_us_{0};  // of all deeds
  std::atomic<bool> caught_up_{false};
  std::atomic<std::uint64_t> feeds_answered_{0}, shown_lost_{0};
  std::mutex ids_mutex_;  // of the entropy
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable moved_;
  MatchingStatus status_;

  FeedTrainer trainer_;
  Follower follower_;
};

}  // namespace zan::engine
