#include "integrity/features/feature_store.h"

#include <vector>

#include "base/hash.h"
#include "integrity/features/account_state.h"
#include "integrity/features/distinct_count.h"
#include "integrity/features/neighbourhood.h"
#include "integrity/features/portable_log.h"
#include "integrity/features/sealed_bytes.h"
#include "integrity/features/set_table.h"
#include "integrity/features/window_counts.h"

namespace zan::integrity {
namespace {

constexpr std::uint32_t saved_magic = 0x5a465331;  // "1SFZ"
constexpr std::uint32_t saved_version = 2;
constexpr std::size_t fetch_delay = 4;  // acts between fetching a directory and what it points to
static_assert((fetch_delay & (fetch_delay - 1)) == 0);

// wyhash's folded product of two words.
std::uint64_t folded(std::uint64_t a, std::uint64_t b) {
  const Uint128 product = static_cast<Uint128>(a ^ 0xa0761d6478bd642fULL) * (b ^ 0xe7037ed1a0b428dbULL);
  return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
}

// What the tables know the act by; zero: does not apply.
struct ActHashes {
  std::array<std::uint64_t, count_key_count> counts{};
  std::array<std::uint64_t, relation_count> owners{};  // whose things are counted
  std::array<std::uint64_t, relation_count> things{};
  std::uint64_t account = 0;
  std::array<std::uint64_t, around_count> around{};
};

using Keys = std::array<std::uint64_t, count_key_count>;  // without the kind; zero: does not apply

// Which tables there are, and what of an act is hashed for them.
struct Kept {
  std::array<bool, count_key_count> counts{};
  std::array<bool, relation_count> distinct{};
  std::array<bool, around_count> neighbours{};
  bool accounts = false;
  bool subject = false, creator = false, device = false, network = false;  // the actor always

  explicit Kept(const FeatureOptions& options) : accounts(options.accounts != 0) {
    const auto mark = [](auto& kept, const auto& entries) {
      for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = entries[i] != 0;
    };
    mark(counts, options.counts);
    mark(distinct, options.distinct);
    mark(neighbours, options.neighbours);
    const auto count = [this](CountKey key) { return counts[static_cast<std::size_t>(key)]; };
    const auto relation = [this](Relation which) { return distinct[static_cast<std::size_t>(which)]; };
    const auto around = [this](Around which) { return neighbours[static_cast<std::size_t>(which)]; };
    subject = count(CountKey::subject) || count(CountKey::device_subject) || count(CountKey::network_subject) ||
              relation(Relation::subjects_of_actor) || relation(Relation::actors_of_subject) || around(Around::subject);
    creator = count(CountKey::creator) || count(CountKey::actor_creator);
    device = count(CountKey::device) || count(CountKey::device_subject) || count(CountKey::device_network) ||
             relation(Relation::actors_of_device) || relation(Relation::devices_of_actor) || around(Around::device);
    network = count(CountKey::network) || count(CountKey::network_subject) || count(CountKey::device_network) ||
              relation(Relation::actors_of_network) || relation(Relation::networks_of_actor) ||
              around(Around::network);
  }
};

struct Parts {
  std::uint64_t actor = 0, subject = 0, creator = 0, device = 0, network = 0;

  Parts(const ActView& act, std::uint64_t seed, const Kept& kept) {
    const auto part = [seed](std::uint64_t id, std::uint64_t salt) {
      return id == 0 ? 0 : folded(mix64(id), seed ^ salt) | 1;
    };
    actor = part(act.actor, 1);
    if (kept.subject) subject = part(act.subject, 2);
    if (kept.creator) creator = part(act.creator, 3);
    if (kept.device) device = part(act.device, 4);
    if (kept.network) network = part(act.network, 5);
  }

