#include "integrity/model/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/bytes.h"

namespace zan::integrity::model {
namespace {

constexpr std::string_view head = "zhenzan models, format ";
constexpr std::string_view format = "1";

bool is_printable(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f;
}

// The fields of one line, taken one by one.
class Line {
 public:
  explicit Line(std::string_view text) : rest_(text) {}

  std::string_view word() {
    const std::size_t end = std::min(rest_.find(' '), rest_.size());
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ok_ = ok_ && !word.empty();
    return word;
  }
  template <typename Integer>
  void number(Integer& value, int base = 10) {
    const std::string_view digits = word();
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    ok_ = ok_ && problem == std::errc{} && end == digits.data() + digits.size();
  }
  void digest(Hash128& value) {
    constexpr std::size_t half = 16;
    const std::string_view digits = word();
    ok_ = ok_ && digits.size() == 2 * half;
    if (!ok_) return;
    Line(digits.substr(0, half)).number(value.high, half);
    Line(digits.substr(half)).number(value.low, half);
    ok_ = to_hex(value) == digits;
  }
  std::string name() {
    std::string name(rest_);
    rest_ = {};
    ok_ = ok_ && fit_name(name) == name;
    return name;
  }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

bool read_version(Line line, Manifest& manifest) {
  ModelVersion& one = manifest.versions.emplace_back();
  line.number(one.version);
  line.digest(one.digest);
  for (auto* time : {&one.made_ms, &one.trained_from_ms, &one.trained_until_ms}) line.number(*time);
  for (auto* count : {&one.position, &one.rows, &one.fakes}) line.number(*count);
  for (auto* measure : {&one.auc_millionths, &one.log_loss_millionths}) line.number(*measure);
  one.by = line.name();
  return line.ok() && one.version == manifest.versions.size() && manifest.versions.size() <= versions_max;
}

bool read_activation(Line line, Manifest& manifest) {
  Activation& one = manifest.activations.emplace_back();
  line.number(one.version);
  line.number(one.at_ms);
  one.by = line.name();
  return line.ok() && (one.version == 0 || manifest.find(one.version) != nullptr) &&
         manifest.activations.size() <= activations_max;
}

std::string sum_line(std::string_view body) {
  return fmt::format("sum {:016x}\n", checksum64(as_bytes(body)));
}

}  // namespace

std::uint32_t Manifest::before_active() const {
  for (auto at = activations.rbegin(); at != activations.rend(); ++at)
    if (at->version != active()) return at->version;
  return 0;
}

const ModelVersion* Manifest::find(std::uint32_t version) const {
  return version == 0 || version > versions.size() ? nullptr : &versions[version - 1];
}

std::string fit_name(std::string_view by) {
  std::string name;
  for (const char c : by)
    if (is_printable(c) && name.size() < by_bytes_max) name += c;
  return name;
}

std::string to_hex(Hash128 digest) {
  return fmt::format("{:016x}{:016x}", digest.high, digest.low);
}

std::string encode_manifest(const Manifest& manifest) {
  std::string text = fmt::format("{}{}\n", head, format);
  for (const ModelVersion& one : manifest.versions)
    text += fmt::format("model {} {} {} {} {} {} {} {} {} {} {}\n", one.version, to_hex(one.digest), one.made_ms,
                        one.trained_from_ms, one.trained_until_ms, one.position, one.rows, one.fakes,
                        one.auc_millionths, one.log_loss_millionths, one.by);
  for (const Activation& one : manifest.activations)
    text += fmt::format("active {} {} {}\n", one.version, one.at_ms, one.by);
  return text + sum_line(text);
}

Result<Manifest> decode_manifest(std::string_view text) {
  const Error broken = corrupt("the list of models is damaged");
  if (!text.starts_with(head)) return broken;
  const std::size_t sum_at = text.rfind("sum ");
  if (sum_at == std::string_view::npos || sum_line(text.substr(0, sum_at)) != text.substr(sum_at)) return broken;
  std::string_view rest = text.substr(head.size(), sum_at - head.size());
  Manifest manifest;
  for (bool first = true; !rest.empty(); first = false) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return broken;
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    if (first) {
      if (line != format) return unsupported("a list of models of another format");
      continue;
    }
    Line fields(line);
    const std::string_view kind = fields.word();
    const bool taken = kind == "model"    ? read_version(fields, manifest)
                       : kind == "active" ? read_activation(fields, manifest)
                                          : false;
    if (!taken) return broken;
  }
  // One way to write it: a model behind an activation, or a number with a sign, was not written by us.
  if (encode_manifest(manifest) != text) return broken;
  return manifest;
}

}  // namespace zan::integrity::model
