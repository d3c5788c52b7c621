#include "matching/ranking/features.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "base/hash.h"

namespace zan::matching {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float work_prior = 20, person_prior = 10, taste_prior = 3;
constexpr std::size_t taken_looked_at = 12, seen_looked_at = 8, showings_looked_at = 30;
constexpr std::uint32_t lately_s = 3600;

constexpr std::array<const char*, feature_count> names = {
    "work_lately_shown", "work_lately_click", "work_lately_long_view", "work_lately_like", "work_lately_leave",
    "work_ever_shown", "work_click", "work_long_view", "work_like", "work_follow", "work_comment", "work_dislike",
    "work_leave", "work_age", "work_duration", "kind_click", "kind_long_view", "kind_like", "surface_click",
    "surface_long_view", "surface_like", "surface_kind_click", "surface_kind_long_view", "hour_click",
    "hour_long_view", "activity_click", "activity_long_view", "activity_like", "tag_shown", "tag_click",
    "tag_long_view", "tag_like", "tag_leave", "creator_shown", "creator_click", "creator_long_view", "creator_like",
    "creator_follow", "creator_leave", "person_shown", "person_click", "person_long_view", "person_like",
    "person_follow", "person_comment", "person_dislike", "person_leave", "person_last_click",
    "person_last_long_view", "person_last_leave", "person_away", "person_known_for", "person_taken",
    "person_shown_lately", "person_hour", "person_at_home", "tag_taste_shown", "tag_taste_click",
    "tag_taste_long_view", "tag_taste_like", "tag_taste_against", "creator_taste_shown", "creator_taste_click",
    "creator_taste_like", "creator_taste_against", "follows", "seen_before", "seen_ago", "similar", "taste",
    "duration_to_usual", "same_tag_taken", "same_tag_seen", "same_creator_taken", "same_kind_taken", "place"};

float log1(float count) { return std::log1p(std::max(0.0F, count)); }

// Log of hours; NaN where `from_s` is not known.
float hours_since(std::uint32_t from_s, std::uint32_t now_s) {
  if (from_s == 0) return nan;
  return now_s > from_s ? std::log1p(static_cast<float>(now_s - from_s) / 3600) : 0;
}

float log_duration(std::uint32_t duration_ms) {
  return duration_ms == 0 ? nan : std::log(static_cast<float>(duration_ms) / 1000);
}

bool share_tag(const WorkView& a, const WorkView& b) {
  const auto of_b = b.tag_span();
  return std::any_of(a.tag_span().begin(), a.tag_span().end(), [&](std::uint32_t tag) {
    return std::find(of_b.begin(), of_b.end(), tag) != of_b.end();
  });
}

// The views of the works of the last `count` of a list.
template <typename List, typename Into>
void remember(const List& list, std::size_t count, const Works& works, Into& into) {
  for (std::size_t i = list.size(); i > 0 && into.size() < count; --i) {
    if (list[i - 1].work < works.size()) into.push_back({works.read(list[i - 1].work)});
  }
}

template <typename List, typename Is>
float share_of(const List& list, const Is& is) {
  if (list.empty()) return nan;
  const auto count = std::count_if(list.begin(), list.end(), is);
  return static_cast<float>(count) / static_cast<float>(list.size());
}

float rate(float count, float shown, float parent, float prior) { return (count + prior * parent) / (shown + prior); }

}  // namespace

const char* name_of_feature(std::size_t feature) {
  static const auto raw_names = [] {
    std::array<std::string, raw_max> made;
    for (std::size_t i = 0; i < raw_max; ++i) made[i] = "raw_" + std::to_string(i);
    return made;
  }();
  return feature < feature_count ? names[feature] : raw_names.at(feature - feature_count).c_str();
}

