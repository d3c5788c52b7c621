#include "cold_start/feeds_recommender.h"

#include <algorithm>

#include "matching/sources/known_tastes.h"

namespace zan::cold_start {

using matching::Doing;
using matching::Signal;

FeedsOptions small_feeds(std::uint64_t seed, float explore_share) {
  FeedsOptions options;
  options.seed = seed;
  options.policy.explore_share = explore_share;
  options.ranker.trees = 50;
  options.ranker.depth = 4;
  options.ranker.learning_rate = 0.12;
  options.ranker.seed = static_cast<std::uint32_t>(seed);
  options.collaborative.dimension = 16;
  options.collaborative.seconds_max = 1;
  options.collaborative.threads = 1;
  options.collaborative.seed = seed;
  return options;
}

FeedsRecommender::FeedsRecommender(const FeedsOptions& options)
    : options_(options), live_({100'000, 100'000}), feeds_(live_) {
  feeds_.set(std::make_shared<const matching::Policy>(options.policy));
}

std::string FeedsRecommender::name() const {
  return options_.policy.explore_share > 0 ? "feeds" : "feeds, no exploration";
}

std::vector<matching::ShownItem> FeedsRecommender::feed(PersonId person, const matching::Scene& scene,
                                                        std::size_t places) {
  matching::FeedQuestion question;
  question.person = person;
  question.scene = scene;
  question.limit = places;
  const auto answer = feeds_.feed(question);
  require(answer.ok(), "a question within its bounds");
  std::vector<matching::ShownItem> items;
  for (const matching::FeedItem& item : answer->items) items.push_back({item.subject, item.source, item.explored});
  return items;
}

// Rows as they are when serving, before anything of the showing is known.
void FeedsRecommender::harvest(const matching::Shown& shown) {
  matching::Scene scene{shown.at, shown.surface, {}};
  const matching::Person person = live_.people().read(shown.person);
  const auto models = feeds_.models();
  const matching::KnownTastes known(models->collaborative.get(), live_.works(), person, matching::seconds_of(shown.at));
  const matching::RowMaker maker(person, scene, live_.works(), live_.baselines());
  for (std::size_t place = 0; place < shown.items.size(); ++place) {
    const matching::WorkRow work = live_.works().row_of(shown.items[place].subject);
    const matching::WorkView view = live_.works().read(work);
    matching::Candidate candidate{work};
    known.fill(candidate, view);
    matching::FeatureRow row = maker.row(candidate, view);
    matching::at(row, matching::Feature::place) = static_cast<float>(place);
    harvest_.shown(shown.person, work, row, shown.at);
  }
}

void FeedsRecommender::observe(const matching::Shown& shown) {
  people_ = std::max(people_, shown.person.value + 1);
  harvest(shown);
  live_.take(shown);
}

void FeedsRecommender::observe(const matching::Deed& deed) {
  people_ = std::max(people_, deed.person.value + 1);
  const matching::Heard heard = live_.take(deed);
  const matching::WorkRow row = live_.works().row_of(deed.subject);
  harvest_.came(deed.person, row, heard.fresh, deed.at);
  const bool is_long = deed.doing == Doing::view &&
                       matching::has(matching::signals_of_view(deed.watch_ms, deed.duration_ms), Signal::long_view);
  if (is_long || deed.doing == Doing::like) taken_.emplace_back(deed.person.value, row);
}

std::shared_ptr<const matching::Collaborative> FeedsRecommender::learn_collaborative() const {
  const auto works = static_cast<std::uint32_t>(live_.works().size());
  std::vector<SubjectId> subjects;
  std::vector<matching::ItemTraits> traits;
  for (std::uint32_t row = 0; row < works; ++row) {
    const matching::WorkView view = live_.works().read(row);
    subjects.push_back(view.subject);
    traits.push_back({view.creator, {view.tag_span().begin(), view.tag_span().end()}});
  }
  auto learnt = matching::learn_collaborative(matching::interactions_of(taken_, people_, works), std::move(subjects),
                                              traits, options_.collaborative);
  if (!learnt.ok()) return nullptr;
  return std::make_shared<const matching::Collaborative>(std::move(learnt).value());
}

void FeedsRecommender::retrain(Timestamp) {
  if (!options_.learn_on.contains(++night_)) return;
  matching::Models models;
  models.version = night_;
  models.collaborative = learn_collaborative();
  auto trained = matching::train_ranker(harvest_.showings(), options_.ranker);
  if (trained.ok()) models.ranker = std::make_shared<const matching::Ranker>(std::move(trained->ranker));
  feeds_.set(std::make_shared<const matching::Models>(models));
}

}  // namespace zan::cold_start
