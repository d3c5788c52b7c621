#include <simdjson.h>

#include <optional>

#include "connectors/retry.h"
#include "connectors/sink.h"

namespace zan::connectors {
namespace {

// Each PUT waits for its own commit; so many share one.
constexpr std::size_t put_connections = 8;
constexpr int status_ok = 200;

class ServerSink final : public Sink {
 public:
  ServerSink(HttpClientOptions server, std::stop_token stop) : server_(std::move(server)), stop_(std::move(stop)) {}

  Result<void> open() {
    ZAN_ASSIGN(auto client, HttpClient::connect(server_));
    clients_.push_back(std::move(client));
    return {};
  }

  Result<void> send(const Batch& batch) override {
    waiting_ = batch;
    return {};
  }

  // One batch at a time: its answer says all there is to know, and a batch that was refused for now can be sent again
  // as it is, because every event has an id.
  Result<Outcome> take_oldest() override {
    const Batch batch = std::move(*waiting_);
    waiting_.reset();
    Outcome outcome;
    ZAN_TRY(put_all(batch.attributes, outcome));
    if (!batch.events.empty()) ZAN_TRY(post(batch, outcome));
    return outcome;
  }

  std::size_t in_flight() const override { return waiting_ ? 1 : 0; }
  std::size_t in_flight_max() const override { return 1; }

 private:
  Result<void> post(const Batch& batch, Outcome& outcome) {
    for (int attempt = 0;; ++attempt) {
      ZAN_ASSIGN(const HttpAnswer answer,
                 clients_.front()->call({"POST", "/v1/events", "application/x-ndjson", batch.lines}));
      if (!is_busy(answer.status)) {
        if (answer.status != status_ok) return refusal(answer);
        ZAN_ASSIGN(const bool whole, read_answer(answer.body, batch, outcome));
        if (whole) return {};
      }
      if (attempt == retries_max || !wait_before_retry(answer, stop_)) return refusal(answer);
    }
  }

  // False: part of the batch was refused for now only; send it again.
  static Result<bool> read_answer(std::string_view body, const Batch& batch, Outcome& outcome) {
    simdjson::dom::parser parser;
    Outcome found;
    bool summed_up = false;
    while (!body.empty()) {
      const std::size_t end = std::min(body.find('\n'), body.size());
      const simdjson::padded_string line(body.substr(0, end));
      body.remove_prefix(std::min(end + 1, body.size()));
      if (line.size() == 0) continue;
      simdjson::dom::element json;
      if (parser.parse(line).get(json) != simdjson::SUCCESS) return invalid("the server's answer is not JSON");
      std::uint64_t index = 0;
      if (json["index"].get(index) == simdjson::SUCCESS) {
        std::int64_t status = 0;
        if (json["problem"]["status"].get(status) == simdjson::SUCCESS && is_busy(status)) return false;
        if (index >= batch.events.size()) return invalid("the server's answer names an event that was not sent");
        found.rejected.push_back({batch.events[index].row, problem_text(simdjson::minify(json["problem"].value()))});
      } else {
        summed_up = json["accepted"].get(found.accepted) == simdjson::SUCCESS &&
                    json["duplicates"].get(found.duplicates) == simdjson::SUCCESS;
      }
    }
    if (!summed_up) return invalid("the server's answer ends before its sums");
    outcome.accepted += found.accepted;
    outcome.duplicates += found.duplicates;
    std::move(found.rejected.begin(), found.rejected.end(), std::back_inserter(outcome.rejected));
    return true;
  }

  Result<void> put_all(const std::vector<AttributesPut>& puts, Outcome& outcome) {
    while (!puts.empty() && clients_.size() < put_connections) ZAN_TRY(open());
    for (std::size_t at = 0; at < puts.size(); at += put_connections) {
      const std::size_t count = std::min(put_connections, puts.size() - at);
      for (std::size_t i = 0; i < count; ++i) ZAN_TRY(send_put(*clients_[i], puts[at + i]));
      for (std::size_t i = 0; i < count; ++i) ZAN_TRY(finish_put(*clients_[i], puts[at + i], outcome));
    }
    return {};
  }

  static std::string target_of(const AttributesPut& put) {
    const bool user = put.kind == AttributesPut::Kind::user;
    return (user ? "/v1/users/" : "/v1/subjects/") + path_segment(put.name);
  }

  Result<void> send_put(HttpClient& client, const AttributesPut& put) {
    return client.send({"PUT", target_of(put), "application/json", put.json});
  }

  Result<void> finish_put(HttpClient& client, const AttributesPut& put, Outcome& outcome) {
    for (int attempt = 0;; ++attempt) {
      ZAN_ASSIGN(const HttpAnswer answer, client.receive());
      if (answer.status >= 200 && answer.status < 300) return ++outcome.attributes, Result<void>();
      if (!is_busy(answer.status)) {
        const Error why = refusal(answer);
        if (why.kind != ErrorKind::invalid) return why;
        outcome.rejected.push_back({put.row, why.message});
        return {};
      }
      if (attempt == retries_max || !wait_before_retry(answer, stop_)) return refusal(answer);
      ZAN_TRY(send_put(client, put));
    }
  }

  HttpClientOptions server_;
  std::stop_token stop_;
  std::vector<std::unique_ptr<HttpClient>> clients_;
  std::optional<Batch> waiting_;
};

}  // namespace

Result<std::unique_ptr<Sink>> make_server_sink(const HttpClientOptions& server, std::stop_token stop) {
  auto sink = std::make_unique<ServerSink>(server, std::move(stop));
  ZAN_TRY(sink->open());
  return std::unique_ptr<Sink>(std::move(sink));
}

std::string problem_text(std::string_view body) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(body);
  simdjson::dom::element problem;
  if (parser.parse(padded).get(problem) != simdjson::SUCCESS) return std::string(body.substr(0, 200));
  std::string_view text;
  for (const char* key : {"detail", "title"})
    if (problem[key].get(text) == simdjson::SUCCESS && !text.empty()) return std::string(text);
  return std::string(body.substr(0, 200));
}

}  // namespace zan::connectors
