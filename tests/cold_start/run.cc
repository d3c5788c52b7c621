#include "cold_start/run.h"

#include <algorithm>
#include <unordered_map>

#include "base/hash.h"
#include "base/random.h"

namespace zan::cold_start {
namespace {

using matching::Deed;
using matching::Doing;
using simulation::Answer;

constexpr std::int64_t day_0_us = 1'767'225'600'000'000;  // 2026-01-01, so that what was there before has a time
constexpr std::uint32_t fakes_max_share = 2;              // room for as many fake accounts as there are people
constexpr int looks_max = 20;

class Run {
 public:
  Run(const simulation::Tastes& world, Recommender& recommender, const RunOptions& options)
      : world_(world), recommender_(recommender), options_(options) {
    log_.recommender = recommender.name();
    log_.showings.resize(world.works().size());
    log_.platform_at_birth.resize(world.works().size());
    log_.counts.resize(world.works().size());
    if (options.attack) attack_at_us_ = options.attack->shilling.begin_us;
  }

  RunLog live() {
    const std::uint32_t days = options_.days == 0 ? world_.options().days : options_.days;
    for (std::uint32_t day = 0; day < days; ++day) {
      log_.platform_at_day.push_back(log_.impressions);
      is_past_ = day < options_.past_days;
      for (const simulation::Visit& visit : world_.visits(day)) {
        until(visit.at_us);
        serve(visit);
      }
      until((day + std::int64_t{1}) * us_per_day - 1);
      recommender_.retrain(time(std::int64_t{day + 1} * us_per_day));
    }
    log_.platform_at_day.push_back(log_.impressions);
    return std::move(log_);
  }

 private:
  static Timestamp time(std::int64_t at_us) { return {day_0_us + at_us}; }
  PersonId person_id(std::uint32_t person) const { return {person + 1}; }
  SubjectId work_id(std::uint32_t work) const { return {first_work() + work}; }
  std::uint32_t first_work() const { return static_cast<std::uint32_t>(world_.people().size()) * fakes_max_share + 1; }
  CreatorId creator_id(std::uint32_t creator) const {
    return {first_work() + static_cast<std::uint32_t>(world_.works().size()) + creator};
  }

  // What happens besides visits.
  void until(std::int64_t at_us) {
    for (; next_birth_ < world_.works().size() && world_.works()[next_birth_].born_us <= at_us; ++next_birth_)
      bear(next_birth_);
    if (options_.attack && at_us >= attack_at_us_ && !attacked_) {
      acts_ = simulation::shill(world_, options_.attack->shilling, log_.counts);
      attacked_ = true;
    }
    for (; next_act_ < acts_.size() && acts_[next_act_].at_us <= at_us; ++next_act_) fake(acts_[next_act_]);
  }

  void bear(std::uint32_t number) {
    const simulation::TasteWork& work = world_.works()[number];
    matching::WorkFacts facts;
    facts.subject = work_id(number);
    facts.creator = creator_id(work.creator);
    // From 1: 0 is no tag.
    for (std::size_t i = 0; i < work.tag_count; ++i) facts.tags.push_back(work.tags[i] + 1);
    facts.published_at = time(work.born_us);
    facts.duration_ms = work.duration_ms;
    log_.platform_at_birth[number] = log_.impressions;
    recommender_.born(facts, time(std::max<std::int64_t>(work.born_us, 0)));
  }

  Deed deed_of(PersonId person, std::uint32_t work, Doing doing, std::int64_t at_us, std::uint32_t watch_ms) const {
    Deed deed;
    deed.person = person;
    deed.subject = work_id(work);
    deed.creator = creator_id(world_.works()[work].creator);
    deed.doing = doing;
    deed.at = time(at_us);
    deed.watch_ms = watch_ms;
    deed.duration_ms = world_.works()[work].duration_ms;
    return deed;
  }

  void fake(const simulation::FakeAct& act) {
    const Attack& attack = *options_.attack;
    if (attack.verdicts && attack.detector.catches_account(act.account)) return;
    recommender_.observe(deed_of(person_id(act.account), act.work, Doing::view, act.at_us, act.watch_ms));
    if (act.like) recommender_.observe(deed_of(person_id(act.account), act.work, Doing::like, act.at_us, 0));
  }

  void serve(const simulation::Visit& visit) {
    matching::Scene scene;
    scene.at = time(visit.at_us);
    matching::Shown shown;
    shown.person = person_id(visit.person);
    shown.at = scene.at;
    shown.items = is_past_ ? browse(visit) : recommender_.feed(shown.person, scene, options_.places);
    require(shown.items.size() <= options_.places, "a recommender that shows more than there are places");
    if (shown.items.empty()) return;
    recommender_.observe(shown);
    std::int64_t at_us = visit.at_us;
    for (std::size_t place = 0; place < shown.items.size(); ++place)
      at_us = show(visit.person, shown.items[place].subject, place, at_us);
  }

