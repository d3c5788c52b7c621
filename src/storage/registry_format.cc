#include "storage/registry_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace zan::storage {
namespace {

constexpr std::array<char, 8> header_magic{'Z', 'A', 'N', 'R', 'E', 'G', 'I', '\1'};
constexpr std::array<char, 8> end_magic{'Z', 'A', 'N', 'R', 'E', 'N', 'D', '\1'};
constexpr std::size_t magic_bytes = 7;            // then one byte of version
constexpr std::uint32_t mark_magic = 0x4d52ffff;  // its low half can be no name length

std::uint32_t head_check(ByteSpan first_four, std::uint32_t id) {
  std::uint64_t value = id;
  std::memcpy(reinterpret_cast<std::byte*>(&value) + 4, first_four.data(), 4);
  return static_cast<std::uint32_t>(mix64(value + 0x9e3779b97f4a7c15ULL) >> 32);
}

std::uint32_t body_check(ByteSpan name_and_key, std::uint32_t id) {
  const auto check = static_cast<std::uint32_t>(checksum64(name_and_key, id));
  return check == 0 ? 1 : check;
}

std::uint32_t mark_check(std::uint32_t next_id, const SecretTags& tags) {
  return static_cast<std::uint32_t>(mix64(next_id ^ tags.mark) >> 32);
}

bool known(unsigned kind) {
  return kind >= 1 && kind <= 4;
}

template <typename Value>
Value load(ByteSpan bytes, std::size_t offset) {
  Value value;
  std::memcpy(&value, bytes.data() + offset, sizeof value);
  return value;
}

void put_magic(Bytes& out, const std::array<char, 8>& magic) {
  put_bytes(out, as_bytes(std::string_view(magic.data(), magic.size())));
}

// Both small fixed pieces: magic with version, numbers, a check over all before it.
Result<void> check_piece(ByteSpan bytes, const std::array<char, 8>& magic, const char* what) {
  const std::size_t checked = bytes.size() - sizeof(std::uint64_t);
  if (load<std::uint64_t>(bytes, checked) != checksum64(bytes.first(checked)) ||
      std::memcmp(bytes.data(), magic.data(), magic_bytes) != 0)
    return corrupt(fmt::format("{} fails its check", what));
  if (bytes[magic_bytes] != static_cast<std::byte>(magic[magic_bytes]))
    return unsupported(fmt::format("{} has version {}", what, static_cast<unsigned>(bytes[magic_bytes])));
  return {};
}

}  // namespace

SecretTags::SecretTags(const HashKey& secret)
    : header(keyed_hash64(secret, as_bytes("zhenzan registry header"))),
      mark(keyed_hash64(secret, as_bytes("zhenzan registry mark"))) {}

Bytes encode_registry_header(const SecretTags& tags) {
  Bytes out;
  out.reserve(registry_header_bytes);
  put_magic(out, header_magic);
  put_fixed(out, tags.header);
  put_fixed(out, std::uint64_t{0});
  put_fixed(out, checksum64(out));
  return out;
}

Result<void> check_registry_header(ByteSpan bytes, const SecretTags& tags) {
  if (bytes.size() < registry_header_bytes) return corrupt("registry.zr, offset 0: header is cut short");
  ZAN_TRY(check_piece(bytes.first(registry_header_bytes), header_magic, "registry.zr, offset 0: header"));
  if (load<std::uint64_t>(bytes, 8) != tags.header)
    return corrupt("registry.zr was made under another secret than this data folder's");
  return {};
}

Bytes encode_registry_end(const RegistryEnd& end) {
  Bytes out;
  out.reserve(registry_end_bytes);
  put_magic(out, end_magic);
  put_fixed(out, end.bytes);
  put_fixed(out, std::uint64_t{end.count});
  put_fixed(out, checksum64(out));
  return out;
}

Result<RegistryEnd> decode_registry_end(ByteSpan bytes) {
  if (bytes.size() != registry_end_bytes) return corrupt("registry.end has a wrong length");
  ZAN_TRY(check_piece(bytes, end_magic, "registry.end"));
  return RegistryEnd{load<std::uint32_t>(bytes, 16), load<std::uint64_t>(bytes, 8)};
}

