#include "evidence/policy.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "evidence/cosignature.h"
#include "evidence/merkle_twin.h"
#include "evidence/proof_file.h"

namespace zan::evidence {
namespace {

class PolicyTest : public testing::Test {
 protected:
  PolicyTest() {
    for (std::uint64_t i = 0; i < 6; ++i) {
      SeededEntropy entropy(i + 2);
      witnesses_.push_back(
          SignerKey::make(fmt::format("witness.example/{}", i), SignatureType::cosignature_v1, entropy));
    }
  }

  std::string log_line() const { return "log " + to_vkey(log_.verifier()) + "\n"; }
  std::string witness_line(std::size_t i) const {
    return fmt::format("witness w{} {}\n", i, to_vkey(witnesses_[i].verifier()));
  }
  // The specification's example: two of X (0, 1, 2) and any of Y (3, 4, 5).
  std::string example() const {
    std::string text = "# a comment\n\n" + log_line();
    for (std::size_t i = 0; i < 3; ++i) text += witness_line(i);
    text += "group X 2 w0 w1 w2\n";
    for (std::size_t i = 3; i < 6; ++i) text += "\t " + witness_line(i);
    return text + "group Y any w3 w4 w5\ngroup X-and-Y all X  Y \nquorum\tX-and-Y\n";
  }

