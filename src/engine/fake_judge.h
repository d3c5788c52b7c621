// A judge for tests: holds and rejects by the act's id, so that a twin can say what it must have said; and keeps a
// fingerprint of all it was shown, so that a start can be compared with the life before it.
#pragma once

#include "base/require.h"
#include "engagement/engagement.h"

namespace zan::engine {

class FakeJudge final : public engagement::ActJudge {
 public:
  // Acts without an id are genuine.
  static engagement::Verdict verdict_of(const Hash128& id) {
    switch (mix64(id.low) % 6) {
      case 0:
        return engagement::Verdict::held;
      case 1:
        return engagement::Verdict::rejected;
      default:
        return engagement::Verdict::genuine;
    }
  }

  engagement::Judgement judge(const engagement::RecordedAct& act) override {
    engagement::Judgement judgement;
    judgement.judged = true;
    judgement.quality = static_cast<std::uint8_t>(act.actor.value % 101);
    if (act.has_id) judgement.verdict = verdict_of(act.id);
    if (judgement.verdict != engagement::Verdict::genuine) {
      judgement.reason_count = static_cast<std::uint8_t>(1 + act.actor.value % engagement::reasons_max);
      for (std::size_t i = 0; i < judgement.reason_count; ++i)
        judgement.reasons[i] = {static_cast<std::uint8_t>(i + 1), act.subject.value};
    }
    see(act, judgement);
    return judgement;
  }
  void committed(Position last) override {
    require(last >= position_, "the journal grows");
    position_ = last;
    durable_ = now_;
  }
  void dropped() override {
    now_ = durable_;
    ++drops;
  }
  [[nodiscard]] Position position() const override { return position_; }
  void observe(const engagement::RecordedAct& act, Position at) override {
    require(at > position_, "nothing is shown twice");
    see(act, act.judgement);
  }
  void corrected(const engagement::VerdictRecord& verdict) override {
    add(verdict.what.person.value);
    add(verdict.what.target);
    add(static_cast<std::uint64_t>(verdict.what.at.us));
    add(static_cast<std::uint64_t>(verdict.what.verdict) << 8 | verdict.revision);
  }
  void erased(PersonId person) override { add(person.value); }

  // The power is gone: it holds what it held at `kept`, a copy of long ago.
  void fall_back(const FakeJudge& kept) {
    now_ = durable_ = kept.durable_;
    position_ = kept.position_;
  }
  [[nodiscard]] std::uint64_t fingerprint() const { return now_; }
  int drops = 0;

 private:
  void add(std::uint64_t value) { now_ = mix64(now_ ^ value); }
  void see(const engagement::RecordedAct& act, const engagement::Judgement& judgement) {
    require(act.effect == engagement::Effect::changed, "only what changes something is shown");
    add(std::uint64_t{act.actor.value} << 32 | act.subject.value);
    add(static_cast<std::uint64_t>(act.at.us));
    add(static_cast<std::uint64_t>(act.type) << 32 | act.creator.value);
    add(static_cast<std::uint64_t>(judgement.verdict) << 16 | std::uint64_t{judgement.quality} << 8 |
        judgement.reason_count);
  }

  std::uint64_t now_ = 1, durable_ = 1;
  Position position_;
};

}  // namespace zan::engine
