#include "crowd.h"

#include <barrier>
#include <exception>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "support/http.h"
#include "support/outcome.h"

namespace zan::pressure {
namespace {

using testing_support::Connection;
using testing_support::Response;
using testing_support::Trouble;

std::string array_of(int round, int client) {
  std::string body = "[";
  for (int i = 0; i < crowd_events; ++i) {
    if (i > 0) body += ',';
    body += R"({"type":"like","actor":"c)" + std::to_string(round) + "-" + std::to_string(client) + "-" +
            std::to_string(i % crowd_people) + R"(","subject":"crowd-)" + std::to_string(i / crowd_people) + R"("})";
  }
  return body + "]";
}

// False: refused, and told when to come again.
bool taken(const Response& answer) {
  if (answer.status == 200) return true;
  if (answer.status != 429 && answer.status != 503)
    throw Trouble("a crowd was answered with " + std::to_string(answer.status) + " " + answer.body);
  if (answer.header("retry-after").empty())
    throw Trouble("a refusal does not say when to come again: " + std::to_string(answer.status) + " " + answer.body);
  return false;
}

// Everybody waits for everybody once; who cannot come that far does not keep the others.
class Meeting {
 public:
  explicit Meeting(std::barrier<>& barrier) : barrier_(barrier) {}
  ~Meeting() {
    if (!met_) barrier_.arrive_and_drop();
  }
  Meeting(const Meeting&) = delete;
  Meeting& operator=(const Meeting&) = delete;
  void meet() {
    met_ = true;
    barrier_.arrive_and_wait();
  }

 private:
  std::barrier<>& barrier_;
  bool met_ = false;
};

Response send_in_two(std::uint16_t port, const std::string& body, std::barrier<>& together) {
  Meeting meeting(together);
  Connection connection(port);
  const std::string_view bytes = body;
  try {
    connection.send_raw("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n");
    connection.send_raw(bytes.substr(0, bytes.size() / 2));
    meeting.meet();
    connection.send_raw(bytes.substr(bytes.size() / 2));
  } catch (const Trouble&) {
    // Refused before all was sent: the answer is there to be read.
  }
  return connection.read_response();
}

}  // namespace

Tally crowd_round(std::uint16_t port, int round) {
  Tally tally;
  std::mutex mutex;
  std::exception_ptr trouble;
  std::barrier together(crowd_clients);
  {
    std::vector<std::jthread> clients;
    for (int client = 0; client < crowd_clients; ++client) {
      clients.emplace_back([&, client] {
        try {
          const std::string body = array_of(round, client);
          const bool accepted = taken(send_in_two(port, body, together));
          const std::lock_guard lock(mutex);
          (accepted ? tally.accepted_requests : tally.refused_requests) += 1;
        } catch (...) {
          const std::lock_guard lock(mutex);
          trouble = std::current_exception();
        }
      });
    }
  }
  if (trouble) std::rethrow_exception(trouble);
  return tally;
}

std::uint64_t ordinary_client(std::uint16_t port, const std::atomic<bool>& enough) {
  Connection connection(port);
  std::uint64_t likes = 0;
  while (!enough.load()) {
    const std::string body = R"({"type":"like","actor":"o)" + std::to_string(likes) + R"(","subject":"ordinary"})";
    while (!taken(connection.request("POST", "/v1/events", {{"content-type", "application/json"}}, body))) {
      if (!connection.usable()) connection = Connection(port);
    }
    ++likes;
  }
  return likes;
}

}  // namespace zan::pressure
