#include "storage/registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <utility>

#include "base/require.h"
#include "storage/append_file.h"
#include "storage/end_file.h"
#include "storage/name_index.h"
#include "storage/name_table.h"
#include "storage/registry_format.h"
#include "storage/registry_load.h"

namespace zan::storage {
namespace {

constexpr std::size_t first_read_bytes = 1024;  // holds sixteen records of usual length
constexpr std::size_t entropy_bytes = 4096;
constexpr std::size_t verify_window_bytes = 1 << 20;

// Random keys, fetched a page at a time; a key that was given out is not kept.
class KeySource {
 public:
  explicit KeySource(Entropy& entropy) : entropy_(entropy) {}

  PersonKey next() {
    if (at_ == pool_.size()) {
      entropy_.fill(pool_);
      at_ = 0;
    }
    PersonKey key;
    std::memcpy(key.data(), pool_.data() + at_, key.size());
    std::memset(pool_.data() + at_, 0, key.size());
    at_ += key.size();
    return key;
  }

 private:
  Entropy& entropy_;
  std::array<unsigned char, entropy_bytes> pool_{};
  std::size_t at_ = entropy_bytes;
};

// A name that was added and is not published yet.
struct Staged {
  Hash128 hash;
  NameKind kind;
  std::uint64_t offset;  // in the staged bytes; in the file once it is committed
};

// A record as it stands in the file.
struct Found {
  std::array<std::byte, record_bytes_max> bytes;
  std::uint64_t offset = 0;
  ItemView view;

  [[nodiscard]] ByteSpan record() const { return ByteSpan(bytes).first(view.bytes); }
};

Error no_name(EntityId id) {
  return not_found(fmt::format("id {} has no name", id.value));
}
Error damaged(EntityId id) {
  return corrupt(fmt::format("{}: the record of id {} is damaged", registry_path, id.value));
}

class RegistryImpl final : public Registry {
 public:
  RegistryImpl(Disk& disk, const HashKey& secret, Entropy& entropy, RegistryOptions options, bool closed_on_disk)
      : disk_(disk),
        secret_(secret),
        tags_(secret),
        options_(options),
        keys_(entropy),
        was_closed_(closed_on_disk),
        end_(registry_end_path, closed_on_disk) {}

  Result<void> load(const std::optional<RegistryEnd>& closed) {
    ZAN_ASSIGN(std::shared_ptr<File> file, disk_.open(registry_path, OpenMode::write));
    ZAN_ASSIGN(RegistryTail tail, load_registry(*file, secret_, closed, table_, index_));
    ZAN_ASSIGN(const std::uint64_t size, file->size());
    if (!closed || size > tail.end) ZAN_TRY(settle(*file, tail.commit_start, tail.end));
    ZAN_ASSIGN(AppendFile adopted,
               AppendFile::adopt(std::move(file), std::string(registry_path), tail.end, {options_.reserve_bytes}));
    file_.emplace(std::move(adopted));
    unproven_from_ = tail.commit_first;
    bytes_ = tail.end;
    suspects_ = std::move(tail.suspects);
    index_.publish();
    count_ = index_.count();
    return {};
  }

  EntityId find(const Hash128& hash) const override { return table_.find(hash); }
  void find_many(std::span<const Hash128> hashes, std::span<EntityId> out) const override {
    table_.find_many(hashes, out);
  }

  Result<EntityId> add(NameKind kind, std::string_view name, const Hash128& hash) override {
    if (name.empty()) return invalid("a name of no bytes");
    if (name.size() > name_bytes_max) return invalid(fmt::format("a name of more than {} bytes", name_bytes_max));
    if (next_id() > options_.ids_max) return limited("no ids left");
    const std::uint32_t id = next_id();
    if (staged_bytes_.empty()) put_mark(staged_bytes_, id, tags_);
    staged_.push_back({hash, kind, staged_bytes_.size()});
    put_record(staged_bytes_, id, kind, name, kind == NameKind::person ? keys_.next() : PersonKey{});
    return EntityId{id};
  }

