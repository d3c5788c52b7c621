// Which rulesets there are, which one is in service, which ones run in the shadow, and who changed that, when and why.
//
// A value: the caller keeps it (as JSON text) and makes its changes durable. Nothing is ever taken out; the history
// only grows, up to its limit. What goes into service must compile now, against what there is now, and pass its own
// tests.
//
// Threads: one.
// Errors:  invalid (the problems, one a line), not_found, conflict, refused (a test fails), limited.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "integrity/rules/ruleset.h"

namespace zan::integrity::rules {

inline constexpr std::size_t versions_max = 1000;
inline constexpr std::size_t shadows_max = 8;
inline constexpr std::size_t history_max = 100'000;
inline constexpr std::size_t note_bytes_max = 2000;            // of who and of why
inline constexpr std::size_t book_json_bytes_max = 64U << 20;  // when it is read

// Who wants a change, when and why. Neither name nor reason is empty.
struct Change {
  std::string who;
  std::int64_t when_ms = 0;
  std::string why;
  auto operator<=>(const Change&) const = default;
};

enum class ChangeKind : unsigned char { add, activate, deactivate, shadow, unshadow };

struct HistoryEntry {
  ChangeKind kind = ChangeKind::add;
  RulesetId id;
  Change change;
  auto operator<=>(const HistoryEntry&) const = default;
};

class RuleBook {
 public:
  // Takes a text that compiles; its name is the digest of its canonical form. A text that is there already changes
  // nothing.
  Result<RulesetId> add(std::string_view text, const Environment& environment, const Change& change);
  // refused: a test of the ruleset fails. Gives what is now to be used.
  Result<std::shared_ptr<const Ruleset>> activate(RulesetId id, const Environment& environment, const Change& change);
  // Nothing is enforced any more.
  Result<void> deactivate(const Change& change);
  Result<std::shared_ptr<const Ruleset>> shadow(RulesetId id, const Environment& environment, const Change& change);
  Result<void> unshadow(RulesetId id, const Change& change);
  // A change that was decided before, out of a journal: nothing is compiled. `text`: of a new version, else empty.
  // corrupt: it cannot have been decided of this book; nothing has changed.
  Result<void> take_over(const HistoryEntry& entry, std::string_view text);

  [[nodiscard]] const std::optional<RulesetId>& active() const { return active_; }
  [[nodiscard]] const std::vector<RulesetId>& shadows() const { return shadows_; }
  [[nodiscard]] const std::vector<HistoryEntry>& history() const { return history_; }
  // As their author wrote them, comments and all.
  [[nodiscard]] const std::map<RulesetId, std::string>& texts() const { return texts_; }
  // Compiles a version anew, for a start of the process. not_found; invalid: it does not compile any more.
  Result<std::shared_ptr<const Ruleset>> load(RulesetId id, const Environment& environment) const;

  [[nodiscard]] std::string to_json() const;
  // corrupt: no book, or one that to_json() cannot have written.
  static Result<RuleBook> parse_json(std::string_view json);

  auto operator<=>(const RuleBook&) const = default;

 private:
  Result<void> check(const Change& change) const;
  void note(ChangeKind kind, RulesetId id, const Change& change) { history_.push_back({kind, id, change}); }
  Result<void> enter(const HistoryEntry& entry);

  std::map<RulesetId, std::string> texts_;
  std::optional<RulesetId> active_;
  std::vector<RulesetId> shadows_;
  std::vector<HistoryEntry> history_;
};

}  // namespace zan::integrity::rules
