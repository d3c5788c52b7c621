#include "matching/ranking/baselines.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/hash.h"

namespace zan::matching {
namespace {

constexpr Rates usual = {0.4F, 0.2F, 0.02F, 0.003F, 0.003F, 0.002F, 0.02F};
constexpr float usual_prior = 10, parent_prior = 20;

// One table for all kinds of keys; two keys that meet share their sums, one in 2^64 does. Never 0.
std::uint64_t hash_of(Baseline what, std::uint64_t key) {
  return std::max<std::uint64_t>(1, mix64(mix64(key) + 0x9e3779b97f4a7c15ULL * (static_cast<std::uint64_t>(what) + 1)));
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

std::size_t Baselines::Shard::place_of(std::uint64_t hash) const {
  const std::size_t mask = places.size() - 1;
  std::size_t at = hash / shards & mask;
  while (places[at].hash != 0 && places[at].hash != hash) at = (at + 1) & mask;
  return at;
}

void Baselines::Shard::rehash(std::size_t size) {
  std::vector<Sums> old(size);
  old.swap(places);
  for (const Sums& sums : old) {
    if (sums.hash != 0) places[place_of(sums.hash)] = sums;
  }
}

// Room for one more key: who was shown least goes where there are as many as there may be.
void Baselines::make_room(Shard& shard, std::uint32_t now_s) const {
  if (shard.count >= shard_keys_max_) {
    std::vector<std::pair<float, std::uint64_t>> all;
    for (Sums& sums : shard.places) {
      if (sums.hash == 0) continue;
      fade(sums.response, sums.at_s, now_s);
      sums.at_s = std::max(sums.at_s, now_s);
      all.emplace_back(sums.response.shown, sums.hash);
    }
    const auto half = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
    std::nth_element(all.begin(), half, all.end());
    const auto last = *half;
    for (Sums& sums : shard.places) {
      if (sums.hash == 0 || std::pair(sums.response.shown, sums.hash) > last) continue;
      sums = {};
      --shard.count;
    }
    shard.rehash(shard.places.size());
  }
  if (4 * (shard.count + 1) > 3 * shard.places.size()) shard.rehash(std::max<std::size_t>(8, 2 * shard.places.size()));
}

// REQUIRES: the shard is locked.
Baselines::Sums& Baselines::sums_of(Shard& shard, std::uint64_t hash, std::uint32_t now_s) const {
  if (!shard.places.empty()) {
    Sums& known = shard.places[shard.place_of(hash)];
    if (known.hash == hash) return known;
  }
  make_room(shard, now_s);
  Sums& sums = shard.places[shard.place_of(hash)];
  sums.hash = hash;
  sums.at_s = now_s;
  ++shard.count;
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
  if (shard.places.empty()) return {};
  const Sums& found = shard.places[shard.place_of(hash)];
  Response response = found.response;
  fade(response, found.at_s, now_s);
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
    size += shard.count;
  }
  return size;
}

}  // namespace zan::matching
