// Baselines: how showings are taken on the whole, and by where, when, what and who - the means that a single work's or
// person's few numbers are drawn to, and that stand for words which trees cannot read (a tag, a creator, a surface).
//
// Target means as of now (Micci-Barreca 2001), kept as sums that fade with a half-life of seven days. A showing is
// counted when it happens and its signals when they come, so a mean never knows what is still to come.
//
// Owns: the sums, of at most `keys_max` keys; where there is no room the half of a shard that was shown least goes.
// Threads: one writer, any readers; a key is guarded by one of many locks. Cost: 48 bytes and a hash table's place a
// key; a read is a lookup.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>

#include "matching/candidate.h"

namespace zan::matching {

inline constexpr double baseline_half_life_s = 7 * 86'400.0;

// What a mean is of.
enum class Baseline : std::uint8_t { everything, surface, hour, kind, surface_kind, tag, creator, activity };

// A mean: rates that are drawn to the parent's where little was shown.
struct Mean {
  float shown = 0;  // faded
  Rates rates{};
};

class Baselines {
 public:
  explicit Baselines(std::size_t keys_max = 500'000);
  ~Baselines();
  Baselines(const Baselines&) = delete;
  Baselines& operator=(const Baselines&) = delete;

  // ---- one thread at a time; `activity` is the person's, 0: not known
  void shown(const Scene& scene, std::uint32_t activity, const WorkView& view);
  // What came of a showing, and what of it was taken back. Call it with what People told (Heard).
  void came(const Scene& scene, std::uint32_t activity, const WorkView& view, Signals fresh, Signals withdrawn);

  // ---- any thread
  // Drawn to what is usual anywhere, before anything is known.
  [[nodiscard]] Mean everything(std::uint32_t now_s) const;
  // Drawn to `parent`, mostly the rates of everything. A key that is not known is its parent, with nothing shown.
  [[nodiscard]] Mean of(Baseline what, std::uint64_t key, std::uint32_t now_s, const Rates& parent) const;
  // What of() draws to the parent by mean_of(), for who asks for the same key again and again.
  [[nodiscard]] Response read(Baseline what, std::uint64_t key, std::uint32_t now_s) const;
  static Mean mean_of(const Response& response, const Rates& parent);
  [[nodiscard]] std::size_t size() const;

  static std::uint64_t surface_kind(TermId surface, std::uint32_t kind) {
    return std::uint64_t{surface.value} << 32 | kind;
  }
  static std::uint64_t hour_of(Timestamp at) {
    return static_cast<std::uint64_t>(seconds_of(at) / 3600 % 24);
  }

 private:
  struct Sums {
    std::uint64_t hash = 0;  // 0: nobody's place
    std::uint32_t at_s = 0;
    Response response;
  };
  // Open addressing: a question is one cache miss, and a feed asks a hundred times.
  struct Shard {
    mutable std::mutex mutex;
    std::vector<Sums> places;  // none or a power of two
    std::size_t count = 0;
    [[nodiscard]] std::size_t place_of(std::uint64_t hash) const;  // its own, or where it would go. REQUIRES: places
    void rehash(std::size_t size);
  };
  static constexpr std::size_t shards = 64;

  template <typename Change>
  void change(const Scene& scene, std::uint32_t activity, const WorkView& view, const Change& how);
  void make_room(Shard& shard, std::uint32_t now_s) const;
  Sums& sums_of(Shard& shard, std::uint64_t hash, std::uint32_t now_s) const;

  std::size_t shard_keys_max_;
  std::unique_ptr<std::array<Shard, shards>> shards_;
};

// (count + prior * parent) / (shown + prior), for each signal, and never outside 0 to 1.
Rates drawn(const Response& response, const Rates& parent, float prior);

}  // namespace zan::matching
