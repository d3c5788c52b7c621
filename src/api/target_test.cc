#include "api/target.h"

#include <gtest/gtest.h>

#include "api/routes.h"

namespace zan::api {
namespace {

TEST(Target, Split) {
  const auto split = [](std::string_view text) {
    const auto target = split_target(text);
    return target.ok() ? std::string(target->path) + " " + std::string(target->query) : "bad";
  };
  EXPECT_EQ(split("/a"), "/a ");
  EXPECT_EQ(split("/a?b=c?d"), "/a b=c?d");
  EXPECT_EQ(split("http://host:80/a?b"), "/a b");
  EXPECT_EQ(split("https://host"), "/ ");
  for (const char* text : {"", "a", "*", "/a#b", "ftp://x/a", "//"})
    EXPECT_EQ(split(text), std::string_view(text) == "//" ? "// " : "bad");
}

TEST(Target, PercentDecoding) {
  EXPECT_EQ(percent_decoded("a%20b+%e8%B5%9E"), "a b+赞");
  EXPECT_EQ(percent_decoded("a+b", true), "a b");
  EXPECT_EQ(percent_decoded(""), "");
  for (const char* text : {"%", "%1", "%zz", "a%2", "%%20", "%+1"})
    EXPECT_EQ(percent_decoded(text), std::nullopt) << text;
}

TEST(Target, Parameters) {
  const auto parameters = Parameters::parse("limit=5&&cursor=a%26b+c", {"limit", "cursor", "other"});
  ASSERT_TRUE(parameters.ok());
  EXPECT_EQ(*parameters->find("limit"), "5");
  EXPECT_EQ(*parameters->find("cursor"), "a&b c");
  EXPECT_EQ(parameters->find("other"), nullptr);
  const std::pair<const char*, const char*> bad[] = {
      {"limit=1&limit=1", "limit"}, {"x=1", "x"}, {"limit=%", "query"}, {"=1", ""}};
  for (const auto& [query, field] : bad) {
    const auto refused = Parameters::parse(query, {"limit"});
    ASSERT_FALSE(refused.ok()) << query;
    EXPECT_EQ(refused.error().field, field);
  }
}

TEST(Routes, EveryRouteIsFoundByItsOwnPath) {
  for (const Route& route : routes()) {
    std::string path(route.pattern);
    const std::size_t mark = path.find("{id}");
    if (mark != std::string::npos) path.replace(mark, 4, "a%2Fb");
    const Match match = find_route(route.method, path);
    ASSERT_NE(match.route, nullptr) << path;
    EXPECT_EQ(match.route->call, route.call);
    if (mark != std::string::npos) {
      EXPECT_EQ(match.id, "a%2Fb");
    }
    EXPECT_EQ(to_string(route.call), std::string(to_string(route.method)) + " " + std::string(route.pattern));
    EXPECT_EQ(route_of(route.call).pattern, route.pattern);
  }
}

TEST(Routes, PathsThatAreNone) {
  for (const char* path : {"/v1/", "/console", "/v1", "/v1/events/", "/v1/users", "/v1/users/a/b", "/v1/users/a/likes/", "/V1/events"})
    EXPECT_FALSE(find_route(Method::get, path).path_known) << path;
  EXPECT_TRUE(find_route(Method::put, "/v1/events").path_known);
  EXPECT_EQ(find_route(Method::put, "/v1/events").route, nullptr);
  EXPECT_EQ(find_route(Method::head, "/v1/top").route->call, Call::top);
}

}  // namespace
}  // namespace zan::api
