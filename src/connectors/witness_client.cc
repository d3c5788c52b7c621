#include "connectors/witness_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/log.h"
#include "connectors/log_source.h"
#include "connectors/witness_line.h"

namespace zan::connectors {
namespace {

using evidence::NoteSignature;
using evidence::SignedCheckpoint;
using evidence::TreeReader;

constexpr int failures_max = 6;  // 1 s, 2 s, 4 s ... 32 s, then a minute

enum class Stage : unsigned char { resting, asked, asked_again, to_show };

struct Asked {
  std::string name;
  evidence::VerifierKey key;
  std::string prefix;
  std::unique_ptr<WitnessLine> line;
  std::uint64_t seen = 0;  // size that it cosigned last, as far as we know
  int failures = 0;        // since the last cosignature
  std::int64_t paused_until_us = 0;
  Stage stage = Stage::resting;
};

// What the calls of one cosign() have in common.
struct Round {
  const std::string& note;
  const SignedCheckpoint& checkpoint;
  TreeReader& tree;
  std::int64_t deadline_us;
  std::vector<NoteSignature> cosignatures;

  [[nodiscard]] std::uint64_t size() const { return checkpoint.checkpoint.size; }
};

class WitnessClient final : public evidence::Cosigners {
 public:
  WitnessClient(std::vector<evidence::VerifierKey> log_keys, const Clock& clock)
      : log_keys_(std::move(log_keys)), clock_(clock) {}

  void add(std::string name, evidence::VerifierKey key, LogUrl url) {
    auto line = std::make_unique<WitnessLine>(std::move(url.server), clock_, bell_);
    witnesses_.push_back({std::move(name), std::move(key), std::move(url.prefix), std::move(line)});
  }

  std::vector<NoteSignature> cosign(const std::string& signed_checkpoint, TreeReader& tree,
                                    std::int64_t timeout_us) override {
    const auto checkpoint = evidence::parse_signed_checkpoint(signed_checkpoint);
    if (!checkpoint.ok()) return {};
    Round round{signed_checkpoint, *checkpoint, tree, clock_.monotonic_us() + timeout_us, {}};
    std::unique_lock lock(bell_.mutex);
    for (Asked& witness : witnesses_) {
      if (witness.line->idle() && clock_.monotonic_us() >= witness.paused_until_us) begin(witness, round);
    }
    while (std::ranges::any_of(witnesses_, &is_under_way)) {
      const std::int64_t left_us = round.deadline_us - clock_.monotonic_us();
      if (left_us <= 0) break;
      bell_.rung.wait_for(lock, std::chrono::microseconds(left_us));
      for (Asked& witness : witnesses_) {
        if (!is_under_way(witness)) continue;
        if (const auto answer = witness.line->take()) judge(witness, *answer, round);
      }
    }
    for (Asked& witness : witnesses_) {
      if (is_under_way(witness)) fail(witness, "no answer in time");
    }
    return std::move(round.cosignatures);
  }

  [[nodiscard]] std::optional<std::string> alarm() const override { return alarm_; }

 private:
  static bool is_under_way(const Asked& witness) { return witness.stage != Stage::resting; }

  void begin(Asked& witness, Round& round) {
    if (witness.seen > round.size()) witness.seen = 0;  // it will say what it has
    ask(witness, round, Stage::asked);
  }

  void ask(Asked& witness, Round& round, Stage stage) {
    evidence::WitnessRequest request{.old_size = witness.seen, .checkpoint = round.note};
    auto proof = round.tree.consistency(witness.seen);
    if (!proof.ok()) {
      log::error("no proof for a witness", {{"cause", proof.error().message}});
      witness.stage = Stage::resting;
      return;
    }
    request.proof = std::move(proof).value();
    witness.stage = stage;
    witness.line->start({"POST", witness.prefix + "/add-checkpoint", to_text(request), round.deadline_us});
  }

  void ask_to_show(Asked& witness, Round& round) {
    const std::string& origin = round.checkpoint.checkpoint.origin;
    witness.stage = Stage::to_show;
    witness.line->start(
        {"GET", fmt::format("{}/{}/checkpoint", witness.prefix, evidence::to_hex(evidence::sha256(as_bytes(origin)))),
         "", round.deadline_us});
  }

