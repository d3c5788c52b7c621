// HttpReader: answers out of the bytes of an HTTP/1.1 connection (RFC 9112), whole ones only: Content-Length or chunked.
//
// Threads: one. Errors: invalid (not HTTP, too large, neither length given).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "connectors/http_client.h"

namespace zan::connectors {

class HttpReader {
 public:
  void clear() { bytes_.clear(); }
  void add(std::string_view bytes) { bytes_.append(bytes); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  // The next answer, once all of it is there. Interim (1xx) answers are passed over.
  Result<std::optional<HttpAnswer>> take();

 private:
  struct Head {
    HttpAnswer answer;
    std::size_t size = 0;  // of the head, with the blank line
    bool chunked = false;
    std::optional<std::size_t> length;
  };
  Result<std::optional<Head>> parse_head() const;
  // Bytes of the body's encoding, once it is whole; its content goes to `body`.
  Result<std::optional<std::size_t>> parse_chunks(std::size_t from, std::string& body) const;

  std::string bytes_;
};

}  // namespace zan::connectors
