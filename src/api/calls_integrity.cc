// Calls about what is genuine: verdicts of a subject, cases, decisions of the staff, appeals.
#include <future>

#include "api/calls.h"
#include "api/case_json.h"
#include "api/question.h"
#include "api/target.h"
#include "api/text.h"
#include "base/json.h"

namespace zan::api {
namespace {

using Statement = engine::CaseStatement;

const engine::Integrity* integrity_of(Session& session) {
  const engine::Integrity* integrity = session.server().engine.integrity();
  if (integrity == nullptr)
    session.fail(
        {Problem::unavailable, "this server looks for no fake likes (it was started with --integrity off)", {}});
  return integrity;
}

// False: the call takes no parameters and got some, which is answered.
bool without_parameters(Session& session) {
  const auto parameters = Parameters::parse(session.query(), {});
  if (!parameters.ok()) session.fail(parameters.error(), Problem::invalid_parameter);
  return parameters.ok();
}

// Nothing: the path names no case's id, which is answered.
std::optional<std::uint64_t> case_of_path(Session& session) {
  const auto id = parse_case_id(session.id());
  if (!id) session.fail({Problem::invalid_parameter, "a case is written as c and 16 hex digits", "id"});
  return id;
}

struct CasesQuestion {
  std::optional<integrity::Standing> standing;
  std::size_t limit = 0;
  std::uint64_t before = 0;
};

Result<CasesQuestion> parse_cases_question(std::string_view query) {
  ZAN_ASSIGN(const Parameters parameters, Parameters::parse(query, {"standing", "limit", "cursor"}));
  CasesQuestion question;
  if (const std::string* standing = parameters.find("standing")) {
    question.standing = find_standing(*standing);
    if (!question.standing) return invalid("standing must be suspected, confirmed or cleared", "standing");
  }
  ZAN_ASSIGN(question.limit, read_limit(parameters, engagement::page_items_default, engine::cases_page_max));
  if (const std::string* cursor = parameters.find("cursor")) {
    const auto before = parse_case_id(*cursor);
    if (!before || *before == 0) return invalid("not a cursor of this list", "cursor");
    question.before = *before;
  }
  return question;
}

using Waiting = std::vector<Result<std::future<Result<engine::Answer>>>>;

// Offers the statement to the engine without waiting for what comes of it.
Result<std::future<Result<engine::Answer>>> submit(engine::Engine& engine, const engine::Integrity& integrity,
                                                   const Statement& statement) {
  ZAN_ASSIGN(Bytes record, integrity.note_of(statement));
  engine::Command command{engine::NoteCase{std::move(record)}};
  auto promise = std::make_shared<std::promise<Result<engine::Answer>>>();
  std::future<Result<engine::Answer>> future = promise->get_future();
  ZAN_TRY(engine.submit(command, [promise](Result<engine::Answer> answer) { promise->set_value(std::move(answer)); }));
  return future;
}

// Tells the engine all of it, so that it is synced together, and waits. For the pool.
std::vector<Result<engine::Answer>> tell(engine::Engine& engine, const engine::Integrity& integrity,
                                         const std::vector<Statement>& statements) {
  Waiting waiting;
  for (const Statement& statement : statements) waiting.push_back(submit(engine, integrity, statement));
  std::vector<Result<engine::Answer>> answers;
  for (auto& one : waiting) answers.push_back(one.ok() ? one->get() : Result<engine::Answer>(one.error()));
  return answers;
}

void append_said(std::string& out, std::uint64_t case_id, const Result<engine::Answer>& answer) {
  out += "{\"case\":\"" + case_id_text(case_id) + "\",";
  if (answer.ok()) {
    out += "\"position\":\"";
    append_number(out, answer->position.value);
    out += '"';
  } else {
    out += "\"problem\":";
    append_problem(out, to_failure(answer.error(), Problem::invalid_body), {});
  }
  out += '}';
}

std::string render_said(const std::vector<Statement>& statements, const std::vector<Result<engine::Answer>>& answers) {
  std::string out = "[";
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (i > 0) out += ',';
    append_said(out, statements[i].case_id, answers[i]);
  }
  return out += ']';
}

Statement decision_on(std::uint64_t case_id, const CaseDecision& decision, const std::string& by) {
  return {.case_id = case_id,
          .kind = integrity::NoteKind::decision,
          .decision = decision.decision,
          .users = decision.users,
          .subjects = decision.subjects,
          .by = by,
          .note = decision.note};
}

std::string start_of_decision(const CaseDecision& decision, const std::string& by) {
  std::string out = "{\"decision\":\"";
  out += to_string(decision.decision);
  out += "\",\"by\":";
  append_json_string(out, by);
  return out;
}

// What an appeal is against: the case it names, or those that take likes of the subject it names.
Result<std::vector<Statement>> statements_of(const CaseAppeal& appeal, const engine::Integrity& integrity) {
  std::vector<Statement> statements;
  const auto add = [&](std::uint64_t id) {
    statements.push_back({.case_id = id, .kind = integrity::NoteKind::appeal, .ground = appeal.ground});
  };
  if (appeal.case_id) {
    add(*appeal.case_id);
    return statements;
  }
  ZAN_ASSIGN(const engine::SubjectVerdicts verdicts, integrity.of_subject(appeal.subject));
  for (const auto& part : verdicts.cases)
    if (part.summary.standing != integrity::Standing::cleared) add(part.summary.id);
  return statements;
}

Result<PoolAnswer> answer_appeal(engine::Engine& engine, const engine::Integrity& integrity, const CaseAppeal& appeal,
                                 const Clock& clock) {
  ZAN_ASSIGN(const std::vector<Statement> statements, statements_of(appeal, integrity));
  const Timestamp received = clock.now();
  const std::vector<Result<engine::Answer>> answers = tell(engine, integrity, statements);
  if (appeal.case_id && !answers.front().ok()) return answers.front().error();
  std::string out = "{\"ground\":\"";
  out += to_string(appeal.ground);
  out += "\",\"received\":\"";
  append_rfc3339(out, received);
  out += "\",\"answer_by\":\"";
  append_rfc3339(out, {received.us + appeal_us_max});
  out += "\",\"cases\":" + render_said(statements, answers);
  return PoolAnswer{.body = out += "}\n"};
}

void run_subject_verdicts(Session& session) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr || !without_parameters(session)) return;
  answer_from_pool(session, [integrity, id = session.id()]() -> Result<std::string> {
    ZAN_ASSIGN(const engine::SubjectVerdicts verdicts, integrity->of_subject(id));
    return render_verdicts(id, verdicts);
  });
}

