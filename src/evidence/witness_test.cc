// The witness against every line of the protocol's table, a failing disk, damaged memory and two requests at a time.
#include "evidence/witness.h"

#include <gtest/gtest.h>

#include "base/random.h"
#include "evidence/cosignature.h"
#include "evidence/merkle_twin.h"
#include "evidence/text_form.h"
#include "storage/sim_disk.h"

namespace zan::evidence {
namespace {

constexpr std::string_view origin = "example.com/log";

class WitnessTest : public testing::Test {
 protected:
  WitnessTest() { start(); }

  void start() {
    SeededEntropy entropy(2);
    SignerKey key = SignerKey::make("witness.example/w", SignatureType::cosignature_v1, entropy);
    auto opened = Witness::open(*disk_, "witness", std::move(key), {log_.verifier()});
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    witness_ = std::move(opened).value();
  }

  std::string signed_tree(std::uint64_t size, const Hash& root, std::string_view name = origin) const {
    const std::string text = to_text(Checkpoint{std::string(name), size, root});
    return to_text(Note{text, {sign_note(log_, text)}});
  }
  twin::Leaves first(std::size_t size) const { return twin::Leaves(leaves_).first(size); }
  WitnessRequest request(std::size_t old_size, std::size_t size) const {
    const auto proof = old_size == 0 ? std::vector<Hash>{} : twin::subproof(old_size, first(size), true);
    return {old_size, proof, signed_tree(size, twin::root(first(size)))};
  }
  WitnessAnswer ask(const WitnessRequest& request, std::int64_t seconds = 1'000) {
    return witness_->add_checkpoint(to_text(request), {seconds * us_per_second});
  }
  static std::string checkpoint_text(const WitnessRequest& request) { return parse_note(request.checkpoint)->text; }
  std::uint64_t time_of(const WitnessAnswer& answer, const WitnessRequest& asked) const {
    const std::vector<VerifierKey> keys{witness_->verifier()};
    const auto lines = accept_cosignatures(answer.body, checkpoint_text(asked), keys);
    EXPECT_TRUE(lines.ok()) << answer.body;
    return lines.ok() ? cosignature_time(lines->front().bytes).value_or(0) : 0;
  }

