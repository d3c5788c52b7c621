// A Source turns foreign input into batches of events that any Sink can take, and can say where it stopped.
//
// Events travel as the JSON lines of POST /v1/events, whatever they are read from and wherever they go: one grammar, one
// set of rules (engagement/parser.h), and the same digest of the same event in process and over HTTP. A source gives
// every event an id that depends on the input alone, so an import that is repeated counts nothing twice.
//
// Threads: one.
// Errors:  of next(): the input cannot be read any further (unavailable, corrupt). A bad row is no error: it is listed
//          in the batch and the reading goes on.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace zan::connectors {

inline constexpr std::size_t batch_events_max = 4096;
inline constexpr std::size_t batch_bytes_max = 1 << 20;  // soft: the row that crosses it is the last
inline constexpr std::size_t batch_attributes_max = 512;

// One event in Batch::lines.
struct EventLine {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;  // without the line end
  std::uint64_t row = 0;     // where it came from: 1-based line of the input, or act of a generator
  // A comment whose words the input does not have. It is counted as a comment without text.
  bool text_unavailable = false;
};

// PUT /v1/users/{name} or /v1/subjects/{name}.
struct AttributesPut {
  enum class Kind : std::uint8_t { user, subject };
  Kind kind = Kind::user;
  std::string name;
  std::string json;
  std::uint64_t row = 0;
};

// Works that a feed showed to somebody, before the event with this index is done. What nobody took up is known by these alone.
struct Showing {
  std::uint32_t before_event = 0;
  std::uint64_t row = 0;
  std::string viewer, surface, subject;
  Timestamp at;
};

struct BadRow {
  std::uint64_t row = 0;
  std::string reason;
};

struct Batch {
  std::string lines;                      // each event followed by '\n'
  std::vector<EventLine> events;          // in order
  std::vector<AttributesPut> attributes;  // go in before the events
  std::vector<Showing> showings;          // before_event does not descend
  std::vector<BadRow> bad;
  std::string cursor;  // where the reading goes on after this batch

  void clear();
  // Room for this many showings that go in together: the others of their run do not wait for one another's events.
  static constexpr std::uint32_t showings_together = 256;
  void show(Showing showing);
  [[nodiscard]] bool full() const {
    return events.size() >= batch_events_max || lines.size() >= batch_bytes_max ||
           attributes.size() >= batch_attributes_max || showings.size() >= batch_events_max;
  }
  // `json` without a line end; not empty.
  void add(std::string_view json, std::uint64_t row);
  [[nodiscard]] std::string_view text(const EventLine& event) const {
    return std::string_view(lines).substr(event.offset, event.length);
  }
};

struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;  // zero: nobody knows
};

// What was read, for the report at the end: "clicks" 100900.
struct ReadTotal {
  std::string name;
  std::uint64_t count = 0;
};

class Source {
 public:
  virtual ~Source() = default;
  // The same for the same input, wherever it lies and whatever its name; empty: the input cannot be recognised again.
  virtual std::string identity() const = 0;
  // Goes on where a batch's cursor says. REQUIRES: before the first next(). invalid: not a cursor of this source.
  virtual Result<void> resume(std::string_view cursor) = 0;
  // Fills a cleared batch; false at the end of the input. A batch may hold bad rows only.
  virtual Result<bool> next(Batch& batch) = 0;
  virtual Progress progress() const = 0;
  // Totals over the whole input, rows skipped by resume() included where that is known.
  virtual std::vector<ReadTotal> totals() const { return {}; }
};

// What of a batch goes in at once: showings, then what was done until the next ones.
struct Run {
  std::span<const Showing> showings;
  std::span<const EventLine> events;
};
// Lie in the batch.
std::vector<Run> runs_of(const Batch& batch);

// Builds one event's JSON at the end of a batch.
class EventWriter {
 public:
  EventWriter(Batch& batch, std::string_view type, std::uint64_t row);
  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;
  // Ends the line.
  ~EventWriter();

  // `key` is one of ours. escaped: any UTF-8. plain: known to hold nothing that JSON escapes.
  EventWriter& escaped(std::string_view key, std::string_view value);
  EventWriter& plain(std::string_view key, std::string_view value);
  EventWriter& plain(std::string_view key, std::string_view prefix, std::uint64_t number);
  EventWriter& number(std::string_view key, std::uint64_t value);
  EventWriter& flag(std::string_view key, bool value);
  // For ids of several parts: "<prefix><number><suffix><more>".
  EventWriter& id(std::string_view prefix, std::uint64_t number, std::string_view suffix, std::string_view more = {});
  EventWriter& text_unavailable();

 private:
  void open(std::string_view key);

  Batch& batch_;
  EventLine event_;
};

void append_number(std::string& out, std::uint64_t value);

}  // namespace zan::connectors
