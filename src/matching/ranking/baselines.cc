#include "matching/ranking/baselines.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/hash.h"

namespace zan::matching {
namespace {

constexpr Rates usual = {0.4F, 0.2F, 0.02F, 0.003F, 0.003F, 0.002F, 0.02F};
constexpr float usual_prior = 10, parent_prior = 20;

// One table for all kinds of keys; two keys that meet share their sums, one in 2^64 does.
std::uint64_t hash_of(Baseline what, std::uint64_t key) {
  return mix64(mix64(key) + 0x9e3779b97f4a7c15ULL * (static_cast<std::uint64_t>(what) + 1));
}

void fade(Response& response, std::uint32_t from_s, std::uint32_t to_s) {
  if (to_s <= from_s) return;
  const auto by = static_cast<float>(std::exp2(-static_cast<double>(to_s - from_s) / baseline_half_life_s));
  response.shown *= by;
  for (float& count : response.of) count *= by;
}

}  // namespace

Rates drawn(const Response& response, const Rates& parent, float prior) {
  Rates rates;
  for (std::size_t i = 0; i < signal_count; ++i)
    rates[i] = std::clamp((response.of[i] + prior * parent[i]) / (response.shown + prior), 0.0F, 1.0F);
  return rates;
}

Baselines::Baselines(std::size_t keys_max)
    : shard_keys_max_(std::max<std::size_t>(2, keys_max / shards)),
      shards_(std::make_unique<std::array<Shard, shards>>()) {}

Baselines::~Baselines() = default;

// REQUIRES: the shard is locked.
Baselines::Sums& Baselines::sums_of(Shard& shard, std::uint64_t hash, std::uint32_t now_s) {
  const auto found = shard.sums.find(hash);
  if (found != shard.sums.end()) return found->second;
  if (shard.sums.size() >= shard_keys_max_) {
    std::vector<std::pair<float, std::uint64_t>> all;
    for (auto& [key, sums] : shard.sums) {
      fade(sums.response, sums.at_s, now_s);
      sums.at_s = std::max(sums.at_s, now_s);
      all.emplace_back(sums.response.shown, key);
    }
    const auto half = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
    std::nth_element(all.begin(), half, all.end());
    for (auto one = all.begin(); one <= half; ++one) shard.sums.erase(one->second);
  }
  Sums& sums = shard.sums[hash];
  sums.at_s = now_s;
  return sums;
}

// Calls how(response, part) for each mean that the showing belongs to; `part` is what is left of 1 if it comes late.
template <typename Change>
void Baselines::change(const Scene& scene, std::uint32_t activity, const WorkView& view, const Change& how) {
  const std::uint32_t at_s = seconds_of(scene.at);
  const auto one = [&](Baseline what, std::uint64_t key) {
    const std::uint64_t hash = hash_of(what, key);
    Shard& shard = (*shards_)[hash % shards];
    const std::lock_guard lock(shard.mutex);
    Sums& sums = sums_of(shard, hash, at_s);
    Response late;
    late.shown = 1;
    fade(late, at_s, sums.at_s);
    fade(sums.response, sums.at_s, at_s);
    sums.at_s = std::max(sums.at_s, at_s);
    how(sums.response, late.shown);
  };
  one(Baseline::everything, 0);
  one(Baseline::surface, scene.surface.value);
  one(Baseline::hour, hour_of(scene.at));
  one(Baseline::kind, view.kind);
  one(Baseline::surface_kind, surface_kind(scene.surface, view.kind));
  one(Baseline::activity, activity);
  for (const std::uint32_t tag : view.tag_span()) one(Baseline::tag, tag);
  if (view.creator) one(Baseline::creator, view.creator.value);
}

void Baselines::shown(const Scene& scene, std::uint32_t activity, const WorkView& view) {
  change(scene, activity, view, [](Response& response, float part) { response.shown += part; });
}

void Baselines::came(const Scene& scene, std::uint32_t activity, const WorkView& view, Signals fresh,
                     Signals withdrawn) {
  if (fresh == withdrawn) return;
  change(scene, activity, view, [fresh, withdrawn](Response& response, float part) {
    for (std::size_t i = 0; i < signal_count; ++i) {
      const auto signal = static_cast<Signal>(i);
      const float times = (has(fresh, signal) ? part : 0) - (has(withdrawn, signal) ? part : 0);
      response.of[i] = std::max(0.0F, response.of[i] + times);
    }
  });
}

Response Baselines::read(Baseline what, std::uint64_t key, std::uint32_t now_s) const {
  const std::uint64_t hash = hash_of(what, key);
  const Shard& shard = (*shards_)[hash % shards];
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.sums.find(hash);
  if (found == shard.sums.end()) return {};
  Response response = found->second.response;
  fade(response, found->second.at_s, now_s);
  return response;
}

Mean Baselines::everything(std::uint32_t now_s) const {
  const Response response = read(Baseline::everything, 0, now_s);
  return {response.shown, drawn(response, usual, usual_prior)};
}

Mean Baselines::of(Baseline what, std::uint64_t key, std::uint32_t now_s, const Rates& parent) const {
  return mean_of(read(what, key, now_s), parent);
}

Mean Baselines::mean_of(const Response& response, const Rates& parent) {
  return {response.shown, drawn(response, parent, parent_prior)};
}

std::size_t Baselines::size() const {
  std::size_t size = 0;
  for (const Shard& shard : *shards_) {
    const std::lock_guard lock(shard.mutex);
    size += shard.sums.size();
  }
  return size;
}

}  // namespace zan::matching
