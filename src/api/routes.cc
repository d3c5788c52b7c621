#include "api/routes.h"

#include <array>
#include <string>

#include "base/require.h"

namespace zan::api {
namespace {

constexpr std::array<Route, call_count - 1> table{{
    {Method::post, "/v1/events", Call::post_events, Scope::ingest, BodyKind::events},
    {Method::put, "/v1/subjects/{id}", Call::put_subject, Scope::ingest, BodyKind::small},
    {Method::get, "/v1/subjects/{id}", Call::get_subject, Scope::read, BodyKind::none},
    {Method::get, "/v1/subjects/{id}/counts", Call::get_subject_counts, Scope::read, BodyKind::none},
    {Method::get, "/v1/subjects/{id}/likers", Call::get_subject_likers, Scope::read, BodyKind::none},
    {Method::put, "/v1/users/{id}", Call::put_user, Scope::ingest, BodyKind::small},
    {Method::get, "/v1/users/{id}", Call::get_user, Scope::read, BodyKind::none},
    {Method::del, "/v1/users/{id}", Call::delete_user, Scope::admin, BodyKind::none},
    {Method::get, "/v1/users/{id}/counts", Call::get_user_counts, Scope::read, BodyKind::none},
    {Method::get, "/v1/users/{id}/likes", Call::get_user_likes, Scope::read, BodyKind::none},
    {Method::get, "/v1/users/{id}/export", Call::get_user_export, Scope::admin, BodyKind::none},
    {Method::get, "/v1/creators/{id}/counts", Call::get_creator_counts, Scope::read, BodyKind::none},
    {Method::post, "/v1/hydrate", Call::hydrate, Scope::read, BodyKind::small},
    {Method::get, "/v1/top", Call::top, Scope::read, BodyKind::none},
    {Method::get, "/v1/stream", Call::stream, Scope::read, BodyKind::none},
    {Method::get, "/v1/receipts/{id}", Call::get_receipt, Scope::read, BodyKind::none},
    {Method::get, "/v1/subjects/{id}/evidence", Call::get_subject_evidence, Scope::read, BodyKind::none},
    {Method::get, "/v1/creators/{id}/evidence", Call::get_creator_evidence, Scope::read, BodyKind::none},
    {Method::get, "/v1/subjects/{id}/verdicts", Call::get_subject_verdicts, Scope::read, BodyKind::none},
    {Method::get, "/v1/cases", Call::get_cases, Scope::integrity, BodyKind::none},
    {Method::get, "/v1/cases/{id}", Call::get_case, Scope::integrity, BodyKind::none},
    {Method::get, "/v1/cases/{id}/graph", Call::get_case_graph, Scope::integrity, BodyKind::none},
    {Method::get, "/v1/cases/{id}/export", Call::get_case_export, Scope::integrity, BodyKind::none},
    {Method::put, "/v1/cases/{id}/assignee", Call::assign_case, Scope::integrity, BodyKind::small},
    {Method::post, "/v1/cases/{id}/decision", Call::decide_case, Scope::integrity, BodyKind::small},
    {Method::post, "/v1/cases/decisions", Call::decide_cases, Scope::integrity, BodyKind::small},
    {Method::post, "/v1/appeals", Call::appeal, Scope::ingest, BodyKind::small},
    {Method::get, "/v1/integrity/labels", Call::get_labels, Scope::integrity, BodyKind::none},
    {Method::get, "/v1/integrity/acts", Call::get_staff_acts, Scope::integrity, BodyKind::none},
    {Method::get, "/v1/integrity/report", Call::integrity_report, Scope::integrity, BodyKind::none},
    {Method::get, "/v1/public/report", Call::public_report, Scope::open, BodyKind::none},
    {Method::get, "/report", Call::report_page, Scope::open, BodyKind::none},
    {Method::get, "/v1/integrity/rules", Call::get_rules, Scope::integrity, BodyKind::none},
    {Method::post, "/v1/integrity/rules", Call::add_rules, Scope::integrity, BodyKind::small},
    {Method::get, "/v1/integrity/rules/{id}", Call::get_ruleset, Scope::integrity, BodyKind::none},
    {Method::post, "/v1/integrity/rules/{id}/decision", Call::decide_ruleset, Scope::integrity, BodyKind::small},
    {Method::get, "/v1/integrity/rules/{id}/shadow", Call::get_ruleset_shadow, Scope::integrity, BodyKind::none},
    {Method::get, "/v1/tags", Call::get_tags, Scope::read, BodyKind::none},
    {Method::get, "/v1/users/{id}/tags", Call::get_user_tags, Scope::admin, BodyKind::none},
    {Method::post, "/v1/segments/count", Call::count_segment, Scope::audience, BodyKind::small},
    {Method::post, "/v1/segments/composition", Call::compose_segment, Scope::audience, BodyKind::small},
    {Method::post, "/v1/segments/overlap", Call::overlap_segments, Scope::audience, BodyKind::small},
    {Method::post, "/v1/segments/why", Call::why_in_segment, Scope::members, BodyKind::small},
    {Method::post, "/v1/segments/suggest", Call::suggest_segment, Scope::audience, BodyKind::small},
    {Method::get, "/v1/subjects/{id}/audience", Call::get_subject_audience, Scope::audience, BodyKind::none},
    {Method::get, "/v1/creators/{id}/audience", Call::get_creator_audience, Scope::audience, BodyKind::none},
    {Method::get, "/v1/subjects/{id}/series", Call::get_subject_series, Scope::read, BodyKind::none},
    {Method::get, "/v1/creators/{id}/series", Call::get_creator_series, Scope::read, BodyKind::none},
    {Method::get, "/v1/creators/{id}/works", Call::get_creator_works, Scope::read, BodyKind::none},
    {Method::get, "/v1/subjects/{id}/best_times", Call::get_subject_times, Scope::audience, BodyKind::none},
    {Method::get, "/v1/creators/{id}/best_times", Call::get_creator_times, Scope::audience, BodyKind::none},
    {Method::post, "/v1/segments", Call::add_segment, Scope::audience, BodyKind::small},
    {Method::get, "/v1/segments", Call::get_segments, Scope::audience, BodyKind::none},
    {Method::get, "/v1/segments/{id}", Call::get_segment, Scope::audience, BodyKind::none},
    {Method::put, "/v1/segments/{id}", Call::change_segment, Scope::audience, BodyKind::small},
    {Method::post, "/v1/segments/{id}/state", Call::decide_segment, Scope::audience, BodyKind::small},
    {Method::get, "/v1/segments/{id}/composition", Call::compose_saved_segment, Scope::audience, BodyKind::none},
    {Method::get, "/v1/segments/{id}/members", Call::get_segment_members, Scope::members, BodyKind::none},
    {Method::get, "/v1/segments/{id}/moves", Call::get_segment_moves, Scope::members, BodyKind::none},
    {Method::get, "/v1/segments/{id}/stream", Call::stream_segment, Scope::members, BodyKind::none},
    {Method::get, "/v1/lists", Call::get_lists, Scope::audience, BodyKind::none},
    {Method::post, "/v1/lists", Call::add_list, Scope::members, BodyKind::large},
    {Method::del, "/v1/lists/{id}", Call::remove_list, Scope::members, BodyKind::none},
    {Method::get, "/v1/tags/imports", Call::get_tag_imports, Scope::audience, BodyKind::none},
    {Method::post, "/v1/tags/imports", Call::import_tags, Scope::members, BodyKind::large},
    {Method::get, "/v1/feed", Call::get_feed, Scope::read, BodyKind::none},
    {Method::get, "/v1/similar/{id}", Call::get_similar, Scope::read, BodyKind::none},
    {Method::post, "/v1/predict", Call::predict, Scope::read, BodyKind::small},
    {Method::post, "/v1/subjects/{id}/match", Call::match_subject, Scope::members, BodyKind::small},
    {Method::get, "/v1/users/{id}/interests", Call::get_interests, Scope::read, BodyKind::none},
    {Method::put, "/v1/users/{id}/interests", Call::set_interest, Scope::ingest, BodyKind::small},
    {Method::post, "/v1/impressions", Call::post_impressions, Scope::ingest, BodyKind::large},
    {Method::get, "/v1/feed/rules", Call::get_feed_rules, Scope::admin, BodyKind::none},
    {Method::post, "/v1/feed/rules", Call::add_feed_rule, Scope::admin, BodyKind::small},
    {Method::post, "/v1/feed/rules/{id}/end", Call::end_feed_rule, Scope::admin, BodyKind::small},
    {Method::get, "/v1/feed/policy", Call::get_feed_policy, Scope::read, BodyKind::none},
    {Method::put, "/v1/feed/policy", Call::set_feed_policy, Scope::admin, BodyKind::small},
    {Method::get, "/v1/feed/experiments", Call::get_feed_experiments, Scope::admin, BodyKind::none},
    {Method::post, "/v1/feed/experiments", Call::start_feed_experiment, Scope::admin, BodyKind::small},
    {Method::post, "/v1/feed/experiments/{id}/end", Call::end_feed_experiment, Scope::admin, BodyKind::small},
    {Method::get, "/v1/feed/models", Call::get_feed_models, Scope::admin, BodyKind::none},
    {Method::post, "/v1/feed/models", Call::learn_feed_model, Scope::admin, BodyKind::none},
    {Method::post, "/v1/feed/models/{id}/serve", Call::serve_feed_model, Scope::admin, BodyKind::none},
    {Method::get, "/v1/log/days/{id}", Call::get_log_day, Scope::read, BodyKind::none},
    {Method::get, "/log/{path}", Call::get_log_file, Scope::open, BodyKind::none},
    {Method::get, "/verify", Call::verify_page, Scope::open, BodyKind::none},
    {Method::get, "/verify/{path}", Call::verify_file, Scope::open, BodyKind::none},
    {Method::get, "/v1/status", Call::status, Scope::read, BodyKind::none},
    {Method::post, "/v1/admin/backup", Call::backup, Scope::admin, BodyKind::small},
    {Method::post, "/v1/admin/compact", Call::compact, Scope::admin, BodyKind::none},
    {Method::get, "/health/live", Call::live, Scope::open, BodyKind::none},
    {Method::get, "/health/ready", Call::ready, Scope::open, BodyKind::none},
    {Method::get, "/metrics", Call::metrics, Scope::read, BodyKind::none},
    {Method::get, "/openapi.json", Call::openapi, Scope::open, BodyKind::none},
    {Method::get, "/v1/session", Call::get_session, Scope::open, BodyKind::none},
    {Method::post, "/v1/session", Call::sign_in, Scope::open, BodyKind::small},
    {Method::del, "/v1/session", Call::sign_out, Scope::open, BodyKind::none},
    {Method::get, "/v1/accounts", Call::get_accounts, Scope::account, BodyKind::none},
    {Method::post, "/v1/accounts", Call::add_account, Scope::account, BodyKind::small},
    {Method::put, "/v1/accounts/{id}", Call::change_account, Scope::account, BodyKind::small},
    {Method::put, "/v1/account/password", Call::set_password, Scope::account, BodyKind::small},
    {Method::post, "/v1/account/totp", Call::begin_totp, Scope::account, BodyKind::none},
    {Method::put, "/v1/account/totp", Call::confirm_totp, Scope::account, BodyKind::small},
    {Method::del, "/v1/account/totp", Call::end_totp, Scope::account, BodyKind::small},
    {Method::get, "/v1/audit", Call::get_audit, Scope::admin, BodyKind::none},
    {Method::post, "/v1/demo/attack", Call::start_attack, Scope::account, BodyKind::small},
    {Method::get, "/v1/demo/attack", Call::get_attack, Scope::account, BodyKind::none},
    {Method::get, "/", Call::root, Scope::open, BodyKind::none},
    {Method::get, "/console/", Call::console, Scope::open, BodyKind::none},
    {Method::get, "/console/{path}", Call::console_file, Scope::open, BodyKind::none},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].call) != i) return false;
  return true;
}
static_assert(in_order());

