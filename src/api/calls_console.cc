// The console: files that were built into the program.
#include <algorithm>

#include "api/account_calls.h"
#include "api/console.h"

namespace zan::api {
namespace {

constexpr std::string_view index_file = "index.html";
constexpr std::string_view for_ever = "public, max-age=31536000, immutable";

const ConsoleFile* find_file(std::string_view path) {
  const auto files = console_files();
  const auto found = std::find_if(files.begin(), files.end(), [&](const ConsoleFile& file) { return file.path == path; });
  return found == files.end() ? nullptr : &*found;
}

// A path without an extension is a page of the console, which finds it by itself.
bool is_page(std::string_view path) {
  return path.substr(path.rfind('/') + 1).find('.') == std::string_view::npos;
}

void answer_file(Session& session, const ConsoleFile& file) {
  const bool compressed = takes_gzip(session.request().accept_encoding);
  const std::string etag = '"' + std::string(file.digest) + (compressed ? "-gz\"" : "\"");
  const std::string_view cache = file.path.starts_with("assets/") ? for_ever : std::string_view("no-cache");
  session.add_field("ETag", etag);
  session.add_field("Vary", "Accept-Encoding");
  session.add_field("Content-Security-Policy", console_policy);
  session.add_field("Referrer-Policy", "no-referrer");
  if (session.request().if_none_match.find(etag) != std::string::npos) {
    session.add_field("Cache-Control", cache);
    return session.answer(304, {}, {});
  }
  session.set_cache_control(cache);
  if (compressed) {
    session.add_field("Content-Encoding", "gzip");
    return session.answer(200, file.content_type, file.gzip);
  }
  answer_from_pool(session, [&file, cache]() -> Result<PoolAnswer> {
    return PoolAnswer{.body = inflated(file.gzip), .content_type = file.content_type, .cache_control = cache};
  });
}

}  // namespace

void run_console(Session& session) {
  if (session.call() == Call::root) {
    session.add_field("Location", "/console/");
    return session.answer(302, {}, {});
  }
  if (console_files().empty())
    return session.fail({Problem::no_such_call, "this zan was built without its console", {}});
  const std::string path = session.call() == Call::console ? std::string() : session.id();
  const ConsoleFile* file = find_file(is_page(path) ? index_file : std::string_view(path));
  if (file == nullptr) return session.fail({Problem::no_such_call, "the console has no such file", {}});
  answer_file(session, *file);
}

}  // namespace zan::api
