#include "simulation/shilling.h"

#include <algorithm>

#include "base/hash.h"
#include "base/random.h"
#include "simulation/draw.h"

namespace zan::simulation {
namespace {

enum Purpose : std::uint64_t { of_account = 71, of_caught, of_held };

enum class Rating : std::uint8_t { highest, mean, lowest };

// The works that a fake account of this kind praises besides the targets, best known first.
std::vector<std::uint32_t> selected_works(const Tastes& world, const ShillingOptions& options,
                                          const std::vector<std::uint32_t>& born,
                                          std::span<const PublicCounts> counts) {
  std::vector<std::uint32_t> works;
  if (options.kind == ShillingKind::average) return works;
  const std::uint8_t segment = world.works()[options.targets.front()].topic[0];
  for (const std::uint32_t work : born)
    if (options.kind == ShillingKind::bandwagon || world.works()[work].topic[0] == segment) works.push_back(work);
  std::stable_sort(works.begin(), works.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return counts[a].likes > counts[b].likes; });
  works.resize(std::min<std::size_t>(works.size(), options.selected));
  return works;
}

class Account {
 public:
  Account(const Tastes& world, const ShillingOptions& options, std::span<const PublicCounts> counts,
          std::uint32_t number, std::vector<FakeAct>& acts)
      : world_(world),
        options_(options),
        counts_(counts),
        number_(number),
        rng_(rng_of(options.seed, of_account, number)),
        acts_(acts) {}

  void act(std::uint32_t work, Rating rating, bool target) {
    FakeAct act;
    const auto span = static_cast<std::uint64_t>(std::max<std::int64_t>(1, options_.span_us));
    act.at_us = options_.begin_us + static_cast<std::int64_t>(rng_.below(span));
    act.account = number_;
    act.work = work;
    act.target = target;
    const std::uint32_t duration = world_.works()[work].duration_ms;
    const double watched = rng_.unit(), long_viewed = rng_.unit(), liked = rng_.unit();
    const PublicCounts& count = counts_[work];
    // One more of each: of a work without views next to nothing is known.
    const bool as_most_long = long_viewed * (count.views + 1.0) < count.long_views;
    const bool as_most_like = as_most_long && liked * (count.long_views + 1.0) < count.likes;
    const bool is_long = rating == Rating::highest || (rating == Rating::mean && as_most_long);
    act.like = rating == Rating::highest || (rating == Rating::mean && as_most_like);
    const double most = is_long ? duration : rating == Rating::lowest ? std::min(2500U, duration / 4) : duration / 2.0;
    const double least = is_long ? std::min(duration, 18'000U) : 0;
    act.watch_ms = static_cast<std::uint32_t>(least + watched * (most - least));
    acts_.push_back(act);
  }

  Rng& rng() { return rng_; }

 private:
  const Tastes& world_;
  const ShillingOptions& options_;
  std::span<const PublicCounts> counts_;
  std::uint32_t number_;
  Rng rng_;
  std::vector<FakeAct>& acts_;
};

bool in(const std::vector<std::uint32_t>& works, std::uint32_t work) {
  return std::find(works.begin(), works.end(), work) != works.end();
}

}  // namespace

const char* to_string(ShillingKind kind) {
  switch (kind) {
    case ShillingKind::average: return "average";
    case ShillingKind::bandwagon: return "bandwagon";
    case ShillingKind::segment: return "segment";
  }
  return "unknown";
}

std::vector<FakeAct> shill(const Tastes& world, const ShillingOptions& options, std::span<const PublicCounts> counts) {
  std::vector<FakeAct> acts;
  std::vector<std::uint32_t> born;
  for (std::uint32_t work = 0; work < world.works().size() && work < counts.size(); ++work) {
    const bool is_there = world.works()[work].born_us <= options.begin_us;
    if (is_there && !in(options.targets, work)) born.push_back(work);
  }
  if (options.targets.empty()) return acts;
  const auto people = static_cast<double>(world.people().size());
  const auto accounts = static_cast<std::uint32_t>(options.share * people + 0.5);
  const std::vector<std::uint32_t> selected = selected_works(world, options, born, counts);
  const Rating filler = options.kind == ShillingKind::segment ? Rating::lowest : Rating::mean;
  for (std::uint32_t i = 0; i < accounts; ++i) {
    Account account(world, options, counts, static_cast<std::uint32_t>(world.people().size()) + i, acts);
    for (const std::uint32_t work : options.targets)
      if (work < counts.size() && world.works()[work].born_us <= options.begin_us)
        account.act(work, Rating::highest, true);
    for (const std::uint32_t work : selected) account.act(work, Rating::highest, false);
    std::vector<std::uint32_t> done = selected;
    for (std::uint32_t k = 0; k < options.fillers && done.size() < born.size(); ++k) {
      const std::uint32_t work = born[account.rng().below(born.size())];
      if (in(done, work)) continue;
      done.push_back(work);
      account.act(work, filler, false);
    }
  }
  std::stable_sort(acts.begin(), acts.end(), [](const FakeAct& a, const FakeAct& b) { return a.at_us < b.at_us; });
  return acts;
}

bool Detector::catches_account(std::uint32_t account) const {
  const double offset = rng_of(seed, of_caught).unit(), missed = 1 - recall;
  const double before = account * missed, after = (account + 1.0) * missed;
  return static_cast<std::uint64_t>(before + offset) == static_cast<std::uint64_t>(after + offset);
}

bool Detector::holds_genuine(std::uint32_t person, std::uint32_t work) const {
  return rng_of(seed, of_held, std::uint64_t{person} << 32 | work).chance(false_share);
}

}  // namespace zan::simulation