  // What a person comes across by themselves: of every second work they look on until it is about a topic of theirs.
  std::vector<matching::ShownItem> browse(const simulation::Visit& visit) const {
    Rng rng(world_.options().seed ^ mix64(static_cast<std::uint64_t>(visit.at_us)) ^ visit.person);
    const auto& liking = world_.people()[visit.person].topic;
    std::vector<std::uint32_t> works;
    for (std::size_t place = 0; place < options_.places && next_birth_ > 0; ++place) {
      auto work = static_cast<std::uint32_t>(rng.below(next_birth_));
      for (int look = 0; place % 2 == 1 && look < looks_max && liking[world_.works()[work].topic[0]] < 0.5F; ++look)
        work = static_cast<std::uint32_t>(rng.below(next_birth_));
      if (std::find(works.begin(), works.end(), work) == works.end()) works.push_back(work);
    }
    std::vector<matching::ShownItem> items;
    for (const std::uint32_t work : works) items.push_back({work_id(work)});
    return items;
  }

  // When the person is done with it.
  std::int64_t show(std::uint32_t person, SubjectId subject, std::size_t place, std::int64_t at_us) {
    const std::uint32_t work = subject.value - first_work();
    require(work < next_birth_, "a recommender that shows what is not there");
    std::uint8_t& before = shown_before_[std::uint64_t{person} << 32 | work];
    const simulation::Reaction reaction = world_.react(person, work, place, before);
    count(person, work, place, before, at_us, reaction);
    if (before < 20) ++before;
    if (!reaction.has(Answer::click)) return at_us + us_per_second;
    at_us += std::int64_t{reaction.watch_ms} * us_per_ms + us_per_second;
    if (options_.attack && options_.attack->verdicts && options_.attack->detector.holds_genuine(person, work))
      return at_us;
    observe(person, work, reaction, at_us);
    return at_us;
  }

  void observe(std::uint32_t person, std::uint32_t work, const simulation::Reaction& reaction, std::int64_t at_us) {
    const auto did = [&](Doing doing, std::uint32_t watch_ms) {
      recommender_.observe(deed_of(person_id(person), work, doing, at_us, watch_ms));
    };
    did(Doing::view, reaction.watch_ms);
    if (reaction.has(Answer::like)) did(Doing::like, 0);
    if (reaction.has(Answer::comment)) did(Doing::comment, 0);
    if (reaction.has(Answer::follow)) did(Doing::follow, 0);
    if (reaction.has(Answer::dislike)) did(Doing::dislike, 0);
  }

  void count(std::uint32_t person, std::uint32_t work, std::size_t place, std::uint32_t before, std::int64_t at_us,
             const simulation::Reaction& reaction) {
    simulation::PublicCounts& counts = log_.counts[work];
    ++counts.shown;
    counts.views += reaction.has(Answer::click) ? 1 : 0;
    counts.long_views += reaction.has(Answer::long_view) ? 1 : 0;
    counts.likes += reaction.has(Answer::like) ? 1 : 0;
    if (is_past_) return;
    log_.showings[work].push_back({at_us, log_.impressions, person, reaction.answers});
    double chance = world_.truth(person, work)[static_cast<std::size_t>(Answer::long_view)];
    chance *= simulation::Tastes::place_bias(place);
    for (std::uint32_t i = 0; i < before; ++i) chance *= simulation::Tastes::repeat_bias;
    log_.expected_long_views += chance;
    ++log_.impressions;
    log_.clicks += reaction.has(Answer::click) ? 1 : 0;
    log_.long_views += reaction.has(Answer::long_view) ? 1 : 0;
    log_.likes += reaction.has(Answer::like) ? 1 : 0;
  }

  const simulation::Tastes& world_;
  Recommender& recommender_;
  const RunOptions& options_;
  RunLog log_;
  bool is_past_ = false;
  std::uint32_t next_birth_ = 0;
  std::int64_t attack_at_us_ = 0;
  bool attacked_ = false;
  std::vector<simulation::FakeAct> acts_;
  std::size_t next_act_ = 0;
  std::unordered_map<std::uint64_t, std::uint8_t> shown_before_;
};

}  // namespace

RunLog run(const simulation::Tastes& world, Recommender& recommender, const RunOptions& options) {
  return Run(world, recommender, options).live();
}

}  // namespace zan::cold_start
