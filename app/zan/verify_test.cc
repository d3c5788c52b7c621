// `zan verify` and `zan audit`: what is proven, and everything that is refused, with its exit code.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <future>

#include "zan/command_fixture.h"
#include "zan/exit_code.h"
#include "zan/proof_text.h"
#include "zan/sim_likes.h"

namespace zan::app {
namespace {

namespace fs = std::filesystem;
using connectors::SimServer;
using testing::HasSubstr;

class VerifyTest : public CommandFixture {
 protected:
  VerifyTest() : likes_(std::make_unique<SimLikes>(path("d"))), vkey_(path("d/log/log.vkey")) { likes_->like(300); }

  Said verify(const std::string& what, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"verify", what, "--vkey", vkey_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return zan(arguments);
  }
  Said verify(const evidence::Receipt& receipt) const { return verify(file("r.json", to_json(receipt))); }
  Said audit(const SimServer& server, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments{"audit", server.url(), "--vkey", vkey_, "--state", path("state"), "--once"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return zan(arguments);
  }

  std::unique_ptr<SimLikes> likes_;
  const std::string vkey_;
};

using Said = CommandFixture::Said;

void expect_refused(const Said& said, const std::string& reason) {
  EXPECT_EQ(said.code, exit_findings) << said.out;
  EXPECT_EQ(said.out, "");
  EXPECT_THAT(said.err, HasSubstr("refused: "));
  EXPECT_THAT(said.err, HasSubstr(reason));
}

TEST_F(VerifyTest, a_receipt_says_what_it_proves_and_what_not) {
  evidence::Receipt receipt = likes_->receipt(17);
  for (const std::string& text : {to_json(receipt), to_text(to_proof_file(receipt))}) {
    const Said said = verify(file("receipt", text));
    EXPECT_EQ(said.code, exit_ok) << said.err;
    EXPECT_THAT(said.out, HasSubstr("proven: like of v1 by u17 at 2023-11-14T22:13:20.000Z is entry 17 of the log "
                                    "example.com/log with 300 entries; signed by example.com/log ("));
    EXPECT_THAT(said.out, HasSubstr("organic; took the place of nothing; received "));
    EXPECT_THAT(said.out, HasSubstr("\nnot proven: that the log shows everybody the same tree"));
    EXPECT_EQ(said.err, "");
  }
  receipt.identity.reset();
  EXPECT_THAT(verify(receipt).out, HasSubstr("by somebody whom it does not name"));
  const Said json = verify(path("r.json"), {"--json"});
  EXPECT_THAT(json.out, HasSubstr(R"({"proven":true,"log":"example.com/log","size":300,)"));
  EXPECT_THAT(json.out, HasSubstr(R"("index":17,"event":{"type":"like",)"));
  EXPECT_THAT(json.out, HasSubstr(R"("user":null,"not_proven":)"));
}

TEST_F(VerifyTest, a_receipt_that_was_changed_is_refused) {
  const evidence::Receipt good = likes_->receipt(17);
  evidence::Receipt bad = good;
  bad.event.subject = "v2";
  expect_refused(verify(bad), "is not what the log holds: the inclusion proof does not lead to the root");
  bad = good;
  bad.event.incentivised = true;
  expect_refused(verify(bad), "is not what the log holds");
  bad = good;
  bad.index = 18;
  expect_refused(verify(bad), "is not what the log holds");
  bad = good;
  bad.identity->user = "u18";
  expect_refused(verify(bad), "another person's event");
  bad = good;
  bad.proof.pop_back();
  expect_refused(verify(bad), "the proof has 8 hashes where these sizes need 9");
  bad = good;
  bad.checkpoint[bad.checkpoint.size() - 10] ^= 1;
  expect_refused(verify(bad), "the signature of example.com/log does not hold");
  bad = good;
  SimLikes stranger(path("stranger"), 2);
  stranger.like(300);
  bad = stranger.receipt(17);
  expect_refused(verify(bad), "no known key has signed");
  const Said json = verify(path("r.json"), {"--json"});
  EXPECT_EQ(json.code, exit_findings);
  EXPECT_THAT(json.out, HasSubstr("{\"proven\":false,\"reason\":"));
}

TEST_F(VerifyTest, what_is_no_receipt_is_refused) {
  const std::string good = to_json(likes_->receipt(3));
  expect_refused(verify(file("r", "")), "");
  expect_refused(verify(file("r", "{}")), "");
  expect_refused(verify(file("r", std::string(1000, '\0'))), "");
  expect_refused(verify(file("r", R"({"status":"pending","ready_in_ms":900})")), "no receipt yet");
  for (const std::size_t size : {good.size() / 4, good.size() / 2, good.size() - 3})
    expect_refused(verify(file("r", good.substr(0, size))), "");
  EXPECT_EQ(verify(path("absent")).code, exit_failed);
  EXPECT_EQ(verify(file("r", std::string(2 << 20, ' '))).code, exit_failed);
}

TEST_F(VerifyTest, nothing_from_a_receipt_steers_the_terminal) {
  evidence::Receipt receipt = likes_->receipt(3);
  receipt.event.subject = "a\x1b[2Jb\xc2\x9b";
  receipt.identity->user = "\n";
  EXPECT_EQ(verify(receipt).err.find('\x1b'), std::string::npos);
  EXPECT_EQ(event_text(receipt), "like of a\\x1b[2Jb\\x9b by \\x0a at 2023-11-14T22:13:20.000Z");
}

TEST_F(VerifyTest, wrong_usage_is_two) {
  const std::string receipt = file("r", to_json(likes_->receipt(3)));
  EXPECT_EQ(zan({"verify", receipt}).code, exit_usage);
  EXPECT_EQ(zan({"verify", "--vkey", vkey_}).code, exit_usage);
  EXPECT_EQ(zan({"verify", receipt, "--vkey", vkey_, "--policy", vkey_}).code, exit_usage);
  EXPECT_EQ(zan({"verify", receipt, "--vkey", path("absent")}).code, exit_usage);
  EXPECT_EQ(zan({"verify", receipt, "--vkey", file("v", "")}).code, exit_usage);
  EXPECT_EQ(zan({"verify", receipt, "--vkey", file("v", "nonsense\n")}).code, exit_usage);
  EXPECT_EQ(zan({"verify", receipt, "--policy", file("p", "quorum none\n")}).code, exit_usage);
  EXPECT_EQ(verify(receipt, {"--since", path("d/log/checkpoint")}).code, exit_usage);
  EXPECT_EQ(verify("https://example.com").code, exit_usage);
  EXPECT_EQ(zan({"audit", "example.com", "--vkey", vkey_, "--state", path("s"), "--once"}).code, exit_usage);
  EXPECT_EQ(zan({"audit", "http://127.0.0.1:1", "--vkey", vkey_}).code, exit_usage);
  EXPECT_EQ(zan({"audit", "http://127.0.0.1:1", "--vkey", vkey_, "--state", folder(), "--once"}).code, exit_usage);
}

TEST_F(VerifyTest, a_policy_asks_for_witnesses) {
  SeededEntropy entropy(8);
  const auto witness = evidence::SignerKey::make("w.example/1", evidence::SignatureType::cosignature_v1, entropy);
  std::string vkey = content(vkey_);
  const std::string policy =
      file("policy", "log " + vkey + "witness w1 " + evidence::to_vkey(witness.verifier()) + "\nquorum w1\n");
  const auto verify_here = [&] { return zan({"verify", path("d"), "--policy", policy}); };
  expect_refused(verify_here(), "quorum");
  const std::string text = evidence::parse_note(likes_->log().signed_checkpoint())->text;
  const std::vector cosignatures{evidence::cosign(witness, text, 1'700'000'000)};
  ASSERT_TRUE(likes_->log().publish(cosignatures).ok());
  const Said said = verify_here();
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_THAT(said.out, HasSubstr("; cosigned by w1 at 2023-11-14T22:13:20.000Z"));
  EXPECT_THAT(said.out, HasSubstr("that stands with the witnesses named"));
}

TEST_F(VerifyTest, a_folder_is_verified_to_the_last_byte) {
  for (const char* folder : {"d", "d/log", "d/log/"}) {
    const Said said = verify(path(folder));
    EXPECT_EQ(said.code, exit_ok) << said.err;
    EXPECT_THAT(said.out, HasSubstr("proven: all 300 entries and tiles of the log example.com/log hash to the root "));
  }
  for (const char* name :
       {"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/000", "tile/entries/001.p/44"}) {
    const std::string damaged = path("d/log/") + name;
    const std::string bytes = content(damaged);
    std::string other = bytes;
    other[other.size() / 2] ^= 1;
    file(std::string("d/log/") + name, other);
    expect_refused(verify(path("d")), "");
    fs::remove(damaged);
    const std::string full(name, std::min(std::strlen(name), std::string_view(name).find(".p")));
    expect_refused(verify(path("d")), full + ": no such file");
    file(std::string("d/log/") + name, bytes);
  }
  EXPECT_EQ(verify(path("d")).code, exit_ok);
  file("d/log/checkpoint", "nonsense");
  expect_refused(verify(path("d")), "");
  fs::remove(path("d/log/checkpoint"));
  EXPECT_EQ(verify(path("d")).code, exit_failed);
}

TEST_F(VerifyTest, a_log_continues_what_it_signed_before_or_is_refused) {
  const std::string older = file("older", likes_->text("log/checkpoint"));
  likes_->like(400);
  const Said said = verify(path("d"), {"--since", older});
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_THAT(said.out, HasSubstr("proven: it continues the checkpoint of 300 entries\n"));
  SimLikes fork(path("fork")), backup(path("backup")), stranger(path("stranger"), 2);
  fork.like(600, 1);
  backup.like(200);
  stranger.like(700);
  expect_refused(verify(path("fork"), {"--since", older}), "forked");
  expect_refused(verify(path("backup"), {"--since", older}), "rolled back: it has 200 entries, and had signed 300");
  expect_refused(verify(path("d"), {"--since", path("stranger/log/checkpoint")}), "");
  expect_refused(verify(path("d"), {"--since", file("x", "nonsense")}), "");
}

TEST_F(VerifyTest, a_server_is_verified_like_a_folder) {
  const SimServer server([&](const SimServer::Request& request) { return likes_->answer(request); });
  for (const std::string& url : {server.url(), server.url() + "/", server.url() + "/log", server.url() + "/log/"})
    EXPECT_THAT(verify(url).out, HasSubstr("proven: all 300 entries")) << url;
  EXPECT_EQ(verify(server.url() + "/other").code, exit_findings);
  file("d/log/tile/entries/000", "no bundle");
  expect_refused(verify(server.url()), "tile/entries/000");
  const SimServer broken([](const SimServer::Request&) { return connectors::sim_answer(500, ""); });
  EXPECT_EQ(verify(broken.url()).code, exit_failed);
  EXPECT_EQ(verify("http://127.0.0.1:1").code, exit_failed);
}

TEST_F(VerifyTest, an_audit_follows_a_log_and_shouts_when_it_contradicts_itself) {
  SimLikes fork(path("fork")), backup(path("backup"));
  fork.like(500, 1);
  backup.like(299);
  SimLikes* shown = likes_.get();
  const SimServer server([&](const SimServer::Request& request) { return shown->answer(request); });
  const Said first = audit(server);
  EXPECT_EQ(first.code, exit_ok) << first.err;
  EXPECT_THAT(first.out,
              HasSubstr("example.com/log: 300 entries, 300 new since the last look, are one log; signed by"));
  likes_->like(50);
  EXPECT_THAT(audit(server).out, HasSubstr("350 entries, 50 new"));
  EXPECT_THAT(audit(server).out, HasSubstr("350 entries, 0 new"));
  const std::string state = content(path("state"));
  EXPECT_EQ(state, likes_->text("log/checkpoint"));
  for (SimLikes* liar : {&fork, &backup}) {
    shown = liar;
    const Said said = audit(server);
    EXPECT_EQ(said.code, exit_alarm);
    EXPECT_THAT(said.err, HasSubstr(liar == &fork ? "ALARM: the log was forked" : "ALARM: the log was rolled back"));
    EXPECT_EQ(content(path("state")), state);
  }
  shown = likes_.get();
  EXPECT_EQ(audit(server).code, exit_ok);
}

TEST_F(VerifyTest, an_audit_does_not_shout_at_what_may_pass) {
  const SimServer broken([](const SimServer::Request&) { return connectors::sim_answer(503, ""); });
  EXPECT_EQ(audit(broken).code, exit_failed);
  SimLikes stranger(path("stranger"), 2);
  stranger.like(5);
  const SimServer foreign([&](const SimServer::Request& request) { return stranger.answer(request); });
  expect_refused(audit(foreign), "");
  EXPECT_FALSE(fs::exists(path("state")));
  const SimServer server([&](const SimServer::Request& request) { return likes_->answer(request); });
  file("state", "nonsense");
  expect_refused(audit(server), "");
  EXPECT_EQ(content(path("state")), "nonsense");
}

TEST_F(VerifyTest, an_audit_adds_up_a_subject) {
  int more_likes = 0;
  const SimServer server([&](const SimServer::Request& request) { return likes_->answer(request, more_likes); });
  const Said said = audit(server, {"--subject", "v1"});
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_THAT(said.out, HasSubstr("v1: 300 entries of the log add up to 300 likes, 0 dislikes"));
  EXPECT_EQ(audit(server, {"--subject", "v2"}).code, exit_failed);
  more_likes = 1;
  const Said lie = audit(server, {"--subject", "v1"});
  EXPECT_EQ(lie.code, exit_alarm);
  EXPECT_THAT(lie.err, HasSubstr("ALARM: v1: the counts say 301 likes, 0 dislikes"));
}

TEST_F(VerifyTest, an_audit_goes_on_until_it_is_stopped_and_only_warns_of_a_log_that_rests) {
  std::promise<void> seen;
  std::atomic<int> looks = 0;
  const SimServer server([&](const SimServer::Request& request) {
    if (request.target == "/log/checkpoint" && ++looks == 2) seen.set_value();
    return likes_->answer(request);
  });
  auto auditing = std::async(std::launch::async, [&] {
    return zan({"audit", server.url(), "--vkey", vkey_, "--state", path("state"), "--interval", "1", "--stale", "1"});
  });
  seen.get_future().wait();
  ::kill(::getpid(), SIGTERM);
  const Said said = auditing.get();
  EXPECT_EQ(said.code, exit_ok);
  EXPECT_THAT(said.err, HasSubstr("warning: the log has not grown for "));
  EXPECT_EQ(content(path("state")), likes_->text("log/checkpoint"));
}

}  // namespace
}  // namespace zan::app
