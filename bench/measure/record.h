// One measured run as one JSON line, and many of them as one markdown table.
// Figures carry their unit last in their name (likes_per_s, p99_ms); the first figure of a record
// is its headline.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace zan::bench {

struct Record {
  std::string problem;
  std::string variant;    // what was asked: "10M zipf", "1 connection", …
  std::string contender;  // "zan", "redis", "postgres", …, with its setting if there are several
  int repetition = 1;
  std::vector<std::pair<std::string, double>> figures;
};

std::string to_json(const Record& record);

// Reads the lines that to_json wrote; fails on anything else.
std::vector<Record> read_records(const std::filesystem::path& file);

// Median and spread (least to most) of each group of equal problem, variant and contender, in the
// order of first sight.
std::string markdown_table(const std::vector<Record>& records);

// Prints every record at once and appends it to a file, so that a run that dies half-way has lost
// nothing.
class Recorder {
 public:
  explicit Recorder(std::filesystem::path file) : file_(std::move(file)) {}
  void add(const Record& record);
  const std::vector<Record>& records() const { return records_; }

 private:
  std::filesystem::path file_;  // empty: print only
  std::vector<Record> records_;
};

// 1234567 -> "1.23 M"; 0.000123 -> "0.000123".
std::string human(double value);

}  // namespace zan::bench
