// Session: one connection's conversation, from bytes in to bytes out, without a socket.
//
//   take(bytes) -> head: route, key, budget, limits -> body -> call -> answer appended to out()
//
// Requests of one connection are answered one after another; those that need nobody else are all
// answered within one take(), so that pipelined requests cost one write. A call that waits (for the
// engine's sync, for the pool) stops the reading: the client is held back by TCP.
//
// Owns:    the request under way and the answer not yet sent.
// Threads: one, that of its ThreadState; results of other threads come through the mailbox.
// Errors:  become problem+json answers; where the conversation cannot go on, closing() turns true.
// Cost:    no allocation for a plain request once its strings have grown.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/accounts.h"
#include "api/http_reader.h"
#include "api/ingest.h"
#include "api/routes.h"
#include "api/server_state.h"
#include "api/target.h"

namespace zan::api {

// A call whose answer has no end in sight: the live stream, an export.
class LongCall {
 public:
  virtual ~LongCall() = default;
  virtual bool endless() const = 0;  // then what the client sends meanwhile is dropped
  virtual void on_drained() = 0;     // all that was answered has been sent
  virtual void on_progress() {}      // something new is in the journal
  virtual void on_tick() {}
  virtual void stop() = 0;  // the server is stopping: come to an end
};

// Who moves a session's bytes.
class Carrier {
 public:
  virtual ~Carrier() = default;
  // The session has something to send, or wants bytes again, or is at its end.
  virtual void pump() = 0;
};

class Session {
 public:
  Session(ThreadState& thread, Carrier& carrier);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // --- for the carrier
  // ----------------------------------------------------------------------------------------------
  // After every call but the const ones the carrier pumps.
  Carrier& carrier() { return carrier_; }
  // What could be read now: more bytes, please.
  [[nodiscard]] bool wants_bytes() const;
  // Takes what it can of `bytes` (which may be none) and says how many. REQUIRES:
  // engagement::Parser::padding_bytes readable bytes behind them.
  std::size_t take(std::string_view bytes);
  void on_answer(std::uint64_t ticket, Result<engine::Answer> answer);
  void on_task(const std::function<void(Session&)>& task, bool last);
  void again();
  // The client will send nothing more.
  void on_eof();
  // Bytes were sent; `all`: out() is empty now.
  void on_sent(bool all);
  // Once every Limits::sweep_us or so. False: hang up at once.
  [[nodiscard]] bool on_tick();
  void on_progress();
  // The server is stopping: what is under way is finished, nothing new begun.
  void stop();
  // The connection is gone; only mail to come keeps the session alive.
  void abandon();

  std::string& out() { return out_; }
  // Close once all of out() is sent.
  [[nodiscard]] bool closing() const { return stage_ == Stage::closing; }
  // As closing, but what the client still sends is to be read and dropped for a moment, so that it
  // sees the answer.
  [[nodiscard]] bool lingering() const { return stage_ == Stage::lingering; }
  [[nodiscard]] bool expects_mail() const { return mail_to_come_ > 0; }
  [[nodiscard]] bool idle() const { return stage_ == Stage::head && !reader_.started(); }
  [[nodiscard]] bool endless() const { return long_call_ != nullptr && long_call_->endless(); }

  // --- for calls
  // ----------------------------------------------------------------------------------------------------
  ThreadState& thread() { return thread_; }
  ServerState& server() { return thread_.server; }
  const Limits& limits() const { return thread_.server.limits; }
  const Request& request() const { return reader_.request(); }
  const std::string& id() const { return id_; }  // decoded and checked
  std::string_view query() const { return query_; }
  const std::string& request_id() const { return request_id_; }
  Call call() const { return call_; }
  // Who is signed in; nothing: the caller has a key, or none is needed.
  const std::optional<accounts::SignedIn>& who() const { return who_; }
  std::string caller_name() const;
  bool may(Scope scope) const;
  TokenBucket* bucket() const;
  // Of the client, as text; empty in tests without a socket.
  const std::string& address() const { return address_; }
  void set_address(std::string address) { address_ = std::move(address); }
  // What keeps the person from telling this act.
  std::optional<Failure> check_act(const engagement::ActBatch& batch, const engagement::Act& act) const;
  // Puts an act of staff on the trail, if there is one.
  void note_staff(std::string by, std::string role, std::string target, int status) const;

