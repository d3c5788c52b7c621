// The DARPA 1998 stream of network connections for tests and benchmarks: read out of its zip, and how well scores tell
// attacks from the rest. Lines are "source,target,MM/DD/YYYY-HH:MM,attack", "-" for none; a tick is the rank of the
// minute among all minutes of the file, from 1.
#pragma once

#include <zlib.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/bytes.h"

namespace zan::integrity {

struct DarpaStream {
  std::vector<std::uint32_t> source, target, tick;
  std::vector<std::uint8_t> attack;
  [[nodiscard]] std::size_t size() const { return tick.size(); }
};

class DarpaReader {
 public:
  // Empty where the bytes are no such zip.
  static DarpaStream read(ByteSpan zip) {
    DarpaReader reader;
    if (!reader.inflate_first(zip)) return {};
    reader.rank_minutes();
    return std::move(reader.stream_);
  }

 private:
  static constexpr std::size_t local_header_bytes = 30;

  bool inflate_first(ByteSpan zip) {
    ByteReader header(zip.first(std::min(zip.size(), local_header_bytes)));
    if (header.fixed<std::uint32_t>() != 0x04034b50) return false;
    header.take(local_header_bytes - 8);
    const std::size_t name_bytes = header.fixed<std::uint16_t>();
    const std::size_t extra_bytes = header.fixed<std::uint16_t>();
    if (!header.ok() || zip.size() < local_header_bytes + name_bytes + extra_bytes) return false;
    const ByteSpan packed = zip.subspan(local_header_bytes + name_bytes + extra_bytes);
    z_stream z{};
    if (inflateInit2(&z, -MAX_WBITS) != Z_OK) return false;
    z.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
    z.avail_in = static_cast<uInt>(packed.size());
    int state = Z_OK;
    while (state == Z_OK) state = inflate_some(z);
    inflateEnd(&z);
    return state == Z_STREAM_END;
  }

  int inflate_some(z_stream& z) {
    char buffer[1 << 16];
    z.next_out = reinterpret_cast<Bytef*>(buffer);
    z.avail_out = sizeof buffer;
    const int state = inflate(&z, Z_NO_FLUSH);
    text_.append(buffer, sizeof buffer - z.avail_out);
    std::size_t from = 0;
    for (std::size_t end; (end = text_.find('\n', from)) != std::string::npos; from = end + 1)
      add_line(std::string_view(text_).substr(from, end - from));
    text_.erase(0, from);
    return state;
  }

  void add_line(std::string_view line) {
    std::string_view fields[4];
    for (auto& field : fields) {
      const std::size_t comma = std::min(line.find(','), line.size());
      field = line.substr(0, comma);
      line.remove_prefix(std::min(comma + 1, line.size()));
    }
    if (minutes_.empty() || fields[2] != last_minute_) {
      last_minute_ = fields[2];
      minute_ = minutes_.try_emplace(last_minute_, static_cast<std::uint32_t>(minutes_.size())).first->second;
    }
    stream_.source.push_back(host(fields[0]));
    stream_.target.push_back(host(fields[1]));
    stream_.tick.push_back(minute_);
    stream_.attack.push_back(!fields[3].starts_with('-'));
  }

  std::uint32_t host(std::string_view name) {
    return hosts_.try_emplace(std::string(name), static_cast<std::uint32_t>(hosts_.size() + 1)).first->second;
  }

  void rank_minutes() {
    std::vector<std::uint32_t> rank(minutes_.size());
    std::uint32_t next = 0;
    for (const auto& [minute, number] : minutes_) rank[number] = ++next;
    for (std::uint32_t& tick : stream_.tick) tick = rank[tick];
  }

  DarpaStream stream_;
  std::string text_, last_minute_;
  std::uint32_t minute_ = 0;
  std::map<std::string, std::uint32_t> minutes_;
  std::unordered_map<std::string, std::uint32_t> hosts_;
};

// The area under the ROC curve: how often a positive scores above a negative, ties counting half (Mann, Whitney 1947).
inline double area_under_curve(const std::vector<float>& scores, const std::vector<std::uint8_t>& positive) {
  std::vector<std::pair<float, std::uint8_t>> order(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) order[i] = {scores[i], positive[i]};
  std::sort(order.begin(), order.end());
  double rank_sum = 0, positives = 0;
  for (std::size_t i = 0; i < order.size();) {
    std::size_t end = i;
    double here = 0;
    while (end < order.size() && order[end].first == order[i].first) here += order[end++].second;
    rank_sum += here * static_cast<double>(i + end + 1) / 2;
    positives += here;
    i = end;
  }
  const double negatives = static_cast<double>(order.size()) - positives;
  return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

}  // namespace zan::integrity
