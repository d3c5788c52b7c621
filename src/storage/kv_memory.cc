// File `kv/twin`: u64 position, u32 families, per family: u32 entries, per entry varint length and bytes of key and of
// value; last u64 checksum over all before it. Only simulations write it.

#include "storage/kv_memory.h"

#include <map>
#include <mutex>
#include <shared_mutex>

#include "base/hash.h"
#include "base/require.h"

namespace zan::storage {
namespace {

constexpr std::string_view twin_path = "kv/twin";

using Map = std::map<std::string, std::string, std::less<>>;

void put_text(Bytes& out, std::string_view text) {
  put_varint(out, text.size());
  put_bytes(out, as_bytes(text));
}

void remove_prefix(Map& map, std::string_view prefix) {
  auto from = map.lower_bound(prefix);
  auto to = from;
  while (to != map.end() && to->first.starts_with(prefix)) ++to;
  map.erase(from, to);
}

class MemoryKv final : public Kv {
 public:
  MemoryKv(Disk& disk, std::size_t families) : disk_(disk), maps_(families) {}

  Result<void> load() {
    ZAN_TRY(disk_.make_folder("kv"));
    ZAN_TRY(disk_.sync_folder(""));
    ZAN_ASSIGN(const bool there, disk_.exists(twin_path));
    if (!there) return {};
    ZAN_ASSIGN(const Bytes bytes, read_file(disk_, twin_path));
    return decode(bytes);
  }

  Result<std::optional<std::string>> get(Family family, std::string_view key) const override {
    const std::shared_lock lock(mutex_);
    const Map& map = of(family);
    const auto found = map.find(key);
    return found == map.end() ? std::optional<std::string>{} : std::optional(found->second);
  }

  Result<void> scan(Family family, std::string_view prefix, std::string_view from,
                    const std::function<bool(std::string_view, std::string_view)>& each) const override {
    std::vector<std::pair<std::string, std::string>> found;  // a snapshot, as a RocksDB iterator is one
    {
      const std::shared_lock lock(mutex_);
      const Map& map = of(family);
      auto at = map.lower_bound(std::max(prefix, from));
      for (; at != map.end() && at->first.starts_with(prefix); ++at) found.push_back(*at);
    }
    for (const auto& [key, value] : found) {
      if (!each(key, value)) break;
    }
    return {};
  }

  Result<void> write(const WriteTxn& txn, Position at) override {
    const std::unique_lock lock(mutex_);
    if (at <= position_) return {};
    for (const auto& [family, prefix] : txn.prefixes()) remove_prefix(of(family), prefix);
    for (const auto& op : txn.ops()) {
      if (op.put)
        of(op.family)[op.key] = op.value;
      else
        of(op.family).erase(op.key);
    }
    position_ = at;
    return {};
  }

  Position position() const override {
    const std::shared_lock lock(mutex_);
    return position_;
  }

  Result<void> flush() override { return write_file(disk_, twin_path, encode()); }
  Result<void> compact() override { return flush(); }

  Result<void> verify() const override {
    ZAN_ASSIGN(const bool there, disk_.exists(twin_path));
    if (!there) return {};
    ZAN_ASSIGN(const Bytes bytes, read_file(disk_, twin_path));
    return MemoryKv(disk_, maps_.size()).decode(bytes);
  }

  Result<void> checkpoint(const std::string&) override {
    return unsupported("a store in memory cannot be copied to a folder");
  }

 private:
  Map& of(Family family) {
    require(family < maps_.size(), "no such family");
    return maps_[family];
  }
  const Map& of(Family family) const { return const_cast<MemoryKv*>(this)->of(family); }

  Bytes encode() const {
    const std::shared_lock lock(mutex_);
    Bytes out;
    put_fixed(out, position_.value);
    put_fixed(out, static_cast<std::uint32_t>(maps_.size()));
    for (const Map& map : maps_) {
      put_fixed(out, static_cast<std::uint32_t>(map.size()));
      for (const auto& [key, value] : map) {
        put_text(out, key);
        put_text(out, value);
      }
    }
    put_fixed(out, checksum64(out));
    return out;
  }

  Result<void> decode(ByteSpan bytes) {
    const std::size_t checked = bytes.size() < sizeof(std::uint64_t) ? 0 : bytes.size() - sizeof(std::uint64_t);
    if (ByteReader(bytes.subspan(checked)).fixed<std::uint64_t>() != checksum64(bytes.first(checked)))
      return corrupt("kv/twin fails its checksum");
    ByteReader reader(bytes.first(checked));
    position_.value = reader.fixed<std::uint64_t>();
    const auto families = reader.fixed<std::uint32_t>();
    if (families > maps_.size()) return corrupt("kv/twin has more families than were named");
    for (std::uint32_t family = 0; family < families; ++family) {
      for (auto left = reader.fixed<std::uint32_t>(); left > 0 && reader.ok(); --left) {
        std::string key(as_text(reader.take(reader.varint())));
        maps_[family][std::move(key)] = as_text(reader.take(reader.varint()));
      }
    }
    return reader.ok() && reader.done() ? Result<void>{} : corrupt("kv/twin is malformed");
  }

  Disk& disk_;
  mutable std::shared_mutex mutex_;
  std::vector<Map> maps_;
  Position position_;
};

}  // namespace

Result<std::unique_ptr<Kv>> open_memory_kv(Disk& disk, const std::vector<std::string>& families) {
  auto kv = std::make_unique<MemoryKv>(disk, families.size());
  ZAN_TRY(kv->load());
  return std::unique_ptr<Kv>(std::move(kv));
}

}  // namespace zan::storage
