#include "matching/training/trainer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/require.h"
#include "matching/sources/known_tastes.h"

namespace zan::matching {
namespace {

// Worse than what serves by this much of its log loss, and it is refused.
constexpr double worse_max = 0.01;
constexpr std::array judged_signals{Signal::click, Signal::long_view, Signal::like};

std::uint64_t pair_of(PersonId person, SubjectId subject) { return std::uint64_t{person.value} << 32 | subject.value; }

bool takes(const Deed& deed) {
  if (deed.doing == Doing::like || deed.doing == Doing::complete || deed.doing == Doing::share) return true;
  return deed.doing == Doing::view && has(signals_of_view(deed.watch_ms, deed.duration_ms), Signal::long_view);
}

// The time before which this share of them lies.
std::int64_t quantile(std::vector<std::int64_t>& times_us, double share) {
  const auto at = times_us.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(times_us.size()) * share);
  if (at == times_us.end()) return 0;
  std::nth_element(times_us.begin(), at, times_us.end());
  return *at;
}

}  // namespace

Trainer::Trainer(const TrainingOptions& options) : options_(options), rng_(options.collaborative.seed) {}

void Trainer::put(const WorkFacts& facts, Timestamp heard_of) {
  if (again_) return live_->put(facts, heard_of);
  works_[facts.subject.value] = facts;
}

void Trainer::put(const PersonFacts& facts) {
  if (again_) live_->put(facts);
}

void Trainer::erase(PersonId person) {
  if (again_) return live_->erase(person);
  std::erase_if(took_, [person](const Took& one) { return one.person == person.value; });
}

void Trainer::gather(const Deed& deed) {
  if (!deed.subject) return;
  until_us_ = std::max(until_us_, deed.at.us);
  deeds_us_.push_back(deed.at.us);
  if (takes(deed) && !paid_.contains(pair_of(deed.person, deed.subject))) took_.push_back({deed.person.value, deed.subject.value, deed.at.us});
}

// What somebody takes to of what was paid for last is not learnt from.
void Trainer::gather(const Shown& told) {
  for (const ShownItem& item : told.items) {
    if (is_paid(item.source)) {
      paid_.insert(pair_of(told.person, item.subject));
    } else {
      shown_us_.push_back(told.at.us);
      if (!paid_.empty()) paid_.erase(pair_of(told.person, item.subject));
    }
  }
}

void Trainer::take(const Shown& told) {
  if (!again_) {
    return gather(told);
  }
  const Shown shown = live_->untold(told);
  if (rows_of_feeds_ && shown.person && shown.at.us >= rows_from_us_)
    make_rows(shown.person, {shown.at, shown.surface, live_->people().read(shown.person).region}, shown.items);
  live_->take(shown);
}

void Trainer::take(const Deed& deed) {
  if (!again_) return gather(deed);
  if (!rows_of_feeds_ && deed.subject && deed.at.us >= rows_from_us_ && deed.doing != Doing::unlike) {
    const WorkRow row = live_->works().row_of(deed.subject);
    const Person person = live_->people().read(deed.person);
    const ShownItem item{deed.subject};
    if (row != no_work && person.seen_of(row) == nullptr) make_rows(deed.person, {deed.at, deed.surface, deed.region}, {&item, 1});
  }
  const Heard heard = live_->take(deed);
  if (!deed.subject) return;
  const WorkRow row = live_->works().row_of(deed.subject);
  if (row == no_work) return;
  if (heard.fresh != 0) harvest_.came(deed.person, row, heard.fresh, deed.at);
  if (heard.withdrawn != 0) harvest_.withdrawn(deed.person, row, heard.withdrawn);
}

bool Trainer::lucky() { return row_share_ >= 1 || rng_.chance(row_share_); }

void Trainer::make_rows(PersonId id, const Scene& scene, std::span<const ShownItem> items) {
  const Person person = live_->people().read(id);
  const KnownTastes known(&*before_, live_->works(), person, seconds_of(scene.at));
  const RowMaker maker(person, scene, live_->works(), live_->baselines());
  for (std::size_t place = 0; place < items.size(); ++place) {
    const WorkRow row = live_->works().row_of(items[place].subject);
    if (row == no_work || is_paid(items[place].source) || !lucky()) continue;
    const WorkView view = live_->works().read(row);
    Candidate candidate{row};
    known.fill(candidate, view);
    FeatureRow features = maker.row(candidate, view);
    at(features, Feature::place) = static_cast<float>(place);
    const double weight = items[place].explored ? options_.explored_weight : 1;
    harvest_.shown(id, row, features, scene.at, static_cast<float>(weight));
  }
}

