#include "evidence/receipt.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <rapidcheck/gtest.h>
#include <cctype>
#include <functional>

#include "evidence/cosignature.h"
#include "evidence/sim_receipts.h"
#include "evidence/text_form.h"
#include "storage/sim_disk.h"

namespace zan::evidence {
namespace {

const LoggedEvents& logged() {
  static const LoggedEvents events(storage::SimDisk::make(1), 23);
  return events;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

std::string proof_text(const Receipt& receipt) {
  return to_text(to_proof_file(receipt));
}

TEST(Receipt, of_every_kind_is_read_back_and_holds_in_both_forms) {
  for (std::size_t i = 0; i < 23; ++i) {
    for (const Receipt& receipt : {logged().receipt(i), logged().without_identity(i)}) {
      for (const std::string& text : {to_json(receipt), proof_text(receipt)}) {
        const auto parsed = parse_receipt(text);
        ASSERT_TRUE(parsed.ok()) << parsed.error().field << " " << parsed.error().message;
        EXPECT_EQ(*parsed, receipt);
        const auto verdict = verify_receipt(*parsed, logged().policy());
        ASSERT_TRUE(verdict.ok()) << verdict.error().message;
        EXPECT_EQ(verdict->checkpoint.size, 23u);
      }
    }
  }
}

// What may stand in the place of a character: its neighbours of the same kind, and some of other kinds.
std::string others_for(char c) {
  std::string others = std::string("\0\xff \"\\", 5) + static_cast<char>(c ^ 1);
  if (std::isdigit(static_cast<unsigned char>(c))) others += "09a-";
  if (std::isalpha(static_cast<unsigned char>(c))) others += std::string{static_cast<char>(c ^ 0x20), 'A', 'b', '/'};
  std::erase(others, c);
  return others;
}

bool refused(const std::string& text) {
  const auto parsed = parse_receipt(text);
  return !parsed.ok() || !verify_receipt(*parsed, logged().policy()).ok();
}

// Places where another byte was accepted.
std::vector<std::size_t> holes_in(const std::string& good) {
  EXPECT_FALSE(refused(good));
  std::vector<std::size_t> holes;
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char other : others_for(good[i])) {
      std::string text = good;
      text[i] = other;
      if (!refused(text) && (holes.empty() || holes.back() != i)) holes.push_back(i);
    }
  }
  return holes;
}

// A comment has the most to it: all flags, a text, names in Chinese with quotes.
constexpr std::size_t a_comment = 3;

TEST(Receipt, in_json_is_refused_when_any_character_is_another) {
  for (const Receipt& receipt : {logged().receipt(a_comment), logged().without_identity(16)}) {
    const std::string json = to_json(receipt);
    // White space behind the object may be any.
    EXPECT_EQ(holes_in(json), std::vector{json.size() - 1});
  }
}

TEST(Receipt, as_proof_is_refused_when_any_byte_is_another) {
  for (const Receipt& receipt : {logged().receipt(a_comment), logged().without_identity(16)})
    EXPECT_EQ(holes_in(proof_text(receipt)), std::vector<std::size_t>{});
}

// Bytes that go or come: what is still accepted says the same.
TEST(Receipt, with_a_byte_more_or_less_says_the_same_or_is_refused) {
  const Receipt& receipt = logged().receipt(a_comment);
  for (const std::string& good : {to_json(receipt), proof_text(receipt)}) {
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::vector<std::string> texts{good};
      texts[0].erase(i, 1);
      for (const char* more : {"0", "1", "a", "A", "=", " ", "\n", "\"", "\\", ",", "-"})
        texts.push_back(good.substr(0, i) + more + good.substr(i));
      for (const std::string& text : texts) {
        if (refused(text)) continue;
        EXPECT_EQ(parse_receipt(text).value(), receipt) << text;
      }
    }
  }
  EXPECT_TRUE(refused(proof_text(receipt) + "\n"));
  EXPECT_TRUE(refused(to_json(receipt) + "x"));
}