void run_cases(Session& session) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr) return;
  const auto question = parse_cases_question(session.query());
  if (!question.ok()) return session.fail(question.error(), Problem::invalid_parameter);
  answer_from_pool(session, [integrity, question = *question]() -> Result<std::string> {
    ZAN_ASSIGN(const engine::CasePage page, integrity->cases(question.standing, question.limit, question.before));
    return render_cases(page);
  });
}

// The export says the same as a file of its own, for an authority.
void run_case(Session& session) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr || !without_parameters(session)) return;
  const auto id = case_of_path(session);
  if (!id) return;
  const bool as_file = session.call() == Call::get_case_export;
  answer_from_pool(session, [integrity, id = *id, as_file, &clock = session.server().clock]() -> Result<PoolAnswer> {
    ZAN_ASSIGN(const engine::CaseDetail detail, integrity->one(id));
    PoolAnswer answer{.body = "{"};
    if (as_file) {
      answer.file_name = "case-" + case_id_text(id) + ".json";
      answer.body += "\"format\":\"zhenzan-case/1\",\"exported_at\":\"";
      append_rfc3339(answer.body, clock.now());
      answer.body += "\",";
    }
    append_case(answer.body, detail);
    answer.body += "}\n";
    return answer;
  });
}

void run_decision(Session& session, std::string_view body) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr || !without_parameters(session)) return;
  const auto id = case_of_path(session);
  if (!id) return;
  const Result<CaseDecision> decision = parse_decision(body);
  if (!decision.ok()) return session.fail(decision.error(), Problem::invalid_body);
  answer_from_pool(
      session,
      [&engine = session.server().engine, integrity, id = *id, decision = *decision,
       by = session.caller_name()]() -> Result<PoolAnswer> {
        const auto answers = tell(engine, *integrity, {decision_on(id, decision, by)});
        if (!answers.front().ok()) return answers.front().error();
        std::string out = start_of_decision(decision, by) + ",\"case\":\"" + case_id_text(id) + "\",\"position\":\"";
        append_number(out, answers.front()->position.value);
        return PoolAnswer{.body = out += "\"}\n"};
      },
      Problem::invalid_body);
}

void run_decisions(Session& session, std::string_view body) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr || !without_parameters(session)) return;
  const Result<CaseDecision> decision = parse_decisions(body);
  if (!decision.ok()) return session.fail(decision.error(), Problem::invalid_body);
  answer_from_pool(session,
                   [&engine = session.server().engine, integrity, decision = *decision,
                    by = session.caller_name()]() -> Result<std::string> {
                     std::vector<Statement> statements;
                     for (const std::uint64_t id : decision.cases) statements.push_back(decision_on(id, decision, by));
                     const auto answers = tell(engine, *integrity, statements);
                     return start_of_decision(decision, by) + ",\"cases\":" + render_said(statements, answers) + "}\n";
                   });
}

void run_appeal(Session& session, std::string_view body) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr || !without_parameters(session)) return;
  const Result<CaseAppeal> appeal = parse_appeal(body);
  if (!appeal.ok()) return session.fail(appeal.error(), Problem::invalid_body);
  answer_from_pool(
      session,
      [&engine = session.server().engine, integrity, appeal = *appeal, &clock = session.server().clock] {
        return answer_appeal(engine, *integrity, appeal, clock);
      },
      Problem::invalid_body);
}

void run_integrity_report(Session& session) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr || !without_parameters(session)) return;
  const engine::IntegrityStatus status = integrity->status();
  if (!status.caught_up)
    return session.fail({Problem::unavailable, "the journal is still being read after the start", {}});
  session.answer_json(render_report(status));
}

}  // namespace

void run_integrity(Session& session, std::string_view body) {
  switch (session.call()) {
    case Call::get_subject_verdicts:
      return run_subject_verdicts(session);
    case Call::get_cases:
      return run_cases(session);
    case Call::decide_case:
      return run_decision(session, body);
    case Call::decide_cases:
      return run_decisions(session, body);
    case Call::appeal:
      return run_appeal(session, body);
    case Call::integrity_report:
      return run_integrity_report(session);
    default:
      return run_case(session);
  }
}

}  // namespace zan::api
