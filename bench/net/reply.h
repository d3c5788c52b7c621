// A reply that arrives in pieces: what the closed-loop load generator waits for, whatever the
// protocol.
#pragma once

#include <string_view>

namespace zan::bench {

class ReplyReader {
 public:
  virtual ~ReplyReader() = default;

  // Takes the next bytes from the socket. True when the reply is complete; a reply must not be
  // followed by bytes of another one, since the client sends its next request only afterwards.
  // Fails the run on malformed bytes.
  virtual bool feed(std::string_view bytes) = 0;

  // What arrived, valid until reset(): the body for HTTP, the raw replies for Redis.
  virtual std::string_view content() const = 0;
  virtual bool good() const = 0;  // status 200, or no error reply among them
  virtual void reset() = 0;
};

}  // namespace zan::bench
