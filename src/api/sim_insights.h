// SimInsights: made-up counts by day behind the room's own Book, for tests of the server alone. Creator c1 has works v1 to v5, which
// came out on five days in a row; 60 people like each on the two days after; v1 lost ten of them to a verdict. c2 has one work, v6.
//
// Threads: any; nothing changes.
#pragma once

#include <charconv>
#include <string>

#include "engine/engine.h"

namespace zan::api {

class SimInsights final : public engine::Insights {
 public:
  static constexpr std::uint32_t works_of_c1 = 5, people = 60;
  static constexpr insights::Day first_day = 19'000;  // 2022-01-08
  static constexpr insights::Day today = first_day + 20;

  SimInsights() {
    for (std::uint32_t work = 1; work <= works_of_c1 + 1; ++work) {
      book_.put({work_id + work}, {work <= works_of_c1 ? creator_id + 1 : creator_id + 2}, at(first_day + work, 0));
      for (std::uint32_t person = 1; person <= people; ++person) like(work, person);
    }
    engagement::VerdictRecord verdict;
    verdict.what.target = work_id + 1;
    verdict.what.verdict = engagement::Verdict::rejected;
    for (std::uint32_t person = 1; person <= 10; ++person) {
      verdict.what.person = {person};
      verdict.what.at = liked_at(1, person);
      book_.take(verdict, at(first_day + 9, 12));
    }
  }

  [[nodiscard]] engine::InsightsStatus status() const override {
    engine::InsightsStatus status;
    status.position = {77};
    status.caught_up = true;
    status.progress = 1;
    status.works = book_.works();
    return status;
  }
  [[nodiscard]] Result<engine::DaySeries> subject_series(std::string_view subject,
                                                         const engine::DaysAsked& asked) const override {
    engine::DaySeries answer;
    answer.today = today;
    const insights::Span span = span_of(asked);
    ZAN_ASSIGN(answer.series, book_.series(SubjectId{number('v', subject, work_id)}, span));
    answer.usual = book_.usual_beside({number('v', subject, work_id)}, span, today);
    return answer;
  }
  [[nodiscard]] Result<engine::DaySeries> creator_series(std::string_view creator,
                                                         const engine::DaysAsked& asked) const override {
    engine::DaySeries answer;
    answer.today = today;
    ZAN_ASSIGN(answer.series, book_.series(CreatorId{number('c', creator, creator_id)}, span_of(asked)));
    return answer;
  }
  // The cursor is the number of works before the page.
  [[nodiscard]] Result<engine::NamedWorks> works(std::string_view creator, insights::WorkOrder order, std::size_t limit,
                                                 std::string_view cursor) const override {
    std::size_t skipped = 0;
    const auto read = std::from_chars(cursor.data(), cursor.data() + cursor.size(), skipped);
    if (!cursor.empty() && read.ec != std::errc()) return invalid("not a cursor of this list", "cursor");
    ZAN_ASSIGN(const auto all, book_.works_of({number('c', creator, creator_id)}, order, 100, {}, today));
    engine::NamedWorks answer;
    answer.all = all.size();
    for (std::size_t i = skipped; i < std::min(all.size(), skipped + limit); ++i) {
      const std::string name = "v" + std::to_string(all[i].subject.value - work_id);
      answer.works.push_back({name, name == "v1" ? R"({"creator":"c1","title":"One"})" : "", all[i]});
    }
    if (skipped + limit < all.size()) answer.next = std::to_string(skipped + limit);
    return answer;
  }
  [[nodiscard]] Result<insights::BestTimes> creator_times(std::string_view creator) const override {
    return book_.best_times(CreatorId{number('c', creator, creator_id)});
  }
  [[nodiscard]] Result<insights::BestTimes> subject_times(std::string_view subject) const override {
    const std::uint32_t id = number('v', subject, work_id);
    // Ten likes of v1 stand no more, which leaves as many as are told of; v6 is told of nobody.
    std::vector<PersonId> likers;
    for (std::uint32_t person = id == work_id + 1 ? 11 : people; person <= people; ++person) likers.push_back({person});
    return book_.best_times(SubjectId{id}, likers);
  }
  [[nodiscard]] std::int64_t zone_us() const override { return 0; }

 private:
  static constexpr std::uint32_t work_id = 1000, creator_id = 2000;

  static Timestamp at(insights::Day day, std::int64_t hour) { return {day * us_per_day + hour * us_per_hour}; }
  static Timestamp liked_at(std::uint32_t work, std::uint32_t person) {
    return at(first_day + work + person % 2, 18 + person % 3);
  }
  void like(std::uint32_t work, std::uint32_t person) {
    engagement::RecordedAct like;
    like.actor = {person};
    like.subject = {work_id + work};
    like.at = liked_at(work, person);
    book_.take(like);
  }
  // Zero: none of that name.
  static std::uint32_t number(char kind, std::string_view name, std::uint32_t from) {
    std::uint32_t number = 0;
    if (name.size() < 2 || name.front() != kind) return 0;
    std::from_chars(name.data() + 1, name.data() + name.size(), number);
    return number == 0 ? 0 : from + number;
  }
  static insights::Span span_of(const engine::DaysAsked& asked) {
    const insights::Day last = asked.last.value_or(today);
    return {last - static_cast<insights::Day>(asked.days - 1), last};
  }

  insights::Book book_{{}, 0};
};

}  // namespace zan::api
