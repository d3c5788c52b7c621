// Calls about the audience: the tags there are, how many a segment means, who they are, where segments overlap, why somebody is in one.
#include "api/audience_calls.h"
#include "api/audience_json.h"
#include "api/audience_question.h"
#include "api/segment_json.h"
#include "api/segment_question.h"
#include "api/target.h"
#include "api/text.h"

namespace zan::api {
namespace {

// What a body asks, and under whose name. Nothing: it is none, which is answered.
struct Asked {
  AudienceQuestion told;
  audience::Question question;
};
std::optional<Asked> read_body(Session& session, engine::Audience& audience, std::string_view body,
                               AudienceShape shape) {
  Result<AudienceQuestion> told = parse_audience_question(body, audience.catalogue(), shape);
  if (!told.ok()) {
    session.fail(told.error(), Problem::invalid_body);
    return std::nullopt;
  }
  const Timestamp now = told->as_of.us != 0 ? told->as_of : audience.moment();
  const audience::Question question = question_of(session, told->purpose, now);
  return Asked{std::move(told).value(), question};
}

}  // namespace

engine::Audience* audience_of(Session& session) {
  engine::Audience* audience = session.server().engine.audience();
  if (audience == nullptr) session.fail({Problem::unavailable, "this server knows no audience", {}});
  return audience;
}

audience::Question question_of(const Session& session, std::uint32_t purpose, Timestamp now) {
  audience::Question question;
  question.asker = {session.caller_name(), session.may(Scope::members)};
  question.purpose = purpose;
  question.now = now;
  return question;
}

AudienceAsked asked_of(const engine::Audience& audience, const audience::Question& question,
                       const audience::Node* segment) {
  AudienceAsked asked;
  if (segment != nullptr) asked.expression = to_text(canonical(*segment));
  asked.purpose = audience.catalogue().purposes()[question.purpose].name;
  asked.as_of = question.now;
  return asked;
}

std::optional<RowsQuestion> RowsQuestion::read(Session& session, const engine::Audience& audience,
                                               std::vector<std::string_view> more) {
  more.insert(more.end(), {"limit", "purpose"});
  auto parameters = Parameters::parse(session.query(), more);
  Result<std::size_t> limit = parameters.ok() ? read_limit(*parameters, composition_rows, composition_rows_max)
                                              : Result<std::size_t>(parameters.error());
  Result<std::uint32_t> purpose = std::uint32_t{0};
  if (limit.ok())
    if (const std::string* name = parameters->find("purpose"))
      purpose = find_purpose(audience.catalogue(), *name, "purpose");
  if (!limit.ok()) session.fail(limit.error(), Problem::invalid_parameter);
  if (limit.ok() && !purpose.ok()) session.fail(purpose.error(), Problem::invalid_parameter);
  if (!limit.ok() || !purpose.ok()) return std::nullopt;
  return RowsQuestion{std::move(*parameters), *limit, *purpose};
}

bool without_query(Session& session) {
  const auto parameters = Parameters::parse(session.query(), {});
  if (!parameters.ok()) session.fail(parameters.error(), Problem::invalid_parameter);
  return parameters.ok();
}

void answer_about_body(Session& session, std::function<Result<std::string>()> work) {
  answer_from_pool(
      session,
      [work = std::move(work)]() -> Result<PoolAnswer> {
        ZAN_ASSIGN(std::string json, work());
        return PoolAnswer{.body = std::move(json)};
      },
      Problem::invalid_body);
}

namespace {

void run_count(Session& session, engine::Audience& audience, std::string_view body) {
  if (!without_query(session)) return;
  const auto asked = read_body(session, audience, body, AudienceShape::one);
  if (!asked) return;
  answer_about_body(session, [&audience, asked = *asked]() -> Result<std::string> {
    const audience::Node& segment = asked.told.segments.front();
    ZAN_ASSIGN(const audience::SizeAnswer size, audience.count(segment, asked.question));
    return render_size(size, asked_of(audience, asked.question, &segment));
  });
}

void run_composition(Session& session, engine::Audience& audience, std::string_view body) {
  const auto rows = RowsQuestion::read(session, audience, {});
  if (!rows) return;
  const auto asked = read_body(session, audience, body, AudienceShape::one);
  if (!asked) return;
  answer_about_body(session, [&audience, asked = *asked, rows = rows->limit]() -> Result<std::string> {
    const audience::Node& segment = asked.told.segments.front();
    ZAN_ASSIGN(const audience::Composition composition, audience.composition(segment, asked.question));
    return render_composition(audience.catalogue(), composition, asked_of(audience, asked.question, &segment), rows);
  });
}

void run_overlap(Session& session, engine::Audience& audience, std::string_view body) {
  if (!without_query(session)) return;
  const auto asked = read_body(session, audience, body, AudienceShape::many);
  if (!asked) return;
  answer_about_body(session, [&audience, asked = *asked]() -> Result<std::string> {
    ZAN_ASSIGN(const audience::Overlap overlap, audience.overlap(asked.told.segments, asked.question));
    std::vector<std::string> expressions;
    for (const audience::Node& segment : asked.told.segments) expressions.push_back(to_text(canonical(segment)));
    return render_overlap(overlap, expressions, asked_of(audience, asked.question, nullptr));
  });
}

void run_why(Session& session, engine::Audience& audience, std::string_view body) {
  if (!without_query(session)) return;
  const auto asked = read_body(session, audience, body, AudienceShape::one_and_user);
  if (!asked) return;
  answer_about_body(session, [&audience, asked = *asked]() -> Result<std::string> {
    const audience::Node& segment = asked.told.segments.front();
    ZAN_ASSIGN(const audience::Why why, audience.why(segment, asked.told.user, asked.question));
    return render_why(why, asked.told.user, asked_of(audience, asked.question, &segment));
  });
}

void run_suggest(Session& session, engine::Audience& audience, std::string_view body) {
  if (!without_query(session)) return;
  Result<SuggestQuestion> told = parse_suggest_question(body, audience.catalogue());
  if (!told.ok()) return session.fail(told.error(), Problem::invalid_body);
  const audience::Question question = question_of(session, told->purpose, audience.moment());
  answer_about_body(session, [&audience, video = std::move(told->video), question]() -> Result<std::string> {
    ZAN_ASSIGN(const audience::Suggestion suggestion, audience.suggest(video, question));
    return render_suggestion(suggestion, audience.catalogue().purposes()[question.purpose].name);
  });
}

void run_portrait(Session& session, engine::Audience& audience) {
  const auto asked = RowsQuestion::read(session, audience, {"of", "days"});
  if (!asked) return;
  engine::PortraitQuestion portrait;
  (session.call() == Call::get_creator_audience ? portrait.creator : portrait.subject) = session.id();
  if (const std::string* of = asked->parameters.find("of")) {
    const auto roles = parse_roles(*of, "of");
    if (!roles.ok()) return session.fail(roles.error(), Problem::invalid_parameter);
    portrait.roles = *roles;
  }
  if (const std::string* days = asked->parameters.find("days")) {
    const auto number = parse_number(*days);
    if (!number || *number == 0 || *number > audience::event_days_kept)
      return session.fail({Problem::invalid_parameter,
                           "must be a number from 1 to " + std::to_string(audience::event_days_kept), "days"});
    portrait.days = static_cast<std::uint32_t>(*number);
  }
  const audience::Question question = question_of(session, asked->purpose, audience.moment());
  answer_from_pool(session, [&audience, portrait, question, rows = asked->limit]() -> Result<std::string> {
    ZAN_ASSIGN(const audience::Composition composition, audience.portrait(portrait, question));
    return render_composition(audience.catalogue(), composition, asked_of(audience, question, nullptr), rows);
  });
}

void run_tags(Session& session, engine::Audience& audience) {
  if (!without_query(session)) return;
  answer_from_pool(session, [&audience]() -> Result<std::string> { return render_tags(audience.catalogue()); });
}

void run_person_tags(Session& session, engine::Audience& audience) {
  if (!without_query(session)) return;
  answer_from_pool(session, [&audience, user = session.id()]() -> Result<std::string> {
    ZAN_ASSIGN(const auto tags, audience.tags_of(user));
    return render_person_tags(audience.catalogue(), user, tags);
  });
}

}  // namespace

void run_audience(Session& session, std::string_view body) {
  engine::Audience* const audience = audience_of(session);
  if (audience == nullptr) return;
  switch (session.call()) {
    case Call::count_segment:
      return run_count(session, *audience, body);
    case Call::compose_segment:
      return run_composition(session, *audience, body);
    case Call::overlap_segments:
      return run_overlap(session, *audience, body);
    case Call::why_in_segment:
      return run_why(session, *audience, body);
    case Call::suggest_segment:
      return run_suggest(session, *audience, body);
    case Call::get_subject_audience:
    case Call::get_creator_audience:
      return run_portrait(session, *audience);
    case Call::get_user_tags:
      return run_person_tags(session, *audience);
    default:
      return run_tags(session, *audience);
  }
}

}  // namespace zan::api
