// Lists, newest first, one page at a time, merged over memory tables and runs.
#include <algorithm>

#include "engagement/questions.h"

namespace zan::engagement {
namespace {

using storage::NameKind;
using storage::Row;

// Links of a chain followed under one hold of the Store's mutex.
constexpr std::size_t chain_slice = 1024;

// Calls each(entry) for the whole chain of `owner` in the active table, a slice at a time under the mutex.
template <typename Table, typename Each>
void walk_active(const Store& store, const Table& table, std::uint32_t owner, Each&& each) {
  std::uint32_t at = store.locked([&](const Totals&, const Memtable&) { return table.newest_of(owner); });
  while (at != no_entry) {
    store.locked([&](const Totals&, const Memtable&) {
      for (std::size_t i = 0; i < chain_slice && at != no_entry; ++i, at = table.entry(at).previous)
        each(table.entry(at));
    });
  }
}

template <typename Table, typename Each>
void walk(const Table& table, std::uint32_t owner, Each&& each) {
  for (std::uint32_t at = table.newest_of(owner); at != no_entry; at = table.entry(at).previous) each(table.entry(at));
}

Result<void> check_limit(std::size_t limit) {
  if (limit == 0 || limit > page_items_max)
    return invalid("limit must lie in 1.." + std::to_string(page_items_max), "limit");
  return {};
}

struct Item {
  Timestamp at;
  std::uint32_t id;
  bool organic = true;  // of a like
};
// Newest first; the same moment by the smaller id.
bool shown_before(const Item& a, const Item& b) {
  return a.at != b.at ? a.at > b.at : a.id < b.id;
}

// The first `count` of all items that are offered, in order.
class FirstItems {
 public:
  explicit FirstItems(std::size_t count) : count_(count) {}
  void offer(const Item& item) {
    if (items_.size() == count_ && !shown_before(item, items_.front())) return;
    items_.push_back(item);
    std::push_heap(items_.begin(), items_.end(), shown_before);
    if (items_.size() <= count_) return;
    std::pop_heap(items_.begin(), items_.end(), shown_before);
    items_.pop_back();
  }
  std::vector<Item> take() {
    std::sort_heap(items_.begin(), items_.end(), shown_before);
    return std::move(items_);
  }

 private:
  std::size_t count_;
  std::vector<Item> items_;  // a heap with the last to be shown in front
};

// Liker entries of the memory tables behind a place, handed out in list order.
class MemoryLikers {
 public:
  struct Entry {
    std::uint64_t inverted;
    std::uint32_t actor;
    std::uint32_t flags;
  };
  explicit MemoryLikers(Row behind) : behind_(behind) {}

  void offer(const LikerTable::Entry& entry) {
    const Entry candidate{inverted(entry.at), entry.actor, entry.flags};
    if (std::pair(candidate.inverted, std::uint64_t{candidate.actor}) < std::pair(behind_.column[1], behind_.column[2]))
      return;
    entries_.push_back(candidate);
  }
  void start() { std::make_heap(entries_.begin(), entries_.end(), later); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] const Entry& front() const { return entries_.front(); }
  void pop() {
    std::pop_heap(entries_.begin(), entries_.end(), later);
    entries_.pop_back();
  }

 private:
  static bool later(const Entry& a, const Entry& b) {
    return std::pair(a.inverted, a.actor) > std::pair(b.inverted, b.actor);
  }
  Row behind_;
  std::vector<Entry> entries_;
};

// Genuine live likers in list order, memory and runs merged; a dead entry anywhere cancels its key.
class LikerMerge {
 public:
  LikerMerge(MemoryLikers memory, std::unique_ptr<storage::RunCursor> runs)
      : memory_(std::move(memory)), runs_(std::move(runs)) {}

  Result<void> start() {
    memory_.start();
    return advance_run();
  }
  Result<bool> next(Item& item) {
    while (!memory_.empty() || in_run_) {
      const auto key = smallest();
      std::uint64_t flags = liker_nothing;
      while (!memory_.empty() && std::pair(memory_.front().inverted, std::uint64_t{memory_.front().actor}) == key) {
        flags = merge_liker_flags(flags, memory_.front().flags);
        memory_.pop();
      }
      if (in_run_ && std::pair(row_.column[1], row_.column[2]) == key) {
        flags = merge_liker_flags(flags, row_.column[3]);
        ZAN_TRY(advance_run());
      }
      if (!liker_shown(flags)) continue;
      item = {upright(key.first), static_cast<std::uint32_t>(key.second), (flags & liker_incentivised) == 0};
      return true;
    }
    return false;
  }

