// Suspected fake stars of GitHub (StarScout, arXiv 2412.13459): what trees find over what one line finds. Skipped
// without the data: $ZAN_DATASETS, or ../shared/datasets beside the source folder. The labels come from a detector and
// are no truth.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <numeric>

#include "integrity/model/train.h"

namespace zan::integrity::model {
namespace {

namespace fs = std::filesystem;

fs::path starscout() {
  const char* given = std::getenv("ZAN_DATASETS");
  return (given != nullptr ? fs::path(given) : fs::path(ZAN_SOURCE_DIR "/../shared/datasets")) / "starscout";
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == ',') {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

// Columns before `suspected_fake` are ids, `group` one of them; those behind it are counts of events. Adds their sum
// and the share of stars, which a person would look at first.
bool read_into(Rows& rows, const fs::path& path, const std::string& group) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return false;
  const auto header = fields_of(line);
  const auto place = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  };
  const std::size_t label = place("suspected_fake");
  rows.features.assign(header.begin() + static_cast<std::ptrdiff_t>(label) + 1, header.end());
  rows.features.insert(rows.features.end(), {"sum", "star_share"});
  while (std::getline(file, line)) {
    const auto fields = fields_of(line);
    float sum = 0;
    for (std::size_t i = label + 1; i < fields.size(); ++i) {
      rows.values.push_back(std::stof(fields[i]));
      sum += rows.values.back();
    }
    const float stars = std::stof(fields[place("WatchEvent")]);
    rows.values.push_back(sum);
    rows.values.push_back(sum > 0 ? stars / sum : 0);
    rows.fake.push_back(fields[label] == "1" ? 1 : 0);
    rows.groups.push_back(std::stoull(fields[place(group)]));
  }
  return true;
}

std::vector<Scored> scored(const Rows& rows, const std::vector<float>& scores, float sign = 1) {
  std::vector<Scored> all;
  for (std::size_t i = 0; i < rows.size(); ++i)
    all.push_back({static_cast<double>(sign * scores[i]), rows.fake[i] != 0, 1});
  return all;
}

std::vector<float> column(const Rows& rows, std::size_t k) {
  std::vector<float> values;
  for (std::size_t i = 0; i < rows.size(); ++i) values.push_back(rows.row(i)[k]);
  return values;
}

// The AUC of each feature alone, whichever way round.
std::map<std::string, double> one_line_aucs(const Rows& rows) {
  std::map<std::string, double> aucs;
  for (std::size_t k = 0; k < rows.features.size(); ++k) {
    const double a = auc(scored(rows, column(rows, k)));
    aucs[rows.features[k]] = std::max(a, 1 - a);
  }
  return aucs;
}

double report(const char* name, const Rows& rows) {
  const auto margins = out_of_fold(rows, 5, {});
  EXPECT_TRUE(margins.ok());
  if (!margins.ok()) return 0;
  const auto all = scored(rows, *margins);
  const double found = auc(all);
  std::cout << fmt::format("{}: {} rows, {} suspected; trees, 5 folds by group: AUC {:.3f}", name, rows.size(),
                           std::accumulate(rows.fake.begin(), rows.fake.end(), 0), found);
  for (const double recall : {0.5, 0.8, 0.9})
    std::cout << fmt::format(", precision {:.3f} at recall {:.1f}", precision_at(all, recall).precision, recall);
  std::cout << "\n  one line each:";
  const auto aucs = one_line_aucs(rows);
  double best = 0;
  for (const auto& [feature, value] : aucs) {
    std::cout << fmt::format(" {} {:.3f}", feature, value);
    best = std::max(best, value);
  }
  std::cout << "\n";
  EXPECT_GT(found, best) << "trees find more than any line";
  return found;
}

TEST(StarScout, actors_grouped_by_actor) {
  Rows rows;
  const fs::path path = starscout() / "actor_event_counts_250101.csv";
  if (!read_into(rows, path, "actor_id")) GTEST_SKIP() << "no " << path << ": set ZAN_DATASETS";
  EXPECT_GT(report("actors", rows), 0.85);
}

TEST(StarScout, repositories_grouped_by_owner) {
  Rows rows;
  const fs::path path = starscout() / "repo_event_counts_250101.csv";
  if (!read_into(rows, path, "owner_id")) GTEST_SKIP() << "no " << path << ": set ZAN_DATASETS";
  EXPECT_GT(report("repositories", rows), 0.9);
}

}  // namespace
}  // namespace zan::integrity::model
