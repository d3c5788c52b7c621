// Counts that add up, and every way in which a server may lie about them.
#include "connectors/subject_audit.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "base/json.h"
#include "connectors/sim_log.h"

namespace zan::connectors {
namespace {

using evidence::Event;
using evidence::EventType;
using evidence::Replaced;
using evidence::Verdict;
using testing::HasSubstr;

constexpr const char* subject = "v/1";

evidence::Hash hash_of(std::uint64_t number) {
  return evidence::sha256(as_bytes(std::to_string(number)));
}

// Reactions of numbered actors, one after the other.
class Community {
 public:
  void act(EventType type, std::uint64_t actor, bool incentivised = false, Verdict verdict = Verdict::unjudged) {
    Event& last = last_[actor];
    Event event{.type = type, .number = ++number_, .incentivised = incentivised, .actor = hash_of(actor)};
    event.at = {static_cast<std::int64_t>(number_) * 1'000};
    event.verdict = verdict;
    event.subject = subject;
    event.replaced = last.number == 0                  ? Replaced::nothing
                     : last.type == EventType::like    ? Replaced::liked
                     : last.type == EventType::dislike ? Replaced::disliked
                                                       : Replaced::withdrawn;
    event.replaced_incentivised = last.number != 0 && last.incentivised && event.replaced != Replaced::withdrawn;
    last = event;
    rows_.push_back({rows_.size(), hash_of(number_ + 1'000'000), event});
  }
  // The server thinks otherwise of the actor's last reaction.
  void judge(Verdict verdict, std::uint64_t actor) {
    Event& last = last_[actor];
    Event event = last;
    event.type = EventType::verdict;
    event.number = ++number_;
    event.verdict = verdict;
    event.replaced = last.type == EventType::like ? Replaced::liked : Replaced::disliked;
    event.replaced_incentivised = last.incentivised;
    last.verdict = verdict;
    rows_.push_back({rows_.size(), hash_of(number_ + 1'000'000), event});
  }
  void like_all(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) act(EventType::like, 100 + i);
  }
  std::vector<EvidenceRow>& rows() { return rows_; }

  void put_into(SimLog& log) {
    evidence::EntryBatch batch;
    for (const EvidenceRow& row : rows_) ASSERT_TRUE(batch.add(entry_of(row.event, row.opening)).ok());
    log.put(batch);
  }

