#include "api/audience_question.h"

#include "api/body_fields.h"

namespace zan::api {
namespace {

namespace dom = simdjson::dom;

Result<audience::Node> checked(audience::SegmentOr read, const std::string& pointer) {
  if (auto* problem = std::get_if<audience::SegmentProblem>(&read))
    return invalid(audience::to_text(*problem), pointer + problem->pointer);
  return std::get<audience::Node>(std::move(read));
}

Result<void> read_segments(dom::element value, const audience::Catalogue& catalogue,
                           std::vector<audience::Node>& segments) {
  ZAN_ASSIGN(const dom::array array, read_array(value, "/segments", audience::overlap_segments_max));
  for (const dom::element one : array) {
    ZAN_ASSIGN(audience::Node node, read_segment(one.is_string(), one, catalogue,
                                                 "/segments/" + std::to_string(segments.size())));
    segments.push_back(std::move(node));
  }
  return {};
}

Result<Timestamp> read_moment(dom::element value, const std::string& pointer) {
  const Result<Timestamp> at = parse_rfc3339(text_or_nothing(value));
  if (!at.ok()) return invalid(pointer.substr(1) + " must be a time such as 2024-02-29T12:00:00Z", pointer);
  return at;
}

}  // namespace

Result<audience::Node> read_segment(bool as_text, dom::element value, const audience::Catalogue& catalogue,
                                    const std::string& pointer) {
  if (!as_text) return checked(audience::segment_of_json(simdjson::minify(value), catalogue), pointer);
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS)
    return invalid(pointer.substr(1) + " must be a string", pointer);
  return checked(audience::parse_segment(text, catalogue), pointer);
}

Result<std::uint32_t> find_purpose(const audience::Catalogue& catalogue, std::string_view name,
                                   const std::string& pointer) {
  if (const auto purpose = catalogue.purpose(name)) return *purpose;
  std::string known;
  for (const audience::Purpose& purpose : catalogue.purposes()) known += (known.empty() ? "" : ", ") + purpose.name;
  return invalid("there is no such purpose; it is one of " + known, pointer);
}

Result<AudienceQuestion> parse_audience_question(std::string_view body, const audience::Catalogue& catalogue,
                                                 AudienceShape shape) {
  AudienceQuestion question;
  const bool many = shape == AudienceShape::many;
  const auto take = [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "purpose") {
      ZAN_ASSIGN(question.purpose, find_purpose(catalogue, text_or_nothing(value), "/purpose"));
    } else if (key == "as_of") {
      ZAN_ASSIGN(question.as_of, read_moment(value, "/as_of"));
    } else if (key == "user" && shape == AudienceShape::one_and_user) {
      ZAN_ASSIGN(question.user, read_name(value, "/user"));
    } else if (key == "segments" && many) {
      ZAN_TRY(read_segments(value, catalogue, question.segments));
    } else if ((key == "expression" || key == "segment") && !many) {
      const std::string pointer = "/" + std::string(key);
      if (!question.segments.empty()) return invalid("give expression or segment, not both", pointer);
      ZAN_ASSIGN(audience::Node node, read_segment(key == "expression", value, catalogue, pointer));
      question.segments.push_back(std::move(node));
    } else {
      return false;
    }
    return true;
  };
  ZAN_TRY(read_fields(body, take));
  if (question.segments.empty())
    return invalid(many ? "segments is required" : "expression is required", many ? "/segments" : "/expression");
  if (shape == AudienceShape::one_and_user && question.user.empty()) return invalid("user is required", "/user");
  return question;
}

}  // namespace zan::api