  Result<void> commit() override {
    if (committed_ == staged_.size()) return {};
    ZAN_TRY(open_for_change());
    const std::uint64_t start = file_->end();
    ZAN_TRY(file_->append(staged_bytes_, {}));
    ZAN_TRY(sync());
    unproven_from_ = index_.pushed() + static_cast<std::uint32_t>(committed_) + 1;
    for (; committed_ < staged_.size(); ++committed_) staged_[committed_].offset += start;
    staged_bytes_.clear();
    return {};
  }

  void publish() override {
    if (committed_ == 0) return;
    std::vector<NameTable::Entry> entries;
    entries.reserve(committed_);
    for (std::size_t i = 0; i < committed_; ++i) {
      index_.push(staged_[i].offset, staged_[i].kind, 0);
      entries.push_back({staged_[i].hash, {index_.pushed()}});
    }
    // The index first: who finds an id may ask for its name at once.
    index_.publish();
    table_.insert_many(entries);
    table_.tidy();
    count_ = index_.count();
    staged_.erase(staged_.begin(), staged_.begin() + static_cast<std::ptrdiff_t>(committed_));
    committed_ = 0;
  }

  void discard() override {
    staged_.resize(committed_);
    staged_bytes_.clear();
  }

  Result<void> close() override {
    if (closed_) return {};
    discard();
    if (!end_.is_current()) {
      ZAN_TRY(file_->seal());
      const RegistryEnd end{static_cast<std::uint32_t>(index_.pushed() + committed_), file_->end()};
      ZAN_TRY(end_.write(disk_, encode_registry_end(end)));
    }
    closed_ = true;
    return {};
  }

  Result<std::string> name(EntityId id) const override {
    Found found;
    ZAN_TRY(read_sound(id, found, nullptr));
    return std::string(found.view.name);
  }

  Result<std::vector<std::string>> names(std::span<const EntityId> ids) const override {
    std::vector<std::string> out;
    out.reserve(ids.size());
    for (const EntityId id : ids) {
      Found found;
      const auto read = read_sound(id, found, nullptr);
      if (!read.ok() && read.error().kind != ErrorKind::not_found) return read.error();
      out.emplace_back(read.ok() ? found.view.name : std::string_view{});
    }
    return out;
  }

  Result<void> persons(std::span<const PersonId> ids, std::vector<Person>& out) const override {
    out.resize(ids.size());
    Found found;
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto read = read_sound(EntityId{ids[i].value}, found, &out[i].key);
      if (!read.ok() && read.error().kind != ErrorKind::not_found) return read.error();
      out[i].name = read.ok() ? found.view.name : std::string_view{};
    }
    return {};
  }

  std::optional<NameKind> kind(EntityId id) const override {
    if (index_.has(id)) return index_.kind(id);
    const Staged* const staged = find_staged(id);
    return staged == nullptr ? std::nullopt : std::optional(staged->kind);
  }

  Result<PersonKey> key(EntityId person) const override {
    if (kind(person) != NameKind::person) return not_found(fmt::format("id {} has no key", person.value));
    PersonKey key;
    Found found;
    ZAN_TRY(read_sound(person, found, &key));
    return key;
  }

  Result<void> erase(std::span<const EntityId> persons) override {
    std::vector<EntityId> open;
    for (const EntityId person : persons) {
      if (!index_.has(person)) return no_name(person);
      if (index_.kind(person) != NameKind::person) return invalid(fmt::format("id {} is not a person", person.value));
      if (!index_.durably_erased(person)) open.push_back(person);
    }
    if (open.empty()) return {};
    ZAN_TRY(open_for_change());
    if (std::ranges::any_of(open, [&](EntityId person) { return person.value >= unproven_from_; }))
      ZAN_TRY(seal_commit());
    for (const EntityId person : open) ZAN_TRY(write_zeros_over(person));
    ZAN_TRY(sync());
    for (const EntityId person : open) index_.set_erased(person, true);
    return {};
  }

  bool was_closed() const override { return was_closed_; }

  bool erased(EntityId person) const override { return index_.has(person) && index_.erased(person); }

  std::uint32_t count() const override { return count_.load(); }
  std::uint64_t bytes() const override { return bytes_.load(); }
  std::uint64_t syncs() const override { return syncs_.load(); }
  std::vector<EntityId> suspects() const override {
    const std::lock_guard lock(suspects_mutex_);
    return suspects_;
  }

