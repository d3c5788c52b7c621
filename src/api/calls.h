// The calls of the routes table but for POST /v1/events: question in, answer out.
//
// Those that only touch memory are answered here and now, on the io thread; those that may wait on disk run on the pool.
#pragma once

#include <string_view>

#include "api/session.h"

namespace zan::api {

// The request and its body are whole, and the caller may do this.
void run_call(Session& session, std::string_view body);

// The engine's answer to a command that a call has submitted.
void call_answered(Session& session, const Result<engine::Answer>& answer);

// By kind of call; run_call chooses. `body` is followed by padding_bytes readable bytes.
void run_counts(Session& session);
void run_hydrate(Session& session, std::string_view body);
void run_attributes(Session& session);
void run_list(Session& session);
void run_top(Session& session);
void run_put(Session& session, std::string_view body);
void run_delete(Session& session);
void run_backup(Session& session, std::string_view body);
void run_compact(Session& session);
void run_status(Session& session);
void run_health(Session& session);
void run_metrics(Session& session);
void run_openapi(Session& session);
void run_export(Session& session);
void run_receipt(Session& session);
void run_evidence_list(Session& session);
void run_integrity(Session& session, std::string_view body);
void run_rules(Session& session, std::string_view body);
void run_audience(Session& session, std::string_view body);
void run_segments(Session& session, std::string_view body);
void run_matching(Session& session, std::string_view body);
void run_insights(Session& session);
void run_log_day(Session& session);
void run_log_file(Session& session);
void run_verify_page(Session& session);
void run_stream(Session& session);

// What a call that ran on the pool has to say.
struct PoolAnswer {
  std::string body;
  std::string_view content_type = "application/json";
  int status = 200;
  std::string_view cache_control;  // empty: no-store
  std::string_view retry_after;    // seconds; empty: none
  std::string next;                // cursor of a list that comes in lines; empty: that was all
  std::string file_name;           // under which a browser keeps it; empty: it shows it
};
// Runs `work` on the pool and answers with what it returns, or with its Error; `about`: what is to blame for invalid input.
void answer_from_pool(Session& session, std::function<Result<PoolAnswer>()> work,
                      Problem about = Problem::invalid_parameter);
// The same for JSON.
void answer_from_pool(Session& session, std::function<Result<std::string>()> work);

// Whose change it is. Without keys only this machine gets here.
std::string changed_by(const Session& session);
// Hands a command in and waits until it is durable; for the pool.
Result<Position> commit(engine::Engine& engine, engine::Command command);

}  // namespace zan::api
