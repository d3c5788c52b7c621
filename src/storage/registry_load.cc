#include "storage/registry_load.h"

#include <fmt/format.h>

#include <algorithm>

namespace zan::storage {
namespace {

constexpr std::size_t window_bytes = 1 << 20;
constexpr std::size_t insert_batch = 256;

class Loader {
 public:
  Loader(const File& file, const HashKey& secret, NameTable& table, NameIndex& index)
      : file_(file), secret_(secret), tags_(secret), table_(table), index_(index) {}

  Result<RegistryTail> run(const std::optional<RegistryEnd>& closed) {
    ZAN_ASSIGN(limit_, file_.size());
    // Behind a closed end there may be zeros: see settle().
    if (closed) limit_ = std::min(limit_, closed->bytes);
    window_.resize(std::min<std::uint64_t>(window_bytes, limit_));
    ZAN_TRY(fill());
    ZAN_TRY(check_registry_header(view(), tags_));
    move(registry_header_bytes);
    tail_.commit_start = registry_header_bytes;
    ZAN_TRY(walk());
    ZAN_TRY(closed ? end_closed(*closed) : end_torn());
    insert_all();
    return std::move(tail_);
  }

 private:
  std::uint32_t next_id() const { return index_.pushed() + 1; }
  ByteSpan view() const { return ByteSpan(window_).subspan(at_, used_ - at_); }
  std::uint64_t offset() const { return window_offset_ + at_; }
  void move(std::size_t bytes) { at_ += bytes; }

  // Moves the window so that it starts at offset().
  Result<void> fill() {
    window_offset_ += at_;
    at_ = 0;
    const auto wanted = std::min<std::uint64_t>(window_.size(), limit_ - std::min(limit_, window_offset_));
    ZAN_ASSIGN(used_, file_.read_at(window_offset_, std::span(window_).first(wanted)));
    return {};
  }

  // Stops at the first item that is none.
  Result<void> walk() {
    for (;;) {
      ItemView item = decode_item(view(), next_id(), tags_);
      if (item.item == Item::partial) {
        ZAN_TRY(fill());
        item = decode_item(view(), next_id(), tags_);
      }
      if (item.item == Item::record) {
        take_record(item);
      } else if (item.item == Item::mark && item.mark_id == next_id()) {
        take_mark();
      } else {
        return {};
      }
      move(item.bytes);
    }
  }

  void take_mark() {
    insert_all();
    first_doubtful_ = 0;
    tail_.commit_start = offset();
    tail_.commit_first = next_id();
  }

  void take_record(const ItemView& item) {
    const std::uint32_t id = next_id();
    const Body body = check_body(view().first(item.bytes), item, id);
    if (body != Body::sound && first_doubtful_ == 0) {
      first_doubtful_ = id;
      doubtful_offset_ = offset();
      insert_all();
    }
    std::uint8_t flags = 0;
    if (body == Body::sound) {
      waiting_.push_back({name_hash(secret_, item.kind, item.name), {id}});
      // Names behind a doubtful body wait until their commit is proven.
      if (waiting_.size() >= insert_batch && first_doubtful_ == 0) insert_all();
    } else if (body == Body::erased) {
      flags = NameIndex::erased_flag;
    } else {
      flags = NameIndex::suspect_flag;
      tail_.suspects.push_back({id});
    }
    index_.push(offset(), item.kind, flags);
  }

  void insert_all() {
    table_.insert_many(waiting_);
    waiting_.clear();
  }

  Error damaged(std::string_view what) const {
    return corrupt(fmt::format("{}, offset {} (id {}): {}", registry_path, offset(), next_id(), what));
  }

  Result<void> end_closed(const RegistryEnd& closed) {
    if (offset() != closed.bytes || index_.pushed() != closed.count)
      return damaged(fmt::format("the registry was closed at offset {} with {} names", closed.bytes, closed.count));
    tail_.end = offset();
    return {};
  }

  Result<void> end_torn() {
    ZAN_ASSIGN(const bool promised, mark_follows());
    if (promised) return damaged("damaged");
    tail_.end = offset();
    if (first_doubtful_ != 0) {
      tail_.end = doubtful_offset_;
      index_.cut(first_doubtful_ - 1);
      waiting_.clear();
      std::erase_if(tail_.suspects, [&](EntityId id) { return id.value >= first_doubtful_; });
    }
    return {};
  }

  // Whether a mark behind what stopped the walk proves that it was synced once.
  Result<bool> mark_follows() {
    Bytes window(std::min<std::uint64_t>(window_bytes, limit_ - offset()));
    for (std::uint64_t at = offset();;) {
      ZAN_ASSIGN(const std::size_t got, file_.read_at(at, window));
      if (got < mark_bytes) return false;
      if (find_mark(ByteSpan(window).first(got), next_id(), tags_) != got) return true;
      at += got - mark_bytes + 1;
    }
  }

  const File& file_;
  const HashKey& secret_;
  const SecretTags tags_;
  NameTable& table_;
  NameIndex& index_;
  RegistryTail tail_;
  std::uint64_t limit_ = 0;  // nothing is read behind it
  Bytes window_;
  std::uint64_t window_offset_ = 0;
  std::size_t at_ = 0;    // in the window
  std::size_t used_ = 0;  // of the window
  std::vector<NameTable::Entry> waiting_;
  std::uint32_t first_doubtful_ = 0;  // of this commit: the first id without a sound body
  std::uint64_t doubtful_offset_ = 0;
};

}  // namespace

Result<RegistryTail> load_registry(const File& file, const HashKey& secret, const std::optional<RegistryEnd>& closed,
                                   NameTable& table, NameIndex& index) {
  return Loader(file, secret, table, index).run(closed);
}

}  // namespace zan::storage
