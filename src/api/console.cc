#include "api/console.h"

#include <zlib.h>

#include <array>

#include "api/text.h"

namespace zan::api {
namespace {

constexpr int gzip_window = 15 + 16;  // as zlib wants to be told that it is gzip
constexpr std::size_t inflated_bytes_max = 64 << 20;

bool is_zero(std::string_view quality) {
  return !quality.empty() && quality.find_first_not_of("0.") == std::string_view::npos;
}

}  // namespace

std::string inflated(std::string_view gzip) {
  z_stream stream{};
  if (inflateInit2(&stream, gzip_window) != Z_OK) return {};
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzip.data()));  // zlib only reads it
  stream.avail_in = static_cast<uInt>(gzip.size());
  std::string out;
  std::array<char, 16384> piece;
  int state = Z_OK;
  while (state == Z_OK && out.size() < inflated_bytes_max) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = piece.size();
    state = inflate(&stream, Z_NO_FLUSH);
    out.append(piece.data(), piece.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  return state == Z_STREAM_END ? out : std::string();
}

bool takes_gzip(std::string_view accept_encoding) {
  bool by_star = false;
  while (!accept_encoding.empty()) {
    const std::size_t end = accept_encoding.find(',');
    const std::string_view item = accept_encoding.substr(0, end);
    accept_encoding.remove_prefix(end == std::string_view::npos ? accept_encoding.size() : end + 1);
    const std::size_t semicolon = item.find(';');
    const std::string_view name = trimmed(item.substr(0, semicolon));
    std::string_view quality = semicolon == std::string_view::npos ? std::string_view() : trimmed(item.substr(semicolon + 1));
    quality = quality.starts_with("q=") || quality.starts_with("Q=") ? quality.substr(2) : std::string_view();
    if (iequals(name, "gzip") || iequals(name, "x-gzip")) return !is_zero(quality);
    if (name == "*") by_star = !is_zero(quality);
  }
  return by_star;
}

}  // namespace zan::api
