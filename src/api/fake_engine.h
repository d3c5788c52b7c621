// FakeEngine: an engine of maps in memory, for tests of the server alone. It can be held, filled up
// and broken at will.
//
// Threads: as engine::Engine; one writer thread answers commands in groups, as the real one does.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "api/sim_audience.h"
#include "api/sim_evidence.h"
#include "api/sim_insights.h"
#include "api/sim_integrity.h"
#include "api/sim_matching.h"
#include "api/sim_rules.h"
#include "engine/engine.h"

namespace zan::api {

class FakeEngine final : public engine::Engine, public engagement::Reads {
 public:
  FakeEngine() : writer_([this] { write_loop(); }) {}
  ~FakeEngine() override { stop(); }

  // --- what a test turns ---
  void hold() {
    set([this] { held_ = true; });
  }  // answers nothing until release()
  void release() {
    set([this] { held_ = false; });
  }
  void refuse_with(std::optional<Error> error) {
    set([&] { refusal_ = std::move(error); });
  }  // of submit
  void fail_with(std::optional<Error> error) {
    set([&] { failure_ = std::move(error); });
  }  // of answers
  void set_intake_max(std::size_t acts) {
    set([&] { intake_max_ = acts; });
  }
  void set_health(engine::Health health, std::string reason = {}) {
    set([&] { health_ = health, reason_ = std::move(reason); });
  }
  void switch_evidence_off() {
    set([this] { evidence_on_ = false; });
  }
  void switch_integrity_off() {
    set([this] { integrity_on_ = false; });
  }
  void switch_audience_off() {
    set([this] { audience_on_ = false; });
  }
  void switch_insights_off() {
    set([this] { insights_on_ = false; });
  }
  void switch_matching_off() {
    set([this] { matching_on_ = false; });
  }
  SimIntegrity& sim_integrity() { return integrity_; }
  SimAudience& sim_audience() {
    const std::lock_guard lock(mutex_);
    return sim_audience_locked();
  }
  SimRules& sim_rules() { return rules_; }
  // What was said of cases, in order.
  std::vector<integrity::CaseNote> notes() const {
    const std::lock_guard lock(mutex_);
    return notes_;
  }
  void await_waiting(std::size_t commands) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiting_.size() >= commands; });
  }
  std::size_t waiting() const {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }
  std::size_t largest_batch() const {
    const std::lock_guard lock(mutex_);
    return largest_batch_;
  }

  // --- engine::Engine ---
  const HashKey& secret() const override { return secret_; }

  Result<void> submit(engine::Command& command, engine::Done done) override {
    {
      const std::lock_guard lock(mutex_);
      if (stopping_) return unavailable("the server is stopping");
      if (refusal_) return *refusal_;
      const std::size_t weight = acts_in(command);
      if (intake_ > 0 && intake_ + weight > intake_max_) return limited("too many events are waiting");
      intake_ += weight;
      largest_batch_ = std::max(largest_batch_, weight);
      waiting_.push_back({std::move(command), std::move(done)});
    }
    changed_.notify_all();
    return {};
  }

  const engagement::Reads& reads() const override { return *this; }

  engine::Status status() const override {
    const std::lock_guard lock(mutex_);
    engine::Status status;
    status.health = health_;
    status.reason = reason_;
    status.position = {position_};
    status.accepted = position_;
    status.intake_waiting = intake_;
    return status;
  }

  const engine::Evidence* evidence() const override {
    const std::lock_guard lock(mutex_);
    return evidence_on_ ? &evidence_ : nullptr;
  }

  const engine::Rules* rules() const override { return &rules_; }
  const engine::Integrity* integrity() const override {
    const std::lock_guard lock(mutex_);
    return integrity_on_ ? &integrity_ : nullptr;
  }
  engine::Audience* audience() const override {
    const std::lock_guard lock(mutex_);
    return audience_on_ ? &sim_audience_locked() : nullptr;
  }
  const engine::Insights* insights() const override {
    const std::lock_guard lock(mutex_);
    return insights_on_ ? &insights_ : nullptr;
  }
  engine::Matching* matching() const override {
    const std::lock_guard lock(mutex_);
    return matching_on_ ? &sim_matching_locked() : nullptr;
  }

  Result<std::unique_ptr<engine::Feed>> feed(Position after) const override {
    const std::lock_guard lock(mutex_);
    if (after.value > position_) return not_found("there is no such position yet", "after");
    return std::unique_ptr<engine::Feed>(std::make_unique<FakeFeed>(*this, after.value));
  }

  std::shared_ptr<void> on_progress(std::function<void()> wake) override {
    const std::lock_guard lock(mutex_);
    wakes_.push_back(std::move(wake));
    const auto at = std::prev(wakes_.end());
    return {nullptr, [this, at](void*) {
              const std::lock_guard inner(mutex_);
              wakes_.erase(at);
            }};
  }

  Result<void> backup(const std::string& folder) override {
    if (folder == "/taken") return conflict("the folder is there already", "to");
    return {};
  }
  Result<void> compact() override { return {}; }

  void stop() override {
    set([this] { stopping_ = true, held_ = false; });
    if (writer_.joinable()) writer_.join();
  }

  // --- engagement::Reads ---
  Result<engagement::Tally> subject_counts(std::string_view subject) const override {
    const std::lock_guard lock(mutex_);
    return find_tally("s", subject);
  }
  Result<engagement::Tally> user_counts(std::string_view user) const override {
    const std::lock_guard lock(mutex_);
    return find_tally("u", user);
  }
  Result<engagement::Tally> creator_counts(std::string_view creator) const override {
    const std::lock_guard lock(mutex_);
    return find_tally("c", creator);
  }
  bool made_by(std::string_view subject, std::string_view creator) const override {
    const std::lock_guard lock(mutex_);
    const auto found = creators_.find(subject);
    return found != creators_.end() && found->second == creator;
  }
  Result<std::string> subject_creator(std::string_view subject) const override {
    const std::lock_guard lock(mutex_);
    const auto found = creators_.find(subject);
    return found == creators_.end() ? std::string() : found->second;
  }
  Result<void> hydrate(std::string_view viewer, const std::vector<std::string_view>& subjects,
                       std::vector<engagement::Hydrated>& out) const override {
    const std::lock_guard lock(mutex_);
    for (const std::string_view subject : subjects) {
      engagement::Hydrated& there = out.emplace_back();
      there.tally = find_tally("s", subject);
      there.viewer.liked = likes_.contains({std::string(viewer), std::string(subject)});
    }
    return {};
  }
  Result<engagement::ListPage> user_likes(std::string_view user, std::size_t limit,
                                          std::string_view cursor) const override {
    if (!cursor.empty() && cursor != "next") return invalid("not a cursor of this list", "cursor");
    const std::lock_guard lock(mutex_);
    engagement::ListPage page;
    for (const auto& [actor, subject] : likes_)
      if (actor == user && page.items.size() < limit) page.items.push_back({subject, {1'650'899'141'436'000}});
    if (page.items.size() == limit && cursor.empty()) page.next = "next";
    return page;
  }
  Result<engagement::ListPage> likers(std::string_view subject, std::size_t limit,
                                      std::string_view cursor) const override {
    if (!cursor.empty()) return invalid("not a cursor of this list", "cursor");
    const std::lock_guard lock(mutex_);
    engagement::ListPage page;
    for (const auto& [actor, liked] : likes_)
      if (liked == subject && page.items.size() < limit) page.items.push_back({actor, {0}});
    return page;
  }
  Result<std::vector<PersonId>> latest_likers(std::string_view) const override { return std::vector<PersonId>{}; }
  Result<std::vector<engagement::TopItem>> top(engagement::TopWindow, std::size_t limit) const override {
    const std::lock_guard lock(mutex_);
    std::vector<engagement::TopItem> items;
    for (const auto& [key, tally] : tallies_)
      if (key.first == "s" && items.size() < limit) items.push_back({key.second, tally.organic[0]});
    return items;
  }
  Result<std::string> subject_attributes(std::string_view subject) const override { return attributes("s", subject); }
  Result<std::string> user_attributes(std::string_view user) const override { return attributes("u", user); }
  Result<void> export_user(std::string_view user,
                           const std::function<Result<void>(std::string_view)>& write) const override {
    if (user == "nobody") return not_found("nobody of that name");
    ZAN_TRY(write("{\"user\":\"" + std::string(user) + "\",\"acts\":["));
    const std::size_t pieces = user == "huge" ? 20'000 : user == "broken" ? 5'000 : 3;
    for (std::size_t i = 0; i < pieces; ++i)
      ZAN_TRY(write(std::string(i > 0 ? "," : "") + "\"" + std::string(1000, 'x') + "\""));
    if (user == "broken") return corrupt("a record is damaged");
    return write("]}");
  }

 private:
  struct Waiting {
    engine::Command command;
    engine::Done done;
  };

  class FakeFeed final : public engine::Feed {
   public:
    FakeFeed(const FakeEngine& engine, std::uint64_t after) : engine_(engine), after_(after) {}
    Result<void> next(std::size_t max, std::vector<Item>& out) override {
      const std::lock_guard lock(engine_.mutex_);
      for (std::size_t i = 0; i < max && after_ < engine_.items_.size(); ++i) out.push_back(engine_.items_[after_++]);
      return {};
    }

   private:
    const FakeEngine& engine_;
    std::uint64_t after_;
  };

  template <typename Change>
  void set(Change change) {
    {
      const std::lock_guard lock(mutex_);
      change();
    }
    changed_.notify_all();
  }

  SimAudience& sim_audience_locked() const {
    if (audience_ == nullptr) audience_ = std::make_unique<SimAudience>();
    return *audience_;
  }

  SimMatching& sim_matching_locked() const {
    if (matching_ == nullptr) matching_ = std::make_unique<SimMatching>();
    return *matching_;
  }

  static std::size_t acts_in(const engine::Command& command) {
    const auto* batch = std::get_if<engagement::ActBatch>(&command.body);
    return batch == nullptr ? 1 : batch->acts.size();
  }

  engagement::Tally find_tally(const char* kind, std::string_view name) const {
    const auto found = tallies_.find({kind, std::string(name)});
    return found == tallies_.end() ? engagement::Tally{} : found->second;
  }
  Result<std::string> attributes(const char* kind, std::string_view name) const {
    const std::lock_guard lock(mutex_);
    const auto found = attributes_.find({kind, std::string(name)});
    if (found == attributes_.end()) return not_found("no attributes were put");
    return found->second;
  }

  void write_loop() {
    for (;;) {
      std::deque<Waiting> group;
      std::vector<Result<engine::Answer>> answers;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return (!waiting_.empty() && !held_) || stopping_; });
        if (waiting_.empty() && stopping_) return;
        group.swap(waiting_);
        intake_ = 0;
        for (Waiting& waiting : group) answers.push_back(apply(waiting.command));
      }
      for (std::size_t i = 0; i < group.size(); ++i) group[i].done(std::move(answers[i]));
      std::list<std::function<void()>> wakes;
      {
        const std::lock_guard lock(mutex_);
        for (const auto& wake : wakes_) wake();
      }
    }
  }

  Result<engine::Answer> apply(engine::Command& command) {
    if (failure_) return *failure_;
    engine::Answer answer;
    if (auto* batch = std::get_if<engagement::ActBatch>(&command.body)) {
      for (const engagement::Act& act : batch->acts) apply_act(*batch, act, answer);
    } else if (const auto* user = std::get_if<engine::PutUser>(&command.body)) {
      attributes_[{"u", user->user}] = user->json;
    } else if (const auto* subject = std::get_if<engine::PutSubject>(&command.body)) {
      attributes_[{"s", subject->subject}] = subject->attributes.json;
    } else if (const auto* erase = std::get_if<engine::EraseUser>(&command.body)) {
      if (!tallies_.contains({"u", erase->user})) return not_found("nobody of that name");
      tallies_.erase({"u", erase->user});
    } else if (const auto* note = std::get_if<engine::NoteCase>(&command.body)) {
      ZAN_ASSIGN(integrity::CaseNote said, integrity::read_note(note->record));
      notes_.push_back(std::move(said));
    } else if (const auto* rules = std::get_if<engine::ChangeRules>(&command.body)) {
      ZAN_TRY(rules_.take(rules->record));
    } else if (const auto* change = std::get_if<engine::ChangeAudience>(&command.body)) {
      // What does not fit is void.
      static_cast<void>(sim_audience_locked().take(change->record));
    } else if (const auto* feeds = std::get_if<engine::ChangeMatching>(&command.body)) {
      for (const Bytes& record : feeds->records) static_cast<void>(sim_matching_locked().take(record));
    }
    answer.position = {position_};
    return answer;
  }

  void apply_act(const engagement::ActBatch& batch, const engagement::Act& act, engine::Answer& answer) {
    const std::string actor(batch.text(act.actor)), subject(batch.text(act.subject));
    if (act.has_id) {
      const auto [seen, fresh] = ids_.emplace(act.id, act.digest);
      if (!fresh && seen->second == act.digest) return ++answer.duplicates, void();
      if (!fresh) return answer.rejected.push_back({act.index, conflict("the id was used for another event", "/id")});
    }
    if (actor == "refused") return answer.rejected.push_back({act.index, invalid("`at` lies in the future", "/at")});
    ++answer.accepted;
    ++position_;
    if (act.creator) creators_.emplace(subject, batch.text(act.creator));
    const bool like = act.type == engagement::ActType::like;
    if (like && likes_.insert({actor, subject}).second) {
      auto count = [&](const char* kind, const std::string& name) {
        engagement::Tally& tally = tallies_[{kind, name}];
        ++(act.incentivised ? tally.incentivised : tally.organic)[0];
      };
      count("s", subject);
      count("u", actor);
      if (act.creator) count("c", std::string(batch.text(act.creator)));
    }
    items_.push_back(
        {{position_}, "{\"position\":\"" + std::to_string(position_) + "\",\"actor\":\"" + actor + "\"}", subject});
  }

  const HashKey secret_{42};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  std::optional<Error> refusal_, failure_;
  engine::Health health_ = engine::Health::ready;
  std::string reason_;
  std::size_t intake_ = 0, intake_max_ = engine::intake_acts_max, largest_batch_ = 0;
  std::uint64_t position_ = 0;
  bool held_ = false, stopping_ = false, evidence_on_ = true, integrity_on_ = true, audience_on_ = true, matching_on_ = true,
       insights_on_ = true;
  const SimInsights insights_;
  SimEvidence evidence_;
  SimIntegrity integrity_;
  SimRules rules_;
  mutable std::unique_ptr<SimAudience> audience_;  // made when it is first asked for
  mutable std::unique_ptr<SimMatching> matching_;  // as well
  std::vector<integrity::CaseNote> notes_;
  std::set<std::pair<std::string, std::string>> likes_;
  std::map<std::pair<std::string, std::string>, engagement::Tally> tallies_;
  std::map<std::pair<std::string, std::string>, std::string> attributes_;
  std::map<std::string, std::string, std::less<>> creators_;  // of subjects
  std::map<Hash128, std::uint64_t> ids_;
  std::vector<engine::Feed::Item> items_;
  std::list<std::function<void()>> wakes_;
  std::thread writer_;
};

}  // namespace zan::api
