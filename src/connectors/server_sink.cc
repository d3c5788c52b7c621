#include <simdjson.h>

#include <optional>

#include "base/json.h"
#include "connectors/retry.h"
#include "connectors/sink.h"

namespace zan::connectors {
namespace {

// Each PUT waits for its own commit; so many share one.
constexpr std::size_t put_connections = 8;
constexpr int status_ok = 200;
// What a server that was started without feeds says (503, as one that is busy), and says for good.
constexpr std::string_view no_feeds_words = "makes no feeds";

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
    for (const Run& run : runs_of(batch)) {
      if (!run.showings.empty()) ZAN_TRY(post_showings(run.showings, outcome));
      if (!run.events.empty()) ZAN_TRY(post(batch, run.events, outcome));
    }
    return outcome;
  }

  std::size_t in_flight() const override { return waiting_ ? 1 : 0; }
  std::size_t in_flight_max() const override { return 1; }

 private:
  // A server without feeds remembers nothing of what was shown.
  Result<void> post_showings(std::span<const Showing> showings, Outcome& outcome) {
    if (without_feeds_) return {};
    const std::string body = json_of(showings);
    for (int attempt = 0;; ++attempt) {
      ZAN_ASSIGN(const HttpAnswer answer,
                 clients_.front()->call({"POST", "/v1/impressions", "application/json", body}));
      if (answer.status == status_ok) return read_taken(answer.body, outcome);
      if (!is_busy(answer.status)) return refusal(answer);
      if (answer.body.find(no_feeds_words) != std::string::npos) {
        without_feeds_ = true;
        return {};
      }
      if (attempt == retries_max || !wait_before_retry(answer, stop_)) return refusal(answer);
    }
  }

  static Result<void> read_taken(std::string_view body, Outcome& outcome) {
    simdjson::dom::parser parser;
    std::uint64_t taken = 0;
    if (parser.parse(simdjson::padded_string(body))["taken"].get(taken) != simdjson::SUCCESS)
      return invalid("the server's answer does not say how many showings it took");
    outcome.showings += taken;
    return {};
  }

  static std::string json_of(std::span<const Showing> showings) {
    std::string body = R"({"shown":[)";
    for (const Showing& showing : showings) {
      body.append(body.back() == '[' ? R"({"viewer":)" : R"(,{"viewer":)");
      append_json_string(body, showing.viewer);
      body.append(R"(,"subjects":[)");
      append_json_string(body, showing.subject);
      body.append(R"(],"surface":)");
      append_json_string(body, showing.surface);
      body.append(R"(,"at":")").append(to_rfc3339(showing.at)).append("\"}");
    }
    return body.append("]}");
  }

  Result<void> post(const Batch& batch, std::span<const EventLine> events, Outcome& outcome) {
    const std::size_t first = events.front().offset, end = events.back().offset + events.back().length + 1;
    const std::string lines = batch.lines.substr(first, end - first);
    for (int attempt = 0;; ++attempt) {
      ZAN_ASSIGN(const HttpAnswer answer,
                 clients_.front()->call({"POST", "/v1/events", "application/x-ndjson", lines}));
      if (!is_busy(answer.status)) {
        if (answer.status != status_ok) return refusal(answer);
        ZAN_ASSIGN(const bool whole, read_answer(answer.body, events, outcome));
        if (whole) return {};
      }
      if (attempt == retries_max || !wait_before_retry(answer, stop_)) return refusal(answer);
    }
  }

  // False: part of the batch was refused for now only; send it again.
  static Result<bool> read_answer(std::string_view body, std::span<const EventLine> events, Outcome& outcome) {
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
        if (index >= events.size()) return invalid("the server's answer names an event that was not sent");
        found.rejected.push_back({events[index].row, problem_text(simdjson::minify(json["problem"].value()))});
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

  bool without_feeds_ = false;
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
