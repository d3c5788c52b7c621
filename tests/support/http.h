// A small blocking HTTP/1.1 client over loopback, for driving the real binary: keep-alive, chunked answers, requests streamed
// piece by piece, and raw bytes for what no decent client would send.
//
// Threads: one at a time per Connection. Every wait ends after io_timeout_seconds with Trouble.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zan::testing_support {

inline constexpr int io_timeout_seconds = 60;

using Headers = std::vector<std::pair<std::string, std::string>>;  // names in lower case

struct Response {
  int status = 0;
  Headers headers;
  std::string body;

  // Empty if the header is not there.
  [[nodiscard]] std::string header(std::string_view name) const;
};

class Connection {
 public:
  explicit Connection(std::uint16_t port);
  ~Connection();
  Connection(Connection&& other) noexcept;
  Connection& operator=(Connection&& other) noexcept;

  // Sends a whole request and reads the whole answer.
  Response request(std::string_view method, std::string_view target, const Headers& headers = {},
                   std::string_view body = {});

  // The same in parts: head, then the body in chunks, then an empty chunk; answers are read separately.
  void begin_chunked(std::string_view method, std::string_view target, const Headers& headers);
  void send_chunk(std::string_view bytes);
  void end_chunked();
  Response read_response();

  // Head of an answer that may never end, and then its lines, without the line ends; nullopt when the answer is over.
  Response read_head();
  std::optional<std::string> read_line();

  void send_raw(std::string_view bytes);
  // False once the other side has closed or the connection was told to close by an answer.
  [[nodiscard]] bool usable() const { return socket_ >= 0; }
  void close();

 private:
  std::string read_until(std::string_view end);
  std::string read_exactly(std::size_t size);
  void read_body(Response& response, bool head_only);
  bool fill();  // false: the other side closed

  int socket_ = -1;
  std::string buffer_;    // received, not yet consumed
  bool chunked_ = false;  // the answer being read by read_line()
  std::string decoded_;   // its decoded bytes not yet handed out
};

}  // namespace zan::testing_support