  Note note(const std::vector<std::size_t>& cosigners, const Checkpoint& checkpoint) const {
    const std::string text = to_text(checkpoint);
    Note note{text, {sign_note(log_, text)}};
    for (const std::size_t i : cosigners) note.signatures.push_back(cosign(witnesses_[i], text, 1'000 + i));
    return note;
  }
  SignedCheckpoint cosigned(const std::vector<std::size_t>& cosigners) const {
    return {checkpoint_, note(cosigners, checkpoint_)};
  }

  SeededEntropy entropy_{1};
  const SignerKey log_ = SignerKey::make("example.com/log", SignatureType::ed25519, entropy_);
  std::vector<SignerKey> witnesses_;
  const Checkpoint checkpoint_{"example.com/log", 5, sha256(as_bytes("root"))};
};

TEST_F(PolicyTest, counts_the_quorum_through_groups_of_groups) {
  const auto policy = parse_policy(example());
  ASSERT_TRUE(policy.ok()) << policy.error().field << " " << policy.error().message;
  for (unsigned set = 0; set < 64; ++set) {
    std::vector<std::size_t> cosigners;
    for (std::size_t i = 0; i < 6; ++i) {
      if ((set >> i & 1) != 0) cosigners.push_back(i);
    }
    const bool wanted = std::popcount(set & 7) >= 2 && (set >> 3) != 0;
    const auto verdict = check_policy(*policy, cosigned(cosigners));
    EXPECT_EQ(verdict.ok(), wanted) << set;
    if (verdict.ok()) {
      EXPECT_EQ(verdict->cosigners.size(), cosigners.size());
    }
  }
}

TEST_F(PolicyTest, a_bad_line_of_a_known_key_refuses_all) {
  const auto policy = parse_policy(example()).value();
  SignedCheckpoint checkpoint = cosigned({0, 1, 2, 3});
  checkpoint.note.signatures.back().bytes[20] ^= std::byte{1};
  EXPECT_EQ(check_policy(policy, checkpoint).error().kind, ErrorKind::refused);
  checkpoint = cosigned({0, 1, 3});
  checkpoint.note.signatures.erase(checkpoint.note.signatures.begin());
  EXPECT_EQ(check_policy(policy, checkpoint).error().kind, ErrorKind::refused);
}

TEST_F(PolicyTest, a_log_may_only_sign_under_its_own_name) {
  const Checkpoint foreign{"example.com/other", 5, checkpoint_.root};
  EXPECT_EQ(check_policy(trust_one_log(log_.verifier()), {foreign, note({}, foreign)}).error().kind,
            ErrorKind::refused);
  EXPECT_TRUE(check_policy(trust_one_log(log_.verifier()), cosigned({})).ok());
}

TEST_F(PolicyTest, the_newest_of_two_cosignatures_counts) {
  const auto policy = parse_policy(witness_line(0) + log_line() + "quorum w0\n").value();
  SignedCheckpoint checkpoint = cosigned({0});
  checkpoint.note.signatures.push_back(cosign(witnesses_[0], checkpoint.note.text, 2'000));
  checkpoint.note.signatures.push_back(cosign(witnesses_[0], checkpoint.note.text, 1'500));
  const auto verdict = check_policy(policy, checkpoint).value();
  ASSERT_EQ(verdict.cosigners.size(), 1u);
  EXPECT_EQ(verdict.cosigners[0].seconds, 2'000u);
}

TEST_F(PolicyTest, refuses_with_the_line_what_is_no_policy) {
  const std::string w0 = witness_line(0);
  const std::string w1 = witness_line(1);
  const std::string wrong_role = "witness w9 " + to_vkey(log_.verifier()) + "\n";
  const std::string same_key = "witness again" + witness_line(0).substr(10);
  struct Case {
    std::string text;
    const char* field;
  };
  for (const Case& bad : {Case{"", "line 0"},
                          Case{"quorum none", "line 1"},
                          Case{"quorum none\nquorum none\n", "line 2"},
                          Case{"quorum w0\n" + w0, "line 1"},
                          Case{w0 + w0 + "quorum none\n", "line 2"},
                          Case{w0 + same_key + "quorum none\n", "line 2"},
                          Case{wrong_role + "quorum none\n", "line 1"},
                          Case{log_line() + log_line() + "quorum none\n", "line 2"},
                          Case{"group g any\nquorum g\n", "line 1"},
                          Case{w0 + "group g 0 w0\nquorum g\n", "line 2"},
                          Case{w0 + "group g 2 w0\nquorum g\n", "line 2"},
                          Case{w0 + "group g 01 w0\nquorum g\n", "line 2"},
                          Case{w0 + "group g any w0 w0\nquorum g\n", "line 2"},
                          Case{w0 + "group g any g\nquorum g\n", "line 2"},
                          Case{w0 + "group w0 any w0\nquorum none\n", "line 2"},
                          Case{w0 + "group g any w0\ngroup h any w0\nquorum h\n", "line 3"},
                          Case{"witness none" + w0.substr(10) + "quorum none\n", "line 1"},
                          Case{w0 + w1 + "group none any w0 w1\nquorum none\n", "line 3"},
                          Case{w0 + "group g any none\nquorum g\n", "line 2"},
                          Case{"log\nquorum none\n", "line 1"},
                          Case{"log x y\nquorum none\n", "line 1"},
                          Case{"Quorum none\n", "line 1"},
                          Case{"quorum none\r\n", "line 1"},
                          Case{"quorum\v none\n", "line 1"},
                          Case{"quorum a b\n", "line 1"}}) {
    const auto policy = parse_policy(bad.text);
    ASSERT_FALSE(policy.ok()) << bad.text;
    EXPECT_EQ(policy.error().field, bad.field) << bad.text;
  }
  EXPECT_TRUE(parse_policy("quorum none\n").ok());
  EXPECT_TRUE(parse_policy("# \xff opaque\n" + w0.substr(0, w0.size() - 1) + " https://w.example/ \nquorum w0\n").ok());
}

TEST_F(PolicyTest, is_bounded) {
  EXPECT_FALSE(parse_policy(std::string(policy_bytes_max, '\n') + "quorum none\n").ok());
  std::string text = witness_line(0) + "group g0 any w0\n";
  for (std::size_t i = 1; i + 1 < policy_items_max; ++i) text += fmt::format("group g{} any g{}\n", i, i - 1);
  EXPECT_TRUE(parse_policy(text + "quorum g1022\n").ok());
  EXPECT_FALSE(parse_policy(text + "group more any g1022\nquorum none\n").ok());
}

class ProofFileTest : public PolicyTest {
 protected:
  ProofFile file(std::size_t index) const {
    const Checkpoint checkpoint{"example.com/log", leaves_.size(), twin::root(leaves_)};
    return {{}, index, twin::path(index, leaves_), to_text(note({0}, checkpoint))};
  }
  const std::vector<Hash> leaves_ = twin::leaves_of(twin::random_entries(100, 1));
};

TEST_F(ProofFileTest, is_written_read_back_and_proves) {
  const Policy policy = parse_policy(log_line() + witness_line(0) + "quorum w0\n").value();
  for (const std::size_t index : {0, 1, 63, 64, 98, 99}) {
    ProofFile proof = file(index);
    EXPECT_EQ(parse_proof_file(to_text(proof)).value(), proof);
    EXPECT_TRUE(verify_proof_file(proof, leaves_[index], policy).ok());
    EXPECT_EQ(verify_proof_file(proof, leaves_[index ^ 1], policy).error().kind, ErrorKind::conflict);
    proof.extra = Bytes(5, std::byte{9});
    EXPECT_EQ(parse_proof_file(to_text(proof)).value(), proof);
  }
}

// One flipped bit anywhere: refused, or (case of the unauthenticated parts: none here) the same proof.
TEST_F(ProofFileTest, every_flipped_bit_is_refused) {
  const Policy policy = parse_policy(log_line() + witness_line(0) + "quorum w0\n").value();
  const std::string good = to_text(file(37));
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ (1 << bit));
      const auto parsed = parse_proof_file(bad);
      EXPECT_FALSE(parsed.ok() && verify_proof_file(*parsed, leaves_[37], policy).ok()) << at << " " << bit;
    }
  }
}

TEST_F(ProofFileTest, has_no_other_form) {
  const std::string good = to_text(file(0));
  const std::string first = "c2sp.org/tlog-proof@v1\n";
  const std::string rest = good.substr(first.size());
  ASSERT_TRUE(parse_proof_file(first + "extra \n" + rest).ok());
  for (const std::string& bad : std::vector<std::string>{
           std::string(), first, "c2sp.org/tlog-proof@v2\n" + rest, rest, first + "extra\n" + rest,
           first + "extra ?\n" + rest, first + "extra \nextra \n" + rest, first + "index 00" + rest.substr(7),
           first + "index -1" + rest.substr(7), first + rest.substr(8), first + "index 0\n\n",
           first + "index 0\nAAAA\n" + rest.substr(8)}) {
    EXPECT_FALSE(parse_proof_file(bad).ok()) << bad;
  }
  ProofFile tall = file(0);
  tall.proof.assign(proof_hashes_max, leaves_[0]);
  EXPECT_TRUE(parse_proof_file(to_text(tall)).ok());
  tall.proof.push_back(leaves_[0]);
  EXPECT_FALSE(parse_proof_file(to_text(tall)).ok());
  EXPECT_FALSE(parse_proof_file(first + "extra " + std::string(proof_file_bytes_max, 'A') + "\n" + rest).ok());
}

}  // namespace
}  // namespace zan::evidence
