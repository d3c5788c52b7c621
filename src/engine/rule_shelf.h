// RuleShelf: the book of rules of a data folder. Every change is a record of the journal and stands in the kv family `rules`, so
// that a start needs no more than that to have the book again.
//
//   be64 position -> i64 time of the record's group, the record (integrity/rule_change.h)
//
// Threads: book() from any; all else by the writer, or before there is one.
// Errors:  corrupt: what is stored is no history of a book.
// Cost:    a change copies the book; people make changes.
#pragma once

#include <memory>
#include <mutex>

#include "integrity/integrity.h"
#include "storage/storage.h"

namespace zan::engine {

using BookPtr = std::shared_ptr<const integrity::rules::RuleBook>;

inline constexpr storage::Family rules_family = 3;  // behind those of the room engagement
inline constexpr const char* rules_family_name = "rules";

// Puts a record where load() finds it.
void shelve(storage::WriteTxn& txn, ByteSpan record, Timestamp at, Position position);

class RuleShelf {
 public:
  Result<void> load(const storage::Kv& kv);
  // The book with one more change; nothing is kept. conflict: it is none of this book.
  [[nodiscard]] Result<BookPtr> with(const integrity::RuleChange& change, Timestamp at) const;
  void set(BookPtr book);
  // Never null.
  [[nodiscard]] BookPtr book() const;

 private:
  mutable std::mutex mutex_;
  BookPtr book_ = std::make_shared<const integrity::rules::RuleBook>();
};

}  // namespace zan::engine
