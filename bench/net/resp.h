// A small Redis client (RESP2, the protocol of redis.io/docs/reference/protocol-spec): commands are
// appended to a buffer, sent in one write, and their replies counted or parsed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "net/reply.h"
#include "net/socket.h"

namespace zan::bench {

void append_command(std::string& out, std::initializer_list<std::string_view> words);
void append_command(std::string& out, const std::vector<std::string_view>& words);

struct RespValue {
  enum class Kind { text, error, integer, nothing, list };
  Kind kind = Kind::nothing;
  std::string text;  // text and error
  std::int64_t integer = 0;
  std::vector<RespValue> items;
};

// Parses one value at `position` and moves it behind; false when bytes are missing (position is
// then unchanged).
bool parse_resp(std::string_view bytes, std::size_t& position, RespValue& value);

// Moves `position` behind one value without building it; false when bytes are missing.
bool skip_resp(std::string_view bytes, std::size_t& position);

// Waits for a fixed number of top-level replies.
class RespReader final : public ReplyReader {
 public:
  explicit RespReader(std::size_t replies) : wanted_(replies) {}
  bool feed(std::string_view bytes) override;
  std::string_view content() const override { return bytes_; }
  bool good() const override { return good_; }
  void reset() override;

 private:
  std::size_t wanted_;
  std::size_t seen_ = 0;
  std::size_t position_ = 0;
  std::string bytes_;
  bool good_ = true;
};

class RespClient {
 public:
  explicit RespClient(std::uint16_t port) : socket_(connect_loopback(port)) {}

  RespValue call(std::initializer_list<std::string_view> words);

  // Sends what was appended and waits for that many replies; the raw replies stay valid until the
  // next call. Fails the run when one of them is an error.
  std::string_view round_trip(std::string_view commands, std::size_t replies);

 private:
  Socket socket_;
  std::string received_;
};

}  // namespace zan::bench
