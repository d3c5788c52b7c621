#include "matching/feed/weigh.h"

#include <algorithm>
#include <cmath>

#include "matching/ranking/online.h"
#include "matching/ranking/ranker.h"

namespace zan::matching {
namespace {

constexpr float doubt_prior = 4;  // showings that a foretold chance is worth

// How much more or less than others somebody takes to the tags of a work: 1/2 to 2.
float leaning(const Person& person, const WorkView& view, const Rates& usual, std::uint32_t now_s) {
  constexpr float prior = 4;
  const float expected = at(usual, Signal::long_view) + 2 * at(usual, Signal::like) + 0.05F;
  float strongest = 1;
  for (const std::uint32_t tag : view.tag_span()) {
    const Taste* stored = person.taste_of_tag(tag);
    if (stored == nullptr) continue;
    const Taste taste = faded(*stored, now_s);
    const float took = taste.long_views + 2 * taste.likes - taste.against + prior * expected;
    const float by = std::clamp(took / ((taste.shown + prior) * expected), 0.5F, 2.0F);
    if (std::abs(std::log(by)) > std::abs(std::log(strongest))) strongest = by;
  }
  return strongest;
}

// Without a model a work's own rates stand in, drawn to everybody's, and what the person takes to.
Rates rates_of(const Community& live, const Person& person, const WorkView& view, std::uint32_t now_s) {
  constexpr float prior = 20;
  const Response lately = faded(view, now_s);
  Response both;
  both.shown = view.ever.shown + lately.shown;
  for (std::size_t i = 0; i < signal_count; ++i) both.of[i] = view.ever.of[i] + lately.of[i];
  const Rates usual = live.baselines().everything(now_s).rates;
  Rates rates = drawn(both, usual, prior);
  const float by = leaning(person, view, usual, now_s);
  for (const Signal signal : {Signal::click, Signal::long_view, Signal::like, Signal::follow, Signal::comment})
    at(rates, signal) = std::min(1.0F, at(rates, signal) * by);
  for (const Signal signal : {Signal::dislike, Signal::leave})
    at(rates, signal) = std::min(1.0F, at(rates, signal) / by);
  return rates;
}

// The deviation of a worth whose chances come from so few showings; each signal's doubt for itself.
void set_deviation(const Policy& policy, Weighed& work) {
  float all = 0, good = 0;
  for (std::size_t i = 0; i < signal_count; ++i) {
    const float chance = work.chances[i], worth = policy.worth[i];
    const float variance = worth * worth * chance * (1 - chance) / (work.view.ever.shown + doubt_prior);
    all += variance;
    if (worth > 0) good += variance;
  }
  work.deviation = std::sqrt(all);
  work.upside = std::sqrt(good);
}

}  // namespace

void weigh(const Community& live, const Models* models, const Policy& policy, const Person& person,
           const KnownTastes& known, const Scene& scene, std::span<Weighed> works) {
  const std::uint32_t now_s = seconds_of(scene.at);
  for (Weighed& work : works) known.fill(work.candidate, work.view);
  if (models != nullptr && models->ranker != nullptr) {
    const RowMaker maker(person, scene, live.works(), live.baselines());
    std::vector<FeatureRow> rows;
    rows.reserve(works.size());
    for (const Weighed& work : works) rows.push_back(maker.row(work.candidate, work.view));
    std::vector<Rates> chances(works.size());
    models->ranker->predict(rows, chances);
    for (std::size_t i = 0; i < works.size(); ++i) {
      const OnlineKeys keys{works[i].candidate.work, works[i].view.creator, person.personalised ? person.id : PersonId{}};
      if (models->online != nullptr) models->online->correct(keys, rows[i], now_s, chances[i]);
      works[i].chances = chances[i];
    }
  } else {
    for (Weighed& work : works) work.chances = rates_of(live, person, work.view, now_s);
  }
  for (Weighed& work : works) {
    work.worth = 0;
    for (std::size_t i = 0; i < signal_count; ++i) work.worth += policy.worth[i] * work.chances[i];
    set_deviation(policy, work);
  }
}

}  // namespace zan::matching
