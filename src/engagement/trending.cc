#include "engagement/trending.h"

#include <algorithm>

namespace zan::engagement {

void Trending::add(const RecordedAct& act, Timestamp now) {
  if (act.effect == Effect::none ||
      (act.type != ActType::like && act.type != ActType::unlike && act.type != ActType::dislike))
    return;
  const std::lock_guard lock(mutex_);
  if (act.before == Reaction::liked && !act.before_incentivised && act.before_verdict == Verdict::genuine)
    add(act.subject, act.before_at, -1, now);
  if (act.type == ActType::like && !act.incentivised && act.judgement.verdict == Verdict::genuine)
    add(act.subject, act.at, 1, now);
}

void Trending::add(const VerdictRecord& verdict, Timestamp now) {
  const LateVerdict& what = verdict.what;
  if (what.type != ActType::like || verdict.incentivised) return;
  const std::lock_guard lock(mutex_);
  if (verdict.before == Verdict::genuine) add({what.target}, what.at, -1, now);
  if (what.verdict == Verdict::genuine) add({what.target}, what.at, 1, now);
}

void Trending::add(SubjectId subject, Timestamp at, std::int32_t amount, Timestamp now) {
  for (Window* window : {&hour_, &day_}) {
    const std::int64_t oldest = (now.us - window->length_us) / window->bucket_us;
    while (!window->buckets.empty() && window->buckets.begin()->first < oldest)
      window->buckets.erase(window->buckets.begin());
    if (at.us / window->bucket_us < oldest) continue;
    window->buckets[at.us / window->bucket_us][subject.value] += amount;
  }
}

std::vector<Trending::Item> Trending::top(TopWindow which, Timestamp now, std::size_t limit) const {
  std::unordered_map<std::uint32_t, std::int64_t> sums;
  {
    const std::lock_guard lock(mutex_);
    const Window& window = which == TopWindow::hour ? hour_ : day_;
    const std::int64_t oldest = (now.us - window.length_us) / window.bucket_us;
    for (auto bucket = window.buckets.lower_bound(oldest); bucket != window.buckets.end(); ++bucket)
      for (const auto& [subject, amount] : bucket->second) sums[subject] += amount;
  }
  std::vector<Item> items;
  for (const auto& [subject, sum] : sums)
    if (sum > 0) items.push_back({SubjectId{subject}, static_cast<std::uint64_t>(sum)});
  return largest(std::move(items), limit);
}

std::vector<Trending::Item> largest(std::vector<Trending::Item> items, std::size_t limit) {
  limit = std::min(limit, items.size());
  std::partial_sort(
      items.begin(), items.begin() + static_cast<std::ptrdiff_t>(limit), items.end(),
      [](const auto& a, const auto& b) { return a.likes != b.likes ? a.likes > b.likes : a.subject < b.subject; });
  items.resize(limit);
  return items;
}

}  // namespace zan::engagement
