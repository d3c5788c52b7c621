// The registry against a disk that crashes, fills up and fails: what was committed keeps its id, name and key; what was
// erased stays erased.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <vector>

#include "storage/registry.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

constexpr HashKey secret{1, 2, 3, 4, 5};
constexpr RegistryOptions small{.reserve_bytes = 1024};

struct TwinName {
  NameKind kind;
  std::string name;
  PersonKey key{};
  bool erased = false;
  bool maybe_erased = false;  // an erasure failed
};

Hash128 hash_of(const TwinName& twin) {
  return name_hash(secret, twin.kind, twin.name);
}

class CrashRun {
 public:
  explicit CrashRun(std::uint64_t seed) : disk_(SimDisk::make(seed)), entropy_(seed), rng_(seed ^ 0x5eed) {}

  void step() {
    if (!registry_) return start();
    const std::uint64_t what = rng_.below(100);
    if (what < 50) return add();
    if (what < 75) return commit();
    if (what < 78) return discard();
    if (what < 85) return erase();
    if (what < 88) return close();
    if (what < 92) return trouble();
    if (what < 96)
      registry_.reset();  // kill -9: the page cache lives on
    else
      crash();
  }

  void finish() {
    disk_->set_faults({});
    registry_.reset();
    start();
    commit();
    crash();
    start();
    RC_ASSERT(registry_->verify().ok());
    RC_ASSERT(registry_->count() == promised_.size());
  }

 private:
  void start() {
    auto opened = Registry::open(*disk_, secret, entropy_, small);
    if (!opened.ok()) {
      RC_ASSERT(opened.error().kind == ErrorKind::unavailable);
      disk_->set_faults({});
      return;
    }
    registry_ = std::move(opened).value();
    RC_ASSERT(registry_->count() >= promised_.size());
    while (promised_.size() < registry_->count()) adopt();
    staged_.clear();
    disk_->set_faults({});
    settle_erasures();
    check();
  }

  // The next name is one of a commit that failed: it may be there, and then it stays.
  void adopt() {
    const std::size_t index = promised_.size();
    const std::string name = registry_->name({static_cast<std::uint32_t>(index + 1)}).value();
    const auto known = std::find_if(hoped_.begin(), hoped_.end(), [&](const Hoped& hoped) {
      return hoped.index == index && hoped.twin.name == name;
    });
    RC_ASSERT(known != hoped_.end());
    promised_.push_back(known->twin);
  }

  // An erasure that was cut short is repeated by its owner, who knows of it; there is no other suspect.
  void settle_erasures() {
    for (const EntityId id : registry_->suspects()) RC_ASSERT(at(id).maybe_erased);
    for (std::uint32_t id = 1; id <= promised_.size(); ++id) {
      TwinName& twin = at({id});
      if (!twin.maybe_erased) continue;
      RC_ASSERT(registry_->erase({id}).ok());
      twin.erased = true;
      twin.maybe_erased = false;
    }
    RC_ASSERT(registry_->suspects().empty());
  }

  void check() {
    for (std::uint32_t id = 1; id <= promised_.size(); ++id) {
      const TwinName& twin = at({id});
      if (twin.maybe_erased) continue;
      RC_ASSERT(registry_->kind({id}) == twin.kind);
      RC_ASSERT(registry_->erased({id}) == twin.erased);
      const auto name = registry_->name({id});
      if (twin.erased) {
        RC_ASSERT(name.error().kind == ErrorKind::not_found);
        continue;
      }
      RC_ASSERT(*name == twin.name);
      RC_ASSERT(registry_->find(hash_of(twin)) == EntityId{id});
      if (twin.kind == NameKind::person) RC_ASSERT(*registry_->key({id}) == twin.key);
    }
    RC_ASSERT(registry_->verify().ok());
  }

  void add() {
    for (std::uint64_t left = 1 + rng_.below(6); left > 0; --left) {
      const NameKind kind = rng_.chance(0.6) ? NameKind::person : NameKind::subject;
      TwinName twin{kind, std::to_string(next_name_++) + std::string(rng_.below(60), 'n')};
      const EntityId id = registry_->add(kind, twin.name, hash_of(twin)).value();
      RC_ASSERT(id.value == promised_.size() + staged_.size() + 1);
      if (kind == NameKind::person) twin.key = registry_->key(id).value();
      staged_.push_back(std::move(twin));
    }
  }

