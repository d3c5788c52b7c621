#include "api/target.h"

#include "api/text.h"

#include <algorithm>

#include "api/limits.h"

namespace zan::api {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Result<Target> split_target(std::string_view target) {
  if (target.starts_with("http://") || target.starts_with("https://")) {
    const std::size_t path = target.find('/', target.find("//") + 2);
    target = path == std::string_view::npos ? std::string_view("/") : target.substr(path);
  }
  if (!target.starts_with('/') || target.find('#') != std::string_view::npos)
    return invalid("the request target must be a path");
  const std::size_t mark = target.find('?');
  if (mark == std::string_view::npos) return Target{target, {}};
  return Target{target.substr(0, mark), target.substr(mark + 1)};
}

std::optional<std::string> percent_decoded(std::string_view text, bool form) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += form && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

Result<Parameters> Parameters::parse(std::string_view query, std::span<const std::string_view> known) {
  Parameters parameters;
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), part.size() + 1));
    if (part.empty()) continue;
    const std::size_t equals = part.find('=');
    const auto name = percent_decoded(part.substr(0, equals), true);
    const auto value =
        equals == std::string_view::npos ? std::string() : percent_decoded(part.substr(equals + 1), true);
    if (!name || !value)
      return invalid("the query holds a '%' that is not followed by two hexadecimal digits", "query");
    if (std::find(known.begin(), known.end(), *name) == known.end())
      return invalid("the call has no such parameter", name->substr(0, 64));
    if (parameters.find(*name) != nullptr) return invalid(*name + " is given twice", *name);
    parameters.values_.emplace_back(*name, *value);
  }
  return parameters;
}

const std::string* Parameters::find(std::string_view name) const {
  const auto found = std::find_if(values_.begin(), values_.end(), [&](const auto& pair) { return pair.first == name; });
  return found == values_.end() ? nullptr : &found->second;
}

Result<std::size_t> read_limit(const Parameters& parameters, std::size_t otherwise, std::size_t most) {
  const std::string* text = parameters.find("limit");
  if (text == nullptr) return otherwise;
  const auto value = parse_number(*text);
  if (!value || *value < 1 || *value > most)
    return invalid("limit must be a number from 1 to " + std::to_string(most), "limit");
  return static_cast<std::size_t>(*value);
}

Result<AskedPage> read_page(const Parameters& parameters, std::size_t otherwise, std::size_t most) {
  AskedPage page;
  ZAN_ASSIGN(page.limit, read_limit(parameters, otherwise, most));
  if (const std::string* cursor = parameters.find("cursor")) {
    if (cursor->empty()) return invalid("cursor is empty", "cursor");
    page.cursor = *cursor;
  }
  return page;
}

}  // namespace zan::api
