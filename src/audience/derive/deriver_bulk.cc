// Acts in bulk: they are put off until there are many, each thread folds those of its own people, whose sums it fetches into the
// cache some acts ahead; and at the end every block of users has its derived tags made anew, set by set.
#include <algorithm>
#include <atomic>
#include <thread>

#include "audience/derive/deriver.h"
#include "base/require.h"

namespace zan::audience {
namespace {

// How many acts ahead a person's place, the person, and their scores are fetched.
constexpr std::size_t place_ahead = 48, person_ahead = 24, scores_ahead = 12;
// Fewer are folded sooner than threads are started.
constexpr std::size_t shared_from = 8192;

}  // namespace

void Deriver::begin_bulk(unsigned threads) {
  require(!in_bulk(), "one bulk at a time");
  bulk_threads_ = std::clamp(threads, 1U, bulk_threads_max);
  pending_.reserve(pending_max);
}

void Deriver::put_off(const engagement::RecordedAct& act) {
  const bool region = act.region && terms_.contains(act.region.value);
  pending_.push_back(
      {person_act(act), act.actor.value, region ? act.region.value : 0, packed(act.subject), tells(act)});
  if (pending_.size() == pending_max) fold_pending();
}

void Deriver::note_worked_out(Person& who, const SubjectCategories& categories, Timestamp at) {
  who.worked_out_us = std::max(who.worked_out_us, at.us);
  for (const std::uint32_t category : categories)
    if (CategoryScore* const score = who.categories.find(category))
      score->worked_out_s = std::max(score->worked_out_s, seconds_of(at.us));
}

void Deriver::fold(const Pending& pending) {
  Person& who = *people_.find(pending.user);
  if (!pending.tells) {
    who.following = std::max(0, who.following + pending.act.following);
    return;
  }
  const SubjectCategories categories = unpack(pending.categories);
  rules_.observe(who, pending.act);
  for (const std::uint32_t category : categories) rules_.observe_category(who, category, pending.act);
  note_worked_out(who, categories, {pending.act.at_us});
  if (pending.region != 0) who.region = pending.region;
}

void Deriver::fold(unsigned shard, unsigned shards) {
  const std::size_t count = pending_.size();
  const auto mine = [&](std::size_t i) { return i < count && pending_[i].user / 64 % shards == shard; };
  for (std::size_t i = 0; i < count; ++i) {
    if (mine(i + place_ahead)) people_.fetch_place(pending_[i + place_ahead].user);
    if (mine(i + person_ahead)) people_.fetch(pending_[i + person_ahead].user);
    if (mine(i + scores_ahead)) people_.fetch_scores(pending_[i + scores_ahead].user);
    if (mine(i)) fold(pending_[i]);
  }
}

void Deriver::fold_pending() {
  for (std::size_t i = 0; i < pending_.size(); ++i) {
    if (i + place_ahead < pending_.size()) people_.fetch_place(pending_[i + place_ahead].user);
    people_.make(pending_[i].user);
  }
  {
    const unsigned shards = pending_.size() < shared_from ? 1 : bulk_threads_;
    std::vector<std::jthread> others;
    for (unsigned shard = 1; shard < shards; ++shard) others.emplace_back([this, shard, shards] { fold(shard, shards); });
    fold(0, shards);
  }
  pending_.clear();
}

std::vector<ValueId> Deriver::derived_values() const {
  std::vector<ValueId> out = {catalogue_->known()};
  const auto add = [&](const std::vector<std::uint32_t>& tags) {
    for (const std::uint32_t index : tags) {
      const Tag& tag = catalogue_->tags()[index];
      for (std::uint32_t i = 0; i < tag.value_count(); ++i) out.push_back(tag.value(i));
    }
  };
  add(general_);
  add(regions_);
  for (const auto& tags : of_category_) add(tags);
  return out;
}

// Calls add(value) for every value that somebody has at this moment by what they did.
template <typename Add>
void Deriver::each_value(Person& who, Timestamp now, const Add& add) const {
  const auto say = [&](const Tag& tag, std::uint64_t outcome) {
    if (outcome == 0) return;
    if (tag.type == TagType::flag || tag.is_set()) return add(tag.value(static_cast<std::uint32_t>(outcome - 1)));
    const Slices slices = tag.slices();
    for (std::uint32_t i = 0; i < slices.bits; ++i)
      if (((outcome - 1) >> i & 1) != 0) add(slices.bit(i));
    add(slices.known());
  };
  const auto say_all = [&](const std::vector<std::uint32_t>& tags, Timestamp moment, const CategoryScore* score) {
    for (const std::uint32_t index : tags) {
      const Tag& tag = catalogue_->tags()[index];
      say(tag, outcome(tag, who, moment, score));
    }
  };
  add(catalogue_->known());
  const auto region = terms_.find(who.region);
  for (std::size_t i = 0; i < regions_.size() && region != terms_.end(); ++i)
    say(catalogue_->tags()[regions_[i]], region->second.outcomes[i]);
  if (!who.seen()) return;
  who.worked_out_us = std::max(who.worked_out_us, now.us);
  say_all(general_, {who.worked_out_us}, nullptr);
  for (CategoryScore& score : who.categories) {
    score.worked_out_s = std::max(score.worked_out_s, seconds_of(now.us));
    say_all(of_category_[score.category], {score.worked_out_s * us_per_second}, &score);
  }
}

void Deriver::remake_block(std::uint32_t number, Timestamp now, const std::vector<ValueId>& values) {
  std::vector<std::vector<std::uint16_t>> users(catalogue_->value_count());
  const std::uint32_t first = number * block_users, count = std::min(block_users, people_end() - first);
  for (std::uint32_t i = 0; i < count; ++i) {
    if (i + person_ahead < count) people_.fetch(first + i + person_ahead);
    if (i + scores_ahead < count) people_.fetch_scores(first + i + scores_ahead);
    Person* const who = people_.find(first + i);
    if (who == nullptr) continue;
    each_value(*who, now, [&](ValueId value) { users[value.number].push_back(static_cast<std::uint16_t>(i)); });
  }
  store_.assign_block(number, values, users);
}

void Deriver::end_bulk(Timestamp now) {
  require(in_bulk(), "a bulk was begun");
  fold_pending();
  flush();
  const std::uint32_t blocks = (people_end() + block_users - 1) / block_users;
  store_.make_blocks(blocks);
  const std::vector<ValueId> values = derived_values();
  std::atomic<std::uint32_t> next{0};
  {
    const auto work = [&] {
      for (std::uint32_t number = next.fetch_add(1); number < blocks; number = next.fetch_add(1))
        remake_block(number, now, values);
    };
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < bulk_threads_; ++i) others.emplace_back(work);
    work();
  }
  bulk_threads_ = 0;
  std::vector<Pending>().swap(pending_);
}

}  // namespace zan::audience
