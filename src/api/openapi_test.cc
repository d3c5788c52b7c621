// The document against the routes table and against what the server really answers.
#include "api/openapi.h"

#include <set>

#include "api/routes.h"
#include "api/schema_check.h"
#include "api/sim_visitor.h"

namespace zan::api {
namespace {

namespace dom = simdjson::dom;

class OpenApiTest : public SessionTest {
 protected:
  void SetUp() override { ASSERT_EQ(parser_.parse(std::string(openapi_document())).get(document_), simdjson::SUCCESS); }

  static std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = ascii_lower(c);
    return out;
  }
  static std::string escaped(std::string_view path) {
    std::string out;
    for (const char c : path) out += c == '/' ? std::string("~1") : std::string(1, c);
    return out;
  }
  dom::element operation(const Route& route) const {
    return document_.at_pointer("/paths/" + escaped(route.pattern) + "/" + lower(to_string(route.method))).value();
  }
  dom::element followed(dom::element element) const {
    std::string_view reference;
    if (element.at_key("$ref").get(reference) != simdjson::SUCCESS) return element;
    return SchemaChecker(document_).resolve(reference);
  }

  // Sends the request of this call and holds the answer to what the document says of it.
  Reply expect_documented(Call call, const std::string& request) {
    const Reply reply = ask(request);
    const dom::element said = operation(route_of(call));
    dom::element response;
    if (said.at_pointer("/responses/" + std::to_string(reply.status)).get(response) != simdjson::SUCCESS) {
      ADD_FAILURE() << to_string(call) << " answers " << reply.status << ", which is not documented: " << reply.body;
      return reply;
    }
    expect_content(call, reply, followed(response));
    return reply;
  }

  void expect_content(Call call, const Reply& reply, dom::element response) {
    dom::element content;
    if (response.at_key("content").get(content) != simdjson::SUCCESS) {
      EXPECT_EQ(reply.body, "") << to_string(call);
      return;
    }
    const std::string type = reply.fields.at("content-type").substr(0, reply.fields.at("content-type").find(';'));
    dom::element schema;
    ASSERT_EQ(content.at_pointer("/" + escaped(type) + "/schema").get(schema), simdjson::SUCCESS)
        << to_string(call) << " answers " << type;
    if (!type.ends_with("json")) return;
    for (std::size_t from = 0; from < reply.body.size();) {
      std::size_t end = type == lines_type ? reply.body.find('\n', from) : reply.body.size();
      dom::parser parser;
      dom::element value;
      ASSERT_EQ(parser.parse(reply.body.substr(from, end - from)).get(value), simdjson::SUCCESS) << reply.body;
      EXPECT_EQ(SchemaChecker(document_).check(value, schema), "") << to_string(call) << ": " << reply.body;
      from = end + 1;
    }
  }

  std::string check_event(const std::string& json) {
    dom::parser parser;
    return SchemaChecker(document_).check(parser.parse(json).value(),
                                          document_.at_pointer("/components/schemas/Event").value());
  }

  dom::parser parser_;
  dom::element document_;
};

TEST_F(OpenApiTest, EveryRouteIsDocumentedAndEveryDocumentedRouteIsThere) {
  std::set<std::string> in_table, in_document;
  for (const Route& route : routes())
    in_table.insert(lower(to_string(route.method)) + " " + std::string(route.pattern));
  for (const auto& [path, methods] : members_of_object(document_.at_key("paths").value()))
    for (const auto& [method, rest] : members_of_object(methods))
      in_document.insert(std::string(method) + " " + std::string(path));
  EXPECT_EQ(in_table, in_document);
}

TEST_F(OpenApiTest, ScopesBodiesAndIdsAgree) {
  std::set<std::string_view> names;
  for (const Route& route : routes()) {
    const dom::element said = operation(route);
    EXPECT_TRUE(names.insert(said.at_key("operationId").get_string().value()).second);
    const dom::array security = said.at_key("security").get_array().value();
    if (route.scope == Scope::open) {
      EXPECT_EQ(security.size(), 0u) << route.pattern;
    } else if (route.scope == Scope::account) {
      EXPECT_EQ(security.at(0).at_key("session").error(), simdjson::SUCCESS) << route.pattern;
      EXPECT_EQ(security.size(), 1u) << route.pattern;
    } else {
      EXPECT_EQ(security.at(1).at_key("session").error(), simdjson::SUCCESS) << route.pattern;
      EXPECT_EQ(security.at(0).at_pointer("/key/0").get_string().value(), to_string(route.scope)) << route.pattern;
    }
    EXPECT_EQ(said.at_key("requestBody").error() == simdjson::SUCCESS, route.body != BodyKind::none) << route.pattern;
    if (route.pattern.find("{id}") != std::string_view::npos) {
      EXPECT_EQ(said.at_pointer("/parameters/0/name").get_string().value(), "id") << route.pattern;
    }
    if (route.pattern.find("{path}") != std::string_view::npos) {
      EXPECT_EQ(said.at_pointer("/parameters/0/name").get_string().value(), "path") << route.pattern;
    }
  }
}

TEST_F(OpenApiTest, EveryReferenceLeadsSomewhere) {
  const std::string text(openapi_document());
  const std::string mark = "\"$ref\": \"";
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const std::size_t from = at + mark.size();
    const std::string reference = text.substr(from, text.find('"', from) - from);
    EXPECT_EQ(document_.at_pointer(reference.substr(1)).error(), simdjson::SUCCESS) << reference;
  }
}

