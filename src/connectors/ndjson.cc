#include "connectors/ndjson.h"

#include "connectors/derived_id.h"
#include "connectors/input.h"
#include "engagement/engagement.h"

namespace zan::connectors {
namespace {

bool blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

// Whether the object names a field "id". A string that merely holds these characters has a backslash before the quote
// or no colon behind it.
bool names_an_id(std::string_view json) {
  constexpr std::string_view key = R"("id")";
  for (std::size_t at = json.find(key); at != std::string_view::npos; at = json.find(key, at + 1)) {
    const std::size_t next = json.find_first_not_of(" \t", at + key.size());
    if (next != std::string_view::npos && json[next] == ':') return true;
  }
  return false;
}

// Where the first field of an object would stand; npos when there is none, or no object.
std::size_t first_field(std::string_view json) {
  const std::size_t brace = json.find_first_not_of(" \t");
  if (brace == std::string_view::npos || json[brace] != '{') return std::string_view::npos;
  const std::size_t field = json.find_first_not_of(" \t", brace + 1);
  return field == std::string_view::npos || json[field] == '}' ? std::string_view::npos : field;
}

class Ndjson final : public Source {
 public:
  explicit Ndjson(std::unique_ptr<Input> input) : lines_(std::move(input), engagement::line_bytes_max) {}

  // Reads up to the first event, by which the input is known again.
  Result<void> begin() {
    std::uint64_t at = 0;
    Line line;
    do {
      at = lines_.offset();
      ZAN_ASSIGN(const bool found, lines_.next(line));
      if (!found) return {};
    } while (blank(line.text) && !line.too_long);
    ids_ = DerivedIds("ndjson", line.text);
    identity_ = "ndjson " + ids_.input();
    first_ = Held{std::string(line.text), line.number, line.too_long, at};
    return {};
  }

  std::string identity() const override { return identity_; }

  Result<void> resume(std::string_view cursor) override {
    ZAN_ASSIGN(const Place place, parse_place(cursor));
    if (place.offset < lines_.offset() && first_ && place.offset <= first_->offset) return {};
    first_.reset();
    return lines_.seek(place.offset, place.line);
  }

  Result<bool> next(Batch& batch) override {
    if (first_) {
      take({first_->text, first_->number, first_->too_long}, first_->offset, batch);
      first_.reset();
    }
    bool more = true;
    while (more && !batch.full()) {
      const std::uint64_t at = lines_.offset();
      Line line;
      ZAN_ASSIGN(more, lines_.next(line));
      if (more) take(line, at, batch);
    }
    batch.cursor = to_cursor({lines_.offset(), lines_.lines()});
    return !batch.events.empty() || !batch.bad.empty();
  }

  Progress progress() const override { return {lines_.input().bytes_read(), lines_.input().bytes_total()}; }
  std::vector<ReadTotal> totals() const override { return {{"lines", lines_.lines()}}; }

 private:
  struct Held {
    std::string text;
    std::uint64_t number;
    bool too_long;
    std::uint64_t offset;
  };

  void take(const Line& line, std::uint64_t offset, Batch& batch) {
    if (line.too_long) {
      batch.bad.push_back({line.number, "is longer than " + std::to_string(engagement::line_bytes_max) + " bytes"});
      return;
    }
    if (blank(line.text)) return;
    const std::size_t field = first_field(line.text);
    if (field == std::string_view::npos || names_an_id(line.text)) {
      batch.add(line.text, line.number);
      return;
    }
    with_id_.assign(R"({"id":")").append(ids_.of(offset)).append("\",").append(line.text.substr(field));
    batch.add(with_id_, line.number);
  }

  LineReader lines_;
  DerivedIds ids_;
  std::string identity_;
  std::optional<Held> first_;  // read to know the input by, not yet given out
  std::string with_id_;
};

}  // namespace

Result<std::unique_ptr<Source>> open_ndjson(const std::string& path) {
  ZAN_ASSIGN(auto input, Input::open(path));
  auto source = std::make_unique<Ndjson>(std::move(input));
  ZAN_TRY(source->begin());
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace zan::connectors
