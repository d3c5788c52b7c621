#include "audience/bitmap/plan.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "base/require.h"

namespace zan::audience {

Plan Plan::of(ValueId value) {
  Plan plan;
  plan.kind = PlanKind::value;
  plan.value = value;
  return plan;
}

Plan Plan::of(std::shared_ptr<const UserList> users) {
  Plan plan;
  plan.kind = PlanKind::list;
  plan.users = std::move(users);
  return plan;
}

Plan Plan::of(std::shared_ptr<const TermSource> term) {
  Plan plan;
  plan.kind = PlanKind::term;
  plan.term = std::move(term);
  return plan;
}

Plan Plan::range(Slices slices, std::uint64_t low, std::uint64_t high) {
  require(slices.bits <= SliceBounds::bits_max, "a number has few bits");
  Plan plan;
  if (low > high || low > slices.greatest()) return plan;
  plan.kind = PlanKind::range;
  plan.slices = slices;
  plan.low = low;
  plan.high = std::min(high, slices.greatest());
  return plan;
}

Plan Plan::both(std::vector<Plan> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  Plan plan;
  plan.kind = PlanKind::both;
  plan.parts = std::move(parts);
  return plan;
}

Plan Plan::either(std::vector<Plan> parts) {
  if (parts.size() == 1) return std::move(parts.front());
  Plan plan;
  plan.kind = PlanKind::either;
  plan.parts = std::move(parts);
  return plan;
}

Plan Plan::negate(Plan part) {
  Plan plan;
  plan.kind = PlanKind::negate;
  plan.parts.push_back(std::move(part));
  return plan;
}

namespace {

bool in_range(const TagStore& store, const Plan& plan, std::uint32_t user) {
  if (!store.contains(user, plan.slices.known())) return false;
  std::uint64_t number = 0;
  for (std::uint32_t i = 0; i < plan.slices.bits; ++i)
    number |= std::uint64_t{store.contains(user, plan.slices.bit(i)) ? 1U : 0U} << i;
  return number >= plan.low && number <= plan.high;
}

}  // namespace

bool contains(const TagStore& store, const Plan& plan, std::uint32_t user) {
  const auto in = [&](const Plan& part) { return contains(store, part, user); };
  switch (plan.kind) {
    case PlanKind::nobody:
      return false;
    case PlanKind::value:
      return store.contains(user, plan.value);
    case PlanKind::list:
      return std::binary_search(plan.users->begin(), plan.users->end(), user);
    case PlanKind::term:
      return plan.term->contains(user);
    case PlanKind::range:
      return in_range(store, plan, user);
    case PlanKind::both:
      return std::all_of(plan.parts.begin(), plan.parts.end(), in);
    case PlanKind::either:
      return std::any_of(plan.parts.begin(), plan.parts.end(), in);
    case PlanKind::negate:
      return !in(plan.parts.front());
  }
  return false;
}

SetView Evaluation::list_of(const UserList& users, std::uint32_t number) {
  const std::uint32_t base = number * block_users;
  const auto from = std::lower_bound(users.begin(), users.end(), base);
  const auto to = std::upper_bound(from, users.end(), base + (block_users - 1));
  SetView out;
  if (from == to) return out;
  const auto size = static_cast<std::uint32_t>(to - from);
  if (size > BlockSet::list_max) {
    std::uint64_t* const words = math_.fresh_words(out);
    for (auto at = from; at != to; ++at) set_bit(words, *at - base);
    return out;
  }
  std::uint16_t* const list = math_.fresh_list(out);
  std::transform(from, to, list, [&](std::uint32_t user) { return static_cast<std::uint16_t>(user - base); });
  out.size = size;
  return out;
}

SetView Evaluation::range_of(const TagStore::Block& block, const Plan& plan) {
  const SetView known = block.view(plan.slices.known());
  if (plan.low == 0 && plan.high >= plan.slices.greatest()) return known;
  std::array<SetView, SliceBounds::bits_max> bits;
  for (std::uint32_t i = 0; i < plan.slices.bits; ++i) bits[i] = block.view(plan.slices.bit(i));
  return math_.between(known, std::span(bits).first(plan.slices.bits), plan.low, plan.high);
}

SetView Evaluation::set_of(const TagStore::Block& block, std::uint32_t number, const Plan& plan) {
  switch (plan.kind) {
    case PlanKind::nobody:
      return {};
    case PlanKind::value:
      return block.view(plan.value);
    case PlanKind::list:
      return list_of(*plan.users, number);
    case PlanKind::term:
      return plan.term->block(number, math_);
    case PlanKind::range:
      return range_of(block, plan);
    case PlanKind::negate:
      return BlockMath::negated(set_of(block, number, plan.parts.front()));
    case PlanKind::both: {
      SetView out = BlockMath::negated({});
      for (const Plan& part : plan.parts) {
        if (out.kind == SetView::Kind::none && !out.negated) break;
        out = math_.both(out, set_of(block, number, part));
      }
      return out;
    }
    case PlanKind::either: {
      SetView out;
      for (const Plan& part : plan.parts) out = math_.either(out, set_of(block, number, part));
      return out;
    }
  }
  return {};
}

SetView Evaluation::set_of(const TagStore::Block& block, std::uint32_t number, const Plan& plan, const Plan& among) {
  SetView in = set_of(block, number, among);
  require(!in.negated, "people are counted among people");
  if (in.kind == SetView::Kind::none) return in;
  return math_.both(set_of(block, number, plan), in);
}

std::uint64_t Evaluation::count_block(std::uint32_t number, const Plan& plan, const Plan& among) {
  std::uint64_t total = 0;
  store_.with_block(number, [&](const TagStore::Block& block) {
    const SetView in = set_of(block, number, among);
    require(!in.negated, "people are counted among people");
    const SetView set = in.kind == SetView::Kind::none ? SetView{} : set_of(block, number, plan);
    total = math_.count_both(in, set);
    math_.release(in);
    math_.release(set);
  });
  return total;
}

std::uint64_t Evaluation::count(const Plan& plan, const Plan& among) {
  std::uint64_t total = 0;
  for (std::uint32_t number = 0; number < store_.block_count(); ++number) total += count_block(number, plan, among);
  return total;
}

std::uint64_t Evaluation::count(const Plan& plan, const Plan& among, unsigned threads) {
  const std::uint32_t blocks = store_.block_count();
  std::atomic<std::uint32_t> next{0};
  std::atomic<std::uint64_t> total{0};
  const auto work = [&](Evaluation& own) {
    std::uint64_t sum = 0;
    for (std::uint32_t number = next.fetch_add(1); number < blocks; number = next.fetch_add(1))
      sum += own.count_block(number, plan, among);
    total.fetch_add(sum);
  };
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < std::min({threads, count_threads_max, blocks}); ++i)
      others.emplace_back([&] {
        Evaluation own(store_);
        work(own);
      });
    work(*this);
  }
  return total.load();
}

}  // namespace zan::audience
