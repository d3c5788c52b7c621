// SegmentBook: the saved segments with their versions and sizes, and the lists of people, as the journal's records say.
//
// A segment is known by its id and called by its name, which no other living one has. Saving makes a version, counted
// from 1; what was made from a version that is not the last any more is void. A frozen segment means a list; a retired
// one means nothing, and gives its name free. Applying depends on the records alone: not on the catalogue, which may be
// another at the next start. A text that the catalogue no longer allows keeps its version and says its trouble.
//
// Threads: one applies; anybody asks, under one mutex that nobody holds while they count. names() answers alike as long
//          as it is held.
// Errors:  conflict, not_found, limited: a record that does not fit; nothing has changed. invalid, refused: see
//          decide(). corrupt: a state that is none.
// Cost:    a change some 4 µs (its text is read); the first names() after a change 0.1 µs a segment and list.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audience/answer/compile.h"
#include "audience/book/people_lists.h"
#include "audience/book/size_history.h"
#include "audience/events.h"
#include "base/ids.h"

namespace zan::audience {

struct BookLimits {
  std::size_t segments = 10'000;       // living or frozen
  std::size_t retired = 10'000;        // one more, and the one that was retired first is forgotten
  std::size_t versions = 200;          // of a segment
  std::size_t marks = 400;             // frozen, thawed and retired, of a segment
  std::size_t text_bytes = 256 << 20;  // of all versions together
  std::size_t watched = 64;            // segments
  ListLimits lists;
};
inline constexpr std::size_t segments_page_max = 200;

enum class SegmentState : std::uint8_t { living = 0, frozen = 1, retired = 2 };
const char* to_string(SegmentState state);

struct SegmentVersion {
  std::uint32_t number = 0;
  Timestamp at;
  Refresh refresh = Refresh::none;
  bool watched = false;
  std::string name, who, why, purpose, text;
  bool operator==(const SegmentVersion&) const = default;
};

struct SegmentMarkEntry {
  SegmentMark mark = SegmentMark::retire;
  Timestamp at;
  std::string who, why, list;
  bool operator==(const SegmentMarkEntry&) const = default;
};

struct SegmentInfo {
  SegmentId id;
  SegmentState state = SegmentState::living;
  std::string frozen_list;
  SegmentVersion last;
  std::string trouble;  // why its text is no segment any more; empty: it is one
  SizePoint measured;   // the last time; version 0: never
  bool operator==(const SegmentInfo&) const = default;
};

struct SegmentDetail {
  SegmentInfo info;
  std::vector<SegmentVersion> versions;  // oldest first
  std::vector<SegmentMarkEntry> marks;
  std::vector<SizePoint> history;
};

struct WatchedSegment {
  SegmentId id;
  std::uint32_t version = 0;
  std::uint32_t purpose = 0;
  Node node;  // what it means now
};

class SegmentBook {
 public:
  explicit SegmentBook(std::shared_ptr<const Catalogue> catalogue, const BookLimits& limits = {});
  ~SegmentBook();

  // --- the one that applies ---
  // `at`: of the record's group. An error: the record is void. Imports of tags are not the book's; they change nothing
  // here.
  Result<void> apply(const AudienceChange& change, Timestamp at);
  // Takes a person out of every list, for ever.
  void erase(PersonId user);

  // --- before a change is recorded ---
  // What to record, with the segment's text in canonical form. Beside what apply() asks: the text is a segment, its
  // purpose is known, what it refers to is there and makes no circle, all of it may be used for the purpose and is not
  // too costly; those that refer to it still work afterwards; nothing that is referred to goes. invalid with the field,
  // refused, conflict, not_found, limited.
  [[nodiscard]] Result<AudienceChange> decide(AudienceChange wanted, Timestamp now) const;