 private:
  std::map<std::uint64_t, Event> last_;
  std::vector<EvidenceRow> rows_;
  std::uint64_t number_ = 0;
};

LikeCounts sum_of(Community& community) {
  const auto checked = check_rows(community.rows(), subject);
  EXPECT_TRUE(checked.ok()) << checked.error().message;
  return sum_rows(community.rows());
}

TEST(SumRows, follows_every_change_of_mind_and_keeps_incentivised_apart) {
  Community community;
  community.like_all(3);
  EXPECT_EQ(sum_of(community), (LikeCounts{.likes = 3}));
  community.act(EventType::like, 1, true);
  EXPECT_EQ(sum_of(community), (LikeCounts{.likes = 3, .incentivised_likes = 1}));
  community.act(EventType::like, 1);
  EXPECT_EQ(sum_of(community), (LikeCounts{.likes = 4}));
  community.act(EventType::dislike, 1, true);
  EXPECT_EQ(sum_of(community), (LikeCounts{.likes = 3, .incentivised_dislikes = 1}));
  community.act(EventType::unlike, 1);
  EXPECT_EQ(sum_of(community), (LikeCounts{.likes = 3}));
  community.act(EventType::unlike, 2);
  community.act(EventType::dislike, 2);
  community.act(EventType::unlike, 100);
  EXPECT_EQ(sum_of(community), (LikeCounts{.likes = 2, .dislikes = 1}));
}

TEST(SumRows, only_genuine_reactions_are_public_and_late_verdicts_move_them) {
  Community community;
  community.like_all(3);
  community.act(EventType::like, 1, false, Verdict::genuine);
  community.act(EventType::like, 2, true, Verdict::held);
  community.act(EventType::dislike, 3, false, Verdict::rejected);
  EXPECT_EQ(sum_of(community), (LikeCounts{.likes = 4, .held = 1}));
  community.judge(Verdict::genuine, 2);
  community.judge(Verdict::genuine, 3);
  community.judge(Verdict::rejected, 100);
  EXPECT_EQ(sum_of(community), (LikeCounts{.likes = 3, .dislikes = 1, .incentivised_likes = 1, .rejected = 1}));
  community.act(EventType::unlike, 100);
  community.act(EventType::unlike, 2, false, Verdict::rejected);
  EXPECT_EQ(sum_of(community), (LikeCounts{.likes = 3, .dislikes = 1}));
}

TEST(SumRows, leaves_out_what_is_superseded_and_what_is_no_reaction) {
  Community community;
  community.like_all(2);
  community.act(EventType::like, 1);
  community.rows().back().event.changed = false;
  community.act(EventType::comment, 2);
  EXPECT_EQ(sum_of(community), (LikeCounts{.likes = 2}));
}

void expect_refused(Community community, const std::string& why) {
  const auto checked = check_rows(community.rows(), subject);
  ASSERT_FALSE(checked.ok()) << why;
  EXPECT_EQ(checked.error().kind, ErrorKind::conflict);
  EXPECT_THAT(checked.error().message, HasSubstr(why));
}

TEST(CheckRows, refuses_what_does_not_follow) {
  Community good;
  good.like_all(3);
  good.act(EventType::like, 1, true);
  good.act(EventType::unlike, 1);

  Community bad = good;
  bad.rows()[1].index = 0;
  expect_refused(bad, "entry 0 is given as evidence twice");
  bad = good;
  bad.rows()[1].event.number = 1;
  expect_refused(bad, "are one event");
  bad = good;
  bad.rows()[2].event.subject = "v2";
  expect_refused(bad, "of another subject");
  bad = good;
  bad.rows()[2].event.actor = bad.rows()[1].event.actor;
  expect_refused(bad, "took the place of \"nothing\", but the same person's entries before it left \"liked\"");
  bad = good;
  bad.rows()[0].event.replaced = Replaced::liked;
  expect_refused(bad, "took the place of \"liked\"");
  bad = good;
  bad.rows()[4].event.replaced_incentivised = false;
  expect_refused(bad, "left \"liked\" (incentivised)");
  bad = good;
  bad.rows().erase(bad.rows().begin() + 3);
  expect_refused(bad, "left \"nothing\"");
}

TEST(CheckRows, refuses_verdicts_that_do_not_follow) {
  Community good;
  good.like_all(2);
  good.act(EventType::like, 1, true);
  good.judge(Verdict::held, 1);

  Community bad = good;
  bad.judge(Verdict::held, 1);
  expect_refused(bad, "entry 4 is a verdict that changes nothing");
  bad = good;
  bad.judge(Verdict::genuine, 100);
  expect_refused(bad, "entry 4 is a verdict that changes nothing");
  bad = good;
  bad.judge(Verdict::unjudged, 1);
  expect_refused(bad, "entry 4 is a verdict that changes nothing");
  bad = good;
  bad.rows()[3].event.at.us += 1;
  expect_refused(bad, "entry 3 is a verdict on what does not stand");
  bad = good;
  bad.rows()[3].event.actor = hash_of(999);
  expect_refused(bad, "entry 3 is a verdict on what does not stand");
  bad = good;
  bad.rows()[3].event.incentivised = false;
  expect_refused(bad, "entry 3 is a verdict that changes whether a reaction is incentivised");
  bad = good;
  bad.rows()[3].event.replaced = Replaced::disliked;
  expect_refused(bad, "took the place of \"disliked\"");
}

TEST(CheckEntries, every_row_must_open_its_entry) {
  SimLog log;
  Community community;
  community.like_all(600);
  community.put_into(log);
  auto tree = log.log().reader().value();
  EXPECT_TRUE(check_entries(community.rows(), tree).ok());
  community.rows()[300].event.incentivised = true;
  EXPECT_THAT(check_entries(community.rows(), tree).error().message, HasSubstr("entry 300 does not hold"));
  community.rows()[300].event.incentivised = false;
  community.rows()[599].opening[0] ^= std::byte{1};
  EXPECT_EQ(check_entries(community.rows(), tree).error().kind, ErrorKind::conflict);
  community.rows()[599].index = 600;
  EXPECT_THAT(check_entries(community.rows(), tree).error().message, HasSubstr("the log has 600"));
}

TEST(EvidencePage, is_taken_in_its_form_alone) {
  EXPECT_TRUE(parse_evidence_page(R"({"subject":"v/1","items":[],"pending":0,"next":null})", subject).ok());
  for (const char* json :
       {"", "[]", "{}", R"({"subject":"v2","items":[],"pending":0,"next":null})", R"({"subject":"v/1","items":[]})",
        R"({"subject":"v/1","items":{},"pending":0,"next":null})", R"({"subject":"v/1","items":[],"next":5})",
        R"({"subject":"v/1","items":[],"pending":-1,"next":null})",
        R"({"subject":"v/1","items":[{"index":1,"opening":"","event":{}}],"pending":0,"next":null})",
        R"({"subject":"v/1","items":[5],"pending":0,"next":null})"})
    EXPECT_EQ(parse_evidence_page(json, subject).error().kind, ErrorKind::invalid) << json;
  EXPECT_EQ(parse_like_counts("{\"likes\":1}").error().kind, ErrorKind::invalid);
}

// A server that answers from a community's rows, and can be told to lie.
class FakeServer final : public HttpClient {
 public:
  explicit FakeServer(Community& community) : community_(community) {}