constexpr std::string_view id_mark = "{id}";
constexpr std::string_view path_mark = "{path}";

// A pattern's two halves, found once.
struct Halves {
  std::string_view before, after;
  bool has_id = false;
  bool has_path = false;
};

constexpr std::array<Halves, table.size()> all_halves = [] {
  std::array<Halves, table.size()> halves;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const std::size_t mark = table[i].pattern.find('{');
    halves[i].has_path = table[i].pattern.ends_with(path_mark);
    halves[i].has_id = mark != std::string_view::npos && !halves[i].has_path;
    halves[i].before = table[i].pattern.substr(0, mark);
    if (halves[i].has_id) halves[i].after = table[i].pattern.substr(mark + id_mark.size());
  }
  return halves;
}();

// The id is one whole segment, so it is what lies between the pattern's two halves and holds no slash.
bool matches(const Halves& halves, std::string_view path, std::string_view& id) {
  const auto& [before, after, has_id, has_path] = halves;
  if (has_path) {
    if (path.size() <= before.size() || !path.starts_with(before)) return false;
    id = path.substr(before.size());
    return true;
  }
  if (!has_id) return before == path;
  if (path.size() < before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after)) return false;
  id = path.substr(before.size(), path.size() - before.size() - after.size());
  return id.find('/') == std::string_view::npos;
}

