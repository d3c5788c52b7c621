#include "matching/feed/weigh.h"

#include <algorithm>
#include <cmath>

#include "matching/ranking/ranker.h"
#include "matching/retrieval/collaborative.h"

namespace zan::matching {
namespace {

constexpr double recent_half_life_s = 14 * 86'400.0;
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
float deviation_of(const Policy& policy, const Rates& chances, float shown) {
  float variance = 0;
  for (std::size_t i = 0; i < signal_count; ++i)
    variance += policy.worth[i] * policy.worth[i] * chances[i] * (1 - chances[i]) / (shown + doubt_prior);
  return std::sqrt(variance);
}

}  // namespace

std::vector<float> vector_of(const Models* models, const Community& live, const Person& person, std::uint32_t now_s) {
  if (models == nullptr || models->collaborative == nullptr) return {};
  const Collaborative& model = *models->collaborative;
  std::vector<Weighted> taken;
  for (const Taken& one : person.recent) {
    const std::uint32_t row = model.row_of(live.works().subject_of(one.work));
    if (row == Collaborative::no_row) continue;
    const double age_s = now_s > one.at_s ? now_s - one.at_s : 0;
    taken.push_back({row, one.weight * static_cast<float>(std::exp2(-age_s / recent_half_life_s))});
  }
  std::vector<float> vector(model.dimension());
  if (taken.empty() || !model.fold_in(taken, vector)) return {};
  return vector;
}

void fill_tastes(const Models* models, std::span<const float> vector, std::span<Weighed> works) {
  if (models == nullptr || models->collaborative == nullptr || vector.empty()) return;
  const Collaborative& model = *models->collaborative;
  std::vector<float> cold(model.dimension());
  for (Weighed& work : works) {
    if (work.candidate.taste != 0) continue;
    if (const std::uint32_t row = model.row_of(work.view.subject); row != Collaborative::no_row) {
      work.candidate.taste = model.product(vector, row);
    } else if (model.cold_vector(work.view.creator, work.view.tag_span(), cold)) {
      float product = 0;
      for (std::size_t i = 0; i < cold.size(); ++i) product += cold[i] * vector[i];
      work.candidate.taste = product;
    }
  }
}

void weigh(const Community& live, const Models* models, const Policy& policy, const Person& person, const Scene& scene,
           std::span<Weighed> works) {
  const std::uint32_t now_s = seconds_of(scene.at);
  if (models != nullptr && models->ranker != nullptr) {
    const RowMaker maker(person, scene, live.works(), live.baselines());
    std::vector<FeatureRow> rows;
    rows.reserve(works.size());
    for (const Weighed& work : works) rows.push_back(maker.row(work.candidate, work.view));
    std::vector<Rates> chances(works.size());
    models->ranker->predict(rows, chances);
    for (std::size_t i = 0; i < works.size(); ++i) works[i].chances = chances[i];
  } else {
    for (Weighed& work : works) work.chances = rates_of(live, person, work.view, now_s);
  }
  for (Weighed& work : works) {
    work.worth = 0;
    for (std::size_t i = 0; i < signal_count; ++i) work.worth += policy.worth[i] * work.chances[i];
    work.deviation = deviation_of(policy, work.chances, work.view.ever.shown);
  }
}

}  // namespace zan::matching