  [[nodiscard]] Keys keys(const Kept& kept) const {
    Keys keys{};
    const auto put = [&](CountKey key, std::uint64_t a) {
      if (const auto i = static_cast<std::size_t>(key); kept.counts[i]) keys[i] = a;
    };
    const auto put_pair = [&](CountKey key, std::uint64_t a, std::uint64_t b) {
      if (const auto i = static_cast<std::size_t>(key); kept.counts[i]) keys[i] = pair(a, b);
    };
    put(CountKey::actor, actor);
    put(CountKey::subject, subject);
    put(CountKey::creator, creator);
    put(CountKey::device, device);
    put(CountKey::network, network);
    put_pair(CountKey::actor_creator, actor, creator);
    put_pair(CountKey::device_subject, device, subject);
    put_pair(CountKey::network_subject, network, subject);
    put_pair(CountKey::device_network, device, network);
    return keys;
  }
  [[nodiscard]] std::array<std::uint64_t, around_count> around() const { return {device, network, subject, actor}; }

 private:
  static std::uint64_t pair(std::uint64_t a, std::uint64_t b) { return a == 0 || b == 0 ? 0 : folded(a, b << 1) | 1; }
};

std::uint64_t of_kind(std::uint64_t key, ActKind kind) {
  return key == 0 ? 0 : folded(key, static_cast<std::uint64_t>(kind) + 1);
}

ActHashes hashes_of(const ActView& act, std::uint64_t seed, const Kept& kept) {
  const Parts parts(act, seed, kept);
  ActHashes hashes;
  hashes.counts = parts.keys(kept);
  for (auto& key : hashes.counts) key = of_kind(key, act.kind);
  const bool like = act.kind == ActKind::like;
  hashes.owners = {parts.device, parts.network, like ? parts.actor : 0,
                   parts.actor,  parts.actor,   like ? parts.subject : 0};
  hashes.things = {parts.actor, parts.actor, parts.subject, parts.device, parts.network, parts.actor};
  for (std::size_t i = 0; i < relation_count; ++i)
    if (hashes.things[i] == 0 || !kept.distinct[i]) hashes.owners[i] = 0;
  if (kept.accounts) hashes.account = parts.actor;
  if (like && parts.actor != 0) hashes.around = parts.around();
  for (std::size_t i = 0; i < around_count; ++i)
    if (!kept.neighbours[i]) hashes.around[i] = 0;
  return hashes;
}

double flag_of(Seen seen) {
  return seen == Seen::yes ? 0 : seen == Seen::no ? 1 : 0.5;
}

void put_options(Bytes& out, const FeatureOptions& options) {
  for (const auto entries : options.counts) put_fixed(out, entries);
  for (const auto entries : options.distinct) put_fixed(out, entries);
  put_fixed(out, options.accounts);
  for (const auto entries : options.neighbours) put_fixed(out, entries);
  put_fixed(out, options.seed);
}

}  // namespace

struct FeatureStore::State {
  explicit State(const FeatureOptions& chosen) : options(chosen), kept(chosen), accounts(chosen.accounts) {
    counts.reserve(count_key_count);
    for (const auto entries : chosen.counts) counts.emplace_back(entries);
    distinct.reserve(relation_count);
    for (const auto entries : chosen.distinct) distinct.emplace_back(entries);
    neighbours.reserve(around_count);
    for (const auto entries : chosen.neighbours) neighbours.emplace_back(entries);
  }

  template <typename Each>
  void for_each_place(const ActHashes& hashes, Each each) const {
    for (std::size_t i = 0; i < count_key_count; ++i)
      if (hashes.counts[i] != 0) each(counts[i], hashes.counts[i]);
    for (std::size_t i = 0; i < relation_count; ++i)
      if (hashes.owners[i] != 0) each(distinct[i], hashes.owners[i]);
    if (hashes.account != 0) each(accounts, hashes.account);
    for (std::size_t i = 0; i < around_count; ++i)
      if (hashes.around[i] != 0) each(neighbours[i], hashes.around[i]);
  }

