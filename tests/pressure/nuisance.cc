#include "nuisance.h"

#include "support/outcome.h"

namespace zan::pressure {

using testing_support::Connection;

std::vector<Connection> start_nuisance(std::uint16_t port) {
  constexpr const char* beginnings[] = {
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nX-Slow:",
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"type\":",
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: "
      "chunked\r\n\r\n5\r\n{",
      "GET /v1/stream HTTP/1.1\r\nHost: x\r\n\r\n",  // and never reads
  };
  std::vector<Connection> connections;
  for (int i = 0; i < idle_connections; ++i) connections.emplace_back(port);
  for (const char* beginning : beginnings) {
    for (int i = 0; i < stuck_connections; ++i) connections.emplace_back(port).send_raw(beginning);
  }
  return connections;
}

void send_nonsense(std::uint16_t port) {
  const std::string nonsense[] = {
      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",  // a TLS greeting
      "LIKE everything\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\n}{]",
      "GET /v1/subjects/%zz/counts HTTP/1.1\r\nHost: x\r\n\r\n",
  };
  for (const std::string& bytes : nonsense) {
    Connection connection(port);
    connection.send_raw(bytes);
    const auto answer = connection.read_response();
    if (answer.status < 400 || answer.status > 505)
      throw testing_support::Trouble("nonsense was answered with " + std::to_string(answer.status) + ": " + bytes);
  }
}

}  // namespace zan::pressure
