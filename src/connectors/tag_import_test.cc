#include "connectors/tag_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/scratch_file.h"
#include "connectors/sim_server.h"

namespace zan::connectors {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using Row = std::vector<std::string>;  // user, tag, value; or a fault alone

std::vector<Row> read_all(Result<std::unique_ptr<TagRows>> rows) {
  std::vector<Row> all;
  TagRow row;
  EXPECT_TRUE(rows.ok());
  while (rows.ok() && (*rows)->next(row).value())
    all.push_back(row.fault.empty() ? Row{row.user, row.tag, row.value}
                                    : Row{std::to_string(row.line) + ": " + row.fault});
  return all;
}

TEST(TagRows, AreReadFromCsv) {
  const ScratchFile file(
      "tag,since,user,value\nvip,2024,u1,true\nvip,2024,,\n,2024,u2,\nonly,3\nspends,2024,\"u,3\",low\n");
  EXPECT_THAT(read_all(TagRows::open_csv(file.path())),
              ElementsAre(Row{"u1", "vip", "true"}, Row{"3: has no user"}, Row{"4: has no tag"},
                          Row{"5: has 2 fields, the header 4"}, Row{"u,3", "spends", "low"}));
  const ScratchFile flags("user,tag\nu1,vip\n");
  EXPECT_THAT(read_all(TagRows::open_csv(flags.path())), ElementsAre(Row{"u1", "vip", ""}));
  const ScratchFile other("who,tag\nu1,vip\n");
  EXPECT_THAT(TagRows::open_csv(other.path()).error().message, HasSubstr("user"));
}

TEST(TagRows, AreReadFromLinesOfJson) {
  const ScratchFile file(
      "{\"user\":\"u1\",\"tag\":\"vip\"}\n\n"
      "{\"user\":\"u2\",\"tag\":\"n\",\"value\":12,\"more\":[]}\nno\n{\"user\":7}\n"
      "{\"user\":\"u3\"}\n{\"user\":\"u4\",\"tag\":\"vip\",\"value\":true}\n"
      "{\"user\":\"u5\",\"tag\":\"n\",\"value\":[1]}\n" +
      std::string(20'000, 'x') + "\n{\"user\":\"\\u4e2d\",\"tag\":\"s\",\"value\":\"低\"}");
  EXPECT_THAT(read_all(TagRows::open_ndjson(file.path())),
              ElementsAre(Row{"u1", "vip", ""}, Row{"u2", "n", "12"}, Row{"4: is not a JSON object"},
                          Row{"5: has no user"}, Row{"6: has no tag"}, Row{"u4", "vip", "true"},
                          Row{"8: has a value that is neither a text, a whole number nor a truth"},
                          Row{"9: is longer than 16384 bytes"}, Row{"中", "s", "低"}));
}

// A server that knows five tags and keeps what it is told.
class Tags {
 public:
  Tags() : server_([this](const SimServer::Request& request) { return answer(request); }) {}

  Result<TagImportReport> import(const std::string& csv) {
    const ScratchFile file(csv);
    TagImportOptions options;
    options.stop = stop.get_token();
    options.source = "panel";
    options.import = 7;
    options.on_problem = [this](const BadRow& bad) {
      problems.push_back(std::to_string(bad.row) + ": " + bad.reason);
    };
    const auto rows = TagRows::open_csv(file.path()).value();
    const auto client = HttpClient::connect({parse_server_url(server_.url()).value(), {}, "test"}).value();
    return import_tags(*rows, *client, options);
  }

  std::vector<std::string> told, problems;
  int refused_by = 0;  // a status for all imports
  std::stop_source stop;

 private:
  std::string answer(const SimServer::Request& request) {
    if (request.target == "/v1/tags")
      return sim_answer(200, R"({"tags":[{"tag":"vip","type":"flag","source":"imported"},
          {"tag":"spends","type":"one_of","source":"imported"},{"tag":"score","type":"number","source":"imported"},
          {"tag":"since","type":"time","source":"imported"},{"tag":"liker","type":"flag","source":"derived"}]})");
    if (refused_by == 429) stop.request_stop();
    if (refused_by != 0) return sim_answer(refused_by, R"({"detail":"no"})");
    if (request.body.find("\"odd\"") != std::string::npos)
      return sim_answer(422, R"({"detail":"there is no value odd"})");
    told.push_back(request.body);
    return sim_answer(200, R"({"users":1,"unknown":1,"upload":"7","position":"p"})");
  }

  SimServer server_;
};

TEST(TagImport, RowsAreToldByTagAndValueAsTheTagsTypeWants) {
  Tags tags;
  const auto report = tags.import(
      "user,tag,value\nu1,vip,\nu2,spends,low\nu3,vip,true\nu4,score,007\nu5,since,2024-02-29\nu6,spends,low\n");
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->rows, 6u);
  EXPECT_EQ(report->unknown, 4u);
  EXPECT_EQ(report->bad, 0u);
  const std::string head = R"({"import":7,"on":true,"source":"panel",)";
  EXPECT_THAT(tags.told, testing::UnorderedElementsAre(head + R"("tag":"vip","users":["u1","u3"]})",
                                                       head + R"("tag":"spends","value":"low","users":["u2","u6"]})",
                                                       head + R"("tag":"score","number":7,"users":["u4"]})",
                                                       head + R"("tag":"since","day":"2024-02-29","users":["u5"]})"));
}

