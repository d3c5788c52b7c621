#include "audience/answer/answer_book.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

namespace zan::audience {

// Box and Muller 1958.
double normal_of(std::uint64_t seed) {
  const double u = (static_cast<double>(mix64(seed ^ 0x9e3779b97f4a7c15ULL) >> 11) + 1) * 0x1.0p-53;
  const double v = static_cast<double>(mix64(seed + 0x632be59bd9b4e019ULL) >> 11) * 0x1.0p-53;
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * std::numbers::pi * v);
}

namespace {

std::uint64_t with_noise(std::uint64_t count, double noise) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, static_cast<std::int64_t>(count) + std::llround(noise)));
}

Error too_few(std::uint64_t least) {
  return {ErrorKind::refused, fmt::format("fewer than {} people; so small a group is not told", least), {}};
}

}  // namespace

std::shared_ptr<AnswerBook::Answer> AnswerBook::near(std::uint64_t part, const Measured& set) const {
  const std::uint64_t below = set.count - std::min<std::uint64_t>(set.count, rules_.near_people - 1);
  const auto end = answers_.upper_bound(set.count + rules_.near_people - 1);
  std::shared_ptr<Answer> best;
  std::uint32_t best_distance = rules_.near_people;
  for (auto at = answers_.lower_bound(below); at != end; ++at) {
    if (at->second->part != part) continue;
    const std::uint32_t distance = set.sketch.distance(at->second->set.sketch, best_distance);
    if (distance >= best_distance) continue;
    best = at->second;
    best_distance = distance;
  }
  return best;
}

Result<void> AnswerBook::spend(const std::string& key, Timestamp now) {
  const std::int64_t day = now.us / us_per_day;
  if (spent_.size() >= rules_.keys_remembered && !spent_.contains(key)) {
    std::erase_if(spent_, [&](const auto& one) { return one.second.day < day; });
    if (spent_.size() >= rules_.keys_remembered) return limited("too many keys ask today");
  }
  Spent& spent = spent_[key];
  if (spent.day != day) spent = {day, 0};
  if (spent.answers >= rules_.answers_a_day)
    return limited(fmt::format("this key has had its {} different answers of today", rules_.answers_a_day));
  ++spent.answers;
  return {};
}

void AnswerBook::remember(std::shared_ptr<Answer> answer) {
  if (order_.size() >= rules_.answers_remembered) {
    of_seed_.erase(order_.front()->second->said.seed);
    answers_.erase(order_.front());
    order_.pop_front();
  }
  const std::uint64_t count = answer->set.count;
  of_seed_[answer->said.seed] = answer.get();
  order_.push_back(answers_.emplace(count, std::move(answer)));
}

Result<Said> AnswerBook::say(const std::string& key, std::uint64_t part, const Measured& set, std::uint64_t least,
                             Timestamp now) {
  const std::lock_guard lock(mutex_);
  std::shared_ptr<Answer> answer = near(part, set);
  if (answer == nullptr) {
    // A refusal is an answer, too: whether somebody is enough to reach the least number must not be asked for nothing.
    ZAN_TRY(spend(key, now));
    auto fresh = std::make_shared<Answer>();
    fresh->part = part;
    fresh->set = set;
    fresh->said.seed = set.sketch.seed(secret_, part);
    fresh->said.count = with_noise(set.count, rules_.noise_people * normal_of(fresh->said.seed));
    fresh->said.within = static_cast<std::uint32_t>(std::ceil(1.96 * rules_.noise_people));
    answer = fresh;
    remember(std::move(fresh));
  }
  // Of the set as it was remembered: it says what was said, or nothing, whatever one person does.
  if (answer->set.count < least || answer->said.count < least) return too_few(least);
  return answer->said;
}

std::optional<std::uint64_t> AnswerBook::say_row(const Said& whole, std::uint64_t row, std::uint64_t count,
                                                 std::uint64_t least) const {
  const std::uint64_t content[2] = {whole.seed, row};
  const std::uint64_t seed = keyed_hash64(secret_, std::as_bytes(std::span(content)));
  const std::uint64_t said = with_noise(count, rules_.noise_people * normal_of(seed));
  if (count < least || said < least || said + least > whole.count) return std::nullopt;
  return said;
}

std::shared_ptr<const Rows> AnswerBook::say_parts(const Said& whole, const std::vector<std::uint64_t>& counts,
                                                  std::uint64_t least) {
  const std::lock_guard lock(mutex_);
  const auto answer = of_seed_.find(whole.seed);
  // Forgotten meanwhile: nothing would keep the next one from differing by one person.
  if (answer == of_seed_.end()) return std::make_shared<const Rows>(counts.size());
  if (answer->second->rows == nullptr) {
    auto rows = std::make_shared<Rows>();
    for (std::size_t i = 0; i < counts.size(); ++i) rows->push_back(say_row(whole, i, counts[i], least));
    answer->second->rows = std::move(rows);
  }
  return answer->second->rows;
}

}  // namespace zan::audience
