// The bytes of `registry.zr`; docs/formats/registry.md tells the same in words.
//
//   file    header, commits, zeros to the end of the file
//   commit  mark, records
//   record  [u16 name length][u8 kind][u8 0][u32 head check] [u32 body check][name][16-byte key, if a person]
//   mark    [u32 magic][u32 id of the next record][u32 check]
//
// A record has no id of its own: the ids count up from 1. The head check covers the first four bytes and the id, and
// survives an erasure; the body check covers name, key and id, and is never zero, so that a body of zeros can only be an
// erasure. A mark is written only when everything before it is synced: a mark behind a damaged record proves that the
// record was promised once. Its check is made under the secret, so that no name can look like a mark.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/result.h"
#include "storage/registry.h"

namespace zan::storage {

inline constexpr std::string_view registry_path = "registry.zr";
inline constexpr std::string_view registry_end_path = "registry.end";

inline constexpr std::size_t registry_header_bytes = 32;
inline constexpr std::size_t registry_end_bytes = 32;
inline constexpr std::size_t record_head_bytes = 8;
inline constexpr std::size_t body_check_bytes = 4;
inline constexpr std::size_t mark_bytes = 12;
inline constexpr std::size_t record_bytes_max =
    record_head_bytes + body_check_bytes + name_bytes_max + sizeof(PersonKey);

// What the file knows of the secret: two hashes under it. The header holds one, so that a file is not read with the
// secret of another; the other makes the marks' checks.
struct SecretTags {
  explicit SecretTags(const HashKey& secret);
  std::uint64_t header;
  std::uint64_t mark;
};

Bytes encode_registry_header(const SecretTags& tags);
Result<void> check_registry_header(ByteSpan bytes, const SecretTags& tags);

// Where a closed registry ends.
struct RegistryEnd {
  std::uint32_t count = 0;
  std::uint64_t bytes = 0;
};
Bytes encode_registry_end(const RegistryEnd& end);
Result<RegistryEnd> decode_registry_end(ByteSpan bytes);

void put_mark(Bytes& out, std::uint32_t next_id, const SecretTags& tags);
// `key` is looked at for persons only.
void put_record(Bytes& out, std::uint32_t id, NameKind kind, std::string_view name, const PersonKey& key);

enum class Item : unsigned char {
  record,  // its head is sound
  mark,
  nothing,  // the first eight bytes are zero: what was never written
  damaged,
  partial,  // more bytes are needed
};

enum class Body : unsigned char { sound, erased, damaged };

struct ItemView {
  Item item = Item::partial;
  std::size_t bytes = 0;           // of the whole item, for record and mark
  std::uint32_t mark_id = 0;       // of a mark
  NameKind kind = NameKind::term;  // the rest: of a record
  std::string_view name;           // views the input
};

// What stands at the start of `bytes`, where the next record would have `id`.
ItemView decode_item(ByteSpan bytes, std::uint32_t id, const SecretTags& tags);

// Offset of the first sound mark in `bytes` whose id is `least` or more; bytes.size() if there is none.
std::size_t find_mark(ByteSpan bytes, std::uint32_t least, const SecretTags& tags);

// `record`: the whole record, as decode_item measured it. `key`, if given, takes a person's key.
Body check_body(ByteSpan record, const ItemView& view, std::uint32_t id, PersonKey* key = nullptr);

}  // namespace zan::storage
