#include "audience/answer/look_alike.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "base/hash.h"

namespace zan::audience {
namespace {

// The book's answers about look-alikes are not those about compositions: their rows may be of fewer people, and are
// never said.
constexpr std::uint64_t part_of_look_alikes = 1'000;

constexpr std::size_t score_max = look_alike_values_max * static_cast<std::size_t>(value_weight_max);
using Histogram = std::vector<std::uint64_t>;  // by score + score_max

// Eight users' bits as eight numbers, all ones or zero.
constexpr auto spread = [] {
  std::array<std::array<std::int16_t, 8>, 256> out{};
  for (std::size_t byte = 0; byte < 256; ++byte)
    for (std::size_t bit = 0; bit < 8; ++bit) out[byte][bit] = (byte >> bit & 1) != 0 ? -1 : 0;
  return out;
}();

// The scores of a block's users.
class Scores {
 public:
  Scores() : of_user_(block_users) {}

  void add_up(const TagStore::Block& block, const std::vector<ValueWeight>& weights) {
    std::fill(of_user_.begin(), of_user_.end(), std::int16_t{0});
    for (const ValueWeight& one : weights) add(block.view(one.value), one.weight);
  }
  std::int16_t operator[](std::uint32_t user) const { return of_user_[user]; }

 private:
  void add(const SetView& set, std::int16_t weight) {
    if (set.kind == SetView::Kind::list) {
      for (std::uint32_t i = 0; i < set.size; ++i) of_user_[set.list[i]] = sum(of_user_[set.list[i]], weight);
    } else if (set.kind == SetView::Kind::words) {
      const auto* const bytes = reinterpret_cast<const unsigned char*>(set.words);
      for (std::size_t i = 0; i < block_users / 8; ++i) {
        std::int16_t* const eight = of_user_.data() + i * 8;
        const std::array<std::int16_t, 8>& mask = spread[bytes[i]];
        for (std::size_t j = 0; j < 8; ++j) eight[j] = sum(eight[j], static_cast<std::int16_t>(mask[j] & weight));
      }
    }
  }
  static std::int16_t sum(std::int16_t a, std::int16_t b) { return static_cast<std::int16_t>(a + b); }

