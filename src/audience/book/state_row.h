// Rows of a state: what the book of segments and the imported tags are written as, one thing a row, so that nobody
// holds a second copy of all of it. docs/formats/audience.md has the bytes.
//
// Threads: pure functions.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "audience/state/state_file.h"
#include "base/bytes.h"
#include "base/result.h"

namespace zan::audience {

inline constexpr std::uint8_t book_state_version = 1;

enum class StateRow : std::uint8_t {
  head = 1,     // version of the rows
  erased = 2,   // people whose numbers are never taken in again
  list = 3,     // of people
  upload = 4,   // a list's parts so far
  segment = 5,  // with its versions and sizes
  retired = 6,  // segments in the order in which they were retired
  import = 7,   // one import of tags
  day = 8,      // who has a value of an imported tag since a day
  end = 9,      // how many rows there were
};

// Called after each row; may move the bytes elsewhere. Its error ends the writing.
using RowDone = std::function<Result<void>()>;

inline void put_counted(Bytes& out, std::string_view text) {
  put_varint(out, text.size());
  put_bytes(out, as_bytes(text));
}
// False: longer than it may be.
inline bool read_counted(ByteReader& in, std::size_t bytes_max, std::string& to) {
  const std::uint64_t size = in.varint();
  if (size > bytes_max || size > in.left()) return false;
  to = as_text(in.take(size));
  return true;
}
inline void put_row(Bytes& out, StateRow kind) {
  put_fixed(out, static_cast<std::uint8_t>(kind));
}

// A section of the state file with all rows of `of`.
template <typename Rows>
Result<void> save_rows(const Rows& of, std::string_view section, StateWriter& writer) {
  ZAN_TRY(writer.begin(section));
  return of.put_state(writer.chunk(), [&] { return writer.spill(); });
}
template <typename Rows>
Result<void> load_rows(Rows& to, std::string_view section, StateReader& reader) {
  ZAN_TRY(reader.begin(section));
  bool done = false;
  while (true) {
    ZAN_ASSIGN(ByteReader chunk, reader.next());
    if (chunk.done()) return done ? Result<void>() : reader.damaged();
    while (!chunk.done()) {
      if (done) return reader.damaged();
      ZAN_TRY(to.read_row(chunk, done));
    }
  }
}

}  // namespace zan::audience
