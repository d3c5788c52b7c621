// The tree against published vectors (most of them to be refused) and against its definition.
#include "evidence/merkle.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "evidence/merkle_twin.h"
#include "evidence/text_form.h"

namespace zan::evidence {
namespace {

namespace fs = std::filesystem;

// The vectors of transparency-dev/merkle: beside the folder of $ZAN_DATASETS, or ../shared/vectors beside the source
// folder.
fs::path vectors_folder() {
  const char* given = std::getenv("ZAN_DATASETS");
  const fs::path root = given != nullptr ? fs::path(given) / ".." : fs::path(ZAN_SOURCE_DIR "/../shared");
  return root / "vectors" / "merkle" / "testdata";
}

// One of them: a flat object of numbers, strings, one bool and one array of strings.
class Vector {
 public:
  explicit Vector(const fs::path& path) {
    std::ifstream file(path);
    std::ostringstream all;
    all << file.rdbuf();
    text_ = all.str();
  }

  std::uint64_t number(const std::string& name) const { return std::stoull(match(name, "([0-9]+)")); }
  bool refused() const { return match("wantErr", "(true|false)") == "true"; }
  // Some vectors hold hashes of other lengths, which parse_base64_hash() refuses and no Hash can hold. Two of those are
  // to be accepted for being equal: padded, all stay as equal or different as they were.
  Hash hash(const std::string& name) const { return padded(match(name, "\"([^\"]*)\"")); }
  bool has_hash(const std::string& name) const { return parse_base64_hash(match(name, "\"([^\"]*)\"")).has_value(); }
  std::vector<Hash> proof() const {
    static const std::regex hash("\"([^\"]*)\"");
    const std::string list = match("proof", "(null|\\[[^\\]]*\\])");
    std::vector<Hash> hashes;
    for (std::sregex_iterator it(list.begin(), list.end(), hash), end; it != end; ++it)
      hashes.push_back(padded((*it)[1]));
    return hashes;
  }

 private:
  std::string match(const std::string& name, const std::string& value) const {
    std::smatch found;
    EXPECT_TRUE(std::regex_search(text_, found, std::regex("\"" + name + "\":\\s*" + value)))
        << name << " in " << text_;
    return found.empty() ? "0" : found[1].str();
  }
  static Hash padded(const std::string& base64) {
    Bytes bytes = parse_base64(base64).value();
    EXPECT_LE(bytes.size(), sizeof(Hash) + 1);
    bytes.resize(sizeof(Hash));
    Hash hash;
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    return hash;
  }

