// The registry: which outside name stands behind which dense id, and each person's key.
//
// One sequence of ids serves all kinds. It is the one place where a person's name and key are written down, so that
// deleting them there is erasure: the journal, the runs and RocksDB know only the number, and what was encrypted under
// the key cannot be opened any more. File `registry.zr`, append-only but for erasure, which overwrites name and key with
// zeros in place; docs/formats/registry.md has every byte.
//
// In memory: 16 to 24 bytes a name in a sharded open-addressing table (a hash and the id; names themselves are read
// from the file), plus 1.5 bytes a name for its kind and where it stands. A match of 74 bits of the hash is taken as the
// same name: with SipHash-128 under a secret key nobody can make two names meet.
//
// Threads: find/find_many/name/names/persons/key/kind/erased/count/bytes/syncs/suspects/verify from any thread. The rest by the
//          one writer, who alone may ask for the name, kind or key of an id that is not published yet.
// Errors:  unavailable (after a failed sync nothing can be added or erased any more), corrupt (names the id or offset),
//          not_found (erased or never given).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/hash.h"
#include "base/ids.h"
#include "base/random.h"
#include "base/result.h"
#include "storage/disk.h"

namespace zan::storage {

enum class NameKind : unsigned char { person = 1, subject = 2, creator = 3, term = 4 };

inline constexpr std::size_t name_bytes_max = 256;
inline constexpr std::uint32_t registry_ids_max = 0xffff'fff0u;

using PersonKey = std::array<unsigned char, 16>;

struct RegistryOptions {
  std::uint64_t reserve_bytes = 2ULL << 20;  // zero-filled ahead at a time
  std::uint32_t ids_max = registry_ids_max;
};

// The hash a name is found by: kind and name under the data folder's secret. REQUIRES: at most name_bytes_max.
Hash128 name_hash(const HashKey& secret, NameKind kind, std::string_view name);

class Registry {
 public:
  // Opens or makes `registry.zr`; loads the table (about 10 M names a second). A torn last commit is cut off where
  // it is torn, unless the registry was closed. Bodies that fail their checksum are remembered as suspects: see suspects().
  // After a crash the owner compares count() with the highest id it knows of: fewer ids mean lost names.
  // corrupt: damage, another secret.
  static Result<std::unique_ptr<Registry>> open(Disk& disk, const HashKey& secret, Entropy& entropy,
                                                RegistryOptions options = {});
  virtual ~Registry() = default;

  virtual EntityId find(const Hash128& hash) const = 0;  // zero: unknown or erased
  // out[i] = find(hashes[i]), with the memory accesses overlapped.
  virtual void find_many(std::span<const Hash128> hashes, std::span<EntityId> out) const = 0;

  // Gives the next id to a new name and stages its record; visible to find() only after publish(). A person gets a
  // fresh random key. REQUIRES: find(hash) is zero and the name was not added since the last publish().
  // limited: no ids left. invalid: empty name or one longer than name_bytes_max.
  virtual Result<EntityId> add(NameKind kind, std::string_view name, const Hash128& hash) = 0;
  // Writes what was staged and syncs it; a no-op when nothing is staged. On an error the staged names stay staged.
  virtual Result<void> commit() = 0;
  // Lets readers find what was committed.
  virtual void publish() = 0;
  // Forgets what was staged and not committed (the commit that wanted it failed); their ids are given again.
  virtual void discard() = 0;

  // Writes down where the registry ends (`registry.end`, taken away before the next change), so that the next open() can
  // tell damage from a torn tail. Staged names are forgotten; changes are refused from then on. Done again it changes nothing.
  virtual Result<void> close() = 0;

  virtual Result<std::string> name(EntityId id) const = 0;
  // Of many at once; empty where there is none (erased or never given).
  virtual Result<std::vector<std::string>> names(std::span<const EntityId> ids) const = 0;
  // Names and keys of many persons at once, one read of the file each. Without a name: erased or never given.
  struct Person {
    std::string name;
    PersonKey key{};
  };
  virtual Result<void> persons(std::span<const PersonId> ids, std::vector<Person>& out) const = 0;
  virtual std::optional<NameKind> kind(EntityId id) const = 0;
  // The key of a person, staged ones included. not_found: also for other kinds.
  virtual Result<PersonKey> key(EntityId person) const = 0;

  // Overwrites names and keys with zeros, all durable with one sync. Done again it changes nothing (the first time after a
  // start it writes the zeros once more, see was_closed()). On an error these persons may still be in the file, and nobody
  // finds them any more: it must be called again. not_found: one is not published. invalid: one is not a person.
  virtual Result<void> erase(std::span<const EntityId> persons) = 0;
  Result<void> erase(EntityId person) { return erase(std::span(&person, 1)); }
  // Whether open() found it closed. If not, zeros that it found may only be in the page cache, left there by a sync that
  // failed: the owner erases everybody again.
  virtual bool was_closed() const = 0;
  virtual bool erased(EntityId person) const = 0;

  virtual std::uint32_t count() const = 0;  // ids given and published, erased ones included
  virtual std::uint64_t bytes() const = 0;  // of the file
  virtual std::uint64_t syncs() const = 0;
  // Ids whose stored body is damaged and is not an erasure that was cut short (the owner compares with the erasures it
  // replays from the journal; what is left over is corruption).
  virtual std::vector<EntityId> suspects() const = 0;
  virtual Result<void> verify() const = 0;
};

}  // namespace zan::storage
