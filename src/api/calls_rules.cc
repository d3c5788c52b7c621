// Calls about the rules: versions, what is in service and in the shadow, and how the shadow does.
#include "api/calls.h"
#include "api/question.h"
#include "api/rules_json.h"
#include "api/target.h"
#include "api/text.h"

namespace zan::api {
namespace {

using integrity::rules::RulesetId;

// Null: there are none, or the call got parameters, which is answered.
const engine::Rules* rules_of(Session& session) {
  const engine::Rules* rules = session.server().engine.rules();
  if (rules == nullptr) {
    session.fail({Problem::unavailable, "this server has no rules", {}});
    return nullptr;
  }
  const auto parameters = Parameters::parse(session.query(), {});
  if (!parameters.ok()) session.fail(parameters.error(), Problem::invalid_parameter);
  return parameters.ok() ? rules : nullptr;
}

// Nothing: the path names no version, which is answered.
std::optional<RulesetId> version_of_path(Session& session) {
  const auto id = integrity::rules::parse_ruleset_id(session.id());
  if (!id.ok()) session.fail({Problem::invalid_parameter, "a version's id has 32 hex digits", "id"});
  return id.ok() ? std::optional(*id) : std::nullopt;
}

void run_overview(Session& session, const engine::Rules& rules) {
  answer_from_pool(session, [&rules]() -> Result<std::string> { return render_rules(rules.overview()); });
}

void run_add(Session& session, const engine::Rules& rules, std::string_view body) {
  Result<NewRules> told = parse_new_rules(body);
  if (!told.ok()) return session.fail(told.error(), Problem::invalid_body);
  answer_from_pool(
      session,
      [&engine = session.server().engine, &rules, told = std::move(told).value(),
       by = changed_by(session)]() -> Result<PoolAnswer> {
        ZAN_ASSIGN(engine::RuleProposal proposal, rules.propose(told.text, by, told.why));
        std::optional<Position> position;
        if (!proposal.record.empty()) {
          ZAN_ASSIGN(position, commit(engine, {engine::ChangeRules{std::move(proposal.record)}}));
        }
        return PoolAnswer{.body = render_added(proposal, position)};
      },
      Problem::invalid_body);
}

void run_ruleset(Session& session, const engine::Rules& rules) {
  const auto id = version_of_path(session);
  if (!id) return;
  const bool shadow = session.call() == Call::get_ruleset_shadow;
  answer_from_pool(session, [&rules, id = *id, shadow]() -> Result<std::string> {
    if (shadow) {
      ZAN_ASSIGN(const engine::ShadowReport report, rules.shadow(id));
      return render_shadow(report);
    }
    ZAN_ASSIGN(const engine::RuleText ruleset, rules.one(id));
    return render_ruleset(ruleset);
  });
}

void run_decision(Session& session, const engine::Rules& rules, std::string_view body) {
  const auto id = version_of_path(session);
  if (!id) return;
  Result<RulesDecision> told = parse_rules_decision(body);
  if (!told.ok()) return session.fail(told.error(), Problem::invalid_body);
  answer_from_pool(
      session,
      [&engine = session.server().engine, &rules, id = *id, told = std::move(told).value(),
       by = changed_by(session)]() -> Result<PoolAnswer> {
        ZAN_ASSIGN(Bytes record, rules.record_of(told.kind, id, by, told.why));
        std::string out = "{\"decision\":\"";
        out += to_string(told.kind);
        out += "\",\"id\":\"" + integrity::rules::to_text(id) + '"';
        if (!record.empty()) {
          ZAN_ASSIGN(const Position position, commit(engine, {engine::ChangeRules{std::move(record)}}));
          out += ",\"position\":\"";
          append_number(out, position.value);
          out += '"';
        }
        return PoolAnswer{.body = out += "}\n"};
      },
      Problem::invalid_body);
}

}  // namespace

void run_rules(Session& session, std::string_view body) {
  const engine::Rules* rules = rules_of(session);
  if (rules == nullptr) return;
  switch (session.call()) {
    case Call::get_rules:
      return run_overview(session, *rules);
    case Call::add_rules:
      return run_add(session, *rules, body);
    case Call::decide_ruleset:
      return run_decision(session, *rules, body);
    default:
      return run_ruleset(session, *rules);
  }
}

}  // namespace zan::api
