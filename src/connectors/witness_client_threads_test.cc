// Witnesses as they should be, and as they may be: gone, silent, slow, wrong, hostile. Real sockets.
#include "connectors/witness_client.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

#include "connectors/sim_log.h"
#include "connectors/sim_server.h"

namespace zan::connectors {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr std::int64_t long_us = 20 * us_per_second;
constexpr std::int64_t short_us = 100 * us_per_ms;

// The machine's, and as far ahead of it as a test wants.
class SkippingClock final : public Clock {
 public:
  Timestamp now() const override { return machine_clock().now(); }
  std::int64_t monotonic_us() const override { return machine_clock().monotonic_us() + ahead_us_; }
  void skip(std::int64_t us) { ahead_us_ += us; }

 private:
  std::atomic<std::int64_t> ahead_us_ = 0;
};

// A real witness behind a socket, which counts what it is asked.
class HonestWitness {
 public:
  HonestWitness(const std::string& name, const evidence::VerifierKey& log, std::uint64_t seed = 5)
      : witness_(open(name, log, seed)),
        server_([this](const SimServer::Request& request) { return answer(request); }) {}

  std::string line(const std::string& name) const {
    return fmt::format("witness {} {} {}\n", name, evidence::to_vkey(witness_->verifier()), server_.url());
  }
  evidence::Witness& witness() { return *witness_; }
  int requests() const { return requests_; }

 private:
  std::unique_ptr<evidence::Witness> open(const std::string& name, const evidence::VerifierKey& log,
                                          std::uint64_t seed) {
    SeededEntropy entropy(seed);
    auto key = evidence::SignerKey::make(name, evidence::SignatureType::cosignature_v1, entropy);
    return evidence::Witness::open(*disk_, "w", std::move(key), {log}).value();
  }
  std::string answer(const SimServer::Request& request) {
    ++requests_;
    const auto said = request.method == "POST" ? witness_->add_checkpoint(request.body, {us_per_day})
                                               : witness_->checkpoint(std::string_view(request.target).substr(1, 64));
    return sim_answer(said.status, said.body, said.content_type);
  }

  std::unique_ptr<storage::SimDisk> disk_ = storage::SimDisk::make(1);
  std::unique_ptr<evidence::Witness> witness_;
  std::atomic<int> requests_ = 0;
  SimServer server_;
};

class WitnessClientTest : public testing::Test {
 protected:
  void open(const std::string& witness_lines) {
    const std::string text =
        fmt::format("log {}\n{}quorum none\n", evidence::to_vkey(log_.log().verifiers().front()), witness_lines);
    auto policy = evidence::parse_policy(text);
    ASSERT_TRUE(policy.ok()) << policy.error().field << policy.error().message;
    auto opened = open_witnesses(*policy, clock_);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    client_ = std::move(opened).value();
  }
  std::vector<evidence::NoteSignature> cosign(std::int64_t timeout_us = long_us) { return cosign(log_, timeout_us); }
  std::vector<evidence::NoteSignature> cosign(SimLog& log, std::int64_t timeout_us = long_us) {
    auto tree = log.log().reader().value();
    return client_->cosign(log.log().signed_checkpoint(), tree, timeout_us);
  }
  // A line of a witness that nobody is behind but this server.
  std::string line_of(const std::string& url, std::uint64_t seed = 9) const {
    SeededEntropy entropy(seed);
    const auto key = evidence::SignerKey::make("w.example/bad", evidence::SignatureType::cosignature_v1, entropy);
    return fmt::format("witness bad {} {}\n", evidence::to_vkey(key.verifier()), url);
  }
  evidence::VerifierKey log_key() { return log_.log().verifiers().front(); }
  // What a server that says the same to everything is good for: nothing, within the time, and no alarm.
  void expect_left_out(const std::string& bytes, std::int64_t timeout_us = long_us) {
    const SimServer bad([&](const SimServer::Request&) { return bytes; });
    HonestWitness good("w.example/good", log_key());
    open(line_of(bad.url()) + good.line("good"));
    const std::int64_t started_us = machine_clock().monotonic_us();
    const auto signatures = cosign(timeout_us);
    EXPECT_THAT(signatures, SizeIs(1)) << bytes.substr(0, 100);
    EXPECT_LT(machine_clock().monotonic_us() - started_us, long_us / 2) << bytes.substr(0, 100);
    EXPECT_EQ(client_->alarm(), std::nullopt);
  }

