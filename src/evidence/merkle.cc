// EVP costs 30 ns more a hash, on 50 to 90.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "evidence/merkle.h"

#include <fmt/format.h>
#include <openssl/sha.h>

#include <bit>

#include "base/require.h"

namespace zan::evidence {
namespace {

constexpr unsigned char leaf_mark = 0;
constexpr unsigned char node_mark = 1;

// The parts of a proof for the leaf `index` in a tree of `size`: `inner` hashes up to where the paths of this leaf and
// of the last one meet, of either side; then `border` hashes, all from the left.
struct Shape {
  unsigned inner;
  unsigned border;
};

Shape shape_of(std::uint64_t index, std::uint64_t size) {
  const auto inner = static_cast<unsigned>(std::bit_width(index ^ (size - 1)));
  return {inner, inner >= 64 ? 0 : static_cast<unsigned>(std::popcount(index >> inner))};
}

Hash climb(std::uint64_t index, Hash hash, std::span<const Hash> inner) {
  for (std::size_t i = 0; i < inner.size(); ++i) {
    const bool right = (index >> i & 1) != 0;
    hash = right ? node_hash(inner[i], hash) : node_hash(hash, inner[i]);
  }
  return hash;
}

// Only the siblings to the left: what there was before the leaf's tree grew.
Hash climb_left(std::uint64_t index, Hash hash, std::span<const Hash> inner) {
  for (std::size_t i = 0; i < inner.size(); ++i) {
    if ((index >> i & 1) != 0) hash = node_hash(inner[i], hash);
  }
  return hash;
}

Hash climb_border(Hash hash, std::span<const Hash> border) {
  for (const Hash& left : border) hash = node_hash(left, hash);
  return hash;
}

Error wrong_length(std::size_t wanted, std::size_t found) {
  return invalid(fmt::format("the proof has {} hashes where these sizes need {}", found, wanted));
}

}  // namespace

Hash sha256(ByteSpan bytes) {
  Hash hash;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(reinterpret_cast<unsigned char*>(hash.data()), &context);
  return hash;
}

Hash leaf_hash(ByteSpan entry) {
  Hash hash;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, &leaf_mark, 1);
  SHA256_Update(&context, entry.data(), entry.size());
  SHA256_Final(reinterpret_cast<unsigned char*>(hash.data()), &context);
  return hash;
}

Hash node_hash(const Hash& left, const Hash& right) {
  Hash hash;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, &node_mark, 1);
  SHA256_Update(&context, left.data(), left.size());
  SHA256_Update(&context, right.data(), right.size());
  SHA256_Final(reinterpret_cast<unsigned char*>(hash.data()), &context);
  return hash;
}

Hash empty_root() {
  static const Hash root = sha256({});
  return root;
}

Hash fold_complete(std::span<Hash> hashes) {
  require(std::has_single_bit(hashes.size()), "a complete subtree has a power of two of hashes");
  for (std::size_t count = hashes.size() / 2; count > 0; count /= 2) {
    for (std::size_t i = 0; i < count; ++i) hashes[i] = node_hash(hashes[2 * i], hashes[2 * i + 1]);
  }
  return hashes[0];
}

void Frontier::append_subtree(unsigned height, const Hash& root) {
  require((size_ & ((std::uint64_t{1} << height) - 1)) == 0, "a subtree that does not start where the tree ends");
  Hash hash = root;
  unsigned at = height;
  for (; (size_ >> at & 1) != 0; ++at) hash = node_hash(roots_[at], hash);
  roots_[at] = hash;
  size_ += std::uint64_t{1} << height;
}

Hash Frontier::root() const {
  if (size_ == 0) return empty_root();
  auto at = static_cast<unsigned>(std::countr_zero(size_));
  Hash hash = roots_[at];
  while (++at < roots_.size()) {
    if ((size_ >> at & 1) != 0) hash = node_hash(roots_[at], hash);
  }
  return hash;
}

Result<void> verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf, std::span<const Hash> proof,
                              const Hash& root) {
  if (index >= size) return invalid(fmt::format("index {} is outside a tree of {}", index, size));
  const Shape shape = shape_of(index, size);
  if (proof.size() != shape.inner + shape.border) return wrong_length(shape.inner + shape.border, proof.size());
  const Hash inner = climb(index, leaf, proof.first(shape.inner));
  if (climb_border(inner, proof.subspan(shape.inner)) != root)
    return conflict("the inclusion proof does not lead to the root");
  return {};
}

Result<void> verify_consistency(std::uint64_t old_size, std::uint64_t new_size, std::span<const Hash> proof,
                                const Hash& old_root, const Hash& new_root) {
  if (old_size > new_size) return invalid(fmt::format("a tree of {} cannot continue one of {}", new_size, old_size));
  if (old_size == 0) return invalid("everything continues the empty tree: there is nothing to prove");
  if (old_size == new_size) {
    if (!proof.empty()) return wrong_length(0, proof.size());
    if (old_root != new_root) return conflict("two roots for one size");
    return {};
  }
  // The proof is that of the last complete subtree of the old tree, whose own hash leads it; left out where it is the
  // old root.
  const auto height = static_cast<unsigned>(std::countr_zero(old_size));
  Shape shape = shape_of(old_size - 1, new_size);
  shape.inner -= height;
  const bool complete = std::has_single_bit(old_size);
  const std::size_t wanted = (complete ? 0U : 1U) + shape.inner + shape.border;
  if (proof.size() != wanted) return wrong_length(wanted, proof.size());
  const Hash& seed = complete ? old_root : proof[0];
  if (!complete) proof = proof.subspan(1);
  const std::uint64_t subtree = (old_size - 1) >> height;
  const auto inner = proof.first(shape.inner);
  const auto border = proof.subspan(shape.inner);
  if (climb_border(climb_left(subtree, seed, inner), border) != old_root)
    return conflict("the consistency proof does not lead to the old root");
  if (climb_border(climb(subtree, seed, inner), border) != new_root)
    return conflict("the consistency proof does not lead to the new root");
  return {};
}

}  // namespace zan::evidence
