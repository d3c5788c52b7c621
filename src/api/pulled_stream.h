// PulledStream: a live stream of server-sent events (WHATWG HTML, 9.2).
//
// Pull, not push: what is new is read on the pool when the client has taken what it was sent and something may be there,
// so a slow client reads at its own pace from its own place, and costs one chunk of memory.
#pragma once

#include <functional>
#include <string>

#include "api/session.h"

namespace zan::api {

// What one reading found, rendered.
struct StreamChunk {
  Result<void> result;  // an error breaks the stream off
  std::string text;     // whole events; may be none
  bool more = false;    // there is more to read already
};
// On the pool, one call at a time, of one stream.
using ReadChunk = std::function<StreamChunk()>;

// journal: there may be something new when the journal has grown. sweep: every Limits::sweep_us, for what follows the
// journal behind it.
enum class NewsOf : std::uint8_t { journal, sweep };

// Answers the session's request with the stream; it ends with the connection or the server.
void begin_stream(Session& session, ReadChunk read, NewsOf news);

}  // namespace zan::api
