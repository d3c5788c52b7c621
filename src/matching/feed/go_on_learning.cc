#include "matching/feed/go_on_learning.h"

#include "matching/ranking/online.h"
#include "matching/ranking/ranker.h"
#include "matching/sources/known_tastes.h"

namespace zan::matching {

void learn_online(const Community& live, const Models& models, const Shown& shown) {
  if (models.online == nullptr || models.ranker == nullptr || !shown.person || !shown.personalised) return;
  const Person person = live.people().read(shown.person);
  if (!person.personalised) return;
  const Scene scene{shown.at, shown.surface, person.region};
  const KnownTastes known(models.collaborative.get(), live.works(), person, seconds_of(shown.at));
  const RowMaker maker(person, scene, live.works(), live.baselines());
  std::vector<FeatureRow> rows;
  std::vector<OnlineKeys> keys;
  for (const ShownItem& item : shown.items) {
    const WorkRow work = live.works().row_of(item.subject);
    if (work == no_work || is_paid(item.source)) continue;
    const WorkView view = live.works().read(work);
    Candidate candidate{work};
    known.fill(candidate, view);
    rows.push_back(maker.row(candidate, view));
    keys.push_back({work, view.creator, shown.person});
  }
  std::vector<Rates> rates(rows.size());
  models.ranker->predict(rows, rates);
  for (std::size_t i = 0; i < rows.size(); ++i) models.online->shown(keys[i], rows[i], rates[i], seconds_of(shown.at));
}

void learn_online(const Community& live, const Models& models, const Deed& deed, const Heard& heard) {
  if (models.online == nullptr || heard.fresh == 0 || !deed.subject) return;
  const WorkRow work = live.works().row_of(deed.subject);
  if (work != no_work) models.online->came(deed.person, work, heard.fresh, seconds_of(deed.at));
}

}  // namespace zan::matching