void put_mark(Bytes& out, std::uint32_t next_id, const SecretTags& tags) {
  put_fixed(out, mark_magic);
  put_fixed(out, next_id);
  put_fixed(out, mark_check(next_id, tags));
}

void put_record(Bytes& out, std::uint32_t id, NameKind kind, std::string_view name, const PersonKey& key) {
  const std::size_t at = out.size();
  const std::size_t key_bytes = kind == NameKind::person ? key.size() : 0;
  const std::size_t body = record_head_bytes + body_check_bytes;
  out.resize(at + body + name.size() + key_bytes);
  std::byte* const to = out.data() + at;
  const auto length = static_cast<std::uint16_t>(name.size());
  std::memcpy(to, &length, 2);
  to[2] = static_cast<std::byte>(kind);
  to[3] = std::byte{0};
  const std::uint32_t head = head_check({to, 4}, id);
  std::memcpy(to + 4, &head, 4);
  std::memcpy(to + body, name.data(), name.size());
  std::memcpy(to + body + name.size(), key.data(), key_bytes);
  const std::uint32_t check = body_check({to + body, name.size() + key_bytes}, id);
  std::memcpy(to + record_head_bytes, &check, 4);
}

ItemView decode_item(ByteSpan bytes, std::uint32_t id, const SecretTags& tags) {
  ItemView view;
  if (bytes.size() < record_head_bytes) return view;
  const auto first = load<std::uint32_t>(bytes, 0);
  if (first == 0) {
    view.item = load<std::uint64_t>(bytes, 0) == 0 ? Item::nothing : Item::damaged;
    return view;
  }
  if (first == mark_magic) {
    if (bytes.size() < mark_bytes) return view;
    view.mark_id = load<std::uint32_t>(bytes, 4);
    view.bytes = mark_bytes;
    view.item = load<std::uint32_t>(bytes, 8) == mark_check(view.mark_id, tags) ? Item::mark : Item::damaged;
    return view;
  }
  const std::size_t length = load<std::uint16_t>(bytes, 0);
  const auto kind = static_cast<unsigned>(bytes[2]);
  view.item = Item::damaged;
  if (length == 0 || length > name_bytes_max || !known(kind) || bytes[3] != std::byte{0} ||
      load<std::uint32_t>(bytes, 4) != head_check(bytes.first(4), id))
    return view;
  view.kind = static_cast<NameKind>(kind);
  const std::size_t body = record_head_bytes + body_check_bytes;
  view.bytes = body + length + (view.kind == NameKind::person ? sizeof(PersonKey) : 0);
  if (bytes.size() < view.bytes) {
    view.item = Item::partial;
    return view;
  }
  view.item = Item::record;
  view.name = as_text(bytes.subspan(body, length));
  return view;
}

std::size_t find_mark(ByteSpan bytes, std::uint32_t least, const SecretTags& tags) {
  for (std::size_t at = 0; at + mark_bytes <= bytes.size(); ++at) {
    const void* const found = std::memchr(bytes.data() + at, 0xff, bytes.size() - at);
    if (found == nullptr) break;
    at = static_cast<std::size_t>(static_cast<const std::byte*>(found) - bytes.data());
    const ItemView view = decode_item(bytes.subspan(at), least, tags);
    if (view.item == Item::mark && view.mark_id >= least) return at;
  }
  return bytes.size();
}

Body check_body(ByteSpan record, const ItemView& view, std::uint32_t id, PersonKey* key) {
  const ByteSpan name_and_key = record.subspan(record_head_bytes + body_check_bytes);
  const auto check = load<std::uint32_t>(record, record_head_bytes);
  if (check == body_check(name_and_key, id)) {
    if (key != nullptr && view.kind == NameKind::person)
      std::memcpy(key->data(), name_and_key.data() + view.name.size(), key->size());
    return Body::sound;
  }
  const auto zero = [](std::byte b) { return b == std::byte{0}; };
  const ByteSpan body = record.subspan(record_head_bytes);
  return std::all_of(body.begin(), body.end(), zero) ? Body::erased : Body::damaged;
}

}  // namespace zan::storage
