// The calls about what is genuine, over five made-up cases.
#include "api/case_json.h"
#include "api/server_fixture.h"

namespace zan::api {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string id_text(std::uint64_t id) {
  return case_id_text(id);
}
std::string post_json(std::string_view target, std::string_view body) {
  return with_body("POST", target, json_type, body);
}
std::string decide(std::uint64_t id, std::string_view body) {
  return post_json("/v1/cases/" + id_text(id) + "/decision", body);
}
std::string value_of(const std::string& json, const std::string& key) {
  const std::string mark = "\"" + key + "\":\"";
  const std::size_t from = json.find(mark);
  if (from == std::string::npos) return {};
  return json.substr(from + mark.size(), json.find('"', from + mark.size()) - from - mark.size());
}

class IntegrityTest : public ServerTest {
 protected:
  void expect_problem(const std::string& request, int status, const std::string& slug, const std::string& field = {}) {
    const Reply reply = ask(request);
    EXPECT_EQ(reply.status, status) << request << ": " << reply.body;
    EXPECT_EQ(reply.fields.at("content-type"), "application/problem+json") << request;
    EXPECT_EQ(reply.fields.at("cache-control"), "no-store") << request;
    EXPECT_THAT(reply.body, HasSubstr("urn:zhenzan:problem:" + slug + "\"")) << request;
    if (field.empty()) {
      EXPECT_THAT(reply.body, Not(HasSubstr("\"field\""))) << request;
    } else {
      EXPECT_THAT(reply.body, HasSubstr("\"field\":\"" + field + "\"")) << request;
    }
  }
  std::vector<std::string> every_call() {
    return {get("/v1/subjects/video-1/verdicts"),
            get("/v1/cases"),
            get("/v1/cases/" + id_text(1)),
            get("/v1/cases/" + id_text(1) + "/export"),
            decide(1, R"({"decision":"confirm"})"),
            post_json("/v1/appeals", R"({"case":")" + id_text(1) + R"(","ground":"other"})"),
            post_json("/v1/appeals", R"({"subject":"video-1","ground":"other"})"),
            get("/v1/integrity/report"),
            get("/v1/cases?queue=waiting"),
            get("/v1/cases/" + id_text(1) + "/graph"),
            with_body("PUT", "/v1/cases/" + id_text(1) + "/assignee", json_type, R"({"assignee":"ann"})"),
            get("/v1/integrity/labels"),
            get("/v1/integrity/acts")};
  }
};

TEST_F(IntegrityTest, ACreatorSeesWhatBecameOfTheLikes) {
  const Reply reply = ask(get("/v1/subjects/video-1/verdicts"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.fields.at("content-type"), json_type);
  EXPECT_EQ(reply.fields.at("cache-control"), "no-store");
  EXPECT_THAT(reply.body,
              StartsWith(R"({"subject":"video-1","likes":{"genuine":100,"held":7,"rejected":9},"cases":[{"case":)"
                         R"("c0000000000000004","standing":"confirmed","likes":9,"accounts":3,"subjects":2,"found_at":)"
                         R"("2022-04-25T15:05:41.436Z","changed_at":"2022-04-26T15:05:41.436Z","decided_by":"people",)"
                         R"("reasons":[{"trait":"alike","points":2},{"trait":"devices","points":-1.5}],"words":{"en":)"
                         R"("3 accounts liked the same 2 works; )"));
  EXPECT_THAT(reply.body, HasSubstr(R"(},{"case":"c0000000000000001",)"));
  EXPECT_THAT(reply.body, HasSubstr(R"(","zh":"3 个账号给同样的 2 个作品点了赞；)"));
  EXPECT_THAT(reply.body, EndsWith(R"("}}],"rules":[{"verdict":"held","likes":4,"last_at":"2022-04-25T15:05:41.436Z",)"
                                   R"("words":{"en":"hurried: 300 \"likes\"","zh":"匆忙：点赞300次"}}]})"
                                   "\n"));
}

TEST_F(IntegrityTest, ACreatorSeesNoNames) {
  for (const char* name : {"\"u1\"", "小红", "\"members\"", "\"edges\"", "\"notes\"", "\"li\""})
    EXPECT_THAT(ask(get("/v1/subjects/video-1/verdicts")).body, Not(HasSubstr(name)));
}

