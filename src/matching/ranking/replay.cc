#include "matching/ranking/replay.h"

#include <algorithm>

namespace zan::matching {
Result<InCommon> InCommon::learn(const std::vector<Pair>& pairs, std::uint32_t works, std::size_t threads) {
  InCommon learned;
  learned.pairs_ = pairs.size();
  learned.works_ = works;
  std::vector<Pair> dense;
  for (const auto& [person, work] : pairs) {
    const auto next = static_cast<std::uint32_t>(learned.users_.size());
    dense.emplace_back(learned.users_.try_emplace(person, next).first->second, work);
  }
  const Interactions matrix =
      interactions_of(std::move(dense), static_cast<std::uint32_t>(learned.users_.size()), works);
  const ItemGraph graph = item_graph(matrix, {.user_exponent = 0.5, .row_entries_max = 2000, .threads = threads});
  ZAN_ASSIGN(learned.weights_, sparse_item_ridge(graph, {.penalty = 4, .neighbours_max = 100, .threads = threads}));
  ZAN_ASSIGN(learned.factors_, ials(matrix, {.dimension = 64, .rounds = 6, .threads = threads}));
  return learned;
}

float InCommon::similar(const Person& person, WorkRow work) const {
  float sum = 0;
  for (const Taken& taken : person.recent) {
    if (taken.work >= works_ || taken.work == work) continue;
    const auto from = weights_.targets.begin() + static_cast<std::ptrdiff_t>(weights_.offsets[taken.work]);
    const auto to = weights_.targets.begin() + static_cast<std::ptrdiff_t>(weights_.offsets[taken.work + 1]);
    const auto found = std::lower_bound(from, to, work);
    if (found != to && *found == work)
      sum += weights_.weights[static_cast<std::size_t>(found - weights_.targets.begin())];
  }
  return sum;
}

float InCommon::taste(PersonId person, WorkRow work) const {
  const auto user = users_.find(person.value);
  if (user == users_.end() || work >= works_) return 0;
  const float* a = factors_.users.data() + user->second * factors_.dimension;
  const float* b = factors_.items.data() + work * factors_.dimension;
  float product = 0;
  for (std::size_t i = 0; i < factors_.dimension; ++i) product += a[i] * b[i];
  return product;
}

Replay::Replay(const ReplayOptions& options, Raw raw)
    : options_(options), raw_(std::move(raw)), community_(options.limits), harvest_(options.raw_count) {}

FeatureRow Replay::row_of(const Shown& shown, const Person& person, const RowMaker& maker, WorkRow work,
                          std::size_t place) const {
  Candidate candidate;
  candidate.work = work;
  if (in_common_ != nullptr) {
    candidate.similar = in_common_->similar(person, work);
    candidate.taste = in_common_->taste(shown.person, work);
  }
  const WorkView view = community_.works().read(work);
  FeatureRow row = maker.row(candidate, view);
  at(row, Feature::place) = static_cast<float>(place);
  if (raw_) raw_(shown.person, view.subject, {shown.at, shown.surface, {}}, std::span(row).subspan(feature_count));
  return row;
}

Person Replay::person_of(const Shown& shown) {
  if (shown.at < options_.people_as_of) return community_.people().read(shown.person);
  const auto known = as_of_.find(shown.person.value);
  if (known != as_of_.end()) return known->second;
  return as_of_.emplace(shown.person.value, community_.people().read(shown.person)).first->second;
}

Result<void> Replay::take(const Shown& shown) {
  if (const std::int64_t day = options_.learn_every_us == 0 ? -1 : shown.at.us / options_.learn_every_us;
      day != learned_day_ && !taken_.empty()) {
    ZAN_ASSIGN(InCommon learned, InCommon::learn(taken_, static_cast<std::uint32_t>(community_.works().size()),
                                                 options_.threads));
    in_common_ = std::make_unique<const InCommon>(std::move(learned));
    learned_day_ = day;
  }
  const Scene scene{shown.at, shown.surface, {}};
  const Person person = person_of(shown);
  const RowMaker maker(person, scene, community_.works(), baselines_);
  for (std::size_t place = 0; place < shown.items.size() && shown.person; ++place) {
    const ShownItem& item = shown.items[place];
    WorkRow work = community_.works().row_of(item.subject);
    if (work == no_work) continue;  // nothing is known of it
    const float weight = item.explored ? static_cast<float>(options_.explored_weight) : 1.0F;
    harvest_.shown(shown.person, work, row_of(shown, person, maker, work, place), shown.at, weight);
    works_shown_.push_back(work);
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
