#include "audience/bitmap/block_set.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <utility>
#include <vector>

#include "base/require.h"

namespace zan::audience {
namespace {

constexpr std::size_t words_bytes = block_words * sizeof(std::uint64_t);
constexpr std::size_t allocator_bytes = 16;  // malloc's own, and rounding

void* allocate(std::size_t bytes) {
  void* data = std::malloc(bytes);
  require(data != nullptr, "memory for a set of users");
  return data;
}

// A list's bytes are multiples of 16, less the eight that malloc keeps.
std::uint32_t round_up(std::uint32_t users) {
  return (users + 4 + 7) / 8 * 8 - 4;
}

}  // namespace

BlockSet::~BlockSet() {
  std::free(data_);
}

void BlockSet::swap(BlockSet& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
}

std::uint32_t BlockSet::place(std::uint16_t user) const {
  return static_cast<std::uint32_t>(std::lower_bound(list(), list() + size_, user) - list());
}

bool BlockSet::contains(std::uint16_t user) const {
  if (is_words()) return has_bit(words(), user);
  const std::uint32_t at = place(user);
  return at < size_ && list()[at] == user;
}

bool BlockSet::insert(std::uint16_t user) {
  if (!is_words() && size_ == list_max && !contains(user)) to_words();
  if (is_words()) {
    if (has_bit(words(), user)) return false;
    set_bit(words(), user);
    ++size_;
    return true;
  }
  const std::uint32_t at = place(user);
  if (at < size_ && list()[at] == user) return false;
  if (size_ == capacity_) grow();
  std::memmove(list() + at + 1, list() + at, (size_ - at) * sizeof(std::uint16_t));
  list()[at] = user;
  ++size_;
  return true;
}

bool BlockSet::erase(std::uint16_t user) {
  if (is_words()) {
    if (!has_bit(words(), user)) return false;
    clear_bit(words(), user);
    if (--size_ < words_min) to_list();
    return true;
  }
  const std::uint32_t at = place(user);
  if (at >= size_ || list()[at] != user) return false;
  --size_;
  std::memmove(list() + at, list() + at + 1, (size_ - at) * sizeof(std::uint16_t));
  if (size_ == 0) *this = BlockSet();
  return true;
}

void BlockSet::assign(std::span<const std::uint16_t> users) {
  BlockSet fresh;
  if (!users.empty() && users.size() <= list_max) {
    fresh.capacity_ = round_up(static_cast<std::uint32_t>(users.size()));
    fresh.data_ = allocate(fresh.capacity_ * sizeof(std::uint16_t));
    std::memcpy(fresh.data_, users.data(), users.size_bytes());
  } else if (!users.empty()) {
    fresh.make_words();
    for (const std::uint16_t user : users) set_bit(fresh.words(), user);
  }
  fresh.size_ = static_cast<std::uint32_t>(users.size());
  swap(fresh);
}

void BlockSet::make_words() {
  capacity_ = words_capacity;
  data_ = allocate(words_bytes);
  std::memset(data_, 0, words_bytes);
}

void BlockSet::put(Bytes& out) const {
  put_varint(out, std::uint64_t{size_} << 1 | (is_words() ? 1 : 0));
  if (size_ == 0) return;
  const std::size_t bytes = is_words() ? words_bytes : size_ * sizeof(std::uint16_t);
  put_bytes(out, {static_cast<const std::byte*>(data_), bytes});
}

bool BlockSet::take(ByteReader& in) {
  const std::uint64_t head = in.varint();
  const std::uint64_t size = head >> 1;
  const bool as_words = (head & 1) != 0;
  if (size > (as_words ? block_users : list_max)) return false;
  const ByteSpan bytes = in.take(as_words ? words_bytes : size * sizeof(std::uint16_t));
  if (!in.ok()) return false;
  BlockSet fresh;
  if (as_words) {
    fresh.make_words();
    std::memcpy(fresh.data_, bytes.data(), bytes.size());
    if (word_loops().count(fresh.words()) != size) return false;
    fresh.size_ = static_cast<std::uint32_t>(size);
  } else {
    std::vector<std::uint16_t> users(size);
    if (size != 0) std::memcpy(users.data(), bytes.data(), bytes.size());
    if (std::adjacent_find(users.begin(), users.end(), std::greater_equal<>()) != users.end()) return false;
    fresh.assign(users);
  }
  swap(fresh);
  return true;
}

void BlockSet::grow() {
  capacity_ = std::min(list_max, round_up(size_ + std::max<std::uint32_t>(1, size_ / 8)));
  void* data = std::realloc(data_, capacity_ * sizeof(std::uint16_t));
  require(data != nullptr, "memory for a set of users");
  data_ = data;
}

void BlockSet::to_words() {
  BlockSet fresh;
  fresh.make_words();
  for (std::uint32_t i = 0; i < size_; ++i) set_bit(fresh.words(), list()[i]);
  fresh.size_ = size_;
  swap(fresh);
}

void BlockSet::to_list() {
  BlockSet fresh;
  fresh.capacity_ = round_up(size_ + size_ / 8);
  fresh.data_ = allocate(fresh.capacity_ * sizeof(std::uint16_t));
  for (std::uint32_t i = 0; i < block_words; ++i)
    for (std::uint64_t word = words()[i]; word != 0; word &= word - 1)
      fresh.list()[fresh.size_++] = static_cast<std::uint16_t>(i * 64 + static_cast<unsigned>(std::countr_zero(word)));
  swap(fresh);
}

SetView BlockSet::view() const {
  SetView view;
  if (size_ == 0) return view;
  if (is_words()) {
    view.kind = SetView::Kind::words;
    view.words = words();
  } else {
    view.kind = SetView::Kind::list;
    view.list = list();
    view.size = size_;
  }
  return view;
}

std::size_t BlockSet::bytes() const {
  if (data_ == nullptr) return 0;
  return (is_words() ? words_bytes : capacity_ * sizeof(std::uint16_t)) + allocator_bytes;
}

}  // namespace zan::audience
