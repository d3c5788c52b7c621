// Readers beside the writer: a name that was published is found at once and for ever, with its
// right name and key, through every growth of the table, until it is erased.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/random.h"
#include "base/scratch_folder.h"
#include "storage/name_table.h"
#include "storage/registry.h"

namespace zan::storage {
namespace {

constexpr HashKey secret{1, 2, 3};

std::string name_of(std::uint32_t id) {
  return "name " + std::to_string(id);
}
Hash128 hash_of(std::uint32_t id) {
  return name_hash(secret, NameKind::person, name_of(id));
}

void read_names(const Registry& registry, std::uint64_t seed, const std::atomic<bool>& done) {
  Rng rng(seed);
  std::vector<Hash128> hashes(64);
  std::vector<EntityId> found(hashes.size());
  while (!done) {
    const std::uint32_t count = registry.count();
    if (count == 0) continue;
    for (auto& hash : hashes) hash = hash_of(static_cast<std::uint32_t>(1 + rng.below(count)));
    registry.find_many(hashes, found);
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      if (!found[i]) continue;  // erased
      ASSERT_EQ(hash_of(found[i].value), hashes[i]);
    }
    const EntityId id{static_cast<std::uint32_t>(1 + rng.below(count))};
    const EntityId one = registry.find(hash_of(id.value));
    ASSERT_TRUE(one == id || registry.erased(id));
    const auto name = registry.name(id);
    if (name.ok()) {
      ASSERT_EQ(*name, name_of(id.value));
    } else {
      ASSERT_EQ(name.error().kind, ErrorKind::not_found) << name.error().message;
      ASSERT_TRUE(registry.erased(id));
    }
    ASSERT_EQ(registry.kind(id), NameKind::person);
    const auto key = registry.key(id);
    ASSERT_TRUE(key.ok() || registry.erased(id));
  }
}

TEST(RegistryThreads, readers_find_what_is_published_while_names_come_and_go) {
  const ScratchFolder folder;
  const auto disk = open_machine_disk(folder.path()).value();
  SeededEntropy entropy(1);
  const auto registry = Registry::open(*disk, secret, entropy).value();
  std::atomic<bool> done{false};
  std::vector<std::jthread> readers;
  for (std::uint64_t i = 0; i < 3; ++i) readers.emplace_back([&, i] { read_names(*registry, i, done); });
  readers.emplace_back([&] {
    while (!done) {
      const auto whole = registry->verify();
      ASSERT_TRUE(whole.ok()) << whole.error().message;
      std::this_thread::yield();
    }
  });
  Rng rng(9);
  for (std::uint32_t id = 1; id <= 20'000;) {
    for (int i = 0; i < 200; ++i, ++id) {
      ASSERT_EQ(registry->add(NameKind::person, name_of(id), hash_of(id))->value, id);
    }
    ASSERT_TRUE(registry->commit().ok());
    registry->publish();
    if (rng.chance(0.3)) {
      ASSERT_TRUE(registry->erase({static_cast<std::uint32_t>(1 + rng.below(id - 1))}).ok());
    }
  }
  done = true;
}

// Many growths in a short time, so that arrays go while they are read.
TEST(NameTableThreads, nobody_reads_what_was_freed) {
  NameTable table;
  std::atomic<std::uint32_t> inserted{0};
  constexpr std::uint32_t count = 60'000;
  const auto hash_at = [](std::uint32_t id) { return Hash128{mix64(id), mix64(id + 0x1234'5678'9abcULL)}; };
  std::vector<std::jthread> readers;
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    readers.emplace_back([&, seed] {
      Rng rng(seed);
      while (inserted < count) {
        const std::uint32_t known = inserted.load();
        if (known == 0) continue;
        const auto id = static_cast<std::uint32_t>(1 + rng.below(known));
        ASSERT_EQ(table.find(hash_at(id)), EntityId{id});
      }
    });
  }
  for (std::uint32_t id = 1; id <= count; ++id) {
    table.insert(hash_at(id), {id});
    inserted = id;
  }
}

}  // namespace
}  // namespace zan::storage
