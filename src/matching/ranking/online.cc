#include "matching/ranking/online.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/hash.h"

namespace zan::matching {
namespace {

constexpr std::size_t dense_count = 4;
using Dense = std::array<float, dense_count>;

constexpr float everybody_variance = 0.02F, dense_variance = 0.01F;
constexpr float work_variance = 0.05F, creator_variance = 0.03F, person_variance = 0.05F;
constexpr double term_half_life_s = 3 * 86'400.0;
constexpr float correction_max = 3, term_max = 4;

// Everybody's term, and weights on numbers of about one: how old the work is, how much shown lately, how alike.
Dense dense_of(const FeatureRow& row) {
  const auto known = [&row](Feature feature, float scale) {
    const float value = at(row, feature);
    return std::isfinite(value) ? std::clamp(value * scale, -2.0F, 2.0F) : 0.0F;
  };
  return {1, known(Feature::work_age, 0.2F), known(Feature::work_lately_shown, 0.2F), known(Feature::similar, 1)};
}

// A term of each signal: what it is believed to be, and how surely.
struct Terms {
  Rates mean{}, variance{};
};

Terms unknown(float variance) {
  Terms terms;
  terms.variance.fill(variance);
  return terms;
}

// Back towards nothing known.
void drift(Terms& terms, float prior, std::uint32_t from_s, std::uint32_t to_s) {
  if (to_s <= from_s) return;
  const auto stays = static_cast<float>(std::exp2(-static_cast<double>(to_s - from_s) / term_half_life_s));
  for (std::size_t i = 0; i < signal_count; ++i) {
    terms.mean[i] *= stays;
    terms.variance[i] = prior - (prior - terms.variance[i]) * stays;
  }
}

// Terms by number, in sets of four of which the one not met for longest makes room.
class Table {
 public:
  Table(std::size_t entries_max, float prior)
      : prior_(prior), sets_(std::max<std::size_t>(1, entries_max / ways)), entries_(sets_ * ways) {}

  [[nodiscard]] Terms read(std::uint32_t number, std::uint32_t now_s) const {
    if (number == nobody) return unknown(0);
    const std::size_t set = set_of(number);
    const std::lock_guard lock(mutexes_[set % locks]);
    for (std::size_t i = set * ways; i < (set + 1) * ways; ++i) {
      if (!entries_[i].used || entries_[i].number != number) continue;
      Terms terms = entries_[i].terms;
      drift(terms, prior_, entries_[i].at_s, now_s);
      return terms;
    }
    return unknown(prior_);
  }

  void write(std::uint32_t number, std::uint32_t now_s, const Terms& terms) {
    if (number == nobody) return;
    const std::size_t set = set_of(number);
    const std::lock_guard lock(mutexes_[set % locks]);
    Entry* to = &entries_[set * ways];
    for (std::size_t i = set * ways; i < (set + 1) * ways; ++i) {
      Entry& entry = entries_[i];
      if (entry.used && entry.number == number) {
        to = &entry;
        break;
      }
      if (!entry.used || (to->used && entry.at_s < to->at_s)) to = &entry;
    }
    *to = {true, number, std::max(now_s, to->used && to->number == number ? to->at_s : 0), terms};
  }

  void erase(std::uint32_t number) {
    const std::size_t set = set_of(number);
    const std::lock_guard lock(mutexes_[set % locks]);
    for (std::size_t i = set * ways; i < (set + 1) * ways; ++i)
      if (entries_[i].used && entries_[i].number == number) entries_[i] = {};
  }

  void clear() {
    for (std::size_t set = 0; set < sets_; ++set) {
      const std::lock_guard lock(mutexes_[set % locks]);
      std::fill_n(entries_.begin() + static_cast<std::ptrdiff_t>(set * ways), ways, Entry{});
    }
  }

  [[nodiscard]] std::size_t bytes() const { return entries_.size() * sizeof(Entry); }

  static constexpr std::uint32_t nobody = ~std::uint32_t{0};

 private:
  struct Entry {
    bool used = false;
    std::uint32_t number = 0;
    std::uint32_t at_s = 0;
    Terms terms;
  };
  static constexpr std::size_t ways = 4, locks = 64;
  [[nodiscard]] std::size_t set_of(std::uint32_t number) const { return mix64(number + std::uint64_t{1}) % sets_; }

