#include "engagement/cursor.h"

#include <sodium/utils.h>

#include <array>

#include "base/bytes.h"

namespace zan::engagement {
namespace {

constexpr std::size_t cursor_bytes = 16;
constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::uint32_t check(const HashKey& secret, ListKind list, std::uint32_t owner, PagePlace place) {
  Bytes bytes;
  put_bytes(bytes, as_bytes("cursor"));
  put_fixed(bytes, list);
  put_fixed(bytes, owner);
  put_fixed(bytes, place.at.us);
  put_fixed(bytes, place.id);
  return static_cast<std::uint32_t>(keyed_hash64(secret, bytes));
}

}  // namespace

std::string write_cursor(const HashKey& secret, ListKind list, std::uint32_t owner, PagePlace place) {
  Bytes bytes;
  put_fixed(bytes, place.at.us);
  put_fixed(bytes, place.id);
  put_fixed(bytes, check(secret, list, owner, place));
  std::string text(sodium_base64_ENCODED_LEN(cursor_bytes, variant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                    variant);
  text.pop_back();  // the terminating zero
  return text;
}

Result<PagePlace> read_cursor(const HashKey& secret, ListKind list, std::uint32_t owner, std::string_view text) {
  std::array<std::byte, cursor_bytes> bytes;
  std::size_t length = 0;
  const bool decoded = sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                                         text.size(), nullptr, &length, nullptr, variant) == 0 &&
                       length == bytes.size();
  if (decoded) {
    ByteReader in(bytes);
    PagePlace place;
    place.at = {in.fixed<std::int64_t>()};
    place.id = in.fixed<std::uint32_t>();
    if (in.fixed<std::uint32_t>() == check(secret, list, owner, place)) return place;
  }
  return invalid("not a cursor of this list; use the `next` of its last page", "cursor");
}

}  // namespace zan::engagement
