#include "cold_start/baselines.h"

#include <algorithm>
#include <cmath>

namespace zan::cold_start {
namespace {

using matching::ShownItem;
using matching::SourceKind;

constexpr double prior_showings = 20;  // that a work's rate is mixed with
constexpr double little_known = 60;    // showings
constexpr std::int64_t fresh_us = 3 * us_per_day;

struct Scored {
  double score = 0;
  std::size_t work = 0;
};

void best_first(std::vector<Scored>& scored, std::size_t count) {
  const auto end = scored.begin() + static_cast<std::ptrdiff_t>(std::min(count, scored.size()));
  std::partial_sort(scored.begin(), end, scored.end(), [](const Scored& a, const Scored& b) {
    return a.score != b.score ? a.score > b.score : a.work < b.work;
  });
  scored.erase(end, scored.end());
}

double draw_normal(Rng& rng) {
  return std::sqrt(-2 * std::log(1 - rng.unit())) * std::cos(6.283185307179586 * rng.unit());
}

}  // namespace

void Counting::born(const matching::WorkFacts& work, Timestamp) {
  rows_[work.subject.value] = works_.size();
  works_.push_back({work});
}

void Counting::observe(const matching::Shown& shown) {
  for (const ShownItem& item : shown.items) {
    const std::size_t row = row_of(item.subject);
    works_[row].shown += 1;
    shown_ += 1;
    seen_[shown.person.value].insert(row);
    was_shown(shown.person, works_[row]);
  }
}

void Counting::observe(const matching::Deed& deed) {
  if (deed.doing != matching::Doing::view) return;
  Work& work = works_[row_of(deed.subject)];
  // An act from elsewhere counts as shown.
  if (!seen(deed.person, row_of(deed.subject))) {
    work.shown += 1;
    shown_ += 1;
  }
  if (!matching::has(matching::signals_of_view(deed.watch_ms, deed.duration_ms), matching::Signal::long_view)) return;
  work.long_views += 1;
  long_views_ += 1;
  long_viewed(deed.person, work);
}

bool Counting::seen(PersonId person, std::size_t work) const {
  const auto found = seen_.find(person.value);
  return found != seen_.end() && found->second.contains(work);
}

std::vector<ShownItem> ByChance::feed(PersonId person, const matching::Scene&, std::size_t places) {
  std::vector<Scored> scored;
  for (std::size_t i = 0; i < works_.size(); ++i)
    if (!seen(person, i)) scored.push_back({rng_.unit(), i});
  best_first(scored, places);
  std::vector<ShownItem> items;
  for (const Scored& one : scored) items.push_back({works_[one.work].facts.subject, SourceKind::unknown});
  return items;
}

std::vector<ShownItem> ByPopularity::feed(PersonId person, const matching::Scene&, std::size_t places) {
  std::vector<Scored> scored;
  for (std::size_t i = 0; i < works_.size(); ++i)
    if (!seen(person, i)) scored.push_back({works_[i].long_views, i});
  best_first(scored, places);
  std::vector<ShownItem> items;
  for (const Scored& one : scored) items.push_back({works_[one.work].facts.subject, SourceKind::trending});
  return items;
}

// Works are born in the order of their numbers, people's ids are their numbers and one.
std::vector<ShownItem> Oracle::feed(PersonId person, const matching::Scene&, std::size_t places) {
  std::vector<Scored> scored;
  for (std::size_t i = 0; i < works_.size(); ++i)
    if (!seen(person, i)) scored.push_back({world_.truth(person.value - 1, static_cast<std::uint32_t>(i))[1], i});
  best_first(scored, places);
  std::vector<ShownItem> items;
  for (const Scored& one : scored) items.push_back({works_[one.work].facts.subject, SourceKind::unknown});
  return items;
}

double Reference::taste(const Tastes& tastes, const Work& work) const {
  if (work.facts.tags.empty()) return 1;
  double sum = 0;
  for (const std::uint32_t tag : work.facts.tags) {
    const auto found = tastes.find(tag);
    const Taste taste = found == tastes.end() ? Taste{} : found->second;
    sum += (taste.long_views + 3 * rate()) / (taste.shown + 3) / rate();
  }
  return std::sqrt(sum / static_cast<double>(work.facts.tags.size()));
}

void Reference::long_viewed(PersonId person, const Work& work) {
  for (const std::uint32_t tag : work.facts.tags) tastes_[person.value][tag].long_views += 1;
}

void Reference::was_shown(PersonId person, const Work& work) {
  for (const std::uint32_t tag : work.facts.tags) tastes_[person.value][tag].shown += 1;
}

std::vector<ShownItem> Reference::feed(PersonId person, const matching::Scene& scene, std::size_t places) {
  std::vector<Scored> known, fresh;
  const Tastes& tastes = tastes_[person.value];
  for (std::size_t i = 0; i < works_.size(); ++i) {
    if (seen(person, i)) continue;
    const Work& work = works_[i];
    const double liking = taste(tastes, work), showings = work.shown + prior_showings;
    const double mean = (work.long_views + prior_showings * rate()) / showings;
    known.push_back({mean * liking, i});
    if (share_ <= 0 || work.shown >= little_known || scene.at.us - work.facts.published_at.us > fresh_us) continue;
    const double deviation = std::sqrt(mean * (1 - mean) / (showings + 1));
    fresh.push_back({(mean + deviation * draw_normal(rng_)) * liking, i});
  }
  owed_ = std::min(owed_ + share_ * static_cast<double>(places), static_cast<double>(places));
  const auto given = std::min<std::size_t>(fresh.size(), static_cast<std::size_t>(owed_));
  owed_ -= static_cast<double>(given);
  best_first(fresh, given);
  best_first(known, places);
  std::vector<ShownItem> items;
  const auto is_fresh = [&](std::size_t work) {
    return std::any_of(fresh.begin(), fresh.end(), [&](const Scored& one) { return one.work == work; });
  };
  for (const Scored& one : known)
    if (items.size() + given < places && !is_fresh(one.work))
      items.push_back({works_[one.work].facts.subject, SourceKind::content});
  // In the middle, so that they are seen.
  for (const Scored& one : fresh)
    items.insert(items.begin() + static_cast<std::ptrdiff_t>(items.size() / 2),
                 ShownItem{works_[one.work].facts.subject, SourceKind::fresh, true});
  return items;
}

}  // namespace zan::cold_start
