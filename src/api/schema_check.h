// JSON Schema 2020-12, the part of it openapi.json uses: enough to hold live answers to the
// document in a test.
#pragma once

#include <simdjson.h>

#include <regex>
#include <string>
#include <string_view>

namespace zan::api {

// "" when `value` is what `schema` says, else where and how it is not. `root` resolves "#/..."
// references. A keyword that is not known here is a fault too, so that the document cannot say more
// than is checked.
// By value: a range over what `value()` refers to would outlive the result that holds it.
inline simdjson::dom::object members_of_object(simdjson::dom::element element) {
  return element.get_object().value();
}
inline simdjson::dom::array members_of_array(simdjson::dom::element element) {
  return element.get_array().value();
}

class SchemaChecker {
 public:
  explicit SchemaChecker(simdjson::dom::element root) : root_(root) {}

  std::string check(simdjson::dom::element value, simdjson::dom::element schema, const std::string& at = "$") const {
    const simdjson::dom::object keywords = schema.get_object().value();
    for (const auto& [key, argument] : keywords) {
      std::string fault = check_keyword(key, value, argument, keywords, at);
      if (!fault.empty()) return fault;
    }
    return {};
  }

  simdjson::dom::element resolve(std::string_view reference) const {
    return root_.at_pointer(reference.substr(1)).value();
  }

 private:
  using Element = simdjson::dom::element;
  using Type = simdjson::dom::element_type;

  std::string check_keyword(std::string_view key, Element value, Element argument, simdjson::dom::object keywords,
                            const std::string& at) const {
    const auto fault = [&](bool bad) { return bad ? at + " breaks " + std::string(key) : std::string(); };
    if (key == "description" || key == "default" || key == "format") return {};
    if (key == "$ref") return check(value, resolve(argument.get_string().value()), at);
    if (key == "type") return fault(!has_type(value, argument));
    if (key == "enum") return fault(!is_one_of(value, argument));
    if (key == "oneOf") return fault(count_matches(value, argument, at) != 1);
    if (key == "minimum") return fault(value.is_number() && value.get_double().value() < argument.get_double().value());
    if (key == "maximum") return fault(value.is_number() && value.get_double().value() > argument.get_double().value());
    if (key == "minLength")
      return fault(value.is_string() && value.get_string_length().value() < argument.get_uint64().value());
    if (key == "maxLength")
      return fault(value.is_string() && value.get_string_length().value() > argument.get_uint64().value());
    if (key == "pattern") return fault(value.is_string() && !matches(value, argument));
    if (key == "maxItems") return fault(value.is_array() && value.get_array().size() > argument.get_uint64().value());
    if (key == "maxProperties")
      return fault(value.is_object() && value.get_object().size() > argument.get_uint64().value());
    if (key == "items") return check_items(value, argument, at);
    if (key == "required") return check_required(value, argument, at);
    if (key == "properties") return check_properties(value, argument, at);
    if (key == "additionalProperties") return check_additional(value, argument, keywords, at);
    return at + ": the checker knows no keyword " + std::string(key);
  }

  static bool has_one_type(Element value, std::string_view type) {
    switch (value.type()) {
      case Type::STRING:
        return type == "string";
      case Type::BOOL:
        return type == "boolean";
      case Type::NULL_VALUE:
        return type == "null";
      case Type::OBJECT:
        return type == "object";
      case Type::ARRAY:
        return type == "array";
      case Type::DOUBLE:
        return type == "number";
      default:
        return type == "integer" || type == "number";
    }
  }
  static bool has_type(Element value, Element types) {
    if (types.is_string()) return has_one_type(value, types.get_string().value());
    for (const Element type : members_of_array(types))
      if (has_one_type(value, type.get_string().value())) return true;
    return false;
  }
  static bool is_one_of(Element value, Element allowed) {
    for (const Element one : members_of_array(allowed))
      if (simdjson::minify(one) == simdjson::minify(value)) return true;
    return false;
  }
  int count_matches(Element value, Element schemas, const std::string& at) const {
    int count = 0;
    for (const Element schema : members_of_array(schemas)) count += check(value, schema, at).empty() ? 1 : 0;
    return count;
  }
  static bool matches(Element value, Element pattern) {
    return std::regex_search(std::string(value.get_string().value()),
                             std::regex(std::string(pattern.get_string().value())));
  }
  std::string check_items(Element value, Element schema, const std::string& at) const {
    if (!value.is_array()) return {};
    std::size_t index = 0;
    for (const Element item : members_of_array(value)) {
      std::string fault = check(item, schema, at + "/" + std::to_string(index++));
      if (!fault.empty()) return fault;
    }
    return {};
  }
  static std::string check_required(Element value, Element names, const std::string& at) {
    if (!value.is_object()) return {};
    for (const Element name : members_of_array(names)) {
      const std::string_view key = name.get_string().value();
      if (value.at_key(key).error() != simdjson::SUCCESS) return at + " lacks " + std::string(key);
    }
    return {};
  }
  std::string check_properties(Element value, Element schemas, const std::string& at) const {
    if (!value.is_object()) return {};
    for (const auto& [key, member] : members_of_object(value)) {
      Element schema;
      if (schemas.at_key(key).get(schema) != simdjson::SUCCESS) continue;
      std::string fault = check(member, schema, at + "/" + std::string(key));
      if (!fault.empty()) return fault;
    }
    return {};
  }
  std::string check_additional(Element value, Element schema, simdjson::dom::object keywords,
                               const std::string& at) const {
    if (!value.is_object()) return {};
    Element known;
    const bool any_known = keywords.at_key("properties").get(known) == simdjson::SUCCESS;
    for (const auto& [key, member] : members_of_object(value)) {
      if (any_known && known.at_key(key).error() == simdjson::SUCCESS) continue;
      if (schema.is_bool() && !schema.get_bool().value()) return at + " has " + std::string(key) + " besides";
      if (schema.is_bool()) continue;
      std::string fault = check(member, schema, at + "/" + std::string(key));
      if (!fault.empty()) return fault;
    }
    return {};
  }

  Element root_;
};

}  // namespace zan::api
