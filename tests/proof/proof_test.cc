// From a like over HTTP to its proof, by the commands that people use.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "support/http.h"
#include "support/outcome.h"
#include "support/process.h"
#include "support/temp_folder.h"

namespace zan {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing_support::Connection;
using testing_support::Exit;
using testing_support::Headers;
using testing_support::Response;
using testing_support::Server;

constexpr int proven = 0, refused = 3;
constexpr auto patience = std::chrono::seconds(30);
constexpr const char* witness_name = "witness.example/w1";

class ProofTest : public testing::Test {
 protected:
  void SetUp() override { serve(); }

  void serve(const std::vector<std::string>& more_arguments = {}) {
    server_.reset();
    server_ = std::make_unique<Server>(ZAN_BINARY, data(), folder_.path() / "server.log", more_arguments);
  }
  void stop() {
    const Exit exit = server_->stop();
    EXPECT_EQ(exit.code, 0) << exit.output;
  }

  [[nodiscard]] std::string data() const { return (folder_.path() / "data").string(); }
  [[nodiscard]] std::string vkey() const { return data() + "/log/log.vkey"; }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  [[nodiscard]] std::string url() const { return fmt::format("http://127.0.0.1:{}", server_->port()); }

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  static std::string read(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  [[nodiscard]] Response get(const std::string& target, const Headers& headers = {}) const {
    return Connection(server_->port()).request("GET", target, headers);
  }
  void like(const std::string& actor, const std::string& id) const {
    const std::string body =
        fmt::format(R"({{"type":"like","actor":"{}","subject":"v1","creator":"c1","id":"{}"}})", actor, id);
    const Response response =
        Connection(server_->port()).request("POST", "/v1/events", {{"content-type", "application/json"}}, body);
    ASSERT_EQ(response.status, 200) << response.body;
  }

  // The receipt when it is ready.
  [[nodiscard]] std::string receipt(const std::string& target, const Headers& headers = {}) const {
    const auto deadline = steady_clock::now() + patience;
    for (;;) {
      const Response response = get("/v1/receipts/" + target, headers);
      if (response.status == 200) return response.body;
      if (response.status != 202 || steady_clock::now() > deadline) {
        ADD_FAILURE() << "no receipt: " << response.status << " " << response.body;
        return {};
      }
    }
  }
  // Asks for receipts of new likes until one's checkpoint has, or has not, a line of the witness.
  std::string receipt_with(bool cosigned, const std::string& id) const {
    const std::string mark = fmt::format("\u2014 {} ", witness_name);
    const auto deadline = steady_clock::now() + patience;
    for (int i = 0; steady_clock::now() < deadline; ++i) {
      const std::string name = fmt::format("{}-{}", id, i);
      like("u-" + name, name);
      const std::string said = receipt(name + "?user=u-" + name);
      if (said.empty() || (said.find(mark) != std::string::npos) == cosigned) return said;
    }
    ADD_FAILURE() << "the checkpoint did not change its witnesses";
    return {};
  }

  Exit zan(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), ZAN_BINARY);
    return testing_support::run_program(arguments, folder_.path() / "command.log");
  }

