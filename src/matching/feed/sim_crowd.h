// A made-up crowd for measuring feeds at size: works of many small topics, people who take to a few of them, models that
// agree with both. Nothing is learnt but the ranker; vectors are sim_vectors, topics are the lists of their index, and a
// work's neighbours are of its topic.
//
// Facts come in the order of time, as they do when the engine runs, so what is kept of people lies as it will lie there.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/require.h"
#include "matching/feed/feed.h"
#include "matching/ranking/ranker.h"
#include "matching/retrieval/collaborative.h"
#include "matching/retrieval/sim_vectors.h"

namespace zan::matching {

class Crowd {
 public:
  static constexpr std::size_t dimension = 64, neighbours = 40, topics_each = 4, regions = 20;
  static constexpr std::size_t visits = 5, shown_a_visit = 10, taken_a_visit = 4;
  static constexpr std::int64_t noon_s = 1'700'000'000;

  // REQUIRES: more works than an index looks at all of, 40,000 or so.
  Crowd(std::uint32_t works, std::uint32_t people)
      : live(CommunityLimits{works + 1000, 2 * people + 10'000}), feeds(live), works_(works), people_(people) {
    publish(learn_collaborative());
    for (std::size_t visit = 0; visit < visits; ++visit) visit_all(visit);
    learn_ranker();
    set_rules();
  }

  [[nodiscard]] FeedQuestion question(std::uint32_t person, std::size_t limit = 20) const {
    FeedQuestion question;
    question.person = {person};
    question.limit = limit;
    question.scene = {{noon_s * us_per_second}, {1}, region_of(person)};
    return question;
  }
  [[nodiscard]] std::uint32_t people() const { return people_; }
  // A work somebody may come upon: mostly of their topics, the older the likelier.
  [[nodiscard]] WorkRow work_for(std::uint32_t person, Rng& rng) const {
    const auto share = [&] { return std::pow(rng.unit(), 3); };
    if (rng.chance(0.2)) return static_cast<WorkRow>(share() * works_);
    const std::vector<WorkRow>& topic = topic_of(person, rng.below(topics_each));
    return topic[static_cast<std::size_t>(share() * static_cast<double>(topic.size()))];
  }
  static TermId region_of(std::uint32_t person) { return {person % static_cast<std::uint32_t>(regions) + 1}; }

  Community live;
  Feeds feeds;
  std::vector<CreatorId> blocked;
  SubjectId pinned;

 private:
  [[nodiscard]] const std::vector<WorkRow>& topic_of(std::uint32_t person, std::size_t which) const {
    Rng rng(std::uint64_t{person} * topics_each + which);
    return topics_[rng.below(topics_.size())];
  }

  // The last hundredth of the works is too new to be in the model. Answers the topic of each work.
  std::vector<std::uint32_t> learn_collaborative() {
    const std::uint32_t learnt = works_ - works_ / 100;
    CollaborativeParts parts;
    parts.dimension = dimension;
    parts.vectors = sim_vectors(works_, 0, dimension, 300, 5).works;
    parts.vectors.resize(std::size_t{learnt} * dimension);
    const VectorIndex index(parts.vectors, dimension, {.threads = 2});
    parts.list_of.assign(index.list_of().begin(), index.list_of().end());
    require(!parts.list_of.empty(), "so many works have topics");
    std::vector<std::uint32_t> topic_of(parts.list_of);
    const std::uint32_t topics = 1 + *std::max_element(topic_of.begin(), topic_of.end());
    topics_.resize(topics);
    Rng rng(1);
    while (topic_of.size() < works_) topic_of.push_back(static_cast<std::uint32_t>(rng.below(topics)));
    for (WorkRow row = 0; row < works_; ++row) topics_[topic_of[row]].push_back(row);
    std::erase_if(topics_, [](const std::vector<WorkRow>& topic) { return topic.empty(); });
    std::vector<ItemTraits> traits;
    for (WorkRow row = 0; row < learnt; ++row) {
      parts.subjects.push_back({row + 1});
      traits.push_back({creator_of(row, topic_of[row]), tags_of(row, topic_of[row])});
    }
    parts.means = GroupMeans::of(parts.vectors, dimension, traits).parts();
    parts.fold_in = fold_in_of(parts.vectors, {.dimension = dimension, .unobserved_weight = 1e-4}, 20);
    add_neighbours(learnt, parts, topic_of, rng);
    models_.version = 1;
    models_.collaborative = std::make_shared<const Collaborative>(std::move(parts), 2);
    return topic_of;
  }

  void add_neighbours(std::uint32_t learnt, CollaborativeParts& parts, const std::vector<std::uint32_t>& topic_of,
                      Rng& rng) const {
    std::vector<std::vector<WorkRow>> members(1 + *std::max_element(topic_of.begin(), topic_of.end()));
    for (WorkRow row = 0; row < learnt; ++row) members[topic_of[row]].push_back(row);
    for (WorkRow row = 0; row < learnt; ++row) {
      const std::vector<WorkRow>& kin = members[topic_of[row]];
      std::vector<WorkRow> drawn;
      for (std::size_t k = 0; k < neighbours; ++k) drawn.push_back(kin[rng.below(kin.size())]);
      std::sort(drawn.begin(), drawn.end());
      drawn.erase(std::unique(drawn.begin(), drawn.end()), drawn.end());
      std::erase(drawn, row);
      for (std::size_t k = drawn.size(); k > 1; --k) std::swap(drawn[k - 1], drawn[rng.below(k)]);
      for (std::size_t k = 0; k < drawn.size(); ++k)
        parts.neighbours.entries.push_back({drawn[k], 0.3F / static_cast<float>(1 + k)});
      parts.neighbours.offsets.push_back(parts.neighbours.entries.size());
    }
  }

  static CreatorId creator_of(WorkRow row, std::uint32_t topic) {
    return {topic * 50 + static_cast<std::uint32_t>(Rng(row).below(50)) + 1};
  }
  static std::vector<std::uint32_t> tags_of(WorkRow row, std::uint32_t topic) {
    return {1 + topic, 50'000 + topic % 40, 60'000 + static_cast<std::uint32_t>(Rng(row + 7).below(300))};
  }

  // Over a year, evenly.
  void publish(const std::vector<std::uint32_t>& topic_of) {
    for (WorkRow row = 0; row < works_; ++row) {
      WorkFacts facts;
      facts.subject = {row + 1};
      facts.creator = creator_of(row, topic_of[row]);
      facts.tags = tags_of(row, topic_of[row]);
      const double age_s = 365 * 86'400.0 * (1 - static_cast<double>(row) / works_);
      facts.published_at = {(noon_s - static_cast<std::int64_t>(age_s)) * us_per_second};
      facts.duration_ms = 10'000 + row % 100 * 1'000;
      facts.kind = 1 + row % 4;
      live.put(facts, facts.published_at);
    }
  }

  // Everybody once: ten works are shown, of which four are watched through, one is liked and one is left.
  void visit_all(std::size_t visit) {
    for (std::uint32_t person = 1; person <= people_; ++person) {
      Rng rng(std::uint64_t{person} * visits + visit);
      if (visit == 0) live.put(PersonFacts{{person}, region_of(person), false, true, 1 + person % 3});
      const std::int64_t days_ago_s = static_cast<std::int64_t>(visits - visit) * 4 * 86'400;
      const std::int64_t at_s = noon_s - days_ago_s + static_cast<std::int64_t>(std::uint64_t{person} * 86'400 / people_);
      Shown shown;
      shown.person = {person};
      shown.surface = {1};
      shown.at = {at_s * us_per_second};
      for (std::size_t k = 0; k < shown_a_visit; ++k) shown.items.push_back({{work_for(person, rng) + 1}});
      live.take(shown);
      for (std::size_t k = 0; k < taken_a_visit; ++k) does(person, shown.items[k].subject, Doing::complete, at_s + 60);
      does(person, shown.items[0].subject, Doing::like, at_s + 90);
      does(person, shown.items[taken_a_visit].subject, Doing::view, at_s + 100);
      if (rng.chance(0.2)) does(person, shown.items[1].subject, Doing::follow, at_s + 110);
      if (rng.chance(0.05)) does(person, shown.items[9].subject, Doing::dislike, at_s + 120);
    }
  }

  void does(std::uint32_t person, SubjectId subject, Doing doing, std::int64_t at_s) {
    Deed deed;
    deed.person = {person};
    deed.subject = subject;
    deed.doing = doing;
    deed.surface = {1};
    deed.region = region_of(person);
    deed.at = {at_s * us_per_second};
    deed.watch_ms = 1'000;
    deed.duration_ms = 60'000;
    live.take(deed);
  }

  // Signals of a made-up rule over true rows, none of them rare: so each gets all its trees.
  void learn_ranker() {
    Rng rng(3);
    Harvest harvest;
    const Scene scene = question(1).scene;
    for (std::uint32_t sample = 0; sample < 1'500; ++sample) {
      const auto number = static_cast<std::uint32_t>(1 + rng.below(people_));
      const Person person = live.people().read({number});
      const KnownTastes known(models_.collaborative.get(), live.works(), person, seconds_of(scene.at));
      const RowMaker maker(person, scene, live.works(), live.baselines());
      for (std::uint32_t k = 0; k < 40; ++k) {
        Candidate candidate;
        candidate.work = rng.chance(0.5) ? work_for(number, rng) : static_cast<WorkRow>(rng.below(works_));
        const WorkView view = live.works().read(candidate.work);
        known.fill(candidate, view);
        const Timestamp at{scene.at.us + sample * us_per_second};
        const FeatureRow row = maker.row(candidate, view);
        harvest.shown({sample + 1}, candidate.work, row, at);
        harvest.came({sample + 1}, candidate.work, drawn_signals(row, rng), at);
      }
    }
    auto trained = train_ranker(harvest.take(), {.threads = 2});
    require(trained.ok(), "there is enough to learn from");
    models_.ranker = std::make_shared<const Ranker>(std::move(trained->ranker));
    feeds.set(std::make_shared<const Models>(models_));
  }

  static Signals drawn_signals(const FeatureRow& row, Rng& rng) {
    const auto known = [&](Feature feature) { return std::isnan(at(row, feature)) ? 0.0F : at(row, feature); };
    const float likes = known(Feature::tag_taste_long_view) + 0.5F * known(Feature::similar) + known(Feature::taste);
    constexpr Rates base = {-0.5F, -1, -2, -2.5F, -2.5F, -1.5F, -1};
    Signals came = 0;
    for (std::size_t i = 0; i < signal_count; ++i) {
      const bool good = i < static_cast<std::size_t>(Signal::dislike);
      const float margin = base[i] + (good ? 2 : -2) * likes + 0.05F * known(Feature::work_age) - 0.3F;
      if (rng.chance(1 / (1 + std::exp(-static_cast<double>(margin))))) came |= bit(static_cast<Signal>(i));
    }
    return came;
  }

  void set_rules() {
    auto rules = std::make_shared<FeedRules>();
    Rng rng(4);
    for (std::uint64_t id = 1; id <= 41; ++id) {
      FeedRule rule;
      rule.id = id;
      rule.who = rule.why = "measured";
      const WorkView view = live.works().read(static_cast<WorkRow>(rng.below(works_)));
      rule.kind = id == 41 ? RuleKind::pin : id > 20 ? RuleKind::boost : RuleKind::block;
      if (id == 41) {
        rule.subject = pinned = view.subject;
        rule.place = 3;
      } else {
        rule.creator = view.creator;
        rule.factor = rule.kind == RuleKind::boost ? 1.5F : 1;
        if (rule.kind == RuleKind::block) blocked.push_back(view.creator);
      }
      require(rules->add(rule, {noon_s * us_per_second}).ok(), "a rule fits");
    }
    feeds.set(std::shared_ptr<const FeedRules>(std::move(rules)));
  }

  std::uint32_t works_, people_;
  std::vector<std::vector<WorkRow>> topics_;
  Models models_;
};

}  // namespace zan::matching
