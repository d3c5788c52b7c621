#include "storage/sim_disk.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "base/random.h"
#include "base/require.h"

namespace zan::storage {
namespace {

constexpr std::uint64_t sector_bytes = 512;

// One change of a file's content that is not on the platter yet. An empty `bytes` with `truncate` sets the length.
struct Change {
  std::uint64_t offset = 0;
  Bytes bytes;
  bool truncate = false;
};

void replay(Bytes& content, std::uint64_t offset, ByteSpan bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size());
  std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(offset));
}

void replay(Bytes& content, const Change& change) {
  if (change.truncate)
    content.resize(change.offset);
  else
    replay(content, change.offset, change.bytes);
}

// What a name may stand for. Lives on while a handle or an unsynced rename holds it.
struct Node {
  bool folder = false;
  Bytes written;  // what reads see
  Bytes synced;   // what is on the platter
  std::vector<Change> unsynced;
};
using NodePtr = std::shared_ptr<Node>;
using Names = std::map<std::string, NodePtr, std::less<>>;

// A change of names that is certain only after sync_folder(). `node` empty: the name `to` went away.
struct NameChange {
  std::string from;  // of a rename, else empty
  std::string to;
  NodePtr node;
};

void replay(Names& names, const NameChange& change) {
  if (!change.from.empty()) names.erase(change.from);
  if (change.node)
    names[change.to] = change.node;
  else
    names.erase(change.to);
}

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

// Everything a handle may touch; one mutex for all of it.
struct State {
  explicit State(std::uint64_t seed) : rng(seed) {}

  std::mutex mutex;
  Rng rng;
  SimFaults faults;
  Names names;          // as the running program sees them
  Names durable_names;  // as they are after a crash, but for the surviving ones of:
  std::vector<NameChange> unsynced_names;
  std::set<std::string, std::less<>> locks;
  std::uint64_t generation = 0;  // counts crashes
  std::uint64_t bytes = 0;
  std::uint64_t syncs = 0;
  std::vector<std::function<void()>> on_crash;
};

Error no_space(std::string_view path) {
  return unavailable(fmt::format("{}: no space left", path));
}
Error no_file(std::string_view path) {
  return not_found(fmt::format("{}: no such file", path));
}

// Counts the call, and lets a slow disk be slow, or lose power. Not under the mutex: the callback may look at the disk.
Result<void> announce(State& state) {
  std::function<void()> callback;
  {
    const std::lock_guard lock(state.mutex);
    callback = state.faults.before_call;
  }
  if (callback) callback();
  const std::lock_guard lock(state.mutex);
  if (state.faults.no_power) return unavailable("the disk has no power");
  return {};
}

// A write that was on its way when the power went: whole, not at all, or some sectors and a torn one.
void survive(Rng& rng, Bytes& content, const Change& change) {
  const std::uint64_t fate = rng.below(3);
  if (fate == 0) return;
  if (fate == 1 || change.truncate) return replay(content, change);
  const ByteSpan bytes = change.bytes;
  std::uint64_t at = 0;
  while (at < bytes.size()) {
    const std::uint64_t sector_end = (change.offset + at) / sector_bytes * sector_bytes + sector_bytes;
    const std::uint64_t length = std::min(sector_end - change.offset, bytes.size()) - at;
    const std::uint64_t kept = rng.chance(0.5) ? length : rng.chance(0.25) ? rng.below(length) : 0;
    if (kept > 0) replay(content, change.offset + at, bytes.subspan(at, kept));
    at += length;
  }
}