  SeededEntropy entropy_{1};
  const SignerKey log_ = SignerKey::make(origin, SignatureType::ed25519, entropy_);
  const std::vector<Hash> leaves_ = twin::leaves_of(twin::random_entries(40, 1));
  std::unique_ptr<storage::SimDisk> disk_ = storage::SimDisk::make(1);
  std::unique_ptr<Witness> witness_;
};

TEST_F(WitnessTest, cosigns_what_continues) {
  std::size_t old_size = 0;
  for (const std::size_t size : {0, 1, 1, 2, 7, 8, 40, 40}) {
    const WitnessAnswer answer = ask(request(old_size, size));
    ASSERT_EQ(answer.status, 200) << size << ": " << answer.body;
    EXPECT_EQ(time_of(answer, request(old_size, size)), 1'000u);
    old_size = size;
  }
}

TEST_F(WitnessTest, tells_the_size_it_has_seen) {
  ASSERT_EQ(ask(request(0, 7)).status, 200);
  for (const std::size_t old_size : {0, 6, 8}) {
    const WitnessAnswer answer = ask(request(old_size, 10));
    EXPECT_EQ(answer.status, 409);
    EXPECT_EQ(answer.content_type, "text/x.tlog.size");
    EXPECT_EQ(parse_witness_size(answer.body).value(), 7u);
  }
}

TEST_F(WitnessTest, answers_what_the_protocol_says) {
  ASSERT_EQ(ask(request(0, 7)).status, 200);
  EXPECT_EQ(witness_->add_checkpoint("old 7\n", {}).status, 400);
  EXPECT_EQ(witness_->add_checkpoint("", {}).status, 400);

  WitnessRequest bad = request(7, 9);
  bad.old_size = 10;
  EXPECT_EQ(ask(bad).status, 400);
  bad.checkpoint = signed_tree(9, leaves_[0], "example.com/unknown");
  EXPECT_EQ(ask(bad).status, 400);
  bad.old_size = 9;
  EXPECT_EQ(ask(bad).status, 404);

  SeededEntropy entropy(9);
  const SignerKey stranger = SignerKey::make(origin, SignatureType::ed25519, entropy);
  bad = request(7, 9);
  const std::string text = checkpoint_text(bad);
  bad.checkpoint = to_text(Note{text, {sign_note(stranger, text)}});
  EXPECT_EQ(ask(bad).status, 403);
  Note spoilt{text, {sign_note(log_, text)}};
  spoilt.signatures[0].bytes[5] ^= std::byte{1};
  bad.checkpoint = to_text(spoilt);
  EXPECT_EQ(ask(bad).status, 403);

  bad = request(7, 9);
  bad.proof.pop_back();
  EXPECT_EQ(ask(bad).status, 422);
  bad = request(7, 9);
  bad.proof[0][0] ^= std::byte{1};
  EXPECT_EQ(ask(bad).status, 422);
  bad = request(7, 7);
  bad.checkpoint = signed_tree(7, leaves_[0]);
  EXPECT_EQ(ask(bad).status, 422);
  bad = request(7, 7);
  bad.proof.push_back(leaves_[0]);
  EXPECT_EQ(ask(bad).status, 422);
  EXPECT_EQ(ask(request(7, 9)).status, 200);
}

TEST_F(WitnessTest, begins_with_a_tree_of_any_size_and_no_proof) {
  WitnessRequest bad = request(0, 5);
  bad.proof.push_back(leaves_[0]);
  EXPECT_EQ(ask(bad).status, 422);
  bad = request(0, 0);
  bad.checkpoint = signed_tree(0, leaves_[0]);
  EXPECT_EQ(ask(bad).status, 422);
  EXPECT_EQ(ask(request(0, 5)).status, 200);
}

TEST_F(WitnessTest, remembers_over_a_power_cut) {
  for (std::size_t size = 1; size < 20; ++size) {
    ASSERT_EQ(ask(request(size - 1, size)).status, 200);
    witness_.reset();
    disk_->crash();
    start();
    EXPECT_EQ(ask(request(0, size)).status, 409);
  }
}

TEST_F(WitnessTest, does_not_answer_before_it_is_stored) {
  ASSERT_EQ(ask(request(0, 5)).status, 200);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    disk_->set_faults({.sync_failure = 1});
    EXPECT_EQ(ask(request(5, 9)).status, 500);
    disk_->set_faults({});
    witness_.reset();
    disk_->crash();
    start();
    // The old state or the new one; nothing was told to anybody.
    const WitnessAnswer answer = ask(request(0, 9));
    ASSERT_EQ(answer.status, 409);
    ASSERT_EQ(parse_witness_size(answer.body).value(), 5u);
  }
}

TEST_F(WitnessTest, refuses_to_start_on_a_damaged_memory) {
  ASSERT_EQ(ask(request(0, 5)).status, 200);
  witness_.reset();
  const std::string path = "witness/" + to_hex(sha256(as_bytes(origin)));
  const std::size_t bytes = storage::read_file(*disk_, path)->size();
  for (std::size_t at = 0; at < 60; ++at) {
    ASSERT_TRUE(disk_->flip(path, at, 2).ok());
    SeededEntropy entropy(2);
    const auto opened =
        Witness::open(*disk_, "witness", SignerKey::make("witness.example/w", SignatureType::cosignature_v1, entropy),
                      {log_.verifier()});
    EXPECT_EQ(opened.error().kind, ErrorKind::corrupt) << at;
    ASSERT_TRUE(disk_->flip(path, at, 2).ok());
  }
  EXPECT_GT(bytes, 60u);
}

TEST_F(WitnessTest, its_time_never_goes_back_and_is_never_zero) {
  EXPECT_EQ(time_of(ask(request(0, 1), -5), request(0, 1)), 1u);
  EXPECT_EQ(time_of(ask(request(1, 2), 500), request(1, 2)), 500u);
  EXPECT_EQ(time_of(ask(request(2, 3), 400), request(2, 3)), 500u);
  witness_.reset();
  start();
  EXPECT_EQ(time_of(ask(request(3, 3), 450), request(3, 3)), 500u);
}

TEST_F(WitnessTest, shows_monitors_the_last_checkpoint_with_both_signatures) {
  const std::string name = to_hex(sha256(as_bytes(origin)));
  EXPECT_EQ(witness_->checkpoint(name).status, 404);
  WitnessRequest asked = request(0, 4);
  Note note = parse_note(asked.checkpoint).value();
  note.signatures.push_back({"somebody", 7, Bytes(70)});
  asked.checkpoint = to_text(note);
  ASSERT_EQ(ask(asked).status, 200);
  const WitnessAnswer answer = witness_->checkpoint(name);
  EXPECT_EQ(answer.status, 200);
  const auto shown = parse_note(answer.body).value();
  const std::vector<VerifierKey> keys{log_.verifier(), witness_->verifier()};
  EXPECT_EQ(verify_note(shown, keys)->size(), 2u);
  EXPECT_EQ(shown.signatures.size(), 2u);
  EXPECT_EQ(witness_->checkpoint(std::string(64, '0')).status, 404);
}

TEST_F(WitnessTest, the_asking_side_takes_known_lines_that_hold) {
  const WitnessRequest asked = request(0, 4);
  const std::string good = ask(asked).body;
  const std::vector<VerifierKey> keys{witness_->verifier()};
  const std::string unknown = "\xe2\x80\x94 somebody AAAAAAAA\n";
  EXPECT_EQ(accept_cosignatures(unknown + good, checkpoint_text(asked), keys)->size(), 1u);
  EXPECT_EQ(accept_cosignatures(unknown, checkpoint_text(asked), keys).error().kind, ErrorKind::refused);
  EXPECT_EQ(accept_cosignatures(good, checkpoint_text(request(0, 5)), keys).error().kind, ErrorKind::refused);
  EXPECT_EQ(accept_cosignatures("<html>", checkpoint_text(asked), keys).error().kind, ErrorKind::invalid);
  EXPECT_EQ(accept_cosignatures("", checkpoint_text(asked), keys).error().kind, ErrorKind::invalid);
  for (const char* bad : {"", "7", "07\n", "7\n\n", "-7\n", " 7\n"}) EXPECT_FALSE(parse_witness_size(bad).ok()) << bad;
}

TEST(WitnessRequestTest, is_written_and_read_back) {
  SeededEntropy entropy(1);
  const SignerKey key = SignerKey::make("o", SignatureType::ed25519, entropy);
  const std::string text = to_text(Checkpoint{"o", 9, empty_root()});
  WitnessRequest request{3, std::vector<Hash>(proof_hashes_max, empty_root()),
                         to_text(Note{text, {sign_note(key, text)}})};
  EXPECT_EQ(parse_witness_request(to_text(request)).value(), request);
  request.proof.push_back(empty_root());
  EXPECT_FALSE(parse_witness_request(to_text(request)).ok());
  request.proof.clear();
  const std::string good = to_text(request);
  for (const std::string& bad :
       std::vector<std::string>{good.substr(1), "old 03" + good.substr(5), "old -3" + good.substr(5),
                                "old 3\nxx\n" + good.substr(6), good.substr(0, good.size() - 1), "old 3\n" + text}) {
    EXPECT_FALSE(parse_witness_request(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace zan::evidence
