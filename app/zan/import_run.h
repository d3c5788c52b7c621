// One import with everything a person at a terminal wants of it: a progress bar, refused rows, a report.
#pragma once

#include <string>

#include "connectors/connectors.h"

namespace zan::app {

struct ImportRun {
  std::string label;               // of the progress bar
  storage::Disk* notes = nullptr;  // as connectors::ImportOptions
  bool restart = false;
  std::uint64_t problems_max = 20;
  std::stop_token stop;
};

// Progress and refused rows go to standard error.
Result<connectors::ImportReport> run_import(connectors::Sink& sink, connectors::Source& source, const ImportRun& run);

// "228,329 exposures, 100,900 clicks, ..."
std::string describe_totals(const connectors::ImportReport& report);
// What came of it, for standard output; a few lines.
std::string describe(const connectors::ImportReport& report);

}  // namespace zan::app
