#include "audience/events/event_index.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <shared_mutex>

#include "audience/derive/person.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace zan::audience {
namespace {

using Counts = std::array<std::uint8_t, block_users>;

// Below so many acts sorting them is quicker than going through a byte a user.
constexpr std::size_t few_acts = 2048;
static_assert(few_acts <= BlockMath::list_room);

// The 64 users from `from` on whose counts lie within the bounds.
std::uint64_t within(const Counts& counts, std::size_t from, std::uint8_t low, std::uint8_t high) {
  std::uint64_t word = 0;
#if defined(__SSE2__)
  const __m128i least = _mm_set1_epi8(static_cast<char>(low)), most = _mm_set1_epi8(static_cast<char>(high));
  for (unsigned part = 0; part < 4; ++part) {
    const __m128i some = _mm_loadu_si128(reinterpret_cast<const __m128i*>(counts.data() + from + part * 16));
    const __m128i in =
        _mm_and_si128(_mm_cmpeq_epi8(_mm_max_epu8(some, least), some), _mm_cmpeq_epi8(_mm_min_epu8(some, most), some));
    word |= static_cast<std::uint64_t>(static_cast<unsigned>(_mm_movemask_epi8(in))) << (part * 16);
  }
#else
  for (unsigned i = 0; i < 64; ++i)
    word |= std::uint64_t{counts[from + i] >= low && counts[from + i] <= high ? 1U : 0U} << i;
#endif
  return word;
}

}  // namespace

class EventIndex::Term final : public TermSource {
 public:
  Term(const EventIndex& index, Window window) : index_(index), window_(std::move(window)) {}

  SetView block(std::uint32_t number, BlockMath& math) const override {
    const Block* const block = index_.blocks_[number].load(std::memory_order_acquire);
    if (block == nullptr) return {};
    const std::shared_lock lock(block->mutex);
    std::size_t acts = 0;
    each_day(*block, [&](const Day& day) { acts += day.users.size(); });
    if (acts == 0) return {};
    return acts <= few_acts ? few(*block, math) : many(*block, math);
  }

  [[nodiscard]] bool contains(std::uint32_t user) const override {
    const Block* const block = index_.blocks_[user / block_users].load(std::memory_order_acquire);
    if (block == nullptr) return false;
    const std::shared_lock lock(block->mutex);
    std::size_t count = 0;
    const auto one = static_cast<std::uint16_t>(user % block_users);
    each_day(*block, [&](const Day& day) {
      count += static_cast<std::size_t>(std::count(day.users.begin(), day.users.end(), one));
    });
    count = std::min<std::size_t>(count, 255);
    return count >= window_.low && count <= window_.high;
  }

 private:
  template <typename Each>
  void each_day(const Block& block, Each&& each) const {
    for (const engagement::ActType act : window_.acts) {
      const std::size_t number = index_.log_of(act, window_.category);
      if (number >= block.logs.size()) continue;
      for (const Day& day : block.logs[number])
        if (day.day >= window_.first_day && day.day <= window_.last_day) each(day);
    }
  }

  SetView few(const Block& block, BlockMath& math) const {
    std::array<std::uint16_t, few_acts> users;
    std::size_t size = 0;
    each_day(block, [&](const Day& day) {
      std::copy(day.users.begin(), day.users.end(), users.begin() + static_cast<std::ptrdiff_t>(size));
      size += day.users.size();
    });
    std::sort(users.begin(), users.begin() + static_cast<std::ptrdiff_t>(size));
    SetView out;
    std::uint16_t* const list = math.fresh_list(out);
    for (std::size_t i = 0; i < size;) {
      std::size_t next = i;
      while (next < size && users[next] == users[i]) ++next;
      const std::size_t count = std::min<std::size_t>(next - i, 255);
      if (count >= window_.low && count <= window_.high) list[out.size++] = users[i];
      i = next;
    }
    if (out.size != 0) return out;
    math.release(out);
    return {};
  }

  SetView many(const Block& block, BlockMath& math) const {
    static thread_local Counts counts;
    counts.fill(0);
    each_day(block, [&](const Day& day) {
      for (const std::uint16_t user : day.users)
        counts[user] = static_cast<std::uint8_t>(counts[user] + (counts[user] != 255));
    });
    SetView out;
    std::uint64_t* const words = math.fresh_words(out);
    for (std::size_t i = 0; i < block_words; ++i)
      words[i] =
          within(counts, i * 64, static_cast<std::uint8_t>(window_.low), static_cast<std::uint8_t>(window_.high));
    return out;
  }

  const EventIndex& index_;
  const Window window_;
};

EventIndex::EventIndex(std::size_t categories, std::int64_t zone_us)
    : categories_(categories), zone_us_(zone_us), blocks_(std::make_unique<std::atomic<Block*>[]>(blocks_max)) {}

EventIndex::~EventIndex() {
  for (std::uint32_t i = 0; i < blocks_max; ++i) delete blocks_[i].load(std::memory_order_relaxed);
}

