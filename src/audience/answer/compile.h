// From a segment's tree to a plan: tags become sets, days become numbers of today, names of segments and lists become
// what they are.
//
// Errors:  refused: a tag may not be used for this purpose, or not in a look-alike. not_found: a segment or list of
//          that name. conflict: segments that refer to each other in a circle. limited: too costly with all it refers
//          to. invalid: a look-alike of a look-alike. unsupported: a look-alike where none is made. What FindSimilar
//          answers.
// Threads: a pure function of what it is handed.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "audience/bitmap/plan.h"
#include "audience/events/event_index.h"
#include "audience/segment/tree.h"

namespace zan::audience {

// Segments and lists by name.
class SegmentNames {
 public:
  virtual ~SegmentNames() = default;
  [[nodiscard]] virtual std::optional<Node> segment(std::string_view name) const = 0;
  [[nodiscard]] virtual std::shared_ptr<const UserList> list(std::string_view name) const = 0;
};

// Whom a look-alike is like.
struct SimilarTo {
  std::string text;      // of the look-alike's own term
  std::string resolved;  // of the segment with all it refers to: equal ones are of the same people
  Plan plan;
  std::uint64_t size = 0;
};
using FindSimilar = std::function<Result<std::shared_ptr<const UserList>>(const SimilarTo&)>;

struct CompileContext {
  const Catalogue& catalogue;
  const EventIndex& events;
  const SegmentNames* names = nullptr;  // null: there are none
  std::uint32_t purpose = 0;
  Timestamp now;
  SegmentLimits limits;
  FindSimilar similar;  // empty: there are no look-alikes here
};

Result<Plan> compile(const Node& node, const CompileContext& context);

}  // namespace zan::audience