TEST_F(IntegrityTest, SubjectsWithoutCases) {
  EXPECT_EQ(ask(get("/v1/subjects/clean/verdicts")).body,
            "{\"subject\":\"clean\",\"likes\":{\"genuine\":3,\"held\":0,\"rejected\":0},\"cases\":[],\"rules\":[]}\n");
  expect_problem(get("/v1/subjects/none/verdicts"), 404, "not-found");
  expect_problem(get("/v1/subjects/%00/verdicts"), 400, "invalid-parameter", "id");
  expect_problem(get("/v1/subjects/clean/verdicts?limit=1"), 400, "invalid-parameter", "limit");
}

TEST_F(IntegrityTest, PagesOfCases) {
  const Reply first = ask(get("/v1/cases?limit=2"));
  EXPECT_EQ(first.status, 200);
  EXPECT_THAT(first.body, StartsWith(R"({"items":[{"case":"c0000000000000005","standing":"cleared",)"));
  EXPECT_THAT(first.body, EndsWith("],\"next\":\"c0000000000000004\"}\n"));
  const Reply second = ask(get("/v1/cases?limit=2&cursor=" + id_text(4)));
  EXPECT_THAT(second.body,
              StartsWith(R"({"items":[{"case":"c0000000000000003","standing":"suspected","decided_by":null,)"));
  EXPECT_THAT(second.body, EndsWith("],\"next\":\"c0000000000000002\"}\n"));
  EXPECT_THAT(ask(get("/v1/cases?limit=2&cursor=" + id_text(2))).body, EndsWith("],\"next\":null}\n"));
  EXPECT_EQ(ask(get("/v1/cases?cursor=" + id_text(1))).body, "{\"items\":[],\"next\":null}\n");
  EXPECT_THAT(ask(get("/v1/cases?standing=suspected")).body, Not(HasSubstr("\"confirmed\"")));
  EXPECT_EQ(ask(get("/v1/cases?limit=200&standing=confirmed")).status, 200);
}

TEST_F(IntegrityTest, QuestionsAboutCasesAreChecked) {
  const std::pair<const char*, const char*> bad[] = {
      {"limit=0", "limit"},
      {"limit=201", "limit"},
      {"limit=x", "limit"},
      {"standing=guilty", "standing"},
      {"standing=", "standing"},
      {"standing=cleared&standing=cleared", "standing"},
      {"cursor=", "cursor"},
      {"cursor=7", "cursor"},
      {"cursor=c0000000000000000", "cursor"},
      {"cursor=C0000000000000001", "cursor"},
      {"user=u1", "user"},
  };
  for (const auto& [query, field] : bad)
    expect_problem(get(std::string("/v1/cases?") + query), 400, "invalid-parameter", field);
  for (const char* id :
       {"7", "c7", "c000000000000000g", "c000000000000000A", "c00000000000000010", "x0000000000000001"}) {
    expect_problem(get(std::string("/v1/cases/") + id), 400, "invalid-parameter", "id");
    expect_problem(get(std::string("/v1/cases/") + id + "/export"), 400, "invalid-parameter", "id");
    expect_problem(post_json(std::string("/v1/cases/") + id + "/decision", "{}"), 400, "invalid-parameter", "id");
  }
  expect_problem(get("/v1/cases/" + id_text(~std::uint64_t{0})), 404, "not-found");
  expect_problem(get("/v1/cases/" + id_text(99) + "/export"), 404, "not-found");
  expect_problem(get("/v1/cases/" + id_text(1) + "?limit=1"), 400, "invalid-parameter", "limit");
  expect_problem(get("/v1/cases/decisions"), 400, "invalid-parameter", "id");
}

TEST_F(IntegrityTest, OneCaseWithEverything) {
  const Reply reply = ask(get("/v1/cases/" + id_text(2)));
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, StartsWith(R"({"case":"c0000000000000002","standing":"cleared","decided_by":"detectors",)"));
  for (const char* part :
       {R"("accounts":3,"subjects":2,"likes":2,"chance_log10":-812.5,"points":3.25,"reasons":[{)",
        R"("measures":{"members":3,"targets":2,"participation_share":0,)", R"("accounts_per_device":8,)",
        R"("members":["u2","小红 \"5\"\n"],"targets":["video-2","work"],)",
        R"("edges":[{"user":"u2","subject":"video-2","at":"2022-04-25T15:05:41.436Z","spared":false},)",
        R"("kind":"decision","decision":"overturn","by":"li","note":"seen \"it\"","users":2,"subjects":0})",
        R"("kind":"assignment","by":"li","assignee":"ann"})", R"("kind":"handed_out","by":"zhou"})",
        R"("assignee":null,"waiting":true,"due_at":"2022-04-27T15:05:41.436Z","overdue":true,)", R"("complete":true})"})
    EXPECT_THAT(reply.body, HasSubstr(part));
  EXPECT_FALSE(reply.fields.contains("content-disposition"));
}