TEST(TagImport, BadRowsAreNamedAndTheOthersAreTold) {
  Tags tags;
  const auto report = tags.import(
      "user,tag,value\nu1,none,\nu2,liker,\nu3,vip,no\nu4,score,-1\nu5,spends,\nu6,spends,odd\nu7,spends,odd\n"
      "u8,vip,\n");
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->rows, 1u);
  EXPECT_EQ(report->bad, 7u);
  EXPECT_THAT(tags.told, ElementsAre(HasSubstr(R"("users":["u8"])")));
  EXPECT_THAT(tags.problems,
              ElementsAre("2: there is no tag none", "3: liker is no imported tag", HasSubstr("4: vip is yes or no"),
                          "5: score wants a whole number", "6: spends wants a value",
                          "7: 422 there is no value odd (and 1 more rows like it)"));
}

TEST(TagImport, ManyRowsAreToldInParts) {
  Tags tags;
  std::string csv = "user,tag\n";
  for (std::size_t i = 0; i < tag_import_users_max + 3; ++i) csv += "u" + std::to_string(i) + ",vip\n";
  const auto report = tags.import(csv);
  ASSERT_TRUE(report.ok()) << report.error().message;
  EXPECT_EQ(report->rows, tag_import_users_max + 3);
  ASSERT_EQ(tags.told.size(), 2u);
  EXPECT_THAT(tags.told[1], HasSubstr(R"("users":["u100000","u100001","u100002"])"));
}

TEST(TagImport, AKeyThatMayNotOrAServerThatFailsEndsIt) {
  Tags tags;
  tags.refused_by = 403;
  EXPECT_EQ(tags.import("user,tag\nu1,vip\n").error().kind, ErrorKind::refused);
  tags.refused_by = 500;
  EXPECT_EQ(tags.import("user,tag\nu1,vip\n").error().kind, ErrorKind::unavailable);
  EXPECT_THAT(tags.problems, IsEmpty());
  tags.refused_by = 429;
  EXPECT_THAT(tags.import("user,tag\nu1,vip\n").error().message, HasSubstr("429 no")) << "stopped while it waited";
  tags.refused_by = 0;
  const auto report = tags.import("user,tag\nu1,vip\n");
  ASSERT_TRUE(report.ok());
  EXPECT_TRUE(report->interrupted);
  EXPECT_THAT(tags.told, IsEmpty());
}

}  // namespace
}  // namespace zan::connectors