  std::vector<std::int16_t> of_user_;
};

double log_odds(double share) {
  return std::log(share / (1 - share));
}

// Calls each(user, score + score_max, whether a member) for everybody who may be counted.
template <typename Each>
void each_scored(const TagStore& store, const std::vector<ValueWeight>& weights, const Plan& members, const Plan& among,
                 Each&& each) {
  Evaluation evaluation(store);
  Scores scores;
  std::vector<bool> is_member(block_users);
  evaluation.each_block(Plan::both({}), among,
                        [&](std::uint32_t number, const TagStore::Block& block, const SetView& set, BlockMath& math) {
                          scores.add_up(block, weights);
                          const SetView in = evaluation.set_of(block, number, members, among);
                          std::fill(is_member.begin(), is_member.end(), false);
                          for_each_user(in, 0, [&](std::uint32_t user) { is_member[user] = true; });
                          math.release(in);
                          for_each_user(set, 0, [&](std::uint32_t user) {
                            each(number * block_users + user,
                                 static_cast<std::size_t>(scores[user] + static_cast<std::int32_t>(score_max)),
                                 is_member[user]);
                          });
                        });
}

// The part of the members who score no higher, to the hundredth.
double rank_among(const Histogram& members, std::size_t score) {
  std::uint64_t total = 0, no_higher = 0;
  for (std::size_t i = 0; i < members.size(); ++i) {
    total += members[i];
    if (i <= score) no_higher += members[i];
  }
  return total == 0 ? 0 : std::round(100 * static_cast<double>(no_higher) / static_cast<double>(total)) / 100;
}

// The score of the n-th from above, from 1; 0 if there are fewer.
std::size_t score_of(const Histogram& others, std::uint64_t n) {
  std::uint64_t above = 0;
  for (std::size_t i = others.size(); i-- > 0;)
    if ((above += others[i]) >= n) return i;
  return 0;
}

}  // namespace

std::vector<ValueWeight> value_weights(const std::vector<ValueRow>& rows, std::uint64_t members, const Rows& of_members,
                                       std::uint64_t people, const Rows& of_people, double noise_people) {
  std::vector<std::pair<double, ValueWeight>> all;  // by evidence
  const auto n = static_cast<double>(members), everybody = static_cast<double>(people);
  const double few = static_cast<double>(look_alike_row_min) / n;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    // A row that is not said is the whole: noise carried it beyond.
    const auto count = static_cast<double>(of_people[i].value_or(people));
    if (count < static_cast<double>(look_alike_row_min)) continue;
    const double base = std::min(count / everybody, 1 - 1 / everybody);
    double share = static_cast<double>(of_members[i].value_or(members)) / n;
    if (share < few) share = std::min(few, base);
    if (share > 1 - few) share = std::max(1 - few, base);
    const double error = std::sqrt(share * (1 - share) / n + 2 * noise_people * noise_people / (n * n));
    const double evidence = std::abs(share - base) / error;
    const double eighths = std::round(8 * (log_odds(share) - log_odds(base)));
    const auto weight =
        static_cast<std::int16_t>(std::clamp<double>(eighths, -value_weight_max, value_weight_max));
    if (evidence >= 2 && weight != 0) all.push_back({evidence, {rows[i].id, weight}});
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  all.resize(std::min(all.size(), look_alike_values_max));
  std::vector<ValueWeight> out;
  for (const auto& [evidence, one] : all) out.push_back(one);
  return out;
}

Result<LookAlikes::Model> LookAlikes::learn(const SimilarTo& to, const Question& question) {
  const Plan among = catalogue_->eligible(question.purpose), all = Plan::both({});
  const std::uint64_t least =
      std::max(look_alike_members_min, catalogue_->purposes()[question.purpose].least_people);
  const std::uint64_t part = part_of_look_alikes + question.purpose;
  ZAN_ASSIGN(const Said members, book_.say(question.asker.key, part, measure(store_, secret_, to.plan, among), least,
                                           question.now));
  // Of everybody under the house's own key, as in a composition.
  ZAN_ASSIGN(const Said people,
             book_.say("everybody for " + question.asker.key, part, measure(store_, secret_, all, among), least,
                       question.now));
  std::vector<ValueRow> rows = value_rows(*catalogue_, question.purpose);
  std::erase_if(rows, [&](const ValueRow& one) {
    return catalogue_->tags()[one.tag].sensitivity == Sensitivity::sensitive;
  });
  // Of any number: they are never said, and below look_alike_row_min all are alike.
  const auto of_members = book_.say_parts(members, count_values(store_, rows, to.plan, among), 0);
  const auto of_people = book_.say_parts(people, count_values(store_, rows, all, among), 0);
  Model out{members.seed ^ mix64(people.seed), {}};
  out.weights =
      value_weights(rows, members.count, *of_members, people.count, *of_people, book_.rules().noise_people);
  if (!out.weights.empty()) return out;
  return Error{ErrorKind::refused, "nothing sets these people apart from everybody, so that nobody is like them", {}};
}

// Two passes over the people: how many have which score, and who has enough.
LookAlike LookAlikes::rank(const SimilarTo& to, const Question& question, const Model& model) {
  const Plan among = catalogue_->eligible(question.purpose);
  Histogram members(2 * score_max + 1), others(2 * score_max + 1);
  each_scored(store_, model.weights, to.plan, among, [&](std::uint32_t, std::size_t score, bool is_member) {
    ++(is_member ? members : others)[score];
  });
  const std::size_t cut = score_of(others, to.size);
  std::uint64_t above = 0;
  for (std::size_t i = cut + 1; i < others.size(); ++i) above += others[i];
  auto users = std::make_shared<UserList>();
  std::vector<std::uint64_t> equal;  // hash and user
  const std::uint64_t salt = keyed_hash64(secret_, as_bytes("look-alike"));
  each_scored(store_, model.weights, to.plan, among, [&](std::uint32_t user, std::size_t score, bool is_member) {
    if (is_member || score < cut) return;
    if (score > cut) return users->push_back(user);
    equal.push_back((mix64(salt ^ user) & 0xffff'ffff'0000'0000) | user);
  });
  const auto wanted = static_cast<std::ptrdiff_t>(
      std::min<std::uint64_t>(equal.size(), to.size - std::min<std::uint64_t>(to.size, above)));
  std::nth_element(equal.begin(), equal.begin() + wanted, equal.end());
  for (auto at = equal.begin(); at != equal.begin() + wanted; ++at) users->push_back(static_cast<std::uint32_t>(*at));
  std::sort(users->begin(), users->end());
  const std::size_t middle = score_of(others, (users->size() + 1) / 2);
  Similarity similarity{to.text, to.size, rank_among(members, cut), rank_among(members, middle)};
  return {std::move(users), remembered(model.seed, similarity)};
}

// The first that was worked out for these weights: it would tell by a hundredth who joined the segment.
Similarity LookAlikes::remembered(std::uint64_t seed, const Similarity& fresh) {
  const std::lock_guard lock(mutex_);
  const std::pair key{seed, fresh.size};
  const auto [at, is_new] = similarities_.emplace(key, fresh);
  if (is_new) order_.push_back(key);
  Similarity out = at->second;
  out.text = fresh.text;
  if (order_.size() > similarities_kept_max) {
    similarities_.erase(order_.front());
    order_.pop_front();
  }
  return out;
}

std::optional<LookAlike> LookAlikes::recall(const std::string& key, Timestamp now) const {
  const std::lock_guard lock(mutex_);
  for (const Kept& one : kept_)
    if (one.key == key && now >= one.made && now.us < one.made.us + look_alike_age_us) return one.found;
  return std::nullopt;
}

void LookAlikes::keep(const std::string& key, Timestamp now, const LookAlike& found) {
  const std::lock_guard lock(mutex_);
  std::erase_if(kept_, [&](const Kept& one) { return one.key == key; });
  if (kept_.size() >= look_alikes_kept_max) kept_.pop_front();
  kept_.push_back({key, now, found});
}

void LookAlikes::forget() {
  const std::lock_guard lock(mutex_);
  kept_.clear();
}

std::size_t LookAlikes::kept() const {
  const std::lock_guard lock(mutex_);
  return kept_.size();
}

Result<LookAlike> LookAlikes::find(const SimilarTo& to, const Question& question) {
  const std::string key = fmt::format("{} {} {}", question.purpose, to.size, to.resolved);
  const auto again = [&]() -> std::optional<LookAlike> {
    auto found = recall(key, question.now);
    if (found) found->similarity.text = to.text;
    return found;
  };
  if (auto found = again()) return *std::move(found);
  const std::lock_guard lock(making_);
  if (auto found = again()) return *std::move(found);
  ZAN_ASSIGN(const Model model, learn(to, question));
  LookAlike found = rank(to, question, model);
  keep(key, question.now, found);
  return found;
}

}  // namespace zan::audience
