// Input: a file or standard input as bytes, unpacked where it is gzip; and its lines.
//
// Threads: one.
// Errors:  not_found (no such file), unavailable (cannot be read), corrupt (gzip data damaged or cut short).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace zan::connectors {

class Input {
 public:
  // `path` "-": standard input. gzip is told by its first bytes, not by the name.
  static Result<std::unique_ptr<Input>> open(const std::string& path);
  virtual ~Input() = default;

  // Zero at the end.
  virtual Result<std::size_t> read(std::span<char> into) = 0;
  // Goes on at a place of the unpacked bytes; invalid beyond the end. REQUIRES: seekable().
  virtual Result<void> seek(std::uint64_t offset) = 0;
  virtual bool seekable() const = 0;              // standard input is not
  virtual std::uint64_t bytes_read() const = 0;   // as stored (packed)
  virtual std::uint64_t bytes_total() const = 0;  // as stored; zero: unknown
};

struct Line {
  std::string_view text;     // without '\n'; valid until the next call
  std::uint64_t number = 0;  // 1-based
  bool too_long = false;     // text is its beginning; the rest was skipped
};

class LineReader {
 public:
  LineReader(std::unique_ptr<Input> input, std::size_t line_bytes_max);

  // False at the end. A last line without a line end counts.
  Result<bool> next(Line& line);
  // Unpacked bytes before the next line, and its number less one: the two that seek() takes.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] std::uint64_t lines() const { return lines_; }
  // On what is not seekable only forwards: what lies between is read and dropped.
  Result<void> seek(std::uint64_t offset, std::uint64_t lines);
  [[nodiscard]] const Input& input() const { return *input_; }

 private:
  Result<void> fill();
  Result<bool> skip_rest();
  Result<void> drop_until(std::uint64_t offset);

  std::unique_ptr<Input> input_;
  std::size_t line_bytes_max_;
  std::string buffer_;
  std::size_t start_ = 0;  // of what is not yet given out
  std::size_t end_ = 0;
  std::uint64_t offset_ = 0;
  std::uint64_t lines_ = 0;
  bool at_end_ = false;
};

}  // namespace zan::connectors
