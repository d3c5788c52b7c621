#include "ranking/kuairand.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace zan::ranking_proof {
namespace {

using matching::Deed;
using matching::Doing;

// The whole of a file, packed or not.
Result<std::string> read_all(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return not_found("cannot open " + path);
  std::string all;
  std::vector<char> buffer(1 << 20);
  int got = 0;
  while ((got = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0)
    all.append(buffer.data(), static_cast<std::size_t>(got));
  gzclose(file);
  if (got < 0) return corrupt("cannot unpack " + path);
  return all;
}

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    std::size_t end = 0;
    if (line.starts_with('"')) {
      end = std::min(line.find('"', 1), line.size() - 1);
      fields.push_back(line.substr(1, end - 1));
      end = std::min(line.find(',', end), line.size());
    } else {
      end = std::min(line.find(','), line.size());
      fields.push_back(line.substr(0, end));
    }
    if (end >= line.size()) return fields;
    line.remove_prefix(end + 1);
  }
}

// Calls use(fields) for each line but the first. corrupt: another number of fields than the head has.
template <typename Use>
Result<void> each_line(const std::string& path, const Use& use) {
  ZAN_ASSIGN(const std::string all, read_all(path));
  std::size_t columns = 0, number = 0;
  for (std::size_t at = 0; at < all.size(); ++number) {
    const std::size_t end = std::min(all.find('\n', at), all.size());
    std::string_view line(all.data() + at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    at = end + 1;
    if (line.empty()) continue;
    const auto fields = fields_of(line);
    if (number == 0) columns = fields.size();
    if (fields.size() != columns) return corrupt(fmt::format("{}:{}: {} fields", path, number + 1, fields.size()));
    if (number > 0) use(fields);
  }
  return {};
}

template <typename Number>
Number number_of(std::string_view text) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

float raw_number(std::string_view text) {
  if (text.empty()) return std::numeric_limits<float>::quiet_NaN();
  return static_cast<float>(number_of<double>(text));
}

std::vector<std::uint32_t> numbers_of(std::string_view text) {
  std::vector<std::uint32_t> numbers;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) numbers.push_back(number_of<std::uint32_t>(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return numbers;
}

// Words numbered by their coming.
class Words {
 public:
  std::uint32_t of(std::string_view word) {
    return words_.try_emplace(std::string(word), static_cast<std::uint32_t>(words_.size()) + 1).first->second;
  }

 private:
  std::unordered_map<std::string, std::uint32_t> words_;
};

Result<void> read_people(const std::string& folder, KuaiRand& data) {
  Words degrees;
  return each_line(folder + "/user_features_pure.csv", [&](const std::vector<std::string_view>& fields) {
    const auto user = number_of<std::uint32_t>(fields[0]);
    matching::PersonFacts facts;
    facts.person = KuaiRand::person(user);
    facts.activity = degrees.of(fields[1]);
    data.people.push_back(facts);
    std::vector<float> raw = {static_cast<float>(user), static_cast<float>(facts.activity)};
    for (const std::size_t i : {2U, 3U, 4U, 5U, 7U, 9U, 11U}) raw.push_back(raw_number(fields[i]));
    for (std::size_t i = 13; i < fields.size(); ++i) raw.push_back(raw_number(fields[i]));
    raw.resize(person_columns, std::numeric_limits<float>::quiet_NaN());
    data.person_raw.emplace(user, std::move(raw));
  });
}

constexpr std::int64_t first_upload_ms = 1'649'520'000'000;  // 2022-04-10 00:00 in China

Result<void> read_works(const std::string& folder, KuaiRand& data) {
  Words authors, types, uploads;
  return each_line(folder + "/video_features_basic_pure.csv", [&](const std::vector<std::string_view>& fields) {
    const auto video = number_of<std::uint32_t>(fields[0]);
    matching::WorkFacts facts;
    facts.subject = KuaiRand::subject(video);
    facts.creator = {authors.of(fields[1])};
    facts.duration_ms = static_cast<std::uint32_t>(number_of<double>(fields[6]));
    facts.kind = uploads.of(fields[4]);
    const auto day = number_of<std::int64_t>(fields[3].substr(8));
    facts.published_at = {(first_upload_ms + (day - 10) * 86'400'000) * us_per_ms};
    std::string_view tags = fields[11];
    while (!tags.empty()) {
      const std::size_t end = std::min(tags.find(','), tags.size());
      facts.tags.push_back(number_of<std::uint32_t>(tags.substr(0, end)) + 1);
      tags.remove_prefix(std::min(end + 1, tags.size()));
    }
    std::vector<float> raw = {static_cast<float>(video), static_cast<float>(facts.creator.value),
                              static_cast<float>(types.of(fields[2])), static_cast<float>(day),
                              static_cast<float>(facts.kind)};
    for (const std::size_t i : {5U, 6U, 7U, 8U, 9U, 10U}) raw.push_back(raw_number(fields[i]));
    raw.push_back(static_cast<float>(facts.tags.size()));
    for (std::size_t i = 0; i < std::min<std::size_t>(2, facts.tags.size()); ++i)
      raw.push_back(static_cast<float>(facts.tags[i]));
    raw.resize(video_columns, std::numeric_limits<float>::quiet_NaN());
    data.video_raw.emplace(video, std::move(raw));
    data.works.push_back(std::move(facts));
  });
}

Result<void> read_pasts(const std::string& folder, KuaiRand& data) {
  return each_line(folder + "/user_sequences_0408_0424.csv", [&](const std::vector<std::string_view>& fields) {
    data.pasts.push_back({number_of<std::uint32_t>(fields[0]), number_of<std::int64_t>(fields[2]),
                          numbers_of(fields[3]), numbers_of(fields[4]), numbers_of(fields[5])});
  });
}

Result<void> read_exposures(const std::string& folder, KuaiRand& data) {
  ZAN_TRY(each_line(folder + "/log_0425_0508.csv.gz", [&](const std::vector<std::string_view>& fields) {
    const auto yes = [&](std::size_t i) { return fields[i] == "1"; };
    Exposure one;
    one.user = number_of<std::uint32_t>(fields[0]);
    one.video = number_of<std::uint32_t>(fields[1]);
    one.time_ms = number_of<std::int64_t>(fields[4]);
    one.click = yes(5);
    one.like = yes(6);
    one.follow = yes(7);
    one.comment = yes(8);
    one.forward = yes(9);
    one.hate = yes(10);
    one.play_ms = number_of<std::uint32_t>(fields[12]);
    one.duration_ms = number_of<std::uint32_t>(fields[13]);
    one.tab = number_of<std::uint32_t>(fields[18]);
    one.test = fields[19] == "test";
    data.exposures.push_back(one);
  }));
  std::stable_sort(data.exposures.begin(), data.exposures.end(),
                   [](const Exposure& a, const Exposure& b) { return a.time_ms < b.time_ms; });
  return {};
}

// Long watches and likes in their order, evenly over the fortnight before the last.
void remember(const Past& past, matching::Replay& replay) {
  const auto tell = [&](const std::vector<std::uint32_t>& videos, Doing doing) {
    for (std::size_t i = 0; i < videos.size(); ++i) {
      const std::int64_t before_ms = static_cast<std::int64_t>(videos.size() - 1 - i) * 4 * 3'600'000;
      Deed deed;
      deed.person = KuaiRand::person(past.user);
      deed.subject = KuaiRand::subject(videos[i]);
      deed.doing = doing;
      deed.at = {(past.last_ms - before_ms) * us_per_ms};
      replay.remember(deed);
    }
  };
  tell(past.long_watched, Doing::complete);
  tell(past.liked, Doing::like);
}

void act(const Exposure& one, matching::Replay& replay) {
  Deed deed;
  deed.person = KuaiRand::person(one.user);
  deed.subject = KuaiRand::subject(one.video);
  deed.surface = {one.tab + 1};
  deed.at = {one.time_ms * us_per_ms + 1000};
  deed.watch_ms = one.play_ms;
  deed.duration_ms = one.duration_ms;
  const auto tell = [&](bool did, Doing doing) {
    deed.doing = doing;
    if (did) replay.take(deed);
  };
  tell(one.click, Doing::view);
  tell(one.hate, Doing::dislike);
  tell(one.like, Doing::like);
  tell(one.follow, Doing::follow);
  tell(one.comment, Doing::comment);
  tell(one.forward, Doing::share);
}

}  // namespace

Result<KuaiRand> read_kuairand(const std::string& folder) {
  KuaiRand data;
  ZAN_TRY(read_people(folder, data));
  ZAN_TRY(read_works(folder, data));
  ZAN_TRY(read_pasts(folder, data));
  ZAN_TRY(read_exposures(folder, data));
  return data;
}

matching::Replay::Raw raw_of(const KuaiRand& data) {
  return [&data](PersonId person, SubjectId subject, const matching::Scene& scene, std::span<float> to) {
    const auto own = data.person_raw.find(person.value - 1);
    if (own != data.person_raw.end()) std::copy(own->second.begin(), own->second.end(), to.begin());
    const auto video = data.video_raw.find(subject.value - 1'000'000);
    if (video != data.video_raw.end())
      std::copy(video->second.begin(), video->second.end(), to.begin() + person_columns);
    to[person_columns + video_columns] = static_cast<float>(scene.surface.value);
    to[person_columns + video_columns + 1] = static_cast<float>(matching::Baselines::hour_of(scene.at));
  };
}

Result<void> play(const KuaiRand& data, matching::Replay& replay, std::size_t& first_test,
                  std::vector<matching::Pair>& taken) {
  for (const matching::WorkFacts& facts : data.works) replay.put(facts, facts.published_at);
  for (const matching::PersonFacts& facts : data.people) replay.put(facts);
  for (const Past& past : data.pasts) remember(past, replay);
  first_test = 0;
  for (const Exposure& one : data.exposures) {
    if (one.test && taken.empty()) {
      first_test = replay.harvest().size();
      taken = replay.taken();
    }
    matching::Shown shown;
    shown.person = KuaiRand::person(one.user);
    shown.surface = {one.tab + 1};
    shown.at = {one.time_ms * us_per_ms};
    shown.items = {{KuaiRand::subject(one.video)}};
    ZAN_TRY(replay.take(shown));
    act(one, replay);
  }
  return {};
}

}  // namespace zan::ranking_proof
