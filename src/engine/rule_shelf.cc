#include "engine/rule_shelf.h"

namespace zan::engine {

using integrity::RuleChange;
using integrity::rules::RuleBook;

void shelve(storage::WriteTxn& txn, ByteSpan record, Timestamp at, Position position) {
  std::string key;
  put_be(key, position.value);
  Bytes value;
  put_fixed(value, at.us);
  put_bytes(value, record);
  txn.put(rules_family, std::move(key), std::string(as_text(value)));
}

Result<void> RuleShelf::load(const storage::Kv& kv) {
  auto book = std::make_shared<RuleBook>();
  Result<void> taken;
  ZAN_TRY(kv.scan(rules_family, {}, {}, [&](std::string_view, std::string_view value) {
    ByteReader in(as_bytes(value));
    const auto at_us = in.fixed<std::int64_t>();
    const Result<RuleChange> change = integrity::read_rule_change(in.take(in.left()));
    taken = change.ok() ? integrity::take_over(*book, *change, at_us) : Result<void>(change.error());
    return taken.ok();
  }));
  if (!taken.ok()) return corrupt("kv: rules: " + taken.error().message);
  set(std::move(book));
  return {};
}

Result<BookPtr> RuleShelf::with(const RuleChange& change, Timestamp at) const {
  auto next = std::make_shared<RuleBook>(*book());
  const Result<void> taken = integrity::take_over(*next, change, at.us);
  if (!taken.ok()) return conflict(taken.error().message);
  return BookPtr(std::move(next));
}

void RuleShelf::set(BookPtr book) {
  const std::lock_guard lock(mutex_);
  book_ = std::move(book);
}

BookPtr RuleShelf::book() const {
  const std::lock_guard lock(mutex_);
  return book_;
}

}  // namespace zan::engine
