#include "audience/answer/sketch.h"

#include <bit>
#include <cstring>
#include <span>

namespace zan::audience {

void Sketch::add(const HashKey& secret, std::uint32_t block, const SetView& set) {
  std::array<std::byte, 8> name{};
  std::memcpy(name.data(), &block, sizeof block);
  name[4] = std::byte{'s'};
  const std::uint64_t turn = keyed_hash64(secret, name);
  const auto by_words = static_cast<std::size_t>(turn % block_words);
  const int by_bits = static_cast<int>(turn >> 32 & 63);
  if (set.kind == SetView::Kind::words) {
    for (std::size_t i = 0; i < block_words; ++i)
      words_[(i + by_words) % block_words] ^= std::rotl(set.words[i], by_bits);
    return;
  }
  for (std::uint32_t i = 0; i < set.size; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << (set.list[i] & 63);
    words_[(set.list[i] / 64 + by_words) % block_words] ^= std::rotl(bit, by_bits);
  }
}

// Sets that have little in common are told apart by their first words.
std::uint32_t Sketch::distance(const Sketch& other, std::uint32_t enough) const {
  constexpr std::size_t some = 64;
  std::uint32_t total = 0;
  for (std::size_t from = 0; from < block_words; from += some) {
    for (std::size_t i = from; i < from + some; ++i)
      total += static_cast<std::uint32_t>(std::popcount(words_[i] ^ other.words_[i]));
    if (total >= enough) return enough;
  }
  return total;
}

std::uint64_t Sketch::seed(const HashKey& secret, std::uint64_t what) const {
  const std::uint64_t content[2] = {checksum64(std::as_bytes(std::span(words_))), what};
  return keyed_hash64(secret, std::as_bytes(std::span(content)));
}

}  // namespace zan::audience
