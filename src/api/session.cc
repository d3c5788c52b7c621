#include "api/session.h"

#include <algorithm>
#include <utility>

#include "api/calls.h"
#include "api/text.h"
#include "base/hash.h"

namespace zan::api {
namespace {

bool sane_request_id(std::string_view id) {
  return !id.empty() && id.size() <= request_id_bytes_max && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  });
}

// Tells the session's thread even when the job never runs, because the pool is stopping.
class PoolMail {
 public:
  PoolMail(Mailbox& mailbox, Session* to) : mailbox_(mailbox), to_(to) {}
  PoolMail(const PoolMail&) = delete;
  PoolMail& operator=(const PoolMail&) = delete;
  ~PoolMail() {
    if (to_ != nullptr) mailbox_.put_task(to_, std::move(then), true);
  }

  void cancel() { to_ = nullptr; }

  std::function<void(Session&)> then;  // empty: it never ran

 private:
  Mailbox& mailbox_;
  Session* to_;
};

}  // namespace

Session::Session(ThreadState& thread, Carrier& carrier)
    : thread_(thread), carrier_(carrier), reader_(thread.server.limits), ingest_(*this) {
  sent_us_ = thread.now_us;
  renew_deadline();
}

Session::~Session() = default;

bool Session::wants_bytes() const {
  switch (stage_) {
    case Stage::head:
      return unsent() < limits().unsent_bytes;
    case Stage::body:
      return dropping_ || body_kind_ != BodyKind::events || !ingest_.paused();
    case Stage::lingering:
      return true;
    case Stage::waiting:
      return endless();  // to see that the client hangs up
    case Stage::closing:
      return false;
  }
  return false;
}

std::size_t Session::take(std::string_view bytes) {
  std::size_t used = 0;
  while (wants_bytes()) {
    if (stage_ == Stage::lingering || stage_ == Stage::waiting) return bytes.size();
    std::size_t consumed = 0;
    const HttpReader::Step step = reader_.read(bytes.substr(used), consumed);
    used += consumed;
    switch (step) {
      case HttpReader::Step::more:
        note_started();
        return used;
      case HttpReader::Step::head:
        note_started();
        begin_request();
        break;
      case HttpReader::Step::body:
        on_piece(reader_.piece());
        break;
      case HttpReader::Step::complete:
        end_body();
        break;
      case HttpReader::Step::bad:
        on_bad();
        return bytes.size();
    }
    if (used == bytes.size() && stage_ == Stage::body && body_kind_ == BodyKind::events) ingest_.on_pause();
  }
  return used;
}

void Session::note_started() {
  if (started_ || !reader_.started()) return;
  started_ = true;
  started_us_ = thread_.now_us;
  deadline_us_ = started_us_ + limits().header_us;
}

void Session::begin_request() {
  stage_ = Stage::body;
  forget_last_request();
  body_began_us_ = thread_.now_us;
  keep_alive_ = request().keep_alive && !server().stopping.load(std::memory_order_relaxed);
  renew_deadline();
  const std::optional<Failure> failure = check_request();
  if (!failure && !answer_done_ && request().expect_continue && request().has_body)
    out_ += "HTTP/1.1 100 Continue\r\n\r\n";
  if (failure) fail(*failure);
}

void Session::forget_last_request() {
  body_done_ = answer_begun_ = answer_done_ = chunked_ = dropping_ = false;
  call_ = Call::none;
  who_.reset();
  id_.clear();
  body_kind_ = BodyKind::none;
  body_bytes_ = 0;
  body_.clear();
  extra_.clear();
  cache_control_.clear();
  choose_request_id();
}

void Session::choose_request_id() {
  if (sane_request_id(request().request_id)) {
    request_id_ = request().request_id;
    return;
  }
  constexpr std::string_view hex = "0123456789abcdef";
  std::uint64_t number = mix64(server().request_id_start + server().requests.fetch_add(1, std::memory_order_relaxed));
  request_id_.resize(16);
  for (char& c : request_id_) {
    c = hex[number & 15];
    number >>= 4;
  }
}

