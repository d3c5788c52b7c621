// Works like a work, and people for a work.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "matching/feed/feed.h"
#include "matching/feed/weigh.h"
#include "matching/retrieval/collaborative.h"

namespace zan::matching {
namespace {

constexpr std::size_t kindred_count = 300;  // works whose takers may care for a work
constexpr std::size_t of_a_tag = 64;
constexpr float same_creator = 0.2F;

// By what is known before anybody has seen it: how many of the tags are shared, and whether by the same creator.
std::vector<SimilarWork> similar_by_tags(const Community& live, WorkRow row, std::size_t count) {
  const WorkView work = live.works().read(row);
  std::unordered_map<WorkRow, float> scores;
  const auto add = [&](WorkRow other, float score) {
    if (other != row) scores[other] += score;
  };
  const float share = work.tag_count == 0 ? 0 : 1 / static_cast<float>(work.tag_count);
  for (const std::uint32_t tag : work.tag_span()) {
    for (const WorkRow other : live.shelves().newest_of_tag(tag, of_a_tag)) add(other, share);
    for (const Standing& other : live.shelves().of_tag(tag, of_a_tag, 0)) {
      if (!scores.contains(other.work)) add(other.work, share);
    }
  }
  for (const WorkRow other : live.shelves().newest_of(work.creator, newest_of_creator_max)) add(other, same_creator);
  std::vector<SimilarWork> similar;
  for (const auto& [other, score] : scores) similar.push_back({live.works().subject_of(other), score, true});
  std::sort(similar.begin(), similar.end(), [](const SimilarWork& a, const SimilarWork& b) {
    return a.score != b.score ? a.score > b.score : a.subject < b.subject;
  });
  if (similar.size() > count) similar.resize(count);
  return similar;
}

// What is learnt comes first; where that is not enough, tags go on.
std::vector<SimilarWork> similar_to(const Community& live, const Models& models, WorkRow row, std::size_t count) {
  std::vector<SimilarWork> similar;
  const SubjectId subject = live.works().subject_of(row);
  if (models.collaborative != nullptr) {
    const Collaborative& model = *models.collaborative;
    if (const std::uint32_t learnt = model.row_of(subject); learnt != Collaborative::no_row) {
      std::vector<Ranked> best;
      model.similar(learnt, count, best);
      for (const Ranked& one : best) similar.push_back({model.subject_of(one.item), one.score, false});
    }
  }
  for (const SimilarWork& one : similar_by_tags(live, row, count)) {
    const bool known = std::any_of(similar.begin(), similar.end(),
                                   [&](const SimilarWork& other) { return other.subject == one.subject; });
    if (similar.size() < count && !known) similar.push_back(one);
  }
  return similar;
}

// How much a person's past speaks for the work: what they took to of its kin, and of its tags.
class Kinship {
 public:
  Kinship(const Community& live, const Models& models, WorkRow row) : view_(live.works().read(row)) {
    for (const SimilarWork& one : similar_to(live, models, row, kindred_count)) {
      const WorkRow kin = live.works().row_of(one.subject);
      if (kin != no_work) weights_[kin] = one.score * (one.by_tags ? tags_count_for : 1);
    }
    weights_[row] = 0;
  }

  [[nodiscard]] float of(const Person& person, std::uint32_t now_s) const {
    float sum = 0;
    for (const Taken& taken : person.recent) {
      const auto kin = weights_.find(taken.work);
      if (kin != weights_.end()) sum += kin->second * taken.weight;
    }
    for (const std::uint32_t tag : view_.tag_span()) {
      const Taste* stored = person.taste_of_tag(tag);
      if (stored == nullptr) continue;
      const Taste taste = faded(*stored, now_s);
      sum += tags_count_for * (taste.long_views + 2 * taste.likes - taste.against) / (taste.shown + 4);
    }
    return sum;
  }

 private:
  static constexpr float tags_count_for = 0.3F;

  WorkView view_;
  std::unordered_map<WorkRow, float> weights_;
};

bool has_seen(const Person& person, WorkRow row) {
  const auto is_it = [row](const Seen& seen) { return seen.work == row; };
  return std::any_of(person.seen.begin(), person.seen.end(), is_it);
}

bool wants_not(const Person& person, const WorkView& view) {
  if (!person.personalised || (person.minor && view.adults_only)) return true;
  if (view.creator && person.wish(WishOf::creator, view.creator.value) == Wish::never) return true;
  const auto tags = view.tag_span();
  return std::any_of(tags.begin(), tags.end(),
                     [&](std::uint32_t tag) { return person.wish(WishOf::tag, tag) == Wish::never; });
}

}  // namespace

Result<std::vector<SimilarWork>> Feeds::similar(SubjectId work, std::size_t count) const {
  if (count < 1 || count > feed_limit_max) return invalid(fmt::format("from 1 to {}", feed_limit_max), "limit");
  const WorkRow row = live_.works().row_of(work);
  if (row == no_work) return not_found("nothing is known of this subject");
  return similar_to(live_, *models(), row, count);
}

Result<std::vector<MatchedPerson>> Feeds::match(SubjectId work, std::size_t count, const Scene& scene) const {
  if (count < 1 || count > match_people_max) return invalid(fmt::format("from 1 to {}", match_people_max), "limit");
  const WorkRow row = live_.works().row_of(work);
  if (row == no_work) return not_found("nothing is known of this subject");
  const Serving serving = this->serving();
  const Kinship kinship(live_, *serving.models, row);
  const WorkView view = live_.works().read(row);
  const std::uint32_t now_s = seconds_of(scene.at);
  std::vector<std::pair<float, PersonId>> likely;
  for (std::size_t shard = 0; shard < People::shards; ++shard) {
    live_.people().look_at(shard, [&](PersonId id, const Person& person) {
      if (wants_not(person, view) || has_seen(person, row)) return;
      if (const float speaks = kinship.of(person, now_s); speaks > 0) likely.emplace_back(-speaks, id);
    });
  }
  const std::size_t weighed = std::min(likely.size(), 2 * count);
  std::partial_sort(likely.begin(), likely.begin() + static_cast<std::ptrdiff_t>(weighed), likely.end());
  std::vector<MatchedPerson> matched;
  for (std::size_t i = 0; i < weighed; ++i) {
    const Person person = live_.people().read(likely[i].second);
    std::vector<Weighed> one{{Candidate{row}, view}};
    const KnownTastes known(serving.models->collaborative.get(), live_.works(), person, now_s);
    weigh(live_, serving.models.get(), *serving.policy, person, known, scene, one);
    matched.push_back({likely[i].second, one[0].chances, one[0].worth, one[0].deviation});
  }
  std::sort(matched.begin(), matched.end(), [](const MatchedPerson& a, const MatchedPerson& b) {
    return a.worth != b.worth ? a.worth > b.worth : a.person < b.person;
  });
  if (matched.size() > count) matched.resize(count);
  return matched;
}

}  // namespace zan::matching
