#include "engine/evaluate_feeds.h"

#include "engine/folder_look.h"
#include "engine/journal_facts.h"

namespace zan::engine {
namespace {

class Telling final : public FactSink {
 public:
  explicit Telling(matching::Past& past) : past_(past) {}
  void work(const matching::WorkFacts& facts, Timestamp heard_of) override { past_.put(facts, heard_of); }
  void person(const matching::PersonFacts& facts) override { past_.put(facts); }
  void shown(const matching::Shown& shown) override {
    if (told_.ok()) told_ = past_.take(shown);
  }
  void deed(const matching::Deed& deed) override { past_.take(deed); }
  void wish(PersonId /*person*/, const matching::PersonWish& /*wish*/) override {}
  void erased(PersonId person) override { past_.erase(person); }

  [[nodiscard]] const Result<void>& told() const { return told_; }

 private:
  matching::Past& past_;
  Result<void> told_;
};

}  // namespace

Result<matching::PastEvaluation> evaluate_feeds(const std::string& data_folder, const matching::PastOptions& options,
                                                const matching::AttributeNames& names, const EvaluateProgress& progress) {
  ZAN_ASSIGN(const FolderLook looked, look_at_folder(data_folder));
  const Position last = looked.journal->last();
  if (last.value == 0) return Error{ErrorKind::limited, "nothing is on record", {}};
  matching::Past past(options);
  matching::TagNames tags;
  Telling telling(past);
  for (const int time : {0, 1}) {
    JournalFacts facts(*looked.registry, looked.secret, tags, names);
    ZAN_ASSIGN(const auto reader, looked.journal->read(Position{}));
    storage::Group group;
    for (;;) {
      ZAN_ASSIGN(const bool more, reader->next(group));
      if (!more || group.first > last) break;
      ZAN_TRY(facts.read(group, telling));
      ZAN_TRY(telling.told());
      const double done = static_cast<double>(group.first.value) / static_cast<double>(last.value);
      if (!progress((time + done) / 2)) return Error{ErrorKind::expired, "it was interrupted", {}};
    }
    if (time == 0) ZAN_TRY(past.again());
  }
  return past.finish();
}

}  // namespace zan::engine
