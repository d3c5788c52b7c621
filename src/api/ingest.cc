#include "api/ingest.h"

#include <algorithm>
#include <utility>

#include "api/session.h"
#include "api/text.h"

namespace zan::api {
namespace {

constexpr std::string_view json_space = " \t\r\n";

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return iequals(text, name); });
}

char first_char(std::string_view json) {
  const std::size_t at = json.find_first_not_of(json_space);
  return at == std::string_view::npos ? '\0' : json[at];
}

// Whether the first line, which ends at `end`, is by its looks an event of its own.
bool is_whole_line(std::string_view line) {
  const std::size_t last = line.find_last_not_of(json_space);
  return last != std::string_view::npos && line[last] == '}';
}

Failure empty_body() {
  return {Problem::malformed_json, "the body must hold an event, an array of events, or lines", {}};
}

Failure too_large(std::size_t bytes_max) {
  return {
      Problem::body_too_large, "larger than " + std::to_string(bytes_max) + " bytes; send events as NDJSON lines", {}};
}

}  // namespace

std::optional<Failure> Ingest::begin() {
  form_ = Form::idle;
  single_ = skipping_ = false;
  held_.clear();
  whole_ = {};
  batch_.acts.clear();
  batch_.arena.clear();
  bad_.clear();
  bad_bytes_ = lines_ = 0;
  next_index_ = 0;
  batches_.begin();
  const std::string& key = session_.request().idempotency_key;
  if (!key.empty() && (key.size() > idempotency_key_bytes_max || !engagement::check_name(key, "id").ok()))
    return Failure{Problem::invalid_parameter, "an idempotency key is at most 200 bytes of printable UTF-8",
                   "Idempotency-Key"};
  return choose_form();
}

std::optional<Failure> Ingest::choose_form() {
  const std::string_view type =
      trimmed(std::string_view(session_.request().content_type).substr(0, session_.request().content_type.find(';')));
  const std::uint64_t length = session_.request().content_length.value_or(0);
  if (type.empty() || iequals(type, "application/x-www-form-urlencoded")) {
    form_ = Form::sniff;
  } else if (iequals(type, "application/json")) {
    form_ = Form::json;
    if (length > session_.limits().body_bytes) return too_large(session_.limits().body_bytes);
  } else if (is_one_of(type, {"application/x-ndjson", "application/ndjson", "application/jsonl"})) {
    begin_lines();
  } else {
    return Failure{Problem::unsupported_media_type, "send application/json or application/x-ndjson", "Content-Type"};
  }
  return std::nullopt;
}

void Ingest::take(std::string_view piece) {
  if (form_ == Form::lines) return take_lines(piece);
  if (held_.empty() && session_.request().content_length == piece.size()) {
    whole_ = piece;
    if (form_ == Form::sniff) sniff();
    return;
  }
  take_held(piece);
}

void Ingest::take_held(std::string_view piece) {
  const Limits& limits = session_.limits();
  held_.append(piece);
  const std::size_t bytes_max = first_char(held_) == '[' ? limits.body_bytes : limits.line_bytes;
  if (form_ == Form::sniff) sniff();
  if (form_ == Form::lines) return;
  if (held_.size() > bytes_max) return session_.fail(too_large(bytes_max));
  if (held_.size() > limits.small_body_bytes && !session_.hold_large_body())
    session_.fail({Problem::unavailable, "too many large bodies at a time; try again in a second", {}});
}

// Of bytes without a useful content type: an array; lines if the first line is an object of its own and more follows;
// or one object, perhaps over several lines.
void Ingest::sniff() {
  const std::string_view seen = whole_.empty() ? std::string_view(held_) : whole_;
  const std::size_t start = seen.find_first_not_of(json_space);
  if (start == std::string_view::npos) return;
  const std::size_t end = seen.find('\n', start);
  const bool more = end != std::string_view::npos && seen.find_first_not_of(json_space, end) != std::string_view::npos;
  if (seen[start] == '{' && !more) return;
  form_ = seen[start] == '{' && is_whole_line(seen.substr(start, end - start)) ? Form::lines : Form::json;
  if (form_ == Form::json) return;
  begin_lines();
  std::string bytes = whole_.empty() ? std::exchange(held_, {}) : std::string(std::exchange(whole_, {}));
  bytes.append(engagement::Parser::padding_bytes, '\0');
  take_lines(std::string_view(bytes).substr(0, bytes.size() - engagement::Parser::padding_bytes));
}

void Ingest::end() {
  if (form_ == Form::lines) {
    end_lines();
  } else {
    end_held();
  }
}

void Ingest::end_held() {
  const std::size_t size = held_.size();
  if (whole_.empty()) held_.append(engagement::Parser::padding_bytes, '\0');
  const std::string_view json = whole_.empty() ? std::string_view(held_).substr(0, size) : std::exchange(whole_, {});
  const char first = first_char(json);
  if (first == '\0') return session_.fail(empty_body());
  if (first != '[') return take_object(json);
  if (json.size() <= array_inline_bytes_max) return take_array(json);
  if (held_.empty()) held_ = std::string(json) + std::string(engagement::Parser::padding_bytes, '\0');
  take_large_array();
}

