// LogSource: where a transparency log is read from: a folder, or a server. Nothing that it gives is trusted.
//
// Threads: one at a time.
// Errors:  opening: not_found (no log there), invalid, unsupported (the URL). Reading: not_found (no such file), unavailable.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "connectors/http_client.h"
#include "evidence/evidence.h"

namespace zan::connectors {

class LogSource : public evidence::TileSource {
 public:
  // A signed note, as it lies there.
  virtual Result<std::string> read_checkpoint() = 0;
};

// Of a log, or a data folder with a log in it.
Result<std::unique_ptr<LogSource>> open_log_folder(const std::string& folder);

// "http://HOST[:PORT][/PREFIX]"; the prefix has no '/' at its end, and may be empty.
struct LogUrl {
  ServerAddress server;
  std::string prefix;
};
Result<LogUrl> parse_prefix_url(std::string_view url);
// "http://HOST[:PORT]", which means its /log, or such a URL with the log's own prefix.
Result<LogUrl> parse_log_url(std::string_view url);

// Connects. `api_key`: empty: none is sent.
Result<std::unique_ptr<LogSource>> open_log_server(const LogUrl& url, const std::string& api_key);

}  // namespace zan::connectors