RowMaker::RowMaker(const Person& person, const Scene& scene, const Works& works, const Baselines& baselines)
    : person_(person), baselines_(baselines), scene_(scene), now_s_(seconds_of(scene.at)) {
  everything_ = baselines.everything(now_s_);
  remember(person.recent, taken_looked_at, works, taken_);
  remember(person.seen, seen_looked_at, works, seen_);
  float sum = 0, count = 0;
  for (const Remembered& taken : taken_) {
    if (taken.view.duration_ms == 0) continue;
    sum += log_duration(taken.view.duration_ms);
    ++count;
  }
  usual_duration_ = count == 0 ? nan : sum / count;
  common_.fill(nan);
  set_person(common_);
  set_last_showings(common_);
  const auto mean_of = [&](Baseline what, std::uint64_t key) {
    return baselines.of(what, key, now_s_, everything_.rates).rates;
  };
  const Rates surface = mean_of(Baseline::surface, scene.surface.value);
  at(common_, Feature::surface_click) = at(surface, Signal::click);
  at(common_, Feature::surface_long_view) = at(surface, Signal::long_view);
  at(common_, Feature::surface_like) = at(surface, Signal::like);
  const Rates hour = mean_of(Baseline::hour, Baselines::hour_of(scene.at));
  at(common_, Feature::hour_click) = at(hour, Signal::click);
  at(common_, Feature::hour_long_view) = at(hour, Signal::long_view);
  const Rates activity = mean_of(Baseline::activity, person.activity);
  at(common_, Feature::activity_click) = at(activity, Signal::click);
  at(common_, Feature::activity_long_view) = at(activity, Signal::long_view);
  at(common_, Feature::activity_like) = at(activity, Signal::like);
  at(common_, Feature::place) = 0;
}

void RowMaker::set_person(FeatureRow& row) const {
  const Rates own = drawn(person_.ever, everything_.rates, person_prior);
  at(row, Feature::person_shown) = log1(person_.ever.shown);
  constexpr auto first = static_cast<std::size_t>(Feature::person_click);
  static_assert(static_cast<std::size_t>(Feature::person_leave) == first + signal_count - 1);
  std::copy(own.begin(), own.end(), row.begin() + first);
  at(row, Feature::person_away) = hours_since(person_.last_s, now_s_);
  at(row, Feature::person_known_for) = hours_since(person_.first_s, now_s_);
  at(row, Feature::person_taken) = log1(static_cast<float>(person_.recent.size()));
  at(row, Feature::person_hour) = static_cast<float>(Baselines::hour_of(scene_.at));
  if (person_.region && scene_.region)
    at(row, Feature::person_at_home) = person_.region == scene_.region ? 1.0F : 0.0F;
}

void RowMaker::set_last_showings(FeatureRow& row) const {
  const std::size_t count = std::min(person_.seen.size(), showings_looked_at);
  const std::span<const Seen> last(person_.seen.data() + person_.seen.size() - count, count);
  Response response;
  response.shown = static_cast<float>(count);
  float lately = 0;
  for (const Seen& seen : last) {
    for (std::size_t i = 0; i < signal_count; ++i)
      response.of[i] += has(seen.signals, static_cast<Signal>(i)) ? 1.0F : 0.0F;
    lately += seen.at_s + lately_s > now_s_ ? 1.0F : 0.0F;
  }
  const Rates rates = drawn(response, everything_.rates, taste_prior);
  at(row, Feature::person_last_click) = at(rates, Signal::click);
  at(row, Feature::person_last_long_view) = at(rates, Signal::long_view);
  at(row, Feature::person_last_leave) = at(rates, Signal::leave);
  at(row, Feature::person_shown_lately) = log1(lately);
}

Mean RowMaker::shared_mean(Baseline what, std::uint64_t key, const Rates& parent) const {
  const std::uint64_t named = mix64(key) ^ (static_cast<std::uint64_t>(what) + 1);
  Kept& kept = kept_[named % kept_.size()];
  if (kept.key != named) kept = {named, baselines_.read(what, key, now_s_)};
  return Baselines::mean_of(kept.response, parent);
}

FeatureRow RowMaker::row(const Candidate& candidate, const WorkView& view) const {
  FeatureRow row = common_;
  set_work(row, view);
  set_tastes(row, view);
  set_memory(row, view);
  const auto seen = std::find_if(person_.seen.begin(), person_.seen.end(),
                                 [&](const Seen& one) { return one.work == candidate.work; });
  at(row, Feature::seen_before) = seen == person_.seen.end() ? 0.0F : 1.0F;
  if (seen != person_.seen.end()) at(row, Feature::seen_ago) = hours_since(seen->at_s, now_s_);
  if (candidate.similar != 0) at(row, Feature::similar) = candidate.similar;
  if (candidate.taste != 0) at(row, Feature::taste) = candidate.taste;
  return row;
}