  float prior_;
  std::size_t sets_;
  std::vector<Entry> entries_;
  mutable std::array<std::mutex, locks> mutexes_;
};

// What all showings share.
struct Shared {
  std::array<Terms, dense_count> dense;
  Rates trust{};  // in the corrected part
  std::uint32_t at_s = 0;
};

Shared shared_at_start() {
  Shared shared;
  for (std::size_t i = 0; i < dense_count; ++i)
    shared.dense[i] = unknown(i == 0 ? everybody_variance : dense_variance);
  shared.trust.fill(0.5F);
  return shared;
}

// A showing whose signals may still come.
struct Waiting {
  std::uint64_t key = 0;
  OnlineKeys keys;
  Dense dense{};
  Rates said{}, corrected{};  // before it was learned from
  Signals came = 0;
};

std::uint64_t key_of(PersonId person, WorkRow work) { return std::uint64_t{person.value} << 32 | work; }

double clipped(float probability) { return std::clamp(static_cast<double>(probability), 1e-6, 1 - 1e-6); }

float moved(float probability, float by) {
  const double p = clipped(probability);
  const double margin = std::log(p / (1 - p)) + static_cast<double>(std::clamp(by, -correction_max, correction_max));
  return static_cast<float>(1 / (1 + std::exp(-margin)));
}

}  // namespace

struct OnlinePart::State {
  // Of one showing: the terms that are added up, and by what each counts.
  struct Sum {
    std::array<Terms, dense_count + 3> terms;  // dense, work, creator, person
    std::array<float, dense_count + 3> by;
  };

  explicit State(const OnlineOptions& options)
      : works(options.works_max, work_variance),
        creators(options.creators_max, creator_variance),
        persons(options.persons_max, person_variance),
        shared(shared_at_start()),
        waiting(std::max<std::size_t>(1, options.waiting_max)) {}

  static std::uint32_t number_of(CreatorId creator) { return creator ? creator.value : Table::nobody; }
  static std::uint32_t number_of(const OnlineKeys& keys) {
    return keys.person && keys.personalised ? keys.person.value : Table::nobody;
  }

  [[nodiscard]] Sum sum_of(const OnlineKeys& keys, const Dense& dense, const Shared& now, std::uint32_t now_s) const {
    Sum sum;
    for (std::size_t i = 0; i < dense_count; ++i) {
      sum.terms[i] = now.dense[i];
      drift(sum.terms[i], i == 0 ? everybody_variance : dense_variance, now.at_s, now_s);
      sum.by[i] = dense[i];
    }
    sum.terms[dense_count] = works.read(keys.work, now_s);
    sum.terms[dense_count + 1] = creators.read(number_of(keys.creator), now_s);
    sum.terms[dense_count + 2] = persons.read(number_of(keys), now_s);
    std::fill_n(sum.by.begin() + dense_count, 3, 1.0F);
    return sum;
  }

  void put(const OnlineKeys& keys, const Sum& sum, std::uint32_t now_s) {
    std::copy_n(sum.terms.begin(), dense_count, shared.dense.begin());
    shared.at_s = std::max(shared.at_s, now_s);
    works.write(keys.work, now_s, sum.terms[dense_count]);
    creators.write(number_of(keys.creator), now_s, sum.terms[dense_count + 1]);
    persons.write(number_of(keys), now_s, sum.terms[dense_count + 2]);
  }

  [[nodiscard]] Shared read_shared() const {
    const std::lock_guard lock(mutex);
    return shared;
  }

