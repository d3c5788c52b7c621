#include "engagement/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engagement/limits.h"
#include "storage/storage.h"

namespace zan::engagement {
namespace {

using ::testing::HasSubstr;

constexpr HashKey secret{1, 2, 3, 4, 5, 6, 7, 8};

// A Parser of each kind; every event goes through both and must come out the same.
class ParserTest : public ::testing::Test {
 protected:
  static Result<void> parse_with(Parser& parser, const std::string& json, ActBatch& batch) {
    // Hostile padding: what lies behind the event must not matter.
    const std::string padded = json + std::string(Parser::padding_bytes, '"');
    return parser.parse_event({padded.data(), json.size()}, 3, batch);
  }

  Result<void> parse(const std::string& json) {
    batch_ = {};
    ActBatch other;
    const Result<void> result = parse_with(parser_, json, batch_);
    const Result<void> twin = parse_with(complete_, json, other);
    EXPECT_EQ(result.ok(), twin.ok()) << json;
    EXPECT_EQ(batch_.acts.size(), result.ok() ? 1u : 0u) << json;
    EXPECT_EQ(other.acts.size(), batch_.acts.size()) << json;
    if (result.ok() && twin.ok() && !batch_.acts.empty() && !other.acts.empty()) {
      EXPECT_EQ(batch_.acts[0].digest, other.acts[0].digest) << json;
      EXPECT_EQ(batch_.acts[0].id, other.acts[0].id) << json;
      EXPECT_EQ(batch_.arena, other.arena) << json;
    }
    if (!result.ok()) {
      EXPECT_EQ(batch_.arena, "") << json;
      EXPECT_EQ(result.error().kind, ErrorKind::invalid) << json;
    }
    return result;
  }

  const Act& good(const std::string& json) {
    const Result<void> result = parse(json);
    EXPECT_TRUE(result.ok()) << json << ": " << (result.ok() ? "" : result.error().message);
    if (batch_.acts.empty()) batch_.acts.emplace_back();
    return batch_.acts[0];
  }

  std::string bad_field(const std::string& json) {
    const Result<void> result = parse(json);
    EXPECT_FALSE(result.ok()) << json;
    return result.ok() ? "accepted" : result.error().field;
  }

  std::string bad_message(const std::string& json) {
    const Result<void> result = parse(json);
    return result.ok() ? "accepted" : result.error().message;
  }

  std::string_view name(const NameRef& ref) const { return batch_.text(ref); }

