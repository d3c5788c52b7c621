// CSV after RFC 4180: a header, fields that may be quoted, "" for a quote within, line ends within quotes.
//
// Threads: one.
// Errors:  as Input. What is wrong with one record is in CsvRecord::fault; the reading goes on behind it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/input.h"

namespace zan::connectors {

inline constexpr std::size_t csv_record_bytes_max = 1 << 20;
inline constexpr std::size_t csv_columns_max = 4096;

struct CsvRecord {
  std::uint64_t line = 0;                // where it starts, 1-based
  std::string fault;                     // why it cannot be used; empty: it can
  std::vector<std::string_view> fields;  // valid until the next call
};

// distinct: a column that is named twice is refused. any: the first line may be no header at all.
enum class CsvHeader : std::uint8_t { distinct, any };

class CsvReader {
 public:
  // Reads the header. invalid: none, or a column named twice.
  static Result<std::unique_ptr<CsvReader>> open(const std::string& path, CsvHeader header = CsvHeader::distinct);

  [[nodiscard]] const std::vector<std::string>& header() const { return header_; }
  // The first of that name.
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
  // not_found names the file and the column.
  Result<std::size_t> required_column(std::string_view name) const;

  // False at the end. Blank lines are passed over. A good record has as many fields as the header.
  Result<bool> next(CsvRecord& record);

  // The place behind the last record, for a later go_to() on the same file.
  [[nodiscard]] std::uint64_t offset() const { return lines_.offset(); }
  [[nodiscard]] std::uint64_t line() const { return lines_.lines(); }
  Result<void> go_to(std::uint64_t offset, std::uint64_t line) { return lines_.seek(offset, line); }
  [[nodiscard]] const Input& input() const { return lines_.input(); }

 private:
  CsvReader(std::string path, std::unique_ptr<Input> input);
  Result<void> read_header(CsvHeader header);
  Result<bool> read(CsvRecord& record);
  Result<bool> read_quoted(CsvRecord& record, std::string_view first_line);

  std::string path_;
  LineReader lines_;
  std::vector<std::string> header_;
  std::string record_;               // bytes of a record that has quotes, unquoted
  std::vector<std::size_t> bounds_;  // ends of its fields in record_
};

}  // namespace zan::connectors
