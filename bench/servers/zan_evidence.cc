#include "servers/zan_evidence.h"

#include <unistd.h>

#include <fmt/format.h>
#include <simdjson.h>

#include <charconv>
#include <fstream>

#include "evidence/evidence.h"
#include "load/lines.h"
#include "measure/clock.h"
#include "measure/fail.h"

namespace zan::bench {

namespace {

constexpr double kStandstillSeconds = 60;
constexpr useconds_t kPollUs = 20'000;
constexpr useconds_t kPollOfStartUs = 1'000;

evidence::Policy policy_of(const ZanServer& server) {
  std::ifstream file(server.data() / "log/log.vkey");
  std::string line;
  std::getline(file, line);
  const auto key = evidence::parse_vkey(line);
  if (!key.ok()) fail("zan: log.vkey: {}", key.error().message);
  return evidence::trust_one_log(*key);
}

evidence::Receipt receipt_of(HttpClient& client, const std::string& target) {
  const HttpReply reply = client.get(target);
  if (reply.status != 200) fail("zan: {} gives {} {}", target, reply.status, reply.body);
  auto receipt = evidence::parse_receipt(reply.body);
  if (!receipt.ok()) fail("zan: {} gives no receipt: {}", target, receipt.error().message);
  return std::move(receipt).value();
}

}  // namespace

EvidenceState evidence_state(HttpClient& client) {
  const HttpReply reply = client.get("/v1/status");
  simdjson::dom::parser parser;
  simdjson::dom::element json;
  std::string_view position;
  EvidenceState state;
  if (reply.status != 200 || parser.parse(reply.body).get(json)) fail("zan: status gives {}", reply.status);
  if (json["position"].get(position) || json["evidence"]["entries"].get(state.entries) ||
      json["evidence"]["published"].get(state.published)) {
    fail("zan: no evidence in its status: {}", reply.body);
  }
  std::from_chars(position.data(), position.data() + position.size(), state.journal_position);
  state.well = json["evidence"]["trouble"].error() == simdjson::NO_SUCH_FIELD;
  return state;
}

double await_published(const ZanServer& server, std::uint64_t likes) {
  HttpClient client(server.port());
  const Stopwatch clock;
  std::uint64_t last = 0;
  double moved_at = 0;
  while (true) {
    const EvidenceState state = evidence_state(client);
    if (state.entries > likes) fail("zan logged {} entries of {} likes", state.entries, likes);
    if (state.published == likes) return clock.seconds();
    if (state.published != last) moved_at = clock.seconds();
    last = state.published;
    if (clock.seconds() - moved_at > kStandstillSeconds) fail("zan published {} of {} likes", last, likes);
    usleep(kPollUs);
  }
}

void await_well(const ZanServer& server) {
  HttpClient client(server.port());
  const Stopwatch clock;
  while (!evidence_state(client).well) {
    if (clock.seconds() > kStandstillSeconds) fail("zan: the log stays in trouble");
    usleep(kPollOfStartUs);
  }
}

void check_receipts(const ZanServer& server, const Population& population, std::size_t likes, std::size_t count) {
  HttpClient client(server.port());
  if (evidence_state(client).journal_position != likes) fail("zan: likes do not fill the journal");
  const evidence::Policy policy = policy_of(server);
  Random random(11);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t number = 1 + random.below(likes);
    const evidence::Receipt plain = receipt_of(client, fmt::format("/v1/receipts/@{}", number));
    const auto at_ms = static_cast<std::uint64_t>(plain.event.at.us) / 1000;
    const std::uint64_t sent = at_ms - kFirstAtMs;  // which like it is: each has a time of its own
    if (plain.event.number != number || sent >= likes) fail("zan: receipt {} is of another event", number);
    const Like& like = population.likes()[sent];
    const evidence::Receipt mine =
        receipt_of(client, fmt::format("/v1/receipts/@{}?user={}", number, user_id(like.user)));
    for (const evidence::Receipt* receipt : {&plain, &mine}) {
      const auto verdict = evidence::verify_receipt(*receipt, policy);
      if (!verdict.ok()) fail("zan: receipt {} does not hold: {}", number, verdict.error().message);
      if (verdict->checkpoint.size != likes)
        fail("zan: receipt {} is for {} entries", number, verdict->checkpoint.size);
    }
    if (mine.event != plain.event || mine.event.subject != subject_id(like.subject) || !mine.identity ||
        mine.identity->user != user_id(like.user)) {
      fail("zan: receipt {} says something else than was sent", number);
    }
  }
}

std::uint64_t checkpoint_size(HttpClient& client) {
  const HttpReply reply = client.get("/log/checkpoint");
  if (reply.status != 200) fail("zan: /log/checkpoint gives {}", reply.status);
  const std::size_t start = reply.body.find('\n') + 1;  // the origin, the size, the root
  std::uint64_t size = 0;
  const char* const end = reply.body.data() + reply.body.size();
  if (std::from_chars(reply.body.data() + start, end, size).ec != std::errc()) fail("zan: not a checkpoint");
  return size;
}

}  // namespace zan::bench
