// AudienceView: who the people are, as a view of the journal on a thread of its own; and a reactor, for sizes of saved segments that
// are measured again and again become records. What is asked of it goes to the room audience; here is only what feeds that: the
// journal, names, keys, and the days that pass.
//
// At a start its state is loaded, and the journal is read from where that ends; until then nothing is answered. The state is
// saved at a stop and after some millions of records; where it is missing, damaged or of another catalogue, the whole journal is
// read. Tags that fade are put right once a day, some thousands of people a step, so that what comes in meanwhile is seen as soon.
//
// Threads: start/stop by the owner; step() by its thread; Audience's questions from any. Likes never wait for it.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <unordered_set>

#include "engine/audience.h"
#include "engine/core.h"
#include "engine/follower.h"
#include "engine/journal_tail.h"

namespace zan::engine {

inline constexpr const char* audience_folder = "audience";

class AudienceView final : public Audience {
 public:
  // Hands a change in and waits until it is durable.
  using Command = std::function<Result<Answer>(ChangeAudience)>;

  // Core and entropy outlive it.
  static Result<std::unique_ptr<AudienceView>> open(Core& core, Entropy& entropy, const AudienceOptions& options,
                                                    Command command);

  void start();
  void stop();
  // Reads what came since, at most some 100,000 records, and looks after what time changes. False: nothing more to do now.
  Result<bool> step();
  // Not beside a thread that was started.
  Result<void> save();
  static Result<void> remove_saved(Core& core);

  [[nodiscard]] AudienceStatus status() const override;
  [[nodiscard]] const audience::Catalogue& catalogue() const override { return *catalogue_; }
  [[nodiscard]] Timestamp moment() const override;
  Result<audience::SizeAnswer> count(const audience::Node& segment, const audience::Question& question) override;
  Result<audience::Composition> composition(const audience::Node& segment, const audience::Question& question) override;
  Result<audience::Overlap> overlap(const std::vector<audience::Node>& segments,
                                    const audience::Question& question) override;
  Result<audience::Why> why(const audience::Node& segment, std::string_view user,
                            const audience::Question& question) override;
  Result<audience::Composition> portrait(const PortraitQuestion& of, const audience::Question& question) override;
  Result<audience::Suggestion> suggest(const audience::Video& video, const audience::Question& question) override;
  [[nodiscard]] Result<std::vector<PersonTag>> tags_of(std::string_view user) const override;
  Result<MemberPage> members(const audience::Node& segment, const audience::Question& question, std::uint32_t after,
                             std::size_t limit) override;
  [[nodiscard]] Result<NamedMoves> moves(audience::SegmentId segment, std::uint64_t from,
                                         std::size_t limit) const override;
  [[nodiscard]] const audience::SegmentBook& book() const override { return book_; }
  [[nodiscard]] std::vector<audience::ImportEntry> imports() const override { return imports_.recent(); }
  [[nodiscard]] Result<NumberedPeople> numbers_of(std::span<const std::string_view> users) const override;
  Result<Bytes> record_of(audience::AudienceChange change) override;
  Result<std::vector<Bytes>> records_of_freeze(audience::SegmentId segment, const std::string& list,
                                               const std::string& who, const std::string& why) override;
  Result<void> await(Position position) override;

 private:
  AudienceView(Core& core, Entropy& entropy, const AudienceOptions& options, Command command);

  Result<void> read_group(const storage::Group& group);
  Result<void> take(ByteSpan record, Timestamp at);
  Result<void> take_act(const engagement::RecordedAct& act);
  void put_right(PersonId person, Timestamp at);
  Result<void> take_verdict(const engagement::VerdictRecord& verdict);
  Result<void> take_user(const engagement::UserRecord& record);
  Result<void> take_subject(const engagement::SubjectRecord& record);
  Result<void> take_change(ByteSpan record, Timestamp at);
  void take_erased(PersonId person);
  void begin_bulk();
  void end_bulk();
  void look_after_days();
  void look_after_watched();
  Result<void> measure_due();
  void publish(bool more);

  // audience_state.cc
  Result<void> save_if_due();
  Result<void> forget_saved();
  Result<void> load();

  // audience_questions.cc
  [[nodiscard]] Result<void> ready() const;
  [[nodiscard]] audience::Question dated(audience::Question question) const;
  [[nodiscard]] Result<std::uint32_t> number(storage::NameKind kind, std::string_view name, const char* what) const;
  std::uint64_t new_id();

  Core& core_;
  Entropy& entropy_;
  const Command command_;
  const std::shared_ptr<const audience::Catalogue> catalogue_;
  audience::TagStore store_;
  audience::EventIndex events_;
  audience::SubjectIndex subjects_;
  audience::Answers answers_;
  audience::Suggester suggester_;
  audience::SegmentBook book_;
  audience::TagImports imports_;
  audience::Watcher watcher_;

  // The view's thread.
  audience::Deriver deriver_;
  JournalTail tail_;
  std::unordered_set<std::uint32_t> terms_;  // that the deriver has been told
  audience::UserList touched_;               // since the watched segments were looked at
  Position seen_, saved_;
  Position quiet_;                // where the journal ended at the start
  std::uint32_t swept_day_ = 0;   // for which everybody's tags are worked out, or being so
  std::uint32_t sweep_next_ = 0;  // the first person of whom they are not yet
  Timestamp sweep_at_;
  std::uint64_t watched_names_ = 0;  // SegmentBook::names_version() that the watcher has been told
  std::uint32_t watched_day_ = 0;    // of the last look at all people
  std::int64_t measured_us_ = 0, saved_us_ = 0;

  std::atomic<std::int64_t> newest_us_{0};  // of all acts that told something
  std::atomic<bool> caught_up_{false};
  std::mutex ids_mutex_;  // of the entropy
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable moved_;
  AudienceStatus status_;

  Follower follower_;
};

}  // namespace zan::engine