void Ingest::take_object(std::string_view json) {
  if (json.size() > session_.limits().line_bytes) return session_.fail(too_large(session_.limits().line_bytes));
  const Result<void> parsed = session_.thread().parser.parse_event(json, 0, batch_);
  if (!parsed.ok()) return session_.fail(parsed.error(), Problem::invalid_event);
  if (const auto failure = session_.check_act(batch_, batch_.acts.back())) return session_.fail(*failure);
  single_ = true;
  const std::string& key = session_.request().idempotency_key;
  if (!key.empty()) session_.thread().parser.derive_id(key, batch_.acts[0]);
  if (session_.bucket() != nullptr) session_.bucket()->owe(1, session_.thread().now_us);
  engine::Command command{std::move(batch_)};
  batch_ = {};
  const Result<void> submitted = session_.submit(command, 0);
  if (!submitted.ok()) session_.fail(submitted.error(), Problem::invalid_event);
}

void Ingest::answer_single(Result<engine::Answer> answer) {
  if (!answer.ok()) return session_.fail(answer.error(), Problem::invalid_event);
  if (!answer->rejected.empty()) {
    Failure failure = to_failure(answer->rejected[0].error, Problem::invalid_event);
    if (failure.problem == Problem::malformed_json) failure.problem = Problem::invalid_event;
    if (failure.problem == Problem::conflict && !session_.request().idempotency_key.empty())
      failure.problem = Problem::idempotency_key_reuse;
    return session_.fail(failure);
  }
  std::string& body = session_.thread().body;
  body = "{";
  append_totals(body, answer->accepted, answer->duplicates, 0, answer->position);
  body += "}\n";
  session_.answer_json(body);
}

namespace {

struct ParsedArray {
  Result<void> result;
  engagement::ActBatch batch;
  std::vector<BadLine> bad;
};

ParsedArray parse_array(engagement::Parser& parser, std::string_view json, const std::string& idempotency_key) {
  ParsedArray parsed;
  std::size_t bad_count = 0;
  parsed.result = parser.parse_array(json, parsed.batch, [&](std::uint32_t index, Error error) {
    if (++bad_count <= array_events_max) parsed.bad.push_back({index, std::move(error)});
  });
  if (parsed.batch.acts.size() + bad_count > array_events_max && parsed.result.ok())
    parsed.result = invalid("an array holds at most 250000 events; send more as NDJSON lines", "/");
  if (!idempotency_key.empty())
    for (engagement::Act& act : parsed.batch.acts) parser.derive_id(idempotency_key, act);
  return parsed;
}
static_assert(array_events_max == 250'000);

}  // namespace

void Ingest::take_array(std::string_view json) {
  ParsedArray parsed = parse_array(session_.thread().parser, json, session_.request().idempotency_key);
  adopt_array(parsed.result, std::move(parsed.batch), std::move(parsed.bad));
}

void Ingest::take_large_array() {
  auto work = [json = std::exchange(held_, {}), key = session_.request().idempotency_key,
               secret = session_.server().engine.secret()]() -> std::function<void(Session&)> {
    engagement::Parser parser(secret);
    const std::string_view text(json.data(), json.size() - engagement::Parser::padding_bytes);
    auto parsed = std::make_shared<ParsedArray>(parse_array(parser, text, key));
    return [parsed](Session& session) {
      session.ingest().adopt_array(parsed->result, std::move(parsed->batch), std::move(parsed->bad));
    };
  };
  if (!session_.run(std::move(work)))
    session_.fail({Problem::unavailable, "too many requests are waiting; try again in a second", {}});
}

void Ingest::adopt_array(const Result<void>& parsed, engagement::ActBatch batch, std::vector<BadLine> bad) {
  if (!parsed.ok()) return session_.fail(parsed.error(), Problem::invalid_body);
  for (const engagement::Act& act : batch.acts)
    if (const auto failure = session_.check_act(batch, act)) return session_.fail(*failure);
  if (session_.bucket() != nullptr) session_.bucket()->owe(batch.acts.size() + bad.size(), session_.thread().now_us);
  batches_.add(std::move(batch), std::move(bad), 0);
  if (!session_.answered()) batches_.end();
}

void Ingest::on_answer(std::uint64_t ticket, Result<engine::Answer> answer) {
  if (single_) return answer_single(std::move(answer));
  batches_.on_answer(ticket, std::move(answer));
  if (form_ == Form::lines && batches_.empty()) on_pause();
}

void Ingest::on_drained() {
  if (!single_ && form_ != Form::idle) batches_.proceed();
}

}  // namespace zan::api
