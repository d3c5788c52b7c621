#include "zan/tagged_run.h"

#include "zan/output.h"
#include "zan/progress_bar.h"

namespace zan::app {

Result<void> write_tagged(const TaggedRun& run, const Interrupts& interrupts) {
  simulation::TaggedPeople people(run.people);
  if (!run.catalogue_out.empty()) {
    ZAN_ASSIGN(const auto output, Output::open(run.catalogue_out));
    ZAN_TRY(output->write(people.catalogue()));
    ZAN_TRY(output->finish());
  }
  ZAN_ASSIGN(const auto output, Output::open(run.out));
  ProgressBar bar("simulating");
  std::string rows(simulation::tagged_header);
  do {
    if (interrupts.happened()) return Error{ErrorKind::expired, "interrupted", {}};
    ZAN_TRY(output->write(rows));
    rows.clear();
    bar.update(people.done(), run.people.people, grouped(people.done()) + " people");
  } while (people.next(rows));
  bar.finish(grouped(people.done()) + " people");
  return output->finish();
}

}  // namespace zan::app