  Table works, creators, persons;
  mutable std::mutex mutex;  // guards shared
  Shared shared;
  // ---- the writer's own
  std::vector<Waiting> waiting;  // a ring
  std::size_t next = 0;
  std::unordered_map<std::uint64_t, std::size_t> last;  // by person and work: where it waits
};

namespace {

float added_up(const auto& sum, std::size_t signal) {
  float added = 0;
  for (std::size_t i = 0; i < sum.terms.size(); ++i) added += sum.by[i] * sum.terms[i].mean[signal];
  return added;
}

// One step of the filter for the outcome no; `turns`: the outcome turns to yes, of which the no has been learned.
void step(auto& sum, std::size_t signal, float p, bool turns) {
  const float h = p * (1 - p);
  float variance = 0;
  for (std::size_t i = 0; i < sum.terms.size(); ++i) variance += sum.by[i] * sum.by[i] * sum.terms[i].variance[signal];
  const float error = turns ? 1.0F : -p;
  for (std::size_t i = 0; i < sum.terms.size(); ++i) {
    float& mean = sum.terms[i].mean[signal];
    float& own = sum.terms[i].variance[signal];
    const float gain = own * sum.by[i] / (1 + h * variance);
    mean = std::clamp(mean + gain * error, -term_max, term_max);
    if (!turns) own = std::max(own * 0.01F, own - gain * sum.by[i] * own * h);
  }
}

}  // namespace

OnlinePart::OnlinePart(const OnlineOptions& options) : state_(std::make_unique<State>(options)) {}
OnlinePart::~OnlinePart() = default;

void OnlinePart::correct(const OnlineKeys& keys, const FeatureRow& row, std::uint32_t now_s, Rates& rates) const {
  const Shared shared = state_->read_shared();
  const State::Sum sum = state_->sum_of(keys, dense_of(row), shared, now_s);
  for (std::size_t i = 0; i < signal_count; ++i) {
    const float corrected = moved(rates[i], added_up(sum, i));
    rates[i] += shared.trust[i] * (corrected - rates[i]);
  }
}

void OnlinePart::shown(const OnlineKeys& keys, const FeatureRow& row, const Rates& rates, std::uint32_t at_s) {
  if (!keys.person) return;
  State& state = *state_;
  Waiting& waits = state.waiting[state.next];
  if (const auto old = state.last.find(waits.key); old != state.last.end() && old->second == state.next)
    state.last.erase(old);
  waits = {key_of(keys.person, keys.work), keys, dense_of(row), rates, {}, 0};
  state.last[waits.key] = state.next;
  state.next = (state.next + 1) % state.waiting.size();
  const std::lock_guard lock(state.mutex);
  State::Sum sum = state.sum_of(keys, waits.dense, state.shared, at_s);
  for (std::size_t i = 0; i < signal_count; ++i) {
    waits.corrected[i] = moved(rates[i], added_up(sum, i));
    double trust = static_cast<double>(state.shared.trust[i]);
    trust = trust * (1 - online_share) + (1 - trust) * online_share;
    const double with = trust * (1 - clipped(waits.corrected[i])), without = (1 - trust) * (1 - clipped(rates[i]));
    state.shared.trust[i] = static_cast<float>(with / (with + without));
    step(sum, i, waits.corrected[i], false);
  }
  state.put(keys, sum, at_s);
}

void OnlinePart::came(PersonId person, WorkRow work, Signals fresh, std::uint32_t at_s) {
  State& state = *state_;
  const auto found = state.last.find(key_of(person, work));
  if (found == state.last.end()) return;
  Waiting& waits = state.waiting[found->second];
  const auto turning = static_cast<Signals>(fresh & ~waits.came);
  if (turning == 0) return;
  waits.came |= turning;
  const std::lock_guard lock(state.mutex);
  State::Sum sum = state.sum_of(waits.keys, waits.dense, state.shared, at_s);
  for (std::size_t i = 0; i < signal_count; ++i) {
    if (!has(turning, static_cast<Signal>(i))) continue;
    const auto odds = [](float p) { return clipped(p) / (1 - clipped(p)); };
    const double trust = static_cast<double>(state.shared.trust[i]);
    const double with = trust * odds(waits.corrected[i]), without = (1 - trust) * odds(waits.said[i]);
    state.shared.trust[i] = static_cast<float>(with / (with + without));
    step(sum, i, waits.corrected[i], true);
  }
  state.put(waits.keys, sum, at_s);
}

void OnlinePart::erase(PersonId person) {
  State& state = *state_;
  state.persons.erase(person.value);
  for (Waiting& waits : state.waiting) {
    if (waits.keys.person != person) continue;
    state.last.erase(waits.key);
    waits = {};
  }
}

void OnlinePart::start_again() {
  State& state = *state_;
  state.works.clear();
  state.creators.clear();
  state.persons.clear();
  std::fill(state.waiting.begin(), state.waiting.end(), Waiting{});
  state.last.clear();
  state.next = 0;
  const std::lock_guard lock(state.mutex);
  state.shared = shared_at_start();
}

Rates OnlinePart::trust() const { return state_->read_shared().trust; }

std::size_t OnlinePart::bytes() const {
  return state_->works.bytes() + state_->creators.bytes() + state_->persons.bytes() +
         state_->waiting.size() * (sizeof(Waiting) + 4 * sizeof(void*));
}

}  // namespace zan::matching
