// Calls about works by day: counts, what is usual, a creator's works by number, when those who like them are there.
#include "api/calls.h"
#include "api/insights_json.h"
#include "api/target.h"
#include "api/text.h"

namespace zan::api {
namespace {

constexpr std::size_t series_days = 30;

const engine::Insights* insights_of(Session& session) {
  const engine::Insights* insights = session.server().engine.insights();
  if (insights == nullptr) session.fail({Problem::unavailable, "this server keeps no counts by day", {}});
  return insights;
}

Result<engine::DaysAsked> read_days(std::string_view query) {
  ZAN_ASSIGN(const Parameters parameters, Parameters::parse(query, {"days", "last"}));
  engine::DaysAsked asked{series_days, {}};
  if (const std::string* days = parameters.find("days")) {
    const auto number = parse_number(*days);
    if (!number || *number == 0 || *number > engine::series_days_max)
      return invalid("must be a number from 1 to " + std::to_string(engine::series_days_max), "days");
    asked.days = static_cast<std::size_t>(*number);
  }
  if (const std::string* last = parameters.find("last")) {
    constexpr std::size_t length = sizeof "2022-04-25" - 1;
    const Result<Timestamp> at = parse_rfc3339(*last + "T00:00:00Z");
    if (last->size() != length || !at.ok()) return invalid("must be a day such as 2022-04-25", "last");
    asked.last = insights::day_of(*at, 0);
  }
  return asked;
}

void run_series(Session& session, const engine::Insights& insights) {
  const Result<engine::DaysAsked> asked = read_days(session.query());
  if (!asked.ok()) return session.fail(asked.error(), Problem::invalid_parameter);
  const bool of_subject = session.call() == Call::get_subject_series;
  answer_from_pool(session, [&insights, asked = *asked, id = session.id(), of_subject]() -> Result<std::string> {
    ZAN_ASSIGN(const engine::DaySeries series,
               of_subject ? insights.subject_series(id, asked) : insights.creator_series(id, asked));
    return render_series(series, of_subject ? "subject" : "creator", id);
  });
}

void run_works(Session& session, const engine::Insights& insights) {
  const auto parameters = Parameters::parse(session.query(), {"limit", "cursor", "order"});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const auto asked = read_page(*parameters, engagement::page_items_default, engagement::page_items_max);
  if (!asked.ok()) return session.fail(asked.error(), Problem::invalid_parameter);
  const std::string* order = parameters->find("order");
  const std::string name = order != nullptr ? *order : "newest";
  if (name != "newest" && name != "likes")
    return session.fail({Problem::invalid_parameter, "must be newest or likes", "order"});
  answer_from_pool(session, [&insights, id = session.id(), page = *asked, name]() -> Result<std::string> {
    const auto by = name == "newest" ? insights::WorkOrder::newest : insights::WorkOrder::likes;
    ZAN_ASSIGN(const engine::NamedWorks works, insights.works(id, by, page.limit, page.cursor));
    return render_works(works, id, name);
  });
}

void run_best_times(Session& session, const engine::Insights& insights) {
  const auto parameters = Parameters::parse(session.query(), {});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const bool of_subject = session.call() == Call::get_subject_times;
  answer_from_pool(session, [&insights, id = session.id(), of_subject]() -> Result<std::string> {
    ZAN_ASSIGN(const insights::BestTimes times, of_subject ? insights.subject_times(id) : insights.creator_times(id));
    return render_best_times(times, of_subject ? "subject" : "creator", id, insights.zone_us());
  });
}

}  // namespace

void run_insights(Session& session) {
  const engine::Insights* insights = insights_of(session);
  if (insights == nullptr) return;
  switch (session.call()) {
    case Call::get_creator_works:
      return run_works(session, *insights);
    case Call::get_subject_times:
    case Call::get_creator_times:
      return run_best_times(session, *insights);
    default:
      return run_series(session, *insights);
  }
}

}  // namespace zan::api