class SimFile final : public File {
 public:
  SimFile(std::shared_ptr<State> state, NodePtr node, std::string path, bool writable)
      : state_(std::move(state)),
        node_(std::move(node)),
        path_(std::move(path)),
        generation_(state_->generation),
        writable_(writable) {}

  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> into) const override {
    ZAN_TRY(announce(*state_));
    const std::lock_guard lock(state_->mutex);
    ZAN_TRY(alive());
    const Bytes& content = node_->written;
    if (offset >= content.size()) return std::size_t{0};
    const std::size_t count = std::min<std::size_t>(into.size(), content.size() - offset);
    std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(offset), count, into.begin());
    return count;
  }

  Result<void> write_at(std::uint64_t offset, ByteSpan bytes) override {
    ZAN_TRY(announce(*state_));
    const std::lock_guard lock(state_->mutex);
    ZAN_TRY(writable());
    if (state_->rng.chance(state_->faults.write_failure)) {
      if (!bytes.empty()) put(offset, bytes.first(state_->rng.below(bytes.size())));
      return unavailable(fmt::format("{}: write: simulated failure", path_));
    }
    const std::uint64_t fits = room(offset, bytes.size());
    put(offset, bytes.first(fits));
    if (fits < bytes.size()) return no_space(path_);
    return {};
  }

  Result<void> write_pair_at(std::uint64_t offset, ByteSpan head, ByteSpan body) override {
    Bytes joined(head.begin(), head.end());
    put_bytes(joined, body);
    return write_at(offset, joined);
  }

  Result<void> sync() override {
    ZAN_TRY(announce(*state_));
    const std::lock_guard lock(state_->mutex);
    ZAN_TRY(writable());
    ++state_->syncs;
    const std::vector<Change> changes = std::exchange(node_->unsynced, {});
    // As a kernel does it: the page cache still shows what will never reach the platter.
    if (state_->rng.chance(state_->faults.sync_failure))
      return unavailable(fmt::format("{}: sync: simulated failure", path_));
    for (const Change& change : changes) replay(node_->synced, change);
    return {};
  }

  Result<std::uint64_t> size() const override {
    const std::lock_guard lock(state_->mutex);
    ZAN_TRY(alive());
    return std::uint64_t{node_->written.size()};
  }

  Result<void> truncate(std::uint64_t size) override {
    ZAN_TRY(announce(*state_));
    const std::lock_guard lock(state_->mutex);
    ZAN_TRY(writable());
    const std::uint64_t before = node_->written.size();
    if (size == before) return {};
    if (size > before && room(0, size) < size) return no_space(path_);
    state_->bytes += size - before;  // may wrap, and comes out right
    node_->written.resize(size);
    node_->unsynced.push_back({size, {}, true});
    return {};
  }

 private:
  Result<void> alive() const {
    if (generation_ != state_->generation) return unavailable(fmt::format("{}: the disk lost power", path_));
    return {};
  }
  Result<void> writable() const {
    require(writable_, "write to a file opened for reading");
    return alive();
  }

  // How many of `count` bytes at `offset` fit before the disk is full.
  std::uint64_t room(std::uint64_t offset, std::uint64_t count) const {
    const std::uint64_t size = node_->written.size();
    if (offset + count <= size) return count;
    const std::uint64_t bytes_max = state_->faults.bytes_max;
    const std::uint64_t left = bytes_max > state_->bytes ? bytes_max - state_->bytes : 0;
    if (offset + count - size <= left) return count;
    return size + left > offset ? size + left - offset : 0;
  }

  void put(std::uint64_t offset, ByteSpan bytes) {
    if (bytes.empty()) return;
    const std::uint64_t before = node_->written.size();
    replay(node_->written, offset, bytes);
    state_->bytes += node_->written.size() - before;
    node_->unsynced.push_back({offset, Bytes(bytes.begin(), bytes.end()), false});
  }

  std::shared_ptr<State> state_;
  NodePtr node_;
  std::string path_;
  std::uint64_t generation_;
  bool writable_;
};

class SimLock final : public FolderLock {
 public:
  SimLock(std::shared_ptr<State> state, std::string path)
      : state_(std::move(state)), path_(std::move(path)), generation_(state_->generation) {}
  ~SimLock() override {
    const std::lock_guard lock(state_->mutex);
    if (generation_ == state_->generation) state_->locks.erase(path_);
  }

 private:
  std::shared_ptr<State> state_;
  std::string path_;
  std::uint64_t generation_;
};

