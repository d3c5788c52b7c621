// Segments as text and as JSON (first byte even or odd). What is taken reads the same again, in both forms, and its canonical form
// is settled.
#include <cstdint>
#include <string_view>

#include "audience/segment/check.h"
#include "audience/segment/tree.h"
#include "base/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan::audience;
  if (size == 0) return 0;
  const Catalogue& catalogue = *Catalogue::standard();
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const SegmentOr read = data[0] % 2 == 0 ? parse_segment(rest, catalogue) : segment_of_json(rest, catalogue);
  if (const auto* problem = std::get_if<SegmentProblem>(&read)) {
    zan::require(!problem->message.empty() && !to_text(*problem).empty(), "what is refused is refused for a reason");
    return 0;
  }
  const Node& node = std::get<Node>(read);
  const Node settled = canonical(node);
  zan::require(canonical(settled) == settled, "the canonical form is settled");
  zan::require(hash_of(settled) == hash_of(node), "equal segments have equal hashes");
  const SegmentLimits limits;
  const std::string text = to_text(settled), json = to_json(settled);
  // Moving every "not" inwards may make a segment too long that was within bounds as it was written.
  if (check_size(settled, catalogue, limits) || text.size() > limits.text_bytes) return 0;
  const SegmentOr again = parse_segment(text, catalogue);
  zan::require(std::holds_alternative<Node>(again) && canonical(std::get<Node>(again)) == settled,
               "its text reads as the same");
  const SegmentOr json_again = segment_of_json(json, catalogue);
  zan::require(std::holds_alternative<Node>(json_again) && canonical(std::get<Node>(json_again)) == settled,
               "its JSON reads as the same");
  return 0;
}
