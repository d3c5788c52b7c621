#include "api/roles.h"

#include <algorithm>
#include <array>

#include "api/feed_question.h"
#include "api/question.h"
#include "api/target.h"
#include "base/require.h"

namespace zan::api {
namespace {

using accounts::Role;
using accounts::SignedIn;

// Operators may all of it.
struct Row {
  Call call{};
  Reach auditor = Reach::none, creator = Reach::none, brand = Reach::none, viewer = Reach::none;
};

constexpr Reach no = Reach::none, any = Reach::any, own_user = Reach::own_user, own_creator = Reach::own_creator,
                own_subject = Reach::own_subject, own_body = Reach::own_body;

constexpr std::array<Row, call_count - 1> table{{
    //                             auditor  creator  brand  viewer
    {Call::post_events, no, no, no, Reach::own_acts},
    {Call::put_subject, no, no, no, no},
    {Call::get_subject, any, any, any, any},
    {Call::get_subject_counts, any, own_subject, any, any},
    {Call::get_subject_likers, any, no, no, no},
    {Call::put_user, no, no, no, no},
    {Call::get_user, any, no, no, own_user},
    {Call::delete_user, no, no, no, own_user},
    {Call::get_user_counts, any, no, no, own_user},
    {Call::get_user_likes, any, no, no, own_user},
    {Call::get_user_export, any, no, no, own_user},
    {Call::get_creator_counts, any, own_creator, any, any},
    {Call::hydrate, any, own_body, own_body, own_body},
    {Call::top, any, any, any, any},
    {Call::stream, any, no, no, no},
    {Call::get_receipt, any, no, no, Reach::own_receipt},
    {Call::get_subject_evidence, any, own_subject, any, no},
    {Call::get_creator_evidence, any, own_creator, any, no},
    {Call::get_subject_verdicts, any, own_subject, no, no},
    {Call::get_cases, any, no, no, no},
    {Call::get_case, any, no, no, no},
    {Call::get_case_graph, any, no, no, no},
    {Call::get_case_export, any, no, no, no},
    {Call::assign_case, no, no, no, no},
    {Call::decide_case, no, no, no, no},
    {Call::decide_cases, no, no, no, no},
    {Call::appeal, no, own_body, no, own_body},
    {Call::get_labels, any, no, no, no},
    {Call::get_staff_acts, any, no, no, no},
    {Call::integrity_report, any, no, no, no},
    {Call::public_report, any, any, any, any},
    {Call::report_page, any, any, any, any},
    {Call::get_rules, any, no, no, no},
    {Call::add_rules, no, no, no, no},
    {Call::get_ruleset, any, no, no, no},
    {Call::decide_ruleset, no, no, no, no},
    {Call::get_ruleset_shadow, any, no, no, no},
    {Call::get_tags, any, any, any, any},
    {Call::get_user_tags, any, no, no, own_user},
    {Call::count_segment, any, no, any, no},
    {Call::compose_segment, any, no, any, no},
    {Call::overlap_segments, any, no, any, no},
    {Call::why_in_segment, no, no, no, no},
    {Call::suggest_segment, any, no, any, no},
    {Call::get_subject_audience, any, own_subject, any, no},
    {Call::get_creator_audience, any, own_creator, any, no},
    {Call::get_subject_series, any, own_subject, no, no},
    {Call::get_creator_series, any, own_creator, no, no},
    {Call::get_creator_works, any, own_creator, no, no},
    {Call::get_subject_times, any, own_subject, any, no},
    {Call::get_creator_times, any, own_creator, no, no},
    {Call::add_segment, no, no, no, no},
    {Call::get_segments, any, no, no, no},
    {Call::get_segment, any, no, no, no},
    {Call::change_segment, no, no, no, no},
    {Call::decide_segment, no, no, no, no},
    {Call::compose_saved_segment, any, no, no, no},
    {Call::get_segment_members, any, no, no, no},
    {Call::get_segment_moves, any, no, no, no},
    {Call::stream_segment, any, no, no, no},
    {Call::get_lists, any, no, no, no},
    {Call::add_list, no, no, no, no},
    {Call::remove_list, no, no, no, no},
    {Call::get_tag_imports, any, no, no, no},
    {Call::import_tags, no, no, no, no},
    {Call::get_feed, Reach::looking, no, no, Reach::own_viewer},
    {Call::get_similar, any, own_subject, no, any},
    {Call::predict, any, no, no, no},
    {Call::match_subject, no, own_subject, no, no},
    {Call::get_interests, any, no, no, own_user},
    {Call::set_interest, no, no, no, own_user},
    {Call::post_impressions, no, no, no, own_body},
    {Call::get_feed_rules, any, no, no, no},
    {Call::add_feed_rule, no, no, no, no},
    {Call::end_feed_rule, no, no, no, no},
    {Call::get_feed_policy, any, no, no, no},
    {Call::set_feed_policy, no, no, no, no},
    {Call::get_feed_experiments, any, no, no, no},
    {Call::start_feed_experiment, no, no, no, no},
    {Call::end_feed_experiment, no, no, no, no},
    {Call::get_feed_models, any, no, no, no},
    {Call::learn_feed_model, no, no, no, no},
    {Call::serve_feed_model, no, no, no, no},
    {Call::get_log_day, any, any, any, any},
    {Call::get_log_file, any, any, any, any},
    {Call::verify_page, any, any, any, any},
    {Call::verify_file, any, any, any, any},
    {Call::status, any, no, no, no},
    {Call::backup, no, no, no, no},
    {Call::compact, no, no, no, no},
    {Call::live, any, any, any, any},
    {Call::ready, any, any, any, any},
    {Call::metrics, any, no, no, no},
    {Call::openapi, any, any, any, any},
    {Call::get_session, any, any, any, any},
    {Call::sign_in, any, any, any, any},
    {Call::sign_out, any, any, any, any},
    {Call::get_accounts, no, no, no, no},
    {Call::add_account, no, no, no, no},
    {Call::change_account, no, no, no, no},
    {Call::set_password, any, any, any, any},
    {Call::begin_totp, any, any, any, any},
    {Call::confirm_totp, any, any, any, any},
    {Call::end_totp, any, any, any, any},
    {Call::get_audit, any, no, no, no},
    {Call::start_attack, no, no, no, no},
    {Call::get_attack, any, no, no, no},
    {Call::root, any, any, any, any},
    {Call::console, any, any, any, any},
    {Call::console_file, any, any, any, any},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].call) != i) return false;
  return true;
}
static_assert(in_order(), "every call has its row, in the order of Call");

