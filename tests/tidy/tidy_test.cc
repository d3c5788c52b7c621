// First every rule against samples it must catch and must let pass, then all rules against the tree itself.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "rules.h"
#include "source.h"

namespace zan::tidy {
namespace {

constexpr std::size_t exceptions_max = 0;  // lower it with every line that leaves exceptions.txt

Sources one(const char* path, std::string text) {
  return {make_source(path, std::move(text))};
}

std::string repeat(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(Source, blanks_comments_and_strings_in_step_with_the_lines) {
  EXPECT_EQ(blank_comments_and_strings("a /* b\nc */ d // e\nf"), "a     \n     d     \nf");
  EXPECT_EQ(blank_comments_and_strings(R"(x("a\"b") + 'c' + 1'000)"), "x(      ) +     + 1'000");
  EXPECT_EQ(blank_comments_and_strings("y(R\"q(a)\"b)q\");"), "y(           );");
}

TEST(RoomIncludes, are_held_to_the_floor_table) {
  EXPECT_EQ(check_room_includes(one("src/storage/a.h", "#include \"engagement/engagement.h\"\n")).size(), 1U);
  EXPECT_EQ(check_room_includes(one("src/base/a.h", "#include \"storage/storage.h\"\n")).size(), 1U);
  EXPECT_EQ(check_room_includes(one("src/api/a.h", "#include \"connectors/connectors.h\"\n")).size(), 1U);
  EXPECT_EQ(check_room_includes(one("src/engine/a.cc", "#include \"storage/storage.h\"\n")).size(), 0U);
}

TEST(RoomIncludes, go_through_doors) {
  EXPECT_EQ(check_room_includes(one("src/engine/a.cc", "#include \"storage/kv.h\"\n")).size(), 1U);
  EXPECT_EQ(check_room_includes(one("app/zan/a.cc", "#include \"storage/kv.h\"\n")).size(), 1U);
  EXPECT_EQ(check_room_includes(one("src/engine/a.cc", "#include \"engagement/events.h\"\n")).size(), 0U);
  EXPECT_EQ(check_room_includes(one("src/engine/a.cc", "#include \"base/result.h\"\n")).size(), 0U);
  EXPECT_EQ(check_room_includes(one("src/engine/a.cc", "#include \"engine/writer.h\"\n")).size(), 0U);
  EXPECT_EQ(check_room_includes(one("app/zan/a.cc", "#include \"zan/serve.h\"\n")).size(), 0U);
}

TEST(RoomIncludes, let_only_tests_see_twins) {
  EXPECT_EQ(check_room_includes(one("src/engine/a_test.cc", "#include \"storage/sim_disk.h\"\n")).size(), 0U);
  EXPECT_EQ(check_room_includes(one("src/engine/a.cc", "#include \"storage/sim_disk.h\"\n")).size(), 1U);
}

TEST(RoomIncludes, name_a_room_that_exists) {
  EXPECT_EQ(check_room_includes(one("src/engine/a.cc", "#include \"writer.h\"\n")).size(), 1U);
  EXPECT_EQ(check_room_includes(one("src/engine/a.cc", "#include \"cellar/cellar.h\"\n")).size(), 1U);
  EXPECT_EQ(check_room_includes(one("src/cellar/a.cc", "#include \"base/result.h\"\n")).size(), 1U);
}

TEST(CmakeRooms, equal_the_floor_table) {
  EXPECT_EQ(check_cmake_rooms(one("src/storage/CMakeLists.txt", "zan_room(storage ROOMS base LIBS x::y)\n")).size(),
            0U);
  EXPECT_EQ(check_cmake_rooms(one("src/base/CMakeLists.txt", "zan_room(base LIBS fmt::fmt)\n")).size(), 0U);
  EXPECT_EQ(check_cmake_rooms(one("src/storage/CMakeLists.txt", "zan_room(storage LIBS x)\n")).size(), 1U);
  EXPECT_EQ(check_cmake_rooms(one("src/storage/CMakeLists.txt", "zan_room(storage ROOMS base engine)\n")).size(), 1U);
  EXPECT_EQ(check_cmake_rooms(one("src/storage/CMakeLists.txt", "zan_room(engine ROOMS base)\n")).size(), 1U);
  EXPECT_EQ(check_cmake_rooms(one("src/cellar/CMakeLists.txt", "zan_room(cellar)\n")).size(), 1U);
}

TEST(LibraryIncludes, stay_in_their_rooms) {
  EXPECT_EQ(check_library_includes(one("src/engine/a.cc", "#include <rocksdb/db.h>\n")).size(), 1U);
  EXPECT_EQ(check_library_includes(one("src/engagement/a.cc", "#include <boost/asio.hpp>\n")).size(), 1U);
  EXPECT_EQ(check_library_includes(one("src/storage/a.cc", "#include <simdjson.h>\n")).size(), 1U);
  EXPECT_EQ(check_library_includes(one("src/storage/a.cc", "#include \"rocksdb/db.h\"\n")).size(), 0U);
}

TEST(Doors, lead_to_no_library) {
  const Sources direct = one("src/storage/storage.h", "#include <rocksdb/slice.h>\n");
  EXPECT_EQ(check_door_purity(direct).size(), 1U);
  Sources through = one("src/storage/storage.h", "#include \"storage/kv.h\"\n");
  through.push_back(make_source("src/storage/kv.h", "#include \"storage/storage.h\"\n#include <rocksdb/slice.h>\n"));
  EXPECT_EQ(check_door_purity(through).size(), 1U);
  EXPECT_EQ(check_door_purity(one("src/storage/kv_rocks.h", "#include <rocksdb/slice.h>\n")).size(), 0U);
}

TEST(FileSizes, have_bars) {
  EXPECT_EQ(check_file_sizes(one("src/base/a.cc", repeat("x\n", 601))).size(), 1U);
  EXPECT_EQ(check_file_sizes(one("src/base/a.cc", repeat("x\n", 600))).size(), 0U);
  EXPECT_EQ(check_file_sizes(one("src/base/a_test.cc", repeat("x\n", 1000))).size(), 0U);
  EXPECT_EQ(check_file_sizes(one("tests/sim/a.cc", repeat("x\n", 1001))).size(), 1U);
}

std::string function_of(const std::string& head, int lines) {
  return head + " {\n" + repeat("  x();\n", lines - 2) + "}\n";
}

TEST(FunctionLengths, have_a_bar) {
  EXPECT_EQ(check_function_lengths(one("src/base/a.cc", function_of("void f()", 71))).size(), 1U);
  EXPECT_EQ(check_function_lengths(one("src/base/a.cc", function_of("void f()", 70))).size(), 0U);
}

TEST(FunctionLengths, are_found_under_any_head) {
  for (const char* head :
       {"template <typename T>\nstd::vector<T> f(int a = 1, int b = 2) const noexcept", "Foo::~Foo()",
        "bool operator==(const Foo& a, const Foo& b)", "TEST(Some, thing)", "auto f(int x) -> int",
        "Foo(int x) : a_(x), b_{x}, c_{x}", "template <class T> requires C<T> void f(T t)",
        "namespace a {\nclass B {\n  int c_{1};\n  D d() const"}) {
    EXPECT_EQ(check_function_lengths(one("src/base/a.cc", function_of(head, 80))).size(), 1U) << head;
  }
}

TEST(FunctionLengths, do_not_count_what_is_no_function) {
  for (const char* head : {"namespace a", "class B : public C", "const std::map<int, int> table =", "enum class E",
                           "struct alignas(64) S"}) {
    EXPECT_EQ(check_function_lengths(one("src/base/a.cc", function_of(head, 80))).size(), 0U) << head;
  }
}

TEST(FunctionLengths, name_the_function) {
  const auto found = check_function_lengths(one("src/base/a.cc", "\n" + function_of("int Foo::bar(int (*g)())", 90)));
  EXPECT_EQ(to_string(found), "src/base/a.cc:2: Foo::bar is longer than 70 lines\n");
}

TEST(BannedCalls, are_caught_one_by_one) {
  for (const char* call : {"auto t = std::chrono::system_clock::now();",
                           "auto t = std::chrono::steady_clock :: now();",
                           "std::time(nullptr);",
                           "x = time(NULL);",
                           "clock_gettime(CLOCK_REALTIME, &t);",
                           "int r = rand();",
                           "std::random_device d;",
                           "std::mt19937_64 g;",
                           "getenv(name);",
                           "auto f = fopen(p, m);",
                           "std::ifstream in(p);",
                           "std::ofstream out(p);",
                           "std::this_thread::sleep_for(1s);",
                           "usleep(5);",
                           "system(c);",
                           "popen(c, m);",
                           "std::cout << 1;",
                           "printf(f);",
                           "throw Error();",
                           "assert(x);",
                           "worker.detach();"}) {
    EXPECT_EQ(check_banned_calls(one("src/engine/a.cc", std::string(call) + "\n")).size(), 1U) << call;
  }
}

TEST(BannedCalls, know_what_only_looks_alike) {
  for (const char* code : {"// time(nullptr)", "log(\"system(x)\");", "event.time(0);", "filesystem(x);",
                           "fmt::snprintf_like(x);", "static_assert(true);", "int brand(int);"}) {
    EXPECT_EQ(check_banned_calls(one("src/engine/a.cc", std::string(code) + "\n")).size(), 0U) << code;
  }
}

TEST(BannedCalls, are_allowed_to_adapters_and_mostly_to_tests) {
  EXPECT_EQ(check_banned_calls(one("src/base/clock.cc", "std::chrono::system_clock::now();\n")).size(), 0U);
  EXPECT_EQ(check_banned_calls(one("src/base/log.cc", "std::chrono::system_clock::now();\n")).size(), 1U);
  EXPECT_EQ(check_banned_calls(one("src/base/a_test.cc", "std::ifstream in(p);\n")).size(), 0U);
  EXPECT_EQ(check_banned_calls(one("src/base/a_test.cc", "std::this_thread::sleep_for(1s);\n")).size(), 1U);
  EXPECT_EQ(check_banned_calls(one("tests/sim/a.cc", "usleep(1);\n")).size(), 1U);
}

TEST(HeaderForm, is_checked) {
  EXPECT_EQ(check_header_form(one("src/base/a.h", "// What it is.\n#pragma once\n")).size(), 0U);
  EXPECT_EQ(check_header_form(one("src/base/a.h", "// What it is.\n// #pragma once\n")).size(), 1U);
  EXPECT_EQ(check_header_form(one("src/base/a.h", "#pragma once\n")).size(), 1U);
}

TEST(RoomReadmes, must_be_there_and_short) {
  Sources room = one("src/base/a.h", "");
  EXPECT_EQ(check_room_readmes(room).size(), 1U);
  room.push_back(make_source("src/base/README.md", repeat("line\n", 40)));
  EXPECT_EQ(check_room_readmes(room).size(), 0U);
  room.back().text += "one more\n";
  EXPECT_EQ(check_room_readmes(room).size(), 1U);
}

TEST(Marks, are_caught) {
  for (const char* mark : {"// TO"
                           "DO: later",
                           "// FIX"
                           "ME",
                           "int x;  // XX"
                           "X"}) {
    EXPECT_EQ(check_marks(one("tests/a.cc", std::string(mark) + "\n")).size(), 1U) << mark;
  }
  EXPECT_EQ(check_marks(one("src/base/a.cc",
                            "open(\"/t"
                            "mp/x\");\n"))
                .size(),
            1U);
  EXPECT_EQ(check_marks(one("src/base/README.md",
                            "see /wo"
                            "rk/x\n"))
                .size(),
            1U);
  EXPECT_EQ(check_marks(one("src/base/a.cc",
                            "a/wo"
                            "rk/b\n"))
                .size(),
            0U);
}

TEST(Exceptions, excuse_what_is_listed_and_may_only_shrink) {
  const Findings found = {{"src/a.cc", 7, "f is longer than 70 lines"}};
  EXPECT_TRUE(without_exceptions(found, "# why\nsrc/a.cc f is longer than 70 lines\n").empty());
  EXPECT_EQ(without_exceptions(found, "").size(), 1U);
  EXPECT_EQ(without_exceptions({}, "src/a.cc f is longer than 70 lines\n").size(), 1U);
}

// ---- the tree itself

const std::string root = ZAN_SOURCE_DIR;

const Sources& tree() {
  static const Sources sources = load_sources(root);
  return sources;
}

void expect_none(const Findings& findings) {
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

TEST(Tree, was_loaded) {
  EXPECT_GT(tree().size(), 20U);
}
TEST(Tree, keeps_to_the_floors) {
  expect_none(check_room_includes(tree()));
}
TEST(Tree, has_the_floor_table_in_cmake) {
  expect_none(check_cmake_rooms(tree()));
}
TEST(Tree, keeps_libraries_in_their_rooms) {
  expect_none(check_library_includes(tree()));
}
TEST(Tree, has_pure_doors) {
  expect_none(check_door_purity(tree()));
}
TEST(Tree, makes_no_banned_calls) {
  expect_none(check_banned_calls(tree()));
}
TEST(Tree, has_headers_in_form) {
  expect_none(check_header_form(tree()));
}
TEST(Tree, has_room_readmes) {
  expect_none(check_room_readmes(tree()));
}
TEST(Tree, has_no_marks) {
  expect_none(check_marks(tree()));
}

TEST(Tree, keeps_to_the_sizes) {
  std::ifstream file(root + "/tests/tidy/exceptions.txt");
  const std::string exceptions{std::istreambuf_iterator<char>(file), {}};
  ASSERT_FALSE(exceptions.empty());
  std::size_t count = 0;
  for (const auto line : lines_of(exceptions)) count += line.empty() || line.starts_with('#') ? 0 : 1;
  EXPECT_LE(count, exceptions_max) << "the list of exceptions may only shrink";
  Findings findings = check_file_sizes(tree());
  for (Finding& finding : check_function_lengths(tree())) findings.push_back(std::move(finding));
  expect_none(without_exceptions(std::move(findings), exceptions));
}

}  // namespace
}  // namespace zan::tidy
