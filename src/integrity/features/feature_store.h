// Everything an act is judged by that was counted before it: windowed counts, distinct counts, the account's own history.
//
// For each act, in the order of intake: read() what its features are, judge, update(). Call prefetch() some twelve acts
// ahead: each act touches up to twenty places in some hundred megabytes, which it fetches side by side. Much further
// ahead, what was fetched is still near, but the page tables that lead there are not.
//
//   counts    of each kind of act by actor, subject, creator, device, network and four pairs of them (window_counts.h)
//   distinct  actors a device, devices an actor and so on (distinct_count.h)
//   accounts  rhythm, what was watched, what is new (account_state.h)
//   neighbours  what the accounts are like that like from the same device or network, or the same subjects (neighbourhood.h)
//
// Each of these is a table of its own with a fixed number of entries that forgets who was idle longest (set_table.h): a
// flood of made-up devices forgets devices and pairs with a device, and leaves actors, subjects and networks as they
// are. What was forgotten reads as never seen: counts are low, never high, and an account looks new.
//
// Threads: one. Memory: fixed by the options, see bytes(). Cost: cache misses, by the number of tables that are kept.
// Time:    moments are the acts' own; a late one counts where it belongs if that is still there (window_counts.h).
// Same acts in the same order, with the same prefetches or others, give the same bytes.
#pragma once

#include <array>
#include <memory>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "integrity/act_view.h"
#include "integrity/features/catalogue.h"

namespace zan::integrity {

// Entries of each table. A count entry takes 73 bytes, as do an account and a neighbourhood; a distinct entry 137. A table
// of none is not kept: what is read from it is as if nothing had been seen.
struct FeatureOptions {
  std::array<std::uint64_t, count_key_count> counts = {560'000, 224'000, 56'000,  308'000, 112'000,
                                                       420'000, 224'000, 224'000, 112'000};               // as CountKey
  std::array<std::uint64_t, relation_count> distinct = {84'000, 42'000, 70'000, 56'000, 56'000, 56'000};  // as Relation
  std::uint64_t accounts = 1'100'000;
  std::array<std::uint64_t, around_count> neighbours = {84'000, 42'000, 56'000, 420'000};  // as Around
  std::uint64_t seed = 0;  // of the hashes; secret, or strangers choose who is forgotten

  // The default is for a million accounts.
  static FeatureOptions for_accounts(std::uint64_t accounts, std::uint64_t seed = 0);
  // Only the tables that these features are read from: of the others nothing is read differently.
  [[nodiscard]] FeatureOptions only(std::span<const FeatureId> features) const;
  bool operator==(const FeatureOptions&) const = default;
};

class FeatureStore {
 public:
  explicit FeatureStore(const FeatureOptions& options = {});
  ~FeatureStore();
  FeatureStore(FeatureStore&&) noexcept;
  FeatureStore& operator=(FeatureStore&&) noexcept;

  // Says that the act will come, and which counts of acts of another kind will be read then. Changes nothing that can be
  // read.
  void prefetch(const ActView& act, std::span<const FeatureId> counts = {});
  void update(const ActView& act);
  // What the act's features are as of its own moment, from the acts before. What does not apply, a count by device of an
  // act without one, is zero, as is a feature that does not exist. REQUIRES: as many values as features.
  void read(const ActView& act, std::span<const FeatureId> features, std::span<double> values) const;

  // What is known of the account: its history, its counts and the sets of its things. What it did stays in the counts of
  // subjects, devices and networks; counts of the account together with a creator cannot be found and run out by themselves.
  void forget(std::uint32_t actor);

  [[nodiscard]] std::uint64_t bytes() const;

  void save(Bytes& out) const;
  // Leaves the store as it was where it fails; needs its memory twice until it is done.
  // Errors: corrupt, unsupported; invalid where options differ.
  Result<void> load(ByteSpan bytes);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace zan::integrity