Failure not_yours(std::string what) {
  return {Problem::not_yours, std::move(what), {}};
}

// The parameter is given, once, and says so.
bool parameter_is(std::string_view query, std::string_view name, std::string_view wanted) {
  bool found = false;
  while (!query.empty()) {
    const std::size_t end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (percent_decoded(pair.substr(0, equals), true) != std::optional<std::string>(name)) continue;
    const std::string_view value = equals < pair.size() ? pair.substr(equals + 1) : std::string_view();
    if (found || percent_decoded(value, true) != std::optional<std::string>(wanted)) return false;
    found = true;
  }
  return found;
}

std::optional<Failure> check_hydrate(const SignedIn& who, std::string_view body, const engagement::Reads& reads) {
  const Result<Question> question = parse_question(body);
  if (!question.ok()) return std::nullopt;
  if (!question->viewer.empty() && (who.role != Role::viewer || question->viewer != who.user))
    return not_yours("what a viewer did is for that viewer");
  if (who.role != Role::creator) return std::nullopt;
  const auto& subjects = question->subjects;
  const auto own = [&](std::string_view subject) { return reads.made_by(subject, who.creator); };
  if (std::all_of(subjects.begin(), subjects.end(), own)) return std::nullopt;
  return not_yours("some of the subjects are other creators'");
}

std::optional<Failure> check_appeal(const SignedIn& who, std::string_view body, const engagement::Reads& reads) {
  const Result<CaseAppeal> appeal = parse_appeal(body);
  if (!appeal.ok()) return std::nullopt;
  const bool own = who.role == Role::creator
                       ? !appeal->subject.empty() && reads.made_by(appeal->subject, who.creator)
                       : !appeal->user.empty() && appeal->user == who.user;
  if (own) return std::nullopt;
  return not_yours(who.role == Role::creator ? "name one of your works as subject" : "name yourself as user");
}