 private:
  [[nodiscard]] std::pair<std::uint64_t, std::uint64_t> smallest() const {
    const std::pair run{row_.column[1], row_.column[2]};
    if (memory_.empty()) return run;
    const std::pair memory{memory_.front().inverted, std::uint64_t{memory_.front().actor}};
    return in_run_ && run < memory ? run : memory;
  }
  Result<void> advance_run() {
    ZAN_ASSIGN(in_run_, runs_->next(row_));
    return {};
  }
  MemoryLikers memory_;
  std::unique_ptr<storage::RunCursor> runs_;
  Row row_;
  bool in_run_ = false;
};

// Of the subject in the row's first column, behind its place. The layers outlive the answer.
Result<LikerMerge> likers_from(const Store& store, const Layers& layers, const Row& from) {
  const auto owner = static_cast<std::uint32_t>(from.column[0]);
  MemoryLikers memory(from);
  const auto offer = [&](const LikerTable::Entry& entry) { memory.offer(entry); };
  walk_active(store, layers.active->likers, owner, offer);
  if (layers.frozen != nullptr) walk(layers.frozen->likers, owner, offer);
  LikerMerge merge(std::move(memory), layers.runs[set_likers]->scan(from, {{std::uint64_t{owner} + 1, 0, 0, 0}}));
  ZAN_TRY(merge.start());
  return merge;
}

}  // namespace

Result<ListPage> Questions::user_likes(std::string_view user, std::size_t limit, std::string_view cursor) const {
  ZAN_TRY(check_limit(limit));
  const std::uint32_t person = find(NameKind::person, user).value;
  Item last{timestamp_max, 0};
  if (!cursor.empty()) {
    ZAN_ASSIGN(const PagePlace place, read_cursor(secret_, ListKind::user_likes, person, cursor));
    last = {place.at, place.id};
  }
  if (person == 0) return ListPage{};
  const Layers layers = store_.layers();
  std::vector<std::pair<std::uint32_t, PairState>> recent;
  const auto gather = [&](const PairTable::Entry& entry) { recent.emplace_back(entry.second, entry.state); };
  walk_active(store_, layers.active->reactions, person, gather);
  if (layers.frozen != nullptr) walk(layers.frozen->reactions, person, gather);
  std::sort(recent.begin(), recent.end(), [](const auto& a, const auto& b) { return a.first < b.first; });

  FirstItems first(limit + 1);
  const auto offer = [&](std::uint32_t subject, PairState state) {
    const Item item{state.at(), subject};
    if (state.reaction() == Reaction::liked && (cursor.empty() || shown_before(last, item))) first.offer(item);
  };
  auto memory = recent.begin();
  const auto merge_recent = [&](std::uint32_t subject, PairState state) {
    for (; memory != recent.end() && memory->first == subject; ++memory) state.merge(memory->second);
    offer(subject, state);
  };
  const auto runs = layers.runs[set_reactions]->scan({{person, 0, 0, 0}}, {{std::uint64_t{person} + 1, 0, 0, 0}});
  Row row;
  for (;;) {
    ZAN_ASSIGN(const bool more, runs->next(row));
    const std::uint64_t subject = more ? row.column[1] : ~std::uint64_t{0};
    while (memory != recent.end() && memory->first < subject) merge_recent(memory->first, {});
    if (!more) break;
    merge_recent(static_cast<std::uint32_t>(subject), PairState::from_columns(row.column[2], row.column[3]));
  }

  const std::vector<Item> items = first.take();
  ListPage page;
  Names names(store_.registry());
  for (const Item& item : items) {
    if (page.items.size() == limit) {
      const Item& shown = items[limit - 1];
      page.next = write_cursor(secret_, ListKind::user_likes, person, {shown.at, shown.id});
      break;
    }
    ZAN_ASSIGN(const std::string_view name, names.name(item.id));
    page.items.push_back({std::string(name), item.at});
  }
  return page;
}

Result<ListPage> Questions::likers(std::string_view subject, std::size_t limit, std::string_view cursor) const {
  ZAN_TRY(check_limit(limit));
  const std::uint32_t owner = find(NameKind::subject, subject).value;
  Row from{{owner, 0, 0, 0}};
  if (!cursor.empty()) {
    ZAN_ASSIGN(const PagePlace place, read_cursor(secret_, ListKind::likers, owner, cursor));
    from.column = {owner, inverted(place.at), std::uint64_t{place.id} + 1, 0};
  }
  if (owner == 0) return ListPage{};
  const Layers layers = store_.layers();
  ZAN_ASSIGN(LikerMerge merge, likers_from(store_, layers, from));

  ListPage page;
  Names names(store_.registry());
  Item item{};
  Item shown{};
  for (;;) {
    ZAN_ASSIGN(const bool more, merge.next(item));
    if (!more) return page;
    ZAN_ASSIGN(const std::string_view name, names.name(item.id));
    if (name.empty()) continue;  // erased
    if (page.items.size() == limit) break;
    page.items.push_back({std::string(name), item.at});
    shown = item;
  }
  page.next = write_cursor(secret_, ListKind::likers, owner, {shown.at, shown.id});
  return page;
}

Result<std::vector<PersonId>> Questions::latest_likers(std::string_view subject) const {
  const std::uint32_t owner = find(NameKind::subject, subject).value;
  std::vector<PersonId> people;
  if (owner == 0) return people;
  const Layers layers = store_.layers();
  ZAN_ASSIGN(LikerMerge merge, likers_from(store_, layers, {{owner, 0, 0, 0}}));
  Item item{};
  while (people.size() < latest_likers_max) {
    ZAN_ASSIGN(const bool more, merge.next(item));
    if (!more) break;
    if (item.organic) people.push_back({item.id});
  }
  return people;
}

}  // namespace zan::engagement