  void commit() {
    const auto committed = registry_->commit();
    if (committed.ok()) {
      registry_->publish();
      if (!staged_.empty()) hoped_.clear();
      promised_.insert(promised_.end(), staged_.begin(), staged_.end());
      staged_.clear();
      RC_ASSERT(registry_->count() == promised_.size());
      if (rng_.chance(0.1)) check();
      return;
    }
    RC_ASSERT(committed.error().kind == ErrorKind::unavailable);
    for (const TwinName& twin : staged_) {
      RC_ASSERT(!registry_->find(hash_of(twin)));
      hoped_.push_back({promised_.size() + static_cast<std::size_t>(&twin - staged_.data()), twin});
    }
  }

  // What a failed commit left in the file may still come back.
  void discard() {
    registry_->discard();
    staged_.clear();
  }

  void erase() {
    if (promised_.empty()) return;
    const EntityId id{static_cast<std::uint32_t>(1 + rng_.below(promised_.size()))};
    TwinName& twin = at(id);
    if (twin.kind != NameKind::person) return;
    const auto erased = registry_->erase(id);
    if (erased.ok()) {
      twin.erased = true;
      twin.maybe_erased = false;
    } else {
      RC_ASSERT(erased.error().kind == ErrorKind::unavailable);
      twin.maybe_erased = twin.maybe_erased || !twin.erased;
    }
  }

  void close() {
    if (!registry_->close().ok()) {
      staged_.clear();
      return;
    }
    hoped_.clear();
    staged_.clear();
    registry_.reset();
  }

  void trouble() {
    SimFaults faults;
    switch (rng_.below(4)) {
      case 0:
        faults.write_failure = 0.3;
        break;
      case 1:
        faults.sync_failure = 0.3;
        break;
      case 2:
        faults.bytes_max = disk_->bytes_used() + rng_.below(300);
        break;
      default:
        break;
    }
    disk_->set_faults(faults);
  }

  void crash() {
    registry_.reset();
    disk_->set_faults({});
    disk_->crash();
  }

  TwinName& at(EntityId id) { return promised_[id.value - 1]; }

  std::unique_ptr<SimDisk> disk_;
  SeededEntropy entropy_;
  Rng rng_;
  std::unique_ptr<Registry> registry_;
  std::vector<TwinName> promised_;  // by id
  struct Hoped {
    std::size_t index;
    TwinName twin;
  };
  std::vector<Hoped> hoped_;  // of commits that failed since the last good one: may come back at any start
  std::vector<TwinName> staged_;
  std::uint64_t next_name_ = 0;
};

RC_GTEST_PROP(RegistryCrash, keeps_every_promise, (std::uint64_t seed)) {
  CrashRun run(seed);
  for (int i = 0; i < 150; ++i) run.step();
  run.finish();
}

TEST(RegistryFullDisk, every_call_may_meet_it) {
  for (std::uint64_t bytes_max = 0; bytes_max < 3000; bytes_max += 17) {
    const auto disk = SimDisk::make(bytes_max);
    SeededEntropy entropy(1);
    disk->set_faults({.bytes_max = bytes_max});
    auto opened = Registry::open(*disk, secret, entropy, small);
    if (!opened.ok()) {
      ASSERT_EQ(opened.error().kind, ErrorKind::unavailable);
      disk->set_faults({});
      opened = Registry::open(*disk, secret, entropy, small);
      ASSERT_TRUE(opened.ok());
    }
    Registry& registry = **opened;
    std::vector<TwinName> names;
    for (std::uint32_t i = 0; i < 40; ++i) {
      const TwinName twin{i % 2 == 0 ? NameKind::person : NameKind::subject, "name " + std::to_string(i)};
      ASSERT_EQ(registry.add(twin.kind, twin.name, hash_of(twin))->value, names.size() + 1);
      names.push_back(twin);
      const auto committed = registry.commit();
      if (committed.ok()) {
        registry.publish();
        continue;
      }
      ASSERT_NE(committed.error().message.find("no space left"), std::string::npos) << committed.error().message;
      if (i % 3 == 0) {
        disk->set_faults({});
      } else {
        registry.discard();
        names.resize(registry.count());
      }
    }
    disk->set_faults({});
    ASSERT_TRUE(registry.commit().ok());
    registry.publish();
    disk->crash();
    const auto again = Registry::open(*disk, secret, entropy, small).value();
    ASSERT_EQ(again->count(), names.size());
    for (std::uint32_t i = 0; i < names.size(); ++i) ASSERT_EQ(*again->name({i + 1}), names[i].name);
  }
}

}  // namespace
}  // namespace zan::storage
