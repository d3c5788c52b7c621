#include "engine/threads.h"

namespace zan::engine {
namespace {

class JournalFeed final : public Feed {
 public:
  JournalFeed(Core& core, std::unique_ptr<storage::JournalReader> reader, Position after)
      : names_(core.registry()), reader_(std::move(reader)), after_(after) {}

  Result<void> next(std::size_t max, std::vector<Item>& out) override {
    const std::size_t wanted = out.size() + max;
    while (out.size() < wanted) {
      ByteSpan record;
      if (!records_.next(record)) {
        if (!records_.ok()) return corrupt("a journal group is malformed");
        ZAN_ASSIGN(const bool more, reader_->next(group_));
        if (!more) return {};
        records_ = storage::RecordReader(group_.payload);
        at_ = group_.first;
        continue;
      }
      const Position position{at_.value++};
      if (position <= after_ || record.empty()) continue;
      if (record.front() == static_cast<std::byte>(engagement::RecordTag::act)) ZAN_TRY(add_act(record, position, out));
      if (record.front() == static_cast<std::byte>(engagement::RecordTag::verdict))
        ZAN_TRY(add_verdict(record, position, out));
    }
    return {};
  }

 private:
  Result<void> add_act(ByteSpan record, Position position, std::vector<Item>& out) {
    ZAN_ASSIGN(const engagement::RecordedAct act, engagement::read_act(record, group_.at));
    ZAN_ASSIGN(engagement::ActNames names, names_.of(act));
    Item item;
    item.position = position;
    engagement::append_act(item.json, position, group_.at, act, names);
    item.subject = std::move(names.subject);
    out.push_back(std::move(item));
    return {};
  }

  Result<void> add_verdict(ByteSpan record, Position position, std::vector<Item>& out) {
    ZAN_ASSIGN(const engagement::VerdictRecord verdict, engagement::read_verdict(record, group_.at));
    ZAN_ASSIGN(engagement::ActNames names, names_.of(verdict));
    Item item;
    item.position = position;
    item.verdict = true;
    engagement::append_verdict(item.json, position, group_.at, verdict, names);
    item.subject = std::move(names.subject);
    out.push_back(std::move(item));
    return {};
  }

  engagement::Names names_;
  std::unique_ptr<storage::JournalReader> reader_;
  const Position after_;
  storage::Group group_;
  storage::RecordReader records_{ByteSpan{}};
  Position at_;
};

}  // namespace

std::unique_ptr<Feed> make_feed(Core& core, std::unique_ptr<storage::JournalReader> reader, Position after) {
  return std::make_unique<JournalFeed>(core, std::move(reader), after);
}

}  // namespace zan::engine
