// Texts of rules, and a book of them as JSON (first byte even or odd). What is taken prints, reads and judges the same
// again.
#include <cstdint>
#include <string_view>

#include "base/require.h"
#include "integrity/rules/book.h"
#include "integrity/rules/sim_catalogue.h"

namespace zan::integrity::rules {
namespace {

void try_rules(std::string_view text) {
  const Loaded loaded = load_ruleset(text, sim_environment());
  require(loaded.ruleset || !loaded.problems.empty(), "what is refused is refused for a reason");
  if (!loaded.ruleset) return;
  const Loaded again = load_ruleset(loaded.ruleset->canonical, sim_environment());
  if (again.ruleset == nullptr) {
    // Only the canonical text of a very long one can be over the limit.
    require(loaded.ruleset->canonical.size() > sim_environment().limits.text_bytes, "what was printed can be read");
    return;
  }
  require(again.ruleset->id == loaded.ruleset->id, "what was printed reads as the same");
  require(run_tests(*again.ruleset) == run_tests(*loaded.ruleset), "and decides the same");
}

void try_book(std::string_view text) {
  const auto book = RuleBook::parse_json(text);
  if (!book.ok()) return;
  const auto again = RuleBook::parse_json(book->to_json());
  require(again.ok() && *again == *book, "a book is written as it was read");
}

}  // namespace
}  // namespace zan::integrity::rules

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan::integrity::rules;
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 2 == 0) {
    try_rules(rest);
  } else {
    try_book(rest);
  }
  return 0;
}
