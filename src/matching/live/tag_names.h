// TagNames: the operator's words - tags, kinds, how active somebody is - as numbers, from 1 in the order of coming.
//
// Owns: each word once. Threads: any; numbers stay what they are.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace zan::matching {

inline constexpr std::size_t tag_names_max = 1'000'000;
inline constexpr std::size_t tag_name_bytes_max = 256;

class TagNames {
 public:
  // 0: the word is empty or too long, or there are too many.
  std::uint32_t number(std::string_view name);
  // 0: nobody has said it.
  [[nodiscard]] std::uint32_t find(std::string_view name) const;
  // Empty of what is no number. Lifetime: this one's.
  [[nodiscard]] std::string_view name(std::uint32_t number) const;
  [[nodiscard]] std::size_t size() const;

 private:
  mutable std::mutex mutex_;  // guards what follows
  std::deque<std::string> names_;
  std::unordered_map<std::string_view, std::uint32_t> numbers_;  // views names_
};

}  // namespace zan::matching
