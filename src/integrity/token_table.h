// Small numbers for device and network tokens, of which an attacker can make as many as he likes: a table of fixed size that
// remembers the tokens seen most recently.
//
// Sets of eight slots; a new token takes the slot of its set that was idle longest, and the number then stands for the new
// token. Whoever keeps something by number is told so.
//
// Threads: one. Cost: two cache lines a lookup. With N slots the accuracy for honest tokens holds while fewer than about N
// others come between two of their appearances.
#pragma once

#include <cstdint>
#include <vector>

#include "base/hash.h"
#include "base/huge_pages.h"

namespace zan::integrity {

class TokenTable {
 public:
  struct Found {
    std::uint32_t number = 0;  // 1 .. slots; 0 for no token
    bool fresh = false;        // the number stood for another token, or for none
  };

  explicit TokenTable(unsigned log_slots)
      : tokens_(std::size_t{1} << log_slots), seen_(tokens_.size()), mask_((tokens_.size() >> 3) - 1) {}

  void prefetch(std::uint64_t token) const {
    const std::size_t first = (mix64(token) & mask_) << 3;
    __builtin_prefetch(&tokens_[first], 1);
    __builtin_prefetch(&seen_[first], 1);
  }

  Found find(std::uint64_t token, std::uint32_t now) {
    if (token == 0) return {};
    const std::size_t first = (mix64(token) & mask_) << 3;
    std::size_t idle = first;
    for (std::size_t at = first; at < first + 8; ++at) {
      if (tokens_[at] == token) {
        seen_[at] = now;
        return {static_cast<std::uint32_t>(at + 1), false};
      }
      if (tokens_[at] == 0) {
        idle = at;
        break;  // slots fill from the front
      }
      if (seen_[at] < seen_[idle]) idle = at;
    }
    tokens_[idle] = token;
    seen_[idle] = now;
    return {static_cast<std::uint32_t>(idle + 1), true};
  }

  [[nodiscard]] std::size_t slots() const { return tokens_.size(); }
  [[nodiscard]] std::size_t bytes() const { return tokens_.size() * 12; }

 private:
  HugeVector<std::uint64_t> tokens_;
  HugeVector<std::uint32_t> seen_;
  std::size_t mask_;
};

}  // namespace zan::integrity