std::optional<Failure> Session::check_request() {
  const Request& head = request();
  if (head.target.size() > limits().target_bytes)
    return Failure{Problem::target_too_long, "the request target is longer than the server takes", {}};
  Result<Target> target = split_target(head.target);
  if (head.method == Method::options && head.target == "*") target = Target{"*", {}};
  if (!target.ok()) return to_failure(target.error(), Problem::bad_request);
  query_ = target->query;
  if (head.method == Method::options) return answer_options(target->path), std::nullopt;
  if (auto failure = find_call(target->path)) return failure;
  const Route& route = route_of(call_);
  body_kind_ = route.body;
  if (auto failure = check_access(route)) return failure;
  if (auto failure = check_budget()) return failure;
  return check_body();
}

std::optional<Failure> Session::find_call(std::string_view path) {
  const Match match = find_route(request().method, path);
  if (!match.path_known) return Failure{Problem::no_such_call, "see /openapi.json for the calls there are", {}};
  const bool endless =
      match.route != nullptr && request().method == Method::head && has_no_length(match.route->call);
  if (match.route == nullptr || endless) {
    const std::string allowed = allowed_methods(path);
    extra_ += "Allow: " + allowed + "\r\n";
    return Failure{Problem::method_not_allowed, "this path knows " + allowed, {}};
  }
  call_ = match.route->call;
  id_.clear();
  if (match.route->pattern.find('{') == std::string_view::npos) return std::nullopt;
  auto id = percent_decoded(match.id);
  if (!id) return Failure{Problem::invalid_parameter, "a '%' is not followed by two hexadecimal digits", "id"};
  if (const Result<void> fine = engagement::check_name(*id, "id"); !fine.ok())
    return to_failure(fine.error(), Problem::invalid_parameter);
  id_ = std::move(*id);
  return std::nullopt;
}

// Events are charged as they are parsed; everything else is one.
std::optional<Failure> Session::check_budget() {
  if (bucket() == nullptr || route_of(call_).scope == Scope::open) return std::nullopt;
  const bool events = call_ == Call::post_events;
  const TokenBucket::Level level = bucket()->level(thread_.now_us);
  if (events ? level.next_in_us == 0 : bucket()->take(1, thread_.now_us)) return std::nullopt;
  return Failure{Problem::rate_limited, "the key's " + std::to_string(bucket()->rate()) + " a second are used up", {}};
}

std::optional<Failure> Session::check_body() {
  const Request& head = request();
  if (!head.content_encoding.empty() && !iequals(head.content_encoding, "identity") && head.has_body)
    return Failure{Problem::unsupported_media_type, "bodies must not be compressed", "Content-Encoding"};
  if (body_kind_ == BodyKind::events) return ingest_.begin();
  if (body_kind_ == BodyKind::none || !head.has_body) return std::nullopt;
  return check_size(head.content_length.value_or(0));
}

// Of a body that is held as a whole.
std::optional<Failure> Session::check_size(std::size_t bytes) {
  const std::size_t most = body_kind_ == BodyKind::large ? limits().body_bytes : limits().small_body_bytes;
  if (bytes > most)
    return Failure{Problem::body_too_large, "the body is larger than " + std::to_string(most) + " bytes", {}};
  if (bytes > limits().small_body_bytes && !hold_large_body())
    return Failure{Problem::unavailable, "too many large bodies are held at the moment; try again in a second", {}};
  return std::nullopt;
}

void Session::answer_options(std::string_view path) {
  if (path != "*" && !find_route(Method::options, path).path_known)
    return fail({Problem::no_such_call, "see /openapi.json for the calls there are", {}});
  const std::string allowed = path == "*" ? "GET, HEAD, POST, PUT, DELETE, OPTIONS" : allowed_methods(path);
  extra_ += "Allow: " + allowed + "\r\n";
  if (!server().cors_origin.empty() && !request().origin.empty())
    extra_ += "Access-Control-Allow-Methods: " + allowed +
              "\r\nAccess-Control-Allow-Headers: Authorization, Content-Type, Idempotency-Key, "
              "Last-Event-ID, "
              "X-CSRF-Token, X-Request-Id\r\nAccess-Control-Max-Age: 600\r\n";
  answer_nothing();
}