  // A field of the answer that is yet to come.
  void add_field(std::string_view name, std::string_view value);
  // As add_field, instead of "no-store".
  void set_cache_control(std::string_view value) { cache_control_ = value; }
  // Answers the request as a whole.
  void answer(int status, std::string_view content_type, std::string_view body);
  void answer_json(std::string_view body) { answer(200, "application/json", body); }
  void answer_nothing() { answer(204, {}, {}); }
  void fail(const Failure& failure);
  void fail(const Error& error, Problem about) { fail(to_failure(error, about)); }

  // Answers in pieces. A client of HTTP/1.0 gets them without chunks, and the end by a close.
  void begin_pieces(std::string_view content_type);
  void piece(std::string_view bytes);
  void end_pieces();
  // Breaks the answer off, so that the client sees it is not whole.
  void break_off();
  [[nodiscard]] bool answering() const { return answer_begun_; }
  [[nodiscard]] bool answered() const { return answer_done_; }
  [[nodiscard]] std::size_t unsent() const { return out_.size(); }

  // Hands a command to the engine; on_answer follows if this is well. The command stays here if it
  // is `limited`.
  Result<void> submit(engine::Command& command, std::uint64_t ticket);
  // Runs `work` on the pool; what it returns runs here. False: too much is waiting there.
  [[nodiscard]] bool run(std::function<std::function<void(Session&)>()> work);
  void set_long_call(std::unique_ptr<LongCall> call) { long_call_ = std::move(call); }
  // True when this request may hold a body above Limits::small_body_bytes.
  [[nodiscard]] bool hold_large_body();
  Ingest& ingest() { return ingest_; }
  // again() is wanted soon.
  void call_again();

 private:
  enum class Stage : std::uint8_t { head, body, waiting, lingering, closing };

  void note_started();
  void begin_request();
  void forget_last_request();
  std::optional<Failure> check_request();
  std::optional<Failure> find_call(std::string_view path);
  std::optional<Failure> check_access(const Route& route);
  std::optional<Failure> check_key(Scope scope);
  std::optional<Failure> check_person(const Route& route, std::string_view token);
  std::optional<Failure> check_body_of_person(std::string_view body) const;
  void note_act() const;
  std::optional<Failure> check_budget();
  std::optional<Failure> check_body();
  std::optional<Failure> check_size(std::size_t bytes);
  void answer_options(std::string_view path);
  void choose_request_id();
  void on_piece(std::string_view piece);
  void hold(std::string_view piece);
  void end_body();
  void finish_answer();
  void log_answer(std::int64_t took_us) const;
  [[nodiscard]] bool rest_is_short() const;
  void next_request();
  void on_bad();
  void cut_short(const Failure& failure);
  void renew_deadline();
  void append_head(int status, std::string_view content_type, std::optional<std::size_t> length);
  void append_limits();
  void append_cors();

  ThreadState& thread_;
  Carrier& carrier_;
  HttpReader reader_;
  Ingest ingest_;
  Stage stage_ = Stage::head;
  Call call_ = Call::none;
  BodyKind body_kind_ = BodyKind::none;
  bool keep_alive_ = true;
  bool dropping_ = false;  // the body is read and dropped
  bool body_done_ = false, answer_begun_ = false, answer_done_ = false, chunked_ = false;
  bool started_ = false, asked_again_ = false, abandoned_ = false;
  int status_ = 0;
  std::uint32_t mail_to_come_ = 0;
  std::int64_t started_us_ = 0;   // of the request
  std::int64_t deadline_us_ = 0;  // of the stage
  std::int64_t body_began_us_ = 0;
  std::int64_t sent_us_ = 0;  // when the client last took something
  std::string out_, body_, id_, query_, request_id_;
  std::string cache_control_;
  std::string extra_;                   // header lines of the answer to come
  std::string authorization_;           // that `caller_` was found by
  std::shared_ptr<const KeySet> keys_;  // that `caller_` was found in
  std::shared_ptr<Caller> caller_;
  std::optional<accounts::SignedIn> who_;
  std::string address_;
  std::unique_ptr<LongCall> long_call_;
  Permit large_body_;
  std::size_t body_bytes_ = 0;
};

}  // namespace zan::api