  [[nodiscard]] double single(const ActView& act, const Moment& moment, const Parts& parts, Single which) const;
  [[nodiscard]] double of_account(const ActView& act, const Moment& moment, const Parts& parts, Single which) const;
  [[nodiscard]] double newness(const Moment& moment, std::uint64_t actor, std::uint64_t thing, Relation relation) const;
  [[nodiscard]] double value(const ActView& act, const Moment& moment, const Parts& parts, FeatureId id) const;
  [[nodiscard]] SetTable<WindowCounts>::Known counts_of(const Keys& keys, FeatureId id) const;
  [[nodiscard]] double neighbours_of(const Parts& parts, FeatureId id) const;
  [[nodiscard]] Neighbourhood::Traits traits_of(const AccountState& account, const Moment& moment,
                                                const ActHashes& hashes) const;
  void note_neighbours(const ActHashes& hashes, const Moment& moment, const Neighbourhood::Traits& traits);

  const FeatureOptions options;
  const Kept kept;
  std::vector<SetTable<WindowCounts>> counts;
  std::vector<SetTable<DistinctCount>> distinct;
  SetTable<AccountState> accounts;
  std::vector<SetTable<Neighbourhood>> neighbours;
  // The acts prefetched last: a directory that was asked for then is near by now.
  std::array<ActHashes, fetch_delay> coming{};
  std::size_t next_coming = 0;
};

FeatureOptions FeatureOptions::for_accounts(std::uint64_t accounts, std::uint64_t seed) {
  FeatureOptions options;
  const auto scale = [&](std::uint64_t entries) {
    return std::max<std::uint64_t>(
        1, static_cast<std::uint64_t>(static_cast<double>(entries) * (static_cast<double>(accounts) / 1e6)));
  };
  for (auto& entries : options.counts) entries = scale(entries);
  for (auto& entries : options.distinct) entries = scale(entries);
  options.accounts = scale(options.accounts);
  for (auto& entries : options.neighbours) entries = scale(entries);
  options.seed = seed;
  return options;
}

FeatureOptions FeatureOptions::only(std::span<const FeatureId> features) const {
  FeatureOptions only;
  only.counts.fill(0);
  only.distinct.fill(0);
  only.neighbours.fill(0);
  only.accounts = 0;
  only.seed = seed;
  const auto keep_count = [&](std::size_t key) { only.counts[key] = counts[key]; };
  const auto keep_distinct = [&](std::size_t relation) { only.distinct[relation] = distinct[relation]; };
  const auto keep_neighbours = [&](std::size_t around) {
    // With what the traits of a neighbour are taken from, and how many there are.
    only.neighbours[around] = neighbours[around];
    only.accounts = accounts;
    keep_distinct(static_cast<std::size_t>(Relation::actors_of_device));
    if (around != static_cast<std::size_t>(Around::actor)) return;
    constexpr auto subject = static_cast<std::size_t>(Around::subject);
    only.neighbours[subject] = neighbours[subject];
    keep_count(static_cast<std::size_t>(CountKey::subject));
  };
  for (const FeatureId id : features) {
    const std::size_t middle = id.value >> 16 & 0xff, key = id.value >> 8 & 0xff;
    switch (id.value >> 24) {
      case 0:
        only.accounts = accounts;
        if (id == feature(Single::device_new)) keep_distinct(static_cast<std::size_t>(Relation::devices_of_actor));
        if (id == feature(Single::network_new)) keep_distinct(static_cast<std::size_t>(Relation::networks_of_actor));
        break;
      case 1:
        if (key < count_key_count) keep_count(key);
        break;
      case 2:
        if (middle < relation_count) keep_distinct(middle);
        break;
      case 3:
        if (middle < around_count) keep_neighbours(middle);
        break;
      default:
        break;
    }
  }
  return only;
}

FeatureStore::FeatureStore(const FeatureOptions& options) : state_(std::make_unique<State>(options)) {}
FeatureStore::~FeatureStore() = default;
FeatureStore::FeatureStore(FeatureStore&&) noexcept = default;
FeatureStore& FeatureStore::operator=(FeatureStore&&) noexcept = default;

void FeatureStore::prefetch(const ActView& act, std::span<const FeatureId> counts) {
  ActHashes& slot = state_->coming[state_->next_coming++ % fetch_delay];
  state_->for_each_place(slot, [](const auto& table, std::uint64_t hash) { table.fetch_payload(hash); });
  slot = hashes_of(act, state_->options.seed, state_->kept);
  state_->for_each_place(slot, [](const auto& table, std::uint64_t hash) { table.fetch_directory(hash); });
  if (counts.empty()) return;
  const Keys keys = Parts(act, state_->options.seed, state_->kept).keys(state_->kept);
  for (const FeatureId id : counts) {
    const std::size_t key = id.value >> 8 & 0xff;
    const auto kind = static_cast<ActKind>(id.value >> 16 & 0xff);
    if (kind != act.kind && keys[key] != 0) state_->counts[key].fetch_directory(of_kind(keys[key], kind));
  }
}

void FeatureStore::update(const ActView& act) {
  State& state = *state_;
  const Moment moment = Moment::at_us(act.at_us);
  const ActHashes hashes = hashes_of(act, state.options.seed, state.kept);
  for (std::size_t i = 0; i < count_key_count; ++i) {
    if (hashes.counts[i] == 0) continue;
    const auto found = state.counts[i].touch(hashes.counts[i], moment.second);
    found.payload->add(*found.last, moment);
  }
  for (std::size_t i = 0; i < relation_count; ++i) {
    if (hashes.owners[i] == 0) continue;
    const auto found = state.distinct[i].touch(hashes.owners[i], moment.second);
    found.payload->add(*found.last, moment, hashes.things[i]);
  }
  if (hashes.account == 0) return;
  const auto account = state.accounts.touch(hashes.account, moment.second);
  const auto traits = state.traits_of(*account.payload, moment, hashes);
  account.payload->add(*account.last, act, moment);
  if (act.kind == ActKind::like) state.note_neighbours(hashes, moment, traits);
}

// As known before the act.
Neighbourhood::Traits FeatureStore::State::traits_of(const AccountState& account, const Moment& moment,
                                                     const ActHashes& hashes) const {
  const auto ln = [](double value) { return portable_log(1 + value); };
  const bool is_new = account.first_second() == 0 || account.first_second() > moment.second;
  double on_device = 0;
  constexpr auto relation = static_cast<std::size_t>(Relation::actors_of_device);
  if (hashes.owners[relation] != 0) {
    constexpr std::size_t longest = distinct_window_count - 1;
    if (const auto known = distinct[relation].find(hashes.owners[relation]))
      on_device = known.payload->read(known.last, moment, longest);
  }
  return {ln(account.likes()), ln(is_new ? 0 : moment.second - account.first_second()), account.gap_deviation(),
          account.likes_without_view_share(), ln(on_device)};
}

void FeatureStore::State::note_neighbours(const ActHashes& hashes, const Moment& moment,
                                          const Neighbourhood::Traits& traits) {
  const auto touch = [&](Around around) {
    const auto i = static_cast<std::size_t>(around);
    if (hashes.around[i] == 0) return static_cast<Neighbourhood*>(nullptr);
    const auto found = neighbours[i].touch(hashes.around[i], moment.second);
    *found.last = std::max(*found.last, moment.second);
    return found.payload;
  };
  Neighbourhood* const subject = touch(Around::subject);
  Neighbourhood* const actor = touch(Around::actor);
  if (subject != nullptr && actor != nullptr) {
    // Before this like is one of them: nobody is his own neighbour here.
    constexpr auto key = static_cast<std::size_t>(CountKey::subject);
    constexpr auto month = static_cast<std::size_t>(Window::d30);
    const auto likes = counts[key].find(hashes.counts[key]);
    actor->add_likers_of(*subject, likes ? likes.payload->read(likes.last, moment, month) : 0);
  }
  for (Neighbourhood* const around : {touch(Around::device), touch(Around::network), subject})
    if (around != nullptr) around->add(traits);
}

void FeatureStore::read(const ActView& act, std::span<const FeatureId> features, std::span<double> values) const {
  require(features.size() == values.size(), "a value for each feature");
  const Moment moment = Moment::at_us(act.at_us);
  const Parts parts(act, state_->options.seed, state_->kept);
  const Keys keys = parts.keys(state_->kept);
  // Features that stand side by side often share a place: it is looked up once.
  SetTable<WindowCounts>::Known counts;
  std::uint32_t place = ~std::uint32_t{0};
  for (std::size_t i = 0; i < features.size(); ++i) {
    const FeatureId id = features[i];
    if (id.value >> 24 != 1) {
      values[i] = state_->value(act, moment, parts, id);
      continue;
    }
    if (id.value >> 8 != place) counts = state_->counts_of(keys, id);
    place = id.value >> 8;
    const std::size_t window = id.value & 0xff;
    values[i] = counts && window < window_count ? counts.payload->read(counts.last, moment, window) : 0;
  }
}

SetTable<WindowCounts>::Known FeatureStore::State::counts_of(const Keys& keys, FeatureId id) const {
  const std::size_t kind = id.value >> 16 & 0xff, key = id.value >> 8 & 0xff;
  if (key >= count_key_count || keys[key] == 0) return {};
  return counts[key].find(of_kind(keys[key], static_cast<ActKind>(kind)));
}

double FeatureStore::State::neighbours_of(const Parts& parts, FeatureId id) const {
  const std::size_t around = id.value >> 16 & 0xff, trait = id.value >> 8 & 0xff;
  if (around >= around_count || trait >= trait_count || (id.value & 0xff) > 1) return 0;
  const std::uint64_t hash = parts.around()[around];
  const auto found = hash == 0 ? SetTable<Neighbourhood>::Known{} : neighbours[around].find(hash);
  if (!found || !found.payload->known()) return -1;
  const auto which = static_cast<Trait>(trait);
  return (id.value & 1) != 0 ? found.payload->spread(which) : found.payload->mean(which);
}

double FeatureStore::State::value(const ActView& act, const Moment& moment, const Parts& parts, FeatureId id) const {
  const std::size_t relation = id.value >> 16 & 0xff, window = id.value & 0xff;
  switch (id.value >> 24) {
    case 0:
      return id.value < single_count ? single(act, moment, parts, static_cast<Single>(id.value)) : 0;
    case 2: {
      if (relation >= relation_count) return 0;
      const std::array<std::uint64_t, relation_count> owners = {parts.device, parts.network, parts.actor,
                                                                parts.actor,  parts.actor,   parts.subject};
      const auto known =
          owners[relation] == 0 ? SetTable<DistinctCount>::Known{} : distinct[relation].find(owners[relation]);
      for (std::size_t w = 0; known && w < distinct_window_count; ++w)
        if (distinct_windows[w] == window) return known.payload->read(known.last, moment, w);
      return 0;
    }
    case 3:
      return neighbours_of(parts, id);
    default:
      return 0;
  }
}

double FeatureStore::State::single(const ActView& act, const Moment& moment, const Parts& parts, Single which) const {
  switch (which) {
    case Single::watch_ms:
      return act.watch_ms;
    case Single::watch_share:
      return act.duration_ms == 0 ? 0 : std::min(1.0, static_cast<double>(act.watch_ms) / act.duration_ms);
    default:
      return of_account(act, moment, parts, which);
  }
}

double FeatureStore::State::of_account(const ActView& act, const Moment& moment, const Parts& parts,
                                       Single which) const {
  static constexpr AccountState nobody;
  const auto known = parts.actor == 0 ? SetTable<AccountState>::Known{} : accounts.find(parts.actor);
  const AccountState& account = known ? *known.payload : nobody;
  const auto since = [&](std::uint32_t second) { return second < moment.second ? moment.second - second : 0; };
  switch (which) {
    case Single::account_age_s:
      return known ? since(account.first_second()) : 0;
    case Single::account_idle_s:
      return known ? since(known.last) : -1.0;
    case Single::account_likes:
      return account.likes();
    case Single::account_views:
      return account.views();
    case Single::like_gap_s:
      return account.seconds_since_like(act.at_us);
    case Single::like_gap_log_mean:
      return account.gap_mean();
    case Single::like_gap_log_deviation:
      return account.gap_deviation();
    case Single::likes_without_view_share:
      return account.likes_without_view_share();
    case Single::viewed_before:
      return account.watched_ms(act.subject) >= 0;
    case Single::dwell_ms:
      return account.watched_ms(act.subject);
    case Single::device_new:
      if (act.actor == 0 || act.device == 0 || account.knows_device(act.device)) return 0;
      return newness(moment, parts.actor, parts.device, Relation::devices_of_actor);
    case Single::network_new:
      if (act.actor == 0 || act.network == 0 || account.knows_network(act.network)) return 0;
      return newness(moment, parts.actor, parts.network, Relation::networks_of_actor);
    default:
      return 0;
  }
}

// The account remembers the last two; beyond them, the distinct count's record may tell.
double FeatureStore::State::newness(const Moment& moment, std::uint64_t actor, std::uint64_t thing,
                                    Relation relation) const {
  const auto record = distinct[static_cast<std::size_t>(relation)].find(actor);
  return record ? flag_of(record.payload->seen(record.last, moment, thing)) : 1;
}

void FeatureStore::forget(std::uint32_t actor) {
  ActView view;
  view.actor = actor;
  const Parts parts(view, state_->options.seed, state_->kept);
  for (std::size_t kind = 0; kind < act_kind_count; ++kind)
    state_->counts[static_cast<std::size_t>(CountKey::actor)].forget(of_kind(parts.actor, static_cast<ActKind>(kind)));
  for (const Relation relation : {Relation::subjects_of_actor, Relation::devices_of_actor, Relation::networks_of_actor})
    state_->distinct[static_cast<std::size_t>(relation)].forget(parts.actor);
  state_->accounts.forget(parts.actor);
  state_->neighbours[static_cast<std::size_t>(Around::actor)].forget(parts.actor);
}

std::uint64_t FeatureStore::bytes() const {
  std::uint64_t bytes = sizeof(State) + state_->accounts.bytes();
  for (const auto& table : state_->counts) bytes += table.bytes();
  for (const auto& table : state_->distinct) bytes += table.bytes();
  for (const auto& table : state_->neighbours) bytes += table.bytes();
  return bytes;
}

void FeatureStore::save(Bytes& out) const {
  SealedWriter frame(out, saved_magic, saved_version);
  put_options(out, state_->options);
  for (const auto& table : state_->counts) table.save(out);
  for (const auto& table : state_->distinct) table.save(out);
  state_->accounts.save(out);
  for (const auto& table : state_->neighbours) table.save(out);
  frame.end();
}

Result<void> FeatureStore::load(ByteSpan bytes) {
  ZAN_ASSIGN(const ByteSpan body, open_sealed(bytes, saved_magic, saved_version));
  Bytes mine;
  put_options(mine, state_->options);
  ByteReader reader(body);
  const ByteSpan theirs = reader.take(mine.size());
  if (!reader.ok()) return corrupt("a saved store of features without its options");
  if (!std::equal(theirs.begin(), theirs.end(), mine.begin(), mine.end()))
    return invalid("the store of features was saved with other options");
  auto state = std::make_unique<State>(state_->options);
  for (auto& table : state->counts) ZAN_TRY(table.load(reader));
  for (auto& table : state->distinct) ZAN_TRY(table.load(reader));
  ZAN_TRY(state->accounts.load(reader));
  for (auto& table : state->neighbours) ZAN_TRY(table.load(reader));
  if (!reader.done()) return corrupt("a saved store of features with something behind it");
  state_ = std::move(state);
  return {};
}

}  // namespace zan::integrity
