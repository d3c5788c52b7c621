// ActJudge: whoever says of each act whether it is genuine. The door through which the room integrity (or a test) takes
// part in deciding; without a judge nothing is judged, and all acts count.
//
// What a judge knows is a function of the journal: it sees the same acts, verdicts and erasures in the same order, live
// and at a start. Live they come group by group, and a group may yet be dropped.
//
// Threads: all calls by the writer; at a start by the thread that opens the engine.
// Cost:    judge() is on the way of every act: a few hundred nanoseconds at most.
#pragma once

#include "engagement/events.h"

namespace zan::engagement {

class ActJudge {
 public:
  virtual ~ActJudge() = default;

  // --- while a group is decided ---
  struct Outline {
    ActType type = ActType::like;
    PersonId actor;
    SubjectId subject;  // zero: none
    CreatorId creator;  // as the client said; zero: none
    std::uint64_t device = 0, network = 0;
  };
  // An act that may be judged soon: brings near what judge() will look at.
  virtual void prefetch(const Outline&) {}
  // Of an act that is about to be recorded, in order: ids resolved, the judgement not yet set. Only acts that change
  // something come here (Effect::changed, so all deeds). The answer has at most reasons_max reasons and quality_max.
  virtual Judgement judge(const RecordedAct& act) = 0;

  // --- the fate of the group: of everything since the last of these two ---
  // It is durable, and the journal ends at `last`.
  virtual void committed(Position last) = 0;
  // Nothing of it happened.
  virtual void dropped() = 0;

  // --- at a start ---
  // True: the journal is not shown, the judge reads it by itself.
  [[nodiscard]] virtual bool reads_by_itself() const { return false; }
  // After a dropped(). What lies behind it in the journal is handed to observe(), corrected() and erased(), with committed() after each group.
  [[nodiscard]] virtual Position position() const = 0;
  // An act that judge() was asked about, or would have been, with the judgement it got then.
  virtual void observe(const RecordedAct& act, Position at) = 0;

  // --- live and at a start, in their order among the acts ---
  virtual void corrected(const VerdictRecord&) {}
  // Whatever is held of the person must go.
  virtual void erased(PersonId) {}
};

}  // namespace zan::engagement