  Parser parser_{secret};
  Parser complete_{secret, Readers::complete};
  ActBatch batch_;
};

std::string like_with(const std::string& member) {
  return R"({"type":"like","actor":"u1","subject":"v9",)" + member + "}";
}

TEST_F(ParserTest, SmallestEvent) {
  const Act act = good(R"({"type":"like","actor":"u1","subject":"v9"})");
  EXPECT_EQ(act.type, ActType::like);
  EXPECT_EQ(act.index, 3u);
  EXPECT_EQ(name(act.actor), "u1");
  EXPECT_EQ(name(act.subject), "v9");
  EXPECT_EQ(act.actor.hash, storage::name_hash(secret, storage::NameKind::person, "u1"));
  EXPECT_EQ(act.subject.hash, storage::name_hash(secret, storage::NameKind::subject, "v9"));
  EXPECT_FALSE(act.creator);
  EXPECT_EQ(act.at.us, 0);
  EXPECT_EQ(act.device, 0u);
  EXPECT_FALSE(act.has_id);
  EXPECT_FALSE(act.incentivised);
}

TEST_F(ParserTest, FullEvent) {
  const Act act =
      good(R"({"type":"comment","id":"e-1","actor":"u1","subject":"v9","creator":"c3","at":"2022-04-25T15:05:41.436Z",)"
           R"("watch_ms":1200,"duration_ms":30000,"device":"d","network":"n","region":"CN-44","surface":"feed",)"
           R"("text":"so good","incentivised":true})");
  EXPECT_EQ(act.type, ActType::comment);
  EXPECT_TRUE(act.has_id);
  EXPECT_EQ(name(act.creator), "c3");
  EXPECT_EQ(name(act.region), "CN-44");
  EXPECT_EQ(name(act.surface), "feed");
  EXPECT_EQ(act.creator.hash, storage::name_hash(secret, storage::NameKind::creator, "c3"));
  EXPECT_EQ(act.region.hash, storage::name_hash(secret, storage::NameKind::term, "CN-44"));
  EXPECT_EQ(act.at.us, 1'650'899'141'436'000);
  EXPECT_EQ(act.watch_ms, 1200u);
  EXPECT_EQ(act.duration_ms, 30'000u);
  EXPECT_NE(act.device, 0u);
  EXPECT_NE(act.device, act.network);
  EXPECT_TRUE(act.incentivised);
  EXPECT_EQ(batch_.arena.substr(act.text_offset, act.text_length), "so good");
  EXPECT_EQ(batch_.arena.find("e-1"), std::string::npos) << "ids are kept as hashes only";
}

TEST_F(ParserTest, EveryType) {
  for (const char* type :
       {"like", "unlike", "dislike", "view", "complete", "follow", "unfollow", "share", "profile_visit"}) {
    const Act& act = good(std::string(R"({"type":")") + type + R"(","actor":"u","subject":"v"})");
    EXPECT_STREQ(to_string(act.type), type);
  }
  EXPECT_EQ(good(R"({"type":"comment","actor":"u","subject":"v","text":"x"})").type, ActType::comment);
}

TEST_F(ParserTest, NumberAndStringAreTheSameName) {
  const Act number = good(R"({"type":"like","actor":42,"subject":18446744073709551615,"id":7})");
  EXPECT_EQ(name(number.actor), "42");
  EXPECT_EQ(name(number.subject), "18446744073709551615");
  const Act text = good(R"({"type":"like","actor":"42","subject":"18446744073709551615","id":"7"})");
  EXPECT_EQ(number.actor.hash, text.actor.hash);
  EXPECT_EQ(number.id, text.id);
  EXPECT_EQ(number.digest, text.digest);
}

TEST_F(ParserTest, NumbersThatAreNoNames) {
  for (const char* number : {"-1", "1.5", "1e3", "0.0", "-0.0"})
    EXPECT_EQ(bad_field(std::string(R"({"type":"like","actor":)") + number + R"(,"subject":"v"})"), "/actor");
  // Beyond 64 bits, or no JSON number at all.
  for (const char* number : {"18446744073709551616", "042", "1.", "+1", "0x1", ".5", "NaN"})
    EXPECT_EQ(bad_field(std::string(R"({"type":"like","actor":)") + number + R"(,"subject":"v"})"), "");
}

TEST_F(ParserTest, RequiredFields) {
  EXPECT_EQ(bad_field(R"({"actor":"u","subject":"v"})"), "/type");
  EXPECT_EQ(bad_field(R"({"type":"like","subject":"v"})"), "/actor");
  EXPECT_EQ(bad_field(R"({"type":"like","actor":"u"})"), "/subject");
  EXPECT_EQ(bad_field(R"({"type":"like","actor":null,"subject":"v"})"), "/actor");
  EXPECT_EQ(bad_field(R"({"type":"like","actor":"","subject":"v"})"), "/actor");
  EXPECT_EQ(bad_field("{}"), "/type");
}

TEST_F(ParserTest, FollowMayNameOnlyTheCreator) {
  for (const char* type : {"follow", "unfollow", "profile_visit"}) {
    const std::string start = std::string(R"({"type":")") + type + R"(","actor":"u")";
    EXPECT_EQ(name(good(start + R"(,"creator":"c"})").creator), "c");
    EXPECT_EQ(name(good(start + R"(,"subject":"c"})").subject), "c");
    EXPECT_EQ(bad_field(start + "}"), "/subject");
  }
  EXPECT_EQ(bad_field(R"({"type":"like","actor":"u","creator":"c"})"), "/subject");
}

TEST_F(ParserTest, TextBelongsToComments) {
  EXPECT_EQ(bad_field(R"({"type":"comment","actor":"u","subject":"v"})"), "/text");
  EXPECT_EQ(bad_field(R"({"type":"comment","actor":"u","subject":"v","text":""})"), "/text");
  EXPECT_EQ(bad_field(like_with(R"("text":"hm")")), "/text");
  good(like_with(R"("text":"")"));
  good(R"({"type":"comment","actor":"u","subject":"v","text":"two\nlines\tand \u4f60"})");
  EXPECT_EQ(batch_.arena.substr(batch_.acts[0].text_offset), "two\nlines\tand 你");
  EXPECT_EQ(bad_field(R"({"type":"comment","actor":"u","subject":"v","text":"\u0000"})"), "/text");
}

TEST_F(ParserTest, UnknownAndRepeatedFields) {
  EXPECT_EQ(bad_field(like_with(R"("incentivized":true)")), "/incentivized");
  EXPECT_EQ(bad_field(like_with(R"("a/b~c":1)")), "/a~1b~0c");
  EXPECT_EQ(bad_field(like_with(R"("":1)")), "/");
  EXPECT_EQ(bad_field(like_with(R"("actor":"u1")")), "/actor");
  EXPECT_EQ(bad_field(like_with(R"("creator":null,"creator":"c")")), "/creator");
  EXPECT_EQ(bad_field(like_with(R"("\u0061ctor":"u2")")), "/actor") << "an escaped key is the same key";
  EXPECT_EQ(bad_field(like_with("\"" + std::string(5000, 'x') + "\":1")), "/" + std::string(64, 'x'));
}

TEST_F(ParserTest, EmptyOrNullIsNotGiven) {
  const Act bare = good(R"({"type":"like","actor":"u1","subject":"v9"})");
  for (const char* field : {"creator", "region", "surface", "device", "network"})
    for (const char* value : {"\"\"", "null"}) {
      const Act act = good(like_with("\"" + std::string(field) + "\":" + value));
      EXPECT_EQ(act.digest, bare.digest) << field;
    }
  for (const char* field : {"id", "at", "watch_ms", "duration_ms", "text", "incentivised"})
    EXPECT_EQ(good(like_with("\"" + std::string(field) + "\":null")).digest, bare.digest);
  EXPECT_EQ(bad_field(like_with(R"("id":"")")), "/id");
}

TEST_F(ParserTest, WrongTypes) {
  for (const char* field : {"id", "creator", "device", "network", "region", "surface"})
    for (const char* value : {"true", "-1", "1.0", "[]", "{}"})
      EXPECT_EQ(bad_field(like_with("\"" + std::string(field) + "\":" + value)), "/" + std::string(field));
  for (const char* value : {"1", "\"true\"", "[]"})
    EXPECT_EQ(bad_field(like_with(std::string(R"("incentivised":)") + value)), "/incentivised");
  for (const char* value : {"\"1\"", "-1", "1.5", "true", "4000000001"})
    EXPECT_EQ(bad_field(like_with(std::string(R"("watch_ms":)") + value)), "/watch_ms");
  EXPECT_EQ(good(like_with(R"("duration_ms":4000000000)")).duration_ms, duration_ms_max);
  for (const char* value : {"\"Like\"", "\"\"", "1", "null"})
    EXPECT_EQ(bad_field(std::string(R"({"type":)") + value + R"(,"actor":"u","subject":"v"})"), "/type");
}

TEST_F(ParserTest, Times) {
  EXPECT_EQ(good(like_with(R"("at":1650899141436)")).at.us, 1'650'899'141'436'000);
  EXPECT_EQ(good(like_with(R"("at":"2022-04-25T23:05:41.436+08:00")")).at.us, 1'650'899'141'436'000);
  EXPECT_EQ(good(like_with(R"("at":4500000000000)")).at, timestamp_max);
  for (const char* value : {"4500000000001", "-1", "1.5", "\"1650899141436\"", "\"2022-02-30T00:00:00Z\"", "\"\"",
                            "true", "99999999999999999999"})
    EXPECT_EQ(bad_field(like_with(std::string(R"("at":)") + value)),
              std::string_view(value).starts_with("999") ? "" : "/at");
}

TEST_F(ParserTest, NameLimits) {
  const auto of_length = [](const char* field, std::size_t length) {
    return like_with("\"" + std::string(field) + "\":\"" + std::string(length, 'x') + "\"");
  };
  const std::pair<const char*, std::size_t> limits[] = {{"id", id_bytes_max},        {"creator", name_bytes_max},
                                                        {"device", token_bytes_max}, {"network", token_bytes_max},
                                                        {"region", term_bytes_max},  {"surface", term_bytes_max}};
  for (const auto& [field, limit] : limits) {
    good(of_length(field, limit));
    EXPECT_EQ(bad_field(of_length(field, limit + 1)), "/" + std::string(field));
  }
  const std::string comment = R"({"type":"comment","actor":"u","subject":"v","text":")";
  good(comment + std::string(text_bytes_max, 'x') + "\"}");
  EXPECT_EQ(bad_field(comment + std::string(text_bytes_max + 1, 'x') + "\"}"), "/text");
}

TEST_F(ParserTest, ControlCharactersInNames) {
  for (const char* name : {R"(\u0000)", R"(a\nb)", R"(\u001f)", "\x7f", R"(\u007f)", "\xc2\x80", R"(\u009f)"})
    EXPECT_EQ(bad_field(like_with(std::string(R"("creator":")") + name + "\"")), "/creator") << name;
  EXPECT_EQ(bad_field(like_with("\"creator\":\"a\nb\"")), "") << "raw control characters are not JSON";
  EXPECT_EQ(name(good(like_with("\"creator\":\"创作者\xc2\xa0\"")).creator), "创作者\xc2\xa0");
  EXPECT_EQ(name(good(like_with(R"("creator":"\u521b\ud83d\ude00\"\\")")).creator), "创😀\"\\");
}

TEST_F(ParserTest, InvalidUtf8IsRefused) {
  for (const char* bytes : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe4\xbd", "\x80"})
    EXPECT_EQ(bad_message(like_with(std::string("\"creator\":\"") + bytes + "\"")), "not valid UTF-8");
  EXPECT_EQ(bad_field(like_with(R"("creator":"\ud800")")), "");
}

TEST_F(ParserTest, MalformedJson) {
  for (const char* json : {"",
                           " ",
                           "{",
                           "}",
                           "[]",
                           "null",
                           "\"like\"",
                           "{\"type\"}",
                           "{\"type\":}",
                           "{,}",
                           "{\"type\":\"like\",}",
                           "{\"type\":\"like\"",
                           "{\"type\":\"like",
                           "{'type':'like'}",
                           "{} {}",
                           "{}x",
                           "{\"type\":tru}",
                           "{\"type\":truex}",
                           "{\"type\":nul",
                           "{type:1}",
                           "{\"actor\":1 2}",
                           "{\"actor\":\"u\"\"subject\":\"v\"}"})
    EXPECT_EQ(bad_field(json), "") << json;
  EXPECT_EQ(bad_field(R"({"type":"like","actor":"u1","subject":"v9"}})"), "");
  EXPECT_EQ(bad_field(R"({"type":"like","actor":"u1","subject":"v9"} x)"), "");
}

TEST_F(ParserTest, WhiteSpaceAnywhere) {
  good(" \t\r\n{ \"type\" : \"like\" ,\n\"actor\":\t\"u1\" , \"subject\" : 9 , \"incentivised\" : true } \n");
  EXPECT_TRUE(batch_.acts[0].incentivised);
}

TEST_F(ParserTest, DepthIsBounded) {
  const std::string deep = std::string(json_depth_max, '[') + std::string(json_depth_max, ']');
  EXPECT_THAT(bad_message(like_with("\"creator\":" + deep)), HasSubstr("nested deeper"));
  EXPECT_EQ(bad_field(like_with(R"("creator":[[[]]])")), "/creator");
}

TEST_F(ParserTest, DigestTellsEveryFieldButTheId) {
  const std::vector<std::string> members = {R"("at":1)",        R"("watch_ms":1)",  R"("duration_ms":1)",
                                            R"("device":"d")",  R"("network":"d")", R"("region":"r")",
                                            R"("surface":"r")", R"("creator":"c")", R"("incentivised":true)"};
  std::vector<std::uint64_t> digests = {good(R"({"type":"like","actor":"u1","subject":"v9"})").digest};
  EXPECT_EQ(good(like_with(R"("id":"e")")).digest, digests[0]);
  EXPECT_EQ(good(R"({"subject":"v9","actor":"u1","type":"like","at":0})").digest, digests[0]);
  for (const std::string& member : members) digests.push_back(good(like_with(member)).digest);
  digests.push_back(good(R"({"type":"view","actor":"u1","subject":"v9"})").digest);
  digests.push_back(good(R"({"type":"like","actor":"v9","subject":"u1"})").digest);
  digests.push_back(good(R"({"type":"comment","actor":"u1","subject":"v9","text":"a"})").digest);
  digests.push_back(good(R"({"type":"comment","actor":"u1","subject":"v9","text":"b"})").digest);
  std::sort(digests.begin(), digests.end());
  EXPECT_EQ(std::unique(digests.begin(), digests.end()), digests.end());
}

TEST_F(ParserTest, DerivedIds) {
  Act first = good(R"({"type":"like","actor":"u1","subject":"v9"})");
  Act again = first;
  parser_.derive_id("key", first);
  EXPECT_TRUE(first.has_id);
  parser_.derive_id("key", again);
  EXPECT_EQ(first.id, again.id);
  Act other = good(R"({"type":"like","actor":"u1","subject":"v9"})");
  other.index = 4;
  parser_.derive_id("key", other);
  EXPECT_NE(other.id, first.id);
  Act own = good(like_with(R"("id":"e")"));
  const Hash128 before = own.id;
  parser_.derive_id("key", own);
  EXPECT_EQ(own.id, before);
  EXPECT_EQ(good(like_with(R"("id":"key#3")")).id, first.id);
}

TEST(CheckName, Rules) {
  for (const std::string& name : {std::string("u1"), std::string("创作者/ ?"), std::string(name_bytes_max, 'x')})
    EXPECT_TRUE(check_name(name, "id").ok()) << name;
  for (const std::string& name : {std::string(), std::string(name_bytes_max + 1, 'x'), std::string("a\nb"),
                                  std::string("\xff"), std::string(1, '\0')})
    EXPECT_FALSE(check_name(name, "id").ok()) << name;
  EXPECT_EQ(check_name("", "/subjects/3").error().message, "subjects/3 must not be empty");
  EXPECT_EQ(check_name("", "/subjects/3").error().field, "/subjects/3");
}

class ArrayTest : public ::testing::TestWithParam<Readers> {
 protected:
  Result<void> parse(const std::string& json) {
    const std::string padded = json + std::string(Parser::padding_bytes, ',');
    return parser_.parse_array({padded.data(), json.size()}, batch_, [&](std::uint32_t index, Error error) {
      bad_.push_back(std::to_string(index) + error.field);
    });
  }

  Parser parser_{secret, GetParam()};
  ActBatch batch_;
  std::vector<std::string> bad_;
};

INSTANTIATE_TEST_SUITE_P(Readers, ArrayTest, ::testing::Values(Readers::both, Readers::complete));

TEST_P(ArrayTest, AllGood) {
  ASSERT_TRUE(parse(R"( [{"type":"like","actor":"a","subject":1} , {"type":"view","actor":"b","subject":2}] )").ok());
  ASSERT_EQ(batch_.acts.size(), 2u);
  EXPECT_EQ(batch_.arena, "a1b2");
  EXPECT_EQ(batch_.acts[1].index, 1u);
  EXPECT_EQ(batch_.text(batch_.acts[1].actor), "b");
  EXPECT_TRUE(bad_.empty());
}

TEST_P(ArrayTest, BadOnesAreNamedAndGoodOnesKept) {
  ASSERT_TRUE(parse(R"([{"type":"like","actor":"a","subject":1},{"type":"like","subject":2},7,[],)"
                    R"({"type":"lik","actor":"a","subject":1},{"type":"like","actor":"c","subject":1}])")
                  .ok());
  EXPECT_EQ(bad_, (std::vector<std::string>{"1/actor", "2", "3", "4/type"}));
  ASSERT_EQ(batch_.acts.size(), 2u);
  EXPECT_EQ(batch_.acts[1].index, 5u);
  EXPECT_EQ(batch_.arena, "a1c1");
}

TEST_P(ArrayTest, MalformedLeavesNothing) {
  batch_.arena = "before";
  const std::string one = R"({"type":"like","actor":"a","subject":1})";
  for (const std::string& json : {"[" + one, "[" + one + ",]", "[" + one + "]]", "[" + one + one + "]", one,
                                  std::string("[,]"), std::string("["), std::string(), "[" + one + "] x"}) {
    EXPECT_FALSE(parse(json).ok()) << json;
    EXPECT_EQ(batch_.arena, "before") << json;
    EXPECT_TRUE(batch_.acts.empty()) << json;
  }
  EXPECT_TRUE(bad_.empty());
  EXPECT_TRUE(parse(" [ ] ").ok());
}

TEST_P(ArrayTest, LargeArrays) {
  std::string json = "[";
  for (int i = 0; i < 30'000; ++i) {
    if (i > 0) json += ',';
    json += R"({"type":"like","actor":"u)" + std::to_string(i) + R"(","subject":"v9"})";
  }
  json += ']';
  ASSERT_TRUE(parse(json).ok());
  ASSERT_EQ(batch_.acts.size(), 30'000u);
  EXPECT_EQ(batch_.text(batch_.acts[29'999].actor), "u29999");
  ASSERT_TRUE(parse(R"([{"type":"like","actor":"\u0061","subject":1}])").ok());
  EXPECT_EQ(batch_.text(batch_.acts.back().actor), "a");
}

}  // namespace
}  // namespace zan::engagement
