#include "connectors/http_reader.h"

#include <algorithm>
#include <charconv>

namespace zan::connectors {
namespace {

bool same_name(std::string_view a, std::string_view lower) {
  return a.size() == lower.size() && std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) {
           return (x >= 'A' && x <= 'Z' ? static_cast<char>(x + 32) : x) == y;
         });
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

template <typename Integer>
bool parse_number(std::string_view text, Integer& value, int base = 10) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

}  // namespace

Result<std::optional<HttpReader::Head>> HttpReader::parse_head() const {
  const std::size_t end = bytes_.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (bytes_.size() > http_head_bytes_max) return invalid("the answer's head is too long");
    return std::optional<Head>();
  }
  Head head;
  head.size = end + 4;
  std::string_view rest = std::string_view(bytes_).substr(0, end + 2);
  const bool http = rest.starts_with("HTTP/1.1 ") && rest.size() >= 13;
  if (!http || !parse_number(rest.substr(9, 3), head.answer.status)) return invalid("the answer is not HTTP/1.1");
  for (rest.remove_prefix(rest.find('\n') + 1); !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return invalid("the answer has a malformed header");
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trim(line.substr(colon + 1));
    std::size_t length = 0;
    if (same_name(name, "transfer-encoding")) head.chunked = same_name(value, "chunked");
    if (same_name(name, "content-length")) {
      if (!parse_number(value, length)) return invalid("the answer's Content-Length is no number");
      head.length = length;
    }
    if (same_name(name, "retry-after") && !parse_number(value, head.answer.retry_after_seconds))
      head.answer.retry_after_seconds = 1;
  }
  return std::optional<Head>(std::move(head));
}

Result<std::optional<std::size_t>> HttpReader::parse_chunks(std::size_t from, std::string& body) const {
  const std::optional<std::size_t> not_yet;
  std::size_t at = from;
  for (;;) {
    const std::size_t line_end = bytes_.find("\r\n", at);
    if (line_end == std::string::npos) return not_yet;
    const std::string_view line = std::string_view(bytes_).substr(at, line_end - at);
    std::size_t size = 0;
    if (!parse_number(trim(line.substr(0, line.find(';'))), size, 16)) return invalid("a chunk's size is no number");
    if (size > http_answer_bytes_max) return invalid("the answer is too large");
    at = line_end + 2;
    if (size == 0) {
      // Trailers, up to a blank line.
      for (;;) {
        const std::size_t trailer_end = bytes_.find("\r\n", at);
        if (trailer_end == std::string::npos) return not_yet;
        const bool last = trailer_end == at;
        at = trailer_end + 2;
        if (last) return std::optional<std::size_t>(at - from);
      }
    }
    if (bytes_.size() < at + size + 2) return not_yet;
    body.append(bytes_, at, size);
    at += size + 2;
  }
}

Result<std::optional<HttpAnswer>> HttpReader::take() {
  const std::optional<HttpAnswer> not_yet;
  for (;;) {
    if (bytes_.size() > http_answer_bytes_max + http_head_bytes_max) return invalid("the answer is too large");
    ZAN_ASSIGN(auto head, parse_head());
    if (!head) return not_yet;
    if (head->answer.status < 200) {
      bytes_.erase(0, head->size);
      continue;
    }
    const bool bodiless = head->answer.status == 204 || head->answer.status == 304;
    std::size_t body_size = 0;
    if (head->chunked) {
      ZAN_ASSIGN(const auto whole, parse_chunks(head->size, head->answer.body));
      if (!whole) return not_yet;
      body_size = *whole;
    } else if (!bodiless) {
      if (!head->length) return invalid("the answer does not say how long it is");
      body_size = *head->length;
      if (body_size > http_answer_bytes_max) return invalid("the answer is too large");
      if (bytes_.size() < head->size + body_size) return not_yet;
      head->answer.body = bytes_.substr(head->size, body_size);
    }
    bytes_.erase(0, head->size + body_size);
    return std::optional<HttpAnswer>(std::move(head->answer));
  }
}

}  // namespace zan::connectors
