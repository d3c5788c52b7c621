// Calls about what is genuine: verdicts of a subject, cases, decisions of the staff, appeals. Labels and reports: calls_report.cc.
#include <fmt/format.h>

#include <charconv>
#include <future>

#include "api/calls.h"
#include "api/case_json.h"
#include "api/integrity_calls.h"
#include "api/json_writer.h"
#include "api/question.h"
#include "api/target.h"
#include "api/text.h"
#include "base/json.h"

namespace zan::api {
namespace {

using Statement = engine::CaseStatement;

// Nothing: the path names no case's id, which is answered.
std::optional<std::uint64_t> case_of_path(Session& session) {
  const auto id = parse_case_id(session.id());
  if (!id) session.fail({Problem::invalid_parameter, "a case is written as c and 16 hex digits", "id"});
  return id;
}

struct CasesQuestion {
  engine::CaseFilter filter;
  std::size_t limit = 0;
  std::uint64_t before = 0;
  bool queue = false;
  std::optional<engine::QueuePlace> after;  // of the queue
};

// A place in the queue, as a cursor: "q", the moment and the case's number in hex.
constexpr std::size_t due_digits = 16, number_digits = 8;

std::string cursor_of(const engine::QueuePlace& place) {
  return fmt::format("q{:016x}{:08x}", static_cast<std::uint64_t>(place.due.us), place.number);
}

std::optional<engine::QueuePlace> parse_place(std::string_view text) {
  if (text.size() != 1 + due_digits + number_digits || text.front() != 'q') return std::nullopt;
  text.remove_prefix(1);
  if (text.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
  std::uint64_t due = 0;
  engine::QueuePlace place;
  std::from_chars(text.data(), text.data() + due_digits, due, 16);
  std::from_chars(text.data() + due_digits, text.data() + text.size(), place.number, 16);
  place.due = {static_cast<std::int64_t>(due)};
  return place;
}

// `me` is the caller: "me" and "none" are no names of staff here.
Result<void> read_filter(const Parameters& parameters, const std::string& me, CasesQuestion& question) {
  if (const std::string* standing = parameters.find("standing")) {
    question.filter.standing = find_standing(*standing);
    if (!question.filter.standing) return invalid("standing must be suspected, confirmed or cleared", "standing");
  }
  if (const std::string* assignee = parameters.find("assignee")) {
    if (assignee->empty()) return invalid("assignee must be a name, me or none", "assignee");
    question.filter.assignee = *assignee == "me" ? me : *assignee == "none" ? std::string() : *assignee;
  }
  if (const std::string* queue = parameters.find("queue")) {
    if (*queue != "waiting") return invalid("queue must be waiting", "queue");
    if (question.filter.standing) return invalid("the queue is not chosen by standing", "standing");
    question.queue = true;
  }
  return {};
}

Result<CasesQuestion> parse_cases_question(std::string_view query, const std::string& me) {
  ZAN_ASSIGN(const Parameters parameters,
             Parameters::parse(query, {"standing", "assignee", "queue", "limit", "cursor"}));
  CasesQuestion question;
  ZAN_TRY(read_filter(parameters, me, question));
  ZAN_ASSIGN(question.limit, read_limit(parameters, engagement::page_items_default, engine::cases_page_max));
  const std::string* cursor = parameters.find("cursor");
  if (cursor == nullptr) return question;
  if (question.queue) {
    question.after = parse_place(*cursor);
  } else {
    question.before = parse_case_id(*cursor).value_or(0);
  }
  if (!question.after && question.before == 0) return invalid("not a cursor of this list", "cursor");
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

// What an appeal is against: the case it names, or those that take likes of the subject or account it names.
Result<std::vector<Statement>> statements_of(const CaseAppeal& appeal, const engine::Integrity& integrity) {
  std::vector<Statement> statements;
  const auto add = [&](std::uint64_t id) {
    Statement& statement = statements.emplace_back();
    statement.case_id = id;
    statement.kind = integrity::NoteKind::appeal;
    statement.ground = appeal.ground;
    if (!appeal.subject.empty()) statement.subjects.push_back(appeal.subject);
    if (!appeal.user.empty()) statement.users.push_back(appeal.user);
  };
  if (appeal.case_id) {
    add(*appeal.case_id);
    return statements;
  }
  if (!appeal.user.empty()) {
    ZAN_ASSIGN(const auto cases, integrity.of_user(appeal.user));
    for (const engine::CaseSummary& summary : cases)
      if (summary.standing != integrity::Standing::cleared) add(summary.id);
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
  if (appeal.case_id && !answers.front().ok()) {
    Error error = answers.front().error();
    if (error.field == "/users") error.field = "/user";
    if (error.field == "/subjects") error.field = "/subject";
    return error;
  }
  std::string out = "{\"ground\":\"";
  out += to_string(appeal.ground);
  out += "\",\"received\":\"";
  append_rfc3339(out, received);
  out += "\",\"answer_by\":\"";
  append_rfc3339(out, {received.us + integrity.status().levels.appeal_us});
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
  const auto question = parse_cases_question(session.query(), session.caller_name());
  if (!question.ok()) return session.fail(question.error(), Problem::invalid_parameter);
  answer_from_pool(
      session, [integrity, question = *question, &clock = session.server().clock]() -> Result<std::string> {
        if (question.queue) {
          ZAN_ASSIGN(const engine::QueuePage page,
                     integrity->queue(question.filter.assignee, question.limit, question.after));
          return render_cases(page.cases, page.next ? cursor_of(*page.next) : std::string(), clock.now());
        }
        ZAN_ASSIGN(const engine::CasePage page, integrity->cases(question.filter, question.limit, question.before));
        return render_cases(page.cases, page.next == 0 ? std::string() : case_id_text(page.next), clock.now());
      });
}

void run_case(Session& session) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr || !without_parameters(session)) return;
  const auto id = case_of_path(session);
  if (!id) return;
  answer_from_pool(session, [integrity, id = *id, &clock = session.server().clock]() -> Result<std::string> {
    ZAN_ASSIGN(const engine::CaseDetail detail, integrity->one(id));
    std::string out = "{";
    append_case(out, detail, clock.now());
    return out += "}\n";
  });
}

// The same as a file of its own, for an authority. It names people, so that it left the house is noted first.
void run_case_export(Session& session) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr || !without_parameters(session)) return;
  const auto id = case_of_path(session);
  if (!id) return;
  answer_from_pool(session,
                   [&engine = session.server().engine, integrity, id = *id, by = session.caller_name(),
                    &clock = session.server().clock]() -> Result<PoolAnswer> {
                     Statement statement;
                     statement.case_id = id;
                     statement.kind = integrity::NoteKind::handed_out;
                     statement.by = by;
                     const auto noted = tell(engine, *integrity, {statement});
                     if (!noted.front().ok()) return noted.front().error();
                     ZAN_ASSIGN(const engine::CaseDetail detail, integrity->one(id));
                     PoolAnswer answer{.body = "{\"format\":\"zhenzan-case/1\",\"exported_at\":\""};
                     answer.file_name = "case-" + case_id_text(id) + ".json";
                     append_rfc3339(answer.body, clock.now());
                     answer.body += "\",";
                     append_case(answer.body, detail, clock.now());
                     answer.body += "}\n";
                     return answer;
                   });
}

void run_case_graph(Session& session) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr) return;
  const auto id = case_of_path(session);
  if (!id) return;
  const auto parameters = Parameters::parse(session.query(), {"limit", "cursor"});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const auto limit = read_limit(*parameters, engine::graph_edges_max, engine::graph_edges_max);
  if (!limit.ok()) return session.fail(limit.error(), Problem::invalid_parameter);
  const std::string* cursor = parameters->find("cursor");
  const auto from = cursor == nullptr ? std::optional<std::uint64_t>(0) : parse_number(*cursor);
  if (!from || *from > like_cursor_max)
    return session.fail({Problem::invalid_parameter, "not a cursor of this list", "cursor"});
  answer_from_pool(session, [integrity, id = *id, limit = *limit, from = *from]() -> Result<std::string> {
    ZAN_ASSIGN(const engine::GraphPage page, integrity->graph(id, limit, from));
    return render_graph(id, page);
  });
}

