// From a segment's tree to a plan: tags become sets, days become numbers of today, names of segments and lists become what they are.
//
// Errors: refused: a tag may not be used for this purpose. not_found: a segment or list of that name. conflict: segments that
//         refer to each other in a circle. limited: too costly with all it refers to.
// Threads: a pure function of what it is handed.
#pragma once

#include <memory>
#include <optional>
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

struct CompileContext {
  const Catalogue& catalogue;
  const EventIndex& events;
  const SegmentNames* names = nullptr;  // null: there are none
  std::uint32_t purpose = 0;
  Timestamp now;
  SegmentLimits limits;
};

Result<Plan> compile(const Node& node, const CompileContext& context);

}  // namespace zan::audience
