#include "connectors/synthetic.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <vector>

#include "base/hash.h"
#include "base/random.h"

namespace zan::connectors {
namespace {

constexpr std::uint32_t categories = 16;
constexpr std::uint32_t tastes = 3;
constexpr double acts_per_session = 14.9;  // measured; only spreads the sessions over the days

constexpr std::array<const char*, 8> comments{
    "simulated: nice",      "simulated: first", "simulated: where is this?", "simulated: again!",
    "simulated: well made", "simulated: haha",  "simulated: thank you",      "simulated: more of this",
};

// Share of a day's sessions that begin in each hour, local time: quiet nights, a noon peak, a high evening.
constexpr std::array<double, 24> hour_weights{2.2, 1.4, 0.9, 0.7, 0.6, 0.8, 1.6, 2.8, 3.8, 4.2, 4.4, 5.0,
                                              6.0, 5.2, 4.4, 4.4, 4.8, 5.4, 6.4, 7.6, 8.4, 8.2, 6.4, 4.4};

// How much of a day's sessions have begun by a time of day, and the inverse.
class DailyRhythm {
 public:
  DailyRhythm() {
    for (std::size_t hour = 0; hour < 24; ++hour) sums_[hour + 1] = sums_[hour] + hour_weights[hour];
  }
  [[nodiscard]] double share(std::int64_t us_since_midnight) const {
    const auto hour = static_cast<std::size_t>(us_since_midnight / us_per_hour);
    const double within = static_cast<double>(us_since_midnight % us_per_hour) / static_cast<double>(us_per_hour);
    return (sums_[hour] + within * hour_weights[hour]) / sums_[24];
  }
  // share in [0, 1) -> microseconds since midnight.
  [[nodiscard]] std::int64_t at(double share) const {
    const double sum = share * sums_[24];
    const auto above = std::upper_bound(sums_.begin(), sums_.end(), sum);
    const auto hour = std::min<std::size_t>(static_cast<std::size_t>(above - sums_.begin()) - 1, 23);
    const double within = (sum - sums_[hour]) / hour_weights[hour];
    return static_cast<std::int64_t>((static_cast<double>(hour) + within) * static_cast<double>(us_per_hour));
  }