  SkippingClock clock_;
  SimLog log_;
  std::unique_ptr<evidence::Cosigners> client_;
};

TEST_F(WitnessClientTest, asks_all_and_learns_what_each_has_seen) {
  HonestWitness one("w.example/1", log_key(), 1), two("w.example/2", log_key(), 2);
  open(one.line("one") + two.line("two") + "witness quiet " +
       evidence::to_vkey(evidence::make_verifier_key("w.example/3", evidence::SignatureType::cosignature_v1,
                                                     evidence::sha256(as_bytes("3")))) +
       "\n");
  for (const std::uint64_t more : {1, 254, 1, 1, 700}) {
    log_.grow(more);
    EXPECT_THAT(cosign(), SizeIs(2));
  }
  EXPECT_EQ(one.requests(), 5);
  // Somebody who has forgotten, as after a restart, learns it from the answer.
  open(one.line("one") + two.line("two"));
  log_.grow(10);
  const auto signatures = cosign();
  ASSERT_THAT(signatures, SizeIs(2));
  EXPECT_EQ(one.requests(), 7);
  EXPECT_TRUE(
      evidence::verify_signature(one.witness().verifier(), evidence::parse_note(log_.log().signed_checkpoint())->text,
                                 signatures[0].key_name == "w.example/1" ? signatures[0].bytes : signatures[1].bytes));
  EXPECT_THAT(cosign(), SizeIs(2)) << "the same checkpoint again";
  EXPECT_EQ(client_->alarm(), std::nullopt);
}

TEST_F(WitnessClientTest, no_witness_is_no_error) {
  open("");
  EXPECT_THAT(cosign(), IsEmpty());
}

TEST_F(WitnessClientTest, takes_no_url_that_it_cannot_speak) {
  for (const char* url : {"https://w.example/", "ftp://w.example/", "w.example", "http://w.example/?x"}) {
    const auto policy = evidence::parse_policy(line_of(url) + "quorum none\n").value();
    const auto opened = open_witnesses(policy, clock_);
    ASSERT_FALSE(opened.ok()) << url;
    EXPECT_EQ(opened.error().field, "witness bad");
  }
}

TEST_F(WitnessClientTest, takes_no_more_witnesses_than_it_has_threads_for) {
  std::string text;
  for (std::size_t i = 0; i <= witnesses_max; ++i) {
    const evidence::Hash key = evidence::sha256(as_bytes(std::to_string(i)));
    const auto vkey = evidence::make_verifier_key("w.example", evidence::SignatureType::cosignature_v1, key);
    text += fmt::format("witness w{} {} http://127.0.0.1:1\n", i, evidence::to_vkey(vkey));
  }
  const auto policy = evidence::parse_policy(text + "quorum none\n").value();
  EXPECT_EQ(open_witnesses(policy, clock_).error().kind, ErrorKind::invalid);
}

TEST_F(WitnessClientTest, leaves_out_whoever_says_nonsense) {
  log_.grow(5);
  SeededEntropy entropy(77);
  const auto stranger = evidence::SignerKey::make("w.example/bad", evidence::SignatureType::cosignature_v1, entropy);
  const std::string text = evidence::parse_note(log_.log().signed_checkpoint())->text;
  const std::string foreign = evidence::signature_line(evidence::cosign(stranger, text, 5));
  const std::string garbage(100'000, '\xff');
  for (const std::string& bytes :
       {std::string("220 mail\r\n\r\n"),
        garbage,
        sim_answer(200, ""),
        sim_answer(200, garbage),
        sim_answer(200, foreign),
        sim_answer(500, ""),
        sim_answer(404, ""),
        sim_answer(403, ""),
        sim_answer(200, std::string(300'000, '\n')),
        sim_answer(409, "3\n"),
        sim_answer(409, "5\n"),
        sim_answer(409, "x"),
        sim_answer(409, "6\n"),
        sim_answer(409, "9223372036854775807\n"),
        sim_answer(409, "99999999999999999999999\n"),
        sim_answer(422, ""),
        std::string("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"),
        std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n"),
        std::string("HTTP/1.1 200 OK\r\n\r\n")})
    expect_left_out(bytes);
}

TEST_F(WitnessClientTest, waits_for_nobody_longer_than_its_time) {
  log_.grow(5);
  expect_left_out("", us_per_second);                                                // silent
  expect_left_out("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", us_per_second);  // never ends
  expect_left_out("HTTP/1.1 100 Continue\r\n\r\n", us_per_second);                   // always about to
}

TEST_F(WitnessClientTest, a_witness_that_fails_is_left_alone_for_a_while_that_grows) {
  std::atomic<int> calls = 0;
  const SimServer bad([&](const SimServer::Request&) { return ++calls, sim_answer(500, ""); });
  open(line_of(bad.url()));
  log_.grow(1);
  EXPECT_THAT(cosign(), IsEmpty());
  std::vector<int> halves_of_seconds;
  for (int before = calls; before < 9; before = calls) {
    int waited = 0;
    for (; calls == before && waited < 300; ++waited) {
      clock_.skip(us_per_second / 2);
      EXPECT_THAT(cosign(), IsEmpty());
    }
    halves_of_seconds.push_back(waited);
    ASSERT_EQ(calls, before + 1);
  }
  EXPECT_LE(halves_of_seconds.front(), 2);
  EXPECT_TRUE(std::ranges::is_sorted(halves_of_seconds));
  EXPECT_GE(halves_of_seconds.back(), 118);
  EXPECT_LE(halves_of_seconds.back(), 120);
}

TEST_F(WitnessClientTest, one_that_is_gone_costs_nothing) {
  std::string url;
  {
    const SimServer gone([](const SimServer::Request&) { return std::string(); });
    url = gone.url();
  }
  HonestWitness good("w.example/good", log_key());
  open(line_of(url) + good.line("good"));
  log_.grow(3);
  EXPECT_THAT(cosign(), SizeIs(1));
}

TEST_F(WitnessClientTest, a_connection_that_the_witness_closed_meanwhile_is_opened_again) {
  HonestWitness real("w.example/good", log_key());
  std::atomic<int> calls = 0;
  const SimServer closing([&](const SimServer::Request& request) {
    ++calls;
    const auto said = real.witness().add_checkpoint(request.body, {us_per_day});
    return sim_answer(said.status, said.body, "text/plain\r\nConnection: close");
  });
  open(fmt::format("witness good {} {}\n", evidence::to_vkey(real.witness().verifier()), closing.url()));
  log_.grow(1);
  EXPECT_THAT(cosign(), SizeIs(1));
  log_.grow(1);
  EXPECT_THAT(cosign(), SizeIs(1));
  EXPECT_EQ(calls, 2);
}

TEST_F(WitnessClientTest, an_old_backup_is_an_alarm_because_our_own_signature_shows_it) {
  HonestWitness witness("w.example/1", log_key());
  open(witness.line("one"));
  log_.grow(300);
  EXPECT_THAT(cosign(), SizeIs(1));
  SimLog backup;
  backup.grow(299);
  for (const bool restarted : {false, true}) {
    if (restarted) open(witness.line("one"));
    clock_.skip(2 * witness_pause_us_max);
    EXPECT_THAT(cosign(backup), IsEmpty());
    ASSERT_TRUE(client_->alarm());
    EXPECT_THAT(*client_->alarm(), HasSubstr("holds a checkpoint of 300 entries that this log has signed"));
  }
}

TEST_F(WitnessClientTest, a_fork_is_an_alarm) {
  for (const std::uint64_t more : {0, 5}) {
    HonestWitness witness("w.example/1", log_key());
    open(witness.line("one"));
    SimLog log, fork;
    log.grow(300);
    EXPECT_THAT(cosign(log), SizeIs(1));
    fork.grow(300 + more, 1);
    EXPECT_THAT(cosign(fork), IsEmpty());
    ASSERT_TRUE(client_->alarm());
    EXPECT_THAT(*client_->alarm(), HasSubstr("forked"));
  }
}

TEST_F(WitnessClientTest, claims_without_our_signature_are_no_alarm) {
  SimLog stranger(2);
  stranger.grow(900);
  const std::string foreign = stranger.read_checkpoint().value();
  const SimServer bad([&](const SimServer::Request& request) {
    return request.method == "GET" ? sim_answer(200, foreign) : sim_answer(409, "900\n");
  });
  open(line_of(bad.url()));
  log_.grow(5);
  EXPECT_THAT(cosign(), IsEmpty());
  EXPECT_EQ(client_->alarm(), std::nullopt);
}

TEST_F(WitnessClientTest, ends_while_a_witness_is_silent) {
  const SimServer silent([](const SimServer::Request&) { return std::string(); });
  open(line_of(silent.url()));
  log_.grow(1);
  EXPECT_THAT(cosign(short_us), IsEmpty());
  const std::int64_t started_us = machine_clock().monotonic_us();
  client_.reset();
  EXPECT_LT(machine_clock().monotonic_us() - started_us, long_us);
}

}  // namespace
}  // namespace zan::connectors
