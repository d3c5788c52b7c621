#include "evidence/event.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <rapidcheck/gtest.h>
#include <fstream>

#include "evidence/receipt.h"
#include "evidence/sim_receipts.h"
#include "evidence/text_form.h"

namespace zan::evidence {
namespace {

Bytes canonical_of(const Event& event) {
  Bytes bytes;
  put_event(bytes, event);
  return bytes;
}

Bytes from_hex(std::string_view text) {
  Bytes bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
  return bytes;
}

std::span<const unsigned char> as_key(const Bytes& bytes) {
  return {reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()};
}

Event any_event() {
  Event event;
  event.type = *rc::gen::elementOf(event_types);
  event.number = *rc::gen::arbitrary<std::uint64_t>();
  event.at = {*rc::gen::inRange(std::int64_t{0}, timestamp_max.us + 1)};
  event.received = {*rc::gen::inRange(std::int64_t{0}, timestamp_max.us + 1)};
  event.incentivised = *rc::gen::arbitrary<bool>();
  event.changed = *rc::gen::arbitrary<bool>();
  event.replaced = static_cast<Replaced>(*rc::gen::inRange(0, 4));
  event.replaced_incentivised = *rc::gen::arbitrary<bool>();
  event.verdict = static_cast<Verdict>(*rc::gen::inRange(0, 4));
  event.actor = sha256(canonical_of(event));
  for (std::string* name : {&event.subject, &event.creator, &event.region, &event.surface})
    *name = std::string(*rc::gen::inRange<std::size_t>(0, event_name_bytes_max + 1), *rc::gen::inRange('\x00', '\x7f'));
  if (*rc::gen::arbitrary<bool>()) event.text_hash = sha256(event.actor);
  return event;
}

TEST(Hmac, is_that_of_rfc_4231) {
  const auto hmac = [](ByteSpan key, std::string_view message) { return to_hex(hmac_sha256(key, as_bytes(message))); };
  EXPECT_EQ(hmac(Bytes(20, std::byte{0x0b}), "Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac(as_bytes("Jefe"), "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac(Bytes(20, std::byte{0xaa}), std::string(50, '\xdd')),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  EXPECT_EQ(hmac(from_hex("0102030405060708090a0b0c0d0e0f10111213141516171819"), std::string(50, '\xcd')),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
  EXPECT_EQ(hmac(Bytes(20, std::byte{0x0c}), "Test With Truncation").substr(0, 32), "a3b6167473100ee06e0c796c2955552b");
  const Bytes long_key(131, std::byte{0xaa});
  EXPECT_EQ(hmac(long_key, "Test Using Larger Than Block-Size Key - Hash Key First"),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(
      hmac(long_key,
           "This is a test using a larger than block-size key and a larger than block-size data. The key needs to "
           "be hashed before being used by the HMAC algorithm."),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

RC_GTEST_PROP(Event, is_read_back, ()) {
  const Event event = any_event();
  const Bytes bytes = canonical_of(event);
  RC_ASSERT(bytes.size() <= event_bytes_max);
  const auto parsed = parse_event(bytes);
  RC_ASSERT(parsed.ok());
  RC_ASSERT(*parsed == event);
}

// What is taken is written back as it was: there is one way to write an event.
RC_GTEST_PROP(Event, has_one_form, ()) {
  Bytes bytes = canonical_of(any_event());
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] = static_cast<std::byte>(*rc::gen::inRange(0, 256));
  const auto parsed = parse_event(bytes);
  if (parsed.ok()) RC_ASSERT(canonical_of(*parsed) == bytes);
}

TEST(Event, reaches_its_limits_and_no_further) {
  Event event = sample_event(3);
  event.text_hash = Hash{};
  event.number = ~std::uint64_t{0};
  event.at = event.received = timestamp_max;
  for (std::string* name : {&event.subject, &event.creator, &event.region, &event.surface})
    name->assign(event_name_bytes_max, 'n');
  Bytes bytes = canonical_of(event);
  EXPECT_EQ(bytes.size(), event_bytes_max);
  ASSERT_TRUE(parse_event(bytes).ok());
  EXPECT_EQ(*parse_event(bytes), event);

  event.subject += 'n';
  EXPECT_DEATH(put_event(bytes, event), "event_name_bytes_max");
  EXPECT_DEATH(actor_of({}, event.subject), "event_name_bytes_max");
}

TEST(Event, refuses_what_it_does_not_know_and_says_which) {
  Event event = sample_event(0);
  event.text_hash = Hash{};
  const Bytes good = canonical_of(event);
  const std::size_t names = 61;
  const struct {
    std::size_t at;
    int value;
    const char* field;
  } cases[] = {{0, 0, "type"},
               {0, 4, "type"},
               {0, 5, "type"},
               {0, 9, "type"},
               {0, 31, "type"},
               {0, 33, "type"},
               {0, 255, "type"},
               {1, 0, "version"},
               {1, 2, "version"},
               {10, 0x10, "at"},
               {10, 0xff, "at"},
               {18, 0x10, "received"},
               {18, 0xff, "received"},
               {26, 0x10, "flags"},
               {26, 0x80, "flags"},
               {27, 4, "replaced"},
               {27, 255, "replaced"},
               {28, 4, "verdict"},
               {28, 255, "verdict"},
               {names, 1, "subject"},
               {names + 2, 0xff, "subject"},
               {names + 1, 255, "subject"}};
  for (const auto& [at, value, field] : cases) {
    Bytes bytes = good;
    bytes[at] = static_cast<std::byte>(value);
    const auto parsed = parse_event(bytes);
    ASSERT_FALSE(parsed.ok()) << at << " " << value;
    EXPECT_EQ(parsed.error().kind, ErrorKind::invalid);
    EXPECT_EQ(parsed.error().field, field) << at << " " << value;
  }
}

TEST(Event, names_are_utf8_and_bounded) {
  Event event = sample_event(0);
  using Name = std::pair<std::string Event::*, const char*>;
  for (const auto& [name, field] : {Name{&Event::subject, "subject"}, Name{&Event::creator, "creator"},
                                    Name{&Event::region, "region"}, Name{&Event::surface, "surface"}}) {
    for (const char* bad : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xe4\xb8"}) {
      Event other = event;
      other.*name = bad;
      const auto parsed = parse_event(canonical_of(other));
      ASSERT_FALSE(parsed.ok()) << field;
      EXPECT_EQ(parsed.error().field, field);
    }
  }
  event.subject = event.creator = event.region = event.surface = {};
  Bytes bytes = canonical_of(event);
  bytes[bytes.size() - 2] = std::byte{1};  // a surface of 257 bytes
  bytes[bytes.size() - 1] = std::byte{1};
  bytes.insert(bytes.end(), 257, std::byte{'s'});
  EXPECT_EQ(parse_event(bytes).error().field, "surface");
}

TEST(Event, of_any_other_length_is_refused) {
  for (const std::size_t i : {std::size_t{0}, std::size_t{3}}) {
    Bytes bytes = canonical_of(sample_event(i));
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      const auto parsed = parse_event(ByteSpan(bytes).first(size));
      ASSERT_FALSE(parsed.ok()) << size;
      EXPECT_EQ(parsed.error().kind, ErrorKind::invalid);
    }
    bytes.push_back(std::byte{0});
    EXPECT_FALSE(parse_event(bytes).ok());
  }
}

TEST(Event, words_are_found_again_and_no_others) {
  for (const EventType type : event_types) EXPECT_EQ(find_event_type(to_string(type)), type);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(find_replaced(to_string(static_cast<Replaced>(i))), static_cast<Replaced>(i));
    EXPECT_EQ(find_verdict(to_string(static_cast<Verdict>(i))), static_cast<Verdict>(i));
  }
  for (const char* word : {"", "Like", "view", "like ", "share"}) EXPECT_FALSE(find_event_type(word)) << word;
  EXPECT_FALSE(find_replaced(""));
  EXPECT_FALSE(find_verdict(""));
}

// What one person's secrets have in common, and what not: the erasure and the pseudonyms stand on it.
TEST(Secrets, differ_as_they_should) {
  const std::array<unsigned char, 16> ann{1};
  const std::array<unsigned char, 16> bob{2};
  const EventSecrets first = secrets_of(ann, 1, scope_of("video", "maker"));
  const EventSecrets second = secrets_of(ann, 2, scope_of("video", "other maker"));
  EXPECT_EQ(first.actor_key, second.actor_key);
  EXPECT_NE(first.opening, second.opening);
  EXPECT_EQ(secrets_of(ann, 1, scope_of("another video", "")).opening, first.opening);
  EXPECT_NE(secrets_of(ann, 1, scope_of("another video", "")).actor_key, first.actor_key);
  EXPECT_NE(secrets_of(ann, 1, scope_of("", "video")).actor_key, first.actor_key);
  EXPECT_NE(secrets_of(bob, 1, scope_of("video", "maker")).opening, first.opening);
  EXPECT_NE(secrets_of(bob, 1, scope_of("video", "maker")).actor_key, first.actor_key);
  EXPECT_NE(actor_of(first.actor_key, "ann"), actor_of(first.actor_key, "bob"));
}

TEST(Entry, depends_on_every_byte_of_the_event_and_of_the_opening) {
  const Event event = sample_event(3);
  Hash opening = sha256({});
  const LogEntry entry = entry_of(event, opening);
  EXPECT_EQ(entry[0], std::byte{6});
  EXPECT_EQ(entry[1], std::byte{1});
  for (std::byte& byte : opening) {
    byte ^= std::byte{1};
    EXPECT_NE(entry_of(event, opening), entry);
    byte ^= std::byte{1};
  }
  const Bytes canonical = canonical_of(event);
  EXPECT_EQ(make_entry(event.type, hmac_sha256(opening, canonical)), entry);
  for (std::size_t i = 0; i < canonical.size(); ++i) {
    Bytes other = canonical;
    other[i] ^= std::byte{1};
    EXPECT_NE(make_entry(event.type, hmac_sha256(opening, other)), entry);
  }
}

// The event of a vector, read as receipts are read.
Result<Event> read_event(const std::string& json) {
  const std::string hash = to_base64(Hash{});
  ZAN_ASSIGN(const Receipt receipt,
             parse_receipt_json(fmt::format(R"({{"format":"{}","event":{},"opening":"{}","identity":null,"index":0,)"
                                            R"("proof":[],"checkpoint":"o\n1\n{}\n\n— o {}\n"}})",
                                            receipt_format, json, hash, hash, hash)));
  return receipt.event;
}

// Made by another program, in another language: docs/formats/evidence.md.
TEST(EventVectors, hold) {
  std::ifstream file(ZAN_SOURCE_DIR "/src/evidence/testdata/event_vectors.json", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  ASSERT_EQ(parser.parse(text).get(root), simdjson::SUCCESS);
  std::size_t count = 0;
  for (const simdjson::dom::element vector : root["events"].get_array()) {
    const auto member = [&](const char* name) { return std::string(vector[name].get_string().value()); };
    SCOPED_TRACE(member("name"));
    const auto read = read_event(simdjson::minify(vector["event"].value()));
    ASSERT_TRUE(read.ok()) << read.error().field << " " << read.error().message;
    const Event& event = *read;
    EXPECT_EQ(to_hex(canonical_of(event)), member("canonical"));
    EXPECT_EQ(parse_event(from_hex(member("canonical"))).value(), event);
    const Bytes key = from_hex(member("person_key"));
    const EventSecrets secrets = secrets_of(as_key(key), event.number, scope_of(event.subject, event.creator));
    EXPECT_EQ(to_hex(secrets.opening), member("opening"));
    EXPECT_EQ(to_hex(secrets.actor_key), member("actor_key"));
    EXPECT_EQ(actor_of(secrets.actor_key, member("user")), event.actor);
    if (event.text_hash) {
      EXPECT_EQ(sha256(as_bytes(member("comment"))), *event.text_hash);
    }
    EXPECT_EQ(to_hex(hmac_sha256(secrets.opening, canonical_of(event))), member("commitment"));
    const LogEntry entry = entry_of(event, secrets.opening);
    EXPECT_EQ(to_hex(entry), member("entry"));
    EXPECT_EQ(to_hex(leaf_hash(entry)), member("leaf_hash"));
    std::string written;
    append_event(written, event);
    EXPECT_EQ(read_event(written).value(), event);
    ++count;
  }
  EXPECT_GE(count, 12u);
}

}  // namespace
}  // namespace zan::evidence
