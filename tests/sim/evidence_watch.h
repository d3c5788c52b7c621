// The log beside the engine, through the same troubles: it never tells two stories, and at the end it holds every act that
// it should, once, in order, each with a receipt that verifies.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/core.h"
#include "engine/evidence_view.h"

namespace zan::sim {

class EvidenceWatch {
 public:
  EvidenceWatch(storage::Disk& disk, Entropy& entropy) : disk_(disk), entropy_(entropy) {}

  // The engine has been closed, or its power is gone.
  void drop() { view_.reset(); }
  // A step of the evidence thread, whatever comes of it.
  void step(engine::Core& core);
  // After the troubles: everything is logged and looked at. What is wrong, or empty.
  std::string finish(engine::Core& core);

 private:
  std::string look();
  std::string compare_with_journal(engine::Core& core);
  std::string check_receipt(engine::Core& core, Position position, PersonId actor, std::uint64_t index);

  storage::Disk& disk_;
  Entropy& entropy_;
  std::unique_ptr<engine::EvidenceView> view_;
  std::vector<evidence::Checkpoint> seen_;
  evidence::Policy policy_;
};

}  // namespace zan::sim
