// Rows of user, tag and value into a server's imported tags (POST /v1/tags/imports).
//
// The server's own catalogue says of which type a tag is. Rows are gathered by tag and value, as that is how a tag is
// told to many people at once; a file that is sent again, in whole or after an interruption, changes nothing twice.
//
// Errors:  what keeps the rest from being sent: the file or the server fails, the key may not. A bad row is one of
//          `bad` and named to on_problem; people whom the server has not heard of are `unknown`.
#pragma once

#include <functional>
#include <stop_token>

#include "connectors/http_client.h"
#include "connectors/source.h"
#include "connectors/tag_rows.h"

namespace zan::connectors {

inline constexpr std::size_t tag_import_users_max = 100'000;        // of one request
inline constexpr std::size_t tag_import_bytes_max = 4 << 20;        // of one request's names
inline constexpr std::size_t tag_import_gathered_max = 256u << 20;  // of all names that wait

struct TagImportOptions {
  std::string source;        // where the rows come from, for people: kept with the tags' history
  std::uint64_t import = 0;  // chosen at random, the same for all parts of one file
  bool on = true;            // off: the values are taken away
  std::stop_token stop;
  std::function<void(const BadRow&)> on_problem;
  std::function<void(const Progress&, std::uint64_t rows)> on_progress;
};

struct TagImportReport {
  std::uint64_t rows = 0;     // good ones that were told
  std::uint64_t unknown = 0;  // of those: of users the server does not know
  std::uint64_t bad = 0;
  bool interrupted = false;
};

Result<TagImportReport> import_tags(TagRows& rows, HttpClient& server, const TagImportOptions& options);

}  // namespace zan::connectors
