// Calls about the server itself: health, status, metrics, backup, compaction, its own description.
#include "api/calls.h"
#include "api/case_json.h"
#include "api/json_writer.h"
#include "api/openapi.h"
#include "api/question.h"
#include "api/text.h"

namespace zan::api {
namespace {

const char* to_string(engine::Health health) {
  switch (health) {
    case engine::Health::starting:
      return "starting";
    case engine::Health::ready:
      return "ready";
    case engine::Health::read_only:
      return "read_only";
    case engine::Health::stopping:
      return "stopping";
  }
  return "unknown";
}

void append_field(std::string& out, std::string_view name, std::uint64_t value) {
  out += ",\"";
  out += name;
  out += "\":";
  append_number(out, value);
}

void append_evidence(std::string& out, const engine::EvidenceStatus& status) {
  out += ",\"evidence\":{\"origin\":";
  append_json_string(out, status.origin);
  append_field(out, "entries", status.entries);
  append_field(out, "published", status.published);
  out += ",\"position\":\"";
  append_number(out, status.position.value);
  out += '"';
  append_field(out, "index_bytes", status.index_bytes);
  if (!status.trouble.empty()) {
    out += ",\"trouble\":";
    append_json_string(out, status.trouble);
  }
  out += '}';
}

// A view of the journal: how far it is, what it has, and its trouble.
template <typename Status>
void append_view(std::string& out, std::string_view name, const Status& status,
                 std::initializer_list<std::pair<std::string_view, std::uint64_t>> counts,
                 std::initializer_list<std::pair<std::string_view, double>> numbers = {}) {
  out += fmt::format(",\"{}\":{{", name);
  JsonWriter object(out);
  object.flag("caught_up", status.caught_up);
  object.number("progress", status.progress);
  object.text("position", std::to_string(status.position.value));
  for (const auto& [key, count] : counts) object.count(key, count);
  for (const auto& [key, number] : numbers) object.number(key, number);
  if (!status.trouble.empty()) object.text("trouble", status.trouble);
  out += '}';
}

void append(std::string& out, const engine::AudienceStatus& of) {
  append_view(out, "audience", of,
              {{"people", of.people}, {"tag_bytes", of.tag_bytes}, {"event_bytes", of.event_bytes}});
}

void append(std::string& out, const engine::MatchingStatus& of) {
  append_view(out, "matching", of,
              {{"works", of.works}, {"people", of.people}, {"bytes", of.bytes}, {"model_version", of.model_version}},
              {{"gini", of.gini}, {"top_share", of.top_share}, {"crowding", of.crowding}});
}

void append(std::string& out, const engine::InsightsStatus& of) {
  append_view(out, "insights", of,
              {{"works", of.works},
               {"creators", of.creators},
               {"people", of.people},
               {"left_out", of.left_out},
               {"bytes", of.bytes}});
}

std::string render_status(const engine::Engine& engine, std::size_t connections) {
  const engine::Status status = engine.status();
  std::string out = "{\"status\":\"";
  out += to_string(status.health);
  out += '"';
  if (!status.reason.empty()) {
    out += ",\"reason\":";
    append_json_string(out, status.reason);
  }
  out += ",\"position\":\"";
  append_number(out, status.position.value);
  out += '"';
  append_field(out, "accepted", status.accepted);
  append_field(out, "duplicates", status.duplicates);
  append_field(out, "rejected", status.rejected);
  append_field(out, "waiting", status.intake_waiting);
  append_field(out, "commits", status.groups);
  append_field(out, "journal_bytes", status.journal_bytes);
  append_field(out, "journal_syncs", status.journal_syncs);
  append_field(out, "registry_syncs", status.registry_syncs);
  append_field(out, "names", status.names);
  append_field(out, "runs", status.runs);
  append_field(out, "run_bytes", status.run_bytes);
  append_field(out, "run_rows", status.run_rows);
  append_field(out, "connections", connections);
  if (engine.evidence() != nullptr) append_evidence(out, engine.evidence()->status());
  if (engine.integrity() != nullptr) append_integrity(out, engine.integrity()->status());
  if (engine.audience() != nullptr) append(out, engine.audience()->status());
  if (engine.matching() != nullptr) append(out, engine.matching()->status());
  if (engine.insights() != nullptr) append(out, engine.insights()->status());
  if (status.intake) append_intake(out, *status.intake);
  return out += "}\n";
}

}  // namespace

void run_status(Session& session) {
  session.answer_json(render_status(session.server().engine, session.server().connections.load()));
}

// Live: the io threads answer. Ready: requests can be served, if only reads.
void run_health(Session& session) {
  if (session.call() == Call::live) return session.answer_json("{\"status\":\"live\"}\n");
  const engine::Status status = session.server().engine.status();
  const bool stopping = session.server().stopping.load() || status.health == engine::Health::stopping;
  if (stopping || status.health == engine::Health::starting)
    return session.fail({Problem::unavailable, stopping ? "the server is stopping" : "the server is starting", {}});
  std::string body = "{\"status\":\"";
  body += to_string(status.health);
  body += '"';
  if (!status.reason.empty()) {
    body += ",\"reason\":";
    append_json_string(body, status.reason);
  }
  session.answer_json(body += "}\n");
}

void run_metrics(Session& session) {
  ServerState& server = session.server();
  const Gauges gauges{server.connections.load(), server.connections_accepted.load(), server.connections_refused.load(),
                      server.streams.load()};
  std::string text = render_metrics(server.metrics, gauges, server.engine.status());
  if (server.engine.integrity() != nullptr) append_metrics(text, server.engine.integrity()->status());
  if (server.engine.audience() != nullptr) append_metrics(text, server.engine.audience()->status());
  if (server.engine.matching() != nullptr) append_metrics(text, server.engine.matching()->status());
  if (server.engine.insights() != nullptr) append_metrics(text, server.engine.insights()->status());
  session.answer(200, "text/plain; version=0.0.4; charset=utf-8", text);
}

void run_openapi(Session& session) {
  session.answer_json(openapi_document());
}

void run_backup(Session& session, std::string_view body) {
  const Result<std::string> folder = parse_backup(body);
  if (!folder.ok()) return session.fail(folder.error(), Problem::invalid_body);
  answer_from_pool(session, [&engine = session.server().engine, folder = *folder]() -> Result<std::string> {
    ZAN_TRY(engine.backup(folder));
    std::string out = "{\"to\":";
    append_json_string(out, folder);
    return out += "}\n";
  });
}

void run_compact(Session& session) {
  answer_from_pool(session, [&engine = session.server().engine]() -> Result<std::string> {
    ZAN_TRY(engine.compact());
    return std::string("{}\n");
  });
}

}  // namespace zan::api
