#include "zan/judge_input.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace zan::app {
namespace {

enum Column : std::uint8_t { at, actor, subject, device, network, type, creator, watch_ms, duration_ms, region };
constexpr std::string_view column_names[] = {"at",   "actor",   "subject",  "device",      "network",
                                             "type", "creator", "watch_ms", "duration_ms", "region"};
constexpr std::size_t required_columns = 3;
constexpr double dates_from = 5e8;  // smaller times count from the file's own beginning
constexpr double relative_span_s_max = 60.0 * 86'400;

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::uint64_t token(std::string_view text) {
  return text.empty() ? 0 : checksum64(as_bytes(text), 1) | 1;
}

std::uint32_t milliseconds(std::string_view text) {
  const std::optional<double> value = parse_number(text);
  return value && *value >= 0 && *value < 4e9 ? static_cast<std::uint32_t>(*value) : 0;
}

}  // namespace

std::uint32_t Numbers::number(std::string_view name) {
  const std::uint64_t hash = checksum64(as_bytes(name));
  for (std::size_t at = hash & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].number == 0) {
      slots_[at] = {hash, ++count_};
      if (std::size_t{count_} * 2 > slots_.size()) grow();
      return count_;
    }
    if (slots_[at].hash == hash) return slots_[at].number;
  }
}

void Numbers::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.number == 0) continue;
    std::size_t at = slot.hash & (slots_.size() - 1);
    while (slots_[at].number != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

TimeUnit guess_unit(double first, double last) {
  if (last >= 1e14) return TimeUnit::microseconds;
  if (last >= 1e11) return TimeUnit::milliseconds;
  if (last >= dates_from) return TimeUnit::seconds;
  return last - first > relative_span_s_max ? TimeUnit::milliseconds : TimeUnit::seconds;
}

std::optional<std::int64_t> parse_time(std::string_view text, TimeUnit unit) {
  const std::int64_t scale = unit == TimeUnit::seconds ? 1'000'000 : unit == TimeUnit::milliseconds ? 1'000 : 1;
  std::int64_t whole = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  constexpr std::int64_t max_us = std::int64_t{1} << 52;
  if (error == std::errc() && end == text.data() + text.size())
    return whole >= 0 && whole <= max_us / scale ? std::optional(whole * scale) : std::nullopt;
  const std::optional<double> number = parse_number(text);
  if (!number || *number < 0 || *number > static_cast<double>(max_us / scale)) return std::nullopt;
  return std::llround(*number * static_cast<double>(scale));
}

Result<std::unique_ptr<JudgeInput>> JudgeInput::open(const std::string& path, const std::vector<std::string>& columns,
                                                     TimeUnit unit) {
  // Without a header the first line is an act, in which two fields may well be equal.
  ZAN_ASSIGN(auto reader, connectors::CsvReader::open(path, connectors::CsvHeader::any));
  std::unique_ptr<JudgeInput> input(new JudgeInput(path, std::move(reader)));
  input->unit_ = unit;
  ZAN_TRY(input->find_columns(columns));
  if (unit == TimeUnit::unknown) ZAN_TRY(input->find_unit());
  ZAN_TRY(input->restart());
  return input;
}

Result<void> JudgeInput::find_columns(const std::vector<std::string>& names) {
  const std::vector<std::string>& header = reader_->header();
  for (std::size_t i = 0; i < names.size(); ++i)
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
        names.begin() + static_cast<std::ptrdiff_t>(i))
      return invalid(fmt::format("\"{}\" is named twice", names[i]), "--columns");
  const bool named = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::find(header.begin(), header.end(), name) != header.end();
  });
  if (named)
    ZAN_TRY(columns_by_name());
  else
    ZAN_TRY(columns_by_place(names));
  for (std::size_t i = 0; i < required_columns; ++i)
    if (!column_[i])
      return not_found(fmt::format("{} has no column \"{}\"{}", path_, column_names[i],
                                   names.empty() ? "; name what stands where with --columns" : ""));
  return {};
}