 private:
  std::array<double, 25> sums_{};
};

struct Person {
  std::uint32_t number = 0;
  std::array<std::uint32_t, tastes> taste{};
  double liking = 0;  // 0.3 .. 2: how freely this person likes
};

struct Video {
  std::uint32_t number = 0;
  std::uint32_t category = 0;
  std::uint32_t duration_ms = 0;
  std::uint32_t creator = 0;
  double quality = 0;  // 0.5 .. 1.5
};

double unit(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

// A rank below `count`, with probability falling as 1/rank (the continuous limit of Zipf's law with exponent 1).
std::uint32_t zipf_rank(Rng& rng, std::uint32_t count) {
  const double rank = std::exp(rng.unit() * std::log(static_cast<double>(count) + 1)) - 1;
  return std::min(static_cast<std::uint32_t>(rank), count - 1);
}

class World {
 public:
  explicit World(const SyntheticOptions& options) : options_(options) {}

  [[nodiscard]] Person person(std::uint32_t number) const {
    const std::uint64_t bits = hash(1, number);
    Person person{number, {}, 0.3 + 1.7 * unit(mix64(bits)) * unit(mix64(bits + 1))};
    for (std::uint32_t i = 0; i < tastes; ++i)
      person.taste[i] = static_cast<std::uint32_t>(bits >> (8 * i)) % categories;
    return person;
  }

  [[nodiscard]] Video video(std::uint32_t number) const {
    const std::uint64_t bits = hash(2, number);
    Video video;
    video.number = number;
    video.category = category(number);
    video.duration_ms = static_cast<std::uint32_t>(5'000 * std::exp(3.4 * unit(bits)));  // 5 s .. 150 s
    video.quality = 0.5 + unit(mix64(bits));
    video.creator = static_cast<std::uint32_t>(mix64(bits + 1) % creators());
    return video;
  }

  [[nodiscard]] Video pick_video(Rng& rng, const Person& person) const {
    if (!rng.chance(0.7)) return video(zipf_rank(rng, options_.subjects));
    const std::uint32_t wanted = person.taste[rng.below(tastes)];
    // Videos of one category are `categories` apart, see category().
    const std::uint32_t rank = zipf_rank(rng, std::max(options_.subjects / categories, 1u));
    return video(std::min(rank * categories + wanted, options_.subjects - 1));
  }

  // Few people are here often: the rank among people falls as Zipf's, too, but for half of the sessions only.
  [[nodiscard]] Person pick_person(Rng& rng) const {
    const auto number =
        rng.chance(0.5) ? zipf_rank(rng, options_.users) : static_cast<std::uint32_t>(rng.below(options_.users));
    return person(number);
  }

  [[nodiscard]] std::uint32_t creators() const { return std::max(options_.subjects / 12, 1u); }
  [[nodiscard]] static std::uint32_t category(std::uint32_t number) { return number % categories; }
  [[nodiscard]] Rng session(std::uint64_t number) const { return Rng(hash(3, number)); }

 private:
  [[nodiscard]] std::uint64_t hash(std::uint64_t domain, std::uint64_t number) const {
    return mix64(mix64(options_.seed * 4 + domain) + number);
  }

  SyntheticOptions options_;
};

class Synthetic final : public Source {
 public:
  explicit Synthetic(const SyntheticOptions& options)
      : options_(options),
        world_(options),
        sessions_(std::max(1.0, static_cast<double>(options.acts) / acts_per_session)) {
    set_end(options.end);
    if (!options_.attributes) attributes_done_ = attributes_total();
  }

  std::string identity() const override {
    std::string text = "synthetic seed " + std::to_string(options_.seed);
    text += " users " + std::to_string(options_.users) + " subjects " + std::to_string(options_.subjects);
    return text + " acts " + std::to_string(options_.acts) + " days " + std::to_string(options_.days);
  }

  // "<end> <attributes> <session> <acts>"
  Result<void> resume(std::string_view cursor) override {
    std::array<std::uint64_t, 4> numbers{};
    const char* at = cursor.data();
    const char* const end = at + cursor.size();
    for (std::uint64_t& number : numbers) {
      while (at != end && *at == ' ') ++at;
      const auto parsed = std::from_chars(at, end, number);
      if (parsed.ec != std::errc()) return invalid("not a cursor of the simulator", "cursor");
      at = parsed.ptr;
    }
    if (numbers[0] > static_cast<std::uint64_t>(timestamp_max.us)) return invalid("not a cursor of the simulator");
    set_end({static_cast<std::int64_t>(numbers[0])});
    attributes_done_ = std::min(numbers[1], attributes_total());
    session_ = numbers[2];
    acts_ = numbers[3];
    return {};
  }

  Result<bool> next(Batch& batch) override {
    while (attributes_done_ < attributes_total() && !batch.full()) put_attributes(batch, attributes_done_++);
    while (acts_ < options_.acts && !batch.full() && batch.events.size() < options_.batch_acts) play_session(batch);
    batch.cursor = std::to_string(options_.end.us) + " " + std::to_string(attributes_done_) + " " +
                   std::to_string(session_) + " " + std::to_string(acts_);
    return !batch.events.empty() || !batch.attributes.empty();
  }

  Progress progress() const override {
    const std::uint64_t puts = options_.attributes ? attributes_total() : 0;
    return {std::min(attributes_done_, puts) + acts_, puts + options_.acts};
  }

  std::vector<ReadTotal> totals() const override { return {{"simulated acts", acts_}, {"sessions", session_}}; }

 private:
  void set_end(Timestamp end) {
    options_.end = end;
    id_prefix_ = "sim:" + std::to_string(options_.seed) + ":" + std::to_string(end.us / us_per_ms) + ":";
  }

  [[nodiscard]] std::uint64_t attributes_total() const {
    return static_cast<std::uint64_t>(options_.users) + options_.subjects;
  }

  void put_attributes(Batch& batch, std::uint64_t index) const {
    AttributesPut put;
    put.row = index + 1;
    if (index < options_.users) {
      put.name = "sim-user-" + std::to_string(index);
      put.json = R"({"custom":{"simulated":true}})";
    } else {
      const Video video = world_.video(static_cast<std::uint32_t>(index - options_.users));
      put.kind = AttributesPut::Kind::subject;
      put.name = "sim-video-" + std::to_string(video.number);
      put.json = R"({"creator":"sim-creator-)" + std::to_string(video.creator) + R"(","tags":["sim-category-)" +
                 std::to_string(video.category) + R"("],"duration_ms":)" + std::to_string(video.duration_ms) +
                 R"(,"custom":{"simulated":true}})";
    }
    batch.attributes.push_back(std::move(put));
  }

