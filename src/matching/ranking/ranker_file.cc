// A ranker as bytes, all numbers little-endian:
//   "ZANRANKR" version:u8=1
//   features:varint digest:u64       how many of our own features there are, and a checksum of their names
//   number:u32 trained_until_us:zigzag varint rows:varint
//   for each of the seven signals: rate:f32 trees (trees/tree.h), and where there are any, their calibration
//   checksum64 of all before it
// There is one way to write a ranker; what was read is written as it was.
#include <string>

#include "base/hash.h"
#include "matching/ranking/ranker.h"

namespace zan::matching {
namespace {

constexpr std::string_view magic = "ZANRANKR";
constexpr std::uint8_t format_version = 1;

// Trees ask for features by number: they are of no use where the numbers mean something else.
std::uint64_t features_digest() {
  std::string all;
  for (std::size_t i = 0; i < feature_count; ++i) all += std::string(name_of_feature(i)) + "\n";
  return checksum64(as_bytes(all));
}

Result<RankerParts> read_parts(ByteReader& in) {
  if (as_text(in.take(magic.size())) != magic) return corrupt("no ranker");
  if (in.fixed<std::uint8_t>() != format_version) return unsupported("a ranker of another version");
  const std::uint64_t features = in.varint();
  const auto digest = in.fixed<std::uint64_t>();
  if (in.ok() && (features != feature_count || digest != features_digest()))
    return unsupported("a ranker of other features");
  RankerParts parts;
  parts.version = in.fixed<std::uint32_t>();
  parts.trained_until_us = unzigzag(in.varint());
  parts.training_rows = in.varint();
  for (SignalTrees& signal : parts.signals) {
    signal.rate = in.fixed<float>();
    signal.trees = trees::read_trees(in);
    if (!signal.trees.empty()) signal.calibration = trees::read_calibration(in);
  }
  if (!in.ok() || !in.done()) return corrupt("the ranker is cut off, or goes on behind its end");
  return parts;
}

}  // namespace

Bytes Ranker::encode() const {
  const ByteSpan head = as_bytes(magic);
  Bytes out(head.begin(), head.end());
  put_fixed(out, format_version);
  put_varint(out, feature_count);
  put_fixed(out, features_digest());
  put_fixed(out, parts_.version);
  put_varint(out, zigzag(parts_.trained_until_us));
  put_varint(out, parts_.training_rows);
  for (const SignalTrees& signal : parts_.signals) {
    put_fixed(out, signal.rate);
    trees::put_trees(out, signal.trees);
    if (!signal.trees.empty()) trees::put_calibration(out, signal.calibration);
  }
  put_fixed(out, checksum64(out));
  return out;
}

Result<Ranker> Ranker::decode(ByteSpan bytes) {
  if (bytes.size() > ranker_bytes_max) return corrupt("the ranker is too long");
  if (bytes.size() < sizeof(std::uint64_t)) return corrupt("no ranker");
  const ByteSpan body = bytes.first(bytes.size() - sizeof(std::uint64_t));
  ByteReader tail(bytes.subspan(body.size()));
  if (tail.fixed<std::uint64_t>() != checksum64(body)) return corrupt("the ranker's checksum is wrong");
  ByteReader in(body);
  ZAN_ASSIGN(RankerParts parts, read_parts(in));
  auto ranker = of_parts(std::move(parts));
  if (!ranker.ok()) return corrupt("no ranker that could have been written: " + ranker.error().message);
  return ranker;
}

}  // namespace zan::matching