TEST_F(IntegrityTest, TheTimelineSaysWhoDidWhatInOrder) {
  const std::string body = ask(get("/v1/cases/" + id_text(2))).body;
  const std::string at = R"({"at":"2022-04-25T15:05:41.436Z","event":)";
  EXPECT_THAT(
      body, HasSubstr("\"timeline\":[" + at + R"("found","who":"detectors"},)" + at +
                      R"("appealed","who":"somebody"},)" + at + R"("overturned_in_part","who":"staff","name":"li"},)" +
                      at + R"("appealed","who":"creator"},)" + at + R"("suspected","who":"detectors"},)" + at +
                      R"("assigned","who":"staff","name":"li","to":"ann"},)" + at +
                      R"("handed_out","who":"staff","name":"zhou"},)"));
}

TEST_F(IntegrityTest, AnOpenAppealSaysUntilWhenItIsAnswered) {
  const std::string body = ask(get("/v1/cases/" + id_text(1))).body;
  EXPECT_THAT(body, HasSubstr(R"("open_appeals":1)"));
  EXPECT_THAT(body, HasSubstr(R"("kind":"appeal","ground":"shared_device","for":null,"open":false,)"));
  EXPECT_THAT(
      body,
      HasSubstr(R"("ground":"fan_community","for":"creator","open":true,"answer_by":"2022-05-02T15:05:41.436Z"})"));
}

