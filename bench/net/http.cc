#include "net/http.h"

#include <fmt/format.h>
#include <strings.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "measure/fail.h"

namespace zan::bench {

namespace {

constexpr std::string_view kLineEnd = "\r\n";

template <typename Number>
Number number_or_fail(std::string_view text, int base) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end == text.data()) fail("not a number in an HTTP reply: '{}'", text);
  return value;
}

bool header_is(std::string_view line, std::string_view name) {
  return line.size() > name.size() && line[name.size()] == ':' &&
         strncasecmp(line.data(), name.data(), name.size()) == 0;
}

std::string_view header_value(std::string_view line, std::string_view name) {
  line.remove_prefix(name.size() + 1);
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  return line;
}

}  // namespace

void HttpReader::reset() {
  if (used_ != pending_.size()) fail("bytes after the end of an HTTP reply");
  pending_.clear();
  used_ = 0;
  body_.clear();
  left_ = 0;
  chunked_ = false;
  status_ = 0;
  retry_after_s_ = 0;
  stage_ = Stage::head;
}

bool HttpReader::feed(std::string_view bytes) {
  pending_.append(bytes);
  while (stage_ != Stage::done && step()) {
  }
  if (stage_ != Stage::done && used_ == pending_.size()) {
    pending_.clear();
    used_ = 0;
  }
  return stage_ == Stage::done;
}

bool HttpReader::step() {
  switch (stage_) {
    case Stage::head:
      return take_head();
    case Stage::fixed:
      if (!take(left_)) return false;
      stage_ = Stage::done;
      return true;
    case Stage::chunk_size:
      return take_chunk_size();
    case Stage::chunk:
      if (!take(left_)) return false;
      stage_ = Stage::chunk_end;
      return true;
    case Stage::chunk_end:
    case Stage::trailer:  // no trailer fields are expected: the next line is empty
      if (pending_.size() - used_ < kLineEnd.size()) return false;
      used_ += kLineEnd.size();
      stage_ = stage_ == Stage::trailer ? Stage::done : Stage::chunk_size;
      return true;
    case Stage::done:
      return false;
  }
  return false;
}

// Moves up to `wanted` bytes into the body; true when all of them have come.
bool HttpReader::take(std::size_t wanted) {
  const std::size_t available = std::min(wanted, pending_.size() - used_);
  body_.append(pending_, used_, available);
  used_ += available;
  left_ -= available;
  return left_ == 0;
}

bool HttpReader::take_head() {
  const std::size_t end = pending_.find("\r\n\r\n", used_);
  if (end == std::string::npos) return false;
  const std::string_view head(pending_.data() + used_, end + 2 - used_);
  if (head.size() < 12 || !head.starts_with("HTTP/1.1 ")) fail("not an HTTP/1.1 reply: {}", head);
  status_ = number_or_fail<int>(head.substr(9, 3), 10);
  std::size_t position = head.find(kLineEnd) + 2;
  while (position < head.size()) {
    const std::size_t line_end = head.find(kLineEnd, position);
    take_header(head.substr(position, line_end - position));
    position = line_end + 2;
  }
  used_ = end + 4;
  if (status_ == 100) {  // the final reply follows
    left_ = 0;
    chunked_ = false;
    return true;
  }
  stage_ = chunked_ ? Stage::chunk_size : Stage::fixed;
  return true;
}

void HttpReader::take_header(std::string_view line) {
  if (header_is(line, "content-length")) {
    left_ = number_or_fail<std::size_t>(header_value(line, "content-length"), 10);
  } else if (header_is(line, "transfer-encoding")) {
    chunked_ = true;
  } else if (header_is(line, "retry-after")) {
    retry_after_s_ = number_or_fail<int>(header_value(line, "retry-after"), 10);
  }
}

bool HttpReader::take_chunk_size() {
  const std::size_t end = pending_.find(kLineEnd, used_);
  if (end == std::string::npos) return false;
  left_ = number_or_fail<std::size_t>(std::string_view(pending_).substr(used_, end - used_), 16);
  used_ = end + 2;
  stage_ = left_ == 0 ? Stage::trailer : Stage::chunk;
  return true;
}

HttpReply HttpClient::call(std::string_view method, std::string_view target, std::string_view content_type,
                           std::string_view body) {
  std::string request = fmt::format("{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\n", method, target);
  if (!content_type.empty()) request += fmt::format("Content-Type: {}\r\n", content_type);
  if (method != "GET") request += fmt::format("Content-Length: {}\r\n", body.size());
  request += kLineEnd;
  request += body;
  socket_.write_all(request);
  return read_reply();
}

HttpReply HttpClient::read_reply() {
  std::vector<char> buffer(64 * 1024);
  reader_.reset();
  while (!reader_.feed({buffer.data(), socket_.read_some(buffer.data(), buffer.size())})) {
  }
  return {reader_.status(), std::string(reader_.body()), reader_.retry_after_s()};
}

std::string post_head(std::string_view target, std::string_view content_type, std::size_t length) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n", target,
                     content_type, length);
}

}  // namespace zan::bench