  testing_support::TempFolder folder_;
  std::unique_ptr<Server> server_;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from << " in " << text;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

TEST_F(ProofTest, ALikeIsProvenAndAForgedOneRefused) {
  like("u1", "like-1");
  const std::string text = receipt("like-1?user=u1");
  const Exit good = zan({"verify", write("like.json", text), "--vkey", vkey()});
  EXPECT_EQ(good.code, proven) << good.output;
  EXPECT_THAT(good.output, AllOf(HasSubstr("proven: like of v1 by u1 at "), HasSubstr("is entry 0 of the log")));
  EXPECT_THAT(good.output, HasSubstr("not proven: that the log shows everybody the same tree"));

  const Exit nameless =
      zan({"verify", write("like.txt", receipt("like-1", {{"accept", "text/plain"}})), "--vkey", vkey()});
  EXPECT_EQ(nameless.code, proven) << nameless.output;
  EXPECT_THAT(nameless.output, AllOf(HasSubstr("by somebody whom it does not name"), Not(HasSubstr("u1"))));

  const std::pair<const char*, const char*> forgeries[] = {
      {"\"number\":1,", "\"number\":2,"},
      {"\"at\":\"20", "\"at\":\"21"},
      {"\"subject\":\"v1\"", "\"subject\":\"v2\""},
      {"\"user\":\"u1\"", "\"user\":\"u2\""},
      {"\"incentivised\":false", "\"incentivised\":true"},
      {"\"index\":0", "\"index\":1"},
      {"\\n1\\n", "\\n2\\n"},  // the size of the tree
  };
  for (const auto& [from, to] : forgeries) {
    const Exit bad = zan({"verify", write("forged.json", replaced(text, from, to)), "--vkey", vkey()});
    EXPECT_EQ(bad.code, refused) << to << ": " << bad.output;
    EXPECT_THAT(bad.output, AllOf(HasSubstr("refused: "), Not(HasSubstr("proven: ")))) << to;
  }
}

TEST_F(ProofTest, AWholeLogIsVerifiedAndAudited) {
  for (int i = 0; i < 5; ++i) like(fmt::format("u{}", i), fmt::format("like-{}", i));
  (void)receipt("like-4");
  for (const std::string& log : {url(), data(), data() + "/log"}) {
    const Exit whole = zan({"verify", log, "--vkey", vkey()});
    EXPECT_EQ(whole.code, proven) << log << ": " << whole.output;
    EXPECT_THAT(whole.output, HasSubstr("proven: all 5 entries and tiles of the log ")) << log;
  }
  const std::vector<std::string> audit = {"audit",      url(),    "--vkey",    vkey(), "--state",
                                          path("seen"), "--once", "--subject", "v1"};
  const Exit first = zan(audit);
  EXPECT_EQ(first.code, proven) << first.output;
  EXPECT_THAT(first.output, AllOf(HasSubstr("5 entries, 5 new since the last look, are one log"),
                                  HasSubstr("v1: 5 entries of the log add up to ")));
  stop();
  serve();
  like("u5", "like-5");
  (void)receipt("like-5");
  std::vector<std::string> again = audit;
  again[1] = url();
  const Exit second = zan(again);
  EXPECT_EQ(second.code, proven) << second.output;
  EXPECT_THAT(second.output, AllOf(HasSubstr("6 entries, 1 new since the last look"), HasSubstr("v1: 6 entries")));
}

TEST_F(ProofTest, AnOldFolderSignsNothingAndALogKeepsItsName) {
  const std::vector<std::string> locked = {"--log-lock", path("lock")};
  stop();
  fs::remove_all(data());
  serve(locked);
  like("u1", "like-1");
  (void)receipt("like-1");
  stop();
  fs::copy(data(), path("old"), fs::copy_options::recursive);
  const Exit renamed = zan({"serve", "--data", data(), "--listen", "127.0.0.1:0", "--log-origin", "example.org/other"});
  EXPECT_EQ(renamed.code, 1);
  EXPECT_THAT(renamed.output, AllOf(HasSubstr("keeps its name for life"), Not(HasSubstr("stop it"))));

  serve(locked);
  like("u2", "like-2");
  (void)receipt("like-2");
  stop();
  fs::remove_all(data());
  fs::rename(path("old"), data());
  serve(locked);
  like("u3", "like-3");
  const auto deadline = steady_clock::now() + patience;
  std::string status;
  do {
    status = get("/v1/status").body;
  } while (status.find("a backup was restored") == std::string::npos && steady_clock::now() < deadline);
  EXPECT_THAT(status, HasSubstr("\"trouble\":\"the log was signed up to 2, and holds 1: a backup was restored\""));
  EXPECT_EQ(get("/v1/receipts/like-3").status, 503);
  EXPECT_THAT(get("/v1/subjects/v1/counts").body, HasSubstr("\"likes\":2,"));
  EXPECT_THAT(get("/log/checkpoint").body, HasSubstr("\n1\n"));
  stop();
}

TEST_F(ProofTest, AWitnessCosignsAndMayBeGone) {
  like("u1", "like-1");
  (void)receipt("like-1");
  auto witness =
      std::make_unique<Server>(std::vector<std::string>{ZAN_BINARY, "witness", "--data", path("witness"), "--name",
                                                        witness_name, "--listen", "127.0.0.1:0", "--log", vkey()},
                               folder_.path() / "witness.log");
  const Response key = Connection(witness->port()).request("GET", "/vkey");
  ASSERT_EQ(key.status, 200) << key.body;
  const std::string policy =
      write("policy", fmt::format("log {}witness w1 {} http://127.0.0.1:{}/\nquorum w1\n", read(vkey()),
                                  key.body.substr(0, key.body.find('\n')), witness->port()));
  stop();
  serve({"--witnesses", policy});

  const std::string cosigned = write("cosigned.json", receipt_with(true, "with"));
  const Exit good = zan({"verify", cosigned, "--policy", policy});
  EXPECT_EQ(good.code, proven) << good.output;
  EXPECT_THAT(good.output, HasSubstr("; cosigned by w1 at 20"));
  const Exit audit = zan({"audit", url(), "--policy", policy, "--state", path("seen"), "--once", "--subject", "v1"});
  EXPECT_EQ(audit.code, proven) << audit.output;

  const Exit ended = witness->stop();
  EXPECT_EQ(ended.code, 0) << ended.output;
  const std::string alone = write("alone.json", receipt_with(false, "without"));
  EXPECT_EQ(zan({"verify", alone, "--vkey", vkey()}).code, proven);
  const Exit lonely = zan({"verify", alone, "--policy", policy});
  EXPECT_EQ(lonely.code, refused) << lonely.output;
  EXPECT_THAT(lonely.output, HasSubstr("refused: "));
  stop();
}

}  // namespace
}  // namespace zan