TEST_F(IntegrityTest, AnAuthorityGetsAFileAndThatIsNoted) {
  const Reply reply = ask(get("/v1/cases/" + id_text(3) + "/export"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.fields.at("content-disposition"), "attachment; filename=\"case-c0000000000000003.json\"");
  EXPECT_THAT(reply.body, StartsWith(R"({"format":"zhenzan-case/1","exported_at":"2)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("members":["u3",)"));
  ASSERT_EQ(engine_.notes().size(), 1u);
  EXPECT_EQ(engine_.notes()[0].kind, integrity::NoteKind::handed_out);
  EXPECT_EQ(engine_.notes()[0].by, "anyone");
  EXPECT_EQ(engine_.notes()[0].case_id, 3u);
}

TEST_F(IntegrityTest, NothingLeavesTheHouseWithoutATrace) {
  engine_.fail_with(unavailable("the disk is full"));
  expect_problem(get("/v1/cases/" + id_text(3) + "/export"), 503, "unavailable");
}

TEST_F(IntegrityTest, TheQueueInPages) {
  const Reply first = ask(get("/v1/cases?queue=waiting&limit=2"));
  EXPECT_THAT(first.body, StartsWith(R"({"items":[{"case":"c0000000000000001",)"));
  const std::string cursor = value_of(first.body, "next");
  EXPECT_EQ(cursor.size(), 25u);
  const Reply second = ask(get("/v1/cases?queue=waiting&limit=200&cursor=" + cursor));
  EXPECT_THAT(second.body, StartsWith(R"({"items":[{"case":"c0000000000000003",)"));
  EXPECT_THAT(second.body, EndsWith("],\"next\":null}\n"));
  EXPECT_THAT(ask(get("/v1/cases?queue=waiting&assignee=ann")).body,
              StartsWith(R"({"items":[{"case":"c0000000000000004",)"));
  EXPECT_THAT(ask(get("/v1/cases?assignee=none")).body, Not(HasSubstr("\"ann\"")));
  EXPECT_EQ(ask(get("/v1/cases?assignee=me")).body, "{\"items\":[],\"next\":null}\n");
  const std::pair<std::string, const char*> bad[] = {
      {"queue=all", "queue"},
      {"queue=waiting&standing=suspected", "standing"},
      {"queue=waiting&cursor=" + id_text(4), "cursor"},
      {"cursor=" + cursor, "cursor"},
      {"queue=waiting&cursor=q", "cursor"},
      {"queue=waiting&cursor=" + std::string(25, 'q'), "cursor"},
      {"assignee=", "assignee"},
  };
  for (const auto& [query, field] : bad)
    expect_problem(get(std::string("/v1/cases?") + query), 400, "invalid-parameter", field);
}

TEST_F(IntegrityTest, AGraphInPages) {
  const std::string path = "/v1/cases/" + id_text(2) + "/graph";
  const Reply first = ask(get(path + "?limit=2"));
  EXPECT_THAT(first.body,
              StartsWith(R"({"case":"c0000000000000002","nodes":[{"kind":"user","name":"u2","spared":false},)"
                         R"({"kind":"subject","name":"video-2","spared":true}],"edges":[{"user":"u2",)"));
  EXPECT_THAT(first.body, EndsWith("],\"next\":\"2\"}\n"));
  EXPECT_THAT(ask(get(path + "?limit=2&cursor=2")).body, EndsWith("],\"next\":null}\n"));
  expect_problem(get(path + "?limit=1001"), 400, "invalid-parameter", "limit");
  expect_problem(get(path + "?cursor=x"), 400, "invalid-parameter", "cursor");
  expect_problem(get(path + "?cursor=99999999999999999999"), 400, "invalid-parameter", "cursor");
  expect_problem(get("/v1/cases/" + id_text(99) + "/graph"), 404, "not-found");
  expect_problem(get("/v1/cases/9/graph"), 400, "invalid-parameter", "id");
}

TEST_F(IntegrityTest, CasesAreGivenToSomebodyOrNobody) {
  const auto put = [](std::uint64_t id, std::string_view body) {
    return with_body("PUT", "/v1/cases/" + id_text(id) + "/assignee", json_type, body);
  };
  EXPECT_EQ(ask(put(1, R"({"assignee":"ann"})")).body,
            "{\"case\":\"c0000000000000001\",\"assignee\":\"ann\",\"by\":\"anyone\",\"position\":\"0\"}\n");
  EXPECT_THAT(ask(put(4, R"({"assignee":null})")).body, HasSubstr("\"assignee\":null"));
  ASSERT_EQ(engine_.notes().size(), 2u);
  EXPECT_EQ(engine_.notes()[0].kind, integrity::NoteKind::assignment);
  EXPECT_EQ(engine_.notes()[0].assignee, "ann");
  EXPECT_EQ(engine_.notes()[1].assignee, "");
  expect_problem(put(4, R"({"assignee":"ann"})"), 409, "conflict");
  const std::pair<std::string, const char*> bad[] = {
      {"{}", "/assignee"},
      {R"({"assignee":""})", "/assignee"},
      {R"({"assignee":7})", "/assignee"},
      {R"({"assignee":"ann","assignee":"bo"})", "/assignee"},
      {R"({"to":"ann"})", "/to"},
      {R"({"assignee":")" + std::string(129, 'x') + "\"}", "/assignee"},
  };
  for (const auto& [body, field] : bad) expect_problem(put(1, body), 422, "invalid-body", field);
  expect_problem(put(1, "x"), 400, "malformed-json");
  expect_problem(put(99, R"({"assignee":"ann"})"), 404, "not-found");
}

TEST_F(IntegrityTest, LabelsAreLines) {
  const Reply all = ask(get("/v1/integrity/labels?decided_by=all&limit=2"));
  EXPECT_EQ(all.fields.at("content-type"), lines_type);
  EXPECT_EQ(all.fields.at("zhenzan-next"), "c0000000000000003.0");
  EXPECT_THAT(all.body, StartsWith(R"({"user":"u1","subject":"小红 \"5\"\n","at":"2022-04-25T15:05:41.436Z",)"
                                   R"("label":"genuine","case":"c0000000000000001","decided_by":"detectors"})"
                                   "\n"));
  const Reply rest = ask(get("/v1/integrity/labels?decided_by=all&cursor=c0000000000000003.0"));
  EXPECT_EQ(std::count(rest.body.begin(), rest.body.end(), '\n'), 3);
  EXPECT_FALSE(rest.fields.contains("zhenzan-next"));
  EXPECT_THAT(ask(get("/v1/integrity/labels")).body, HasSubstr(R"("label":"fake","case":"c0000000000000004",)"));
  const std::pair<const char*, const char*> bad[] = {{"decided_by=me", "decided_by"},
                                                     {"limit=10001", "limit"},
                                                     {"cursor=c0000000000000003", "cursor"},
                                                     {"cursor=x", "cursor"},
                                                     {"cursor=c000.1", "cursor"},
                                                     {"cursor=c0000000000000000.1", "cursor"},
                                                     {"cursor=c0000000000000003.x", "cursor"}};
  for (const auto& [query, field] : bad)
    expect_problem(get(std::string("/v1/integrity/labels?") + query), 400, "invalid-parameter", field);
  expect_problem(get("/v1/integrity/labels?cursor=" + id_text(9) + ".0"), 404, "not-found");
}

TEST_F(IntegrityTest, WhatTheStaffDid) {
  const Reply first = ask(get("/v1/integrity/acts?limit=2"));
  EXPECT_THAT(first.body, StartsWith(R"({"items":[{"at":"2022-04-25T15:05:41.436Z","case":"c0000000000000005",)"
                                     R"("act":"handed_out","by":"zhou","to":null,"note":"","users":0,"subjects":0,)"
                                     R"("position":"5"},)"));
  EXPECT_THAT(first.body, HasSubstr(R"("act":"assigned","by":"li","to":"ann",)"));
  EXPECT_THAT(first.body, EndsWith("\"next\":\"4\"}\n"));
  EXPECT_THAT(ask(get("/v1/integrity/acts?by=zhou")).body, Not(HasSubstr("\"li\"")));
  expect_problem(get("/v1/integrity/acts?cursor=0"), 400, "invalid-parameter", "cursor");
  expect_problem(get("/v1/integrity/acts?limit=201"), 400, "invalid-parameter", "limit");
}

TEST_F(IntegrityTest, ADecisionIsNotedWithItsAuthor) {
  const Reply reply = ask(decide(4, R"({"decision":"overturn","users":["u4"],"note":"a \"class\" of 小红"})"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body,
            "{\"decision\":\"overturn\",\"by\":\"anyone\",\"case\":\"c0000000000000004\",\"position\":\"0\"}\n");
  ASSERT_EQ(engine_.notes().size(), 1u);
  const integrity::CaseNote note = engine_.notes()[0];
  EXPECT_EQ(note.kind, integrity::NoteKind::decision);
  EXPECT_EQ(note.decision, integrity::Decision::overturn);
  EXPECT_EQ(note.case_id, 4u);
  EXPECT_EQ(note.actors.size(), 1u);
  EXPECT_TRUE(note.subjects.empty());
  EXPECT_EQ(note.by, "anyone");
  EXPECT_EQ(note.note, "a \"class\" of 小红");
}