  // One person comes, watches 3 to 20 videos one after the other, and leaves.
  void play_session(Batch& batch) {
    Rng rng = world_.session(session_);
    const Person person = world_.pick_person(rng);
    now_us_ = session_start(rng);
    ++session_;
    const std::uint64_t videos = 3 + rng.below(18);
    for (std::uint64_t i = 0; i < videos && acts_ < options_.acts; ++i)
      watch(batch, rng, person, world_.pick_video(rng, person));
  }

  [[nodiscard]] std::int64_t session_start(Rng& rng) const {
    const std::int64_t since_midnight = options_.end.us % us_per_day;
    const std::int64_t first_midnight =
        options_.end.us - since_midnight - static_cast<std::int64_t>(options_.days) * us_per_day;
    const double place = std::min((static_cast<double>(session_) + rng.unit()) / sessions_, 1.0);
    const double days = place * static_cast<double>(options_.days) + rhythm_.share(since_midnight);
    const double day = std::floor(days);
    return first_midnight + static_cast<std::int64_t>(day) * us_per_day + rhythm_.at(days - day);
  }

  void watch(Batch& batch, Rng& rng, const Person& person, const Video& video) {
    const bool to_taste = std::find(person.taste.begin(), person.taste.end(), video.category) != person.taste.end();
    const double patience = (to_taste ? 0.9 : 0.35) * video.quality;
    const double share = std::min(-std::log(1 - rng.unit()) * patience, 4.0);  // of the duration; over 1: seen again
    const auto watch_ms = static_cast<std::uint32_t>(share * video.duration_ms);
    act(batch, person, video, "view", watch_ms);
    now_us_ += static_cast<std::int64_t>(watch_ms) * us_per_ms + 400'000;
    if (share >= 1) act(batch, person, video, "complete");
    if (rng.chance(0.07 * person.liking * std::min(share, 2.0))) {
      act(batch, person, video, "like");
      if (rng.chance(0.04)) act(batch, person, video, "unlike");
      if (rng.chance(0.05)) act(batch, person, video, "follow");
    } else if (!to_taste && rng.chance(0.004)) {
      act(batch, person, video, "dislike");
    }
    if (share > 0.8 && rng.chance(0.012)) comment(batch, rng, person, video);
    if (share > 0.8 && rng.chance(0.008)) act(batch, person, video, "share");
    if (share > 0.5 && rng.chance(0.015)) act(batch, person, video, "profile_visit");
  }

  void comment(Batch& batch, Rng& rng, const Person& person, const Video& video) {
    act(batch, person, video, "comment", 0, comments[rng.below(comments.size())]);
  }

  void act(Batch& batch, const Person& person, const Video& video, std::string_view type, std::uint32_t watch_ms = 0,
           std::string_view text = {}) {
    if (acts_ >= options_.acts) return;
    ++acts_;
    now_us_ += 900'000;
    EventWriter event(batch, type, acts_);
    event.id(id_prefix_, acts_, {});
    event.plain("actor", "sim-user-", person.number).plain("subject", "sim-video-", video.number);
    event.plain("creator", "sim-creator-", video.creator).plain("surface", "simulator");
    if (options_.times) event.number("at", static_cast<std::uint64_t>(now_us_ / us_per_ms));
    if (type == "view") event.number("watch_ms", watch_ms).number("duration_ms", video.duration_ms);
    if (!text.empty()) event.plain("text", text);
  }

  SyntheticOptions options_;
  World world_;
  DailyRhythm rhythm_;
  double sessions_;
  std::string id_prefix_;
  std::int64_t now_us_ = 0;
  std::uint64_t attributes_done_ = 0;
  std::uint64_t session_ = 0;
  std::uint64_t acts_ = 0;
};

}  // namespace

Result<std::unique_ptr<Source>> make_synthetic(const SyntheticOptions& options) {
  if (options.users == 0 || options.subjects == 0 || options.acts == 0 || options.days == 0)
    return invalid("users, subjects, acts and days must each be at least 1");
  if (options.users > 1'000'000'000 || options.subjects > 1'000'000'000)
    return invalid("at most 1,000,000,000 users and as many subjects");
  if (options.end.us < (static_cast<std::int64_t>(options.days) + 1) * us_per_day || options.end > timestamp_max)
    return invalid("the end of the timeline must lie after its days");
  return std::unique_ptr<Source>(std::make_unique<Synthetic>(options));
}

}  // namespace zan::connectors