class SimDiskImpl final : public SimDisk {
 public:
  explicit SimDiskImpl(std::uint64_t seed) : state_(std::make_shared<State>(seed)) {}

  Result<std::unique_ptr<File>> open(std::string_view path, OpenMode mode) override {
    ZAN_TRY(announce(*state_));
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->names.find(path);
    const bool there = found != state_->names.end();
    if (there && mode == OpenMode::create) return conflict(fmt::format("{}: exists already", path));
    if (there && found->second->folder) return unavailable(fmt::format("{}: open: is a folder", path));
    if (!there && (mode == OpenMode::read || !has_folder(folder_of(path)))) return no_file(path);
    NodePtr node = there ? found->second : std::make_shared<Node>();
    if (!there) change_names({{}, std::string(path), node});
    return std::unique_ptr<File>(
        std::make_unique<SimFile>(state_, std::move(node), std::string(path), mode != OpenMode::read));
  }

  Result<bool> exists(std::string_view path) override {
    ZAN_TRY(announce(*state_));
    const std::lock_guard lock(state_->mutex);
    return state_->names.find(path) != state_->names.end();
  }

  Result<void> rename(std::string_view from, std::string_view to) override {
    ZAN_TRY(announce(*state_));
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->names.find(from);
    if (found == state_->names.end() || !has_folder(folder_of(to))) return no_file(from);
    if (from == to) return {};
    const auto replaced = state_->names.find(to);
    if (replaced != state_->names.end()) state_->bytes -= replaced->second->written.size();
    change_names({std::string(from), std::string(to), found->second});
    return {};
  }

  Result<void> remove(std::string_view path) override {
    ZAN_TRY(announce(*state_));
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->names.find(path);
    if (found == state_->names.end()) return no_file(path);
    if (found->second->folder) return unavailable(fmt::format("{}: remove: is a folder", path));
    state_->bytes -= found->second->written.size();
    change_names({{}, std::string(path), nullptr});
    return {};
  }

  Result<std::vector<std::string>> list(std::string_view folder) override {
    ZAN_TRY(announce(*state_));
    const std::lock_guard lock(state_->mutex);
    if (!has_folder(folder)) return no_file(folder);
    std::vector<std::string> names;
    for (const auto& [path, node] : state_->names) {
      if (folder_of(path) == folder) names.push_back(path.substr(folder.empty() ? 0 : folder.size() + 1));
    }
    return names;
  }

  Result<void> make_folder(std::string_view path) override {
    ZAN_TRY(announce(*state_));
    const std::lock_guard lock(state_->mutex);
    if (!has_folder(folder_of(path))) return no_file(path);
    if (state_->names.find(path) != state_->names.end()) return {};
    auto node = std::make_shared<Node>();
    node->folder = true;
    change_names({{}, std::string(path), std::move(node)});
    return {};
  }

  Result<void> remove_folder(std::string_view path) override {
    ZAN_TRY(announce(*state_));
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->names.find(path);
    if (found == state_->names.end()) return no_file(path);
    if (!found->second->folder) return unavailable(fmt::format("{}: remove folder: is a file", path));
    const std::string inside = std::string(path) + "/";
    const auto next = state_->names.lower_bound(inside);
    if (next != state_->names.end() && next->first.starts_with(inside))
      return conflict(fmt::format("{}: not empty", path));
    change_names({{}, std::string(path), nullptr});
    return {};
  }

  Result<void> sync_all() override {
    ZAN_TRY(announce(*state_));
    const std::lock_guard lock(state_->mutex);
    ++state_->syncs;
    const bool fails = state_->rng.chance(state_->faults.sync_failure);
    // As in File::sync(): what a failed one did not bring to the platter never gets there.
    for (const auto& [path, node] : state_->names) {
      const std::vector<Change> changes = std::exchange(node->unsynced, {});
      for (const Change& change : changes) {
        if (!fails) replay(node->synced, change);
      }
    }
    if (fails) return unavailable("sync all: simulated failure");
    state_->durable_names = state_->names;
    state_->unsynced_names.clear();
    return {};
  }

