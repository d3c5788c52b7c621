// Signed notes, keys, checkpoints and cosignatures: the specification's own vector, round trips, and everything that
// must be refused.
#include "evidence/note.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/random.h"
#include "evidence/checkpoint.h"
#include "evidence/cosignature.h"
#include "evidence/text_form.h"

namespace zan::evidence {
namespace {

// From C2SP signed-note.md and golang.org/x/mod/sumdb/note.
constexpr std::string_view peter = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view peter_note =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "\xe2\x80\x94 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
constexpr std::string_view foo = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

SignerKey make_key(std::string_view name, SignatureType type = SignatureType::ed25519, std::uint64_t seed = 1) {
  SeededEntropy entropy(seed);
  return SignerKey::make(name, type, entropy);
}

std::vector<VerifierKey> one(const SignerKey& key) {
  return {key.verifier()};
}

TEST(Vkey, published_ones_are_read_and_written_back) {
  for (const std::string_view text : {peter, foo}) {
    const auto key = parse_vkey(text);
    ASSERT_TRUE(key.ok()) << key.error().message;
    EXPECT_EQ(to_vkey(*key), text);
  }
  EXPECT_EQ(parse_vkey(foo)->name, "example.com/foo");
  EXPECT_EQ(parse_vkey(foo)->id, 0x530d903aU);
}

TEST(Vkey, every_changed_character_is_noticed) {
  for (std::size_t at = 0; at < foo.size(); ++at) {
    std::string text(foo);
    text[at] = text[at] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(parse_vkey(text).ok()) << text;
  }
  for (const char* text :
       {"", "+", "++", "a+530d903a", "a+530d903a+", "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"}) {
    EXPECT_FALSE(parse_vkey(text).ok()) << text;
  }
}

TEST(Vkey, another_type_is_unsupported_and_not_a_crash) {
  const std::string text = "a+00000000+" + to_base64(Bytes(33, std::byte{6}));
  EXPECT_EQ(parse_vkey(text).error().kind, ErrorKind::unsupported);
}

TEST(KeyName, has_no_spaces_plus_or_control_bytes) {
  for (const std::string_view name :
       {"", "a b", "a+b", "a\tb", "a\nb", "a\u00a0b", "a\u2003b", "a\u3000b", "\xff", "\xc0\xaf", "\xed\xa0\x80"})
    EXPECT_FALSE(is_key_name(name)) << name;
  for (const std::string_view name : {"a", "example.com/\u771f\u8d5e", "\U0001f44d"})
    EXPECT_TRUE(is_key_name(name)) << name;
  EXPECT_FALSE(is_key_name(std::string(key_name_bytes_max + 1, 'a')));
}

TEST(SignerKey, is_written_and_read_back) {
  const SignerKey key = make_key("example.com/log");
  const auto again = SignerKey::parse(key.to_text());
  ASSERT_TRUE(again.ok()) << again.error().message;
  EXPECT_EQ(again->verifier(), key.verifier());
  EXPECT_EQ(sign_note(*again, "text\n"), sign_note(key, "text\n"));
  std::string text = key.to_text();
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string changed = text;
    changed[at] = changed[at] == 'a' ? 'b' : 'a';
    EXPECT_FALSE(SignerKey::parse(changed).ok()) << at;
  }
}

// The seed is the one of RFC 8032 section 7.1, test 1.
TEST(SignerKey, signs_as_rfc_8032_does) {
  Bytes seed;
  for (const int byte :
       {0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec, 0x2c, 0xc4,
        0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03, 0x1c, 0xae, 0x7f, 0x60})
    seed.push_back(static_cast<std::byte>(byte));
  Bytes public_key = {};
  class Fixed final : public Entropy {
   public:
    explicit Fixed(const Bytes& bytes) : bytes_(bytes) {}
    void fill(std::span<unsigned char> out) override {
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = std::to_integer<unsigned char>(bytes_[i]);
    }

   private:
    const Bytes& bytes_;
  } entropy(seed);
  const SignerKey key = SignerKey::make("rfc8032", SignatureType::ed25519, entropy);
  EXPECT_EQ(to_hex(key.verifier().public_key), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  EXPECT_EQ(to_hex(key.sign({})),
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f059"
            "5bbe24655141438e7a100b");
}

TEST(Note, the_published_one_verifies) {
  const auto note = parse_note(peter_note);
  ASSERT_TRUE(note.ok()) << note.error().message;
  EXPECT_EQ(to_text(*note), peter_note);
  const std::vector<VerifierKey> keys{parse_vkey(foo).value(), parse_vkey(peter).value()};
  EXPECT_EQ(verify_note(*note, keys).value(), std::vector<std::size_t>{1});
  EXPECT_EQ(verify_note(*note, std::span(keys).first(1)).error().kind, ErrorKind::refused);
}

TEST(Note, every_changed_byte_is_noticed) {
  const std::vector<VerifierKey> keys{parse_vkey(peter).value()};
  for (std::size_t at = 0; at < peter_note.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string text(peter_note);
      text[at] = static_cast<char>(text[at] ^ (1 << bit));
      const auto note = parse_note(text);
      EXPECT_FALSE(note.ok() && verify_note(*note, keys).ok()) << at << " " << bit;
    }
  }
}

TEST(Note, text_may_hold_empty_lines_and_lines_that_look_like_signatures) {
  const SignerKey key = make_key("k");
  const std::string text = "one\n\n\xe2\x80\x94 k AAAA\n\n\nlast\n";
  const Note note{text, {sign_note(key, text)}};
  const auto parsed = parse_note(to_text(note));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(*parsed, note);
  EXPECT_TRUE(verify_note(*parsed, one(key)).ok());
}

TEST(Note, what_is_no_note_is_refused) {
  const SignerKey key = make_key("k");
  const std::string good = to_text(Note{"text\n", {sign_note(key, "text\n")}});
  ASSERT_TRUE(parse_note(good).ok());
  const std::string line = good.substr(6);
  for (const std::string& bad : std::vector<std::string>{
           std::string(), std::string("text\n"), std::string("text\n\n"), "text\n" + line, good + "\n",
           good.substr(0, good.size() - 1), "te\rxt\n\n" + line, std::string("te\0xt\n\n", 7) + line,
           "te\xffxt\n\n" + line, "text\n\n-" + line, good + "trailing\n", "text\n\n\xe2\x80\x94 k \n",
           "text\n\n\xe2\x80\x94 k AAAAAA==\n", "text\n\n\xe2\x80\x94 a b AAAAAAA=\n",
           "text\n\n\xe2\x80\x94 k AAAAAAB=\n", "text\n\n\xe2\x80\x94 k AAAA AAA=\n"}) {
    EXPECT_FALSE(parse_note(bad).ok()) << bad;
  }
}

TEST(Note, takes_a_hundred_signatures_and_no_more) {
  const SignerKey key = make_key("k");
  Note note{"text\n", {}};
  for (std::uint64_t i = 1; i < note_signatures_max; ++i)
    note.signatures.push_back(sign_note(make_key("other", SignatureType::ed25519, i + 1), note.text));
  note.signatures.push_back(sign_note(key, note.text));
  ASSERT_TRUE(parse_note(to_text(note)).ok());
  EXPECT_TRUE(verify_note(note, one(key)).ok());
  note.signatures.push_back(note.signatures.front());
  EXPECT_FALSE(parse_note(to_text(note)).ok());
  const std::string long_text(note_bytes_max, 'x');
  EXPECT_FALSE(parse_note(to_text(Note{long_text + "\n", {sign_note(key, long_text)}})).ok());
}

TEST(Note, a_failing_line_of_a_known_key_spoils_all_and_unknown_ones_do_not) {
  const SignerKey key = make_key("k");
  const SignerKey other = make_key("other", SignatureType::ed25519, 2);
  Note note{"text\n", {sign_note(key, "text\n"), sign_note(other, "another text\n")}};
  EXPECT_TRUE(verify_note(note, one(key)).ok());
  const std::vector<VerifierKey> both{key.verifier(), other.verifier()};
  EXPECT_EQ(verify_note(note, both).error().kind, ErrorKind::refused);
  note.signatures.pop_back();
  note.signatures.push_back(note.signatures.front());
  EXPECT_EQ(verify_note(note, both).value(), std::vector<std::size_t>{0});
  // The same name or the same id alone is not the same key.
  note.signatures.push_back({"k", 7, Bytes(64)});
  note.signatures.push_back({"not k", key.verifier().id, Bytes(64)});
  EXPECT_TRUE(verify_note(note, both).ok());
}

TEST(Checkpoint, is_written_and_read_back) {
  const Checkpoint checkpoint{"example.com/log", 109'482, sha256(as_bytes("root"))};
  EXPECT_EQ(parse_checkpoint(to_text(checkpoint)).value(), checkpoint);
  EXPECT_EQ(to_text(Checkpoint{"o", 0}), "o\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
  EXPECT_EQ(parse_checkpoint(to_text(checkpoint) + "an extension\n").value(), checkpoint);
}

TEST(Checkpoint, has_no_other_form) {
  const std::string root = to_base64(empty_root());
  for (const std::string& bad : std::vector<std::string>{
           std::string(), "o\n0\n" + root, "\n0\n" + root + "\n", "o\n00\n" + root + "\n", "o\n01\n" + root + "\n",
           "o\n-1\n" + root + "\n", "o\n+1\n" + root + "\n", "o\n 1\n" + root + "\n",
           "o\n9223372036854775808\n" + root + "\n", "o\n1\n" + root.substr(1) + "\n", "o\n1\n" + root + "\n\n",
           "o\n1\n" + root + "\nextension", "o\n1\n" + to_base64(Bytes(31)) + "\n", "o\n1\n"}) {
    EXPECT_FALSE(parse_checkpoint(bad).ok()) << bad;
  }
  EXPECT_TRUE(parse_checkpoint("o\n9223372036854775807\n" + root + "\n").ok());
}

TEST(Checkpoint, opens_with_the_right_key_and_origin_only) {
  const SignerKey key = make_key("example.com/log");
  const std::string text = to_text(Checkpoint{"example.com/log", 0});
  const std::string bytes = to_text(Note{text, {sign_note(key, text)}});
  EXPECT_TRUE(open_checkpoint(bytes, "example.com/log", one(key)).ok());
  EXPECT_EQ(open_checkpoint(bytes, "example.com/other", one(key)).error().kind, ErrorKind::conflict);
  const SignerKey other = make_key("example.com/log", SignatureType::ed25519, 2);
  EXPECT_EQ(open_checkpoint(bytes, "example.com/log", one(other)).error().kind, ErrorKind::refused);
}

TEST(Cosignature, says_a_time_and_covers_the_whole_text) {
  const SignerKey key = make_key("witness.example/w", SignatureType::cosignature_v1);
  const std::string text = to_text(Checkpoint{"o", 0});
  Note note{text, {cosign(key, text, 1'700'000'000)}};
  EXPECT_EQ(cosignature_time(note.signatures[0].bytes), 1'700'000'000u);
  EXPECT_EQ(note.signatures[0].bytes.size(), 72u);
  EXPECT_TRUE(verify_note(note, one(key)).ok());
  EXPECT_EQ(cosigned_message(12, "o\n0\nx\n"), "cosignature/v1\ntime 12\no\n0\nx\n");
  for (std::size_t at = 0; at < note.signatures[0].bytes.size(); ++at) {
    Note changed = note;
    changed.signatures[0].bytes[at] ^= std::byte{1};
    EXPECT_FALSE(verify_note(changed, one(key)).ok()) << at;
  }
  note.text += "x\n";
  EXPECT_FALSE(verify_note(note, one(key)).ok());
}

TEST(Cosignature, a_time_of_zero_or_beyond_63_bits_is_none) {
  Bytes bytes(8 + 64);
  EXPECT_FALSE(cosignature_time(bytes));
  bytes[0] = std::byte{0x80};
  EXPECT_FALSE(cosignature_time(bytes));
  bytes[0] = std::byte{0x7f};
  EXPECT_TRUE(cosignature_time(bytes));
  EXPECT_FALSE(cosignature_time(Bytes(7, std::byte{1})));
}

// One key of bytes in two roles: the type is part of the id, and no signature of one role passes for the other.
TEST(Cosignature, roles_do_not_mix) {
  const SignerKey witness = make_key("same", SignatureType::cosignature_v1);
  const SignerKey log = make_key("same", SignatureType::ed25519);
  EXPECT_EQ(witness.verifier().public_key, log.verifier().public_key);
  EXPECT_NE(witness.verifier().id, log.verifier().id);
  const std::string text = to_text(Checkpoint{"o", 0});
  NoteSignature borrowed = sign_note(log, text);
  borrowed.key_id = witness.verifier().id;
  EXPECT_FALSE(verify_note(Note{text, {borrowed}}, one(witness)).ok());
}

TEST(Base64, has_no_other_form) {
  const std::string good = to_base64(Bytes(32, std::byte{0x5a}));
  ASSERT_TRUE(parse_base64_hash(good));
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = good;
      text[at] = static_cast<char>(byte);
      const auto parsed = parse_base64(text);
      EXPECT_TRUE(!parsed || to_base64(*parsed) == text) << at << " " << byte;
    }
  }
  for (const char* bad :
       {"A", "AA", "AAA", "AA=", "AA==AAAA", "AAB=", "AB==", "A===", "====", "AAA=\n", "AA A", "AA-A", "AA_A"})
    EXPECT_FALSE(parse_base64(bad)) << bad;
}

RC_GTEST_PROP(Base64, is_read_back, (const std::vector<unsigned char>& bytes)) {
  const ByteSpan span = std::as_bytes(std::span(bytes));
  const auto parsed = parse_base64(to_base64(span));
  RC_ASSERT(parsed.has_value());
  RC_ASSERT(*parsed == Bytes(span.begin(), span.end()));
}

}  // namespace
}  // namespace zan::evidence