void Session::on_piece(std::string_view piece) {
  body_bytes_ += piece.size();
  renew_deadline();
  if (dropping_) return;
  if (body_kind_ == BodyKind::events) return ingest_.take(piece);
  if (body_kind_ == BodyKind::none) {
    // Not asked for, and dropped; but not for ever.
    if (body_bytes_ > limits().small_body_bytes) fail({Problem::body_too_large, "this call takes no body", {}});
    return;
  }
  if (const auto failure = check_size(body_.size() + piece.size())) return fail(*failure);
  body_.append(piece);
}

void Session::end_body() {
  body_done_ = true;
  if (answer_done_) return next_request();
  stage_ = Stage::waiting;
  if (body_kind_ == BodyKind::events) {
    ingest_.end();
  } else {
    body_.append(engagement::Parser::padding_bytes, '\0');
    const auto body = std::string_view(body_).substr(0, body_.size() - engagement::Parser::padding_bytes);
    if (const auto failure = check_body_of_person(body)) {
      fail(*failure);
    } else {
      run_call(*this, body);
    }
    body_.clear();
  }
}

void Session::on_bad() {
  if (stage_ == Stage::head) {
    forget_last_request();
  }
  keep_alive_ = false;
  if (answer_done_) {
    stage_ = Stage::closing;
  } else {
    cut_short(reader_.failure());
  }
}

// The rest of the body will not be taken. Of an event stream that still says what became of its
// events.
void Session::cut_short(const Failure& failure) {
  keep_alive_ = false;
  if (call_ == Call::post_events && ingest_.gathers_lines()) {
    stage_ = Stage::waiting;
    ingest_.fail(failure);
  } else {
    fail(failure);
  }
}

// The answer is complete. A short rest of the body that nobody needs is read past, to a long one we
// close.
void Session::finish_answer() {
  answer_done_ = true;
  const std::int64_t took_us = thread_.now_us - started_us_;
  thread_.metrics.count(call_, status_, took_us);
  log_answer(took_us);
  note_act();
  long_call_.reset();
  if (call_ == Call::post_events) ingest_.finished();
  if (body_done_) return next_request();
  dropping_ = true;
  body_.clear();
  if (keep_alive_ || stage_ == Stage::closing) return;
  stage_ = Stage::lingering;
  deadline_us_ = thread_.now_us + limits().linger_us;
}

// Whether what is left of the body, if anything, is little enough to be read past.
bool Session::rest_is_short() const {
  if (body_done_ || (stage_ == Stage::body && !request().has_body)) return true;
  return stage_ == Stage::body && request().content_length.value_or(UINT64_MAX) <= limits().small_body_bytes &&
         !request().expect_continue;
}

void Session::next_request() {
  large_body_ = {};
  reader_.reset();
  started_ = false;
  stage_ = keep_alive_ && !server().stopping.load(std::memory_order_relaxed) ? Stage::head : Stage::closing;
  renew_deadline();
}

void Session::on_answer(std::uint64_t ticket, Result<engine::Answer> answer) {
  --mail_to_come_;
  if (abandoned_) return;
  if (call_ == Call::post_events) {
    ingest_.on_answer(ticket, std::move(answer));
    renew_deadline();
  } else {
    call_answered(*this, answer);
  }
}

void Session::on_task(const std::function<void(Session&)>& task, bool last) {
  if (last) --mail_to_come_;
  if (abandoned_) return;
  if (task) {
    task(*this);
  } else if (!answer_begun_) {
    fail({Problem::unavailable, "the server is stopping", {}});
  }
}

bool Session::hold_large_body() {
  if (!large_body_) large_body_ = Permit::take(server().large_bodies, limits().large_bodies);
  return static_cast<bool>(large_body_);
}

void Session::call_again() {
  if (std::exchange(asked_again_, true)) return;
  thread_.again.push_back(this);
}