  std::string text_;
};

bool holds(const Vector& vector, const std::string& kind) {
  if (kind == "inclusion" && !vector.has_hash("leafHash")) return false;
  if (kind == "inclusion")
    return verify_inclusion(vector.number("leafIdx"), vector.number("treeSize"), vector.hash("leafHash"),
                            vector.proof(), vector.hash("root"))
        .ok();
  return verify_consistency(vector.number("size1"), vector.number("size2"), vector.proof(), vector.hash("root1"),
                            vector.hash("root2"))
      .ok();
}

TEST(MerkleVectors, are_proven_or_refused_as_published) {
  if (!fs::exists(vectors_folder())) GTEST_SKIP() << "no vectors at " << vectors_folder();
  for (const std::string kind : {"inclusion", "consistency"}) {
    std::size_t count = 0;
    std::size_t refused = 0;
    for (const auto& file : fs::recursive_directory_iterator(vectors_folder() / kind)) {
      if (file.path().extension() != ".json") continue;
      const Vector vector(file.path());
      ++count;
      refused += vector.refused() ? 1 : 0;
      EXPECT_EQ(holds(vector, kind), !vector.refused()) << file.path();
    }
    EXPECT_EQ(count, 98u) << kind;
    EXPECT_GT(refused, 80u) << kind;
  }
}

// Section 1 of the rules: leaves "", 00, 10, 2021, 3031, 40414243, 5051525354555657, 606162636465666768696a6b6c6d6e6f.
TEST(Merkle, has_the_roots_everybody_has) {
  const std::vector<std::string> leaves = {"",
                                           std::string(1, '\0'),
                                           "\x10",
                                           "\x20\x21",
                                           "\x30\x31",
                                           "\x40\x41\x42\x43",
                                           "\x50\x51\x52\x53\x54\x55\x56\x57",
                                           "\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"};
  const std::vector<std::string> roots = {"e3b0c44298fc1c14", "6e340b9cffb37a98", "fac54203e7cc696c",
                                          "aeb6bcfe274b70a1", "d37ee418976dd957", "4e3bbb1f7b478dcf",
                                          "76e67dadbcdf1e10", "ddb89be403809e32", "5dc9da79a70659a9"};
  Frontier tree;
  for (std::size_t size = 0;; ++size) {
    EXPECT_EQ(to_hex(tree.root()).substr(0, 16), roots[size]) << size;
    if (size == leaves.size()) break;
    tree.append(leaf_hash(as_bytes(leaves[size])));
  }
}

std::vector<std::size_t> sizes_that_matter() {
  std::vector<std::size_t> sizes;
  for (std::size_t size = 1; size <= 1025; ++size) sizes.push_back(size);
  for (const std::size_t size : {65'279, 65'280, 65'281, 65'535, 65'536, 65'537, 65'791, 65'792, 65'793})
    sizes.push_back(size);
  return sizes;
}

class MerkleTwin : public testing::Test {
 protected:
  const std::vector<Hash> leaves_ = twin::leaves_of(twin::random_entries(65'793, 1));
  twin::Leaves first(std::size_t count) const { return twin::Leaves(leaves_).first(count); }
  Rng rng_{2};
};

TEST_F(MerkleTwin, agrees_on_roots) {
  Frontier tree;
  for (const std::size_t size : sizes_that_matter()) {
    while (tree.size() < size) tree.append(leaves_[tree.size()]);
    ASSERT_EQ(tree.root(), twin::root(first(size))) << size;
  }
}

TEST_F(MerkleTwin, its_inclusion_proofs_hold_and_no_other) {
  for (const std::size_t size : sizes_that_matter()) {
    const Hash root = twin::root(first(size));
    const std::size_t tries = size <= 70 ? size : 3;
    for (std::size_t i = 0; i < tries; ++i) {
      const std::size_t index = size <= 70 ? i : i == 0 ? size - 1 : rng_.below(size);
      std::vector<Hash> proof = twin::path(index, first(size));
      ASSERT_TRUE(verify_inclusion(index, size, leaves_[index], proof, root).ok()) << index << " of " << size;
      EXPECT_FALSE(verify_inclusion(index, size, leaves_[(index + 1) % leaves_.size()], proof, root).ok());
      EXPECT_FALSE(verify_inclusion(size, size, leaves_[index], proof, root).ok());
      if (size > 1) {
        EXPECT_FALSE(verify_inclusion((index + 1) % size, size, leaves_[index], proof, root).ok());
      }
      proof.push_back(root);
      EXPECT_EQ(verify_inclusion(index, size, leaves_[index], proof, root).error().kind, ErrorKind::invalid);
      proof.pop_back();
      if (proof.empty()) continue;
      proof[rng_.below(proof.size())][rng_.below(32)] ^= std::byte{4};
      EXPECT_EQ(verify_inclusion(index, size, leaves_[index], proof, root).error().kind, ErrorKind::conflict);
      proof.pop_back();
      EXPECT_EQ(verify_inclusion(index, size, leaves_[index], proof, root).error().kind, ErrorKind::invalid);
    }
  }
}

TEST_F(MerkleTwin, its_consistency_proofs_hold_and_no_other) {
  for (const std::size_t size : sizes_that_matter()) {
    const Hash root = twin::root(first(size));
    const std::size_t tries = size <= 70 ? size : 2;
    for (std::size_t i = 0; i < tries; ++i) {
      const std::size_t old_size = size <= 70 ? i + 1 : 1 + rng_.below(size);
      const Hash old_root = twin::root(first(old_size));
      std::vector<Hash> proof = twin::subproof(old_size, first(size), true);
      ASSERT_TRUE(verify_consistency(old_size, size, proof, old_root, root).ok()) << old_size << " to " << size;
      if (old_size < size) {
        EXPECT_FALSE(verify_consistency(old_size, size, proof, root, root).ok());
      }
      EXPECT_FALSE(verify_consistency(size + 1, size, proof, old_root, root).ok());
      proof.push_back(root);
      EXPECT_EQ(verify_consistency(old_size, size, proof, old_root, root).error().kind, ErrorKind::invalid);
      proof.pop_back();
      if (proof.empty()) continue;
      proof[rng_.below(proof.size())][rng_.below(32)] ^= std::byte{1};
      EXPECT_EQ(verify_consistency(old_size, size, proof, old_root, root).error().kind, ErrorKind::conflict);
    }
  }
}

TEST(Merkle, a_proof_from_nothing_says_nothing) {
  EXPECT_EQ(verify_consistency(0, 1, {}, empty_root(), empty_root()).error().kind, ErrorKind::invalid);
}

TEST(Merkle, absurd_sizes_are_refused_and_not_walked) {
  const std::vector<Hash> proof(64);
  const std::uint64_t huge = ~std::uint64_t{0};
  EXPECT_FALSE(verify_inclusion(huge - 1, huge, {}, proof, {}).ok());
  EXPECT_FALSE(verify_inclusion(huge, huge, {}, {}, {}).ok());
  EXPECT_FALSE(verify_consistency(1, huge, proof, {}, {}).ok());
  EXPECT_FALSE(verify_consistency(huge - 1, huge, proof, {}, {}).ok());
}

}  // namespace
}  // namespace zan::evidence