constexpr std::array<std::string_view, call_count> names{
    "POST /v1/events",
    "PUT /v1/subjects/{id}",
    "GET /v1/subjects/{id}",
    "GET /v1/subjects/{id}/counts",
    "GET /v1/subjects/{id}/likers",
    "PUT /v1/users/{id}",
    "GET /v1/users/{id}",
    "DELETE /v1/users/{id}",
    "GET /v1/users/{id}/counts",
    "GET /v1/users/{id}/likes",
    "GET /v1/users/{id}/export",
    "GET /v1/creators/{id}/counts",
    "POST /v1/hydrate",
    "GET /v1/top",
    "GET /v1/stream",
    "GET /v1/receipts/{id}",
    "GET /v1/subjects/{id}/evidence",
    "GET /v1/creators/{id}/evidence",
    "GET /v1/subjects/{id}/verdicts",
    "GET /v1/cases",
    "GET /v1/cases/{id}",
    "GET /v1/cases/{id}/graph",
    "GET /v1/cases/{id}/export",
    "PUT /v1/cases/{id}/assignee",
    "POST /v1/cases/{id}/decision",
    "POST /v1/cases/decisions",
    "POST /v1/appeals",
    "GET /v1/integrity/labels",
    "GET /v1/integrity/acts",
    "GET /v1/integrity/report",
    "GET /v1/public/report",
    "GET /report",
    "GET /v1/integrity/rules",
    "POST /v1/integrity/rules",
    "GET /v1/integrity/rules/{id}",
    "POST /v1/integrity/rules/{id}/decision",
    "GET /v1/integrity/rules/{id}/shadow",
    "GET /v1/tags",
    "GET /v1/users/{id}/tags",
    "POST /v1/segments/count",
    "POST /v1/segments/composition",
    "POST /v1/segments/overlap",
    "POST /v1/segments/why",
    "POST /v1/segments/suggest",
    "GET /v1/subjects/{id}/audience",
    "GET /v1/creators/{id}/audience",
    "GET /v1/subjects/{id}/series",
    "GET /v1/creators/{id}/series",
    "GET /v1/creators/{id}/works",
    "GET /v1/subjects/{id}/best_times",
    "GET /v1/creators/{id}/best_times",
    "POST /v1/segments",
    "GET /v1/segments",
    "GET /v1/segments/{id}",
    "PUT /v1/segments/{id}",
    "POST /v1/segments/{id}/state",
    "GET /v1/segments/{id}/composition",
    "GET /v1/segments/{id}/members",
    "GET /v1/segments/{id}/moves",
    "GET /v1/segments/{id}/stream",
    "GET /v1/lists",
    "POST /v1/lists",
    "DELETE /v1/lists/{id}",
    "GET /v1/tags/imports",
    "POST /v1/tags/imports",
    "GET /v1/feed",
    "GET /v1/similar/{id}",
    "POST /v1/predict",
    "POST /v1/subjects/{id}/match",
    "GET /v1/users/{id}/interests",
    "PUT /v1/users/{id}/interests",
    "POST /v1/impressions",
    "GET /v1/feed/rules",
    "POST /v1/feed/rules",
    "POST /v1/feed/rules/{id}/end",
    "GET /v1/feed/policy",
    "PUT /v1/feed/policy",
    "GET /v1/feed/experiments",
    "POST /v1/feed/experiments",
    "POST /v1/feed/experiments/{id}/end",
    "GET /v1/feed/models",
    "POST /v1/feed/models",
    "POST /v1/feed/models/{id}/serve",
    "GET /v1/log/days/{id}",
    "GET /log/{path}",
    "GET /verify",
    "GET /verify/{path}",
    "GET /v1/status",
    "POST /v1/admin/backup",
    "POST /v1/admin/compact",
    "GET /health/live",
    "GET /health/ready",
    "GET /metrics",
    "GET /openapi.json",
    "GET /v1/session",
    "POST /v1/session",
    "DELETE /v1/session",
    "GET /v1/accounts",
    "POST /v1/accounts",
    "PUT /v1/accounts/{id}",
    "PUT /v1/account/password",
    "POST /v1/account/totp",
    "PUT /v1/account/totp",
    "DELETE /v1/account/totp",
    "GET /v1/audit",
    "POST /v1/demo/attack",
    "GET /v1/demo/attack",
    "GET /",
    "GET /console/",
    "GET /console/{path}",
    "other",
};

}  // namespace

std::span<const Route> routes() {
  return table;
}

const Route& route_of(Call call) {
  require(call != Call::none, "a call that has a route");
  return table.at(static_cast<std::size_t>(call));
}

std::string_view to_string(Call call) {
  return names.at(static_cast<std::size_t>(call));
}

Match find_route(Method method, std::string_view path) {
  Match match;
  if (method == Method::head) method = Method::get;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const Route& route = table[i];
    std::string_view id;
    if (!matches(all_halves[i], path, id)) continue;
    match.path_known = true;
    if (route.method != method) continue;
    match.route = &route;
    match.id = id;
    break;
  }
  return match;
}

bool has_no_length(Call call) {
  return call == Call::stream || call == Call::stream_segment || call == Call::get_user_export;
}

std::string allowed_methods(std::string_view path) {
  std::string allowed;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const Route& route = table[i];
    std::string_view id;
    if (!matches(all_halves[i], path, id)) continue;
    allowed += to_string(route.method);
    allowed += ", ";
    if (route.method == Method::get && !has_no_length(route.call)) allowed += "HEAD, ";
  }
  return allowed += "OPTIONS";
}

}  // namespace zan::api
