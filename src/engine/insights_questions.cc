// What an InsightsView answers.
#include <fmt/format.h>

#include <algorithm>

#include "engine/insights_view.h"

namespace zan::engine {

using storage::NameKind;

InsightsStatus InsightsView::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

Result<void> InsightsView::ready() const {
  if (caught_up_.load()) return {};
  const InsightsStatus now = status();
  if (!now.trouble.empty()) return unavailable("counts by day cannot be asked: " + now.trouble);
  return unavailable(
      fmt::format("the journal is still being read for counts by day, {:.0f} % so far; try again", 100 * now.progress));
}

Result<std::uint32_t> InsightsView::number(NameKind kind, std::string_view name, const char* what) const {
  ZAN_TRY(ready());
  if (name.empty() || name.size() > storage::name_bytes_max) return not_found(fmt::format("no such {}", what));
  const EntityId id = core_.registry().find(storage::name_hash(core_.secret(), kind, name));
  if (!id) return not_found(fmt::format("no such {}", what));
  return id.value;
}

insights::Day InsightsView::today() const {
  const insights::Day now = book_.day_of(core_.clock().now());
  const Timestamp newest{newest_us_.load(std::memory_order_relaxed)};
  return newest.us != 0 ? std::min(now, book_.day_of(newest)) : now;
}

insights::Span InsightsView::span_of(const DaysAsked& asked) const {
  const insights::Day last = asked.last.value_or(today());
  const auto back = static_cast<insights::Day>(std::clamp<std::size_t>(asked.days, 1, series_days_max) - 1);
  return {last - std::min(last, back), last};
}

Result<DaySeries> InsightsView::subject_series(std::string_view subject, const DaysAsked& asked) const {
  ZAN_ASSIGN(const std::uint32_t id, number(NameKind::subject, subject, "subject"));
  const std::shared_lock lock(book_mutex_);
  DaySeries answer;
  answer.today = today();
  answer.zone_us = book_.zone_us();
  const insights::Span span = span_of(asked);
  ZAN_ASSIGN(answer.series, book_.series(SubjectId{id}, span));
  answer.usual = book_.usual_beside({id}, span, answer.today);
  return answer;
}

Result<DaySeries> InsightsView::creator_series(std::string_view creator, const DaysAsked& asked) const {
  ZAN_ASSIGN(const std::uint32_t id, number(NameKind::creator, creator, "creator"));
  const std::shared_lock lock(book_mutex_);
  DaySeries answer;
  answer.today = today();
  answer.zone_us = book_.zone_us();
  ZAN_ASSIGN(answer.series, book_.series(CreatorId{id}, span_of(asked)));
  return answer;
}

Result<NamedWorks> InsightsView::works(std::string_view creator, insights::WorkOrder order, std::size_t limit,
                                       std::string_view cursor) const {
  ZAN_ASSIGN(const std::uint32_t id, number(NameKind::creator, creator, "creator"));
  const auto kind = order == insights::WorkOrder::newest ? engagement::ListKind::works_by_age
                                                         : engagement::ListKind::works_by_likes;
  std::optional<insights::WorksAfter> after;
  if (!cursor.empty()) {
    ZAN_ASSIGN(const engagement::PagePlace place, engagement::read_cursor(core_.secret(), kind, id, cursor));
    after = insights::WorksAfter{place.at.us, {place.id}};
  }
  std::vector<insights::WorkSummary> page;
  NamedWorks answer;
  {
    const std::shared_lock lock(book_mutex_);
    // One more than is asked for, to know whether there is another page.
    ZAN_ASSIGN(page, book_.works_of({id}, order, limit + 1, after, today()));
    answer.all = book_.works_of(CreatorId{id});
  }
  const bool more = page.size() > limit;
  if (more) page.pop_back();
  if (more) {
    const insights::WorkSummary& last = page.back();
    answer.next = engagement::write_cursor(core_.secret(), kind, id, {{last.sort_key}, last.subject.value});
  }
  std::vector<EntityId> ids;
  for (const insights::WorkSummary& work : page) ids.push_back({work.subject.value});
  ZAN_ASSIGN(const std::vector<std::string> names, core_.registry().names(ids));
  for (std::size_t i = 0; i < page.size(); ++i) {
    NamedWork& work = answer.works.emplace_back();
    work.subject = names[i];
    work.summary = page[i];
    Result<std::string> about = core_.reads().subject_attributes(names[i]);
    if (about.ok()) work.about = std::move(*about);
    if (!about.ok() && about.error().kind != ErrorKind::not_found) return about.error();
  }
  return answer;
}

Result<insights::BestTimes> InsightsView::creator_times(std::string_view creator) const {
  ZAN_ASSIGN(const std::uint32_t id, number(NameKind::creator, creator, "creator"));
  const std::shared_lock lock(book_mutex_);
  return book_.best_times(CreatorId{id});
}

Result<insights::BestTimes> InsightsView::subject_times(std::string_view subject) const {
  ZAN_ASSIGN(const std::uint32_t id, number(NameKind::subject, subject, "subject"));
  ZAN_ASSIGN(const std::vector<PersonId> likers, core_.reads().latest_likers(subject));
  const std::shared_lock lock(book_mutex_);
  return book_.best_times(SubjectId{id}, likers);
}

}  // namespace zan::engine
