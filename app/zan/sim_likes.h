// SimLikes: a log of likes in a real folder, with the receipts that a server would give, and the server itself.
#pragma once

#include <fmt/format.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/random.h"
#include "connectors/sim_server.h"
#include "evidence/evidence.h"
#include "storage/storage.h"

namespace zan::app {

class SimLikes {
 public:
  static constexpr const char* origin = "example.com/log";
  static constexpr const char* subject = "v1";

  // `folder`: of the data. Logs of one seed have one key.
  explicit SimLikes(const std::string& folder, std::uint64_t seed = 1)
      : entropy_(seed),
        disk_(storage::open_machine_disk(folder).value()),
        log_(evidence::Log::open(*disk_, entropy_, {.origin = origin}).value()) {
    require(log_->publish().ok(), "a disk with room");
  }

  // One organic like a user, of users that have not liked yet. `salt` makes other entries of the same users.
  void like(std::size_t count, std::uint8_t salt = 0) {
    evidence::EntryBatch batch;
    for (std::size_t i = 0; i < count; ++i) {
      evidence::Receipt receipt;
      receipt.index = receipts_.size();
      receipt.identity = {fmt::format("u{}", receipt.index), {}};
      receipt.identity->key.fill(std::byte{salt});
      receipt.opening = evidence::sha256(as_bytes(fmt::format("{} {}", salt, receipt.index)));
      receipt.event.number = receipt.index + 1;
      receipt.event.at = receipt.event.received = {1'700'000'000 * us_per_second};
      receipt.event.subject = subject;
      receipt.event.actor = evidence::actor_of(receipt.identity->key, receipt.identity->user);
      require(batch.add(entry_of(receipt.event, receipt.opening)).ok(), "a test's batch is small");
      receipts_.push_back(std::move(receipt));
    }
    require(log_->integrate(batch).ok() && log_->publish().ok(), "a disk with room");
  }
  evidence::Receipt receipt(std::size_t index) {
    evidence::Receipt receipt = receipts_[index];
    receipt.proof = log_->reader()->inclusion(index).value();
    receipt.checkpoint = text("log/checkpoint");
    return receipt;
  }
  evidence::Log& log() { return *log_; }
  std::string text(const std::string& path) {
    const auto bytes = storage::read_file(*disk_, path);
    return bytes.ok() ? std::string(as_text(*bytes)) : std::string();
  }

  // What a server says. `more_likes` of the counts are a lie.
  std::string answer(const connectors::SimServer::Request& request, int more_likes = 0) {
    if (request.target.starts_with("/log/")) {
      const std::string body = text(request.target.substr(1));
      return connectors::sim_answer(body.empty() ? 404 : 200, body);
    }
    if (request.target == "/v1/subjects/v1/counts")
      return connectors::sim_answer(
          200,
          fmt::format(R"({{"likes":{},"dislikes":0,"held":0,"rejected":0,"incentivised":{{"likes":0,"dislikes":0}}}})",
                      static_cast<int>(receipts_.size()) + more_likes));
    if (request.target.starts_with("/v1/subjects/v1/evidence?")) return connectors::sim_answer(200, evidence_page());
    return connectors::sim_answer(404, "{}");
  }

 private:
  std::string evidence_page() const {
    std::string json = R"({"subject":"v1","items":[)";
    for (const evidence::Receipt& receipt : receipts_) {
      json += fmt::format(R"({}{{"index":{},"opening":"{}","event":)", &receipt == receipts_.data() ? "" : ",",
                          receipt.index, evidence::to_base64(receipt.opening));
      evidence::append_event(json, receipt.event);
      json += '}';
    }
    return json + R"(],"pending":0,"next":null})";
  }

  SeededEntropy entropy_;
  std::unique_ptr<storage::Disk> disk_;
  std::unique_ptr<evidence::Log> log_;
  std::vector<evidence::Receipt> receipts_;
};

}  // namespace zan::app
