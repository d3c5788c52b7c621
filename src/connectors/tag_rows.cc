#include "connectors/tag_rows.h"

#include <simdjson.h>

#include <optional>

#include "connectors/csv.h"

namespace zan::connectors {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t line_bytes_max = 16 << 10;

class CsvTagRows final : public TagRows {
 public:
  explicit CsvTagRows(std::unique_ptr<CsvReader> reader) : reader_(std::move(reader)) {}

  Result<void> find_columns() {
    ZAN_ASSIGN(user_, reader_->required_column("user"));
    ZAN_ASSIGN(tag_, reader_->required_column("tag"));
    value_ = reader_->column("value");
    return {};
  }
  Result<bool> next(TagRow& row) override {
    ZAN_ASSIGN(const bool more, reader_->next(record_));
    if (!more) return false;
    row.line = record_.line;
    row.fault = record_.fault;
    if (!row.fault.empty()) return true;
    row.user = record_.fields[user_];
    row.tag = record_.fields[tag_];
    row.value = value_ ? record_.fields[*value_] : "";
    if (row.user.empty()) row.fault = "has no user";
    if (row.tag.empty()) row.fault = "has no tag";
    return true;
  }
  Progress progress() const override { return {reader_->input().bytes_read(), reader_->input().bytes_total()}; }

 private:
  std::unique_ptr<CsvReader> reader_;
  std::size_t user_ = 0, tag_ = 0;
  std::optional<std::size_t> value_;
  CsvRecord record_;
};

class JsonTagRows final : public TagRows {
 public:
  explicit JsonTagRows(std::unique_ptr<Input> input) : lines_(std::move(input), line_bytes_max) {}

  Result<bool> next(TagRow& row) override {
    Line line;
    do {
      ZAN_ASSIGN(const bool more, lines_.next(line));
      if (!more) return false;
    } while (line.text.find_first_not_of(" \t\r") == std::string_view::npos);
    row.line = line.number;
    row.fault = line.too_long ? "is longer than " + std::to_string(line_bytes_max) + " bytes" : read(line.text, row);
    return true;
  }
  Progress progress() const override { return {lines_.input().bytes_read(), lines_.input().bytes_total()}; }

 private:
  // What is wrong with it.
  std::string read(std::string_view text, TagRow& row) {
    const simdjson::padded_string padded(text);
    dom::object object;
    if (parser_.parse(padded).get(object) != simdjson::SUCCESS) return "is not a JSON object";
    std::string_view user, tag;
    if (object["user"].get(user) != simdjson::SUCCESS || user.empty()) return "has no user";
    if (object["tag"].get(tag) != simdjson::SUCCESS || tag.empty()) return "has no tag";
    row.user = user;
    row.tag = tag;
    row.value.clear();
    dom::element value;
    if (object["value"].get(value) != simdjson::SUCCESS) return {};
    std::string_view words;
    if (value.get(words) == simdjson::SUCCESS) {
      row.value = words;
    } else if (value.is_uint64() || value.is_int64() || value.is_bool()) {
      row.value = simdjson::minify(value);
    } else {
      return "has a value that is neither a text, a whole number nor a truth";
    }
    return {};
  }

  LineReader lines_;
  dom::parser parser_;
};

}  // namespace

Result<std::unique_ptr<TagRows>> TagRows::open_csv(const std::string& path) {
  ZAN_ASSIGN(auto reader, CsvReader::open(path));
  auto rows = std::make_unique<CsvTagRows>(std::move(reader));
  ZAN_TRY(rows->find_columns());
  return std::unique_ptr<TagRows>(std::move(rows));
}

Result<std::unique_ptr<TagRows>> TagRows::open_ndjson(const std::string& path) {
  ZAN_ASSIGN(auto input, Input::open(path));
  return std::unique_ptr<TagRows>(std::make_unique<JsonTagRows>(std::move(input)));
}

}  // namespace zan::connectors
