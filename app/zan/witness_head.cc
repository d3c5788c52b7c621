#include <algorithm>
#include <charconv>

#include "zan/witness_server.h"

namespace zan::app {
namespace {

enum Refusal { bad_request = 400, too_large = 413, head_too_large = 431, not_implemented = 501, wrong_version = 505 };

bool same_name(std::string_view a, std::string_view lower) {
  return std::ranges::equal(a, lower, {}, [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Takes a line off the front, without its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 2, text.size()));
  return line;
}

int parse_request_line(std::string_view line, WitnessHead& head) {
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || method_end == 0 || target_end <= method_end + 1) return bad_request;
  head.method = line.substr(0, method_end);
  head.target = line.substr(method_end + 1, target_end - method_end - 1);
  const std::string_view version = line.substr(target_end + 1);
  if (!version.starts_with("HTTP/")) return bad_request;
  head.keep_alive = version == "HTTP/1.1";
  return version == "HTTP/1.1" || version == "HTTP/1.0" ? 0 : wrong_version;
}

int parse_length(std::string_view value, WitnessHead& head, bool& told) {
  std::size_t length = 0;
  const auto parsed = std::from_chars(value.data(), value.data() + value.size(), length);
  const bool digits = parsed.ec == std::errc() && parsed.ptr == value.data() + value.size();
  if (parsed.ec == std::errc::result_out_of_range) return too_large;
  if (!digits || told) return bad_request;
  told = true;
  head.body_bytes = length;
  return length > evidence::witness_request_bytes_max ? too_large : 0;
}

int parse_header(std::string_view line, WitnessHead& head, bool& length_told) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || line[colon - 1] == ' ') return bad_request;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  if (same_name(name, "content-length")) return parse_length(value, head, length_told);
  if (same_name(name, "transfer-encoding")) return not_implemented;
  if (same_name(name, "connection") && same_name(value, "close")) head.keep_alive = false;
  if (same_name(name, "expect") && same_name(value, "100-continue")) head.expects_continue = true;
  return 0;
}

}  // namespace

bool parse_witness_head(std::string_view bytes, WitnessHead& head) {
  head = {};
  const std::size_t end = bytes.substr(0, witness_head_bytes_max).find("\r\n\r\n");
  if (end == std::string_view::npos) {
    head.refusal = bytes.size() >= witness_head_bytes_max ? head_too_large : 0;
    return head.refusal != 0;
  }
  head.bytes = end + 4;
  std::string_view rest = bytes.substr(0, end + 2);
  head.refusal = parse_request_line(take_line(rest), head);
  bool length_told = false;
  while (!rest.empty() && head.refusal == 0) head.refusal = parse_header(take_line(rest), head, length_told);
  return true;
}

}  // namespace zan::app