// Everything a receipt says, changed as a value: the event, whose it is, where it is and what was signed.
TEST(Receipt, with_anything_else_in_it_is_refused) {
  const std::function<void(Receipt&)> changes[] = {
      [](Receipt& r) { r.event.type = EventType::like; },
      [](Receipt& r) { ++r.event.number; },
      [](Receipt& r) { ++r.event.at.us; },
      [](Receipt& r) { --r.event.received.us; },
      [](Receipt& r) { r.event.incentivised = !r.event.incentivised; },
      [](Receipt& r) { r.event.changed = !r.event.changed; },
      [](Receipt& r) { r.event.replaced = Replaced::nothing; },
      [](Receipt& r) { r.event.replaced_incentivised = !r.event.replaced_incentivised; },
      [](Receipt& r) { r.event.verdict = Verdict::rejected; },
      [](Receipt& r) { r.event.actor[31] ^= std::byte{1}; },
      [](Receipt& r) { r.event.subject += ' '; },
      [](Receipt& r) { std::swap(r.event.subject, r.event.creator); },
      [](Receipt& r) { r.event.region = "x"; },
      [](Receipt& r) { r.event.surface = "x"; },
      [](Receipt& r) { r.event.text_hash.reset(); },
      [](Receipt& r) { r.opening[0] ^= std::byte{1}; },
      [](Receipt& r) { r.identity->user = "another"; },
      [](Receipt& r) { r.identity->key[0] ^= std::byte{1}; },
      [](Receipt& r) { ++r.index; },
      [](Receipt& r) { r.index += 32; },
      [](Receipt& r) { r.proof.pop_back(); },
      [](Receipt& r) { r.proof.push_back({}); },
      [](Receipt& r) { std::swap(r.proof[0], r.proof[1]); },
      [](Receipt& r) { r.checkpoint = replaced(r.checkpoint, "\n23\n", "\n24\n"); },
      [](Receipt& r) { r.checkpoint = replaced(r.checkpoint, "zhenzan\n", "zhenzan\u2028\n"); },
      [](Receipt& r) { r.checkpoint.clear(); },
  };
  std::size_t number = 0;
  for (const auto& change : changes) {
    Receipt receipt = logged().receipt(a_comment);
    change(receipt);
    EXPECT_FALSE(verify_receipt(receipt, logged().policy()).ok()) << number;
    EXPECT_TRUE(refused(to_json(receipt))) << number;
    EXPECT_TRUE(refused(proof_text(receipt))) << number;
    ++number;
  }
}

