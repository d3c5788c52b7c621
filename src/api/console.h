// The files of the console, built into the program compressed: index.html and the assets it names.
//
// Made at build time of the folder ZAN_CONSOLE (build/console, which scripts/console fills); none when it was not there.
// Threads: any.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace zan::api {

struct ConsoleFile {
  std::string_view path;  // below /console/: "index.html", "assets/index-1a2b.js"
  std::string_view content_type;
  std::string_view gzip;
  std::string_view digest;  // of the file, in hex
};

std::span<const ConsoleFile> console_files();

// As it was before. Takes milliseconds for a large one: for the pool. Empty when it is no gzip file.
std::string inflated(std::string_view gzip);

// Whether an Accept-Encoding field lets gzip through. RFC 9110, 12.5.3: by name, or by *, unless its q is 0.
bool takes_gzip(std::string_view accept_encoding);

inline constexpr std::string_view console_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

}  // namespace zan::api