TEST_F(OpenApiTest, ItServesTheDocument) {
  EXPECT_EQ(ask(get("/openapi.json")).body, openapi_document());
  EXPECT_EQ(document_.at_key("openapi").get_string().value(), "3.1.0");
}

// Streams have no end (stream_test.cc and segments_test.cc look at them), the rules and people who sign in have tests of their own.
constexpr auto asked_elsewhere = {Call::stream,         Call::stream_segment, Call::get_rules,     Call::add_rules,
                                  Call::get_ruleset,    Call::decide_ruleset, Call::get_ruleset_shadow,
                                  Call::get_session,    Call::sign_in,        Call::sign_out,      Call::get_accounts,
                                  Call::add_account,    Call::change_account, Call::set_password,  Call::begin_totp,
                                  Call::confirm_totp,   Call::end_totp,       Call::get_audit,     Call::start_attack,
                                  Call::get_attack,     Call::root,           Call::console,       Call::console_file};

TEST_F(OpenApiTest, AnswersAboutPeopleWhoSignInAreAsDocumented) {
  start_server();
  const std::string sign = R"({"name":"operator","password":"correct horse"})";
  const Visitor ann = enter(accounts::Role::operator_), eve = enter(accounts::Role::viewer);
  const auto status = [&](Call call, const Visitor& who, std::string_view target, std::string_view body = {}) {
    return expect_documented(call, who.request(to_string(route_of(call).method), target, body)).status;
  };
  const Visitor nobody;
  EXPECT_EQ(status(Call::get_session, nobody, "/v1/session"), 200);
  EXPECT_EQ(status(Call::get_session, ann, "/v1/session"), 200);
  EXPECT_EQ(status(Call::sign_in, nobody, "/v1/session", sign), 200);
  EXPECT_EQ(status(Call::sign_in, nobody, "/v1/session", R"({"name":"operator","password":"x"})"), 401);
  EXPECT_EQ(status(Call::sign_in, nobody, "/v1/session", R"({"demo_role":"operator"})"), 403);
  EXPECT_EQ(status(Call::get_accounts, ann, "/v1/accounts"), 200);
  EXPECT_EQ(status(Call::get_accounts, eve, "/v1/accounts"), 403);
  EXPECT_EQ(status(Call::get_accounts, nobody, "/v1/accounts"), 401);
  EXPECT_EQ(status(Call::add_account, ann, "/v1/accounts", R"({"name":"bob","role":"brand"})"), 200);
  EXPECT_EQ(status(Call::add_account, ann, "/v1/accounts", R"({"name":"bob","role":"brand"})"), 409);
  EXPECT_EQ(status(Call::change_account, ann, "/v1/accounts/bob", R"({"reset_password":true})"), 200);
  EXPECT_EQ(status(Call::change_account, ann, "/v1/accounts/cid", "{}"), 404);
  EXPECT_EQ(status(Call::set_password, ann, "/v1/account/password", R"({"old":"x","new":"another one"})"), 401);
  EXPECT_EQ(status(Call::set_password, eve, "/v1/account/password", R"({"old":"correct horse","new":"another one"})"), 204);
  EXPECT_EQ(status(Call::confirm_totp, ann, "/v1/account/totp", R"({"code":"1"})"), 409);
  EXPECT_EQ(status(Call::begin_totp, ann, "/v1/account/totp"), 200);
  EXPECT_EQ(status(Call::confirm_totp, ann, "/v1/account/totp", R"({"code":"1"})"), 401);
  EXPECT_EQ(status(Call::end_totp, ann, "/v1/account/totp", R"({"password":"correct horse"})"), 204);
  EXPECT_EQ(status(Call::get_audit, ann, "/v1/audit?limit=3"), 200);
  EXPECT_EQ(status(Call::get_audit, eve, "/v1/audit"), 403);
  EXPECT_EQ(status(Call::get_attack, ann, "/v1/demo/attack"), 403);
  EXPECT_EQ(status(Call::start_attack, ann, "/v1/demo/attack", R"({"kind":"burst"})"), 403);
  EXPECT_EQ(status(Call::root, nobody, "/"), 302);
  EXPECT_EQ(status(Call::console_file, nobody, "/console/none.js"), 404);
  EXPECT_EQ(status(Call::sign_out, eve, "/v1/session"), 204);
}

