// What belongs to cases and comes in lists: timeline, edges, labels, what the staff did.
#include <algorithm>

#include "api/case_json.h"
#include "api/json_writer.h"

namespace zan::api {
namespace {

using integrity::NoteKind;

struct Event {
  Timestamp at;
  Position position;
  std::string_view what, who;
  std::string_view name, to;
};

Event event_of(const engine::CaseStanding& standing) {
  return {standing.at, standing.position, to_string(standing.standing), standing.by_people ? "staff" : "detectors", {},
          {}};
}

Event event_of(const engine::CaseNoteLine& note) {
  Event event{note.at, note.position, {}, "staff", note.by, {}};
  const bool in_part = note.actors + note.subjects > 0;
  switch (note.kind) {
    case NoteKind::appeal:
      event.what = "appealed";
      event.who = note.actors > 0 ? "user" : note.subjects > 0 ? "creator" : "somebody";
      break;
    case NoteKind::decision:
      event.what = note.decision == integrity::Decision::confirm ? "upheld"
                   : in_part                                     ? "overturned_in_part"
                                                                 : "overturned";
      break;
    case NoteKind::assignment:
      event.what = note.assignee.empty() ? "unassigned" : "assigned";
      event.to = note.assignee;
      break;
    case NoteKind::handed_out:
      event.what = "handed_out";
      break;
  }
  return event;
}

}  // namespace

// What was said comes before what followed from it.
void append_timeline(std::string& out, const engine::CaseDetail& detail) {
  std::vector<Event> events{{detail.summary.noticed, {}, "found", "detectors", {}, {}}};
  for (const engine::CaseNoteLine& note : detail.notes) events.push_back(event_of(note));
  for (const engine::CaseStanding& standing : detail.standings) events.push_back(event_of(standing));
  std::stable_sort(events.begin(), events.end(),
                   [](const Event& a, const Event& b) { return a.position < b.position; });
  append_objects(out, events, [](JsonWriter& object, const Event& event) {
    object.time("at", event.at);
    object.text("event", event.what);
    object.text("who", event.who);
    if (!event.name.empty()) object.text("name", event.name);
    if (!event.to.empty()) object.text("to", event.to);
  });
}

void append_edges(std::string& out, const std::vector<engine::CaseLike>& likes) {
  append_objects(out, likes, [](JsonWriter& edge, const engine::CaseLike& like) {
    edge.text("user", like.user);
    edge.text("subject", like.subject);
    edge.time("at", like.at);
    edge.flag("spared", like.spared);
  });
}

std::string render_graph(std::uint64_t id, const engine::GraphPage& page) {
  std::string out = "{\"case\":\"" + case_id_text(id) + "\",\"nodes\":";
  append_objects(out, page.nodes, [](JsonWriter& object, const engine::GraphPage::Node& node) {
    object.text("kind", node.user ? "user" : "subject");
    object.text("name", node.name);
    object.flag("spared", node.spared);
  });
  out += ",\"edges\":";
  append_edges(out, page.edges);
  out += ",\"next\":";
  out += page.next == 0 ? "null" : "\"" + std::to_string(page.next) + "\"";
  return out += "}\n";
}

std::string render_labels(const engine::LabelPage& page) {
  std::string out;
  for (const engine::LikeLabel& label : page.labels) {
    out += '{';
    JsonWriter object(out);
    object.text("user", label.like.user);
    object.text("subject", label.like.subject);
    object.time("at", label.like.at);
    object.text("label", label.fake ? "fake" : "genuine");
    object.text("case", case_id_text(label.case_id));
    object.text("decided_by", label.by_people ? "people" : "detectors");
    out += "}\n";
  }
  return out;
}

std::string render_staff_acts(const engine::StaffPage& page) {
  std::string out = "{\"items\":";
  append_objects(out, page.acts, [](JsonWriter& object, const engine::StaffAct& act) {
    object.time("at", act.line.at);
    object.text("case", case_id_text(act.case_id));
    object.text("act", event_of(act.line).what);
    object.text("by", act.line.by);
    object.text_or_null("to", act.line.assignee);
    object.text("note", act.line.note);
    object.count("users", act.line.actors);
    object.count("subjects", act.line.subjects);
    object.text("position", std::to_string(act.line.position.value));
  });
  out += ",\"next\":";
  out += page.next.value == 0 ? "null" : "\"" + std::to_string(page.next.value) + "\"";
  return out += "}\n";
}

}  // namespace zan::api
