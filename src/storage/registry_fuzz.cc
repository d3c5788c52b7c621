// Foreign bytes as a registry. The first byte chooses how the rest is used:
//   0  as what stands behind a sound header
//   1  as patches (offset, byte) to a sound registry of three commits, not closed
//   2  the same, closed
//   3  as registry.end beside a sound registry
//   4  as items, decoded alone
// Whatever opens must answer for each of its ids, take one more name, and open again with it.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "storage/registry.h"
#include "storage/registry_format.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

constexpr HashKey secret{1, 2, 3};
constexpr RegistryOptions small{.reserve_bytes = 512};

void expect(bool holds) {
  if (!holds) std::abort();
}

EntityId add(Registry& registry, NameKind kind, std::string_view name) {
  return registry.add(kind, name, name_hash(secret, kind, name)).value();
}

void make_registry(Disk& disk, bool close) {
  SeededEntropy entropy(1);
  const auto registry = Registry::open(disk, secret, entropy, small).value();
  for (int commit = 0; commit < 3; ++commit) {
    for (int i = 0; i < 6; ++i)
      add(*registry, i % 2 == 0 ? NameKind::person : NameKind::subject, std::to_string(commit * 6 + i));
    expect(registry->commit().ok());
    registry->publish();
  }
  expect(registry->erase({3}).ok());
  if (close) expect(registry->close().ok());
}

void patch(Disk& disk, ByteSpan patches) {
  Bytes content = read_file(disk, registry_path).value();
  for (std::size_t i = 0; i + 3 <= patches.size(); i += 3) {
    const auto offset = static_cast<std::size_t>(patches[i]) << 8 | static_cast<std::size_t>(patches[i + 1]);
    content[offset % content.size()] = patches[i + 2];
  }
  expect(write_file(disk, registry_path, content).ok());
}

// Every id is a name, an erased one or a suspect, and nothing else.
void ask_all(const Registry& registry) {
  const auto suspects = registry.suspects();
  for (std::uint32_t id = 1; id <= registry.count(); ++id) {
    const auto name = registry.name({id});
    const bool suspect = std::find(suspects.begin(), suspects.end(), EntityId{id}) != suspects.end();
    if (name.ok()) {
      expect(!suspect && !registry.erased({id}));
      expect(!name->empty() && name->size() <= name_bytes_max);
    } else {
      expect(name.error().kind == (suspect ? ErrorKind::corrupt : ErrorKind::not_found));
      expect(suspect != registry.erased({id}));
    }
    expect(registry.kind({id}).has_value());
  }
}

void use(Disk& disk) {
  SeededEntropy entropy(2);
  EntityId id;
  {
    const auto opened = Registry::open(disk, secret, entropy, small);
    if (!opened.ok()) return expect(opened.error().kind != ErrorKind::unavailable);
    Registry& registry = *opened.value();
    ask_all(registry);
    id = add(registry, NameKind::person, "a name that was not there");
    expect(id.value == registry.count() + 1);
    expect(registry.commit().ok());
    registry.publish();
    expect(*registry.name(id) == "a name that was not there");
  }
  const auto opened = Registry::open(disk, secret, entropy, small);
  expect(opened.ok() && opened.value()->count() == id.value);
  expect(*opened.value()->name(id) == "a name that was not there");
  expect(opened.value()->erase(id).ok());
  ask_all(*opened.value());
}

void decode_alone(ByteSpan bytes) {
  const SecretTags tags(secret);
  (void)check_registry_header(bytes, tags).ok();
  (void)decode_registry_end(bytes).ok();
  (void)find_mark(bytes, 1, tags);
  for (std::uint32_t id = 1;; ++id) {
    const ItemView item = decode_item(bytes, id, tags);
    if (item.item != Item::record && item.item != Item::mark) return;
    expect(item.bytes <= bytes.size() && item.bytes <= record_bytes_max);
    PersonKey key;
    if (item.item == Item::record) (void)check_body(bytes.first(item.bytes), item, id, &key);
    bytes = bytes.subspan(item.bytes);
  }
}

}  // namespace
}  // namespace zan::storage

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan;
  using namespace zan::storage;
  if (size == 0 || size > 4096) return 0;
  const ByteSpan rest{reinterpret_cast<const std::byte*>(data) + 1, size - 1};
  const auto disk = SimDisk::make(1);
  switch (data[0] % 5) {
    case 0: {
      Bytes content = encode_registry_header(SecretTags(secret));
      put_bytes(content, rest);
      expect(write_file(*disk, registry_path, content).ok());
      break;
    }
    case 1:
    case 2:
      make_registry(*disk, data[0] % 5 == 2);
      patch(*disk, rest);
      break;
    case 3:
      make_registry(*disk, false);
      expect(write_file(*disk, registry_end_path, rest).ok());
      break;
    default:
      decode_alone(rest);
      return 0;
  }
  use(*disk);
  return 0;
}
