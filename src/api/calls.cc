#include "api/calls.h"

#include <future>

#include "api/account_calls.h"
#include "api/text.h"

namespace zan::api {
namespace {

// They stand together in the table of calls.
bool about_integrity(Call call) {
  return call >= Call::get_subject_verdicts && call <= Call::report_page;
}
bool about_rules(Call call) {
  return call >= Call::get_rules && call <= Call::get_ruleset_shadow;
}
bool about_audience(Call call) {
  return call >= Call::get_tags && call <= Call::get_creator_audience;
}
bool about_matching(Call call) {
  return call >= Call::get_feed && call <= Call::serve_feed_model;
}
bool about_insights(Call call) {
  return call >= Call::get_subject_series && call <= Call::get_creator_times;
}
bool about_segments(Call call) {
  return call >= Call::add_segment && call <= Call::import_tags;
}

bool about_session(Call call) {
  return (call >= Call::get_session && call <= Call::sign_out) || (call >= Call::set_password && call <= Call::end_totp);
}
bool about_accounts(Call call) {
  return (call >= Call::get_accounts && call <= Call::change_account) || call == Call::get_audit;
}

}  // namespace

void run_call(Session& session, std::string_view body) {
  if (about_integrity(session.call())) return run_integrity(session, body);
  if (about_rules(session.call())) return run_rules(session, body);
  if (about_audience(session.call())) return run_audience(session, body);
  if (about_insights(session.call())) return run_insights(session);
  if (about_segments(session.call())) return run_segments(session, body);
  if (about_matching(session.call())) return run_matching(session, body);
  if (about_session(session.call())) return run_session(session, body);
  if (about_accounts(session.call())) return run_accounts(session, body);
  switch (session.call()) {
    case Call::get_subject_counts:
    case Call::get_user_counts:
    case Call::get_creator_counts:
      return run_counts(session);
    case Call::hydrate:
      return run_hydrate(session, body);
    case Call::get_subject:
    case Call::get_user:
      return run_attributes(session);
    case Call::get_subject_likers:
    case Call::get_user_likes:
      return run_list(session);
    case Call::top:
      return run_top(session);
    case Call::put_subject:
    case Call::put_user:
      return run_put(session, body);
    case Call::delete_user:
      return run_delete(session);
    case Call::get_user_export:
      return run_export(session);
    case Call::stream:
      return run_stream(session);
    case Call::status:
      return run_status(session);
    case Call::backup:
      return run_backup(session, body);
    case Call::compact:
      return run_compact(session);
    case Call::live:
    case Call::ready:
      return run_health(session);
    case Call::metrics:
      return run_metrics(session);
    case Call::openapi:
      return run_openapi(session);
    case Call::get_receipt:
      return run_receipt(session);
    case Call::get_subject_evidence:
    case Call::get_creator_evidence:
      return run_evidence_list(session);
    case Call::get_log_day:
      return run_log_day(session);
    case Call::get_log_file:
      return run_log_file(session);
    case Call::verify_page:
    case Call::verify_file:
      return run_verify_page(session);
    case Call::root:
    case Call::console:
    case Call::console_file:
      return run_console(session);
    case Call::start_attack:
    case Call::get_attack:
      return run_attack(session, body);
    default:
      break;
  }
  session.fail({Problem::internal, "a call without a body of code", {}});
}

void call_answered(Session& session, const Result<engine::Answer>& answer) {
  if (!answer.ok()) {
    const bool of_body = session.call() != Call::delete_user;
    return session.fail(answer.error(), of_body ? Problem::invalid_body : Problem::invalid_parameter);
  }
  session.answer_nothing();
}

void answer_from_pool(Session& session, std::function<Result<std::string>()> work) {
  answer_from_pool(session, [work = std::move(work)]() -> Result<PoolAnswer> {
    ZAN_ASSIGN(std::string json, work());
    return PoolAnswer{.body = std::move(json)};
  });
}

std::string changed_by(const Session& session) {
  const std::string name = session.caller_name();
  return name.empty() ? "anyone" : name;
}

Result<Position> commit(engine::Engine& engine, engine::Command command) {
  auto promise = std::make_shared<std::promise<Result<engine::Answer>>>();
  std::future<Result<engine::Answer>> future = promise->get_future();
  ZAN_TRY(engine.submit(command, [promise](Result<engine::Answer> answer) { promise->set_value(std::move(answer)); }));
  ZAN_ASSIGN(const engine::Answer answer, future.get());
  return answer.position;
}

void answer_from_pool(Session& session, std::function<Result<PoolAnswer>()> work, Problem about) {
  auto job = [work = std::move(work), about]() -> std::function<void(Session&)> {
    auto result = std::make_shared<Result<PoolAnswer>>(work());
    return [result, about](Session& there) {
      if (!result->ok()) return there.fail(result->error(), about);
      const PoolAnswer& answer = **result;
      there.set_cache_control(answer.cache_control);
      if (!answer.retry_after.empty()) there.add_field("Retry-After", answer.retry_after);
      if (!answer.next.empty()) there.add_field("Zhenzan-Next", answer.next);
      if (!answer.file_name.empty())
        there.add_field("Content-Disposition", "attachment; filename=\"" + answer.file_name + "\"");
      there.answer(answer.status, answer.content_type, answer.body);
    };
  };
  if (!session.run(std::move(job)))
    session.fail({Problem::unavailable, "too many requests are waiting; try again in a second", {}});
}

namespace {

void submit_one(Session& session, engine::Command command) {
  const Result<void> submitted = session.submit(command, 0);
  if (!submitted.ok()) session.fail(submitted.error(), Problem::invalid_body);
}

}  // namespace

void run_put(Session& session, std::string_view body) {
  engagement::Parser& parser = session.thread().parser;
  if (session.call() == Call::put_user) {
    auto json = parser.parse_user(body);
    if (!json.ok()) return session.fail(json.error(), Problem::invalid_body);
    return submit_one(session, {engine::PutUser{session.id(), std::move(json).value()}});
  }
  auto attributes = parser.parse_subject(body);
  if (!attributes.ok()) return session.fail(attributes.error(), Problem::invalid_body);
  submit_one(session, {engine::PutSubject{session.id(), std::move(attributes).value()}});
}

void run_delete(Session& session) {
  submit_one(session, {engine::EraseUser{session.id()}});
}

}  // namespace zan::api