// Of what was taken to before `until_us`.
Result<Collaborative> Trainer::learn(std::int64_t until_us) {
  std::unordered_map<std::uint32_t, std::uint32_t> users, items;
  std::vector<SubjectId> subjects;
  std::vector<ItemTraits> traits;
  std::vector<Pair> pairs;
  for (const Took& took : took_) {
    if (took.at_us >= until_us) continue;
    const auto user = users.try_emplace(took.person, static_cast<std::uint32_t>(users.size())).first->second;
    const auto [item, fresh] = items.try_emplace(took.subject, static_cast<std::uint32_t>(items.size()));
    if (fresh) {
      subjects.push_back({took.subject});
      const auto facts = works_.find(took.subject);
      traits.push_back(facts == works_.end() ? ItemTraits() : ItemTraits{facts->second.creator, facts->second.tags});
    }
    pairs.emplace_back(user, item->second);
  }
  const Interactions matrix = interactions_of(std::move(pairs), static_cast<std::uint32_t>(users.size()),
                                              static_cast<std::uint32_t>(items.size()));
  return learn_collaborative(matrix, std::move(subjects), traits, options_.collaborative);
}

Result<void> Trainer::begin_rows() {
  require(!again_, "the past is told twice");
  if (took_.size() < options_.taken_min)
    return limited(fmt::format("{} likes and long views are there; {} teach something", took_.size(),
                               options_.taken_min));
  rows_of_feeds_ = shown_us_.size() >= options_.shown_rows_min;
  std::vector<std::int64_t>& times_us = rows_of_feeds_ ? shown_us_ : deeds_us_;
  rows_from_us_ = quantile(times_us, options_.before_rows);
  const double rows = static_cast<double>(times_us.size()) * (1 - options_.before_rows);
  row_share_ = rows <= static_cast<double>(options_.rows_max) ? 1 : static_cast<double>(options_.rows_max) / rows;
  shown_us_ = {};
  deeds_us_ = {};
  ZAN_ASSIGN(before_, learn(rows_from_us_));
  live_ = std::make_unique<Community>(options_.limits);
  again_ = true;
  return {};
}

Result<Trained> Trainer::finish(const Ranker* serving) {
  require(again_, "the past is told twice");
  live_.reset();
  before_.reset();
  Trained trained;
  trained.taken = took_.size();
  trained.rows_of_feeds = rows_of_feeds_;
  trained.trained_until_us = until_us_;
  const Showings rows = harvest_.take();
  trained.rows = rows.size();
  if (rows.size() >= ranker_rows_min) {
    ZAN_ASSIGN(TrainedRanker ranker, train_ranker(rows, options_.ranker));
    trained.judged = ranker.judged;
    const double learnt = options_.ranker.fit_share + options_.ranker.calibrate_share;
    const auto judged_from = static_cast<std::size_t>(static_cast<double>(rows.size()) * learnt);
    if (serving != nullptr) trained.serving = judge_ranker(*serving, rows, judged_from);
    trained.ranker = std::make_shared<const Ranker>(std::move(ranker.ranker));
  } else {
    trained.notes.push_back(fmt::format("{} showings are too few for a ranker; works' own rates stand in", rows.size()));
  }
  ZAN_ASSIGN(Collaborative collaborative, learn(until_us_ + 1));
  trained.notes.insert(trained.notes.end(), collaborative.notes().begin(), collaborative.notes().end());
  trained.collaborative = std::make_shared<const Collaborative>(std::move(collaborative));
  return trained;
}

Comparison compare(const Trained& trained) {
  if (!trained.serving || trained.ranker == nullptr) return {};
  for (const Signal signal : judged_signals) {
    const Judgement& fresh = trained.judged[static_cast<std::size_t>(signal)];
    const Judgement& old = (*trained.serving)[static_cast<std::size_t>(signal)];
    if (old.positives == 0 || fresh.log_loss <= old.log_loss * (1 + worse_max)) continue;
    return {false, fmt::format("{}: log loss {:.4f} against {:.4f} of what serves", to_string(signal), fresh.log_loss,
                               old.log_loss)};
  }
  return {};
}

}  // namespace zan::matching