TEST_F(OpenApiTest, AnswersAboutRulesAreAsDocumented) {
  const std::string version =
      integrity::rules::to_text(*integrity::rules::id_of_text("rule a: when is_like then score +1 because \"x\""));
  const std::string all = "/v1/integrity/rules", one = all + "/" + version, none = all + "/" + std::string(32, '0');
  const auto post = [](const std::string& target, std::string_view body) {
    return with_body("POST", target, json_type, body);
  };
  const std::string add = post(all, R"({"text":"rule a: when is_like then score +1 because \"x\"","why":"bots"})");
  const std::string shadow = R"({"decision":"shadow","why":"w"})";
  EXPECT_EQ(expect_documented(Call::get_rules, get(all)).status, 200);
  EXPECT_EQ(expect_documented(Call::add_rules, add).status, 200);
  EXPECT_EQ(expect_documented(Call::add_rules, add).status, 200);
  EXPECT_EQ(expect_documented(Call::get_ruleset, get(one)).status, 200);
  EXPECT_EQ(expect_documented(Call::decide_ruleset, post(one + "/decision", shadow)).status, 200);
  EXPECT_EQ(expect_documented(Call::get_ruleset_shadow, get(one + "/shadow")).status, 200);
  EXPECT_EQ(expect_documented(Call::get_rules, get(all)).status, 200);
  EXPECT_EQ(expect_documented(Call::decide_ruleset, post(one + "/decision", shadow)).status, 409);
  EXPECT_EQ(expect_documented(Call::get_rules, get(all + "?a=b")).status, 400);
  EXPECT_EQ(expect_documented(Call::add_rules, post(all, "{")).status, 400);
  EXPECT_EQ(expect_documented(Call::add_rules, post(all, R"({"text":"rule","why":"w"})")).status, 422);
  EXPECT_EQ(expect_documented(Call::get_ruleset, get(all + "/7")).status, 400);
  EXPECT_EQ(expect_documented(Call::get_ruleset, get(none)).status, 404);
  EXPECT_EQ(expect_documented(Call::decide_ruleset, post(none + "/decision", shadow)).status, 404);
  EXPECT_EQ(expect_documented(Call::get_ruleset_shadow, get(none + "/shadow")).status, 404);
}

using Requests = std::vector<std::pair<Call, std::string>>;

std::string ask_json(std::string_view target, std::string_view body) {
  return with_body("POST", target, json_type, body);
}
std::string put(std::string_view target, std::string_view body) {
  return with_body("PUT", target, json_type, body);
}

Requests good_about_the_audience() {
  const std::string one = R"({"expression":"creator","purpose":"targeting","as_of":"2022-04-25T15:05:41Z"})";
  return {
      {Call::get_tags, get("/v1/tags")},
      {Call::get_user_tags, get("/v1/users/u0/tags")},
      {Call::count_segment, ask_json("/v1/segments/count", one)},
      {Call::count_segment, ask_json("/v1/segments/count", R"({"segment":{"not":{"tag":"creator"}}})")},
      {Call::compose_segment, ask_json("/v1/segments/composition", one)},
      {Call::overlap_segments,
       ask_json("/v1/segments/overlap", R"({"segments":["creator","not creator",{"everybody":true}]})")},
      {Call::why_in_segment, ask_json("/v1/segments/why", R"({"expression":"creator or daily","user":"u1"})")},
      {Call::suggest_segment, ask_json("/v1/segments/suggest", R"({"title":"猫","tags":["pets"],"purpose":"targeting"})")},
      {Call::get_subject_audience, get("/v1/subjects/video-1/audience?of=liker,sharer&days=30&limit=5")},
      {Call::get_creator_audience, get("/v1/creators/maker-1/audience?purpose=targeting")},
  };
}