void RowMaker::set_work(FeatureRow& row, const WorkView& view) const {
  Mean tags;  // over the tags of the work
  for (const std::uint32_t tag : view.tag_span()) {
    const Mean one = shared_mean(Baseline::tag, tag, everything_.rates);
    tags.shown += one.shown;
    for (std::size_t i = 0; i < signal_count; ++i) tags.rates[i] += one.rates[i];
  }
  for (float& rate : tags.rates) rate /= static_cast<float>(std::max<std::size_t>(1, view.tag_count));
  if (view.tag_count == 0) tags.rates = everything_.rates;
  const Mean creator = view.creator ? baselines_.of(Baseline::creator, view.creator.value, now_s_, tags.rates)
                                    : Mean{0, tags.rates};
  const auto put = [&row](Feature first, const Rates& rates, std::initializer_list<Signal> signals) {
    auto place = static_cast<std::size_t>(first);
    for (const Signal signal : signals) row[place++] = at(rates, signal);
  };
  using enum Signal;
  at(row, Feature::tag_shown) = view.tag_count == 0 ? nan : log1(tags.shown);
  put(Feature::tag_click, tags.rates, {click, long_view, like, leave});
  at(row, Feature::creator_shown) = view.creator ? log1(creator.shown) : nan;
  put(Feature::creator_click, creator.rates, {click, long_view, like, follow, leave});
  put(Feature::kind_click, shared_mean(Baseline::kind, view.kind, everything_.rates).rates, {click, long_view, like});
  const std::uint64_t surface_kind = Baselines::surface_kind(scene_.surface, view.kind);
  put(Feature::surface_kind_click, shared_mean(Baseline::surface_kind, surface_kind, everything_.rates).rates,
      {click, long_view});
  const Rates ever = drawn(view.ever, creator.rates, work_prior);
  at(row, Feature::work_ever_shown) = log1(view.ever.shown);
  put(Feature::work_click, ever, {click, long_view, like, follow, comment, dislike, leave});
  const Response lately = faded(view, now_s_);
  at(row, Feature::work_lately_shown) = log1(lately.shown);
  put(Feature::work_lately_click, drawn(lately, ever, work_prior), {click, long_view, like, leave});
  at(row, Feature::work_age) = hours_since(view.published_s, now_s_);
  at(row, Feature::work_duration) = log_duration(view.duration_ms);
}

void RowMaker::set_tastes(FeatureRow& row, const WorkView& view) const {
  Taste tags;
  for (const std::uint32_t tag : view.tag_span()) {
    const Taste* known = person_.taste_of_tag(tag);
    if (known == nullptr) continue;
    const Taste taste = faded(*known, now_s_);
    tags.shown += taste.shown;
    tags.clicks += taste.clicks;
    tags.long_views += taste.long_views;
    tags.likes += taste.likes;
    tags.against += taste.against;
  }
  const Rates own = drawn(person_.ever, everything_.rates, person_prior);
  at(row, Feature::tag_taste_shown) = log1(tags.shown);
  at(row, Feature::tag_taste_click) = rate(tags.clicks, tags.shown, at(own, Signal::click), taste_prior);
  at(row, Feature::tag_taste_long_view) = rate(tags.long_views, tags.shown, at(own, Signal::long_view), taste_prior);
  at(row, Feature::tag_taste_like) = rate(tags.likes, tags.shown, at(own, Signal::like), taste_prior);
  at(row, Feature::tag_taste_against) = log1(tags.against);
  at(row, Feature::follows) = view.creator && person_.follows(view.creator) ? 1.0F : 0.0F;
  const Taste* known = view.creator ? person_.taste_of_creator(view.creator) : nullptr;
  if (known == nullptr) return;
  const Taste taste = faded(*known, now_s_);
  at(row, Feature::creator_taste_shown) = log1(taste.shown);
  at(row, Feature::creator_taste_click) = rate(taste.clicks, taste.shown, at(own, Signal::click), taste_prior);
  at(row, Feature::creator_taste_like) = rate(taste.likes, taste.shown, at(own, Signal::like), taste_prior);
  at(row, Feature::creator_taste_against) = log1(taste.against);
}

void RowMaker::set_memory(FeatureRow& row, const WorkView& view) const {
  at(row, Feature::duration_to_usual) = log_duration(view.duration_ms) - usual_duration_;
  const auto of_tag = [&](const Remembered& one) { return share_tag(one.view, view); };
  at(row, Feature::same_tag_taken) = share_of(taken_, of_tag);
  at(row, Feature::same_tag_seen) = share_of(seen_, of_tag);
  at(row, Feature::same_creator_taken) =
      share_of(taken_, [&](const Remembered& one) { return view.creator && one.view.creator == view.creator; });
  at(row, Feature::same_kind_taken) =
      share_of(taken_, [&](const Remembered& one) { return one.view.kind == view.kind; });
}

}  // namespace zan::matching