  void judge(Asked& witness, const Result<HttpAnswer>& answer, Round& round) {
    if (!answer.ok()) return fail(witness, answer.error().message);
    if (witness.stage == Stage::to_show) return judge_shown(witness, *answer, round);
    if (answer->status == 200) return judge_cosigned(witness, *answer, round);
    if (answer->status == 422) return ask_to_show(witness, round);
    if (answer->status != 409) return fail(witness, fmt::format("answered {}", answer->status));
    const auto size = evidence::parse_witness_size(answer->body);
    // Until July 2026 the protocol had 409 for another root of the same size.
    if (!size.ok() || *size > round.size() || *size == witness.seen) return ask_to_show(witness, round);
    if (witness.stage == Stage::asked_again) return fail(witness, "names one size after the other");
    witness.seen = *size;
    ask(witness, round, Stage::asked_again);
  }

  void judge_cosigned(Asked& witness, const HttpAnswer& answer, Round& round) {
    auto lines = evidence::accept_cosignatures(answer.body, round.checkpoint.note.text, {&witness.key, 1});
    if (!lines.ok()) return fail(witness, lines.error().message);
    round.cosignatures.push_back(std::move(lines->front()));
    witness.seen = round.size();
    witness.failures = 0;
    witness.stage = Stage::resting;
  }

  // It has refused to cosign our tree. Only our own signature on another tree proves that it is right.
  void judge_shown(Asked& witness, const HttpAnswer& answer, Round& round) {
    witness.seen = 0;
    fail(witness, "says that it has seen another tree of this log");
    if (answer.status != 200) return;
    const auto shown = evidence::open_checkpoint(answer.body, round.checkpoint.checkpoint.origin, log_keys_);
    if (!shown.ok()) return;
    const evidence::Checkpoint& theirs = shown->checkpoint;
    const std::string start = fmt::format("the witness {} holds a checkpoint of {} entries that this log has signed, ",
                                          witness.name, theirs.size);
    if (theirs.size > round.size()) {
      alarm_ = start + fmt::format("and the log has {}: it was restored from an old backup", round.size());
    } else if (const auto root = round.tree.root_at(theirs.size); root.ok() && *root != theirs.root) {
      alarm_ = start + "and the log has another tree of that size: it was forked";
    }
    if (alarm_) log::error("a witness holds what this log has signed and does not have", {{"reason", *alarm_}});
  }

  void fail(Asked& witness, const std::string& why) {
    witness.stage = Stage::resting;
    witness.failures = std::min(witness.failures + 1, failures_max + 1);
    const std::int64_t pause_us =
        witness.failures > failures_max ? witness_pause_us_max : us_per_second << (witness.failures - 1);
    witness.paused_until_us = clock_.monotonic_us() + pause_us;
    log::warn("a witness did not cosign",
              {{"witness", witness.name}, {"cause", why}, {"asked_again_in_ms", pause_us / us_per_ms}});
  }

  const std::vector<evidence::VerifierKey> log_keys_;
  const Clock& clock_;
  std::optional<std::string> alarm_;
  WitnessBell bell_;
  std::vector<Asked> witnesses_;
};

}  // namespace

Result<std::unique_ptr<evidence::Cosigners>> open_witnesses(const evidence::Policy& policy, const Clock& clock) {
  std::vector<evidence::VerifierKey> log_keys;
  for (const auto& log : policy.logs) log_keys.push_back(log.key);
  auto client = std::make_unique<WitnessClient>(std::move(log_keys), clock);
  std::size_t count = 0;
  for (const auto& party : policy.parties) {
    if (party.is_group() || party.url.empty()) continue;
    auto url = parse_prefix_url(party.url);
    if (!url.ok()) return Error{url.error().kind, url.error().message, "witness " + party.name};
    if (++count > witnesses_max) return invalid(fmt::format("more than {} witnesses with a URL", witnesses_max));
    client->add(party.name, party.key, std::move(url).value());
  }
  return std::unique_ptr<evidence::Cosigners>(std::move(client));
}

}  // namespace zan::connectors
