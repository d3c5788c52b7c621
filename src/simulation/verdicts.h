// Lines of a detector's verdicts, as CSV by the names in its header:
//
//   at,actor,subject,verdict,score,group,reason,judged_at
//
// Needed: at, actor, subject, verdict (genuine, held or rejected). Understood: judged_at (when the verdict was final; as `at`, milliseconds),
// device. Others may stand in any place and are passed over; a field may be quoted.
//
// Threads: one.
// Errors:  invalid: the header lacks a column, or names one twice; a line that does not fit it. `field` names the column.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace zan::simulation {

enum class Verdict : std::uint8_t { genuine, held, rejected };

// Views the line, as it stands there.
struct VerdictLine {
  std::int64_t at_ms = 0;
  std::optional<std::int64_t> judged_at_ms;
  std::string_view actor, subject, device;
  Verdict verdict = Verdict::genuine;
};

// The fields of a line, quotes and all; one that is not closed reaches to the end. `fields` is overwritten.
void split_csv(std::string_view line, std::vector<std::string_view>& fields);

class VerdictReader {
 public:
  static Result<VerdictReader> open(std::string_view header);
  Result<VerdictLine> read(std::string_view line);

 private:
  static constexpr std::size_t none = ~std::size_t{0};
  [[nodiscard]] std::string_view field(std::size_t column) const;

  std::size_t at_ = none, actor_ = none, subject_ = none, verdict_ = none, judged_at_ = none, device_ = none;
  std::size_t columns_ = 0;
  std::vector<std::string_view> fields_;
};

}  // namespace zan::simulation
