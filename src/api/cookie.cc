#include "api/cookie.h"

#include <algorithm>

#include "api/text.h"

namespace zan::api {

std::string_view cookie_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = header.find(';');
    const std::string_view pair = trimmed(header.substr(0, end));
    header.remove_prefix(end == std::string_view::npos ? header.size() : end + 1);
    if (pair.starts_with(name) && pair.size() > name.size() && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
  }
  return {};
}

std::string_view session_cookie_name(bool on_loopback) {
  return on_loopback ? "zan" : "__Host-zan";
}

std::string session_cookie(bool on_loopback, std::string_view token) {
  std::string text(session_cookie_name(on_loopback));
  text.append("=").append(token).append("; Path=/; HttpOnly; SameSite=Strict");
  if (!on_loopback) text += "; Secure";
  if (token.empty()) text += "; Max-Age=0";
  return text;
}

bool is_loopback_host(std::string_view host) {
  if (host.starts_with("[::1]")) return host.size() == 5 || host[5] == ':';
  host = host.substr(0, host.find(':'));
  if (iequals(host, "localhost")) return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace zan::api
