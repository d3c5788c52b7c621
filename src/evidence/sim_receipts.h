// Test support: a log of a few events, and the receipts of them.
//
// Threads: one.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "evidence/log.h"
#include "evidence/receipt.h"
#include "storage/storage.h"

namespace zan::evidence {

// Events of every type (the twelfth is a verdict), with and without each thing an event can have.
inline Event sample_event(std::size_t i) {
  Event event;
  event.type = i % 12 == 11 ? EventType::verdict : event_types[i % (event_types.size() - 1)];
  event.number = 1'000 + i;
  event.at = {1'650'899'141'436'000 + static_cast<std::int64_t>(i) * 999'983};
  event.received = {event.at.us + 1'234'567};
  event.incentivised = i % 3 == 1;
  event.changed = i % 5 != 4;
  event.replaced = static_cast<Replaced>(i % 4);
  event.replaced_incentivised = i % 4 == 1;
  event.verdict = static_cast<Verdict>(i / 2 % 4);
  if (i % 7 != 6) event.subject = i % 2 == 0 ? fmt::format("video-{}", i) : fmt::format("视频・真赞 \"{}\"", i);
  event.creator = "maker-9";
  event.region = i % 2 == 0 ? "上海" : "";
  event.surface = i % 3 == 0 ? "feed" : "";
  if (event.type == EventType::comment) event.text_hash = sha256(as_bytes("好看！"));
  return event;
}

class LoggedEvents {
 public:
  static constexpr const char* origin = "example.com/zhenzan";
  static constexpr const char* user = "小红";

  // The disk is an empty one.
  LoggedEvents(std::unique_ptr<storage::Disk> disk, std::size_t count) : disk_(std::move(disk)) {
    EntryBatch batch;
    for (std::size_t i = 0; i < count; ++i) {
      Receipt receipt{.event = sample_event(i), .index = i};
      const ActorScope scope = scope_of(receipt.event.subject, receipt.event.creator);
      const EventSecrets secrets = secrets_of(person_key, receipt.event.number, scope);
      receipt.event.actor = actor_of(secrets.actor_key, user);
      receipt.opening = secrets.opening;
      receipt.identity = {user, secrets.actor_key};
      require(batch.add(entry_of(receipt.event, receipt.opening)).ok(), "an entry fits");
      receipts_.push_back(std::move(receipt));
    }
    require(log_->integrate(batch).ok() && log_->publish().ok(), "the log takes the batch");
    auto reader = log_->reader().value();
    const Bytes checkpoint = storage::read_file(*disk_, "log/checkpoint").value();
    for (Receipt& receipt : receipts_) {
      receipt.proof = reader.inclusion(receipt.index).value();
      receipt.checkpoint = as_text(checkpoint);
    }
  }

  [[nodiscard]] VerifierKey key() const { return log_->verifiers()[0]; }
  [[nodiscard]] Policy policy() const { return trust_one_log(key()); }
  [[nodiscard]] const Receipt& receipt(std::size_t i) const { return receipts_.at(i); }
  [[nodiscard]] Receipt without_identity(std::size_t i) const {
    Receipt receipt = receipts_.at(i);
    receipt.identity.reset();
    return receipt;
  }
  // As the world reads it: "checkpoint", "tile/0/000.p/23".
  [[nodiscard]] Result<Bytes> file(std::string_view path) const {
    return storage::read_file(*disk_, "log/" + std::string(path));
  }

 private:
  static constexpr std::array<unsigned char, 16> person_key{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

  std::unique_ptr<storage::Disk> disk_;
  SeededEntropy entropy_{1};
  std::unique_ptr<Log> log_ = Log::open(*disk_, entropy_, {.origin = origin}).value();
  std::vector<Receipt> receipts_;
};

}  // namespace zan::evidence
