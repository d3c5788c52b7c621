// A model as bytes, all numbers little-endian:
//   "ZANMODEL" version:u8=2
//   count:varint { length:varint name }                            features
//   from_ms until_ms: zigzag varints, rows:varint
//   holds:u8 { margin:f32 }                                        0: it never holds, and no margin; 1. Not in version 1
//   count:varint { margin:f32 probability:f32 }                    calibration
//   count:varint { nodes in preorder }                             trees
//   node: key:varint, value:f32       key 0: a leaf; else 1 + 2 * feature + (missing goes left)
//   checksum64 of all before it
// There is one way to write a model; what was read is written as it was.
#include <cmath>

#include "base/require.h"
#include "integrity/model/model.h"

namespace zan::integrity::model {
namespace {

constexpr std::string_view magic = "ZANMODEL";
constexpr std::uint8_t version = 2, version_without_hold = 1;

// Walks a tree in preorder: false when it is too deep, not whole, or names a feature that is not there.
bool check_tree(const Tree& tree, std::size_t features, std::size_t& next, unsigned depth) {
  if (next >= tree.size() || depth > depth_max) return false;
  const Node& node = tree[next++];
  if (!std::isfinite(node.value)) return false;
  if (node.is_leaf) return node.feature == 0 && !node.missing_left;
  return node.feature < features && check_tree(tree, features, next, depth + 1) &&
         check_tree(tree, features, next, depth + 1);
}

bool check_calibration(const std::vector<CalibrationPoint>& points) {
  if (points.empty() || points.size() > calibration_points_max) return false;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto [margin, probability] = points[i];
    if (!std::isfinite(margin) || !(probability >= 0 && probability <= 1) || std::signbit(probability)) return false;
    if (i > 0 && !(points[i - 1].margin < margin && points[i - 1].probability <= probability)) return false;
  }
  return true;
}

class Decoder {
 public:
  explicit Decoder(ByteSpan bytes) : in_(bytes) {}

  Result<Model> run() {
    Model model;
    if (as_text(in_.take(magic.size())) != magic) return corrupt("no model");
    const auto found = in_.fixed<std::uint8_t>();
    if (found != version && found != version_without_hold) return unsupported("a model of another version");
    std::size_t count = bounded(features_max, 1);
    for (std::size_t i = 0; i < count; ++i)
      model.features.emplace_back(as_text(in_.take(bounded(feature_name_bytes_max, 1))));
    model.trained_from_ms = unzigzag(in_.varint());
    model.trained_until_ms = unzigzag(in_.varint());
    model.training_rows = in_.varint();
    if (found != version_without_hold) ZAN_TRY(hold(model));
    count = bounded(calibration_points_max, 8);
    for (std::size_t i = 0; i < count; ++i) {
      const auto margin = in_.fixed<float>();
      model.calibration.push_back({margin, in_.fixed<float>()});
    }
    count = bounded(trees_max, 5);
    for (std::size_t i = 0; i < count && in_.ok(); ++i) {
      model.trees.emplace_back();
      tree(model.trees.back(), 0);
    }
    if (!in_.ok() || !in_.done()) return corrupt("the model is cut off, or goes on behind its end");
    if (!check_model(model).ok()) return corrupt("no model that could have been written");
    return model;
  }

 private:
  Result<void> hold(Model& model) {
    const auto holds = in_.fixed<std::uint8_t>();
    if (holds > 1) return corrupt("a model that neither holds nor does not");
    if (holds == 1) model.hold_margin = in_.fixed<float>();
    return {};
  }

  // A count of things that take `bytes_each` at least.
  std::size_t bounded(std::size_t most, std::size_t bytes_each) {
    const std::uint64_t count = in_.varint();
    if (count > most || count * bytes_each > in_.left()) in_.take(in_.left() + 1);  // fails the reader
    return in_.ok() ? static_cast<std::size_t>(count) : 0;
  }

  void tree(Tree& to, unsigned depth) {
    Node node;
    const std::uint64_t key = in_.varint();
    node.value = in_.fixed<float>();
    node.is_leaf = key == 0;
    if (!node.is_leaf) {
      node.feature = static_cast<std::uint16_t>((key - 1) / 2);
      node.missing_left = (key - 1) % 2 != 0;
      if (key > 2 * features_max || depth >= depth_max) in_.take(in_.left() + 1);
    }
    to.push_back(node);
    if (node.is_leaf || !in_.ok()) return;
    tree(to, depth + 1);
    tree(to, depth + 1);
  }

  ByteReader in_;
};

}  // namespace

Result<void> check_model(const Model& model) {
  if (model.features.empty() || model.features.size() > features_max) return invalid("no features, or too many");
  for (const std::string& name : model.features) {
    if (name.empty() || name.size() > feature_name_bytes_max) return invalid("a feature's name is empty or too long");
  }
  if (model.hold_margin && !std::isfinite(*model.hold_margin)) return invalid("the margin it holds from is no number");
  if (model.trees.size() > trees_max) return invalid("too many trees");
  if (!check_calibration(model.calibration)) return invalid("the calibration is empty, too long or does not ascend");
  for (const Tree& tree : model.trees) {
    std::size_t next = 0;
    if (!check_tree(tree, model.features.size(), next, 0) || next != tree.size())
      return invalid("a tree is not whole, too deep, or asks for what is not there");
  }
  return {};
}

Bytes encode_model(const Model& model) {
  require(check_model(model).ok(), "only a good model is written");
  const ByteSpan head = as_bytes(magic);
  Bytes out(head.begin(), head.end());
  put_fixed(out, version);
  put_varint(out, model.features.size());
  for (const std::string& name : model.features) {
    put_varint(out, name.size());
    put_bytes(out, as_bytes(name));
  }
  put_varint(out, zigzag(model.trained_from_ms));
  put_varint(out, zigzag(model.trained_until_ms));
  put_varint(out, model.training_rows);
  put_fixed(out, static_cast<std::uint8_t>(model.hold_margin.has_value()));
  if (model.hold_margin) put_fixed(out, *model.hold_margin);
  put_varint(out, model.calibration.size());
  for (const CalibrationPoint& point : model.calibration) {
    put_fixed(out, point.margin);
    put_fixed(out, point.probability);
  }
  put_varint(out, model.trees.size());
  for (const Tree& tree : model.trees) {
    for (const Node& node : tree) {
      put_varint(out, node.is_leaf ? 0 : 1U + 2U * node.feature + (node.missing_left ? 1U : 0U));
      put_fixed(out, node.value);
    }
  }
  put_fixed(out, checksum64(out));
  return out;
}

Result<Model> decode_model(ByteSpan bytes) {
  if (bytes.size() > model_bytes_max) return corrupt("the model is too long");
  if (bytes.size() < sizeof(std::uint64_t)) return corrupt("no model");
  const ByteSpan body = bytes.first(bytes.size() - sizeof(std::uint64_t));
  ByteReader tail(bytes.subspan(body.size()));
  if (tail.fixed<std::uint64_t>() != checksum64(body)) return corrupt("the model's checksum is wrong");
  return Decoder(body).run();
}

Hash128 digest_of(const Model& model) {
  return digest_of(encode_model(model));
}

Hash128 digest_of(ByteSpan encoded) {
  constexpr HashKey key = {'z', 'a', 'n', ' ', 'm', 'o', 'd', 'e', 'l', ' ', 'v', '1', 0, 0, 0, 0};
  return keyed_hash128(key, encoded);
}

}  // namespace zan::integrity::model
