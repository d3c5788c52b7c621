// TagImports: tags that come from files. Applies their records to the TagStore, remembers on which day each was said of
// whom, and takes it back when the tag's keep_days are over.
//
// Only tags whose source is `imported` are taken; what is sensitive is never. Who was erased is in no import, of before
// or after. Of a value everybody stands under the one day of the last import that said it: what is said daily takes no
// more room.
//
// Threads: one, the one that changes the store; recent() from any.
// Errors:  not_found: no such tag or value. refused: the tag is not imported. invalid: the value is none of this tag.
//          Nothing has changed.
// Cost:    0.3 µs a user and set that changes; at most two bytes a user and value.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "audience/bitmap/people_set.h"
#include "audience/book/state_row.h"
#include "audience/catalogue/catalogue.h"
#include "audience/events.h"
#include "base/ids.h"

namespace zan::audience {

inline constexpr std::size_t imports_kept_max = 1'000;

// What was imported, for whoever asks where a tag comes from.
struct ImportEntry {
  std::uint64_t import = 0;
  Timestamp at;  // of its last part
  bool on = true;
  std::string tag, value;
  std::uint64_t number = 0;
  std::string who, source;
  std::uint64_t users = 0;  // of all parts
  bool operator==(const ImportEntry&) const = default;
};

class TagImports {
 public:
  // The store outlives it.
  TagImports(std::shared_ptr<const Catalogue> catalogue, TagStore& store)
      : catalogue_(std::move(catalogue)), store_(store) {}

  // Whether it may be recorded; any thread.
  [[nodiscard]] Result<void> check(const TagImport& import) const;
  // `at`: of the record's group. An error: the record is void.
  Result<void> apply(const TagImport& import, Timestamp at);
  // Takes back what is older than its tag's keep_days by the operator's clock. Once a day.
  void sweep(Timestamp now);
  void erase(PersonId user);

  // The last imports_kept_max, newest first.
  [[nodiscard]] std::vector<ImportEntry> recent() const;

  // As SegmentBook's: rows; what the store has is not in them. corrupt, unsupported.
  Result<void> put_state(Bytes& out, const RowDone& row_done) const;
  Result<void> read_row(ByteReader& in, bool& done);
  // The same as the section "imports" of the state file.
  Result<void> save(StateWriter& writer) const { return save_rows(*this, "imports", writer); }
  Result<void> load(StateReader& reader) { return load_rows(*this, "imports", reader); }

 private:
  // A value that can be had or not: of a number or day it is the whole tag.
  struct Key {
    std::uint32_t tag = 0, value = 0;
    auto operator<=>(const Key&) const = default;
  };
  using Days = std::map<std::uint32_t, PeopleSet>;  // nobody is in two, and none is empty

  [[nodiscard]] std::uint32_t day_of(Timestamp at) const {
    return static_cast<std::uint32_t>((at.us + catalogue_->zone_us()) / us_per_day);
  }
  [[nodiscard]] Key key_of(const Tag& tag, const TagImport& import) const;
  void say(const Tag& tag, std::uint32_t value, std::uint64_t number, bool on, std::uint32_t user);
  void flush();
  void remember(const TagImport& import, Timestamp at);
  static void forget(Days& days, std::uint32_t user);
  bool read_import(ByteReader& in);
  bool read_day(ByteReader& in);

  const std::shared_ptr<const Catalogue> catalogue_;
  TagStore& store_;
  std::map<Key, Days> said_;
  UserList erased_;
  std::vector<Change> changes_;
  std::uint64_t rows_read_ = 0;

  mutable std::mutex mutex_;
  std::deque<ImportEntry> recent_;  // oldest first
};

}  // namespace zan::audience
