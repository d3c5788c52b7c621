// The files of the page that checks receipts, src/api/verify_page/, built into the program.
//
// The page is static and checks in the reader's browser; it asks this server for nothing but itself and /log/log.vkey. Serve
// it with verify_page_policy as Content-Security-Policy.
#pragma once

#include <span>
#include <string_view>

namespace zan::api {

struct PageFile {
  std::string_view path;  // as in a request: "/verify", "/verify/page.js"
  std::string_view content_type;
  std::string_view body;
};

// The page itself comes first.
std::span<const PageFile> verify_page();

inline constexpr std::string_view verify_page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri "
    "'none'; "
    "form-action 'none'; frame-ancestors 'none'";

}  // namespace zan::api
