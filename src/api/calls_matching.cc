// Calls about feeds: what to show whom and why, what is like what, what is assumed of a person, operators' rules.
#include "api/audience_calls.h"
#include "api/feed_json.h"
#include "api/feed_question.h"
#include "api/text.h"

namespace zan::api {
namespace {

engine::Matching* matching_of(Session& session) {
  engine::Matching* matching = session.server().engine.matching();
  if (matching == nullptr) session.fail({Problem::unavailable, "this server makes no feeds", {}});
  return matching;
}

// Records one change and waits until answers know of it.
Result<void> tell(engine::Engine& engine, engine::Matching& matching, Bytes record) {
  ZAN_ASSIGN(const Position position, commit(engine, {engine::ChangeMatching{{std::move(record)}}}));
  return matching.await(position);
}

void run_feed(Session& session, engine::Matching& matching) {
  Result<engine::FeedRequest> request = read_feed_request(session.query());
  if (!request.ok()) return session.fail(request.error(), Problem::invalid_parameter);
  answer_from_pool(session, [&matching, request = std::move(*request)]() -> Result<std::string> {
    ZAN_ASSIGN(const engine::NamedFeed feed, matching.feed(request));
    return render_feed(feed, request.viewer);
  });
}

void run_similar(Session& session, engine::Matching& matching) {
  const auto parameters = Parameters::parse(session.query(), {"limit"});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const auto limit = read_limit(*parameters, similar_items, matching::feed_limit_max);
  if (!limit.ok()) return session.fail(limit.error(), Problem::invalid_parameter);
  answer_from_pool(session, [&matching, id = session.id(), limit = *limit]() -> Result<std::string> {
    ZAN_ASSIGN(const auto similar, matching.similar(id, limit));
    return render_similar(id, similar);
  });
}

void run_predict(Session& session, engine::Matching& matching, std::string_view body) {
  if (!without_query(session)) return;
  Result<PredictQuestion> asked = parse_predict(body);
  if (!asked.ok()) return session.fail(asked.error(), Problem::invalid_body);
  answer_about_body(session, [&matching, asked = std::move(*asked)]() -> Result<std::string> {
    ZAN_ASSIGN(const auto foretold, matching.predict(asked.viewer, asked.subjects, asked.surface));
    return render_foretold(asked.viewer, foretold);
  });
}

void run_match(Session& session, engine::Matching& matching, std::string_view body) {
  if (!without_query(session)) return;
  const Result<std::size_t> limit = parse_match(body);
  if (!limit.ok()) return session.fail(limit.error(), Problem::invalid_body);
  // Who people are is for those who may know members; a creator learns of a work of theirs only how likely it is liked.
  const bool named = session.may(Scope::members);
  answer_about_body(session, [&matching, id = session.id(), limit = *limit, named]() -> Result<std::string> {
    ZAN_ASSIGN(const auto people, matching.match(id, limit));
    return render_match(id, people, named);
  });
}

void run_interests(Session& session, engine::Matching& matching) {
  if (!without_query(session)) return;
  answer_from_pool(session, [&matching, id = session.id()]() -> Result<std::string> {
    ZAN_ASSIGN(const engine::Assumed assumed, matching.assumed_of(id));
    return render_assumed(id, assumed);
  });
}

void run_wish(Session& session, engine::Matching& matching, std::string_view body) {
  if (!without_query(session)) return;
  Result<engine::NamedWish> wish = parse_wish(body);
  if (!wish.ok()) return session.fail(wish.error(), Problem::invalid_body);
  answer_about_body(session, [&engine = session.server().engine, &matching, id = session.id(),
                              wish = std::move(*wish)]() -> Result<std::string> {
    ZAN_ASSIGN(Bytes record, matching.record_of(id, wish));
    ZAN_TRY(tell(engine, matching, std::move(record)));
    ZAN_ASSIGN(const engine::Assumed assumed, matching.assumed_of(id));
    return render_assumed(id, assumed);
  });
}

// Who is not known, and what, was shown to nobody here and is passed over, but counted.
Result<std::string> take_impressions(engine::Engine& engine, engine::Matching& matching, std::string_view body) {
  ZAN_ASSIGN(const std::vector<engine::NamedShown> all, parse_impressions(body));
  engine::ChangeMatching taken;
  for (const engine::NamedShown& shown : all) {
    Result<Bytes> record = matching.record_of(shown);
    if (!record.ok() && record.error().kind == ErrorKind::not_found) continue;
    if (!record.ok()) return record.error();
    taken.records.push_back(std::move(*record));
  }
  const std::size_t known = taken.records.size();
  if (known > 0) ZAN_TRY(commit(engine, {std::move(taken)}));
  return "{\"taken\":" + std::to_string(known) + ",\"unknown\":" + std::to_string(all.size() - known) + "}";
}

void run_impressions(Session& session, engine::Matching& matching, std::string_view body) {
  if (!without_query(session)) return;
  auto held = std::make_shared<std::string>(body);
  held->append(engagement::Parser::padding_bytes, '\0');
  answer_about_body(session, [&engine = session.server().engine, &matching, held]() {
    const auto text = std::string_view(*held).substr(0, held->size() - engagement::Parser::padding_bytes);
    return take_impressions(engine, matching, text);
  });
}

void run_rules_list(Session& session, engine::Matching& matching) {
  if (!without_query(session)) return;
  answer_from_pool(session, [&matching]() -> Result<std::string> {
    ZAN_ASSIGN(const auto rules, matching.rules());
    return render_feed_rules(rules);
  });
}

void run_add_rule(Session& session, engine::Matching& matching, std::string_view body) {
  if (!without_query(session)) return;
  Result<engine::NamedRule> rule = parse_feed_rule(body);
  if (!rule.ok()) return session.fail(rule.error(), Problem::invalid_body);
  rule->rule.who = changed_by(session);
  answer_about_body(session, [&engine = session.server().engine, &matching,
                              rule = std::move(*rule)]() mutable -> Result<std::string> {
    ZAN_ASSIGN(Bytes record, matching.record_of(rule));
    ZAN_TRY(tell(engine, matching, std::move(record)));
    return "{\"id\":\"" + rule_id(rule.rule.id) + "\"}";
  });
}

void run_end_rule(Session& session, engine::Matching& matching, std::string_view body) {
  if (!without_query(session)) return;
  Result<std::string> why = parse_why(body);
  if (!why.ok()) return session.fail(why.error(), Problem::invalid_body);
  const auto id = audience::segment_id_of(session.id());
  if (!id) return session.fail({Problem::invalid_parameter, "a rule's id has 16 hex digits", "id"});
  const matching::RuleEnded ended{id->value, changed_by(session), std::move(*why)};
  answer_about_body(session, [&engine = session.server().engine, &matching, ended]() -> Result<std::string> {
    ZAN_ASSIGN(Bytes record, matching.record_of(ended));
    ZAN_TRY(tell(engine, matching, std::move(record)));
    ZAN_ASSIGN(const auto rules, matching.rules());
    return render_feed_rules(rules);
  });
}

void run_policy(Session& session, engine::Matching& matching) {
  if (!without_query(session)) return;
  answer_from_pool(session, [&matching]() -> Result<std::string> { return render_policy(matching.policy()); });
}

void run_set_policy(Session& session, engine::Matching& matching, std::string_view body) {
  if (!without_query(session)) return;
  Result<matching::PolicySet> set = parse_policy(body, matching.policy());
  if (!set.ok()) return session.fail(set.error(), Problem::invalid_body);
  set->who = changed_by(session);
  answer_about_body(session, [&engine = session.server().engine, &matching,
                              set = std::move(*set)]() -> Result<std::string> {
    ZAN_ASSIGN(Bytes record, matching.record_of(set));
    ZAN_TRY(tell(engine, matching, std::move(record)));
    return render_policy(matching.policy());
  });
}

void run_experiments(Session& session, engine::Matching& matching) {
  if (!without_query(session)) return;
  answer_from_pool(session, [&matching]() -> Result<std::string> {
    ZAN_ASSIGN(const auto experiments, matching.experiments());
    return render_experiments(experiments);
  });
}

void run_start_experiment(Session& session, engine::Matching& matching, std::string_view body) {
  if (!without_query(session)) return;
  Result<matching::ExperimentStarted> started = parse_experiment(body, matching.policy());
  if (!started.ok()) return session.fail(started.error(), Problem::invalid_body);
  started->who = changed_by(session);
  answer_about_body(session, [&engine = session.server().engine, &matching,
                              started = std::move(*started)]() mutable -> Result<std::string> {
    ZAN_ASSIGN(Bytes record, matching.record_of(started));
    ZAN_TRY(tell(engine, matching, std::move(record)));
    return "{\"id\":\"" + rule_id(started.id) + "\"}";
  });
}

void run_end_experiment(Session& session, engine::Matching& matching, std::string_view body) {
  if (!without_query(session)) return;
  Result<std::string> why = parse_why(body);
  if (!why.ok()) return session.fail(why.error(), Problem::invalid_body);
  const auto id = audience::segment_id_of(session.id());
  if (!id) return session.fail({Problem::invalid_parameter, "an experiment's id has 16 hex digits", "id"});
  const matching::ExperimentEnded ended{id->value, changed_by(session), std::move(*why)};
  answer_about_body(session, [&engine = session.server().engine, &matching, ended]() -> Result<std::string> {
    ZAN_ASSIGN(Bytes record, matching.record_of(ended));
    ZAN_TRY(tell(engine, matching, std::move(record)));
    ZAN_ASSIGN(const auto experiments, matching.experiments());
    return render_experiments(experiments);
  });
}

void run_models(Session& session, engine::Matching& matching) {
  if (!without_query(session)) return;
  if (session.call() == Call::learn_feed_model) matching.ask_for_training();
  answer_from_pool(session, [&matching]() -> Result<std::string> { return render_feed_models(matching.models()); });
}

void run_serve_model(Session& session, engine::Matching& matching) {
  if (!without_query(session)) return;
  const auto version = parse_number(session.id());
  if (!version || *version > ~std::uint32_t{0})
    return session.fail({Problem::invalid_parameter, "a model's version is a number", "id"});
  answer_from_pool(session, [&matching, version = static_cast<std::uint32_t>(*version),
                             by = changed_by(session)]() -> Result<std::string> {
    ZAN_TRY(matching.serve(version, by));
    return render_feed_models(matching.models());
  });
}

}  // namespace

void run_matching(Session& session, std::string_view body) {
  engine::Matching* const matching = matching_of(session);
  if (matching == nullptr) return;
  switch (session.call()) {
    case Call::get_feed:
      return run_feed(session, *matching);
    case Call::get_similar:
      return run_similar(session, *matching);
    case Call::predict:
      return run_predict(session, *matching, body);
    case Call::match_subject:
      return run_match(session, *matching, body);
    case Call::get_interests:
      return run_interests(session, *matching);
    case Call::set_interest:
      return run_wish(session, *matching, body);
    case Call::post_impressions:
      return run_impressions(session, *matching, body);
    case Call::get_feed_rules:
      return run_rules_list(session, *matching);
    case Call::add_feed_rule:
      return run_add_rule(session, *matching, body);
    case Call::end_feed_rule:
      return run_end_rule(session, *matching, body);
    case Call::get_feed_policy:
      return run_policy(session, *matching);
    case Call::set_feed_policy:
      return run_set_policy(session, *matching, body);
    case Call::get_feed_experiments:
      return run_experiments(session, *matching);
    case Call::start_feed_experiment:
      return run_start_experiment(session, *matching, body);
    case Call::end_feed_experiment:
      return run_end_experiment(session, *matching, body);
    case Call::serve_feed_model:
      return run_serve_model(session, *matching);
    default:
      return run_models(session, *matching);
  }
}

}  // namespace zan::api