TEST_F(IntegrityTest, BadDecisionsSayWhatIsWrong) {
  const std::string long_note = R"({"decision":"confirm","note":")" + std::string(1001, 'x') + "\"}";
  std::string many = R"({"decision":"confirm","users":[1)";
  for (int i = 0; i < 10'000; ++i) many += ",1";
  many += "]}";
  const std::pair<std::string, const char*> bad[] = {
      {"{}", "/decision"},
      {R"({"decision":"none"})", "/decision"},
      {R"({"decision":7})", "/decision"},
      {R"({"decision":"confirm","decision":"confirm"})", "/decision"},
      {R"({"decision":"confirm","why":"x"})", "/why"},
      {R"({"decision":"confirm","cases":["c0000000000000001"]})", "/cases"},
      {R"({"decision":"confirm","note":7})", "/note"},
      {long_note, "/note"},
      {R"({"decision":"confirm","users":[]})", "/users"},
      {R"({"decision":"confirm","users":"u1"})", "/users"},
      {R"({"decision":"confirm","users":[""]})", "/users/0"},
      {R"({"decision":"confirm","subjects":["video-1",null]})", "/subjects/1"},
      {many, "/users"},
      {R"({"decision":"confirm","users":["u2"]})", "/users"},
      {R"({"decision":"confirm","subjects":["video-2"]})", "/subjects"},
  };
  for (const auto& [body, field] : bad) expect_problem(decide(1, body), 422, "invalid-body", field);
  expect_problem(decide(1, "nonsense"), 400, "malformed-json");
  expect_problem(decide(1, "[]"), 400, "malformed-json");
  expect_problem(decide(1, std::string(70'000, ' ')), 413, "body-too-large");
  expect_problem(decide(99, R"({"decision":"confirm"})"), 404, "not-found");
  EXPECT_TRUE(engine_.notes().empty());
  EXPECT_EQ(ask(decide(1, R"({"decision":"confirm","note":")" + std::string(1000, 'x') + "\"}")).status, 200);
}

TEST_F(IntegrityTest, ManyDecisionsHaveAnAnswerEach) {
  const Reply reply =
      ask(post_json("/v1/cases/decisions", R"({"decision":"confirm","note":"n","cases":[")" + id_text(3) + "\",\"" +
                                               id_text(99) + "\",\"" + id_text(1) + "\"]}"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, StartsWith(R"({"decision":"confirm","by":"anyone","cases":[{"case":"c0000000000000003",)"
                                     R"("position":"0"},{"case":"c0000000000000063","problem":{"type":)"
                                     R"("urn:zhenzan:problem:not-found",)"));
  EXPECT_THAT(reply.body, EndsWith("},{\"case\":\"c0000000000000001\",\"position\":\"0\"}]}\n"));
  ASSERT_EQ(engine_.notes().size(), 2u);
  EXPECT_EQ(engine_.notes()[1].case_id, 1u);
}

TEST_F(IntegrityTest, ManyDecisionsAreLimited) {
  std::string cases;
  for (std::uint64_t id = 1; id <= 1000; ++id) cases += (id > 1 ? ",\"" : "\"") + id_text(id) + "\"";
  const auto body = [](const std::string& list) { return R"({"decision":"confirm","cases":[)" + list + "]}"; };
  EXPECT_EQ(ask(post_json("/v1/cases/decisions", body(cases))).status, 200);
  EXPECT_EQ(engine_.notes().size(), 5u);
  const std::pair<std::string, const char*> bad[] = {
      {body(cases + ",\"" + id_text(1001) + "\""), "/cases"},
      {body(""), "/cases"},
      {R"({"decision":"confirm"})", "/cases"},
      {body("\"" + id_text(1) + "\",\"" + id_text(1) + "\""), "/cases/1"},
      {body("\"c1\""), "/cases/0"},
      {body("1"), "/cases/0"},
      {R"({"decision":"confirm","users":["u1"],"cases":["c0000000000000001"]})", "/users"},
  };
  for (const auto& [text, field] : bad)
    expect_problem(post_json("/v1/cases/decisions", text), 422, "invalid-body", field);
}

TEST_F(IntegrityTest, AnAppealAgainstOneCase) {
  const Reply reply =
      ask(post_json("/v1/appeals", R"({"case":")" + id_text(1) + R"(","ground":"attacked_by_others"})"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, StartsWith(R"({"ground":"attacked_by_others","received":"2)"));
  EXPECT_THAT(reply.body, EndsWith("\"cases\":[{\"case\":\"c0000000000000001\",\"position\":\"0\"}]}\n"));
  const auto received = parse_rfc3339(value_of(reply.body, "received")).value();
  const auto answer_by = parse_rfc3339(value_of(reply.body, "answer_by")).value();
  EXPECT_EQ(answer_by.us - received.us, 7 * us_per_day);
  ASSERT_EQ(engine_.notes().size(), 1u);
  EXPECT_EQ(engine_.notes()[0].kind, integrity::NoteKind::appeal);
  EXPECT_EQ(engine_.notes()[0].ground, integrity::Ground::attacked_by_others);
  EXPECT_EQ(engine_.notes()[0].by, "");
}

TEST_F(IntegrityTest, AnAppealForASubjectIsOneForEachOfItsCases) {
  const Reply two = ask(post_json("/v1/appeals", R"({"subject":"video-1","ground":"fan_community"})"));
  EXPECT_THAT(two.body,
              HasSubstr(R"("cases":[{"case":"c0000000000000004","position":"0"},{"case":"c0000000000000001",)"));
  EXPECT_EQ(engine_.notes().size(), 2u);
  for (const char* untouched : {"clean", "video-2"})
    EXPECT_THAT(ask(post_json("/v1/appeals", R"({"ground":"other","subject":")" + std::string(untouched) + "\"}")).body,
                EndsWith("\"cases\":[]}\n"));
  EXPECT_EQ(engine_.notes().size(), 2u);
}

TEST_F(IntegrityTest, AnAppealSaysWhoseItIs) {
  EXPECT_THAT(ask(post_json("/v1/appeals", R"({"user":"u1","ground":"other"})")).body,
              EndsWith("\"cases\":[{\"case\":\"c0000000000000001\",\"position\":\"0\"}]}\n"));
  EXPECT_EQ(
      ask(post_json("/v1/appeals", R"({"case":"c0000000000000001","subject":"video-1","ground":"other"})")).status,
      200);
  ASSERT_EQ(engine_.notes().size(), 2u);
  EXPECT_EQ(engine_.notes()[0].actors.size(), 1u);
  EXPECT_TRUE(engine_.notes()[0].subjects.empty());
  EXPECT_EQ(engine_.notes()[1].subjects.size(), 1u);
  expect_problem(post_json("/v1/appeals", R"({"user":"nobody","ground":"other"})"), 404, "not-found");
}

TEST_F(IntegrityTest, BadAppealsSayWhatIsWrong) {
  const std::pair<const char*, const char*> bad[] = {
      {"{}", "/case"},
      {R"({"ground":"other"})", "/case"},
      {R"({"case":"c0000000000000001"})", "/ground"},
      {R"({"case":"c0000000000000001","ground":"none"})", "/ground"},
      {R"({"case":"c0000000000000001","ground":"because"})", "/ground"},
      {R"({"case":1,"ground":"other"})", "/case"},
      {R"({"user":"u1","subject":"video-1","ground":"other"})", "/user"},
      {R"({"user":"","ground":"other"})", "/user"},
      {R"({"case":"c0000000000000001","user":"u2","ground":"other"})", "/user"},
      {R"({"subject":"","ground":"other"})", "/subject"},
      {R"({"subject":"video-1","ground":"other","text":"please"})", "/text"},
      {R"({"subject":"video-1","ground":"other","ground":"other"})", "/ground"},
  };
  for (const auto& [body, field] : bad) expect_problem(post_json("/v1/appeals", body), 422, "invalid-body", field);
  expect_problem(post_json("/v1/appeals", "{"), 400, "malformed-json");
  expect_problem(post_json("/v1/appeals?a=b", "{}"), 400, "invalid-parameter", "a");
  expect_problem(post_json("/v1/appeals", R"({"case":"c00000000000000ff","ground":"other"})"), 404, "not-found");
  expect_problem(post_json("/v1/appeals", R"({"subject":"none","ground":"other"})"), 404, "not-found");
  EXPECT_TRUE(engine_.notes().empty());
}

TEST_F(IntegrityTest, WhatTheEngineRefusesIsToldAsSuch) {
  engine_.refuse_with(limited("too much is waiting"));
  expect_problem(decide(1, R"({"decision":"confirm"})"), 429, "overloaded");
  EXPECT_THAT(ask(post_json("/v1/cases/decisions", R"({"decision":"confirm","cases":["c0000000000000001"]})")).body,
              HasSubstr("urn:zhenzan:problem:overloaded"));
  engine_.refuse_with(std::nullopt);
  engine_.fail_with(unavailable("the disk is full"));
  expect_problem(decide(1, R"({"decision":"confirm"})"), 503, "unavailable");
  expect_problem(post_json("/v1/appeals", R"({"case":"c0000000000000001","ground":"other"})"), 503, "unavailable");
}

TEST_F(IntegrityTest, TheReportForTheStaffIsExact) {
  EXPECT_EQ(ask(get("/v1/integrity/report")).body,
            "{\"cases\":{\"found\":5,\"suspected\":1,\"confirmed\":2,\"cleared\":2,\"appealed\":3,\"overturned\":1,"
            "\"waiting\":5,\"overdue\":5},\"likes\":{\"held\":20,\"rejected\":40},\"months\":[{\"month\":\"2022-05\","
            "\"found\":9,\"confirmed\":0,\"cleared\":0,\"likes_held\":0,\"likes_removed\":0,\"likes_restored\":0,"
            "\"appeals\":0,\"decisions\":0,\"overturned\":0,\"overturned_in_part\":0},{\"month\":\"2022-04\","
            "\"found\":7,\"confirmed\":0,\"cleared\":0,\"likes_held\":0,\"likes_removed\":1000,\"likes_restored\":0,"
            "\"appeals\":2,\"decisions\":0,\"overturned\":0,\"overturned_in_part\":0}],\"position\":\"77\"}\n");
  expect_problem(get("/v1/integrity/report?a=b"), 400, "invalid-parameter", "a");
}

TEST_F(IntegrityTest, ThePublicReportIsTheOperatorsChoice) {
  expect_problem(get("/v1/public/report"), 404, "not-found");
  expect_problem(get("/report"), 404, "not-found");
  start({.public_report = true});
  const Reply reply = ask(get("/v1/public/report"));
  EXPECT_THAT(reply.body, StartsWith(R"({"smallest_count":5,"months":[{"month":"2022-05","found":9,)"));
  EXPECT_THAT(reply.body, HasSubstr(R"("likes_removed":1000,"likes_restored":0,"appeals":null,)"));
  expect_problem(get("/v1/public/report?lang=zh"), 400, "invalid-parameter", "lang");
  engine_.sim_integrity().set_caught_up(false);
  expect_problem(get("/v1/public/report"), 503, "unavailable");
}

TEST_F(IntegrityTest, TheReportIsAPageOfItsOwn) {
  start({.public_report = true});
  const Reply english = ask(get("/report"));
  EXPECT_EQ(english.fields.at("content-type"), "text/html; charset=utf-8");
  EXPECT_THAT(english.fields.at("content-security-policy"), StartsWith("default-src 'none';"));
  EXPECT_THAT(english.body, HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(english.body, HasSubstr("<td>1,000</td>"));
  EXPECT_THAT(english.body, HasSubstr("<td class=\"few\">few</td>"));
  const Reply chinese = ask(get("/report?lang=zh"));
  EXPECT_THAT(chinese.body, HasSubstr("<html lang=\"zh\">"));
  EXPECT_THAT(chinese.body, HasSubstr("少量"));
  for (const Reply* page : {&english, &chinese})
    for (const char* foreign : {"<script", "http:", "https:", "src=", "<link", "url(", "@import", "<img"})
      EXPECT_THAT(page->body, Not(HasSubstr(foreign)));
  expect_problem(get("/report?lang=fr"), 400, "invalid-parameter", "lang");
  engine_.sim_integrity().set_days({});
  EXPECT_THAT(ask(get("/report")).body, HasSubstr("no month to tell of"));
}

TEST_F(IntegrityTest, NothingIsSaidBeforeTheJournalIsRead) {
  engine_.sim_integrity().set_caught_up(false);
  for (const std::string& request : every_call()) expect_problem(request, 503, "unavailable");
  EXPECT_THAT(ask(get("/v1/status")).body, HasSubstr("\"caught_up\":false"));
  EXPECT_TRUE(engine_.notes().empty());
}

TEST_F(IntegrityTest, WithoutDetectorsItSaysSo) {
  engine_.switch_integrity_off();
  for (const std::string& request : every_call()) {
    expect_problem(request, 503, "unavailable");
    EXPECT_THAT(ask(request).body, HasSubstr("--integrity off")) << request;
  }
  EXPECT_THAT(ask(get("/v1/status")).body, Not(HasSubstr("integrity")));
  EXPECT_THAT(ask(get("/metrics")).body, Not(HasSubstr("zan_integrity_")));
}

TEST_F(IntegrityTest, StatusAndMetricsTellOfTheDetectors) {
  EXPECT_THAT(
      ask(get("/v1/status")).body,
      HasSubstr(
          R"("integrity":{"caught_up":true,"position":"77","cases":5,"suspected":1,"confirmed":2,"cleared":2,)"
          R"("appeals":3,"overturned":1,"likes_held":20,"likes_rejected":40,"state_bytes":4096,"waiting":5,"overdue":5,"unassigned":4,"case_bytes":8192},)"));
  EXPECT_THAT(ask(get("/metrics")).body, HasSubstr("\nzan_integrity_cases_confirmed 2\n"));
  EXPECT_THAT(ask(get("/metrics")).body, HasSubstr("\nzan_integrity_cases_overdue 5\n"));
  EXPECT_THAT(ask(get("/metrics")).body, HasSubstr("\nzan_integrity_trouble 0\n"));
  engine_.sim_integrity().set_trouble(true);
  EXPECT_THAT(ask(get("/v1/status")).body, HasSubstr(R"("trouble":"the \"journal\" is damaged"},)"));
  EXPECT_THAT(ask(get("/metrics")).body, HasSubstr("\nzan_integrity_trouble 1\n"));
}

TEST(CaseIds, AreWrittenInOneWay) {
  for (const std::uint64_t id : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{1} << 63, ~std::uint64_t{0}})
    EXPECT_EQ(parse_case_id(case_id_text(id)), id);
  EXPECT_EQ(case_id_text(0xabc), "c0000000000000abc");
  for (const char* bad : {"", "c", "0000000000000abc", "c000000000000abc", "c00000000000000abc", "c0000000000000aBc",
                          "c-000000000000abc", "c 000000000000abc"})
    EXPECT_EQ(parse_case_id(bad), std::nullopt) << bad;
}

TEST(CaseJson, WhatIsNoNumberIsNull) {
  engine::CaseDetail detail;
  detail.summary.members = 1;  // but none is listed
  detail.summary.points = std::numeric_limits<double>::infinity();
  detail.summary.measures.rhythm = std::numeric_limits<double>::quiet_NaN();
  std::string out;
  append_case(out, detail, {});
  EXPECT_THAT(out, HasSubstr("\"points\":null,"));
  EXPECT_THAT(out, HasSubstr("\"rhythm_nats\":null,"));
  EXPECT_THAT(out, EndsWith("\"complete\":false"));
}

}  // namespace
}  // namespace zan::api