  Result<void> verify() const override;

 private:
  std::uint32_t next_id() const { return index_.pushed() + static_cast<std::uint32_t>(staged_.size()) + 1; }

  const Staged* find_staged(EntityId id) const {
    if (id.value <= index_.count() || id.value - index_.count() > staged_.size()) return nullptr;
    return &staged_[id.value - index_.count() - 1];
  }

  Result<void> sync() {
    ZAN_TRY(file_->sync());
    ++syncs_;
    bytes_ = file_->end();
    return {};
  }

  Result<void> open_for_change() {
    if (closed_) return unavailable("the registry is closed");
    return end_.remove(disk_);
  }

  // Writes a mark behind the last commit, so that zeros in it can only be an erasure.
  Result<void> seal_commit() {
    Bytes mark;
    const std::uint32_t next = index_.pushed() + static_cast<std::uint32_t>(committed_) + 1;
    put_mark(mark, next, tags_);
    ZAN_TRY(file_->append(mark, {}));
    ZAN_TRY(sync());
    unproven_from_ = next;
    return {};
  }

  Result<void> write_zeros_over(EntityId person) {
    Found found;
    ZAN_TRY(locate(person, found));
    forget(person, found);
    return file_->overwrite(found.offset + record_head_bytes, Bytes(found.view.bytes - record_head_bytes));
  }

  // Nobody finds or reads the name from here on.
  void forget(EntityId person, const Found& found) {
    if (check_body(found.record(), found.view, person.value) == Body::sound)
      table_.remove(name_hash(secret_, found.view.kind, found.view.name), person);
    index_.set_erased(person, false);
    const std::lock_guard lock(suspects_mutex_);
    std::erase(suspects_, person);
  }

  // The record of an id, whatever its body holds.
  Result<void> locate(EntityId id, Found& found) const;
  // not_found: erased or never given. corrupt: the body is damaged.
  Result<void> read_sound(EntityId id, Found& found, PersonKey* key) const;
  Result<void> read_record(std::uint64_t offset, EntityId id, Found& found) const;

