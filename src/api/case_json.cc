#include "api/case_json.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "api/case_words.h"
#include "api/json_writer.h"

namespace zan::api {
namespace {

constexpr std::array<std::string_view, 3> standings{"suspected", "confirmed", "cleared"};
constexpr std::array<std::string_view, 3> decisions{"none", "confirm", "overturn"};
constexpr std::array<std::string_view, 6> grounds{"none",          "genuine_likes",      "shared_device",
                                                  "fan_community", "attacked_by_others", "other"};

template <typename Kind, std::size_t count>
std::optional<Kind> find_in(const std::array<std::string_view, count>& names, std::string_view name, std::size_t from) {
  for (std::size_t i = from; i < count; ++i)
    if (names[i] == name) return static_cast<Kind>(i);
  return std::nullopt;
}

// Erased persons have no name any more.
void append_name(std::string& out, std::string_view name) {
  if (name.empty()) {
    out += "null";
  } else {
    append_json_string(out, name);
  }
}

void append_names(std::string& out, const std::vector<std::string>& names) {
  out += '[';
  JsonWriter list(out);
  for (const std::string& name : names) append_name(list.item(), name);
  out += ']';
}

void append_reasons(std::string& out, const engine::CaseSummary& summary) {
  out += '[';
  JsonWriter list(out);
  for (const integrity::TraitPoints& trait : summary.traits) {
    if (trait.points == 0) continue;
    list.item() += '{';
    JsonWriter reason(out);
    reason.text("trait", to_string(trait.trait));
    reason.number("points", trait.points);
    out += '}';
  }
  out += ']';
}

void append_words(std::string& out, const engine::CaseSummary& summary) {
  const CaseWords words = words_of(summary);
  out += '{';
  JsonWriter object(out);
  object.text("en", words.en);
  object.text("zh", words.zh);
  out += '}';
}

void append_decider(std::string& out, const engine::CaseSummary& summary) {
  const bool open = summary.standing == integrity::Standing::suspected;
  out += summary.decided_by_people ? "\"people\"" : open ? "null" : "\"detectors\"";
}

void append_measures(std::string& out, const integrity::GroupMeasures& measures) {
  out += '{';
  JsonWriter object(out);
  object.number("members", measures.members);
  object.number("targets", measures.targets);
  object.number("participation_share", measures.participation);
  object.number("likes_on_targets_share", measures.share);
  object.number("other_likes_median", measures.other_median);
  object.number("other_likes_spread_ln", measures.other_spread);
  object.number("other_likes_deviation_ln", measures.other_deviation);
  object.number("population_likes_median", measures.population_median);
  object.number("population_likes_spread_ln", measures.population_spread);
  object.number("population_likes_deviation_ln", measures.population_deviation);
  object.number("target_span_s", measures.target_span_s);
  object.number("target_age_s", measures.target_age_s);
  object.number("outsiders_share", measures.outsiders);
  object.number("accounts_per_device", measures.accounts_per_device);
  object.number("accounts_per_network", measures.accounts_per_network);
  object.number("first_like_on_target_share", measures.first_like_on_target);
  object.number("rhythm_nats", measures.rhythm);
  object.number("session_share", measures.session);
  object.number("population_session_share", measures.population_session);
  object.number("same_order_share", measures.order);
  out += '}';
}

void append_summary(JsonWriter& object, const engine::CaseSummary& summary, Timestamp now) {
  object.text("case", case_id_text(summary.id));
  object.text("standing", to_string(summary.standing));
  append_decider(object.key("decided_by"), summary);
  object.time("found_at", summary.found);
  object.time("changed_at", summary.changed);
  object.count("accounts", summary.members);
  object.count("subjects", summary.subjects);
  object.count("likes", summary.likes);
  object.number("chance_log10", summary.chance_log10);
  object.number("points", summary.points);
  append_reasons(object.key("reasons"), summary);
  append_words(object.key("words"), summary);
  object.count("open_appeals", summary.open_appeals);
  object.time("noticed_at", summary.noticed);
  object.text_or_null("assignee", summary.assignee);
  object.flag("waiting", summary.waiting);
  object.time_or_null("due_at", summary.due, summary.waiting);
  object.flag("overdue", summary.waiting && summary.due < now);
  object.count("spared_accounts", summary.spared_members);
  object.count("spared_subjects", summary.spared_subjects);
}

// Who appeals: an account, or a subject's creator; not every platform says so.
std::string_view party_of(const engine::CaseNoteLine& note) {
  return note.actors > 0 ? "user" : note.subjects > 0 ? "creator" : "";
}

void append_note(JsonWriter& object, const engine::CaseNoteLine& note) {
  object.time("at", note.at);
  object.text("kind", to_string(note.kind));
  switch (note.kind) {
    case integrity::NoteKind::appeal:
      object.text("ground", to_string(note.ground));
      object.text_or_null("for", party_of(note));
      object.flag("open", note.open);
      object.time("answer_by", note.answer_by);
      return;
    case integrity::NoteKind::decision:
      object.text("decision", to_string(note.decision));
      object.text("by", note.by);
      object.text("note", note.note);
      object.count("users", note.actors);
      object.count("subjects", note.subjects);
      return;
    case integrity::NoteKind::assignment:
      object.text("by", note.by);
      object.text_or_null("assignee", note.assignee);
      return;
    case integrity::NoteKind::handed_out:
      object.text("by", note.by);
      return;
  }
}

void append_notes(std::string& out, const std::vector<engine::CaseNoteLine>& notes) {
  append_objects(out, notes, append_note);
}

void append_part(std::string& out, const engine::SubjectVerdicts::Part& part) {
  const engine::CaseSummary& summary = part.summary;
  out += '{';
  JsonWriter object(out);
  object.text("case", case_id_text(summary.id));
  object.text("standing", to_string(summary.standing));
  object.count("likes", part.likes);
  object.count("accounts", summary.members);
  object.count("subjects", summary.subjects);
  object.time("found_at", summary.found);
  object.time("changed_at", summary.changed);
  append_decider(object.key("decided_by"), summary);
  append_reasons(object.key("reasons"), summary);
  append_words(object.key("words"), summary);
  out += '}';
}

void append_rule(std::string& out, const engine::SubjectVerdicts::Rule& rule) {
  out += '{';
  JsonWriter object(out);
  object.text("verdict", to_string(rule.verdict));
  object.count("likes", rule.likes);
  object.time("last_at", rule.last);
  JsonWriter words(object.key("words") += '{');
  words.text("en", rule.en);
  words.text("zh", rule.zh);
  out += "}}";
}

}  // namespace

std::string case_id_text(std::uint64_t id) {
  return fmt::format("c{:016x}", id);
}

std::optional<std::uint64_t> parse_case_id(std::string_view text) {
  constexpr std::size_t length = 17;
  if (text.size() != length || text[0] != 'c') return std::nullopt;
  text.remove_prefix(1);
  if (text.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
  std::uint64_t id = 0;
  std::from_chars(text.data(), text.data() + text.size(), id, 16);
  return id;
}

std::string_view to_string(integrity::Standing standing) {
  return standings.at(static_cast<std::size_t>(standing));
}
std::string_view to_string(integrity::Decision decision) {
  return decisions.at(static_cast<std::size_t>(decision));
}
std::string_view to_string(integrity::NoteKind kind) {
  constexpr std::array<std::string_view, 5> kinds{"none", "decision", "appeal", "assignment", "handed_out"};
  return kinds.at(static_cast<std::size_t>(kind));
}
std::string_view to_string(integrity::Ground ground) {
  return grounds.at(static_cast<std::size_t>(ground));
}
std::optional<integrity::Standing> find_standing(std::string_view name) {
  return find_in<integrity::Standing>(standings, name, 0);
}
std::optional<integrity::Decision> find_decision(std::string_view name) {
  return find_in<integrity::Decision>(decisions, name, 1);
}
std::optional<integrity::Ground> find_ground(std::string_view name) {
  return find_in<integrity::Ground>(grounds, name, 1);
}

std::string render_cases(const std::vector<engine::CaseSummary>& cases, const std::string& next, Timestamp now) {
  std::string out = "{\"items\":";
  append_objects(out, cases, [&](JsonWriter& object, const engine::CaseSummary& summary) {
    append_summary(object, summary, now);
  });
  out += ",\"next\":";
  append_name(out, next);
  return out += "}\n";
}

void append_case(std::string& out, const engine::CaseDetail& detail, Timestamp now) {
  const engine::CaseSummary& summary = detail.summary;
  JsonWriter object(out);
  append_summary(object, summary, now);
  append_measures(object.key("measures"), summary.measures);
  append_names(object.key("members"), detail.members);
  append_names(object.key("targets"), detail.subjects);
  append_edges(object.key("edges"), detail.likes);
  append_timeline(object.key("timeline"), detail);
  append_notes(object.key("notes"), detail.notes);
  object.flag("complete", detail.complete);
}

std::string render_verdicts(std::string_view subject, const engine::SubjectVerdicts& verdicts) {
  std::string out = "{\"subject\":";
  append_json_string(out, subject);
  out += ",\"likes\":{";
  JsonWriter likes(out);
  likes.count("genuine", verdicts.genuine);
  likes.count("held", verdicts.held);
  likes.count("rejected", verdicts.rejected);
  out += "},\"cases\":[";
  JsonWriter list(out);
  for (const engine::SubjectVerdicts::Part& part : verdicts.cases) append_part(list.item(), part);
  out += "],\"rules\":[";
  JsonWriter rules(out);
  for (const engine::SubjectVerdicts::Rule& rule : verdicts.rules) append_rule(rules.item(), rule);
  return out += "]}\n";
}

void append_integrity(std::string& out, const engine::IntegrityStatus& status) {
  out += ",\"integrity\":{";
  JsonWriter object(out);
  object.flag("caught_up", status.caught_up);
  object.text("position", std::to_string(status.position.value));
  object.count("cases", status.cases);
  object.count("suspected", status.suspected);
  object.count("confirmed", status.confirmed);
  object.count("cleared", status.cleared);
  object.count("appeals", status.appeals);
  object.count("overturned", status.overturned);
  object.count("likes_held", status.likes_held);
  object.count("likes_rejected", status.likes_rejected);
  object.count("state_bytes", status.state_bytes);
  object.count("waiting", status.waiting);
  object.count("overdue", status.overdue);
  object.count("unassigned", status.unassigned);
  object.count("case_bytes", status.case_bytes);
  if (!status.trouble.empty()) object.text("trouble", status.trouble);
  out += '}';
}

void append_intake(std::string& out, const engine::IntakeStatus& status) {
  out += ",\"intake\":{";
  JsonWriter object(out);
  object.flag("caught_up", status.caught_up);
  object.text("read", std::to_string(status.read.value));
  object.count("genuine", status.genuine);
  object.count("held", status.held);
  object.count("rejected", status.rejected);
  object.count("state_bytes", status.state_bytes);
  object.text("rules", status.rules);
  if (!status.trouble.empty()) object.text("trouble", status.trouble);
  out += '}';
}

}  // namespace zan::api