  Result<void> send(const HttpRequest&) override { return unsupported("only call()"); }
  Result<HttpAnswer> receive() override { return unsupported("only call()"); }
  Result<HttpAnswer> call(const HttpRequest& request) override {
    ++calls;
    if (request.target.ends_with("/counts")) return HttpAnswer{200, counts(), 0};
    if (request.target.starts_with("/v1/subjects/v%2F1/evidence")) return HttpAnswer{200, page(request.target), 0};
    return HttpAnswer{404, "{}", 0};
  }

  int calls = 0;
  std::int64_t more_likes = 0;
  int restless_reads = 0;  // so many readings of the counts differ from each other
  int pending_pages = 0;

 private:
  std::string counts() {
    std::vector<EvidenceRow> rows = community_.rows();
    LikeCounts counts = sum_rows(rows);
    counts.likes += more_likes + std::max(0, restless_reads--);
    return fmt::format(
        R"({{"subject":"v/1","likes":{},"dislikes":{},"held":{},"rejected":{},"incentivised":{{"likes":{},"dislikes":{}}}}})",
        counts.likes, counts.dislikes, counts.held, counts.rejected, counts.incentivised_likes,
        counts.incentivised_dislikes);
  }
  std::string page(std::string_view target) {
    constexpr std::size_t rows_a_page = 3;
    const std::size_t at = target.find("&cursor=");
    const std::size_t from = at == target.npos ? 0 : std::stoul(std::string(target.substr(at + 8)));
    const auto& rows = community_.rows();
    std::string json = R"({"subject":"v/1","items":[)";
    std::size_t i = from;
    for (; i < std::min(from + rows_a_page, rows.size()); ++i) {
      const EvidenceRow& row = rows[rows.size() - 1 - i];
      json += fmt::format(R"({}{{"index":{},"opening":"{}","event":)", i == from ? "" : ",", row.index,
                          evidence::to_base64(row.opening));
      append_event(json, row.event);
      json += '}';
    }
    json += fmt::format(R"(],"pending":{},"next":{}}})", pending_pages-- > 0 ? 1 : 0,
                        i < rows.size() ? fmt::format("\"{}\"", i) : "null");
    return json;
  }

  Community& community_;
};

class SubjectAuditTest : public testing::Test {
 protected:
  void start() {
    community_.like_all(7);
    community_.act(EventType::unlike, 100);
    community_.act(EventType::dislike, 101, true);
    community_.put_into(log_);
  }
  Result<SubjectAudit::Report> audit() {
    return SubjectAudit(server_, follower_, [this] { return ++waits_, true; }).audit(subject);
  }

  SimLog log_;
  const evidence::Policy policy_ = log_.policy();
  LogFollower follower_{log_, policy_};
  Community community_;
  FakeServer server_{community_};
  int waits_ = 0;
};

TEST_F(SubjectAuditTest, adds_up_what_the_log_holds) {
  start();
  const auto report = audit();
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->counts, (LikeCounts{.likes = 5, .incentivised_dislikes = 1}));
  EXPECT_EQ(report->rows, 9u);
  EXPECT_EQ(report->log_size, 9u);
  EXPECT_EQ(waits_, 0);
}

TEST_F(SubjectAuditTest, shouts_when_likes_are_added_or_hidden) {
  start();
  for (const std::int64_t more : {1, -1}) {
    server_.more_likes = more;
    const auto report = audit();
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().kind, ErrorKind::conflict);
    EXPECT_THAT(report.error().message, HasSubstr("add up to 5 likes"));
  }
}

TEST_F(SubjectAuditTest, shouts_when_evidence_is_not_in_the_log) {
  start();
  community_.act(EventType::like, 500);
  EXPECT_THAT(audit().error().message, HasSubstr("entry 9 is given as evidence, and the log has 9"));
  log_.grow(1);
  EXPECT_THAT(audit().error().message, HasSubstr("entry 9 does not hold"));
}

TEST_F(SubjectAuditTest, looks_again_while_the_subject_changes_and_then_gives_up_without_blame) {
  start();
  server_.restless_reads = 3;
  server_.pending_pages = 1;
  EXPECT_TRUE(audit().ok());
  EXPECT_GT(waits_, 0);
  server_.restless_reads = 1'000;
  EXPECT_EQ(audit().error().kind, ErrorKind::limited);
  server_.restless_reads = 0;
  server_.pending_pages = 1'000;
  EXPECT_EQ(audit().error().kind, ErrorKind::limited);
}

}  // namespace
}  // namespace zan::connectors