  Disk& disk_;
  const HashKey secret_;
  const SecretTags tags_;
  const RegistryOptions options_;
  KeySource keys_;
  NameTable table_;
  NameIndex index_;
  std::optional<AppendFile> file_;   // after load()
  std::vector<Staged> staged_;       // of them:
  std::size_t committed_ = 0;        // the first so many are in the file
  Bytes staged_bytes_;               // a mark and the records of the others
  std::uint32_t unproven_from_ = 1;  // first id of the last commit, behind which no mark stands
  const bool was_closed_;
  EndFile end_;
  bool closed_ = false;
  std::atomic<std::uint32_t> count_ = 0;  // in the index and in the table
  std::atomic<std::uint64_t> bytes_ = 0;
  std::atomic<std::uint64_t> syncs_ = 0;
  mutable std::mutex suspects_mutex_;
  std::vector<EntityId> suspects_;
};

Result<void> RegistryImpl::read_record(std::uint64_t offset, EntityId id, Found& found) const {
  found.offset = offset;
  ZAN_ASSIGN(const std::size_t got, file_->file()->read_at(offset, found.bytes));
  found.view = decode_item(ByteSpan(found.bytes).first(got), id.value, tags_);
  if (found.view.item != Item::record) return damaged(id);
  return {};
}

Result<void> RegistryImpl::locate(EntityId id, Found& found) const {
  // From the first of its sixteen, over the records and marks between.
  std::uint64_t offset = index_.anchor(id);
  std::uint32_t at = NameIndex::anchor_id(id).value;
  std::array<std::byte, first_read_bytes> window;
  std::size_t used = 0;
  for (std::size_t inside = 0;;) {
    const ItemView item = decode_item(ByteSpan(window).subspan(inside, used - inside), at, tags_);
    if (item.item == Item::partial) {
      const bool fresh = inside == 0 && used != 0;
      ZAN_ASSIGN(used, file_->file()->read_at(offset, window));
      inside = 0;
      if (fresh || used == 0) return damaged(id);  // cut short
      continue;
    }
    if (item.item == Item::record && at == id.value) {
      // The whole record lies in the window.
      found.offset = offset;
      std::memcpy(found.bytes.data(), window.data() + inside, item.bytes);
      found.view = decode_item(ByteSpan(found.bytes).first(item.bytes), id.value, tags_);
      return {};
    }
    if (item.item != Item::record && item.item != Item::mark) return damaged(id);
    if (item.item == Item::record) ++at;
    inside += item.bytes;
    offset += item.bytes;
  }
}

Result<void> RegistryImpl::read_sound(EntityId id, Found& found, PersonKey* key) const {
  if (const Staged* const staged = index_.has(id) ? nullptr : find_staged(id)) {
    const auto order = static_cast<std::size_t>(staged - staged_.data());
    if (order < committed_) {
      ZAN_TRY(read_record(staged->offset, id, found));
    } else {
      const ByteSpan rest = ByteSpan(staged_bytes_).subspan(staged->offset);
      std::memcpy(found.bytes.data(), rest.data(), std::min(rest.size(), found.bytes.size()));
      found.view = decode_item(ByteSpan(found.bytes).first(std::min(rest.size(), found.bytes.size())), id.value, tags_);
    }
    check_body(found.record(), found.view, id.value, key);
    return {};
  }
  if (!index_.has(id) || index_.erased(id)) return no_name(id);
  ZAN_TRY(locate(id, found));
  if (check_body(found.record(), found.view, id.value, key) == Body::sound) return {};
  // The writer marks an erasure before it writes the zeros.
  return index_.erased(id) ? no_name(id) : damaged(id);
}

Result<void> RegistryImpl::verify() const {
  const EntityId last{count_.load()};
  std::uint64_t offset = registry_header_bytes;
  Bytes window(std::min<std::uint64_t>(verify_window_bytes, bytes_.load()));
  std::size_t inside = 0;
  std::size_t used = 0;
  for (EntityId id{1}; id <= last;) {
    ItemView item = decode_item(ByteSpan(window).subspan(inside, used - inside), id.value, tags_);
    if (item.item == Item::partial) {
      ZAN_ASSIGN(used, file_->file()->read_at(offset, window));
      inside = 0;
      item = decode_item(ByteSpan(window).first(used), id.value, tags_);
    }
    if (item.item != Item::record && item.item != Item::mark)
      return corrupt(fmt::format("{}, offset {} (id {}): damaged", registry_path, offset, id.value));
    if (item.item == Item::record) {
      const Body body = check_body(ByteSpan(window).subspan(inside, item.bytes), item, id.value);
      const bool found = body == Body::sound && table_.find(name_hash(secret_, item.kind, item.name)) == id;
      // Asked last: an erasure may be under way.
      if (!found && !index_.erased(id)) return damaged(id);
      ++id.value;
    }
    inside += item.bytes;
    offset += item.bytes;
  }
  return {};
}

}  // namespace

Hash128 name_hash(const HashKey& secret, NameKind kind, std::string_view name) {
  require(name.size() <= name_bytes_max, "a name beyond name_bytes_max");
  std::array<std::byte, 1 + name_bytes_max> bytes;
  bytes[0] = static_cast<std::byte>(kind);
  std::memcpy(bytes.data() + 1, name.data(), name.size());
  return keyed_hash128(secret, ByteSpan(bytes).first(1 + name.size()));
}

Result<std::unique_ptr<Registry>> Registry::open(Disk& disk, const HashKey& secret, Entropy& entropy,
                                                 RegistryOptions options) {
  ZAN_ASSIGN(const std::optional<RegistryEnd> closed, read_end_file(disk, registry_end_path, decode_registry_end));
  ZAN_ASSIGN(const bool there, disk.exists(registry_path));
  if (!there) {
    if (closed) return corrupt("registry.end is there, but registry.zr is not");
    ZAN_TRY(write_file(disk, registry_path, encode_registry_header(SecretTags(secret))));
  }
  // The last program may have been stopped between making the file and making its name durable.
  ZAN_TRY(disk.sync_folder(""));
  auto registry = std::make_unique<RegistryImpl>(disk, secret, entropy, options, closed.has_value());
  ZAN_TRY(registry->load(closed));
  return std::unique_ptr<Registry>(std::move(registry));
}

}  // namespace zan::storage
