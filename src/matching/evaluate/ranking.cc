#include "matching/evaluate/ranking.h"

#include <algorithm>
#include <cmath>

#include "base/require.h"
#include "matching/parallel.h"

namespace zan::matching {
namespace {

constexpr std::size_t users_at_a_time = 64;

double discount(std::size_t place) {
  return 1 / std::log2(static_cast<double>(place) + 2);
}

}  // namespace

void best_items(std::span<const float> scores, std::span<const std::uint32_t> taken, std::size_t k,
                std::vector<Ranked>& best) {
  best.clear();
  if (k == 0) return;
  auto next_taken = taken.begin();
  for (std::uint32_t item = 0; item < scores.size(); ++item) {
    if (next_taken != taken.end() && *next_taken == item) {
      ++next_taken;
      continue;
    }
    const Ranked entry{scores[item], item};
    if (best.size() < k) {
      best.push_back(entry);
      std::push_heap(best.begin(), best.end(), is_better);
    } else if (entry.score > best.front().score) {
      std::pop_heap(best.begin(), best.end(), is_better);
      best.back() = entry;
      std::push_heap(best.begin(), best.end(), is_better);
    }
  }
  std::sort_heap(best.begin(), best.end(), is_better);
}

Quality quality_of(std::span<const Ranked> best, std::span<const std::uint32_t> wanted, std::size_t k) {
  double hits = 0, gain = 0, gain_max = 0;
  for (std::size_t place = 0; place < std::min(k, best.size()); ++place) {
    if (!std::binary_search(wanted.begin(), wanted.end(), best[place].item)) continue;
    hits += 1;
    gain += discount(place);
  }
  for (std::size_t place = 0; place < std::min(k, wanted.size()); ++place) gain_max += discount(place);
  return {hits / static_cast<double>(wanted.size()), gain_max > 0 ? gain / gain_max : 0, 1};
}

Quality mean_of(std::span<const Quality> of_users) {
  Quality sum;
  for (const Quality& one : of_users) {
    sum.recall += one.recall;
    sum.ndcg += one.ndcg;
  }
  const double count = std::max<double>(1, static_cast<double>(of_users.size()));
  return {sum.recall / count, sum.ndcg / count, static_cast<std::uint32_t>(of_users.size())};
}

std::vector<std::uint32_t> users_with_items(const Interactions& matrix, std::size_t count_max) {
  std::vector<std::uint32_t> users, some;
  for (std::uint32_t user = 0; user < matrix.user_count(); ++user) {
    if (!matrix.of(user).empty()) users.push_back(user);
  }
  if (users.size() <= count_max) return users;
  for (std::size_t k = 0; k < count_max; ++k) some.push_back(users[k * users.size() / count_max]);
  return some;
}

Quality evaluate(const Model& model, const Interactions& taken, const Interactions& wanted,
                 std::span<const std::uint32_t> users, std::size_t k, std::size_t threads) {
  require(taken.user_count() == wanted.user_count() && taken.item_count == wanted.item_count, "matrices of one shape");
  std::vector<Quality> of_user(users.size());
  in_chunks(threads, users.size(), users_at_a_time, [&](std::size_t begin, std::size_t end, std::size_t) {
    const std::size_t width = taken.item_count;
    std::vector<float> scores((end - begin) * width);
    model.score(users.subspan(begin, end - begin), scores);
    std::vector<Ranked> best;
    for (std::size_t at = begin; at < end; ++at) {
      best_items({scores.data() + (at - begin) * width, width}, taken.of(users[at]), k, best);
      of_user[at] = quality_of(best, wanted.of(users[at]), k);
    }
  });
  return mean_of(of_user);
}

}  // namespace zan::matching
