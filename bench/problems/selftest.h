// Checks the tools with which everything else is checked: distinct pairs, shapes, readers fed byte
// by byte, quantiles.
#pragma once

namespace zan::bench {

void run_selftest();  // fails the run at the first difference

}  // namespace zan::bench