TEST(Receipt, needs_the_key_that_signed_and_the_witnesses_that_are_wanted) {
  SeededEntropy entropy(7);
  const SignerKey other = SignerKey::make(LoggedEvents::origin, SignatureType::ed25519, entropy);
  EXPECT_EQ(verify_receipt(logged().receipt(0), trust_one_log(other.verifier())).error().kind, ErrorKind::refused);

  const SignerKey witness = SignerKey::make("w.example", SignatureType::cosignature_v1, entropy);
  const Policy policy =
      parse_policy("log " + to_vkey(logged().key()) + "\nwitness w " + to_vkey(witness.verifier()) + "\nquorum w\n")
          .value();
  Receipt receipt = logged().receipt(0);
  EXPECT_EQ(verify_receipt(receipt, policy).error().kind, ErrorKind::refused);
  const std::string text = receipt.checkpoint.substr(0, receipt.checkpoint.find("\n\n") + 1);
  receipt.checkpoint += signature_line(cosign(witness, text, 1'700'000'000));
  EXPECT_TRUE(verify_receipt(receipt, policy).ok());
  // A line nobody here knows may say anything.
  EXPECT_TRUE(verify_receipt(receipt, logged().policy()).ok());
}

TEST(Receipt, of_another_person_is_a_conflict) {
  Receipt receipt = logged().receipt(0);
  receipt.identity->user = "ann";
  EXPECT_EQ(verify_receipt(receipt, logged().policy()).error().kind, ErrorKind::conflict);
}

TEST(ReceiptJson, names_the_member_that_is_wrong) {
  const std::string good = to_json(logged().receipt(a_comment));
  const std::string hash = to_base64(Hash{});
  const std::string opening = to_base64(logged().receipt(a_comment).opening);
  const struct {
    std::string from, to, field;
  } cases[] = {
      {"zhenzan-receipt/1", "zhenzan-receipt/2", "format"},
      {"\"comment\"", "\"view\"", "event.type"},
      {"\"version\":1", "\"version\":2", "event.version"},
      {"\"number\":1003", "\"number\":1003.0", "event.number"},
      {"\"number\":1003", "\"number\":-1003", "event.number"},
      {"\"number\":1003", "\"number\":18446744073709551616", ""},
      {"\"at\":\"2022", "\"at\":\"1969", "event.at"},
      {"Z\",\"received", "+00:00\",\"received", "event.at"},
      {"Z\",\"incent", "0Z\",\"incent", "event.received"},
      {"\"incentivised\":false", "\"incentivised\":0", "event.incentivised"},
      {"\"changed\":true", "\"changed\":\"true\"", "event.changed"},
      {"\"withdrawn\"", "\"followed\"", "event.replaced"},
      {"\"replaced_incentivised\":false", "\"replaced_incentivised\":null", "event.replaced_incentivised"},
      {"\"genuine\"", "\"Genuine\"", "event.verdict"},
      {"\"actor\":\"", "\"actor\":\"A", "event.actor"},
      {"\"subject\":\"", "\"subject\":\"" + std::string(257, 's'), "event.subject"},
      {"\"creator\":\"", "\"creator\":\"\\udc00", ""},
      {"\"creator\":\"", "\"creator\":\"\\ud83d", ""},
      {"\"creator\":\"", "\"creator\":\"\\ud83d\\u0041", ""},
      {"\"region\":\"\"", "\"region\":null", "event.region"},
      {"\"surface\":\"feed\"", "\"surface\":[]", "event.surface"},
      {"\"text_sha256\":\"", "\"text_sha256\":\"A", "event.text_sha256"},
      {"\"surface\"", "\"surfaces\"", "event.surface"},
      {"\"surface\":\"feed\"", "\"surface\":\"feed\",\"surface\":\"feed\"", "event"},
      {"\"surface\":\"feed\"", "\"surface\":\"feed\",\"note\":\"\"", "event"},
      {opening, opening.substr(4), "opening"},
      {opening, "", "opening"},
      {"\"user\":\"小红\"", "\"user\":\"\"", "identity.user"},
      {"\"user\":\"小红\"", "\"user\":\"" + std::string(257, 'u') + "\"", "identity.user"},
      {"\"key\":\"", "\"key\":\"A", "identity.key"},
      {"\"user\"", "\"extra\":1,\"user\"", "identity"},
      {"\"index\":3", "\"index\":\"3\"", "index"},
      {"\"index\":3", "\"index\":9223372036854775808", "index"},
      {"\"proof\":[", "\"proof\":[1,", "proof"},
      {"\"proof\":[", "\"proof\":[\"AAAA\",", "proof"},
      {"\"checkpoint\":\"example", "\"checkpoint\":\"\\nexample", "checkpoint"},
      {"\\n23\\n", "\\n023\\n", "checkpoint"},
      {"\"checkpoint\":\"", "\"checkpoint\":1,\"c\":\"", ""},
      {"{\"format\"", "{\"more\":1,\"format\"", ""},
  };
  for (const auto& [from, to, field] : cases) {
    const auto parsed = parse_receipt_json(replaced(good, from, to));
    ASSERT_FALSE(parsed.ok()) << to;
    EXPECT_EQ(parsed.error().kind, ErrorKind::invalid);
    EXPECT_EQ(parsed.error().field, field) << to << ": " << parsed.error().message;
  }
  for (const char* text : {"", "{", "[]", "null", "{}", "{\"format\":\"zhenzan-receipt/1\"}"})
    EXPECT_EQ(parse_receipt_json(text).error().kind, ErrorKind::invalid) << text;
}

TEST(ReceiptJson, may_have_white_space_and_another_order) {
  const Receipt& receipt = logged().receipt(a_comment);
  std::string json = to_json(receipt);
  const std::string format = fmt::format("\"format\":\"{}\",", receipt_format);
  json = replaced(json, format, "");
  json = replaced(json, "\"index\"", " \t\r\n " + format + " \n\"index\"");
  EXPECT_EQ(parse_receipt("\n " + json).value(), receipt);
}

TEST(Receipt, is_bounded) {
  Receipt receipt = logged().receipt(0);
  receipt.proof.assign(proof_hashes_max, Hash{});
  EXPECT_EQ(parse_receipt(to_json(receipt)).value(), receipt);
  EXPECT_EQ(parse_receipt(proof_text(receipt)).value(), receipt);
  receipt.proof.emplace_back();
  EXPECT_EQ(parse_receipt(to_json(receipt)).error().field, "proof");
  EXPECT_FALSE(parse_receipt(proof_text(receipt)).ok());

  receipt = logged().receipt(0);
  std::string json = to_json(receipt);
  json.resize(proof_file_bytes_max, ' ');
  EXPECT_TRUE(parse_receipt(json).ok());
  EXPECT_FALSE(parse_receipt(json + " ").ok());
  EXPECT_FALSE(parse_receipt(std::string(proof_file_bytes_max, '[')).ok());

  receipt.identity->user.assign(event_name_bytes_max, 'u');
  EXPECT_EQ(parse_receipt(to_json(receipt)).value(), receipt);
  EXPECT_EQ(parse_receipt(proof_text(receipt)).value(), receipt);
}

TEST(ReceiptProof, refuses_other_extra_data) {
  const ProofFile good = to_proof_file(logged().receipt(a_comment));
  const auto field = [&](const std::function<void(ProofFile&)>& change) {
    ProofFile file = good;
    change(file);
    const auto receipt = receipt_of(file);
    return receipt.ok() ? std::string("accepted") : receipt.error().field;
  };
  EXPECT_EQ(field([](ProofFile&) {}), "accepted");
  EXPECT_EQ(field([](ProofFile& file) { file.extra.reset(); }), "extra");
  EXPECT_EQ(field([](ProofFile& file) { file.extra->clear(); }), "extra");
  EXPECT_EQ(field([](ProofFile& file) { file.extra->front() = std::byte{2}; }), "extra");
  EXPECT_EQ(field([](ProofFile& file) { (*file.extra)[33] = std::byte{2}; }), "extra");
  EXPECT_EQ(field([](ProofFile& file) { (*file.extra)[35] = std::byte{0xff}; }), "extra");
  EXPECT_EQ(field([](ProofFile& file) { file.extra->resize(50); }), "extra");
  EXPECT_EQ(field([](ProofFile& file) { file.extra->push_back({}); }), "event");
  EXPECT_EQ(field([](ProofFile& file) { file.extra->pop_back(); }), "event");
  const std::size_t event = 1 + 32 + 2 + 6 + 32;
  EXPECT_EQ(field([&](ProofFile& file) { (*file.extra)[event] = std::byte{4}; }), "event.type");
  EXPECT_EQ(field([&](ProofFile& file) { (*file.extra)[event + 1] = std::byte{2}; }), "event.version");
  EXPECT_EQ(field([&](ProofFile& file) { (*file.extra)[event + 26] = std::byte{0xf0}; }), "event.flags");
}

RC_GTEST_PROP(Receipt, says_the_same_in_both_forms, (std::uint64_t index)) {
  Receipt receipt = logged().receipt(*rc::gen::inRange<std::size_t>(0, 23));
  receipt.index = index >> 1;
  receipt.event.subject = std::string(*rc::gen::inRange<std::size_t>(0, 257), *rc::gen::inRange('\x00', '\x7f'));
  receipt.event.number = *rc::gen::arbitrary<std::uint64_t>();
  receipt.proof.assign(*rc::gen::inRange<std::size_t>(0, 64), receipt.opening);
  if (*rc::gen::arbitrary<bool>()) receipt.identity.reset();
  RC_ASSERT(parse_receipt(to_json(receipt)).value() == receipt);
  RC_ASSERT(parse_receipt(proof_text(receipt)).value() == receipt);
}

}  // namespace
}  // namespace zan::evidence
