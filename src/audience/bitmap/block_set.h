// BlockSet: which of 65,536 users have one value of one tag. A sorted list of 16-bit numbers while there are few, 1,024
// words when there are many: at most eight bytes a member, and never more than 8 KiB.
//
// The idea is Roaring's (Lemire et al. 2016); our own because ours are changed in place under a lock, keep all tags of the
// same users together, and never come from a stranger.
//
// Threads: none of its own; TagStore's lock of the block guards it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "audience/bitmap/words.h"
#include "base/bytes.h"

namespace zan::audience {

// What operations read: a set that lies elsewhere.
struct SetView {
  enum class Kind : std::uint8_t { none, list, words };
  Kind kind = Kind::none;
  bool negated = false;      // everybody but these
  std::int16_t buffer = -1;  // of a BlockMath, or not owned
  std::uint32_t size = 0;    // of a list
  const std::uint16_t* list = nullptr;
  const std::uint64_t* words = nullptr;
};

class BlockSet {
 public:
  // More become words, although a list would be half as long up to four times as many: words are combined in a fifth of the
  // time that a list of 4,096 takes, and only the tags of 1.5 to 6 % of all users are larger by it.
  static constexpr std::uint32_t list_max = 1024;
  static constexpr std::uint32_t words_min = 768;  // fewer become a list again

  BlockSet() = default;
  BlockSet(BlockSet&& other) noexcept { swap(other); }
  BlockSet& operator=(BlockSet&& other) noexcept {
    BlockSet taken(std::move(other));
    swap(taken);
    return *this;
  }
  BlockSet(const BlockSet&) = delete;
  BlockSet& operator=(const BlockSet&) = delete;
  ~BlockSet();

  // Whether it changed anything.
  bool insert(std::uint16_t user);
  bool erase(std::uint16_t user);
  // Replaces the content; `users` ascending without repeats.
  void assign(std::span<const std::uint16_t> users);

  // The content as bytes: a list, or words. take() is false where they are no set.
  void put(Bytes& out) const;
  bool take(ByteReader& in);

  [[nodiscard]] bool contains(std::uint16_t user) const;
  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] SetView view() const;
  [[nodiscard]] std::size_t bytes() const;  // on the heap, with what the allocator adds

 private:
  void swap(BlockSet& other) noexcept;
  void make_words();  // of nobody
  [[nodiscard]] bool is_words() const { return capacity_ == words_capacity; }
  [[nodiscard]] std::uint16_t* list() const { return static_cast<std::uint16_t*>(data_); }
  [[nodiscard]] std::uint64_t* words() const { return static_cast<std::uint64_t*>(data_); }
  [[nodiscard]] std::uint32_t place(std::uint16_t user) const;  // of the first that is not smaller
  void grow();
  void to_words();
  void to_list();

  static constexpr std::uint32_t words_capacity = 0xffff'ffff;
  void* data_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;  // of the list, in users
};

static_assert(sizeof(BlockSet) == 16);

}  // namespace zan::audience