  Result<void> sync_folder(std::string_view path) override {
    ZAN_TRY(announce(*state_));
    const std::lock_guard lock(state_->mutex);
    if (!has_folder(path)) return no_file(path);
    ++state_->syncs;
    if (state_->rng.chance(state_->faults.sync_failure))
      return unavailable(fmt::format("{}: sync folder: simulated failure", path));
    std::erase_if(state_->unsynced_names, [&](const NameChange& change) {
      if (folder_of(change.to) != path) return false;
      replay(state_->durable_names, change);
      return true;
    });
    return {};
  }

  Result<std::unique_ptr<FolderLock>> lock(std::string_view path) override {
    ZAN_TRY(announce(*state_));
    const std::lock_guard lock(state_->mutex);
    if (!state_->locks.emplace(path).second) return conflict(fmt::format("{} is held already", path));
    return std::unique_ptr<FolderLock>(std::make_unique<SimLock>(state_, std::string(path)));
  }

  Result<std::uint64_t> free_bytes() override {
    const std::lock_guard lock(state_->mutex);
    const std::uint64_t bytes_max = state_->faults.bytes_max;
    return bytes_max > state_->bytes ? bytes_max - state_->bytes : 0;
  }

  std::string root() const override { return {}; }

  void crash() override {
    std::vector<std::function<void()>> callbacks;
    {
      const std::lock_guard lock(state_->mutex);
      lose_power();
      callbacks = state_->on_crash;
    }
    for (const auto& callback : callbacks) callback();
  }

  void set_faults(SimFaults faults) override {
    const std::lock_guard lock(state_->mutex);
    state_->faults = std::move(faults);
  }

  Result<void> flip(std::string_view path, std::uint64_t offset, unsigned bit) override {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->names.find(path);
    if (found == state_->names.end() || offset >= found->second->written.size()) return no_file(path);
    const auto mask = static_cast<std::byte>(1U << (bit % 8));
    found->second->written[offset] ^= mask;
    if (offset < found->second->synced.size()) found->second->synced[offset] ^= mask;
    return {};
  }

  std::uint64_t bytes_used() const override {
    const std::lock_guard lock(state_->mutex);
    return state_->bytes;
  }
  std::uint64_t syncs() const override {
    const std::lock_guard lock(state_->mutex);
    return state_->syncs;
  }
  void on_crash(std::function<void()> callback) override {
    const std::lock_guard lock(state_->mutex);
    state_->on_crash.push_back(std::move(callback));
  }

 private:
  bool has_folder(std::string_view path) const {
    if (path.empty()) return true;
    const auto found = state_->names.find(path);
    return found != state_->names.end() && found->second->folder;
  }

  void change_names(NameChange change) {
    replay(state_->names, change);
    state_->unsynced_names.push_back(std::move(change));
  }

  void lose_power() {
    ++state_->generation;
    state_->locks.clear();
    for (const NameChange& change : state_->unsynced_names) {
      if (state_->rng.chance(0.5)) replay(state_->durable_names, change);
    }
    state_->unsynced_names.clear();
    state_->names = state_->durable_names;
    drop_orphans();
    state_->durable_names = state_->names;
    state_->bytes = 0;
    for (auto& [path, node] : state_->names) {
      for (const Change& change : std::exchange(node->unsynced, {})) survive(state_->rng, node->synced, change);
      node->written = node->synced;
      state_->bytes += node->written.size();
    }
  }

  // Names in a folder whose own name did not survive are gone with it.
  void drop_orphans() {
    while (std::erase_if(state_->names, [&](const auto& entry) { return !has_folder(folder_of(entry.first)); }) > 0) {
    }
  }

  std::shared_ptr<State> state_;
};

}  // namespace

std::unique_ptr<SimDisk> SimDisk::make(std::uint64_t seed) {
  return std::make_unique<SimDiskImpl>(seed);
}

}  // namespace zan::storage
