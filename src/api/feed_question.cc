#include "api/feed_question.h"

#include <array>
#include <cmath>
#include <limits>

#include "api/body_fields.h"

namespace zan::api {
namespace {

namespace dom = simdjson::dom;

constexpr std::array<std::string_view, 3> rule_kinds{"pin", "boost", "block"};
constexpr std::array<std::string_view, 4> wishes{"none", "more", "less", "never"};

Result<std::vector<std::string>> read_list(const Parameters& parameters, std::string_view name, std::size_t most) {
  std::vector<std::string> list;
  const std::string* text = parameters.find(name);
  if (text == nullptr) return list;
  for (std::size_t from = 0; from <= text->size();) {
    const std::size_t comma = std::min(text->find(',', from), text->size());
    if (comma == from) return invalid("names with commas between them", std::string(name));
    list.push_back(text->substr(from, comma - from));
    from = comma + 1;
  }
  if (list.size() > most) return invalid("more than " + std::to_string(most), std::string(name));
  return list;
}

// One of two words; `otherwise` where the parameter is not given.
Result<bool> read_switch(const Parameters& parameters, std::string_view name, std::string_view yes, std::string_view no,
                         bool otherwise) {
  const std::string* text = parameters.find(name);
  if (text == nullptr) return otherwise;
  if (*text != yes && *text != no)
    return invalid(std::string(yes).append(" or ").append(no), std::string(name));
  return *text == yes;
}

std::string text_of(const Parameters& parameters, std::string_view name) {
  const std::string* text = parameters.find(name);
  return text == nullptr ? std::string() : *text;
}

Result<Timestamp> read_moment(dom::element element, const std::string& pointer) {
  auto at = parse_rfc3339(text_or_nothing(element));
  if (!at.ok()) return invalid(pointer.substr(1) + " must be a time such as 2024-02-29T12:00:00Z", pointer);
  return *at;
}

Result<std::uint32_t> read_whole(dom::element element, const std::string& pointer) {
  std::uint64_t number = 0;
  if (element.get_uint64().get(number) != simdjson::SUCCESS || number > std::numeric_limits<std::uint32_t>::max())
    return invalid(pointer.substr(1) + " must be a whole number", pointer);
  return static_cast<std::uint32_t>(number);
}

Result<float> read_float(dom::element element, const std::string& pointer) {
  ZAN_ASSIGN(const double number, read_number(element, pointer));
  return static_cast<float>(number);
}

// Fields of an object inside a body.
Result<void> read_members(dom::element element, const std::string& pointer, const TakeField& take) {
  dom::object object;
  if (element.get_object().get(object) != simdjson::SUCCESS)
    return invalid(pointer.substr(1) + " must be an object", pointer);
  for (const auto& member : object) {
    ZAN_ASSIGN(const bool known, take(member.key, member.value));
    if (!known) return invalid("there is no such field", pointer + "/" + std::string(member.key));
  }
  return {};
}

}  // namespace

Result<engine::FeedRequest> read_feed_request(std::string_view query) {
  ZAN_ASSIGN(const Parameters parameters,
             Parameters::parse(query, {"viewer", "limit", "surface", "region", "personalised", "watched", "not",
                                       "preview"}));
  engine::FeedRequest request;
  request.viewer = text_of(parameters, "viewer");
  request.surface = text_of(parameters, "surface");
  request.region = text_of(parameters, "region");
  ZAN_ASSIGN(request.limit, read_limit(parameters, feed_items, matching::feed_limit_max));
  ZAN_ASSIGN(request.personalised, read_switch(parameters, "personalised", "on", "off", true));
  ZAN_ASSIGN(const bool preview, read_switch(parameters, "preview", "true", "false", false));
  request.recorded = !preview;
  ZAN_ASSIGN(request.session, read_list(parameters, "watched", matching::session_works_max));
  ZAN_ASSIGN(request.not_these, read_list(parameters, "not", matching::seen_max));
  if (!request.viewer.empty() && !request.session.empty())
    return invalid("of a viewer it is known what they watched", "watched");
  return request;
}

Result<PredictQuestion> parse_predict(std::string_view body) {
  PredictQuestion question;
  ZAN_TRY(read_fields(body, [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "viewer") {
      ZAN_ASSIGN(question.viewer, read_name(value, "/viewer"));
    } else if (key == "surface") {
      ZAN_ASSIGN(question.surface, read_name(value, "/surface"));
    } else if (key == "subjects") {
      ZAN_ASSIGN(question.subjects, read_names(value, "/subjects", matching::predict_works_max));
    } else {
      return false;
    }
    return true;
  }));
  if (question.viewer.empty()) return invalid("viewer is required", "/viewer");
  if (question.subjects.empty()) return invalid("subjects is required", "/subjects");
  return question;
}

