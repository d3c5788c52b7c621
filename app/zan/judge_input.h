// Likes out of a CSV file, as the detectors see them: names become dense numbers, tokens become hashes, times microseconds.
//
// Columns are found by the names in the file's header. A file whose header does not have them (or that has none) is read by
// position, in the order the names were given.
//
// Threads: one.
// Errors:  not_found: a column; invalid: no header and no names. A record that cannot be used is counted, and is a row that says so:
//          answers stand beside the file's records one by one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/connectors.h"
#include "integrity/integrity.h"

namespace zan::app {

enum class TimeUnit : std::uint8_t { unknown, seconds, milliseconds, microseconds };

struct JudgeRow {
  bool usable = false;  // false: nothing else means anything
  integrity::ActView act;
  std::string_view at, actor, subject;  // as in the file; valid until the next call
};

// Names of the outside world to dense numbers from 1, by 64 bits of hash; the names are not kept.
class Numbers {
 public:
  Numbers() : slots_(1024) {}
  std::uint32_t number(std::string_view name);
  [[nodiscard]] std::uint32_t count() const { return count_; }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t number = 0;
  };
  void grow();
  std::vector<Slot> slots_;
  std::uint32_t count_ = 0;
};

class JudgeInput {
 public:
  static Result<std::unique_ptr<JudgeInput>> open(const std::string& path, const std::vector<std::string>& columns,
                                                  TimeUnit unit);

  // False at the end.
  Result<bool> next(JudgeRow& row);
  // From the first row again, for the writing of answers: rows have no numbers and tokens then, only what stands in the file.
  Result<void> rewind();

  [[nodiscard]] TimeUnit unit() const { return unit_; }
  [[nodiscard]] std::uint64_t unusable() const { return unusable_; }
  [[nodiscard]] const std::string& first_fault() const { return first_fault_; }
  [[nodiscard]] std::uint32_t actors() const { return actors_.count(); }
  [[nodiscard]] std::uint32_t subjects() const { return subjects_.count(); }

 private:
  static constexpr std::size_t column_count = 10;
  JudgeInput(std::string path, std::unique_ptr<connectors::CsvReader> reader)
      : path_(std::move(path)), reader_(std::move(reader)) {}
  Result<void> find_columns(const std::vector<std::string>& names);
  Result<void> columns_by_name();
  Result<void> columns_by_place(const std::vector<std::string>& names);
  Result<void> find_unit();
  [[nodiscard]] std::string_view field(std::size_t column) const;
  bool read_act(JudgeRow& row);
  void number(JudgeRow& row);
  Result<void> restart();
  void refuse(std::string_view why);

  std::string path_;
  std::unique_ptr<connectors::CsvReader> reader_;
  std::vector<std::optional<std::size_t>> column_;
  bool header_is_data_ = false, header_taken_ = false, numbered_ = false;
  std::vector<std::string> header_fields_;
  connectors::CsvRecord record_;
  TimeUnit unit_ = TimeUnit::unknown;
  std::int64_t base_us_ = 0;
  std::uint64_t unusable_ = 0;
  std::string first_fault_;
  Numbers actors_, subjects_, creators_;
};

// Microseconds of a number in `unit`, with or without a fraction; nothing when it is no such number.
std::optional<std::int64_t> parse_time(std::string_view text, TimeUnit unit);

// What a file's times are counted in, by their size: dates of this century in seconds, ms or us have different magnitudes; times
// that start near zero are seconds unless they span more than sixty days as such.
TimeUnit guess_unit(double first, double last);

}  // namespace zan::app
