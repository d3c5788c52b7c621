// The page that checks receipts, in a real browser: what verify_receipt says, it says.
#include "api/verify_page.h"

#include <gtest/gtest.h>
#include <simdjson.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "evidence/sim_receipts.h"
#include "evidence/text_form.h"
#include "page_server.h"
#include "storage/sim_disk.h"
#include "support/process.h"
#include "support/temp_folder.h"

namespace zan {
namespace {

using evidence::LoggedEvents;
using evidence::Receipt;
using testing_support::PageServer;

constexpr int browser_seconds = 120;

std::string read_file(const std::string& path) {
  std::ifstream file(ZAN_SOURCE_DIR "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string browser() {
  for (const char* path : {"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"}) {
    if (std::filesystem::exists(path)) return path;
  }
  return {};
}

// A browser that runs until it is destroyed.
class Browser {
 public:
  Browser(const std::string& program, const std::string& url, const std::string& language) {
    std::vector<std::string> arguments{program,
                                       "--headless",
                                       "--no-sandbox",
                                       "--disable-gpu",
                                       "--disable-dev-shm-usage",
                                       "--no-first-run",
                                       "--disable-background-networking",
                                       "--disable-component-update",
                                       "--remote-debugging-port=0",
                                       "--disable-features=HttpsUpgrades",
                                       "--host-resolver-rules=MAP insecure.test 127.0.0.1",
                                       "--accept-lang=" + language,
                                       "--user-data-dir=" + (folder_.path() / "profile").string(),
                                       url};
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::setpgid(0, 0);
    if (std::freopen((folder_.path() / "log").c_str(), "w", stderr) == nullptr) ::_exit(126);
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ~Browser() {
    ::kill(-pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  [[nodiscard]] std::string log() const { return testing_support::tail(folder_.path() / "log"); }

 private:
  testing_support::TempFolder folder_;
  pid_t pid_ = -1;
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

// Another character of base64 in the place of the first one behind `start`.
std::string spoiled(std::string text, std::string_view start) {
  const auto at = text.find(start);
  EXPECT_NE(at, std::string::npos) << start;
  if (at != std::string::npos) {
    char& c = text.at(at + start.size());
    c = c == 'B' ? 'C' : 'B';
  }
  return text;
}

struct PageCase {
  std::string name;
  std::string receipt;
  std::string expected;      // "state|reason|field"
  std::string how = "link";  // it is given to the page: link, type, file, drop, paste
  std::string vkey = {};
};

TEST(VerifyPageFiles, name_no_other_machine_and_have_nothing_inline) {
  ASSERT_EQ(api::verify_page().front().path, "/verify");
  for (const api::PageFile& file : api::verify_page()) {
    EXPECT_GT(file.body.size(), 1'000u) << file.path;
    for (const char* banned : {"://", "<style", " style=", "<script>", " onclick=", "innerHTML", "eval("})
      EXPECT_EQ(file.body.find(banned), std::string_view::npos) << file.path << " " << banned;
  }
}

class VerifyPageTest : public testing::Test {
 protected:
  void SetUp() override {
    browser_ = browser();
    if (browser_.empty()) GTEST_SKIP() << "no chromium here: apt-get install chromium";
    // The harness holds the page in a frame, which nobody else may.
    const std::string policy =
        replaced(std::string(api::verify_page_policy), "frame-ancestors 'none'", "frame-ancestors 'self'");
    for (const api::PageFile& file : api::verify_page())
      server_.add(std::string(file.path), {std::string(file.content_type), std::string(file.body), policy});
    const std::string folder = "tests/verify_page/";
    server_.add("/harness", {"text/html; charset=utf-8", read_file(folder + "harness.html"), ""});
    server_.add("/harness.js", {"text/javascript; charset=utf-8", read_file(folder + "harness.js"), ""});
  }

  void trust(const std::string& vkeys) { server_.add("/log/log.vkey", {"text/plain; charset=utf-8", vkeys, ""}); }

  static std::string cases_json(const std::vector<PageCase>& pages, const std::string& more) {
    std::string json = "{\"pages\":[";
    const char* comma = "";
    for (const PageCase& page : pages) {
      json += std::exchange(comma, ",");
      json += "{\"name\":";
      append_json_string(json, page.name);
      json += ",\"receipt\":";
      append_json_string(json, page.receipt);
      json += ",\"vkey\":";
      append_json_string(json, page.vkey);
      json += ",\"how\":\"" + page.how + "\"}";
    }
    return json + "]," + more + "}";
  }

  // The lines that the harness sends.
  std::vector<std::string> run(const std::vector<PageCase>& pages, const std::string& language = "en-GB",
                               const std::string& more = R"("vectors":[],"holes":[],"vkey":"")") {
    server_.add("/cases.json", {"application/json", cases_json(pages, more), ""});
    server_.start();
    const std::string url = "http://" + host_ + ":" + std::to_string(server_.port()) + "/harness";
    const Browser browser(browser_, url, language);
    const auto result = server_.wait_for_result(browser_seconds);
    EXPECT_TRUE(result.has_value()) << browser.log();
    std::vector<std::string> lines;
    std::string_view rest = result ? std::string_view(*result) : std::string_view();
    while (!rest.empty()) {
      const auto end = std::min(rest.find('\n'), rest.size());
      lines.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return lines;
  }

  void expect_each(const std::vector<PageCase>& pages, const std::vector<std::string>& lines) {
    ASSERT_EQ(lines.size(), pages.size()) << (lines.empty() ? "" : lines.back());
    for (std::size_t i = 0; i < pages.size(); ++i)
      EXPECT_TRUE(lines[i].starts_with(pages[i].name + "|" + pages[i].expected + "|")) << lines[i];
  }

  const LoggedEvents logged_{storage::SimDisk::make(1), 23};
  const std::string vkey_ = evidence::to_vkey(logged_.key());
  const Receipt& receipt_ = logged_.receipt(3);  // a comment, in Chinese, with quotes
  const std::string json_ = evidence::to_json(receipt_);
  const std::string proof_ = evidence::to_text(evidence::to_proof_file(receipt_));
  PageServer server_;
  std::string browser_;
  std::string host_ = "127.0.0.1";
};

TEST_F(VerifyPageTest, says_proven_of_good_receipts_in_both_forms_and_asks_for_nothing_else) {
  trust(vkey_ + "\n");
  std::vector<PageCase> pages{{"json", json_, "proven||"},
                              {"proof", proof_, "proven||"},
                              {"typed", json_, "proven||", "type"},
                              {"file", proof_, "proven||", "file"},
                              {"dropped", json_, "proven||", "drop"},
                              {"pasted", proof_, "proven||", "paste"},
                              {"own key", proof_, "proven||", "type", vkey_}};
  for (std::size_t i = 0; i < 23; i += 2)
    pages.push_back({"receipt " + std::to_string(i), evidence::to_json(logged_.without_identity(i)), "proven||"});
  const auto lines = run(pages);
  expect_each(pages, lines);
  const auto root = evidence::parse_signed_checkpoint(receipt_.checkpoint)->checkpoint.root;
  for (std::size_t i = 0; i < 2 && i < lines.size(); ++i) {
    EXPECT_NE(lines[i].find("|Proven|小红 commented on 视频・真赞 \"3\"|" + evidence::to_hex(root)), std::string::npos)
        << lines[i];
    EXPECT_NE(lines[i].find("|" + to_rfc3339(receipt_.event.at)), std::string::npos) << lines[i];
  }
  const std::set<std::string> known{"/harness",         "/harness.js",       "/cases.json",
                                    "/verify",          "/verify/page.js",   "/verify/style.css",
                                    "/verify/words.js", "/verify/verify.js", "/log/log.vkey"};
  for (const std::string& path : server_.asked()) EXPECT_TRUE(known.contains(path)) << path;
}

TEST_F(VerifyPageTest, says_refused_of_everything_else_and_why) {
  SeededEntropy entropy(9);
  using evidence::SignatureType;
  using evidence::SignerKey;
  const std::string other = to_vkey(SignerKey::make(LoggedEvents::origin, SignatureType::ed25519, entropy).verifier());
  const std::string witness = to_vkey(SignerKey::make("w.example", SignatureType::cosignature_v1, entropy).verifier());
  trust(vkey_ + "\n");
  const std::string root_start = "zhenzan\\n23\\n";
  const std::vector<PageCase> pages{
      {"event", replaced(json_, "\"number\":1003", "\"number\":1004"), "refused|root|"},
      {"time", replaced(json_, "Z\",\"received", "1Z\",\"received"), "refused|member|event.at"},
      {"verdict", replaced(json_, "genuine", "held"), "refused|root|"},
      {"changed", replaced(json_, "\"changed\":true", "\"changed\":false"), "refused|root|"},
      {"subject", replaced(json_, "真赞", "假赞"), "refused|root|"},
      {"actor", spoiled(json_, "\"actor\":\""), "refused|another_person|"},
      {"user", replaced(json_, "小红", "小明"), "refused|another_person|"},
      {"opening", spoiled(json_, "\"opening\":\""), "refused|root|"},
      {"index", replaced(json_, "\"index\":3", "\"index\":2"), "refused|root|"},
      {"index outside", replaced(json_, "\"index\":3", "\"index\":23"), "refused|index_outside|"},
      {"length", replaced(json_, "\"proof\":[", "\"proof\":[\"" + evidence::to_base64(evidence::Hash{}) + "\","),
       "refused|proof_length|"},
      {"proof", spoiled(json_, "\"proof\":[\""), "refused|root|"},
      {"root", spoiled(json_, root_start), "refused|signature|"},
      {"size", replaced(json_, "zhenzan\\n23\\n", "zhenzan\\n24\\n"), "refused|signature|"},
      {"signature", replaced(json_, "\\n\"}", "A\\n\"}"), "refused|note|"},
      {"origin", replaced(json_, "\"checkpoint\":\"example", "\"checkpoint\":\"Example"), "refused|signature|"},
      {"other key", json_, "refused|no_known_key|", "type", other},
      {"witness's key", json_, "refused|no_keys|", "type", witness},
      {"bad key", json_, "refused|no_keys|", "type", replaced(vkey_, "+", "+0")},
      {"more", replaced(json_, "{\"format\"", "{\"note\":\"\",\"format\""), "refused|members|note"},
      {"twice", replaced(json_, "{\"format\"", "{\"index\":4,\"format\""), "refused|members|index"},
      {"number beyond 2^53", replaced(json_, "\"index\":3", "\"index\":9007199254740993"), "refused|index_outside|"},
      {"half", json_.substr(0, json_.size() / 2), "refused|not_json|"},
      {"nonsense", "hello", "refused|not_a_receipt|"},
      {"proof index", replaced(proof_, "\nindex 3\n", "\nindex 2\n"), "refused|root|"},
      {"proof root", spoiled(proof_, "zhenzan\n23\n"), "refused|signature|"},
      {"proof extra", spoiled(proof_, "extra "), "refused|member|extra"},
      {"proof without extra", proof_.substr(0, 23) + proof_.substr(proof_.find("index ")), "refused|no_extra|"},
      {"proof index form", replaced(proof_, "\nindex 3\n", "\nindex 03\n"), "refused|member|index"},
  };
  expect_each(pages, run(pages));
}

TEST_F(VerifyPageTest, speaks_chinese_and_says_when_there_is_no_key) {
  const std::vector<PageCase> pages{{"none", json_, "refused|no_keys||未通过|小红 评论了 视频・真赞 \"3\""},
                                    {"own", json_, "proven|||已证实|小红 评论了 视频・真赞 \"3\"", "type", vkey_}};
  expect_each(pages, run(pages, "zh-CN"));
}

std::string mutated(std::string text, Rng& rng) {
  constexpr std::string_view telling = "\"\\,:{}[]0129-+.eEunA=/ \n\t\x01\xff\xe4";
  for (std::uint64_t edits = 1 + rng.below(2); edits > 0; --edits) {
    const std::size_t at = rng.below(text.size());
    const std::uint64_t kind = rng.below(4);
    const char other = telling[rng.below(telling.size())];
    if (kind == 0) text[at] = other;
    if (kind == 1) text.insert(at, 1, other);
    if (kind == 2) text.erase(at, 1 + rng.below(3));
    if (kind == 3) text.insert(at, text.substr(rng.below(text.size()), 1 + rng.below(30)));
  }
  return text;
}

// Two programs that share nothing read the same bytes and say the same of them.
TEST_F(VerifyPageTest, reads_and_refuses_what_the_program_reads_and_refuses) {
  Rng rng(1);
  std::string receipts, parsed, proven;
  for (int i = 0; i < 2'000; ++i) {
    const std::string text = mutated(i % 4 == 0 ? proof_ : json_, rng);
    receipts += (i == 0 ? "\"" : ",\"") + evidence::to_base64(as_bytes(text)) + "\"";
    const auto receipt = evidence::parse_receipt(text);
    parsed += receipt.ok() ? '1' : '0';
    proven += receipt.ok() && verify_receipt(*receipt, logged_.policy()).ok() ? '1' : '0';
  }
  EXPECT_GT(std::ranges::count(parsed, '1'), 100);
  EXPECT_GT(std::ranges::count(proven, '1'), 0);
  const std::string more = R"("vectors":[],"holes":[],"vkey":")" + vkey_ + R"(","twins":{"receipts":[)" + receipts +
                           R"(],"parsed":")" + parsed + R"(","proven":")" + proven + "\"}";
  EXPECT_EQ(run({}, "en-GB", more), std::vector<std::string>{"twins|2000|"});
}

// Browsers have no cryptography for pages that came over http from elsewhere. That is no verdict about a receipt.
TEST_F(VerifyPageTest, says_that_it_cannot_check_where_the_browser_does_not_let_it) {
  trust(vkey_ + "\n");
  host_ = "insecure.test";
  const std::vector<PageCase> pages{{"insecure", json_, "unable|no_secure_context||Cannot check"}};
  expect_each(pages, run(pages));
}

TEST_F(VerifyPageTest, says_when_a_browser_has_no_ed25519) {
  EXPECT_EQ(run({}, "en-GB", R"("vectors":[],"holes":[],"vkey":"","without_ed25519":true)"),
            std::vector<std::string>{"without_ed25519|no_ed25519"});
}

// verify.js by itself: the vectors of events, and every byte of both forms.
TEST_F(VerifyPageTest, agrees_with_the_vectors_and_leaves_no_byte_unchecked) {
  const std::string vectors = read_file("src/evidence/testdata/event_vectors.json");
  simdjson::dom::parser parser;
  const auto events = parser.parse(vectors)["events"];
  ASSERT_EQ(events.error(), simdjson::SUCCESS);
  std::string more = "\"vectors\":[";
  std::vector<std::string> expected;
  for (const simdjson::dom::element vector : events.get_array()) {
    std::string text = simdjson::minify(vector);
    // The harness reads JSON as browsers do, which rounds numbers: this one it takes as text.
    text.insert(1, "\"number\":\"" + std::to_string(vector["event"]["number"].get_uint64().value()) + "\",");
    more += (expected.empty() ? "" : ",") + text;
    expected.push_back("vector|" + std::string(vector["name"].get_string().value()) + "|");
  }
  more += "],\"vkey\":";
  append_json_string(more, vkey_);
  more += ",\"holes\":[{\"name\":\"json\",\"receipt\":";
  append_json_string(more, json_);
  more += "},{\"name\":\"proof\",\"receipt\":";
  append_json_string(more, proof_);
  more += "}]";
  expected.insert(expected.end(), {"holes|json|", "holes|proof|"});
  EXPECT_EQ(run({}, "en-GB", more), expected);
}

}  // namespace
}  // namespace zan
