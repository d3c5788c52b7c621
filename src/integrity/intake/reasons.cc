#include "integrity/intake/reasons.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace zan::integrity {
namespace {

using engagement::Judgement;
using engagement::Reason;

constexpr double number_max = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t delay_s_max = (1U << 30) - 1;

std::uint32_t rounded(double number) {
  return static_cast<std::uint32_t>(std::min(number_max, std::floor(number + 0.5)));
}

Reason number_of(rules::Value value, rules::Type type) {
  const auto reason = [](IntakeReason code, std::uint32_t number) {
    return Reason{static_cast<std::uint8_t>(code), number};
  };
  const double number = value.number();
  if (type == rules::Type::id) return reason(IntakeReason::whole, static_cast<std::uint32_t>(value.bits));
  if (type == rules::Type::boolean) return reason(IntakeReason::flag, value.holds() ? 1 : 0);
  if (number < 0) return reason(IntakeReason::below_zero, rounded(-number));
  if (type == rules::Type::number && number * 1000 < number_max)
    return reason(IntakeReason::thousandths, rounded(number * 1000));
  if (type != rules::Type::duration) return reason(IntakeReason::whole, rounded(number));
  return number < number_max ? reason(IntakeReason::milliseconds, rounded(number))
                             : reason(IntakeReason::seconds, rounded(number / 1000));
}

rules::Value value_of(const Reason& reason) {
  const double number = reason.number;
  switch (static_cast<IntakeReason>(reason.code)) {
    case IntakeReason::seconds:
      return rules::Value::of(number * 1000);
    case IntakeReason::thousandths:
      return rules::Value::of(number / 1000);
    case IntakeReason::below_zero:
      return rules::Value::of(-number);
    default:
      return rules::Value::of(number);
  }
}

bool is_number(const Reason& reason) {
  return reason.code >= static_cast<std::uint8_t>(IntakeReason::whole) &&
         reason.code <= static_cast<std::uint8_t>(IntakeReason::below_zero);
}

const rules::RuleInfo* find_rule(const rules::Ruleset* ruleset, std::uint32_t code) {
  if (ruleset == nullptr) return nullptr;
  for (const rules::RuleInfo& rule : ruleset->program.rules())
    if (rule_code(rule) == code) return &rule;
  return nullptr;
}

std::string rule_text(const rules::Ruleset* ruleset, std::uint32_t code, std::span<const Reason> numbers,
                      rules::Language language) {
  const rules::RuleInfo* rule = find_rule(ruleset, code);
  if (rule != nullptr && rule->values.size() == numbers.size()) {
    rules::Reason reason;
    reason.count = static_cast<std::uint16_t>(numbers.size());
    for (std::size_t i = 0; i < numbers.size(); ++i) reason.values[i] = value_of(numbers[i]);
    return rule->name + ": " + rules::render_reason(*rule, reason, language);
  }
  std::string text = rule != nullptr ? rule->name : fmt::format("rule {:08x}", code);
  for (const Reason& number : numbers) text += fmt::format(" {:g}", value_of(number).number());
  return text;
}

}  // namespace

std::uint32_t rule_code(const rules::RuleInfo& rule) {
  return static_cast<std::uint32_t>(rule.code);
}

bool add_reason(Judgement& judgement, IntakeReason code, std::uint32_t number) {
  if (judgement.reason_count == engagement::reasons_max) return false;
  judgement.reasons[judgement.reason_count++] = {static_cast<std::uint8_t>(code), number};
  return true;
}

void add_reasons(Judgement& judgement, const rules::Program& program, const rules::Verdict& verdict) {
  for (std::size_t i = 0; i < verdict.reason_count; ++i) {
    const rules::Reason& reason = verdict.reasons[i];
    const rules::RuleInfo& rule = program.rules()[reason.rule];
    if (!add_reason(judgement, IntakeReason::rule, rule_code(rule))) return;
    for (std::size_t k = 0; k < reason.count; ++k) {
      const Reason number = number_of(reason.values[k], rule.types[k]);
      if (!add_reason(judgement, static_cast<IntakeReason>(number.code), number.number)) return;
    }
  }
}

Reason put_delayed(engagement::Verdict verdict, std::int64_t after_ms) {
  const auto seconds = static_cast<std::uint32_t>(std::clamp<std::int64_t>((after_ms + 999) / 1000, 1, delay_s_max));
  return {static_cast<std::uint8_t>(IntakeReason::delayed), seconds << 2 | static_cast<std::uint32_t>(verdict)};
}

std::optional<Delayed> delayed_of(const Judgement& judgement) {
  if (judgement.reason_count == 0) return std::nullopt;
  const Reason& first = judgement.reasons[0];
  const std::uint32_t verdict = first.number & 3;
  if (first.code != static_cast<std::uint8_t>(IntakeReason::delayed) || verdict >= engagement::verdict_count)
    return std::nullopt;
  return Delayed{static_cast<engagement::Verdict>(verdict), std::int64_t{first.number >> 2} * us_per_second};
}

void add_delayed_reasons(engagement::LateVerdict& verdict, const Judgement& judgement) {
  const bool delayed = delayed_of(judgement).has_value();
  for (std::size_t i = delayed ? 1 : 0; i < judgement.reason_count; ++i)
    if (verdict.reason_count < engagement::reasons_max) verdict.reasons[verdict.reason_count++] = judgement.reasons[i];
}

std::vector<std::string> reason_texts(std::span<const Reason> reasons, const rules::Ruleset* ruleset,
                                      rules::Language language) {
  const bool chinese = language == rules::Language::chinese;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < reasons.size();) {
    const Reason& reason = reasons[i++];
    const std::size_t from = i;
    if (static_cast<IntakeReason>(reason.code) == IntakeReason::rule) {
      while (i < reasons.size() && is_number(reasons[i])) ++i;
      texts.push_back(rule_text(ruleset, reason.number, reasons.subspan(from, i - from), language));
    } else if (static_cast<IntakeReason>(reason.code) == IntakeReason::model) {
      texts.push_back(
          fmt::format(fmt::runtime(chinese ? "模型认为{:.1f}%可能为假" : "the model: {:.1f} % likely a fake"),
                      reason.number / 1e4));
    } else if (static_cast<IntakeReason>(reason.code) == IntakeReason::waited) {
      texts.push_back(fmt::format(
          fmt::runtime(chinese ? "暂缓{}秒，无人被牵连" : "held for {} s, and nobody was implicated"), reason.number));
    }
  }
  return texts;
}

}  // namespace zan::integrity
