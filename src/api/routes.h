// The table of calls: which method and path lead where, which scope they need, what body they take.
//
// openapi.json describes the same calls; a test compares the two.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "api/http_reader.h"
#include "api/keys.h"

namespace zan::api {

enum class Call : std::uint8_t {
  post_events,
  put_subject,
  get_subject,
  get_subject_counts,
  get_subject_likers,
  put_user,
  get_user,
  delete_user,
  get_user_counts,
  get_user_likes,
  get_user_export,
  get_creator_counts,
  hydrate,
  top,
  stream,
  get_receipt,
  get_subject_evidence,
  get_creator_evidence,
  get_subject_verdicts,
  get_cases,
  get_case,
  get_case_graph,
  get_case_export,
  assign_case,
  decide_case,
  decide_cases,
  appeal,
  get_labels,
  get_staff_acts,
  integrity_report,
  public_report,
  report_page,
  get_rules,
  add_rules,
  get_ruleset,
  decide_ruleset,
  get_ruleset_shadow,
  get_tags,
  get_user_tags,
  count_segment,
  compose_segment,
  overlap_segments,
  why_in_segment,
  suggest_segment,
  get_subject_audience,
  get_creator_audience,
  get_subject_series,
  get_creator_series,
  get_creator_works,
  get_subject_times,
  get_creator_times,
  add_segment,
  get_segments,
  get_segment,
  change_segment,
  decide_segment,
  compose_saved_segment,
  get_segment_members,
  get_segment_moves,
  stream_segment,
  get_lists,
  add_list,
  remove_list,
  get_tag_imports,
  import_tags,
  get_feed,
  get_similar,
  predict,
  match_subject,
  get_interests,
  set_interest,
  post_impressions,
  get_feed_rules,
  add_feed_rule,
  end_feed_rule,
  get_feed_policy,
  set_feed_policy,
  get_feed_experiments,
  start_feed_experiment,
  end_feed_experiment,
  get_feed_models,
  learn_feed_model,
  serve_feed_model,
  get_log_day,
  get_log_file,
  verify_page,
  verify_file,
  status,
  backup,
  compact,
  live,
  ready,
  metrics,
  openapi,
  get_session,
  sign_in,
  sign_out,
  get_accounts,
  add_account,
  change_account,
  set_password,
  begin_totp,
  confirm_totp,
  end_totp,
  get_audit,
  start_attack,
  get_attack,
  root,
  console,
  console_file,
  none,  // answered before a call was found
};
inline constexpr std::size_t call_count = static_cast<std::size_t>(Call::none) + 1;

enum class BodyKind : std::uint8_t {
  none,   // read and dropped
  small,  // held as a whole
  large,  // the same, up to Limits::body_bytes
  events,
};

struct Route {
  Method method;
  std::string_view pattern;  // "{id}" stands for one segment, "{path}" at the end for one or more
  Call call;
  Scope scope;
  BodyKind body;
};

std::span<const Route> routes();
const Route& route_of(Call call);       // REQUIRES: not none
std::string_view to_string(Call call);  // for metrics: "GET /v1/subjects/{id}"

struct Match {
  const Route* route = nullptr;  // null: no such path, or not with this method
  std::string_view id;           // still percent-encoded; views the path
  bool path_known = false;
};
// HEAD finds what GET does.
Match find_route(Method method, std::string_view path);

// A live stream or an export: how long its answer is nobody knows, so that it has no HEAD.
bool has_no_length(Call call);

// "GET, HEAD, OPTIONS": what the path knows.
std::string allowed_methods(std::string_view path);

}  // namespace zan::api