// In their order: ids are given from 1.
Requests good_about_saved_segments() {
  const std::string id = "/v1/segments/0000000000000001";
  return {
      {Call::add_segment, ask_json("/v1/segments", R"({"name":"makers","expression":"creator","why":"to ask them",)"
                                                   R"("purpose":"targeting","refresh":"daily","watched":true})")},
      {Call::get_segments, get("/v1/segments?limit=1")},
      {Call::change_segment, put(id, R"({"name":"makers","segment":{"tag":"creator"},"why":"again","version":1})")},
      {Call::get_segment, get(id)},
      {Call::compose_saved_segment, get(id + "/composition?limit=2")},
      {Call::get_segment_members, get(id + "/members?limit=3")},
      {Call::get_segment_moves, get(id + "/moves?limit=2")},
      {Call::decide_segment, ask_json(id + "/state", R"({"state":"frozen","list":"makers of may","why":"a mailing"})")},
      {Call::add_list, ask_json("/v1/lists", R"({"name":"beta","source":"a form","users":["u1",7,"u2"]})")},
      {Call::get_lists, get("/v1/lists")},
      {Call::remove_list, "DELETE /v1/lists/beta?why=over HTTP/1.1\r\nHost: x\r\n\r\n"},
      {Call::import_tags, ask_json("/v1/tags/imports", R"({"tag":"panel","source":"poll.csv","users":["u1","u2"]})")},
      {Call::get_tag_imports, get("/v1/tags/imports")},
  };
}

