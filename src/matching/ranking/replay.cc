#include "matching/ranking/replay.h"

#include <utility>

#include "matching/interactions.h"
#include "matching/sources/known_tastes.h"

namespace zan::matching {
Replay::Replay(const ReplayOptions& options, Raw raw)
    : options_(options), raw_(std::move(raw)), community_(options.limits), harvest_(options.raw_count) {}

Result<void> Replay::learn(Timestamp now) {
  if (options_.learn_every_us == 0 || taken_.empty() || now.us / options_.learn_every_us == learned_at_) return {};
  const Works& works = community_.works();
  std::unordered_map<std::uint32_t, std::uint32_t> users;
  std::vector<Pair> pairs;
  for (const auto& [person, work] : taken_)
    pairs.emplace_back(users.try_emplace(person, static_cast<std::uint32_t>(users.size())).first->second, work);
  std::vector<SubjectId> subjects;
  std::vector<ItemTraits> traits;
  for (WorkRow row = 0; row < works.size(); ++row) {
    const WorkView view = works.read(row);
    subjects.push_back(view.subject);
    traits.push_back({view.creator, {view.tag_span().begin(), view.tag_span().end()}});
  }
  const auto work_count = static_cast<std::uint32_t>(subjects.size());
  const Interactions matrix =
      interactions_of(std::move(pairs), static_cast<std::uint32_t>(users.size()), work_count);
  ZAN_ASSIGN(Collaborative learned, learn_collaborative(matrix, std::move(subjects), traits, options_.collaborative));
  model_ = std::make_unique<const Collaborative>(std::move(learned));
  learned_at_ = now.us / options_.learn_every_us;
  return {};
}

Person Replay::person_of(const Shown& shown) {
  if (shown.at < options_.people_as_of) return community_.people().read(shown.person);
  const auto known = as_of_.find(shown.person.value);
  if (known != as_of_.end()) return known->second;
  return as_of_.emplace(shown.person.value, community_.people().read(shown.person)).first->second;
}

Result<void> Replay::take(const Shown& shown) {
  ZAN_TRY(learn(shown.at));
  const Scene scene{shown.at, shown.surface, {}};
  const Person person = person_of(shown);
  const RowMaker maker(person, scene, community_.works(), baselines_);
  const KnownTastes known(model_.get(), community_.works(), person, seconds_of(shown.at));
  for (std::size_t place = 0; place < shown.items.size() && shown.person; ++place) {
    const ShownItem& item = shown.items[place];
    Candidate candidate;
    candidate.work = community_.works().row_of(item.subject);
    if (candidate.work == no_work) continue;  // nothing is known of it
    const WorkView view = community_.works().read(candidate.work);
    known.fill(candidate, view);
    FeatureRow row = maker.row(candidate, view);
    at(row, Feature::place) = static_cast<float>(place);
    if (raw_) raw_(shown.person, view.subject, scene, std::span(row).subspan(feature_count));
    const float weight = item.explored ? static_cast<float>(options_.explored_weight) : 1.0F;
    harvest_.shown(shown.person, candidate.work, row, shown.at, weight);
    works_shown_.push_back(candidate.work);
  }
  community_.take(shown);
  for (const ShownItem& item : shown.items) {
    const WorkRow work = community_.works().row_of(item.subject);
    if (work != no_work) baselines_.shown(scene, person.activity, community_.works().read(work));
  }
  return {};
}

void Replay::remember(const Deed& deed) {
  const Heard heard = community_.take(deed);
  note_taken(deed, heard);
}

void Replay::erase(PersonId person) {
  community_.erase(person);
  std::erase_if(taken_, [person](const Pair& one) { return one.first == person.value; });
}

void Replay::note_taken(const Deed& deed, const Heard& heard) {
  const WorkRow work = deed.subject ? community_.works().row_of(deed.subject) : no_work;
  if (work != no_work && (has(heard.fresh, Signal::like) || has(heard.fresh, Signal::long_view)))
    taken_.emplace_back(deed.person.value, work);
}

void Replay::take(const Deed& deed) {
  const Heard heard = community_.take(deed);
  const WorkRow work = deed.subject ? community_.works().row_of(deed.subject) : no_work;
  if (work == no_work) return;
  const Scene scene{deed.at, deed.surface, deed.region};
  const std::uint32_t activity = community_.people().read(deed.person).activity;
  const WorkView view = community_.works().read(work);
  if (heard.unshown) baselines_.shown(scene, activity, view);
  baselines_.came(scene, activity, view, heard.fresh, heard.withdrawn);
  if (heard.fresh != 0) harvest_.came(deed.person, work, heard.fresh, deed.at);
  if (heard.withdrawn != 0) harvest_.withdrawn(deed.person, work, heard.withdrawn);
  note_taken(deed, heard);
}

}  // namespace zan::matching
