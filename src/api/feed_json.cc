#include "api/feed_json.h"

#include <fmt/format.h>

#include "api/json_writer.h"

namespace zan::api {
namespace {

using matching::Signal;
using matching::SourceKind;

void write_rates(std::string& out, const matching::Rates& rates) {
  out += '{';
  JsonWriter object(out);
  for (std::size_t i = 0; i < matching::signal_count; ++i)
    object.number(to_string(static_cast<Signal>(i)), rates[i]);
  out += '}';
}

void write_weighed(JsonWriter& object, const matching::Rates& chances, float worth, float deviation) {
  write_rates(object.key("chances"), chances);
  object.number("worth", worth);
  object.number("deviation", deviation);
}

void write_reason(JsonWriter& object, const engine::NamedReason& reason) {
  const bool boosted = reason.kind == SourceKind::pinned && reason.rule;
  object.text("kind", boosted ? "rule" : to_string(reason.kind));
  if (!reason.subject.empty()) object.text("subject", reason.subject);
  if (!reason.tag.empty()) object.text("tag", reason.tag);
  if (!reason.creator.empty()) object.text("creator", reason.creator);
  if (reason.rule) object.text("rule", rule_id(*reason.rule));
}

void write_list(std::string& out, const std::vector<std::string>& names) {
  out += '[';
  JsonWriter list(out);
  for (const std::string& name : names) append_json_string(list.item(), name);
  out += ']';
}

std::string_view to_text(matching::Wish wish) {
  constexpr std::string_view names[] = {"none", "more", "less", "never"};
  return names[static_cast<std::size_t>(wish)];
}

std::string in_object(const std::function<void(JsonWriter&)>& write) {
  std::string out = "{";
  JsonWriter object(out);
  write(object);
  out += '}';
  return out;
}

// Who put it there: what it is worth to the viewer, the operator, or somebody who paid.
std::string_view label_of(SourceKind source) {
  if (matching::is_paid(source)) return "campaign";
  return source == SourceKind::pinned ? "operator" : "organic";
}

}  // namespace

std::string rule_id(std::uint64_t id) { return fmt::format("{:016x}", id); }

std::string render_feed(const engine::NamedFeed& feed, std::string_view viewer) {
  return in_object([&](JsonWriter& answer) {
    answer.text_or_null("viewer", viewer);
    answer.flag("known", feed.known);
    answer.flag("personalised", feed.personalised);
    answer.time("at", feed.at);
    answer.count("model_version", feed.model_version);
    answer.count("candidates", feed.candidates);
    answer.text_or_null("experiment", feed.experiment == 0 ? std::string() : rule_id(feed.experiment));
    answer.text_or_null("arm", feed.arm);
    append_objects(answer.key("items"), feed.items, [](JsonWriter& object, const engine::NamedItem& item) {
      object.text("subject", item.subject);
      object.text_or_null("creator", item.creator);
      object.text("label", label_of(item.item.source));
      object.text_or_null("campaign", item.item.campaign == 0 ? std::string() : rule_id(item.item.campaign));
      object.text("source", to_string(item.item.source));
      object.flag("explored", item.item.explored);
      write_weighed(object, item.item.chances, item.item.worth, item.item.deviation);
      append_objects(object.key("reasons"), item.reasons, write_reason);
    });
  });
}

std::string render_similar(std::string_view subject, const std::vector<engine::NamedSimilar>& similar) {
  return in_object([&](JsonWriter& answer) {
    answer.text("subject", subject);
    append_objects(answer.key("similar"), similar, [](JsonWriter& object, const engine::NamedSimilar& one) {
      object.text("subject", one.subject);
      object.number("score", one.score);
      object.text("by", one.by_tags ? "tags" : "people");
    });
  });
}

std::string render_foretold(std::string_view viewer, const std::vector<engine::NamedForetold>& foretold) {
  return in_object([&](JsonWriter& answer) {
    answer.text("viewer", viewer);
    append_objects(answer.key("predictions"), foretold, [](JsonWriter& object, const engine::NamedForetold& one) {
      object.text("subject", one.subject);
      object.flag("known", one.foretold.known);
      write_weighed(object, one.foretold.chances, one.foretold.worth, one.foretold.deviation);
    });
  });
}

std::string render_match(std::string_view subject, const std::vector<engine::NamedMatch>& match, bool named) {
  return in_object([&](JsonWriter& answer) {
    answer.text("subject", subject);
    append_objects(answer.key("users"), match, [&](JsonWriter& object, const engine::NamedMatch& one) {
      object.text_or_null("user", named ? std::string_view(one.user) : std::string_view());
      write_weighed(object, one.person.chances, one.person.worth, one.person.deviation);
    });
  });
}

std::string render_assumed(std::string_view user, const engine::Assumed& assumed) {
  const auto write_of = [](JsonWriter& object, const engine::Assumed::Of& of) {
    object.text("name", of.name);
    object.text("wish", to_text(of.wish));
    object.number("shown", of.shown);
    object.number("long_views", of.long_views);
    object.number("likes", of.likes);
    object.number("against", of.against);
  };
  return in_object([&](JsonWriter& answer) {
    answer.text("user", user);
    answer.flag("personalised", assumed.personalised);
    answer.flag("minor", assumed.minor);
    append_objects(answer.key("tags"), assumed.tags, write_of);
    append_objects(answer.key("creators"), assumed.creators, write_of);
    write_list(answer.key("took_to"), assumed.taken);
    write_list(answer.key("disliked"), assumed.disliked);
    write_list(answer.key("followed"), assumed.followed);
  });
}

std::string render_policy(const matching::Policy& policy) {
  return in_object([&](JsonWriter& answer) {
    write_rates(answer.key("worth"), policy.worth);
    answer.count("per_creator_max", policy.per_creator_max);
    answer.number("tag_repeat", policy.tag_repeat);
    answer.number("explore_share", policy.explore_share);
    answer.count("explore_shown_max", policy.explore_shown_max);
    answer.count("explore_days", policy.explore_days);
    answer.count("seen_days", policy.seen_days);
    answer.number("top_share_max", policy.top_share_max);
  });
}

std::string render_feed_rules(const std::vector<engine::NamedRuleEntry>& rules) {
  return in_object([&](JsonWriter& answer) {
    append_objects(answer.key("rules"), rules, [](JsonWriter& object, const engine::NamedRuleEntry& entry) {
      const matching::FeedRule& rule = entry.rule.rule;
      object.text("id", rule_id(rule.id));
      object.text("kind", to_string(rule.kind));
      object.text_or_null("subject", entry.rule.subject);
      object.text_or_null("creator", entry.rule.creator);
      object.text_or_null("surface", entry.rule.surface);
      if (rule.kind == matching::RuleKind::boost) object.number("factor", rule.factor);
      if (rule.kind == matching::RuleKind::pin) object.count("place", rule.place);
      object.time_or_null("until", rule.until, rule.until.us != 0);
      object.text("who", rule.who);
      object.text("why", rule.why);
      object.time("made_at", entry.made_at);
      object.time_or_null("ended_at", entry.ended_at, entry.ended_at.us != 0);
      object.text_or_null("ended_by", entry.ended_by);
      object.text_or_null("ended_why", entry.ended_why);
    });
  });
}

namespace {

void write_interval(JsonWriter& object, const char* name, const matching::Interval& interval) {
  std::string& out = object.key(name);
  out += '{';
  JsonWriter ends(out);
  ends.number("low", interval.low);
  ends.number("high", interval.high);
  out += '}';
}

void write_decided(JsonWriter& object, std::optional<std::uint32_t> decided_s) {
  object.time_or_null("decided_at", {std::int64_t{decided_s.value_or(0)} * us_per_second}, decided_s.has_value());
}

void write_rate(std::string& out, const matching::ArmRate& rate, bool control) {
  out += '{';
  JsonWriter object(out);
  object.number("of_showings", rate.pooled);
  object.number("by_person", rate.by_person);
  write_interval(object, "interval", rate.interval);
  if (!control) {
    object.number("difference", rate.difference);
    write_interval(object, "difference_interval", rate.difference_interval);
    write_decided(object, rate.decided_s);
  }
  out += '}';
}

void write_arm(JsonWriter& object, const matching::ArmReport& arm, std::string_view name) {
  const bool control = arm.arm == matching::arm_control;
  object.text("name", name);
  object.count("people", arm.people);
  object.count("people_settled", arm.settled);
  object.count("showings", arm.showings);
  object.number("explored_share", arm.explored_share);
  object.number("works_gini", arm.works.gini);
  object.number("creators_gini", arm.creators.gini);
  std::string& out = object.key("rates");
  out += '{';
  JsonWriter rates(out);
  for (std::size_t i = 0; i < matching::signal_count; ++i)
    write_rate(rates.key(to_string(static_cast<Signal>(i))), arm.rates[i], control);
  out += '}';
}

void write_preferences(std::string& out, const matching::PreferencesReport& report) {
  out += '{';
  JsonWriter object(out);
  object.count("people", report.people);
  object.count("people_settled", report.settled);
  object.count("requests", report.requests);
  object.count("requests_turned_away", report.turned_away);
  object.count("places_in_service", report.places_in_service);
  object.count("places_tried", report.places_tried);
  std::string& inner = object.key("signals");
  inner += '{';
  JsonWriter signals(inner);
  for (std::size_t i = 0; i < matching::signal_count; ++i) {
    const matching::SignalPreference& signal = report.signals[i];
    std::string& told = signals.key(to_string(static_cast<Signal>(i)));
    told += '{';
    JsonWriter one(told);
    one.count("in_service", signal.in_service);
    one.count("tried", signal.tried);
    one.number("preference", signal.value);
    write_interval(one, "interval", signal.interval);
    write_decided(one, signal.decided_s);
    told += '}';
  }
  inner += '}';
  out += '}';
}

double share_of(std::uint32_t basis_points) { return basis_points / static_cast<double>(matching::whole_bp); }

}  // namespace

std::string render_experiments(const std::vector<matching::Experiments::Entry>& experiments) {
  const auto write_report = [](std::string& out, const matching::Experiments::Entry& entry) {
    if (!entry.report) return static_cast<void>(out += "null");
    out += '{';
    JsonWriter report(out);
    report.flag("proportions_broken", entry.report->ratio_broken);
    report.count("showings_turned_away", entry.report->turned_away);
    append_objects(report.key("arms"), entry.report->arms, [&](JsonWriter& object, const matching::ArmReport& arm) {
      const std::size_t variant = arm.arm - matching::arm_control;
      write_arm(object, arm, variant == 0 ? std::string("control") : entry.started.variants.at(variant - 1).name);
    });
    out += '}';
  };
  return in_object([&](JsonWriter& answer) {
    append_objects(answer.key("experiments"), experiments,
                   [&](JsonWriter& object, const matching::Experiments::Entry& entry) {
      object.text("id", rule_id(entry.started.id));
      object.text("name", entry.started.name);
      object.text("who", entry.started.who);
      object.text("why", entry.started.why);
      object.time("started_at", entry.started_at);
      object.time_or_null("ended_at", entry.ended_at, entry.ended_at.us != 0);
      object.text_or_null("ended_by", entry.ended_by);
      object.text_or_null("ended_why", entry.ended_why);
      object.flag("interleaved", entry.started.interleaved());
      object.number("holdout_share", share_of(entry.started.holdout_bp));
      object.number("control_share", share_of(entry.started.control_bp));
      append_objects(object.key("arms"), entry.started.variants, [](JsonWriter& arm, const matching::Variant& variant) {
        arm.text("name", variant.name);
        arm.number("share", share_of(variant.share_bp));
        arm.key("policy") += render_policy(variant.policy);
      });
      write_report(object.key("report"), entry);
      std::string& preferences = object.key("preferences");
      if (entry.preferences) {
        write_preferences(preferences, *entry.preferences);
      } else {
        preferences += "null";
      }
    });
  });
}

std::string render_feed_models(const engine::FeedModelList& list) {
  const auto write_model = [&](JsonWriter& object, const engine::FeedModel& model) {
    object.count("version", model.version);
    object.text("state", model.refused ? "refused" : model.version == list.serving ? "serving" : "kept");
    object.time("made_at", model.made_at);
    object.text("position", std::to_string(model.position.value));
    object.count("likes_and_long_views", model.taken);
    object.count("showings", model.rows);
    object.text("showings_are", model.rows_of_feeds ? "feeds" : "deeds");
    std::string& out = object.key("judged");
    out += '{';
    JsonWriter judged(out);
    for (std::size_t i = 0; i < model.judged.size(); ++i) {
      judged.key(to_string(static_cast<Signal>(i))) += '{';
      JsonWriter signal(out);
      signal.number("auc", model.judged[i].auc_millionths / 1e6);
      signal.number("log_loss", model.judged[i].log_loss_millionths / 1e6);
      out += '}';
    }
    out += '}';
    object.text_or_null("why", model.refused ? model.why : std::string());
  };
  return in_object([&](JsonWriter& answer) {
    answer.count("serving", list.serving);
    answer.text_or_null("trouble", list.trouble);
    append_objects(answer.key("models"), list.models, write_model);
  });
}

}  // namespace zan::api
