#include "zan/listen_address.h"

#include <charconv>

namespace zan::app {

Result<connectors::ServerAddress> parse_listen(const std::string& text) {
  connectors::ServerAddress address;
  const std::size_t colon = text.rfind(':');
  const std::string_view port = std::string_view(text).substr(colon == std::string::npos ? text.size() : colon + 1);
  const auto parsed = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (colon == 0 || colon == std::string::npos || port.empty() || parsed.ec != std::errc() ||
      parsed.ptr != port.data() + port.size())
    return invalid("\"" + text + "\" is not HOST:PORT", "--listen");
  address.host = text.substr(0, colon);
  if (address.host.starts_with('[') && address.host.ends_with(']'))
    address.host = address.host.substr(1, address.host.size() - 2);
  return address;
}

std::string reachable_url(connectors::ServerAddress address) {
  if (address.host == "0.0.0.0") address.host = "127.0.0.1";
  if (address.host == "::") address.host = "::1";
  return address.url();
}

}  // namespace zan::app
