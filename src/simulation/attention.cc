#include "simulation/attention.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/hash.h"

namespace zan::simulation {
namespace {

constexpr double hits_share = 0.25;
constexpr double anywhere_share = 0.05;
constexpr int attempts_max = 6;

// Pairs of an account and a work, by open addressing.
class Pairs {
 public:
  explicit Pairs(std::size_t count) : slots_(std::bit_ceil(count * 3 / 2 + 16), empty) {}

  // False when it was there.
  bool add(std::uint32_t actor, std::uint32_t subject) {
    const std::uint64_t pair = static_cast<std::uint64_t>(actor) << 32 | subject;
    for (std::size_t at = mix64(pair) & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at] == pair) return false;
      if (slots_[at] != empty) continue;
      slots_[at] = pair;
      return true;
    }
  }

 private:
  static constexpr std::uint64_t empty = ~std::uint64_t{0};
  std::vector<std::uint64_t> slots_;
};

// What is there to like in one hour.
class Hour {
 public:
  explicit Hour(const World& world) : world_(world), order_(world.subjects().size()) {
    for (std::size_t i = 0; i < order_.size(); ++i) order_[i] = static_cast<std::uint32_t>(i);
    std::stable_sort(order_.begin(), order_.end(), [&](std::uint32_t a, std::uint32_t b) {
      return world.subjects()[a].interest < world.subjects()[b].interest;
    });
    for (const std::uint32_t subject : order_) ++bounds_[world.subjects()[subject].interest + 1U];
    for (std::size_t i = 1; i < bounds_.size(); ++i) bounds_[i] += bounds_[i - 1];
  }

  void begin(std::int64_t at_us) {
    tastes_.clear();
    hits_.clear();
    for (const std::uint32_t number : order_) {
      const Subject& subject = world_.subjects()[number];
      const double weight = World::attention(subject, at_us);
      tastes_.add(weight);
      hits_.add(weight * weight);
    }
  }

  [[nodiscard]] std::uint32_t pick(const Account& account, Rng& rng) const {
    const double u = rng.unit();
    if (u < hits_share) return order_[hits_.pick(rng)];
    std::uint32_t interest = account.taste[rng.below(account.tastes)];
    if (u > 1 - anywhere_share) interest = world_.pick_interest(rng);
    if (tastes_.weight(bounds_[interest], bounds_[interest + 1]) <= 0) return order_[hits_.pick(rng)];
    return order_[tastes_.pick(rng, bounds_[interest], bounds_[interest + 1])];
  }

 private:
  const World& world_;
  std::vector<std::uint32_t> order_;  // works by interest
  std::array<std::size_t, interests + 1> bounds_{};
  Weighted tastes_, hits_;
};

std::uint32_t watch_ms(const World& world, const Event& event, Rng& rng) {
  const Subject& subject = world.subjects()[event.subject];
  if (is_fake(event.role)) return static_cast<std::uint32_t>(draw_log_normal(rng, 2500, 0.8));
  const double patience = world.to_taste(world.accounts()[event.actor], subject) ? 1.0 : 0.5;
  return static_cast<std::uint32_t>(std::min(0.1 + draw_waiting(rng, patience), 3.0) * subject.duration_ms);
}

class Chooser {
 public:
  Chooser(const World& world, Draft& draft)
      : world_(world),
        draft_(draft),
        hour_(world),
        pairs_(draft.events.size()),
        rng_(rng_of(world.community().seed, 3)),
        watch_(rng_of(world.community().seed, 5)),
        aside_(rng_of(world.community().seed, 4)) {}

  void run() {
    keep_fixed();
    sort_by_hour();
    std::size_t at = 0;
    for (std::size_t hour = 0; hour + 1 < ends_.size() && at < order_.size(); ++hour) {
      hour_.begin(static_cast<std::int64_t>(hour) * us_per_hour);
      for (; at < ends_[hour]; ++at) choose(order_[at]);
    }
  }

 private:
  void keep_fixed() {
    for (Event& event : draft_.events) {
      if (event.subject >= dropped || event.type != Type::like) continue;
      if (!pairs_.add(event.actor, event.subject)) event.subject = dropped;
    }
  }

  void sort_by_hour() {
    ends_.assign(static_cast<std::size_t>(world_.end_us() / us_per_hour) + 2, 0);
    const auto hour_of = [](const Event& event) { return static_cast<std::size_t>(event.at_us / us_per_hour); };
    for (const Event& event : draft_.events) ++ends_[hour_of(event) + 1];
    for (std::size_t i = 1; i < ends_.size(); ++i) ends_[i] += ends_[i - 1];
    order_.resize(draft_.events.size());
    for (std::size_t i = 0; i < draft_.events.size(); ++i)
      order_[ends_[hour_of(draft_.events[i])]++] = static_cast<std::uint32_t>(i);
  }

  void choose(std::size_t index) {
    Event& event = draft_.events[index];
    if (event.subject == to_copy) {
      event.subject = draft_.events[event.watch_ms].subject;
      if (event.subject >= dropped || !pairs_.add(event.actor, event.subject)) event.subject = to_choose;
    }
    const Account& account = world_.accounts()[event.actor];
    if (event.subject == to_choose) {
      event.subject = dropped;
      for (int attempt = 0; attempt < attempts_max && event.subject == dropped; ++attempt) {
        const std::uint32_t subject = hour_.pick(account, rng_);
        if (pairs_.add(event.actor, subject)) event.subject = subject;
      }
    }
    if (event.subject == dropped) return;
    event.watch_ms = watch_ms(world_, event, event.type == Type::like ? watch_ : aside_);
    if (!world_.community().likes_only) add_others(Event(event));
  }

  // What goes along with a like. Behind the end of the draft, so that it is not looked at again.
  void add_others(const Event& like) {
    if (like.type != Type::like) return;
    const double views = is_fake(like.role) ? draft_.instances[like.instance].attack.views : 0.97;
    if (aside_.chance(views)) append(like, Type::view, -static_cast<std::int64_t>(like.watch_ms) * us_per_ms - 300'000);
    if (is_fake(like.role)) return;
    if (aside_.chance(0.03)) append(like, Type::follow, 2'000'000);
    if (aside_.chance(0.02)) append(like, Type::comment, 9'000'000);
    if (aside_.chance(0.015)) append(like, Type::share, 4'000'000);
    for (std::uint32_t left = draw_poisson(aside_, world_.community().views_per_like); left > 0; --left) {
      Event view = like;
      view.subject = hour_.pick(world_.accounts()[like.actor], aside_);
      view.watch_ms = watch_ms(world_, view, aside_) / 2;
      append(view, Type::view, -static_cast<std::int64_t>(draw_waiting(aside_, 90) * 1e6));
    }
  }

  void append(Event event, Type type, std::int64_t later_us) {
    event.type = type;
    event.at_us = std::clamp<std::int64_t>(event.at_us + later_us, 0, world_.end_us() - 1);
    draft_.events.push_back(event);
  }

  const World& world_;
  Draft& draft_;
  Hour hour_;
  Pairs pairs_;
  Rng rng_;    // for likes
  Rng watch_;  // for how long the liked was watched
  Rng aside_;  // for all that goes along with likes
  std::vector<std::uint32_t> order_;
  std::vector<std::size_t> ends_;
};

}  // namespace

void choose_subjects(const World& world, Draft& draft) {
  Chooser(world, draft).run();
  std::erase_if(draft.events, [](const Event& event) { return event.subject == dropped; });
}

}  // namespace zan::simulation
