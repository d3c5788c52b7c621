// The book's state as rows; docs/formats/audience.md has the bytes.
#include "audience/book/book_entry.h"
#include "audience/book/segment_book.h"
#include "base/hash.h"
#include "base/require.h"

namespace zan::audience {
namespace {

constexpr std::size_t end_bytes = sizeof(std::uint64_t);

void put_version(Bytes& out, const SegmentVersion& one) {
  put_fixed(out, one.at.us);
  put_fixed(out, static_cast<std::uint8_t>(one.refresh));
  put_fixed(out, static_cast<std::uint8_t>(one.watched));
  for (const std::string* text : {&one.name, &one.who, &one.why, &one.purpose, &one.text}) put_counted(out, *text);
}

bool read_version(ByteReader& in, SegmentVersion& one) {
  one.at.us = in.fixed<std::int64_t>();
  const auto refresh = in.fixed<std::uint8_t>();
  const auto watched = in.fixed<std::uint8_t>();
  one.refresh = static_cast<Refresh>(refresh);
  one.watched = watched != 0;
  return refresh <= static_cast<std::uint8_t>(Refresh::daily) && watched <= 1 &&
         read_counted(in, segment_name_bytes_max, one.name) && read_counted(in, change_who_bytes_max, one.who) &&
         read_counted(in, change_why_bytes_max, one.why) && read_counted(in, catalogue_name_bytes_max, one.purpose) &&
         read_counted(in, segment_text_bytes_max, one.text) && !one.name.empty() && !one.text.empty();
}

void put_mark(Bytes& out, const SegmentMarkEntry& one) {
  put_fixed(out, static_cast<std::uint8_t>(one.mark));
  put_fixed(out, one.at.us);
  for (const std::string* text : {&one.who, &one.why, &one.list}) put_counted(out, *text);
}

bool read_mark(ByteReader& in, SegmentMarkEntry& one) {
  const auto mark = in.fixed<std::uint8_t>();
  one.mark = static_cast<SegmentMark>(mark);
  one.at.us = in.fixed<std::int64_t>();
  return mark >= 1 && mark <= static_cast<std::uint8_t>(SegmentMark::thaw) &&
         read_counted(in, change_who_bytes_max, one.who) && read_counted(in, change_why_bytes_max, one.why) &&
         read_counted(in, segment_name_bytes_max, one.list);
}

template <typename One, typename Read>
bool read_all(ByteReader& in, std::size_t count_max, std::vector<One>& to, Read read) {
  const std::uint64_t count = in.varint();
  if (count > count_max || count > in.left()) return false;
  to.resize(count);
  for (One& one : to)
    if (!read(in, one) || !in.ok()) return false;
  return true;
}

}  // namespace

Result<void> SegmentBook::put_segments(Bytes& out, const RowDone& row_done) const {
  std::map<std::uint64_t, const Entry*> by_id;
  for (const auto& [id, entry] : entries_) by_id[id] = entry.get();
  for (const auto& [id, entry] : by_id) {
    put_row(out, StateRow::segment);
    put_fixed(out, id);
    put_fixed(out, static_cast<std::uint8_t>(entry->state));
    put_counted(out, entry->frozen_list);
    put_varint(out, entry->versions.size());
    for (const SegmentVersion& version : entry->versions) put_version(out, version);
    put_varint(out, entry->marks.size());
    for (const SegmentMarkEntry& mark : entry->marks) put_mark(out, mark);
    entry->history.put(out);
    ZAN_TRY(row_done());
  }
  return {};
}

Result<void> SegmentBook::put_state(Bytes& out, const RowDone& row_done) const {
  // Nobody but the caller changes anything, and what the others read they may read beside this.
  std::uint64_t rows = 0;
  const auto counted = [&]() -> Result<void> {
    ++rows;
    return row_done();
  };
  put_row(out, StateRow::head);
  put_fixed(out, book_state_version);
  ZAN_TRY(counted());
  ZAN_TRY(lists_.put_state(out, counted));
  ZAN_TRY(put_segments(out, counted));
  put_row(out, StateRow::retired);
  put_varint(out, retired_.size());
  for (const SegmentId id : retired_) put_fixed(out, id.value);
  ZAN_TRY(counted());
  put_row(out, StateRow::end);
  put_varint(out, rows);
  return row_done();
}

bool SegmentBook::read_segment(ByteReader& in) {
  auto entry = std::make_unique<Entry>();
  entry->id.value = in.fixed<std::uint64_t>();
  const auto state = in.fixed<std::uint8_t>();
  entry->state = static_cast<SegmentState>(state);
  if (state > static_cast<std::uint8_t>(SegmentState::retired) ||
      !read_counted(in, segment_name_bytes_max, entry->frozen_list) ||
      !read_all(in, limits_.versions, entry->versions, read_version) || entry->versions.empty() ||
      !read_all(in, limits_.marks + 1, entry->marks, read_mark) || !entry->history.read(in))
    return false;
  const bool frozen = entry->state == SegmentState::frozen;
  if (frozen ? lists_.find(entry->frozen_list) == nullptr : !entry->frozen_list.empty()) return false;
  for (std::size_t i = 0; i < entry->versions.size(); ++i) {
    SegmentVersion& version = entry->versions[i];
    version.number = static_cast<std::uint32_t>(i + 1);
    text_bytes_ += bytes_of(version);
  }
  understand(*entry);
  if (frozen) frozen_to_.insert(entry->frozen_list);
  const bool living = entry->state != SegmentState::retired;
  if (living && !by_name_.emplace(entry->last().name, entry.get()).second) return false;
  const std::uint64_t id = entry->id.value;
  return entries_.emplace(id, std::move(entry)).second && by_name_.size() <= limits_.segments &&
         text_bytes_ <= limits_.text_bytes;
}

bool SegmentBook::read_retired(ByteReader& in) {
  const std::uint64_t count = in.varint();
  if (count > limits_.retired || count != entries_.size() - by_name_.size()) return false;
  std::set<std::uint64_t> seen;
  for (std::uint64_t i = 0; i < count; ++i) {
    const SegmentId id{in.fixed<std::uint64_t>()};
    const Entry* const entry = find(id);
    if (entry == nullptr || entry->state != SegmentState::retired || !seen.insert(id.value).second) return false;
    retired_.push_back(id);
  }
  return true;
}

Result<void> SegmentBook::read_row(ByteReader& in, bool& done) {
  const std::lock_guard lock(mutex_);
  const auto malformed = [] { return corrupt("the state of the saved segments is malformed"); };
  const auto kind = static_cast<StateRow>(in.fixed<std::uint8_t>());
  done = false;
  if (!in.ok() || (kind == StateRow::head) != (rows_read_ == 0)) return malformed();
  bool good = false;
  if (kind == StateRow::head) {
    if (in.fixed<std::uint8_t>() != book_state_version && in.ok())
      return unsupported("the state of the saved segments is of another version");
    good = true;
  } else if (kind == StateRow::segment) {
    good = read_segment(in);
  } else if (kind == StateRow::retired) {
    good = read_retired(in);
  } else if (kind == StateRow::end) {
    good = in.varint() == rows_read_;
    done = good && in.ok();
    changed_names();
  } else {
    good = lists_.read_row(kind, in);
  }
  if (!good || !in.ok()) return malformed();
  ++rows_read_;
  return {};
}

Bytes SegmentBook::to_state() const {
  Bytes out;
  require(put_state(out, [] { return Result<void>(); }).ok(), "writing to memory does not fail");
  put_fixed(out, checksum64(out));
  return out;
}

Result<void> SegmentBook::from_state(ByteSpan state) {
  if (state.size() < end_bytes) return corrupt("the state of the saved segments is cut off");
  const ByteSpan rows = state.first(state.size() - end_bytes);
  ByteReader sum(state.last(end_bytes));
  if (sum.fixed<std::uint64_t>() != checksum64(rows)) return corrupt("the state of the saved segments is damaged");
  ByteReader in(rows);
  bool done = false;
  while (!done) ZAN_TRY(read_row(in, done));
  return in.done() ? Result<void>() : corrupt("there is more behind the state of the saved segments");
}

}  // namespace zan::audience