std::uint32_t EventIndex::day_of(Timestamp at) const {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(0, at.us + zone_us_) / us_per_day);
}

// Days come in order but for a few late ones. Those that are no longer kept go when a new one begins.
void EventIndex::note(std::vector<Day>& log, std::uint32_t day, std::uint32_t oldest, std::uint16_t user) {
  auto at = log.end();
  while (at != log.begin() && std::prev(at)->day >= day) --at;
  if (at == log.end() || at->day != day) {
    at = log.insert(at, Day{day, {}});
    at->users.push_back(user);
    log.erase(log.begin(), std::find_if(log.begin(), log.end(), [&](const Day& one) { return one.day >= oldest; }));
    return;
  }
  at->users.push_back(user);
}

EventIndex::Block& EventIndex::block(std::uint32_t number) {
  if (Block* const there = blocks_[number].load(std::memory_order_relaxed)) return *there;
  auto* const fresh = new Block;
  fresh->logs.resize(logs());
  blocks_[number].store(fresh, std::memory_order_release);
  return *fresh;
}

void EventIndex::observe(const engagement::RecordedAct& act, std::span<const std::uint32_t> categories) {
  put_in(act.type, act.actor.value, act.at, categories);
}

void EventIndex::put_in(engagement::ActType type, std::uint32_t user, Timestamp at,
                        std::span<const std::uint32_t> categories) {
  Entry entry{user, day_of(at), 0, type, 0, {}};
  newest_ = std::max(newest_, entry.day);
  entry.oldest = newest_ >= event_days_kept ? newest_ - event_days_kept + 1 : 0;
  if (entry.day < entry.oldest) return;
  for (const std::uint32_t category : categories.first(std::min(categories.size(), event_categories_max)))
    entry.categories[entry.count++] = static_cast<std::uint16_t>(category);
  if (bulk_threads_ != 0) {
    pending_.push_back(entry);
    if (pending_.size() == pending_max) fold_pending();
    return;
  }
  Block& here = block(user / block_users);
  const std::unique_lock lock(here.mutex);
  note(here, entry);
}

void EventIndex::note(Block& block, const Entry& entry) const {
  const auto within = static_cast<std::uint16_t>(entry.user % block_users);
  note(block.logs[log_of(entry.type, 0)], entry.day, entry.oldest, within);
  for (std::size_t i = 0; i < entry.count; ++i)
    note(block.logs[log_of(entry.type, entry.categories[i] + 1U)], entry.day, entry.oldest, within);
}

void EventIndex::take_back(engagement::ActType type, std::uint32_t user, Timestamp at,
                           std::span<const std::uint32_t> categories) {
  fold_pending();
  Block* const here = blocks_[user / block_users].load(std::memory_order_relaxed);
  if (here == nullptr) return;
  const std::unique_lock lock(here->mutex);
  const auto take = [&](std::vector<Day>& log) {
    const auto day = std::find_if(log.begin(), log.end(), [&](const Day& one) { return one.day == day_of(at); });
    if (day == log.end()) return;
    const auto one = std::find(day->users.begin(), day->users.end(), static_cast<std::uint16_t>(user % block_users));
    if (one != day->users.end()) day->users.erase(one);
  };
  take(here->logs[log_of(type, 0)]);
  for (const std::uint32_t category : categories) take(here->logs[log_of(type, category + 1)]);
}

void EventIndex::corrected(const engagement::VerdictRecord& record, std::span<const std::uint32_t> categories) {
  const engagement::LateVerdict& what = record.what;
  if (what.type == engagement::ActType::follow) categories = {};
  const Turn turn = turn_of(record);
  if (turn == Turn::put_in) put_in(what.type, what.person.value, what.at, categories);
  if (turn == Turn::taken_back) take_back(what.type, what.person.value, what.at, categories);
}

void EventIndex::erase(std::uint32_t user) {
  fold_pending();
  Block* const block = blocks_[user / block_users].load(std::memory_order_relaxed);
  if (block == nullptr) return;
  const std::unique_lock lock(block->mutex);
  for (std::vector<Day>& log : block->logs)
    for (Day& day : log) std::erase(day.users, static_cast<std::uint16_t>(user % block_users));
}

std::shared_ptr<const TermSource> EventIndex::term(Window window) const {
  return std::make_shared<Term>(*this, std::move(window));
}

std::size_t EventIndex::bytes() const {
  std::size_t total = 0;
  for (std::uint32_t i = 0; i < blocks_max; ++i) {
    const Block* const block = blocks_[i].load(std::memory_order_acquire);
    if (block == nullptr) continue;
    const std::shared_lock lock(block->mutex);
    for (const std::vector<Day>& log : block->logs)
      for (const Day& day : log) total += sizeof day + day.users.capacity() * sizeof(std::uint16_t);
  }
  return total;
}

}  // namespace zan::audience
