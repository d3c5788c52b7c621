// The Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1 is the same tree) over SHA-256: its hashes, its root as
// it grows, and what proves that an entry is in it or that one tree continues another.
//
// A tree of n > 1 leaves splits at the largest power of two below n; nothing is padded, no leaf is doubled. The hashes
// of the complete subtrees along its right edge are all that is needed to go on: at most 64 of them (a Frontier).
//
// Threads: plain value types.
// Errors:  invalid (the proof has no possible form for these sizes), conflict (well-formed, and proves something else).
// Cost:    a leaf hash of up to 55 bytes 50 ns, a node hash 90 ns with SHA-NI; nothing here allocates.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

namespace zan::evidence {

using Hash = std::array<std::byte, 32>;

Hash sha256(ByteSpan bytes);
Hash leaf_hash(ByteSpan entry);                       // SHA-256(0x00 || entry)
Hash node_hash(const Hash& left, const Hash& right);  // SHA-256(0x01 || left || right)
Hash empty_root();                                    // SHA-256 of nothing

// Root of a complete subtree; hashes.size() is a power of two. Overwrites `hashes`.
Hash fold_complete(std::span<Hash> hashes);

class Frontier {
 public:
  void append(const Hash& leaf) { append_subtree(0, leaf); }
  // Appends a complete subtree of 2^height leaves. REQUIRES: size() is a multiple of 2^height.
  void append_subtree(unsigned height, const Hash& root);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Hash root() const;

 private:
  std::uint64_t size_ = 0;
  std::array<Hash, 64> roots_;  // roots_[h] holds a complete subtree of 2^h leaves where size_ has bit h
};

inline constexpr std::size_t proof_hashes_max = 63;  // sizes are below 2^63

// `proof`: the sibling of the leaf first, the child of the root last.
Result<void> verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf, std::span<const Hash> proof,
                              const Hash& root);

// RFC 6962 section 2.1.2. old_size 0 is invalid: everything continues the empty tree, so a proof of it says nothing.
Result<void> verify_consistency(std::uint64_t old_size, std::uint64_t new_size, std::span<const Hash> proof,
                                const Hash& old_root, const Hash& new_root);

}  // namespace zan::evidence
