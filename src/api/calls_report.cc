// What is told of all cases together: labels, what the staff did, reports.
#include "api/case_json.h"
#include "api/integrity_calls.h"
#include "api/integrity_report.h"
#include "api/target.h"
#include "api/text.h"

namespace zan::api {
namespace {

constexpr std::size_t labels_default = 1000;

Result<engine::LabelPlace> parse_label_place(std::string_view cursor) {
  constexpr std::size_t id_length = 17;
  const auto id = parse_case_id(cursor.substr(0, id_length));
  std::optional<std::uint64_t> edge;
  if (cursor.size() > id_length && cursor[id_length] == '.') edge = parse_number(cursor.substr(id_length + 1));
  if (!id || *id == 0 || !edge || *edge > like_cursor_max) return invalid("not a cursor of this list", "cursor");
  return engine::LabelPlace{*id, *edge};
}

struct LabelsQuestion {
  bool all = false;
  std::size_t limit = 0;
  engine::LabelPlace from;
};

Result<LabelsQuestion> parse_labels_question(std::string_view query) {
  ZAN_ASSIGN(const Parameters parameters, Parameters::parse(query, {"decided_by", "limit", "cursor"}));
  LabelsQuestion question;
  if (const std::string* decided_by = parameters.find("decided_by")) {
    if (*decided_by != "people" && *decided_by != "all")
      return invalid("decided_by must be people or all", "decided_by");
    question.all = *decided_by == "all";
  }
  ZAN_ASSIGN(question.limit, read_limit(parameters, labels_default, engine::labels_page_max));
  if (const std::string* cursor = parameters.find("cursor")) {
    ZAN_ASSIGN(question.from, parse_label_place(*cursor));
  }
  return question;
}

}  // namespace

const engine::Integrity* integrity_of(Session& session) {
  const engine::Integrity* integrity = session.server().engine.integrity();
  if (integrity == nullptr)
    session.fail(
        {Problem::unavailable, "this server looks for no fake likes (it was started with --integrity off)", {}});
  return integrity;
}

bool without_parameters(Session& session) {
  const auto parameters = Parameters::parse(session.query(), {});
  if (!parameters.ok()) session.fail(parameters.error(), Problem::invalid_parameter);
  return parameters.ok();
}

void run_labels(Session& session) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr) return;
  const auto question = parse_labels_question(session.query());
  if (!question.ok()) return session.fail(question.error(), Problem::invalid_parameter);
  answer_from_pool(session, [integrity, question = *question]() -> Result<PoolAnswer> {
    ZAN_ASSIGN(const engine::LabelPage page, integrity->labels(question.all, question.limit, question.from));
    PoolAnswer answer{.body = render_labels(page), .content_type = "application/x-ndjson"};
    if (page.next) answer.next = case_id_text(page.next->case_id) + "." + std::to_string(page.next->edge);
    return answer;
  });
}

void run_staff_acts(Session& session) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr) return;
  const auto parameters = Parameters::parse(session.query(), {"by", "limit", "cursor"});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const auto limit = read_limit(*parameters, engagement::page_items_default, engine::cases_page_max);
  if (!limit.ok()) return session.fail(limit.error(), Problem::invalid_parameter);
  Position before;
  if (const std::string* cursor = parameters->find("cursor")) {
    before.value = parse_number(*cursor).value_or(0);
    if (before.value == 0) return session.fail({Problem::invalid_parameter, "not a cursor of this list", "cursor"});
  }
  std::optional<std::string> by;
  if (const std::string* name = parameters->find("by")) by = *name == "me" ? session.caller_name() : *name;
  answer_from_pool(session, [integrity, by, limit = *limit, before]() -> Result<std::string> {
    ZAN_ASSIGN(const engine::StaffPage page, integrity->staff_acts(by, limit, before));
    return render_staff_acts(page);
  });
}

void run_integrity_report(Session& session) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr || !without_parameters(session)) return;
  answer_from_pool(session, [integrity]() -> Result<std::string> {
    ZAN_ASSIGN(const std::vector<engine::IntegrityDay> days, integrity->days());
    return render_report(integrity->status(), months_of(days));
  });
}

// What anybody may see, if the operator wants so: whole months, no small numbers.
void run_public_report(Session& session) {
  const engine::Integrity* integrity = integrity_of(session);
  if (integrity == nullptr) return;
  if (!session.server().public_report)
    return session.fail({Problem::not_found, "this server publishes no report (zan serve --public-report on)", {}});
  const bool as_page = session.call() == Call::report_page;
  const auto parameters =
      as_page ? Parameters::parse(session.query(), {"lang"}) : Parameters::parse(session.query(), {});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const std::string* lang = parameters->find("lang");
  if (lang != nullptr && *lang != "en" && *lang != "zh")
    return session.fail({Problem::invalid_parameter, "lang must be en or zh", "lang"});
  if (as_page) session.add_field("Content-Security-Policy", report_page_policy);
  if (as_page) session.add_field("Referrer-Policy", "no-referrer");
  answer_from_pool(session,
                   [integrity, as_page, chinese = lang != nullptr && *lang == "zh",
                    &clock = session.server().clock]() -> Result<PoolAnswer> {
                     ZAN_ASSIGN(const std::vector<engine::IntegrityDay> days, integrity->days());
                     const std::vector<PublicMonth> months = public_months(months_of(days), clock.now());
                     PoolAnswer answer{.cache_control = "public, max-age=300"};
                     if (as_page) answer.content_type = "text/html; charset=utf-8";
                     answer.body = as_page ? render_report_page(months, chinese) : render_public_report(months);
                     return answer;
                   });
}

}  // namespace zan::api
