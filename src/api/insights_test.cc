// The calls about works by day, over made-up counts.
#include "api/server_fixture.h"

namespace zan::api {
namespace {

using ::testing::HasSubstr;

class InsightsTest : public ServerTest {
 protected:
  void expect_problem(const Reply& reply, int status, const std::string& says) {
    EXPECT_EQ(reply.status, status) << reply.body;
    EXPECT_THAT(reply.body, HasSubstr(says));
    EXPECT_EQ(reply.fields.at("content-type"), "application/problem+json");
  }
};

TEST_F(InsightsTest, ASeriesHasItsDaysTheRestAndWhatIsUsual) {
  const Reply reply = ask(get("/v1/subjects/v1/series?days=3&last=2022-01-10"));
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(reply.body, HasSubstr(R"({"subject":"v1","zone_minutes":0,"today":"2022-01-28","counted_from":"2022-01-09")"));
  EXPECT_THAT(reply.body, HasSubstr(R"("published":"2022-01-09","publication_known":true)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("days":[{"day":"2022-01-08","likes":0,)"));
  EXPECT_THAT(reply.body, HasSubstr(R"({"day":"2022-01-09","likes":25,)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("falls":[{"day":"2022-01-17","taken_out":10,"given_back":0}])"));
  EXPECT_THAT(reply.body, HasSubstr(R"("usual":{"works":4,"works_min":3,"days":[null,{"works":4,"low":30,"median":30,"high":30})"));
}

TEST_F(InsightsTest, ACreatorsSeriesIsOfAllWorks) {
  const Reply reply = ask(get("/v1/creators/c1/series?days=400"));
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(reply.body, HasSubstr(R"({"creator":"c1")"));
  EXPECT_THAT(reply.body, HasSubstr(R"({"day":"2022-01-10","likes":55,)"));
}

TEST_F(InsightsTest, WorksComeInPages) {
  const Reply first = ask(get("/v1/creators/c1/works?limit=3"));
  EXPECT_THAT(first.body, HasSubstr(R"({"creator":"c1","order":"newest","works":5,"items":[{"subject":"v5","about":null,)"));
  EXPECT_THAT(first.body, HasSubstr(R"("next":"3")"));
  const Reply second = ask(get("/v1/creators/c1/works?limit=3&cursor=3"));
  EXPECT_THAT(second.body, HasSubstr(R"({"subject":"v1","about":{"creator":"c1","title":"One"},"published":"2022-01-09T)"));
  EXPECT_THAT(second.body, HasSubstr(R"("next":null)"));
  EXPECT_THAT(ask(get("/v1/creators/c1/works?order=likes&limit=1")).body, HasSubstr(R"("order":"likes")"));
}

TEST_F(InsightsTest, BestTimesSayWhetherTheyDiffer) {
  const Reply reply = ask(get("/v1/creators/c1/best_times"));
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(reply.body, HasSubstr(R"("people":60,"people_min":50,"hours_differ":true)"));
  EXPECT_THAT(reply.body, HasSubstr(R"({"from":18,"to":21,"share":1,)"));
  EXPECT_THAT(reply.body, HasSubstr(R"({"day":"monday","share":)"));
}

TEST_F(InsightsTest, TheTimesOfAWorkAreOfItsLikers) {
  const Reply reply = ask(get("/v1/subjects/v1/best_times"));
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(reply.body, HasSubstr(R"({"subject":"v1","zone_minutes":0,"people":50,)"));
  EXPECT_THAT(ask(get("/v1/subjects/v6/best_times")).body, HasSubstr(R"("people":0,"people_min":50)"));
}

TEST_F(InsightsTest, QuestionsThatAreNone) {
  expect_problem(ask(get("/v1/subjects/v1/series?days=0")), 400, "days");
  expect_problem(ask(get("/v1/subjects/v1/series?days=401")), 400, "from 1 to 400");
  expect_problem(ask(get("/v1/subjects/v1/series?last=yesterday")), 400, "last");
  expect_problem(ask(get("/v1/subjects/v1/series?last=2022-13-01")), 400, "last");
  expect_problem(ask(get("/v1/subjects/v1/series?colour=red")), 400, "colour");
  expect_problem(ask(get("/v1/subjects/none/series")), 404, "work");
  expect_problem(ask(get("/v1/creators/none/series")), 404, "creator");
  expect_problem(ask(get("/v1/creators/c1/works?limit=201")), 400, "limit");
  expect_problem(ask(get("/v1/creators/c1/works?order=best")), 400, "newest or likes");
  expect_problem(ask(get("/v1/creators/c1/works?cursor=")), 400, "cursor");
  expect_problem(ask(get("/v1/creators/c1/works?cursor=x")), 400, "cursor");
  expect_problem(ask(get("/v1/creators/none/works")), 404, "creator");
  expect_problem(ask(get("/v1/creators/none/best_times")), 404, "creator");
  expect_problem(ask(get("/v1/creators/c1/best_times?days=3")), 400, "days");
  expect_problem(ask(get("/v1/subjects/none/best_times")), 404, "work");
}

TEST_F(InsightsTest, SwitchedOffItSaysSo) {
  engine_.switch_insights_off();
  for (const char* target : {"/v1/subjects/v1/series", "/v1/creators/c1/series", "/v1/creators/c1/works",
                             "/v1/creators/c1/best_times", "/v1/subjects/v1/best_times"})
    expect_problem(ask(get(target)), 503, "no counts by day");
}

}  // namespace
}  // namespace zan::api
