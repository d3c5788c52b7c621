#include "trees/booster.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <xgboost/c_api.h>

#include <cmath>
#include <limits>

namespace zan::trees {
namespace {

namespace dom = simdjson::dom;

Result<void> done(int code) {
  if (code == 0) return {};
  return unavailable(fmt::format("XGBoost: {}", XGBGetLastError()));
}

class Matrix {
 public:
  Matrix() = default;
  ~Matrix() {
    if (handle != nullptr) XGDMatrixFree(handle);
  }
  Matrix(const Matrix&) = delete;
  Matrix& operator=(const Matrix&) = delete;
  DMatrixHandle handle = nullptr;
};

class Booster {
 public:
  Booster() = default;
  ~Booster() {
    if (handle != nullptr) XGBoosterFree(handle);
  }
  Booster(const Booster&) = delete;
  Booster& operator=(const Booster&) = delete;
  BoosterHandle handle = nullptr;
};

Result<void> fill(Matrix& matrix, const RowsView& rows, std::span<const std::size_t> of) {
  std::vector<float> values;
  std::vector<float> labels;
  std::vector<float> weights;
  values.reserve(of.size() * rows.feature_count);
  for (const std::size_t i : of) {
    const auto row = rows.row(i);
    values.insert(values.end(), row.begin(), row.end());
    labels.push_back(rows.labels[i]);
    if (!rows.weights.empty()) weights.push_back(rows.weights[i]);
  }
  ZAN_TRY(done(XGDMatrixCreateFromMat(values.data(), of.size(), rows.feature_count,
                                      std::numeric_limits<float>::quiet_NaN(), &matrix.handle)));
  ZAN_TRY(done(XGDMatrixSetFloatInfo(matrix.handle, "label", labels.data(), labels.size())));
  if (weights.empty()) return {};
  return done(XGDMatrixSetFloatInfo(matrix.handle, "weight", weights.data(), weights.size()));
}

Result<void> set_up(Booster& booster, const Matrix& matrix, const GrowOptions& options) {
  const DMatrixHandle matrices[] = {matrix.handle};
  ZAN_TRY(done(XGBoosterCreate(matrices, 1, &booster.handle)));
  std::vector<std::pair<const char*, std::string>> settings = {
      {"booster", "gbtree"},
      {"objective", "binary:logistic"},
      {"base_score", fmt::format("{}", options.base_score)},
      {"tree_method", "hist"},
      {"max_depth", std::to_string(options.depth)},
      {"eta", fmt::format("{}", options.learning_rate)},
      {"min_child_weight", fmt::format("{}", options.min_child_weight)},
      {"subsample", fmt::format("{}", options.row_share)},
      {"lambda", fmt::format("{}", options.leaf_penalty)},
      {"seed", std::to_string(options.seed)},
      {"nthread", "1"},
      {"verbosity", "0"},
  };
  if (options.feature_share < 1)
    settings.emplace_back("colsample_bytree", fmt::format("{}", options.feature_share));
  if (!options.monotone.empty())
    settings.emplace_back("monotone_constraints", fmt::format("({})", fmt::join(options.monotone, ",")));
  for (const auto& [name, value] : settings) ZAN_TRY(done(XGBoosterSetParam(booster.handle, name, value.c_str())));
  return {};
}

// {"nodeid":0,"split":"f3","split_condition":1.5,"yes":1,"no":2,"missing":1,"children":[…]} or {"nodeid":1,"leaf":-0.1}
Result<void> add_nodes(Tree& tree, dom::element element, unsigned depth) {
  const Error strange = unavailable("XGBoost: a tree in a form that is not known");
  double number = 0;
  Node node;
  if (element["leaf"].get(number) == simdjson::SUCCESS) {
    node.value = static_cast<float>(number);
    tree.push_back(node);
    return {};
  }
  std::string_view split;
  std::int64_t yes = 0;
  std::int64_t missing = 0;
  dom::array children;
  if (depth >= depth_max || element["split"].get(split) != simdjson::SUCCESS || !split.starts_with('f') ||
      element["split_condition"].get(number) != simdjson::SUCCESS || element["yes"].get(yes) != simdjson::SUCCESS ||
      element["missing"].get(missing) != simdjson::SUCCESS || element["children"].get(children) != simdjson::SUCCESS ||
      children.size() != 2)
    return strange;
  unsigned feature = 0;
  for (const char c : split.substr(1)) feature = feature * 10 + static_cast<unsigned>(c - '0');
  node = {false, missing == yes, static_cast<std::uint16_t>(feature), static_cast<float>(number)};
  tree.push_back(node);
  std::int64_t first = 0;
  if (children.at(0)["nodeid"].get(first) != simdjson::SUCCESS) return strange;
  const std::size_t left = first == yes ? 0 : 1;
  ZAN_TRY(add_nodes(tree, children.at(left).value_unsafe(), depth + 1));
  return add_nodes(tree, children.at(1 - left).value_unsafe(), depth + 1);
}

Result<std::vector<Tree>> trees_of(const Booster& booster) {
  bst_ulong count = 0;
  const char** texts = nullptr;
  ZAN_TRY(done(XGBoosterDumpModelEx(booster.handle, "", 0, "json", &count, &texts)));
  std::vector<Tree> trees(count);
  dom::parser parser;
  for (std::size_t i = 0; i < trees.size(); ++i) {
    dom::element root;
    if (parser.parse(simdjson::padded_string(std::string_view(texts[i]))).get(root) != simdjson::SUCCESS)
      return unavailable("XGBoost: a tree is no JSON");
    ZAN_TRY(add_nodes(trees[i], root, 0));
  }
  return trees;
}

}  // namespace

Result<Grown> boost(const RowsView& rows, std::span<const std::size_t> of, const GrowOptions& options,
                    bool with_margins) {
  Matrix matrix;
  ZAN_TRY(fill(matrix, rows, of));
  Booster booster;
  ZAN_TRY(set_up(booster, matrix, options));
  for (unsigned i = 0; i < options.trees; ++i)
    ZAN_TRY(done(XGBoosterUpdateOneIter(booster.handle, static_cast<int>(i), matrix.handle)));
  Grown grown;
  ZAN_ASSIGN(grown.trees, trees_of(booster));
  if (!with_margins) return grown;
  bst_ulong count = 0;
  const float* margins = nullptr;
  constexpr int as_margins = 1;
  ZAN_TRY(done(XGBoosterPredict(booster.handle, matrix.handle, as_margins, 0, 0, &count, &margins)));
  grown.margins.assign(margins, margins + count);
  return grown;
}

}  // namespace zan::trees