std::optional<Failure> check_impressions(const SignedIn& who, std::string_view body) {
  const auto shown = parse_impressions(body);
  if (!shown.ok()) return std::nullopt;
  const bool own = std::all_of(shown->begin(), shown->end(), [&](const auto& one) { return one.viewer == who.user; });
  if (own) return std::nullopt;
  return not_yours("some of it was shown to somebody else");
}

}  // namespace

Reach reach_of(Call call, Role role) {
  require(call != Call::none, "a call that has a row");
  const Row& row = table.at(static_cast<std::size_t>(call));
  switch (role) {
    case Role::operator_:
      return Reach::any;
    case Role::auditor:
      return row.auditor;
    case Role::creator:
      return row.creator;
    case Role::brand:
      return row.brand;
    case Role::viewer:
      return row.viewer;
  }
  return Reach::none;
}

bool is_unsafe(Method method) {
  return method != Method::get && method != Method::head && method != Method::options;
}

bool only_asks(Call call) {
  constexpr std::array asks{Call::hydrate,         Call::count_segment, Call::compose_segment, Call::overlap_segments,
                            Call::suggest_segment, Call::predict,       Call::match_subject};
  return std::find(asks.begin(), asks.end(), call) != asks.end();
}

std::optional<Failure> check_reach(const SignedIn& who, Call call, const std::string& id, std::string_view query,
                                   const engagement::Reads& reads) {
  switch (reach_of(call, who.role)) {
    case Reach::none:
      return Failure{Problem::role, "this call is not for the role " + std::string(to_string(who.role)), {}};
    case Reach::any:
    case Reach::own_body:
    case Reach::own_acts:
      return std::nullopt;
    case Reach::own_user:
      if (!who.user.empty() && id == who.user) return std::nullopt;
      return not_yours("it is another person's");
    case Reach::own_creator:
      if (!who.creator.empty() && id == who.creator) return std::nullopt;
      return not_yours("it is another creator's");
    case Reach::own_subject:
      if (!who.creator.empty() && reads.made_by(id, who.creator)) return std::nullopt;
      return not_yours("it is another creator's work");
    case Reach::own_viewer:
      if (!who.user.empty() && parameter_is(query, "viewer", who.user)) return std::nullopt;
      return not_yours("say viewer=, and be it");
    case Reach::own_receipt:
      if (!who.user.empty() && parameter_is(query, "user", who.user)) return std::nullopt;
      return not_yours("say user=, and be it");
    case Reach::looking:
      if (parameter_is(query, "preview", "true")) return std::nullopt;
      return Failure{Problem::role, "this role changes nothing: say preview=true", "preview"};
  }
  return Failure{Problem::role, "this call is not for this role", {}};
}

std::optional<Failure> check_own_body(const SignedIn& who, Call call, std::string_view body,
                                      const engagement::Reads& reads) {
  if (reach_of(call, who.role) != Reach::own_body) return std::nullopt;
  if (call == Call::hydrate) return check_hydrate(who, body, reads);
  if (call == Call::appeal) return check_appeal(who, body, reads);
  if (call == Call::post_impressions) return check_impressions(who, body);
  return Failure{Problem::role, "this call is not for this role", {}};
}

std::optional<Failure> check_own_act(const SignedIn& who, const engagement::ActBatch& batch,
                                     const engagement::Act& act) {
  if (reach_of(Call::post_events, who.role) == Reach::any) return std::nullopt;
  if (who.user.empty() || batch.text(act.actor) != who.user)
    return Failure{Problem::not_yours, "the actor is somebody else", "/actor"};
  const bool of_creator = act.type == engagement::ActType::follow || act.type == engagement::ActType::unfollow ||
                          act.type == engagement::ActType::profile_visit;
  if (!act.creator || of_creator) return std::nullopt;
  return Failure{Problem::not_yours, "whose work it is, is not for a viewer to say", "/creator"};
}

}  // namespace zan::api