void Session::again() {
  asked_again_ = false;
  if (abandoned_ || call_ != Call::post_events) return;
  ingest_.again();
  renew_deadline();
}

void Session::on_eof() {
  if (stage_ == Stage::waiting && !endless()) {
    keep_alive_ = false;  // the client only closed its sending side, and gets its answer
  } else if (stage_ == Stage::body && !answer_done_) {
    cut_short({Problem::bad_request, "the body ended before its length was reached", {}});
  } else {
    stage_ = Stage::closing;
  }
}

void Session::on_sent(bool all) {
  sent_us_ = thread_.now_us;
  if (!all || abandoned_) return;
  if (long_call_ != nullptr) long_call_->on_drained();
  if (call_ == Call::post_events && !answer_done_ && stage_ != Stage::head) ingest_.on_drained();
}

bool Session::on_tick() {
  const std::int64_t now = thread_.now_us;
  if (long_call_ != nullptr) long_call_->on_tick();
  if (out_.empty()) sent_us_ = now;
  if (now - sent_us_ > limits().write_stall_us) return false;
  if (!wants_bytes()) return renew_deadline(), true;  // the client waits for us
  if (now < deadline_us_ || stage_ == Stage::waiting) return true;
  if (stage_ == Stage::lingering || idle() || answer_done_) return false;
  if (stage_ == Stage::head) {
    forget_last_request();
    cut_short({Problem::timed_out, "the request header came too slowly", {}});
  } else {
    cut_short({Problem::timed_out, "the body came too slowly", {}});
  }
  return true;
}

// Of the client: what we keep it waiting for does not count, see on_tick().
void Session::renew_deadline() {
  const std::int64_t now = thread_.now_us;
  const Limits& limit = limits();
  if (stage_ == Stage::head) deadline_us_ = now + limit.idle_us;
  if (stage_ != Stage::body) return;
  deadline_us_ = now + limit.body_stall_us;
  if (body_kind_ == BodyKind::events && ingest_.gathers_lines()) {
    if (!wants_bytes()) ingest_.renew_line_time();
    deadline_us_ = std::min(deadline_us_, ingest_.last_line_us() + limit.line_stall_us);
  } else {
    const auto earned_us =
        static_cast<std::int64_t>(body_bytes_) * us_per_second / static_cast<std::int64_t>(limit.body_bytes_per_second);
    deadline_us_ = std::min(deadline_us_, body_began_us_ + limit.body_stall_us + earned_us);
  }
}

void Session::on_progress() {
  if (long_call_ != nullptr) long_call_->on_progress();
}

void Session::stop() {
  if (idle()) stage_ = Stage::closing;
  keep_alive_ = false;
  if (long_call_ != nullptr) long_call_->stop();
  if (stage_ == Stage::body && ingest_.gathers_lines())
    cut_short({Problem::unavailable, "the server is stopping; send the rest elsewhere", {}});
}

void Session::abandon() {
  if (abandoned_) return;
  abandoned_ = true;
  stage_ = Stage::closing;
  if (asked_again_) std::erase(thread_.again, this);
  ingest_.finished();
  long_call_.reset();
  large_body_ = {};
}

Result<void> Session::submit(engine::Command& command, std::uint64_t ticket) {
  struct Deliver {
    Session* session;
    std::uint64_t ticket;
    void operator()(Result<engine::Answer> answer) const {
      session->thread_.mailbox.put_answer(session, ticket, std::move(answer));
    }
  };
  ++mail_to_come_;
  Result<void> submitted = server().engine.submit(command, Deliver{this, ticket});
  if (!submitted.ok()) --mail_to_come_;
  return submitted;
}

bool Session::run(std::function<std::function<void(Session&)>()> work) {
  ++mail_to_come_;
  auto mail = std::make_shared<PoolMail>(thread_.mailbox, this);
  if (server().pool.run([mail, work = std::move(work)] { mail->then = work(); })) return true;
  mail->cancel();
  --mail_to_come_;
  return false;
}

}  // namespace zan::api
