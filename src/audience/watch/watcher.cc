#include "audience/watch/watcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace zan::audience {
namespace {

using BlockWords = std::array<std::uint64_t, block_words>;

bool refers_to_others(const Node& node) {
  return !node.parts.empty() ? std::any_of(node.parts.begin(), node.parts.end(), refers_to_others)
                             : node.kind >= NodeKind::segment;
}

void add_to(BlockWords& words, const SetView& set) {
  for_each_user(set, 0, [&](std::uint32_t user) { set_bit(words.data(), user); });
}

}  // namespace

Watcher::Watcher(std::shared_ptr<const Catalogue> catalogue, const TagStore& store, const EventIndex& events,
                 std::uint64_t first_number, std::size_t moves_kept)
    : catalogue_(std::move(catalogue)), store_(store), events_(events), moves_kept_(moves_kept), next_(first_number) {}

void Watcher::watch(const std::vector<WatchedSegment>& segments, std::shared_ptr<const SegmentNames> names,
                    Timestamp now) {
  names_ = std::move(names);
  std::map<SegmentId, Watched> before;
  before.swap(watched_);
  std::vector<SegmentId> other;
  for (const WatchedSegment& segment : segments) {
    Watched& one = watched_[segment.id];
    const auto known = before.find(segment.id);
    const bool same = known != before.end() && known->second.segment.node == segment.node &&
                      known->second.segment.purpose == segment.purpose && !refers_to_others(segment.node);
    if (known != before.end()) one = std::move(known->second);
    one.segment = segment;
    if (!same) other.push_back(segment.id);
  }
  compile_all(now);
  for (const SegmentId id : other) refresh(watched_[id], now);
  publish();
}

void Watcher::compile_one(Watched& one, Timestamp now) const {
  auto plan = compile(canonical(one.segment.node),
                      {*catalogue_, events_, names_.get(), one.segment.purpose, now, {}});
  if (plan.ok()) {
    one.plan = std::move(plan).value();
    one.among = catalogue_->eligible(one.segment.purpose);
    one.trouble.clear();
    return;
  }
  // Nobody is in it; whoever is, when it can be watched again, has not entered.
  const WatchedSegment segment = one.segment;
  one = Watched{};
  one.segment = segment;
  one.trouble = plan.error().message;
}

void Watcher::compile_all(Timestamp now) {
  day_ = events_.day_of(now);
  for (auto& [id, one] : watched_) compile_one(one, now);
}

void Watcher::touched(std::span<const std::uint32_t> users, Timestamp now) {
  if (watched_.empty() || users.empty()) return;
  if (events_.day_of(now) != day_) compile_all(now);
  UserList each(users.begin(), users.end());
  std::sort(each.begin(), each.end());
  each.erase(std::unique(each.begin(), each.end()), each.end());
  Evaluation evaluation(store_);
  for (std::span<const std::uint32_t> rest(each); !rest.empty();) {
    const auto end = std::find_if(rest.begin(), rest.end(), [&](std::uint32_t user) {
      return user / block_users != rest.front() / block_users;
    });
    const auto of_block = static_cast<std::size_t>(end - rest.begin());
    for (auto& [id, one] : watched_)
      if (one.plan && one.filled) look_at(one, evaluation, rest.first(of_block), now);
    rest = rest.subspan(of_block);
  }
  if (!fresh_.empty()) publish();
}

// Users of one block, ascending.
void Watcher::look_at(Watched& one, Evaluation& evaluation, std::span<const std::uint32_t> users, Timestamp now) {
  if (users.size() < touched_block_users) {
    for (const std::uint32_t user : users)
      put(one, user, contains(store_, one.among, user) && contains(store_, *one.plan, user), now);
    return;
  }
  const std::uint32_t number = users.front() / block_users;
  store_.with_block(number, [&](const TagStore::Block& block) {
    const SetView set = evaluation.set_of(block, number, *one.plan, one.among);
    for (const std::uint32_t user : users)
      put(one, user, BlockMath::contains(set, static_cast<std::uint16_t>(user % block_users)), now);
    evaluation.math().release(set);
  });
}

