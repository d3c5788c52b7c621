// The source tree as text, loaded once: what the rules look at.
//
// Paths are relative to the root, with '/'. `code` is `text` with comments, strings and character literals blanked out, line by
// line in step with it, so that a rule about calls does not trip over words in prose.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace zan::tidy {

struct Source {
  std::string path;
  std::string text;
  std::string code;
};

struct Finding {
  std::string path;
  std::size_t line = 0;  // 1-based; 0: the file as a whole
  std::string what;
};

using Sources = std::vector<Source>;
using Findings = std::vector<Finding>;

Source make_source(std::string path, std::string text);

// All regular text files below the folders src, app, tests, bench of `root` (the corpus of the fuzzers excepted), by path.
Sources load_sources(const std::filesystem::path& root);

std::string blank_comments_and_strings(std::string_view text);
std::vector<std::string_view> lines_of(std::string_view text);

bool is_cpp(const Source& source);  // .h or .cc
bool is_header(const Source& source);
bool is_test(const Source& source);  // below tests/, or *_test.cc, *_fuzz.cc, *_bench.cc

// "src/storage/kv.h" -> "storage"; empty outside src.
std::string_view room_of(std::string_view path);

std::string to_string(const Findings& findings);

}  // namespace zan::tidy
