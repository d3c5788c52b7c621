// The cookie that carries a session's token.
//
// `__Host-zan` with Secure beyond loopback, where TLS ends in front of the server; plain `zan` on loopback, where there is none.
#pragma once

#include <string>
#include <string_view>

namespace zan::api {

// The value of the cookie of that name; empty: none. RFC 6265, 4.2.1: pairs between "; ".
std::string_view cookie_value(std::string_view header, std::string_view name);

std::string_view session_cookie_name(bool on_loopback);
// The Set-Cookie field's value. Empty token: the browser forgets the cookie.
std::string session_cookie(bool on_loopback, std::string_view token);

// "localhost", "127.0.0.1:8080", "[::1]:8080": what a browser on this machine says, and a page elsewhere cannot.
bool is_loopback_host(std::string_view host);

}  // namespace zan::api
