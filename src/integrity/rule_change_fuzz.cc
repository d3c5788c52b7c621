// Changes of the rules out of a damaged journal: what is taken is written as it was.
#include <cstdint>

#include "base/require.h"
#include "integrity/rule_change.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan;
  const ByteSpan record = std::as_bytes(std::span(data, size));
  const auto change = integrity::read_rule_change(record);
  if (!change.ok()) return 0;
  Bytes again;
  integrity::put_rule_change(again, *change);
  const auto twice = integrity::read_rule_change(again);
  require(twice.ok() && *twice == *change, "what is written is read as it was");
  integrity::rules::RuleBook book;
  const bool taken = integrity::take_over(book, *change, 1'700'000'000'000'000).ok();
  require(taken == (change->kind == integrity::rules::ChangeKind::add), "an empty book takes a new version only");
  return 0;
}
