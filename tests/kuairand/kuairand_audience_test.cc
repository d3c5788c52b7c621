// Segments of the KuaiRand community against facts.py, which counts them from the raw files by itself.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <sstream>
#include <thread>

#include "support/http.h"
#include "support/process.h"
#include "support/temp_folder.h"

namespace zan {
namespace {

namespace dom = simdjson::dom;
namespace fs = std::filesystem;
using std::chrono::steady_clock;
using testing_support::Connection;
using testing_support::Exit;
using testing_support::Response;
using testing_support::run_program;
using testing_support::Server;
using testing_support::TempFolder;

constexpr const char* python = "/usr/bin/python3";
constexpr auto patience = std::chrono::minutes(2);

std::string dataset_folder() {
  const char* given = std::getenv("ZAN_DATASETS");
  const fs::path root = given != nullptr ? given : ZAN_SOURCE_DIR "/../shared/datasets";
  return (root / "kuairand").string();
}

class KuairandAudience : public testing::Test {
 protected:
  // One import for all tests; they only ask. Without the judge, as the raw files know nothing of verdicts.
  static void SetUpTestSuite() {
    if (!fs::exists(dataset_folder()) || !fs::exists(python)) return;
    folder_ = std::make_unique<TempFolder>();
    const std::string data = (folder_->path() / "data").string();
    const Exit imported = run_program({ZAN_BINARY, "import", "kuairand", dataset_folder(), "--data", data},
                                      folder_->path() / "import.log");
    ASSERT_EQ(imported.code, 0) << imported.output;
    server_ = std::make_unique<Server>(
        ZAN_BINARY, data, folder_->path() / "server.log",
        std::vector<std::string>{"--tags", ZAN_SOURCE_DIR "/app/kuairand_tags.json", "--integrity", "off"});
    const auto deadline = steady_clock::now() + patience;
    while (request("GET", "/v1/status").body.find(R"("audience":{"caught_up":true)") == std::string::npos) {
      ASSERT_LT(steady_clock::now(), deadline) << request("GET", "/v1/status").body;
      std::this_thread::yield();
    }
  }
  static void TearDownTestSuite() {
    server_.reset();
    folder_.reset();
  }
  void SetUp() override {
    if (!fs::exists(dataset_folder())) GTEST_SKIP() << "the KuaiRand data set is not at " << dataset_folder();
    if (!fs::exists(python)) GTEST_SKIP() << "needs the package python3";
    ASSERT_NE(server_, nullptr) << "the import or the server failed";
  }

  static Response request(const char* method, const std::string& target, const std::string& body = {}) {
    return Connection(server_->port()).request(method, target, {{"content-type", "application/json"}}, body);
  }
  // Facts, a line each.
  static std::vector<std::string> facts(const std::vector<std::string>& arguments = {}) {
    std::vector<std::string> command = {python, ZAN_SOURCE_DIR "/tests/kuairand/facts.py", dataset_folder()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const Exit told = run_program(command, folder_->path() / "facts.log");
    EXPECT_EQ(told.code, 0) << told.output;
    std::vector<std::string> lines;
    std::istringstream stream(told.output);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }

  static inline std::unique_ptr<TempFolder> folder_;
  static inline std::unique_ptr<Server> server_;
};

TEST_F(KuairandAudience, CountsOfSegmentsAreThoseOfTheRawFiles) {
  const std::vector<std::string> told = facts();
  ASSERT_GE(told.size(), 12U);
  for (const std::string& line : told) {
    SCOPED_TRACE(line);
    dom::parser parser;
    const dom::element fact = parser.parse(line);
    const std::string body = R"({"expression":)" + simdjson::minify(fact["expression"]) + "}";
    const Response answer = request("POST", "/v1/segments/count", body);
    std::uint64_t count = 0;
    if (fact["count"].get(count) == simdjson::SUCCESS) {
      EXPECT_EQ(answer.status, 200) << answer.body;
      EXPECT_TRUE(answer.body.starts_with(fmt::format(R"({{"count":{},"exact":true,)", count))) << answer.body;
    } else {
      EXPECT_EQ(answer.status, 403) << answer.body;
      EXPECT_THAT(answer.body, testing::HasSubstr("fewer than 50 people"));
    }
  }
}

TEST_F(KuairandAudience, ThePortraitOfTheWholeCommunityNamesItsMostCommonInterests) {
  const Response answer = request("POST", "/v1/segments/composition?limit=1000", R"({"expression":"everybody"})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  dom::parser parser;
  const dom::element portrait = parser.parse(answer.body);
  std::size_t degrees = 0;
  double shares = 0;
  for (const dom::element row : portrait["rows"]) {
    if (row["tag"].get_string().value() != "active_degree") continue;
    ++degrees;
    shares += row["share"].get_double().value();
    EXPECT_NEAR(row["share"].get_double().value(), row["base_share"].get_double().value(), 0.01);
  }
  EXPECT_GE(degrees, 4U);
  EXPECT_NEAR(shares, 1, 0.02);
}

}  // namespace
}  // namespace zan
