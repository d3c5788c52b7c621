#include "net/resp.h"

#include <fmt/format.h>

#include <charconv>
#include <iterator>

#include "measure/fail.h"

namespace zan::bench {

namespace {

template <typename Words>
void append_words(std::string& out, const Words& words) {
  fmt::format_to(std::back_inserter(out), "*{}\r\n", words.size());
  for (const std::string_view word : words) {
    out += '$';
    const fmt::format_int length(word.size());
    out.append(length.data(), length.size());
    out += "\r\n";
    out += word;
    out += "\r\n";
  }
}

// The line after the type byte, without its end; false when it is not complete.
bool take_line(std::string_view bytes, std::size_t& position, std::string_view& line) {
  const std::size_t end = bytes.find("\r\n", position);
  if (end == std::string_view::npos) return false;
  line = bytes.substr(position + 1, end - position - 1);
  position = end + 2;
  return true;
}

std::int64_t to_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) fail("not a RESP number: {}", text);
  return value;
}

}  // namespace

void append_command(std::string& out, std::initializer_list<std::string_view> words) {
  append_words(out, words);
}
void append_command(std::string& out, const std::vector<std::string_view>& words) {
  append_words(out, words);
}

bool skip_resp(std::string_view bytes, std::size_t& position) {
  std::size_t at = position;
  std::size_t values = 1;
  while (values > 0) {
    if (at >= bytes.size()) return false;
    const char type = bytes[at];
    std::string_view line;
    if (!take_line(bytes, at, line)) return false;
    --values;
    if (type != '$' && type != '*') continue;
    const std::int64_t size = to_number(line);
    if (size < 0) continue;
    if (type == '*') {
      values += static_cast<std::size_t>(size);
    } else {
      at += static_cast<std::size_t>(size) + 2;
      if (at > bytes.size()) return false;
    }
  }
  position = at;
  return true;
}

bool parse_resp(std::string_view bytes, std::size_t& position, RespValue& value) {
  std::size_t at = position;
  if (!skip_resp(bytes, at)) return false;
  const std::size_t end = at;
  at = position;
  const char type = bytes[at];
  std::string_view line;
  take_line(bytes, at, line);
  value = RespValue();
  if (type == '+' || type == '-') {
    value.kind = type == '+' ? RespValue::Kind::text : RespValue::Kind::error;
    value.text = line;
  } else if (type == ':') {
    value.kind = RespValue::Kind::integer;
    value.integer = to_number(line);
  } else if (type == '$' && line != "-1") {
    value.kind = RespValue::Kind::text;
    value.text = bytes.substr(at, end - at - 2);
  } else if (type == '*' && line != "-1") {
    value.kind = RespValue::Kind::list;
    value.items.resize(static_cast<std::size_t>(to_number(line)));
    for (RespValue& item : value.items) parse_resp(bytes, at, item);
  }
  position = end;
  return true;
}

bool RespReader::feed(std::string_view bytes) {
  bytes_.append(bytes);
  while (seen_ < wanted_) {
    const std::size_t start = position_;
    if (!skip_resp(bytes_, position_)) return false;
    if (bytes_[start] == '-') good_ = false;
    ++seen_;
  }
  return true;
}

void RespReader::reset() {
  if (position_ != bytes_.size()) fail("bytes after the last Redis reply");
  bytes_.clear();
  position_ = 0;
  seen_ = 0;
  good_ = true;
}

RespValue RespClient::call(std::initializer_list<std::string_view> words) {
  std::string command;
  append_command(command, words);
  RespValue value;
  std::size_t position = 0;
  parse_resp(round_trip(command, 1), position, value);
  return value;
}

std::string_view RespClient::round_trip(std::string_view commands, std::size_t replies) {
  socket_.write_all(commands);
  received_.clear();
  std::size_t position = 0;
  while (replies > 0) {
    const std::size_t before = received_.size();
    received_.resize(before + 64 * 1024);
    const std::size_t got = socket_.read_some(received_.data() + before, 64 * 1024);
    received_.resize(before + got);
    while (replies > 0) {
      const std::size_t start = position;
      if (!skip_resp(received_, position)) break;
      if (received_[start] == '-') fail("Redis: {}", received_.substr(start, position - start));
      --replies;
    }
  }
  return received_;
}

}  // namespace zan::bench
