// The NDJSON half of Ingest: lines as they arrive, gathered into batches.
#include <algorithm>
#include <utility>

#include "api/ingest.h"
#include "api/session.h"

namespace zan::api {
namespace {

// Acts a batch gathers at least, however many streams share the io thread's budget.
constexpr std::size_t gathered_acts_min = 64;
// What a problem takes besides its message, about.
constexpr std::size_t problem_bytes = 160;

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

void Ingest::begin_lines() {
  form_ = Form::lines;
  ++session_.thread().event_streams;
  last_line_us_ = session_.thread().now_us;
}

bool Ingest::paused() const {
  if (form_ != Form::lines) return false;
  return batches_.full() || over_budget();
}

bool Ingest::over_budget() const {
  return session_.bucket() != nullptr && session_.bucket()->level(session_.thread().now_us).next_in_us > 0;
}

void Ingest::take_lines(std::string_view piece) {
  while (!piece.empty() && !batches_.ended()) {
    const std::size_t end = piece.find('\n');
    if (end == std::string_view::npos) return keep_rest(piece);
    const std::string_view line = piece.substr(0, end);
    piece.remove_prefix(end + 1);
    if (std::exchange(skipping_, false)) continue;
    if (held_.empty()) {
      take_line(line);
    } else {
      keep_rest(line);
      if (std::exchange(skipping_, false)) continue;
      const std::size_t size = held_.size();
      held_.append(engagement::Parser::padding_bytes, '\0');
      take_line(std::string_view(held_).substr(0, size));
      held_.clear();
    }
    if (full()) cut();
  }
}

// The start of a line whose end has not come yet.
void Ingest::keep_rest(std::string_view rest) {
  if (skipping_) return;
  held_.append(rest);
  if (held_.size() <= session_.limits().line_bytes) return;
  held_.clear();
  skipping_ = true;
  note_bad(invalid("the line is longer than " + std::to_string(session_.limits().line_bytes) + " bytes"));
}

void Ingest::take_line(std::string_view line) {
  if (is_blank(line)) return;
  if (line.size() > session_.limits().line_bytes)
    return note_bad(invalid("the line is longer than " + std::to_string(session_.limits().line_bytes) + " bytes"));
  engagement::Parser& parser = session_.thread().parser;
  const Result<void> parsed = parser.parse_event(line, static_cast<std::uint32_t>(next_index_), batch_);
  if (!parsed.ok()) return note_bad(parsed.error());
  if (const auto failure = session_.check_act(batch_, batch_.acts.back())) {
    batch_.acts.pop_back();
    return note_bad({ErrorKind::refused, failure->detail, failure->field});
  }
  const std::string& key = session_.request().idempotency_key;
  if (!key.empty()) parser.derive_id(key, batch_.acts.back());
  ++next_index_;
  ++lines_;
}

void Ingest::note_bad(Error error) {
  bad_bytes_ += problem_bytes + error.message.size() + error.field.size();
  bad_.push_back({next_index_++, std::move(error)});
  ++lines_;
}

bool Ingest::full() const {
  const Limits& limits = session_.limits();
  const std::size_t share = limits.gathered_acts / std::max<std::size_t>(1, session_.thread().event_streams);
  const std::size_t acts_max = std::min(limits.batch_acts, std::max(gathered_acts_min, share));
  return lines_ >= acts_max || batch_.arena.size() >= limits.batch_bytes || bad_bytes_ >= limits.batch_problem_bytes;
}

void Ingest::cut() {
  if (lines_ == 0) return;
  last_line_us_ = session_.thread().now_us;
  if (session_.bucket() != nullptr) session_.bucket()->owe(lines_, session_.thread().now_us);
  const std::uint64_t first = next_index_ - lines_;
  const std::size_t acts_expected = batch_.acts.size();
  const std::size_t bytes_expected = batch_.arena.size();
  lines_ = bad_bytes_ = 0;
  batches_.add(std::exchange(batch_, {}), std::exchange(bad_, {}), first);
  batch_.acts.reserve(acts_expected);
  batch_.arena.reserve(bytes_expected);
  if (over_budget()) session_.call_again();
}

// A slow stream's lines go on at once; while a batch is in flight they gather.
void Ingest::on_pause() {
  if (form_ == Form::lines && batches_.empty() && !batches_.ended()) cut();
}

void Ingest::end_lines() {
  if (!held_.empty()) {
    const std::size_t size = held_.size();
    held_.append(engagement::Parser::padding_bytes, '\0');
    take_line(std::string_view(held_).substr(0, size));
    held_.clear();
  }
  cut();
  batches_.end();
}

void Ingest::again() {
  if (single_ || form_ == Form::idle) return;
  batches_.proceed();
  if (over_budget()) session_.call_again();
}

void Ingest::fail(Failure why) {
  if (batches_.ended()) return;
  cut();
  batches_.fail(std::move(why));
}

void Ingest::renew_line_time() {
  last_line_us_ = session_.thread().now_us;
}

void Ingest::finished() {
  if (form_ == Form::lines) --session_.thread().event_streams;
  form_ = Form::idle;
  batches_.abandon();
}

}  // namespace zan::api
