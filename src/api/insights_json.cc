#include "api/insights_json.h"

#include "api/json_writer.h"

namespace zan::api {
namespace {

using insights::Counted;
using insights::Counts;
using insights::slot_of;

constexpr std::pair<Counted, std::string_view> kinds[] = {
    {Counted::likes, "likes"},         {Counted::views, "views"},
    {Counted::completes, "completes"}, {Counted::comments, "comments"},
    {Counted::shares, "shares"},       {Counted::follows, "follows"},
    {Counted::profile_visits, "profile_visits"}, {Counted::unlikes, "unlikes"},
    {Counted::taken_out, "taken_out"}, {Counted::given_back, "given_back"},
};

// What was taken from days that are not known any more may be more than is known of before.
void write_number(JsonWriter& object, std::string_view name, std::int64_t value) {
  object.key(name) += std::to_string(value);
}

void write_kinds(JsonWriter& object, const Counts& counts, bool incentivised) {
  for (const auto& [kind, name] : kinds) write_number(object, name, counts[slot_of(kind, incentivised)]);
}

void write_counts(JsonWriter& object, const Counts& counts) {
  write_kinds(object, counts, false);
  write_number(object, "held", counts[insights::held_slot]);
  write_number(object, "rejected", counts[insights::rejected_slot]);
  std::string& out = object.key("incentivised") += '{';
  JsonWriter paid(out);
  write_kinds(paid, counts, true);
  out += '}';
}

void write_counts(std::string& out, const Counts& counts) {
  out += '{';
  JsonWriter object(out);
  write_counts(object, counts);
  out += '}';
}

void write_days(std::string& out, const insights::Series& series) {
  out += '[';
  JsonWriter list(out);
  for (std::size_t i = 0; i < series.days.size(); ++i) {
    list.item() += '{';
    JsonWriter day(out);
    day.text("day", day_text(series.span.first + static_cast<insights::Day>(i)));
    write_counts(day, series.days[i]);
    out += '}';
  }
  out += ']';
}

// Beside the days, one each: nothing where too little is known.
void write_usual(std::string& out, const engine::DaySeries& answer) {
  out += '{';
  JsonWriter object(out);
  object.count("works", answer.usual.works);
  object.count("works_min", insights::usual_works_min);
  object.key("days") += '[';
  JsonWriter list(out);
  for (const auto& at : answer.usual.days) {
    std::string& item = list.item();
    if (!at) {
      item += "null";
      continue;
    }
    item += '{';
    JsonWriter day(item);
    day.count("works", at->works);
    write_number(day, "low", at->low);
    write_number(day, "median", at->median);
    write_number(day, "high", at->high);
    item += '}';
  }
  out += "]}";
}

void write_zone(JsonWriter& object, std::int64_t zone_us) { write_number(object, "zone_minutes", zone_us / us_per_minute); }

void write_share(JsonWriter& object, const insights::TimeShare& time) {
  object.number("share", time.share);
  object.number("low", time.low);
  object.number("high", time.high);
  object.flag("best", time.best);
}

}  // namespace

std::string day_text(insights::Day day) {
  return to_rfc3339({static_cast<std::int64_t>(day) * us_per_day}).substr(0, sizeof "2022-04-25" - 1);
}

std::string render_series(const engine::DaySeries& answer, std::string_view kind, std::string_view name) {
  const insights::Series& series = answer.series;
  std::string out = "{";
  JsonWriter object(out);
  object.text(kind, name);
  write_zone(object, answer.zone_us);
  object.text("today", day_text(answer.today));
  object.text_or_null("counted_from", series.counted ? day_text(series.counted->first) : "");
  object.text_or_null("counted_to", series.counted ? day_text(series.counted->last) : "");
  if (kind == "subject") {
    object.text_or_null("published", series.published ? day_text(*series.published) : "");
    object.flag("publication_known", series.publication_known);
  }
  write_counts(object.key("before"), series.before);
  write_days(object.key("days"), series);
  write_counts(object.key("after"), series.after);
  append_objects(object.key("falls"), series.falls, [](JsonWriter& fall, const insights::Fall& one) {
    fall.text("day", day_text(one.day));
    write_number(fall, "taken_out", one.taken_out);
    write_number(fall, "given_back", one.given_back);
  });
  if (kind == "subject") write_usual(object.key("usual"), answer);
  return out += "}\n";
}

std::string render_works(const engine::NamedWorks& works, std::string_view creator, std::string_view order) {
  std::string out = "{";
  JsonWriter object(out);
  object.text("creator", creator);
  object.text("order", order);
  object.count("works", works.all);
  append_objects(object.key("items"), works.works, [](JsonWriter& item, const engine::NamedWork& work) {
    item.text("subject", work.subject);
    item.key("about") += work.about.empty() ? "null" : work.about;
    item.time_or_null("published", work.summary.published, work.summary.published.us != 0);
    write_counts(item.key("counts"), work.summary.total);
    write_counts(item.key("last_week"), work.summary.last_week);
  });
  object.text_or_null("next", works.next);
  return out += "}\n";
}

std::string render_best_times(const insights::BestTimes& times, std::string_view kind, std::string_view name,
                              std::int64_t zone_us) {
  constexpr std::string_view names[] = {"monday", "tuesday",  "wednesday", "thursday", "friday", "saturday", "sunday"};
  std::string out = "{";
  JsonWriter object(out);
  object.text(kind, name);
  write_zone(object, zone_us);
  object.count("people", times.people);
  object.count("people_min", insights::people_min);
  object.flag("hours_differ", times.blocks_differ);
  object.flag("days_differ", times.days_differ);
  std::size_t number = 0;
  const bool known = times.people != 0;
  append_objects(object.key("hours"), known ? std::span(times.blocks) : std::span<const insights::TimeShare>(),
                 [&](JsonWriter& block, const insights::TimeShare& time) {
                   block.count("from", number * insights::hours_a_block);
                   block.count("to", ++number * insights::hours_a_block);
                   write_share(block, time);
                 });
  number = 0;
  append_objects(object.key("days"), known ? std::span(times.days) : std::span<const insights::TimeShare>(),
                 [&](JsonWriter& day, const insights::TimeShare& time) {
                   day.text("day", names[number++]);
                   write_share(day, time);
                 });
  object.key("week") += '[';
  JsonWriter week(out);
  for (std::size_t day = 0; known && day < insights::weekdays; ++day) {
    std::string& row = week.item() += '[';
    JsonWriter shares(row);
    for (const double share : times.week[day]) fmt::format_to(std::back_inserter(shares.item()), "{:.6g}", share);
    row += ']';
  }
  return out += "]}\n";
}

}  // namespace zan::api
