#include "api/keys.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "api/server_fixture.h"
#include "api/token_bucket.h"

namespace zan::api {
namespace {

using ::testing::HasSubstr;

class KeysTest : public ServerTest {
 protected:
  KeysTest() {
    std::string name = (std::filesystem::temp_directory_path() / "zan_keys_XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~KeysTest() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }
  std::string add(const std::string& name, const std::string& scopes, std::uint32_t rate = 0) {
    return add_key(folder_, name, scopes, rate, entropy_).value();
  }
  ServerOptions options() const {
    ServerOptions options;
    options.data_folder = folder_;
    options.limits.keys_us = 5'000;
    options.limits.sweep_us = 5'000;
    return options;
  }
  Reply with_key(const std::string& key, std::string_view target = "/v1/top") {
    return ask(get(target, "Authorization: Bearer " + key + "\r\n"));
  }

  std::string folder_;
  SeededEntropy entropy_{7};
};

TEST_F(KeysTest, TheFileGoesThereAndBack) {
  const std::string a = add("collector", "ingest", 500);
  const std::string b = add("web", "read,ingest");
  EXPECT_THAT(a, ::testing::MatchesRegex("zan_[A-Za-z0-9_-]{43}"));
  EXPECT_NE(a, b);
  const auto keys = load_keys(folder_);
  ASSERT_TRUE(keys.ok());
  ASSERT_EQ(keys->size(), 2u);
  EXPECT_EQ(parse_keys(format_keys(*keys)).value(), *keys);
  EXPECT_EQ(find_key(*keys, a)->name, "collector");
  EXPECT_EQ(find_key(*keys, a)->rate, 500u);
  EXPECT_TRUE(find_key(*keys, b)->may(Scope::read));
  EXPECT_FALSE(find_key(*keys, b)->may(Scope::admin));
  EXPECT_EQ(find_key(*keys, a + "x"), nullptr);
  std::ifstream file(folder_ + "/api_keys");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(text.find(a.substr(4)), std::string::npos) << "the key itself is kept nowhere";
  struct stat info {};
  ASSERT_EQ(::stat((folder_ + "/api_keys").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(KeysTest, AddAndRevokeAreChecked) {
  add("a", "read");
  EXPECT_EQ(add_key(folder_, "a", "read", 0, entropy_).error().kind, ErrorKind::conflict);
  for (const char* name : {"", "a b", "a\n", "é"})
    EXPECT_EQ(add_key(folder_, name, "read", 0, entropy_).error().field, "name") << name;
  EXPECT_EQ(add_key(folder_, std::string(65, 'x'), "read", 0, entropy_).error().field, "name");
  for (const char* scopes : {"", "all", "read,", "read,,ingest"})
    EXPECT_EQ(add_key(folder_, "b", scopes, 0, entropy_).error().field, "scopes") << scopes;
  EXPECT_TRUE(revoke_key(folder_, "a").ok());
  EXPECT_EQ(revoke_key(folder_, "a").error().kind, ErrorKind::not_found);
  EXPECT_TRUE(load_keys(folder_)->empty());
}

TEST_F(KeysTest, CasesNeedAScopeOfTheirOwn) {
  const std::string reader = add("app", "ingest,read,admin"), staff = add("li.hua", "integrity");
  start(options());
  const auto decide = [](const std::string& key) {
    return with_body("POST", "/v1/cases/c0000000000000001/decision", json_type, R"({"decision":"confirm"})",
                     "Authorization: Bearer " + key + "\r\n");
  };
  for (const char* target :
       {"/v1/cases", "/v1/cases/c0000000000000001", "/v1/cases/c0000000000000001/export",
        "/v1/cases/c0000000000000001/graph", "/v1/integrity/labels", "/v1/integrity/acts", "/v1/integrity/report",
        "/v1/integrity/rules"}) {
    EXPECT_EQ(ask(get(target)).status, 401) << target;
    EXPECT_EQ(with_key(reader, target).status, 403) << target;
    EXPECT_EQ(with_key(staff, target).status, 200) << target;
  }
  EXPECT_EQ(ask(decide(reader)).status, 403);
  EXPECT_THAT(ask(decide(staff)).body, HasSubstr("\"by\":\"li.hua\""));
  ASSERT_EQ(engine_.notes().size(), 2u);  // the file that was handed out, and the decision
  EXPECT_EQ(engine_.notes()[0].by, "li.hua");
  EXPECT_EQ(engine_.notes()[1].by, "li.hua");
  EXPECT_EQ(with_key(staff, "/v1/subjects/video-1/verdicts").status, 403);
  EXPECT_EQ(with_key(reader, "/v1/subjects/video-1/verdicts").status, 200);
  EXPECT_EQ(ask(get("/v1/public/report")).status, 404);  // open, and not switched on
}

TEST_F(KeysTest, WhoMayAskAboutTheAudienceGetsNumbersThatHidePeopleAndWhoMaySeeMembersExactOnes) {
  const std::string reader = add("app", "ingest,read,admin"), analyst = add("brand", "audience"),
                    insider = add("ops", "audience,members");
  start(options());
  const auto send = [&](const std::string& key, const char* target, const std::string& body) {
    return ask(with_body("POST", target, json_type, body, "Authorization: Bearer " + key + "\r\n"));
  };
  const char* const target = "/v1/segments/count";
  EXPECT_EQ(send(reader, target, R"({"expression":"everybody"})").status, 403);
  const Reply noisy = send(analyst, target, R"({"expression":"everybody"})");
  EXPECT_EQ(noisy.status, 200) << noisy.body;
  EXPECT_THAT(noisy.body, HasSubstr(R"("exact":false,"within":24)"));
  EXPECT_EQ(send(analyst, target, R"({"expression":"everybody and everybody"})").body, noisy.body) << "the same set";
  EXPECT_THAT(send(insider, target, R"({"expression":"everybody"})").body,
              HasSubstr("{\"count\":" + std::to_string(SimAudience::people) + ",\"exact\":true"));
  const char* const of_one = R"({"expression":"everybody","user":"u1"})";
  EXPECT_EQ(send(analyst, "/v1/segments/why", of_one).status, 403);
  EXPECT_EQ(send(insider, "/v1/segments/why", of_one).status, 200);
}

TEST_F(KeysTest, CasesAreGivenToStaffThatHasAKey) {
  const std::string staff = add("li.hua", "integrity");
  add("app", "ingest,read,admin");
  start(options());
  const auto assign = [&](const std::string& name) {
    return ask(with_body("PUT", "/v1/cases/c0000000000000001/assignee", json_type, R"({"assignee":")" + name + "\"}",
                         "Authorization: Bearer " + staff + "\r\n"));
  };
  EXPECT_EQ(assign("li.hua").status, 200);
  for (const char* nobody : {"app", "ann"}) {
    EXPECT_EQ(assign(nobody).status, 422) << nobody;
    EXPECT_THAT(assign(nobody).body, HasSubstr("/assignee"));
  }
}

TEST_F(KeysTest, DamagedFilesAreNamedByLine) {
  const std::string good = "a " + std::string(64, '0') + " read 0\n";
  for (const std::string& line :
       {std::string("a"), "a " + std::string(63, '0') + " read 0", "a " + std::string(64, 'g') + " read 0",
        "a " + std::string(64, '0') + " write 0", "a " + std::string(64, '0') + " read -1",
        "a " + std::string(64, '0') + " read 0 more"}) {
    const auto keys = parse_keys("# remark\n\n" + good + line + "\n");
    ASSERT_FALSE(keys.ok()) << line;
    EXPECT_EQ(keys.error().kind, ErrorKind::corrupt);
    EXPECT_THAT(keys.error().message, HasSubstr("line 4"));
  }
  EXPECT_EQ(parse_keys("a " + std::string(64, '0') + " read 0\r\n")->size(), 1u);
}

TEST_F(KeysTest, WhereThereIsAKeyOneIsNeeded) {
  start(options());
  EXPECT_EQ(ask(get("/v1/top")).status, 200) << "loopback, and no keys";
  const std::string reader = add("reader", "read");
  const std::string writer = add("writer", "ingest");
  const std::string admin = add("admin", "admin");
  start(options());
  const Reply none = ask(get("/v1/top"));
  EXPECT_EQ(none.status, 401);
  EXPECT_THAT(none.fields.at("www-authenticate"), HasSubstr("Bearer"));
  EXPECT_THAT(none.body, HasSubstr("urn:zhenzan:problem:unauthorized"));
  EXPECT_EQ(ask(get("/health/ready")).status, 200);
  EXPECT_EQ(ask(get("/openapi.json")).status, 200);
  EXPECT_EQ(with_key(reader).status, 200);
  EXPECT_EQ(with_key("wrong").status, 401);
  EXPECT_EQ(with_key("").status, 401);
  EXPECT_EQ(ask(get("/v1/top", "Authorization: Basic abc\r\n")).status, 401);
  EXPECT_EQ(ask(get("/v1/top", "authorization: bearer " + reader + "\r\n")).status, 200);
  const Reply wrong = with_key(writer);
  EXPECT_EQ(wrong.status, 403);
  EXPECT_THAT(wrong.body, HasSubstr("the key lacks the scope read"));
  const std::string as_writer = "Authorization: Bearer " + writer + "\r\n";
  EXPECT_EQ(post(json_type, like("u1"), as_writer).status, 200);
  EXPECT_EQ(post(json_type, like("u1"), "Authorization: Bearer " + reader + "\r\n").status, 403);
  EXPECT_EQ(ask("DELETE /v1/users/u1 HTTP/1.1\r\nHost: x\r\n" + as_writer + "\r\n").status, 403);
  EXPECT_EQ(ask("DELETE /v1/users/u1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + admin + "\r\n\r\n").status, 204);
}

TEST_F(KeysTest, AChangedFileIsTakenIn) {
  const std::string first = add("first", "read");
  start(options());
  TestClient kept = connect();
  const std::string request = get("/v1/top", "Authorization: Bearer " + first + "\r\n");
  EXPECT_EQ(kept.exchange(request)->status, 200);
  const std::string second = add("second", "read");
  while (with_key(second).status != 200) std::this_thread::yield();
  ASSERT_TRUE(revoke_key(folder_, "first").ok());
  while (kept.exchange(request)->status != 401) std::this_thread::yield();
  std::ofstream(folder_ + "/api_keys", std::ios::app) << "damaged\n";
  for (int i = 0; i < 50; ++i) ASSERT_EQ(with_key(second).status, 200) << "the old keys stay in force";
}

TEST_F(KeysTest, BeyondLoopbackThereMustBeKeys) {
  ServerOptions open = options();
  open.host = "0.0.0.0";
  auto refused = Server::start(engine_, open);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::refused);
  const std::string key = add("a", "read");
  start(open);
  EXPECT_EQ(ask(get("/v1/top")).status, 401);
  EXPECT_EQ(with_key(key).status, 200);
  ASSERT_TRUE(revoke_key(folder_, "a").ok());
  while (with_key(key).status != 401) std::this_thread::yield();
}

TEST_F(KeysTest, BadPlacesToListen) {
  ServerOptions options;
  options.host = "no such host";
  EXPECT_EQ(Server::start(engine_, options).error().kind, ErrorKind::invalid);
  start();
  options.host = "127.0.0.1";
  options.port = server_->port();
  EXPECT_EQ(Server::start(engine_, options).error().kind, ErrorKind::unavailable);
  std::ofstream(folder_ + "/api_keys") << "damaged\n";
  ServerOptions damaged;
  damaged.data_folder = folder_;
  EXPECT_EQ(Server::start(engine_, damaged).error().kind, ErrorKind::corrupt);
}

TEST_F(KeysTest, BudgetsOfRequests) {
  const std::string key = add("a", "read", 3);
  start(options());
  int refused = 0;
  for (int i = 0; i < 10; ++i) {
    const Reply reply = with_key(key);
    EXPECT_EQ(reply.fields.at("ratelimit-limit"), "3");
    EXPECT_TRUE(reply.fields.contains("ratelimit-remaining"));
    EXPECT_TRUE(reply.fields.contains("ratelimit-reset"));
    if (reply.status != 429) continue;
    ++refused;
    EXPECT_GE(std::stoi(reply.fields.at("retry-after")), 1);
    EXPECT_THAT(reply.body, HasSubstr("urn:zhenzan:problem:rate-limited"));
  }
  EXPECT_GT(refused, 0);
  EXPECT_EQ(ask(get("/health/live")).status, 200);
}

TEST_F(KeysTest, StopsWhileItsTimersFire) {
  ServerOptions busy = options();
  busy.limits.keys_us = busy.limits.sweep_us = 20;
  for (int i = 0; i < 100; ++i) start(busy);
  EXPECT_EQ(ask(get("/health/live")).status, 200);
}

TEST_F(KeysTest, BudgetsOfEvents) {
  const std::string fields = "Authorization: Bearer " + add("a", "ingest", 1000) + "\r\n";
  start(options());
  std::string array = "[";
  for (int i = 0; i < 30000; ++i) array += (i > 0 ? "," : "") + like("u" + std::to_string(i));
  EXPECT_EQ(post(json_type, array + "]", fields).status, 200) << "a request that was begun is finished";
  const Reply next = post(json_type, like("u1"), fields);
  EXPECT_EQ(next.status, 429);
  EXPECT_GE(std::stoi(next.fields.at("retry-after")), 1);
}

TEST_F(KeysTest, StreamsAreSlowedToTheBudget) {
  const std::string fields = "Authorization: Bearer " + add("a", "ingest", 20'000) + "\r\n";
  ServerOptions small = options();
  small.limits.batch_acts = 1000;
  small.limits.read_buffer_max_bytes = 4096;
  start(small);
  std::string lines;
  for (int i = 0; i < 24'000; ++i) lines += like("u" + std::to_string(i)) + "\n";
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THAT(post(lines_type, lines, fields).body, HasSubstr("\"accepted\":24000,"));
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(150))
      << "a second's worth at once, then as they come";
}

TEST_F(KeysTest, BudgetWithoutKeys) {
  ServerOptions limited = options();
  limited.anonymous_rate = 2;
  start(limited);
  int refused = 0;
  for (int i = 0; i < 10; ++i) refused += ask(get("/v1/top")).status == 429 ? 1 : 0;
  EXPECT_GT(refused, 0);
}

TEST(TokenBucket, FillsWithTime) {
  TokenBucket bucket(10);
  std::int64_t now = 1'000'000'000;
  EXPECT_EQ(bucket.level(now).remaining, 10u);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(bucket.take(1, now)) << i;
  EXPECT_FALSE(bucket.take(1, now));
  EXPECT_EQ(bucket.level(now).remaining, 0u);
  EXPECT_EQ(bucket.level(now).next_in_us, 100'000);
  EXPECT_EQ(bucket.level(now).full_in_us, 1'000'000);
  now += 100'000;
  EXPECT_TRUE(bucket.take(1, now));
  EXPECT_FALSE(bucket.take(1, now));
  now += 10'000'000;
  EXPECT_EQ(bucket.level(now).remaining, 10u) << "never more than the burst";
}

TEST(TokenBucket, DebtIsPaidByTime) {
  TokenBucket bucket(10);
  const std::int64_t now = 5'000'000;
  bucket.owe(30, now);
  EXPECT_FALSE(bucket.take(1, now + 1'900'000));
  EXPECT_TRUE(bucket.take(1, now + 2'100'000));
}

TEST(TokenBucket, ManyThreadsTakeNoMoreThanThereIs) {
  TokenBucket bucket(1000);
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i) taken += bucket.take(1, 42) ? 1 : 0;
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken.load(), 1000);
}

}  // namespace
}  // namespace zan::api
