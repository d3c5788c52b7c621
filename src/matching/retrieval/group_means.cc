#include "matching/retrieval/group_means.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/require.h"

namespace zan::matching {
namespace {

using Member = std::pair<std::uint32_t, std::uint32_t>;  // group, row

// Of some works: their sum, and that of their squares.
class Sum {
 public:
  explicit Sum(std::size_t dimension) : sum_(dimension, 0.0) {}

  void add(const float* vector) {
    double squares = 0;
    for (std::size_t c = 0; c < sum_.size(); ++c) {
      const auto value = static_cast<double>(vector[c]);
      sum_[c] += value;
      squares += value * value;
    }
    if (!(squares > 0)) return;
    squares_ += squares;
    ++count_;
  }
  [[nodiscard]] float likeness() const {
    if (count_ == 0) return 0;
    double square = 0;
    for (const double value : sum_) square += value * value;
    return static_cast<float>(square / count_ / squares_);
  }
  [[nodiscard]] float shrunk(std::size_t c) const { return static_cast<float>(sum_[c] / (count_ + mean_shrinkage)); }
  [[nodiscard]] std::size_t dimension() const { return sum_.size(); }

 private:
  std::vector<double> sum_;
  double squares_ = 0, count_ = 0;
};

Sum sum_of_creator(const GroupMeans::Parts& parts, std::size_t group, std::span<const float> vectors, std::size_t d) {
  Sum sum(d);
  for (std::size_t at = parts.offsets[group]; at < parts.offsets[group + 1]; ++at)
    sum.add(vectors.data() + std::size_t{parts.rows[at]} * d);
  return sum;
}

template <typename Put>
void each_group(const std::vector<Member>& members, const Put& put) {
  for (std::size_t begin = 0, end = 0; begin < members.size(); begin = end) {
    while (end < members.size() && members[end].first == members[begin].first) ++end;
    put(begin, end);
  }
}

// Tags with enough works; of too many those with the most.
std::vector<std::pair<std::size_t, std::size_t>> tags_kept(const std::vector<Member>& members) {
  std::vector<std::pair<std::size_t, std::size_t>> kept;
  each_group(members, [&](std::size_t begin, std::size_t end) {
    if (end - begin >= mean_works_min) kept.emplace_back(begin, end);
  });
  if (kept.size() <= mean_tags_max) return kept;
  std::stable_sort(kept.begin(), kept.end(),
                   [](const auto& a, const auto& b) { return a.second - a.first > b.second - b.first; });
  kept.resize(mean_tags_max);
  std::sort(kept.begin(), kept.end());
  return kept;
}

}  // namespace

GroupMeans GroupMeans::of(std::span<const float> vectors, std::size_t dimension, std::span<const ItemTraits> traits) {
  require(traits.empty() || traits.size() * dimension == vectors.size(), "traits of every item, or of none");
  std::vector<Member> by_creator, by_tag;
  for (std::uint32_t row = 0; row < traits.size(); ++row) {
    if (traits[row].creator) by_creator.emplace_back(traits[row].creator.value, row);
    for (const std::uint32_t tag : traits[row].tags) by_tag.emplace_back(tag, row);
  }
  std::sort(by_creator.begin(), by_creator.end());
  std::sort(by_tag.begin(), by_tag.end());
  by_tag.erase(std::unique(by_tag.begin(), by_tag.end()), by_tag.end());
  Parts parts;
  each_group(by_creator, [&](std::size_t begin, std::size_t) {
    parts.creators.push_back(by_creator[begin].first);
    parts.offsets.push_back(static_cast<std::uint32_t>(begin));
  });
  if (!parts.creators.empty()) parts.offsets.push_back(static_cast<std::uint32_t>(by_creator.size()));
  for (const Member& member : by_creator) parts.rows.push_back(member.second);
  for (const auto& [begin, end] : tags_kept(by_tag)) {
    Sum sum(dimension);
    for (std::size_t at = begin; at < end; ++at) sum.add(vectors.data() + by_tag[at].second * dimension);
    parts.tags.push_back(by_tag[begin].first);
    parts.likeness.push_back(sum.likeness());
    for (std::size_t c = 0; c < dimension; ++c) parts.means.push_back(sum.shrunk(c));
  }
  return GroupMeans(std::move(parts));
}

void GroupMeans::average_creators(std::span<const float> vectors, std::size_t dimension) {
  mean_of_.assign(parts_.creators.size(), few);
  for (std::size_t group = 0; group < parts_.creators.size(); ++group) {
    if (parts_.offsets[group + 1] - parts_.offsets[group] <= creator_works_few) continue;
    const Sum sum = sum_of_creator(parts_, group, vectors, dimension);
    mean_of_[group] = static_cast<std::uint32_t>(creator_likeness_.size());
    creator_likeness_.push_back(sum.likeness());
    for (std::size_t c = 0; c < dimension; ++c) creator_means_.push_back(sum.shrunk(c));
  }
}

std::size_t GroupMeans::bytes() const {
  return 4 * (parts_.creators.size() + parts_.offsets.size() + parts_.rows.size() + parts_.tags.size() +
              parts_.means.size() + parts_.likeness.size() + mean_of_.size() + creator_means_.size() +
              creator_likeness_.size());
}

bool GroupMeans::vector_for(CreatorId creator, std::span<const std::uint32_t> tags, std::span<const float> vectors,
                            std::span<float> vector) const {
  const std::size_t d = vector.size();
  std::fill(vector.begin(), vector.end(), 0.0F);
  float weight = 0;
  const auto add = [&](float likeness, const auto& value) {
    if (!(likeness > 0)) return;
    weight += likeness;
    for (std::size_t c = 0; c < d; ++c) vector[c] += likeness * value(c);
  };
  const auto& c = parts_.creators;
  if (const auto at = std::lower_bound(c.begin(), c.end(), creator.value); at != c.end() && *at == creator.value) {
    const auto group = static_cast<std::size_t>(at - c.begin());
    if (const std::uint32_t mean = mean_of_[group]; mean != few) {
      add(creator_likeness_[mean], [&](std::size_t axis) { return creator_means_[mean * d + axis]; });
    } else {
      const Sum sum = sum_of_creator(parts_, group, vectors, d);
      add(sum.likeness(), [&](std::size_t axis) { return sum.shrunk(axis); });
    }
  }
  for (const std::uint32_t tag : tags) {
    const auto at = std::lower_bound(parts_.tags.begin(), parts_.tags.end(), tag);
    if (at == parts_.tags.end() || *at != tag) continue;
    const auto group = static_cast<std::size_t>(at - parts_.tags.begin());
    add(parts_.likeness[group], [&](std::size_t axis) { return parts_.means[group * d + axis]; });
  }
  if (!(weight > 0)) return false;
  for (float& value : vector) value /= weight;
  return true;
}

}  // namespace zan::matching