Result<std::size_t> parse_match(std::string_view body) {
  std::size_t limit = match_people;
  ZAN_TRY(read_fields(body, [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key != "limit") return false;
    ZAN_ASSIGN(limit, read_whole(value, "/limit"));
    return true;
  }));
  if (limit < 1 || limit > matching::match_people_max)
    return invalid("limit must be from 1 to " + std::to_string(matching::match_people_max), "/limit");
  return limit;
}

Result<engine::NamedWish> parse_wish(std::string_view body) {
  engine::NamedWish wish;
  bool said = false;
  ZAN_TRY(read_fields(body, [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "tag") {
      ZAN_ASSIGN(wish.tag, read_text(value, "/tag", matching::wish_tag_bytes_max));
    } else if (key == "creator") {
      ZAN_ASSIGN(wish.creator, read_name(value, "/creator"));
    } else if (key == "wish") {
      ZAN_ASSIGN(const std::size_t which, read_choice(value, "/wish", wishes));
      wish.wish = static_cast<matching::Wish>(which);
      said = true;
    } else {
      return false;
    }
    return true;
  }));
  if (!said) return invalid("wish is required", "/wish");
  if (wish.tag.empty() == wish.creator.empty()) return invalid("give tag or creator", "/tag");
  return wish;
}

Result<std::vector<engine::NamedShown>> parse_impressions(std::string_view body) {
  std::vector<engine::NamedShown> all;
  const auto read_one = [&](dom::element element, const std::string& pointer) -> Result<void> {
    engine::NamedShown shown;
    Result<void> read = read_members(element, pointer, [&](std::string_view key, dom::element value) -> Result<bool> {
      const std::string at = pointer + "/" + std::string(key);
      if (key == "viewer") {
        ZAN_ASSIGN(shown.viewer, read_name(value, at));
      } else if (key == "surface") {
        ZAN_ASSIGN(shown.surface, read_name(value, at));
      } else if (key == "subjects") {
        ZAN_ASSIGN(shown.subjects, read_names(value, at, matching::shown_items_max));
      } else if (key == "at") {
        ZAN_ASSIGN(shown.at, read_moment(value, at));
      } else {
        return false;
      }
      return true;
    });
    if (!read.ok()) return read;
    if (shown.viewer.empty()) return invalid("viewer is required", pointer + "/viewer");
    if (shown.subjects.empty()) return invalid("subjects is required", pointer + "/subjects");
    all.push_back(std::move(shown));
    return {};
  };
  ZAN_TRY(read_fields(body, [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key != "shown") return false;
    ZAN_ASSIGN(const dom::array array, read_array(value, "/shown", impressions_max));
    for (const dom::element element : array) {
      if (Result<void> one = read_one(element, "/shown/" + std::to_string(all.size())); !one.ok()) return one.error();
    }
    return true;
  }));
  if (all.empty()) return invalid("shown is required", "/shown");
  return all;
}

Result<engine::NamedRule> parse_feed_rule(std::string_view body) {
  engine::NamedRule rule;
  bool said = false;
  ZAN_TRY(read_fields(body, [&](std::string_view key, dom::element value) -> Result<bool> {
    const std::string pointer = "/" + std::string(key);
    if (key == "kind") {
      ZAN_ASSIGN(const std::size_t kind, read_choice(value, pointer, rule_kinds));
      rule.rule.kind = static_cast<matching::RuleKind>(kind);
      said = true;
    } else if (key == "subject") {
      ZAN_ASSIGN(rule.subject, read_name(value, pointer));
    } else if (key == "creator") {
      ZAN_ASSIGN(rule.creator, read_name(value, pointer));
    } else if (key == "surface") {
      ZAN_ASSIGN(rule.surface, read_name(value, pointer));
    } else if (key == "factor") {
      ZAN_ASSIGN(rule.rule.factor, read_float(value, pointer));
    } else if (key == "place") {
      ZAN_ASSIGN(rule.rule.place, read_whole(value, pointer));
    } else if (key == "until") {
      ZAN_ASSIGN(rule.rule.until, read_moment(value, pointer));
    } else if (key == "why") {
      ZAN_ASSIGN(rule.rule.why, read_text(value, pointer, matching::rule_text_bytes_max));
    } else {
      return false;
    }
    return true;
  }));
  if (!said) return invalid("kind is required", "/kind");
  if (rule.rule.why.empty()) return invalid("why is required", "/why");
  return rule;
}

Result<std::string> parse_why(std::string_view body) {
  std::string why;
  ZAN_TRY(read_fields(body, [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key != "why") return false;
    ZAN_ASSIGN(why, read_text(value, "/why", matching::rule_text_bytes_max));
    return true;
  }));
  if (why.empty()) return invalid("why is required", "/why");
  return why;
}