void Watcher::put(Watched& one, std::uint32_t user, bool in, Timestamp now) {
  if (in ? one.in.insert(user) : one.in.erase(user)) fresh_.push_back({0, one.segment.id, user, in, now});
}

Result<void> Watcher::refresh(SegmentId id, Timestamp now) {
  const auto at = watched_.find(id);
  if (at == watched_.end()) return not_found("the segment is not watched");
  if (events_.day_of(now) != day_) compile_all(now);
  refresh(at->second, now);
  publish();
  return {};
}

void Watcher::refresh(Watched& one, Timestamp now) {
  if (!one.plan) return;
  Evaluation evaluation(store_);
  const std::uint32_t blocks = std::max(store_.block_count(), one.in.block_count());
  for (std::uint32_t number = 0; number < blocks; ++number) {
    refresh_block(one, evaluation, number, now);
    publish_moves();
  }
  one.filled = true;
}

void Watcher::refresh_block(Watched& one, Evaluation& evaluation, std::uint32_t number, Timestamp now) {
  BlockWords in{}, was{};
  store_.with_block(number, [&](const TagStore::Block& block) {
    const SetView set = evaluation.set_of(block, number, *one.plan, one.among);
    add_to(in, set);
    evaluation.math().release(set);
  });
  add_to(was, one.in.view(number));
  if (in == was) return;
  std::vector<std::uint16_t> users;
  for (std::uint32_t i = 0; i < block_words; ++i) {
    for (std::uint64_t word = in[i]; word != 0; word &= word - 1)
      users.push_back(static_cast<std::uint16_t>(i * 64 + static_cast<std::uint32_t>(__builtin_ctzll(word))));
    if (!one.filled) continue;
    for (std::uint64_t word = in[i] ^ was[i]; word != 0; word &= word - 1) {
      const std::uint32_t user = i * 64 + static_cast<std::uint32_t>(__builtin_ctzll(word));
      fresh_.push_back({0, one.segment.id, number * block_users + user, has_bit(in.data(), user), now});
    }
  }
  one.in.assign(number, users);
}

void Watcher::erase(PersonId user) {
  for (auto& [id, one] : watched_) one.in.erase(user.value);
  {
    const std::lock_guard lock(mutex_);
    for (Move& move : moves_)
      if (move.user == user.value) move = {move.number, {}, 0, false, {}};
  }
  publish();
}

UserList Watcher::members(SegmentId id) const {
  const auto at = watched_.find(id);
  return at == watched_.end() ? UserList{} : at->second.in.list();
}

void Watcher::publish_moves() {
  if (fresh_.empty()) return;
  const std::lock_guard lock(mutex_);
  for (Move& move : fresh_) {
    move.number = next_++;
    moves_.push_back(move);
    if (moves_.size() > moves_kept_) moves_.pop_front();
  }
  fresh_.clear();
}

void Watcher::publish() {
  publish_moves();
  std::vector<WatchState> states;
  for (const auto& [id, one] : watched_) states.push_back({id, one.segment.version, one.in.size(), one.trouble});
  const std::lock_guard lock(mutex_);
  states_ = std::move(states);
}

Result<MovesPage> Watcher::moves(std::uint64_t from, std::size_t limit, std::optional<SegmentId> of) const {
  const std::lock_guard lock(mutex_);
  const std::uint64_t first = next_ - moves_.size();
  if (from < first || from > next_)
    return Error{ErrorKind::expired, fmt::format("moves are kept from number {} to {}", first, next_), "/from"};
  MovesPage out{{}, from};
  limit = std::min(limit, moves_page_max);
  for (; out.next < next_ && out.moves.size() < limit; ++out.next) {
    const Move& move = moves_[out.next - first];
    if (move.user != 0 && (!of || move.segment == *of)) out.moves.push_back(move);
  }
  return out;
}

std::uint64_t Watcher::next_number() const {
  const std::lock_guard lock(mutex_);
  return next_;
}

std::vector<WatchState> Watcher::states() const {
  const std::lock_guard lock(mutex_);
  return states_;
}

}  // namespace zan::audience