Result<void> JudgeInput::columns_by_name() {
  const std::vector<std::string>& header = reader_->header();
  for (const std::string_view name : column_names) {
    if (std::count(header.begin(), header.end(), name) > 1)
      return invalid(fmt::format("{}: column \"{}\" is named twice", path_, name));
    column_.push_back(reader_->column(name));
  }
  return {};
}

Result<void> JudgeInput::columns_by_place(const std::vector<std::string>& names) {
  const std::vector<std::string>& header = reader_->header();
  if (names.size() > header.size())
    return invalid(fmt::format("{} has {} columns, --columns names {}", path_, header.size(), names.size()),
                   "--columns");
  column_.assign(std::size(column_names), std::nullopt);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = std::find(std::begin(column_names), std::end(column_names), names[i]);
    if (found == std::end(column_names))
      return not_found(
          fmt::format("{} has no column \"{}\", and it is none that could be given by position", path_, names[i]));
    column_[static_cast<std::size_t>(found - std::begin(column_names))] = i;
  }
  // A first line whose time is a number is no header.
  if (column_[at] && parse_number(header[*column_[at]])) {
    header_is_data_ = true;
    header_fields_ = header;
  }
  return {};
}

// By the largest time. One date of this century says it, and the file need not be read to its end.
Result<void> JudgeInput::find_unit() {
  double first = 0, last = 0;
  bool any = false;
  const auto look = [&](std::string_view text) {
    const std::optional<double> value = parse_number(text);
    if (!value) return;
    if (!any) first = *value;
    last = any ? std::max(last, *value) : *value;
    any = true;
  };
  if (header_is_data_) look(header_fields_[*column_[at]]);
  while (last < dates_from) {
    ZAN_ASSIGN(const bool more, reader_->next(record_));
    if (!more) break;
    if (record_.fault.empty()) look(record_.fields[*column_[at]]);
  }
  unit_ = guess_unit(first, last);
  return {};
}

Result<void> JudgeInput::rewind() {
  numbered_ = true;
  return restart();
}

Result<void> JudgeInput::restart() {
  ZAN_ASSIGN(reader_, connectors::CsvReader::open(path_, connectors::CsvHeader::any));
  header_taken_ = false;
  unusable_ = 0;
  return {};
}

std::string_view JudgeInput::field(std::size_t column) const {
  return column_[column] ? record_.fields[*column_[column]] : std::string_view();
}

Result<bool> JudgeInput::next(JudgeRow& row) {
  row = {};
  if (header_is_data_ && !header_taken_) {
    header_taken_ = true;
    record_.line = 1;
    record_.fault.clear();
    record_.fields.assign(header_fields_.begin(), header_fields_.end());
  } else {
    ZAN_ASSIGN(const bool more, reader_->next(record_));
    if (!more) return false;
  }
  if (record_.fault.empty())
    row.usable = read_act(row);
  else
    refuse(record_.fault);
  return true;
}

void JudgeInput::refuse(std::string_view why) {
  if (unusable_++ == 0) first_fault_ = fmt::format("line {}: {}", record_.line, why);
}

bool JudgeInput::read_act(JudgeRow& row) {
  const std::optional<std::int64_t> time = parse_time(field(at), unit_);
  if (!time) {
    refuse(fmt::format("\"{}\" is no time", field(at)));
    return false;
  }
  const std::optional<integrity::ActKind> kind = integrity::find_act_kind(field(type));
  if (!kind) {
    refuse(fmt::format("\"{}\" is no type of act", field(type)));
    return false;
  }
  row.at = field(at);
  row.actor = field(actor);
  row.subject = field(subject);
  if (row.actor.empty() || row.subject.empty()) {
    refuse("actor or subject is empty");
    return false;
  }
  row.act.kind = *kind;
  row.act.at_us = *time;
  row.act.watch_ms = milliseconds(field(watch_ms));
  row.act.duration_ms = milliseconds(field(duration_ms));
  if (!numbered_) number(row);
  return true;
}

void JudgeInput::number(JudgeRow& row) {
  integrity::ActView& act = row.act;
  act.actor = actors_.number(row.actor);
  act.subject = subjects_.number(row.subject);
  act.creator = field(creator).empty() ? 0 : creators_.number(field(creator));
  act.device = token(field(device));
  act.network = token(field(network));
}

}  // namespace zan::app
