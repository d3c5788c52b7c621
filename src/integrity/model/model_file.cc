// A model as bytes, all numbers little-endian:
//   "ZANMODEL" version:u8=2
//   count:varint { length:varint name }                            features
//   from_ms until_ms: zigzag varints, rows:varint
//   holds:u8 { margin:f32 }                                        0: it never holds, and no margin; 1. Not in version 1
//   count:varint { margin:f32 probability:f32 }                    calibration
//   count:varint { nodes in preorder }                             trees
//   node: trees/tree.h
//   checksum64 of all before it
// There is one way to write a model; what was read is written as it was.
#include <cmath>

#include "base/require.h"
#include "integrity/model/model.h"

namespace zan::integrity::model {
namespace {

constexpr std::string_view magic = "ZANMODEL";
constexpr std::uint8_t version = 2, version_without_hold = 1;

class Decoder {
 public:
  explicit Decoder(ByteSpan bytes) : in_(bytes) {}

  Result<Model> run() {
    Model model;
    if (as_text(in_.take(magic.size())) != magic) return corrupt("no model");
    const auto found = in_.fixed<std::uint8_t>();
    if (found != version && found != version_without_hold) return unsupported("a model of another version");
    const std::size_t count = trees::read_count(in_, features_max, 1);
    for (std::size_t i = 0; i < count; ++i)
      model.features.emplace_back(as_text(in_.take(trees::read_count(in_, feature_name_bytes_max, 1))));
    model.trained_from_ms = unzigzag(in_.varint());
    model.trained_until_ms = unzigzag(in_.varint());
    model.training_rows = in_.varint();
    if (found != version_without_hold) ZAN_TRY(hold(model));
    model.calibration = trees::read_calibration(in_);
    model.trees = trees::read_trees(in_);
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
  if (!trees::check_calibration(model.calibration)) return invalid("the calibration is empty, too long or does not ascend");
  for (const Tree& tree : model.trees) {
    if (!trees::check_tree(tree, model.features.size()))
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
  trees::put_calibration(out, model.calibration);
  trees::put_trees(out, model.trees);
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