// Who looks after cases has a key for them; without keys any name will do.
Result<void> check_staff(const KeySet& keys, const std::string& name) {
  if (!keys.needed || name.empty()) return {};
  for (const ApiKey& key : keys.keys)
    if (key.name == name && key.may(Scope::integrity)) return {};
  return invalid("no key with the scope integrity has that name", "/assignee");
}

void run_assignment(Session& session, std::string_view body) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr || !without_parameters(session)) return;
  const auto id = case_of_path(session);
  if (!id) return;
  const Result<std::string> assignee = parse_assignment(body);
  if (!assignee.ok()) return session.fail(assignee.error(), Problem::invalid_body);
  if (const auto known = check_staff(*session.thread().keys, *assignee); !known.ok())
    return session.fail(known.error(), Problem::invalid_body);
  Statement statement;
  statement.case_id = *id;
  statement.kind = integrity::NoteKind::assignment;
  statement.by = session.caller_name();
  statement.assignee = *assignee;
  answer_from_pool(
      session,
      [&engine = session.server().engine, integrity, statement]() -> Result<PoolAnswer> {
        const auto answers = tell(engine, *integrity, {statement});
        if (!answers.front().ok()) return answers.front().error();
        PoolAnswer answer{.body = "{"};
        JsonWriter object(answer.body);
        object.text("case", case_id_text(statement.case_id));
        object.text_or_null("assignee", statement.assignee);
        object.text("by", statement.by);
        object.text("position", std::to_string(answers.front()->position.value));
        answer.body += "}\n";
        return answer;
      },
      Problem::invalid_body);
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

}  // namespace

void run_integrity(Session& session, std::string_view body) {
  switch (session.call()) {
    case Call::get_subject_verdicts:
      return run_subject_verdicts(session);
    case Call::get_cases:
      return run_cases(session);
    case Call::get_case_graph:
      return run_case_graph(session);
    case Call::get_case_export:
      return run_case_export(session);
    case Call::assign_case:
      return run_assignment(session, body);
    case Call::decide_case:
      return run_decision(session, body);
    case Call::decide_cases:
      return run_decisions(session, body);
    case Call::appeal:
      return run_appeal(session, body);
    case Call::get_labels:
      return run_labels(session);
    case Call::get_staff_acts:
      return run_staff_acts(session);
    case Call::integrity_report:
      return run_integrity_report(session);
    case Call::public_report:
    case Call::report_page:
      return run_public_report(session);
    default:
      return run_case(session);
  }
}

}  // namespace zan::api
