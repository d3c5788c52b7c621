// Calls about what can be proven: receipts, the entries of a subject or creator, and the log's files.
#include "api/calls.h"
#include "api/target.h"
#include "api/text.h"
#include "api/verify_page.h"

namespace zan::api {
namespace {

// A published file never changes but for the checkpoint and the list of keys.
constexpr std::string_view cache_for_ever = "public, max-age=31536000, immutable";
constexpr std::string_view cache_a_moment = "public, max-age=1";
constexpr std::string_view plain_text = "text/plain; charset=utf-8";
constexpr std::string_view some_bytes = "application/octet-stream";

const engine::Evidence* evidence_of(Session& session) {
  const engine::Evidence* evidence = session.server().engine.evidence();
  if (evidence == nullptr)
    session.fail({Problem::unavailable, "this server keeps no evidence (it was started with --evidence off)", {}});
  return evidence;
}

// Of the two forms a receipt has. JSON where it is all the same.
bool wants_proof_file(std::string_view accept) {
  const std::size_t text = accept.find("text/plain");
  const std::size_t json = accept.find("application/json");
  return text != std::string_view::npos && (json == std::string_view::npos || text < json);
}

PoolAnswer pending_answer(std::int64_t ready_in_ms) {
  PoolAnswer answer{.status = 202, .retry_after = "1"};
  answer.body = "{\"status\":\"pending\",\"ready_in_ms\":";
  append_number(answer.body, static_cast<std::uint64_t>(ready_in_ms));
  answer.body += "}\n";
  return answer;
}

std::string render(std::string_view key, std::string_view name, const engine::EvidencePage& page) {
  std::string out = "{\"";
  out += key;
  out += "\":";
  append_json_string(out, name);
  out += ",\"items\":[";
  for (const engine::EvidenceRow& row : page.rows) {
    out += &row == page.rows.data() ? "{\"index\":" : ",{\"index\":";
    append_number(out, row.index);
    out += ",\"opening\":";
    append_json_string(out, evidence::to_base64(row.opening));
    out += ",\"event\":";
    evidence::append_event(out, row.event);
    out += '}';
  }
  out += "],\"pending\":";
  append_number(out, page.pending);
  out += ",\"next\":";
  if (page.next.empty()) {
    out += "null";
  } else {
    append_json_string(out, page.next);
  }
  return out += "}\n";
}

}  // namespace

void run_receipt(Session& session) {
  const engine::Evidence* evidence = evidence_of(session);
  if (evidence == nullptr) return;
  const auto parameters = Parameters::parse(session.query(), {"user"});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const std::string* user = parameters->find("user");
  answer_from_pool(session,
                   [evidence, id = session.id(), user = user != nullptr ? *user : std::string(),
                    as_file = wants_proof_file(session.request().accept)]() -> Result<PoolAnswer> {
                     ZAN_ASSIGN(const engine::ReceiptAnswer answer, evidence->receipt(id, user));
                     if (answer.pending) return pending_answer(answer.ready_in_ms);
                     if (as_file) return PoolAnswer{to_text(to_proof_file(answer.receipt)), plain_text};
                     return PoolAnswer{to_json(answer.receipt)};
                   });
}

void run_evidence_list(Session& session) {
  const engine::Evidence* evidence = evidence_of(session);
  if (evidence == nullptr) return;
  const auto parameters = Parameters::parse(session.query(), {"limit", "cursor"});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const auto asked = read_page(*parameters, engagement::page_items_default, engine::evidence_page_max);
  if (!asked.ok()) return session.fail(asked.error(), Problem::invalid_parameter);
  answer_from_pool(session,
                   [evidence, id = session.id(), page = *asked,
                    of_subject = session.call() == Call::get_subject_evidence]() -> Result<std::string> {
                     ZAN_ASSIGN(const engine::EvidencePage list,
                                of_subject ? evidence->of_subject(id, page.limit, page.cursor)
                                           : evidence->of_creator(id, page.limit, page.cursor));
                     return render(of_subject ? "subject" : "creator", id, list);
                   });
}

void run_log_day(Session& session) {
  const engine::Evidence* evidence = evidence_of(session);
  if (evidence == nullptr) return;
  const auto parameters = Parameters::parse(session.query(), {});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const auto from = parse_rfc3339(session.id() + "T00:00:00Z");
  constexpr std::size_t day_length = 10;
  if (!from.ok() || session.id().size() != day_length)
    return session.fail({Problem::invalid_parameter, "a day is written YYYY-MM-DD", "id"});
  answer_from_pool(session, [evidence, day = session.id(), from = *from]() -> Result<std::string> {
    ZAN_ASSIGN(const engine::EntryRange range, evidence->received(from, {from.us + us_per_day}));
    std::string out = "{\"day\":\"" + day + "\",\"first\":";
    append_number(out, range.first);
    out += ",\"end\":";
    append_number(out, range.end);
    return out += "}\n";
  });
}

void run_log_file(Session& session) {
  const engine::Evidence* evidence = evidence_of(session);
  if (evidence == nullptr) return;
  // Anybody may read the log, from any page, whatever --cors says of the rest.
  session.add_field("Access-Control-Allow-Origin", "*");
  answer_from_pool(session, [evidence, path = session.id()]() -> Result<PoolAnswer> {
    ZAN_ASSIGN(const Bytes bytes, evidence->file(path));
    const bool tile = path.starts_with("tile/");
    return PoolAnswer{.body = std::string(as_text(bytes)),
                      .content_type = tile ? some_bytes : plain_text,
                      .cache_control = tile ? cache_for_ever : cache_a_moment};
  });
}

void run_verify_page(Session& session) {
  const std::string path = session.call() == Call::verify_page ? "/verify" : "/verify/" + session.id();
  for (const PageFile& file : verify_page()) {
    if (file.path != path) continue;
    session.add_field("Content-Security-Policy", verify_page_policy);
    session.add_field("Referrer-Policy", "no-referrer");
    session.set_cache_control("no-cache");
    return session.answer(200, file.content_type, file.body);
  }
  session.fail({Problem::no_such_call, "the page has no such file", {}});
}

}  // namespace zan::api
