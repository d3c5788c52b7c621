#include "connectors/csv_events.h"

#include <algorithm>
#include <array>
#include <optional>

#include "connectors/csv.h"
#include "connectors/derived_id.h"
#include "engagement/engagement.h"

namespace zan::connectors {
namespace {

enum class Kind { text, milliseconds, truth, time };

struct KnownField {
  std::string_view name;
  Kind kind;
};

constexpr std::array<KnownField, 14> known_fields{{
    {"type", Kind::text},
    {"id", Kind::text},
    {"actor", Kind::text},
    {"subject", Kind::text},
    {"creator", Kind::text},
    {"at", Kind::time},
    {"watch_ms", Kind::milliseconds},
    {"duration_ms", Kind::milliseconds},
    {"device", Kind::text},
    {"network", Kind::text},
    {"region", Kind::text},
    {"surface", Kind::text},
    {"text", Kind::text},
    {"incentivised", Kind::truth},
}};

const KnownField* find_field(std::string_view name) {
  const auto found = std::find_if(known_fields.begin(), known_fields.end(),
                                  [&](const KnownField& field) { return field.name == name; });
  return found == known_fields.end() ? nullptr : &*found;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A number as JSON wants it: no leading zeros.
std::string_view trimmed_number(std::string_view digits) {
  const std::size_t first = std::min(digits.find_first_not_of('0'), digits.size() - 1);
  return digits.substr(first);
}

struct MappedField {
  const KnownField* field = nullptr;
  std::optional<std::size_t> column;
  std::string constant;
};

// Appends "name":value; null, or what is wrong with the value.
const char* append_value(std::string& json, const KnownField& field, std::string_view value) {
  const auto open = [&] { json.append(json.empty() ? "{\"" : ",\"").append(field.name).append("\":"); };
  const bool number = field.kind == Kind::milliseconds || (field.kind == Kind::time && all_digits(value));
  if (number) {
    if (!all_digits(value) || value.size() > 20) return "is not a whole number";
    open();
    json.append(trimmed_number(value));
  } else if (field.kind == Kind::truth) {
    const bool yes = value == "true" || value == "1";
    if (!yes && value != "false" && value != "0") return "is neither true, false, 1 nor 0";
    open();
    json.append(yes ? "true" : "false");
  } else {
    open();
    append_json_string(json, value);
  }
  return nullptr;
}

class CsvEvents final : public Source {
 public:
  CsvEvents(std::unique_ptr<CsvReader> reader, std::vector<MappedField> fields)
      : reader_(std::move(reader)), fields_(std::move(fields)) {}

  // Reads the first record, by which (with header and mapping) the input is known again.
  Result<void> begin() {
    first_offset_ = reader_->offset();
    ZAN_ASSIGN(first_waits_, reader_->next(record_));
    if (!first_waits_) return {};
    std::string known_by;
    for (const MappedField& field : fields_)
      known_by.append(field.field->name).append(field.column ? reader_->header()[*field.column] : field.constant);
    for (const std::string& name : reader_->header()) known_by.append(name).push_back(',');
    for (const std::string_view value : record_.fields) known_by.append(value).push_back(',');
    ids_ = DerivedIds("csv", known_by);
    identity_ = "csv " + ids_.input();
    return {};
  }

  std::string identity() const override { return identity_; }

  Result<void> resume(std::string_view cursor) override {
    ZAN_ASSIGN(const Place place, parse_place(cursor));
    if (place.offset <= first_offset_) return {};
    first_waits_ = false;
    return reader_->go_to(place.offset, place.line);
  }

  Result<bool> next(Batch& batch) override {
    if (std::exchange(first_waits_, false)) take(first_offset_, batch);
    while (!batch.full()) {
      const std::uint64_t at = reader_->offset();
      ZAN_ASSIGN(const bool found, reader_->next(record_));
      if (!found) break;
      take(at, batch);
    }
    batch.cursor = to_cursor({reader_->offset(), reader_->line()});
    return !batch.events.empty() || !batch.bad.empty();
  }

  Progress progress() const override { return {reader_->input().bytes_read(), reader_->input().bytes_total()}; }
  std::vector<ReadTotal> totals() const override { return {{"rows", rows_}}; }

 private:
  void take(std::uint64_t offset, Batch& batch) {
    ++rows_;
    if (!record_.fault.empty()) {
      batch.bad.push_back({record_.line, record_.fault});
      return;
    }
    json_.clear();
    bool has_id = false;
    for (const MappedField& field : fields_) {
      const std::string_view value = field.column ? record_.fields[*field.column] : std::string_view(field.constant);
      if (value.empty()) continue;
      if (const char* fault = append_value(json_, *field.field, value)) {
        const std::string where = field.column ? reader_->header()[*field.column] : std::string(field.field->name);
        batch.bad.push_back({record_.line, where + " " + fault});
        return;
      }
      has_id = has_id || field.field->name == "id";
    }
    if (!has_id) append_value(json_, *find_field("id"), ids_.of(offset));
    json_.push_back('}');
    batch.add(json_, record_.line);
  }

  std::unique_ptr<CsvReader> reader_;
  std::vector<MappedField> fields_;
  CsvRecord record_;
  bool first_waits_ = false;  // record_ holds the first record, not yet given out
  std::uint64_t first_offset_ = 0;
  DerivedIds ids_;
  std::string identity_;
  std::string json_;
  std::uint64_t rows_ = 0;
};

Result<void> check_mapping(const CsvMapping& mapping) {
  const auto given = [&](std::string_view name) {
    return std::any_of(mapping.begin(), mapping.end(), [&](const CsvField& field) { return field.field == name; });
  };
  for (const std::string_view name : {"type", "actor"})
    if (!given(name)) return invalid("the mapping needs " + std::string(name) + "=", "map");
  if (!given("subject") && !given("creator")) return invalid("the mapping needs subject=", "map");
  return {};
}

}  // namespace

Result<CsvMapping> parse_csv_mapping(std::string_view text) {
  CsvMapping mapping;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view part = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const std::size_t equals = part.find('=');
    const std::string name(part.substr(0, equals));
    if (equals == std::string_view::npos || equals + 1 == part.size())
      return invalid("\"" + std::string(part) + "\" is not FIELD=COLUMN or FIELD=const:VALUE", "map");
    if (find_field(name) == nullptr) return invalid("\"" + name + "\" is not a field of an event", "map");
    if (std::any_of(mapping.begin(), mapping.end(), [&](const CsvField& field) { return field.field == name; }))
      return invalid("\"" + name + "\" is mapped twice", "map");
    std::string_view from = part.substr(equals + 1);
    constexpr std::string_view constant = "const:";
    if (from.starts_with(constant)) {
      mapping.push_back({name, "", std::string(from.substr(constant.size()))});
    } else {
      mapping.push_back({name, std::string(from), ""});
    }
  }
  ZAN_TRY(check_mapping(mapping));
  return mapping;
}

Result<std::unique_ptr<Source>> open_csv(const std::string& path, const CsvMapping& mapping) {
  ZAN_ASSIGN(auto reader, CsvReader::open(path));
  std::vector<MappedField> fields;
  for (const CsvField& from : mapping) {
    MappedField field{find_field(from.field), std::nullopt, from.constant};
    if (!from.column.empty()) {
      ZAN_ASSIGN(field.column, reader->required_column(from.column));
    }
    fields.push_back(std::move(field));
  }
  auto source = std::make_unique<CsvEvents>(std::move(reader), std::move(fields));
  ZAN_TRY(source->begin());
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace zan::connectors