Requests bad_about_saved_segments() {
  const std::string id = "/v1/segments/00000000000000ff";
  const std::string draft = R"({"name":"a","expression":"creator","why":"w"})";
  return {
      {Call::suggest_segment, with_body("POST", "/v1/segments/suggest", json_type, "{}")},
      {Call::get_subject_audience, get("/v1/subjects/none/audience")},
      {Call::get_subject_audience, get("/v1/subjects/none/audience?of=friend")},
      {Call::get_creator_audience, get("/v1/creators/none/audience?days=91")},
      {Call::add_segment, with_body("POST", "/v1/segments", json_type, R"({"name":"a","expression":"regin","why":"w"})")},
      {Call::add_segment,
       with_body("POST", "/v1/segments", json_type, R"j({"name":"a","expression":"segment(\"b\")","why":"w"})j")},
      {Call::get_segments, get("/v1/segments?limit=0")},
      {Call::get_segment, get(id)},
      {Call::get_segment, get("/v1/segments/count")},
      {Call::change_segment, with_body("PUT", id, json_type, R"({"name":"a","expression":"creator","why":"w","version":1})")},
      {Call::change_segment, with_body("PUT", id, json_type, draft)},
      {Call::decide_segment, with_body("POST", id + "/state", json_type, R"({"state":"retired","why":"w"})")},
      {Call::decide_segment, with_body("POST", id + "/state", json_type, R"({"state":"frozen","why":"w"})")},
      {Call::compose_saved_segment, get(id + "/composition")},
      {Call::get_segment_members, get(id + "/members?cursor=x")},
      {Call::get_segment_moves, get(id + "/moves")},
      {Call::stream_segment, get(id + "/stream?from=1")},
      {Call::stream_segment, get(id + "/stream?from=x")},
      {Call::add_list, with_body("POST", "/v1/lists", json_type, R"({"name":"beta","users":["u1"]})")},
      {Call::remove_list, "DELETE /v1/lists/beta?why=over HTTP/1.1\r\nHost: x\r\n\r\n"},
      {Call::import_tags,
       with_body("POST", "/v1/tags/imports", json_type, R"({"tag":"creator","source":"s","users":["u1"]})")},
      {Call::import_tags,
       with_body("POST", "/v1/tags/imports", json_type, R"({"tag":"panel","source":"s","users":["nobody"]})")},
  };
}

constexpr const char* experiment_body =
    R"({"name":"more new","control_share":0.5,"arms":[{"name":"a fifth","share":0.5,"policy":{"explore_share":0.2}}],"why":"w"})";

Requests good_about_feeds() {
  return {
      {Call::get_feed, get("/v1/feed?viewer=u1&limit=5&surface=home&personalised=on&preview=true")},
      {Call::get_feed, get("/v1/feed?watched=v1,v2&not=v3")},
      {Call::get_similar, get("/v1/similar/v1?limit=5")},
      {Call::predict, ask_json("/v1/predict", R"({"viewer":"u1","subjects":["v1","v999"],"surface":"home"})")},
      {Call::match_subject, ask_json("/v1/subjects/v50/match", R"({"limit":5})")},
      {Call::get_interests, get("/v1/users/u1/interests")},
      {Call::set_interest, put("/v1/users/u1/interests", R"({"tag":"travel","wish":"more"})")},
      {Call::post_impressions, ask_json("/v1/impressions", R"({"shown":[{"viewer":"u1","subjects":["v1"]}]})")},
      {Call::add_feed_rule, ask_json("/v1/feed/rules", R"({"kind":"pin","subject":"v9","place":1,"why":"w"})")},
      {Call::add_feed_rule, ask_json("/v1/feed/rules", R"({"kind":"boost","creator":"c1","factor":2,"why":"w"})")},
      {Call::get_feed, get("/v1/feed?viewer=u2")},
      {Call::end_feed_rule, ask_json("/v1/feed/rules/0000000000000001/end", R"({"why":"over"})")},
      {Call::get_feed_rules, get("/v1/feed/rules")},
      {Call::set_feed_policy, put("/v1/feed/policy", R"({"worth":{"like":3},"why":"w"})")},
      {Call::get_feed_policy, get("/v1/feed/policy")},
      {Call::start_feed_experiment, ask_json("/v1/feed/experiments", experiment_body)},
      {Call::get_feed, get("/v1/feed?viewer=u3")},
      {Call::get_feed_experiments, get("/v1/feed/experiments")},
      {Call::end_feed_experiment, ask_json("/v1/feed/experiments/0000000000000003/end", R"({"why":"decided"})")},
      {Call::get_feed_models, get("/v1/feed/models")},
      {Call::learn_feed_model, ask_json("/v1/feed/models", "")},
      {Call::serve_feed_model, ask_json("/v1/feed/models/1/serve", "")},
  };
}

Requests bad_about_feeds() {
  return {
      {Call::get_feed, get("/v1/feed?limit=0")},
      {Call::get_similar, get("/v1/similar/none")},
      {Call::predict, with_body("POST", "/v1/predict", json_type, "{}")},
      {Call::match_subject, with_body("POST", "/v1/subjects/none/match", json_type, "{}")},
      {Call::get_interests, get("/v1/users/nobody/interests")},
      {Call::set_interest, with_body("PUT", "/v1/users/nobody/interests", json_type, R"({"tag":"a","wish":"more"})")},
      {Call::post_impressions, with_body("POST", "/v1/impressions", json_type, "[]")},
      {Call::add_feed_rule,
       with_body("POST", "/v1/feed/rules", json_type, R"({"kind":"block","subject":"none","why":"w"})")},
      {Call::end_feed_rule,
       with_body("POST", "/v1/feed/rules/00000000000000ff/end", json_type, R"({"why":"over"})")},
      {Call::set_feed_policy, with_body("PUT", "/v1/feed/policy", json_type, R"({"seen_days":999,"why":"w"})")},
      {Call::get_feed_experiments, get("/v1/feed/experiments?a=b")},
      {Call::start_feed_experiment, with_body("POST", "/v1/feed/experiments", json_type, R"({"name":"x","why":"w"})")},
      {Call::end_feed_experiment,
       with_body("POST", "/v1/feed/experiments/00000000000000ff/end", json_type, R"({"why":"over"})")},
      {Call::serve_feed_model, with_body("POST", "/v1/feed/models/9/serve", json_type, "")},
  };
}

Requests bad_about_the_audience() {
  return {
      {Call::get_tags, get("/v1/tags?a=b")},
      {Call::get_user_tags, get("/v1/users/nobody/tags")},
      {Call::count_segment, with_body("POST", "/v1/segments/count", json_type, "{")},
      {Call::count_segment, with_body("POST", "/v1/segments/count", json_type, R"({"expression":"regin = 3"})")},
      {Call::count_segment,
       with_body("POST", "/v1/segments/count", json_type, R"({"expression":"creator and not creator"})")},
      {Call::compose_segment, with_body("POST", "/v1/segments/composition?limit=x", json_type, "{}")},
      {Call::overlap_segments, with_body("POST", "/v1/segments/overlap", json_type, R"({"segments":[]})")},
      {Call::why_in_segment,
       with_body("POST", "/v1/segments/why", json_type, R"({"expression":"creator","user":"nobody"})")},
  };
}

Requests good_about_insights() {
  return {
      {Call::get_subject_series, get("/v1/subjects/v1/series?days=3&last=2022-01-10")},
      {Call::get_creator_series, get("/v1/creators/c1/series")},
      {Call::get_creator_works, get("/v1/creators/c1/works?limit=4&order=likes")},
      {Call::get_creator_works, get("/v1/creators/c1/works?limit=4&cursor=4")},
      {Call::get_creator_times, get("/v1/creators/c1/best_times")},
      {Call::get_creator_times, get("/v1/creators/c2/best_times")},
      {Call::get_subject_times, get("/v1/subjects/v1/best_times")},
      {Call::get_subject_times, get("/v1/subjects/v6/best_times")},
  };
}
Requests bad_about_insights() {
  return {
      {Call::get_subject_series, get("/v1/subjects/none/series")},
      {Call::get_subject_series, get("/v1/subjects/v1/series?days=401")},
      {Call::get_creator_series, get("/v1/creators/none/series")},
      {Call::get_creator_works, get("/v1/creators/c1/works?order=best")},
      {Call::get_creator_times, get("/v1/creators/none/best_times")},
      {Call::get_subject_times, get("/v1/subjects/none/best_times")},
  };
}

Requests good_about_integrity() {
  return {
      {Call::get_subject_verdicts, get("/v1/subjects/video-1/verdicts")},
      {Call::get_cases, get("/v1/cases")},
      {Call::get_cases, get("/v1/cases?standing=confirmed&limit=1")},
      {Call::get_case, get("/v1/cases/c0000000000000002")},
      {Call::get_case_export, get("/v1/cases/c0000000000000003/export")},
      {Call::decide_case, ask_json("/v1/cases/c0000000000000001/decision",
                                   R"({"decision":"overturn","users":["u1"],"subjects":["video-1"],"note":"n"})")},
      {Call::decide_cases,
       ask_json("/v1/cases/decisions",
                R"({"decision":"overturn","cases":["c0000000000000001","c00000000000000ff"],"note":"n"})")},
      {Call::appeal, ask_json("/v1/appeals", R"({"case":"c0000000000000001","ground":"other"})")},
      {Call::appeal, ask_json("/v1/appeals", R"({"subject":"video-1","ground":"genuine_likes"})")},
      {Call::appeal, ask_json("/v1/appeals", R"({"user":"u1","ground":"genuine_likes"})")},
      {Call::get_cases, get("/v1/cases?queue=waiting&limit=1")},
      {Call::get_case_graph, get("/v1/cases/c0000000000000002/graph?limit=2")},
      {Call::assign_case, put("/v1/cases/c0000000000000001/assignee", R"({"assignee":"ann"})")},
      {Call::assign_case, put("/v1/cases/c0000000000000004/assignee", R"({"assignee":null})")},
      {Call::get_labels, get("/v1/integrity/labels?decided_by=all&limit=2")},
      {Call::get_staff_acts, get("/v1/integrity/acts?limit=2")},
      {Call::integrity_report, get("/v1/integrity/report")},
      {Call::public_report, get("/v1/public/report")},
      {Call::report_page, get("/report?lang=zh")},
  };
}
Requests bad_about_integrity() {
  return {
      {Call::get_subject_verdicts, get("/v1/subjects/none/verdicts")},
      {Call::get_cases, get("/v1/cases?standing=x")},
      {Call::get_case, get("/v1/cases/c00000000000000ff")},
      {Call::get_case_export, get("/v1/cases/7/export")},
      {Call::decide_case,
       with_body("POST", "/v1/cases/c00000000000000ff/decision", json_type, R"({"decision":"confirm"})")},
      {Call::decide_case, with_body("POST", "/v1/cases/c0000000000000001/decision", json_type, "{}")},
      {Call::decide_cases, with_body("POST", "/v1/cases/decisions", json_type, "[]")},
      {Call::decide_cases, with_body("POST", "/v1/cases/decisions", json_type, "{}")},
      {Call::appeal, with_body("POST", "/v1/appeals", json_type, std::string(100'000, ' '))},
      {Call::appeal, with_body("POST", "/v1/appeals", json_type, R"({"subject":"none","ground":"other"})")},
      {Call::get_case_graph, get("/v1/cases/c00000000000000ff/graph")},
      {Call::assign_case, with_body("PUT", "/v1/cases/c0000000000000004/assignee", json_type, R"({"assignee":"ann"})")},
      {Call::assign_case, with_body("PUT", "/v1/cases/c0000000000000004/assignee", json_type, "{}")},
      {Call::get_labels, get("/v1/integrity/labels?cursor=x")},
      {Call::get_labels, get("/v1/integrity/labels?cursor=c00000000000000ff.0")},
      {Call::get_staff_acts, get("/v1/integrity/acts?limit=0")},
      {Call::integrity_report, get("/v1/integrity/report?a=b")},
      {Call::public_report, get("/v1/public/report")},
      {Call::report_page, get("/report?lang=fr")},
  };
}

TEST_F(OpenApiTest, LiveAnswersAreAsDocumented) {
  Requests good = {
      {Call::post_events, post_events(json_type, like("u1"))},
      {Call::post_events, post_events(json_type, "[" + like("u1") + ",{}]")},
      {Call::post_events, post_events(lines_type, like("u2") + "\nbad\n" + like("refused") + "\n")},
      {Call::put_subject,
       put("/v1/subjects/v1", R"({"creator":"c","tags":["a"],"published_at":0,"custom":{"a":1.5}})")},
      {Call::get_subject, get("/v1/subjects/v1")},
      {Call::get_subject_counts, get("/v1/subjects/v1/counts")},
      {Call::get_subject_likers, get("/v1/subjects/v1/likers")},
      {Call::put_user, put("/v1/users/u1", R"({"age_band":"18-23","region":"CN","register_day":"2020-01-01"})")},
      {Call::get_user, get("/v1/users/u1")},
      {Call::get_user_counts, get("/v1/users/u1/counts")},
      {Call::get_user_likes, get("/v1/users/u1/likes?limit=1")},
      {Call::get_user_export, get("/v1/users/u1/export")},
      {Call::delete_user, "DELETE /v1/users/u1 HTTP/1.1\r\nHost: x\r\n\r\n"},
      {Call::get_creator_counts, get("/v1/creators/c1/counts")},
      {Call::hydrate, ask_json("/v1/hydrate", R"({"viewer":"u2","subjects":["v1",7]})")},
      {Call::hydrate, ask_json("/v1/hydrate", R"({"subjects":["v1"]})")},
      {Call::top, get("/v1/top?window=1d")},
      {Call::get_receipt, get("/v1/receipts/e1")},
      {Call::get_receipt, get("/v1/receipts/e3?user=%E5%B0%8F%E7%BA%A2")},
      {Call::get_receipt, get("/v1/receipts/e1", "Accept: text/plain\r\n")},
      {Call::get_receipt, get("/v1/receipts/pending")},
      {Call::get_subject_evidence, get("/v1/subjects/video-2/evidence")},
      {Call::get_subject_evidence, get("/v1/subjects/none/evidence")},
      {Call::get_creator_evidence, get("/v1/creators/maker-9/evidence?limit=7")},
      {Call::get_log_day, get("/v1/log/days/2022-04-25")},
      {Call::get_log_file, get("/log/checkpoint")},
      {Call::get_log_file, get("/log/tile/0/000.p/23")},
      {Call::verify_page, get("/verify")},
      {Call::verify_file, get("/verify/verify.js")},
      {Call::verify_file, get("/verify/style.css")},
      {Call::status, get("/v1/status")},
      {Call::backup, ask_json("/v1/admin/backup", R"({"to":"/x"})")},
      {Call::compact, ask_json("/v1/admin/compact", "")},
      {Call::live, get("/health/live")},
      {Call::ready, get("/health/ready")},
      {Call::metrics, get("/metrics")},
      {Call::openapi, get("/openapi.json")},
  };
  for (const Requests& more : {good_about_integrity(), good_about_the_audience(), good_about_saved_segments(), good_about_feeds(),
                               good_about_insights()})
    good.insert(good.end(), more.begin(), more.end());
  start({.public_report = true});
  std::set<Call> asked(asked_elsewhere);
  for (const auto& [call, request] : good) {
    EXPECT_EQ(expect_documented(call, request).status / 100, 2) << request;
    asked.insert(call);
  }
  EXPECT_EQ(asked.size(), routes().size()) << "a call that nobody asked";
}

TEST_F(OpenApiTest, ProblemsAreAsDocumented) {
  Requests bad = {
      {Call::post_events, post_events(json_type, "{}")},
      {Call::post_events, post_events(json_type, "{")},
      {Call::post_events, post_events("text/html", "x")},
      {Call::post_events, post_events(json_type, R"({"type":"like","id":"e","actor":"u1","subject":"v1"})")},
      {Call::post_events, post_events(json_type, R"({"type":"like","id":"e","actor":"u2","subject":"v1"})")},
      {Call::put_subject, with_body("PUT", "/v1/subjects/v1", json_type, "{\"x\":1}")},
      {Call::put_user, with_body("PUT", "/v1/users/%00", json_type, "{}")},
      {Call::get_user, get("/v1/users/none")},
      {Call::get_user_likes, get("/v1/users/u1/likes?limit=0")},
      {Call::get_user_export, get("/v1/users/nobody/export")},
      {Call::delete_user, "DELETE /v1/users/none HTTP/1.1\r\nHost: x\r\n\r\n"},
      {Call::hydrate, with_body("POST", "/v1/hydrate", json_type, "{}")},
      {Call::hydrate, with_body("POST", "/v1/hydrate", json_type, std::string(100'000, ' '))},
      {Call::top, get("/v1/top?window=x")},
      {Call::stream, get("/v1/stream?after=99")},
      {Call::get_receipt, get("/v1/receipts/none")},
      {Call::get_receipt, get("/v1/receipts/erased")},
      {Call::get_receipt, get("/v1/receipts/e1?user=somebody")},
      {Call::get_subject_evidence, get("/v1/subjects/v1/evidence?limit=0")},
      {Call::get_creator_evidence, get("/v1/creators/c1/evidence?cursor=x")},
      {Call::get_log_day, get("/v1/log/days/today")},
      {Call::get_log_file, get("/log/log.key")},
      {Call::verify_file, get("/verify/none.js")},
      {Call::backup, with_body("POST", "/v1/admin/backup", json_type, "{\"to\":\"/taken\"}")},
  };
  for (const Requests& more : {bad_about_integrity(), bad_about_the_audience(), bad_about_saved_segments(), bad_about_feeds(),
                               bad_about_insights()})
    bad.insert(bad.end(), more.begin(), more.end());
  for (const auto& [call, request] : bad) expect_documented(call, request);
  engine_.refuse_with(unavailable("the disk is full"));
  EXPECT_EQ(expect_documented(Call::post_events, post_events(json_type, like("u1"))).status, 503);
  EXPECT_EQ(expect_documented(Call::put_user, with_body("PUT", "/v1/users/u1", json_type, "{}")).status, 503);
  const std::string decision = R"({"decision":"confirm"})";
  EXPECT_EQ(expect_documented(Call::decide_case,
                              with_body("POST", "/v1/cases/c0000000000000001/decision", json_type, decision))
                .status,
            503);
  engine_.refuse_with(limited("full"));
  EXPECT_EQ(expect_documented(Call::decide_case,
                              with_body("POST", "/v1/cases/c0000000000000001/decision", json_type, decision))
                .status,
            429);
  EXPECT_EQ(expect_documented(Call::post_events, post_events(json_type, like("u1"))).status, 429);
  engine_.switch_evidence_off();
  EXPECT_EQ(expect_documented(Call::get_receipt, get("/v1/receipts/e1")).status, 503);
  EXPECT_EQ(expect_documented(Call::get_log_file, get("/log/checkpoint")).status, 503);
  engine_.switch_audience_off();
  EXPECT_EQ(expect_documented(Call::get_tags, get("/v1/tags")).status, 503);
  engine_.switch_integrity_off();
  EXPECT_EQ(expect_documented(Call::get_cases, get("/v1/cases")).status, 503);
  EXPECT_EQ(expect_documented(Call::integrity_report, get("/v1/integrity/report")).status, 503);
  EXPECT_EQ(expect_documented(Call::status, get("/v1/status")).status, 200);
  engine_.set_health(engine::Health::starting);
  EXPECT_EQ(expect_documented(Call::ready, get("/health/ready")).status, 503);
}

// What the parser takes and what the document allows are the same, field by field.
TEST_F(OpenApiTest, TheEventSchemaSaysWhatTheParserDoes) {
  const std::string start = R"({"type":"comment","actor":"u1","subject":"v1","text":"t")";
  const char* fields[] = {"id",     "creator", "at",     "watch_ms", "duration_ms",
                          "device", "network", "region", "surface",  "incentivised"};
  const char* values[] = {"null",       "true",         "7",  "-1", "1.5",
                          "\"\"",       "\"a\"",        "[]", "{}", "\"2022-04-25T15:05:41Z\"",
                          "4000000001", "4500000000001"};
  engagement::Parser parser(HashKey{});
  for (const char* field : fields) {
    for (const char* value : values) {
      const std::string json = start + ",\"" + field + "\":" + value + "}";
      const std::string padded = json + std::string(engagement::Parser::padding_bytes, ' ');
      engagement::ActBatch batch;
      const bool taken = parser.parse_event({padded.data(), json.size()}, 0, batch).ok();
      // `format` is not checked: any string may be a time to the document.
      const bool any_time = std::string_view(field) == "at" && value[0] == '"';
      if (!any_time) {
        EXPECT_EQ(check_event(json).empty(), taken) << json << " " << check_event(json);
      }
    }
  }
  EXPECT_NE(check_event(R"({"type":"like","actor":"u1","subject":"v1","incentivized":true})"), "");
  EXPECT_NE(check_event(R"({"type":"love","actor":"u1","subject":"v1"})"), "");
}

}  // namespace
}  // namespace zan::api
