// check, of the log: its keys and checkpoint, every tile and bundle up to the root, every entry against the journal's act
// and its person's key, and the index.
#include <algorithm>

#include "engine/act_opener.h"
#include "engine/check_evidence.h"
#include "engine/evidence_view.h"

namespace zan::engine {
namespace {

class LogChecker {
 public:
  LogChecker(Core& core, std::vector<Finding>& findings) : core_(core), findings_(findings), opener_(core.registry()) {}

  Result<void> run() {
    // Opening it compares its keys, what was signed, what was published and the right edge of the tree.
    ZAN_ASSIGN(const std::string origin, choose_origin(core_.disk(), machine_entropy(), {}));
    ZAN_ASSIGN(const auto log, evidence::Log::open(core_.disk(), machine_entropy(), {.origin = origin}));
    ZAN_ASSIGN(auto tree, log->reader());
    ZAN_TRY(evidence::verify_all(tree));
    ZAN_ASSIGN(const auto reader, core_.journal().read({}));
    storage::Group group;
    for (;;) {
      ZAN_ASSIGN(const bool more, reader->next(group));
      if (!more) break;
      ZAN_TRY(compare(group, tree));
    }
    if (index_ < tree.size())
      find("the log has " + std::to_string(tree.size()) + " entries, and the journal makes " + std::to_string(index_));
    ZAN_ASSIGN(const auto index, evidence::EntryIndex::open(core_.disk(), "evidence/index"));
    return index->verify();
  }

 private:
  void find(std::string what) {
    if (findings_.size() < findings_max) findings_.push_back({"log: " + std::move(what)});
  }

  Result<void> compare(const storage::Group& group, evidence::TreeReader& tree) {
    Position position = group.first;
    ByteSpan record;
    for (storage::RecordReader records(group.payload); records.next(record) && index_ < tree.size(); ++position.value) {
      ZAN_ASSIGN(const std::optional<JournalAct> said, read_logged(record, position, group.at));
      if (!said) continue;
      ZAN_TRY(compare(*said, tree));
      ++index_;
    }
    return {};
  }

  Result<void> compare(const JournalAct& said, evidence::TreeReader& tree) {
    ZAN_TRY(core_.registry().persons({&said.act.actor, 1}, person_));
    if (person_.front().name.empty()) return {};
    ZAN_TRY(opener_.open(said, person_.front(), opened_));
    const evidence::Hash expected = evidence::leaf_hash(evidence::entry_of(opened_.event, opened_.secrets.opening));
    ZAN_ASSIGN(const evidence::Hash leaf, tree.hash(0, index_));
    if (leaf != expected)
      find("entry " + std::to_string(index_) + " is not that of the act at position " +
           std::to_string(said.position.value));
    return {};
  }

  Core& core_;
  std::vector<Finding>& findings_;
  ActOpener opener_;
  std::vector<storage::Registry::Person> person_;
  OpenedAct opened_;
  std::uint64_t index_ = 0;
};

}  // namespace

Result<void> check_evidence(Core& core, std::vector<Finding>& findings) {
  ZAN_ASSIGN(const bool there, core.disk().exists("log/checkpoint"));
  if (!there) return {};
  const Result<void> checked = LogChecker(core, findings).run();
  if (checked.ok() || checked.error().kind == ErrorKind::unavailable) return checked;
  findings.push_back({"log: " + checked.error().message});
  return {};
}

}  // namespace zan::engine