namespace {

// One member of a policy; false: there is none of that name.
Result<bool> take_policy(std::string_view key, dom::element value, const std::string& pointer, matching::Policy& policy) {
  const auto take_worth = [&](std::string_view name, dom::element worth) -> Result<bool> {
    for (std::size_t i = 0; i < matching::signal_count; ++i) {
      if (name != matching::to_string(static_cast<matching::Signal>(i))) continue;
      ZAN_ASSIGN(policy.worth[i], read_float(worth, pointer + "/" + std::string(name)));
      return true;
    }
    return false;
  };
  if (key == "worth") {
    if (Result<void> worth = read_members(value, pointer, take_worth); !worth.ok()) return worth.error();
  } else if (key == "per_creator_max") {
    ZAN_ASSIGN(policy.per_creator_max, read_whole(value, pointer));
  } else if (key == "tag_repeat") {
    ZAN_ASSIGN(policy.tag_repeat, read_float(value, pointer));
  } else if (key == "explore_share") {
    ZAN_ASSIGN(policy.explore_share, read_float(value, pointer));
  } else if (key == "explore_shown_max") {
    ZAN_ASSIGN(policy.explore_shown_max, read_whole(value, pointer));
  } else if (key == "explore_days") {
    ZAN_ASSIGN(policy.explore_days, read_whole(value, pointer));
  } else if (key == "seen_days") {
    ZAN_ASSIGN(policy.seen_days, read_whole(value, pointer));
  } else if (key == "top_share_max") {
    ZAN_ASSIGN(policy.top_share_max, read_float(value, pointer));
  } else {
    return false;
  }
  return true;
}

Result<std::uint32_t> read_share(dom::element value, const std::string& pointer) {
  ZAN_ASSIGN(const float share, read_float(value, pointer));
  if (!(share >= 0 && share <= 1)) return invalid("0 to 1", pointer);
  return static_cast<std::uint32_t>(std::lround(share * static_cast<float>(matching::whole_bp)));
}

Result<matching::Variant> read_variant(dom::element element, const std::string& pointer, const matching::Policy& in_force) {
  matching::Variant variant{{}, 0, in_force};
  Result<void> read = read_members(element, pointer, [&](std::string_view key, dom::element value) -> Result<bool> {
    const std::string at = pointer + "/" + std::string(key);
    if (key == "name") {
      ZAN_ASSIGN(variant.name, read_text(value, at, matching::experiment_name_bytes_max));
    } else if (key == "share") {
      ZAN_ASSIGN(variant.share_bp, read_share(value, at));
    } else if (key == "policy") {
      Result<void> policy = read_members(value, at, [&](std::string_view name, dom::element said) {
        return take_policy(name, said, at + "/" + std::string(name), variant.policy);
      });
      if (!policy.ok()) return policy.error();
    } else {
      return false;
    }
    return true;
  });
  if (!read.ok()) return read.error();
  return variant;
}

}  // namespace

Result<matching::PolicySet> parse_policy(std::string_view body, const matching::Policy& in_force) {
  matching::PolicySet set{in_force, {}, {}};
  ZAN_TRY(read_fields(body, [&](std::string_view key, dom::element value) -> Result<bool> {
    const std::string pointer = "/" + std::string(key);
    if (key != "why") return take_policy(key, value, pointer, set.policy);
    ZAN_ASSIGN(set.why, read_text(value, pointer, matching::rule_text_bytes_max));
    return true;
  }));
  if (set.why.empty()) return invalid("why is required", "/why");
  return set;
}

Result<matching::ExperimentStarted> parse_experiment(std::string_view body, const matching::Policy& in_force) {
  matching::ExperimentStarted started;
  bool interleaved = false;
  ZAN_TRY(read_fields(body, [&](std::string_view key, dom::element value) -> Result<bool> {
    const std::string pointer = "/" + std::string(key);
    if (key == "name") {
      ZAN_ASSIGN(started.name, read_text(value, pointer, matching::experiment_name_bytes_max));
    } else if (key == "control_share") {
      ZAN_ASSIGN(started.control_bp, read_share(value, pointer));
    } else if (key == "holdout_share") {
      ZAN_ASSIGN(started.holdout_bp, read_share(value, pointer));
    } else if (key == "interleaved") {
      if (value.get(interleaved) != simdjson::SUCCESS) return invalid("true or false", pointer);
    } else if (key == "arms") {
      ZAN_ASSIGN(const dom::array array, read_array(value, pointer, matching::variants_max));
      for (const dom::element element : array) {
        ZAN_ASSIGN(matching::Variant variant,
                   read_variant(element, pointer + "/" + std::to_string(started.variants.size()), in_force));
        started.variants.push_back(std::move(variant));
      }
    } else if (key == "why") {
      ZAN_ASSIGN(started.why, read_text(value, pointer, matching::rule_text_bytes_max));
    } else {
      return false;
    }
    return true;
  }));
  if (started.name.empty()) return invalid("name is required", "/name");
  if (started.why.empty()) return invalid("why is required", "/why");
  if (interleaved && started.control_bp != 0)
    return invalid("none where lists are interleaved: everybody in it sees both", "/control_share");
  if (!interleaved && started.control_bp == 0)
    return invalid("without one there is nothing to compare with", "/control_share");
  return started;
}

}  // namespace zan::api
