// What a Book answers.
#include <algorithm>
#include <array>
#include <map>

#include "base/require.h"
#include "insights/book.h"

namespace zan::insights {
namespace {

constexpr Day week = 7, weekdays_known_from = 4 * week;
constexpr std::array visit_slots{slot_of(Counted::profile_visits, false), slot_of(Counted::profile_visits, true)};

// Adds up works and finds days on which the count fell.
class Sum {
 public:
  explicit Sum(Span span) {
    require(span.first <= span.last, "a span that ends after it begins");
    series_.span = span;
    series_.days.resize(span.last - span.first + std::size_t{1});
  }

  void add(const DayCounts& counts) {
    add_to(series_.before, counts.before());
    counts.each([&](Day day, Slot slot, std::uint32_t count) { add(day, slot, count); });
  }
  // Visits name their creator themselves, and were counted there.
  void add_work(const DayCounts& counts) {
    Counts before = counts.before();
    for (const Slot visits : visit_slots) before[visits] = 0;
    add_to(series_.before, before);
    counts.each([&](Day day, Slot slot, std::uint32_t count) {
      if (slot != visit_slots[0] && slot != visit_slots[1]) add(day, slot, count);
    });
  }
  Series finish() {
    for (const auto& [day, fall] : falls_)
      if (fall.taken_out > fall.given_back) series_.falls.push_back(fall);
    std::reverse(series_.falls.begin(), series_.falls.end());
    if (series_.falls.size() > falls_max) series_.falls.resize(falls_max);
    return std::move(series_);
  }

 private:
  void add(Day day, Slot slot, std::uint32_t count) {
    const Span& span = series_.span;
    Counts& sum = day < span.first ? series_.before : day > span.last ? series_.after : series_.days[day - span.first];
    sum[slot] += count;
    if (!series_.counted) series_.counted = Span{day, day};
    series_.counted->first = std::min(series_.counted->first, day);
    series_.counted->last = std::max(series_.counted->last, day);
    const bool out = slot == slot_of(Counted::taken_out, false), back = slot == slot_of(Counted::given_back, false);
    if (!out && !back) return;
    Fall& fall = falls_[day];
    fall.day = day;
    (out ? fall.taken_out : fall.given_back) += count;
  }

  Series series_;
  std::map<Day, Fall> falls_;
};

// Of fewer whole weeks some weekdays are known better than others, and people who were seen once weigh as one day.
BestTimes best_times_within(const std::optional<Span>& counted, const Presence& presence) {
  BestTimes times = best_times(presence);
  if (counted && counted->last - counted->first + 1 >= weekdays_known_from) return times;
  times.days_differ = false;
  for (TimeShare& day : times.days) day.best = false;
  return times;
}

}  // namespace

Result<Series> Book::series(SubjectId subject, Span span) const {
  const Work* work = find(subject);
  if (work == nullptr && works_.size() == limits_.works_max)
    return not_found("the server follows that many works by day and no more; this is not one of them");
  if (work == nullptr) return not_found("no such work");
  Sum sum(span);
  sum.add(work->counts);
  Series series = sum.finish();
  if (came_out(*work).us != 0) series.published = day_of(came_out(*work));
  series.publication_known = work->published.us != 0;
  return series;
}

Result<Series> Book::series(CreatorId creator, Span span) const {
  const auto found = creators_.find(creator.value);
  if (found == creators_.end()) return not_found("no such creator");
  Sum sum(span);
  sum.add(found->second.own);
  for (const std::uint32_t row : found->second.works) sum.add_work(works_[row].counts);
  return sum.finish();
}

std::vector<AgedWork> Book::others(const Work& work) const {
  const auto found = creators_.find(work.creator.value);
  if (!work.creator || found == creators_.end()) return {};
  std::vector<const Work*> all;
  for (const std::uint32_t row : found->second.works)
    if (&works_[row] != &work && came_out(works_[row]).us != 0) all.push_back(&works_[row]);
  const std::size_t kept = std::min(all.size(), usual_works_max);
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(kept), all.end(),
                    [](const Work* a, const Work* b) {
                      return std::pair(came_out(*a), a->subject) > std::pair(came_out(*b), b->subject);
                    });
  std::vector<AgedWork> others;
  for (std::size_t i = 0; i < kept; ++i) others.push_back({&all[i]->counts, day_of(came_out(*all[i]))});
  return others;
}

Beside Book::usual_beside(SubjectId subject, Span span, Day today) const {
  Beside beside;
  beside.days.resize(span.last - span.first + std::size_t{1});
  const Work* work = find(subject);
  if (work == nullptr) return beside;
  const std::vector<AgedWork> aged = others(*work);
  beside.works = aged.size();
  if (came_out(*work).us == 0) return beside;
  const Day born = day_of(came_out(*work));
  if (born > span.last) return beside;
  const std::size_t skipped = born > span.first ? born - span.first : 0;
  const std::size_t age = span.first > born ? span.first - born : 0;
  const auto known = usual(aged, age, beside.days.size() - skipped, today);
  std::copy(known.begin(), known.end(), beside.days.begin() + static_cast<std::ptrdiff_t>(skipped));
  return beside;
}

Result<std::vector<WorkSummary>> Book::works_of(CreatorId creator, WorkOrder order, std::size_t limit,
                                                std::optional<WorksAfter> after, Day today) const {
  const auto found = creators_.find(creator.value);
  if (found == creators_.end()) return not_found("no such creator");
  const auto key_of = [&](const Work& work) {
    return order == WorkOrder::newest ? came_out(work).us : work.counts.total()[slot_of(Counted::likes, false)];
  };
  using Place = std::pair<std::int64_t, std::uint32_t>;
  std::vector<std::pair<Place, std::uint32_t>> places;
  for (const std::uint32_t row : found->second.works) {
    const Place place{key_of(works_[row]), works_[row].subject.value};
    if (!after || place < Place{after->sort_key, after->subject.value}) places.emplace_back(place, row);
  }
  const std::size_t kept = std::min(limit, places.size());
  std::partial_sort(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(kept), places.end(), std::greater<>());
  std::vector<WorkSummary> page;
  for (std::size_t i = 0; i < kept; ++i) {
    const Work& work = works_[places[i].second];
    WorkSummary& summary = page.emplace_back();
    summary.subject = work.subject;
    summary.published = work.published;
    summary.sort_key = places[i].first.first;
    summary.total = work.counts.total();
    work.counts.each([&](Day day, Slot slot, std::uint32_t count) {
      if (day <= today && day + week > today) summary.last_week[slot] += count;
    });
  }
  return page;
}

std::size_t Book::works_of(CreatorId creator) const {
  const auto found = creators_.find(creator.value);
  return found == creators_.end() ? 0 : found->second.works.size();
}

Result<BestTimes> Book::best_times(CreatorId creator) const {
  ZAN_ASSIGN(const Series ever, series(creator, {0, 0}));
  return best_times_within(ever.counted, habits_.of(creator));
}

Result<BestTimes> Book::best_times(SubjectId subject, std::span<const PersonId> likers) const {
  ZAN_ASSIGN(const Series ever, series(subject, {0, 0}));
  return best_times_within(ever.counted, habits_.of(likers));
}

}  // namespace zan::insights