  // --- anybody ---
  // What names mean now. The segment of a text that is in trouble is not there.
  [[nodiscard]] std::shared_ptr<const SegmentNames> names() const;
  // Grows whenever names() or watched() may answer something else.
  [[nodiscard]] std::uint64_t names_version() const;
  // Living and frozen ones with a name after this one, by name; at most segments_page_max.
  [[nodiscard]] std::vector<SegmentInfo> segments(std::string_view after, std::size_t limit) const;
  [[nodiscard]] std::optional<SegmentDetail> segment(SegmentId id) const;  // retired ones too
  [[nodiscard]] std::optional<SegmentDetail> segment(std::string_view name) const;
  [[nodiscard]] std::size_t size() const;  // living and frozen ones
  [[nodiscard]] std::vector<ListInfo> lists() const;
  // Whose size is to be measured: never yet, of another version, or an hour (a day) ago and more. The one that waits
  // longest first.
  [[nodiscard]] std::vector<SegmentId> due(Timestamp now) const;
  // Those whose members are watched, by id.
  [[nodiscard]] std::vector<WatchedSegment> watched() const;
  [[nodiscard]] const Catalogue& catalogue() const { return *catalogue_; }

  // --- the one that applies ---
  // The state as rows (state_row.h): one at a time at the end of `out`, then row_done() is called.
  Result<void> put_state(Bytes& out, const RowDone& row_done) const;
  // One row after the other, in the order in which they were put, into a book that nothing was applied to; done once it
  // says so.
  Result<void> read_row(ByteReader& in, bool& done);
  // The same as the section "segments" of the state file.
  Result<void> save(StateWriter& writer) const { return save_rows(*this, "segments", writer); }
  Result<void> load(StateReader& reader) { return load_rows(*this, "segments", reader); }
  // All rows at once, with a checksum.
  [[nodiscard]] Bytes to_state() const;
  // Into a book that nothing was applied to; after an error it is to be thrown away.
  Result<void> from_state(ByteSpan state);

 private:
  struct Entry;
  class Names;
  class Changed;

  // Under the mutex.
  [[nodiscard]] Entry* find(SegmentId id) const;
  [[nodiscard]] std::size_t watched_count() const;
  Result<void> fits(const SegmentSaved& one) const;
  Result<void> fits(const SegmentMarked& one) const;
  Result<void> fits(const SegmentMeasured& one) const;
  Result<void> fits(const ListPart& one) const;
  Result<void> fits(const ListRemoved& one) const;
  Result<void> fits(const TagImport&) const { return {}; }
  void take(const SegmentSaved& one, Timestamp at);
  void take(const SegmentMarked& one, Timestamp at);
  void take(const SegmentMeasured& one, Timestamp at);
  void take(const ListPart& one, Timestamp at);
  void take(const ListRemoved& one, Timestamp at);
  void take(const TagImport&, Timestamp) {}
  void retire(Entry& entry);
  void understand(Entry& entry) const;
  void changed_names();
  [[nodiscard]] SegmentInfo info(const Entry& entry) const;
  [[nodiscard]] SegmentDetail detail(const Entry& entry) const;
  [[nodiscard]] std::shared_ptr<const Names> names_locked() const;
  Result<void> put_segments(Bytes& out, const RowDone& row_done) const;
  bool read_segment(ByteReader& in);
  bool read_retired(ByteReader& in);

  // Without it: `names` is what there was, `name` what the segment was called.
  Result<void> check(SegmentSaved& wanted, const Names& names, const std::string& name, Timestamp now) const;
  Result<void> check_dependents(const Names& before, const SegmentNames& after, const std::string& name,
                                Timestamp now) const;
  [[nodiscard]] CompileContext context(const SegmentNames& names, std::uint32_t purpose, Timestamp now) const;

  const std::shared_ptr<const Catalogue> catalogue_;
  const BookLimits limits_;
  const EventIndex no_events_;  // windows are compiled, not asked

  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, std::unique_ptr<Entry>> entries_;  // by id
  std::map<std::string, Entry*, std::less<>> by_name_;  // living and frozen
  std::deque<SegmentId> retired_;                       // by when
  std::multiset<std::string, std::less<>> frozen_to_;   // lists that frozen segments mean
  PeopleLists lists_;
  std::size_t text_bytes_ = 0;
  std::uint64_t names_version_ = 1;
  std::uint64_t rows_read_ = 0;
  mutable std::shared_ptr<const Names> names_;  // null: not made since the last change
};

}  // namespace zan::audience
