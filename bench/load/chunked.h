// One POST /v1/events of unknown length: lines are sent as chunks (RFC 9112 section 7.1) while the
// reply is read as it comes, so that neither side ever waits for the other to read. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "net/http.h"
#include "net/socket.h"

namespace zan::bench {

class ChunkedPost {
 public:
  explicit ChunkedPost(std::uint16_t port);
  void send(std::string_view lines);  // one chunk
  HttpReply finish();                 // the last chunk; waits for the end of the reply

 private:
  void write(std::string_view bytes);
  bool read_available();  // true when the reply is complete

  Socket socket_;
  HttpReader reader_;
  bool answered_ = false;
};

}  // namespace zan::bench
