#include "connectors/csv.h"

#include <algorithm>
#include <set>

namespace zan::connectors {
namespace {

std::string_view without_cr(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

void split_plain(std::string_view line, std::vector<std::string_view>& fields) {
  for (;;) {
    const std::size_t comma = line.find(',');
    fields.push_back(line.substr(0, comma));
    if (comma == std::string_view::npos) return;
    line.remove_prefix(comma + 1);
  }
}

// Takes a record apart piece by piece, as a line at a time comes in.
class Unquoter {
 public:
  Unquoter(std::string& bytes, std::vector<std::size_t>& bounds) : bytes_(bytes), bounds_(bounds) {}

  // Null, or what is wrong.
  const char* take(std::string_view piece) {
    for (const char c : piece)
      if (const char* fault = take(c)) return fault;
    return nullptr;
  }

  [[nodiscard]] bool within_quotes() const { return state_ == State::quoted; }
  void end() { bounds_.push_back(bytes_.size()); }

 private:
  enum class State { start, plain, quoted, closed };

  const char* take(char c) {
    if (state_ == State::quoted) {
      if (c == '"') {
        state_ = State::closed;
      } else {
        bytes_.push_back(c);
      }
      return nullptr;
    }
    if (c == ',') {
      end();
      state_ = State::start;
      return nullptr;
    }
    if (c == '"') {
      if (state_ == State::plain) return "a quote within a field that is not quoted";
      if (state_ == State::closed) bytes_.push_back('"');
      state_ = State::quoted;
      return nullptr;
    }
    if (state_ == State::closed) return "something stands between a closing quote and the next comma";
    bytes_.push_back(c);
    state_ = State::plain;
    return nullptr;
  }

  std::string& bytes_;
  std::vector<std::size_t>& bounds_;
  State state_ = State::start;
};

}  // namespace

CsvReader::CsvReader(std::string path, std::unique_ptr<Input> input)
    : path_(std::move(path)), lines_(std::move(input), csv_record_bytes_max) {}

Result<std::unique_ptr<CsvReader>> CsvReader::open(const std::string& path, CsvHeader header) {
  ZAN_ASSIGN(auto input, Input::open(path));
  std::unique_ptr<CsvReader> reader(new CsvReader(path, std::move(input)));
  ZAN_TRY(reader->read_header(header));
  return reader;
}

Result<void> CsvReader::read_header(CsvHeader header) {
  CsvRecord record;
  ZAN_ASSIGN(const bool found, read(record));
  if (!found) return invalid(path_ + ": is empty; a header line is needed");
  if (!record.fault.empty()) return invalid(path_ + ": line 1: " + record.fault);
  if (record.fields.size() > csv_columns_max) return invalid(path_ + ": has too many columns");
  if (record.fields.front().starts_with("\xef\xbb\xbf")) record.fields.front().remove_prefix(3);
  std::set<std::string_view> names;
  for (const std::string_view name : record.fields) {
    if (!names.insert(name).second && header == CsvHeader::distinct)
      return invalid(path_ + ": column \"" + std::string(name) + "\" is named twice");
    header_.emplace_back(name);
  }
  return {};
}

std::optional<std::size_t> CsvReader::column(std::string_view name) const {
  const auto found = std::find(header_.begin(), header_.end(), name);
  if (found == header_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header_.begin());
}

Result<std::size_t> CsvReader::required_column(std::string_view name) const {
  if (const auto found = column(name)) return *found;
  return not_found(path_ + ": has no column \"" + std::string(name) + "\"");
}

Result<bool> CsvReader::next(CsvRecord& record) {
  for (;;) {
    ZAN_ASSIGN(const bool found, read(record));
    if (!found) return false;
    if (!record.fault.empty()) return true;
    if (record.fields.size() == 1 && record.fields.front().empty() && header_.size() > 1) continue;
    if (record.fields.size() != header_.size())
      record.fault =
          "has " + std::to_string(record.fields.size()) + " fields, the header " + std::to_string(header_.size());
    return true;
  }
}

Result<bool> CsvReader::read(CsvRecord& record) {
  record.fields.clear();
  record.fault.clear();
  Line line;
  ZAN_ASSIGN(const bool found, lines_.next(line));
  if (!found) return false;
  record.line = line.number;
  if (line.too_long) {
    record.fault = "is longer than " + std::to_string(csv_record_bytes_max) + " bytes";
    return true;
  }
  if (line.text.find('"') != std::string_view::npos) return read_quoted(record, line.text);
  split_plain(without_cr(line.text), record.fields);
  return true;
}

Result<bool> CsvReader::read_quoted(CsvRecord& record, std::string_view first_line) {
  record_.clear();
  bounds_.clear();
  Unquoter unquoter(record_, bounds_);
  std::string_view text = first_line;
  Line line;
  for (;;) {
    // A line end closes the record unless a quote is open; only then is a CR part of a value.
    const std::string_view bare = without_cr(text);
    if (const char* fault = unquoter.take(bare)) {
      record.fault = fault;
      return true;
    }
    if (!unquoter.within_quotes()) break;
    record_.append(text.substr(bare.size())).push_back('\n');
    ZAN_ASSIGN(const bool found, lines_.next(line));
    if (!found || line.too_long || record_.size() + line.text.size() > csv_record_bytes_max) {
      record.fault = "a quote is opened and not closed before " +
                     (found ? "line " + std::to_string(line.number + 1) : std::string("the end of the file"));
      return true;
    }
    text = line.text;
  }
  unquoter.end();
  std::size_t start = 0;
  for (const std::size_t bound : bounds_) {
    record.fields.push_back(std::string_view(record_).substr(start, bound - start));
    start = bound;
  }
  return true;
}

}  // namespace zan::connectors
