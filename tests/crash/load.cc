#include "load.h"

#include <simdjson.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <random>
#include <thread>
#include <utility>

#include "support/http.h"
#include "support/outcome.h"

namespace zan::crash {
namespace {

using testing_support::Connection;
using testing_support::Headers;
using testing_support::Response;
using testing_support::Trouble;

// An answer that must never be, whatever is being killed.
class WrongAnswer : public Trouble {
 public:
  using Trouble::Trouble;
};

struct Summary {
  std::uint64_t accepted = 0, duplicates = 0, rejected = 0;
};

Summary summary_of(const Response& response) {
  std::string_view body = response.body;
  while (body.ends_with('\n')) body.remove_suffix(1);
  const auto last = body.rfind('\n');
  const std::string line(last == std::string_view::npos ? body : body.substr(last + 1));
  simdjson::dom::parser parser;
  simdjson::dom::element summary;
  Summary result;
  if (parser.parse(line).get(summary) != simdjson::SUCCESS ||
      summary["accepted"].get(result.accepted) != simdjson::SUCCESS ||
      summary["duplicates"].get(result.duplicates) != simdjson::SUCCESS ||
      summary["rejected"].get(result.rejected) != simdjson::SUCCESS) {
    throw WrongAnswer("not a summary: " + response.body.substr(0, 500));
  }
  return result;
}

// True when the operations are in; false when the server asked us to come again later.
bool taken(const Response& response, std::size_t count) {
  if (response.status == 429 || response.status == 503) return false;
  if (response.status != 200) {
    throw WrongAnswer("status " + std::to_string(response.status) + ": " + response.body.substr(0, 500));
  }
  const Summary summary = summary_of(response);
  // A stream that a clean stop cut short: some are in, all are sent again with the same ids.
  if (response.body.find("urn:zhenzan:problem:unavailable") != std::string::npos) return false;
  if (summary.rejected != 0 || summary.accepted + summary.duplicates != count) {
    throw WrongAnswer("of " + std::to_string(count) + " operations: " + response.body.substr(0, 500));
  }
  return true;
}

std::string to_lines(const Operation* begin, const Operation* end) {
  std::string lines;
  for (const Operation* operation = begin; operation != end; ++operation) lines += to_json(*operation) + "\n";
  return lines;
}

const Headers ndjson = {{"content-type", "application/x-ndjson"}};
const Headers json = {{"content-type", "application/json"}};

Response send(Connection& connection, const std::vector<Operation>& operations) {
  constexpr std::size_t whole_body_max = 500;
  if (operations.size() == 1) return connection.request("POST", "/v1/events", json, to_json(operations.front()));
  const Operation* first = operations.data();
  const Operation* last = first + operations.size();
  if (operations.size() <= whole_body_max)
    return connection.request("POST", "/v1/events", ndjson, to_lines(first, last));
  connection.begin_chunked("POST", "/v1/events", ndjson);
  while (first != last) {
    const auto size = std::min<std::ptrdiff_t>(last - first, 200);
    connection.send_chunk(to_lines(first, first + size));
    first += size;
  }
  connection.end_chunked();
  return connection.read_response();
}

std::size_t batch_size(std::mt19937_64& random) {
  switch (random() % 8) {
    case 0:
      return 2000;
    case 1:
    case 2:
      return 300;
    case 3:
      return 20;
    default:
      return 1;
  }
}

}  // namespace

struct Load::State {
  SharedModel& shared;
  std::mutex mutex;
  std::condition_variable changed;
  std::uint64_t answered = 0;
  int running = 0;
  std::exception_ptr wrong;
  std::string broken;  // why the last connection ended
  std::atomic<bool> finishing = false;
  std::vector<std::thread> workers;

  std::vector<Operation> begin(std::size_t count) {
    std::vector<Operation> operations;
    const std::lock_guard lock(shared.mutex);
    for (std::size_t i = 0; i < count; ++i) {
      operations.push_back(shared.model.make());
      shared.model.begin(operations.back());
    }
    return operations;
  }

  void finish(const std::vector<Operation>& operations) {
    {
      const std::lock_guard lock(shared.mutex);
      for (const Operation& operation : operations) shared.model.finish(operation);
    }
    const std::lock_guard lock(mutex);
    answered += operations.size();
    changed.notify_all();
  }

  void work(std::uint16_t port, std::uint64_t seed) {
    std::mt19937_64 random(seed);
    try {
      Connection connection(port);
      while (!finishing) {
        const auto operations = begin(batch_size(random));
        if (!connection.usable()) connection = Connection(port);
        if (taken(send(connection, operations), operations.size())) finish(operations);
      }
    } catch (const WrongAnswer&) {
      const std::lock_guard lock(mutex);
      wrong = std::current_exception();
    } catch (const Trouble& trouble) {
      // The server is gone: what we came for, if it was killed.
      const std::lock_guard lock(mutex);
      broken = trouble.what();
    }
    const std::lock_guard lock(mutex);
    --running;
    changed.notify_all();
  }
};

Load::Load(SharedModel& shared, std::uint16_t port, std::uint64_t seed) : state_(new State{shared}) {
  state_->running = connection_count;
  for (int i = 0; i < connection_count; ++i) {
    state_->workers.emplace_back(
        [this, port, worker_seed = seed * 31 + static_cast<std::uint64_t>(i)] { state_->work(port, worker_seed); });
  }
}

Load::~Load() {
  for (std::thread& worker : state_->workers) {
    if (worker.joinable()) worker.join();
  }
}

void Load::wait_for_answers(std::uint64_t answered_goal) {
  std::unique_lock lock(state_->mutex);
  state_->changed.wait(lock, [&] { return state_->answered >= answered_goal || state_->running == 0; });
  if (state_->running == 0 && !state_->wrong) {
    throw Trouble("all connections broke although nobody killed the server: " + state_->broken);
  }
}

void Load::finish() {
  state_->finishing = true;
}

void Load::join() {
  for (std::thread& worker : state_->workers) worker.join();
  state_->workers.clear();
  if (state_->wrong) std::rethrow_exception(state_->wrong);
}

void resend(std::uint16_t port, const std::vector<Operation>& operations, bool all_duplicates) {
  constexpr std::size_t at_once = 500;
  constexpr int tries_max = 1000;
  Connection connection(port);
  for (std::size_t from = 0; from < operations.size(); from += at_once) {
    const std::size_t count = std::min(at_once, operations.size() - from);
    const std::string lines = to_lines(operations.data() + from, operations.data() + from + count);
    Response response;
    for (int i = 0; i < tries_max; ++i) {
      if (!connection.usable()) connection = Connection(port);
      response = connection.request("POST", "/v1/events", ndjson, lines);
      if (taken(response, count)) break;
    }
    if (all_duplicates && summary_of(response).accepted != 0) {
      throw Trouble("operations answered before were accepted once more: " + response.body);
    }
  }
}

}  // namespace zan::crash
