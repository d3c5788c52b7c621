// On real people: of KuaiRand's videos some are held out, and from their tags alone a suggestion must reach those who
// liked them.
//
// What the data lacks: titles, and times of single acts. Tags are numbers; each is made a category of its own. Likes
// and long watches of the first period stand at their person's last moment, long watches as completes. A held-out
// video's own acts are kept from tags, index and terms. The lift is the share of its likers within the segment over
// the share of those who like anything at all: over everybody it would be higher, only because who likes at all is
// found everywhere. Needs the dataset: in $ZAN_DATASETS/kuairand or ../shared/datasets/kuairand beside the source
// folder; says so where it is not.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "audience/answer/compile.h"
#include "audience/catalogue/default_catalogue.h"
#include "audience/derive/deriver.h"
#include "audience/suggest/suggester.h"

namespace zan::audience {
namespace {

std::string dataset_folder() {
  const char* given = std::getenv("ZAN_DATASETS");
  const std::filesystem::path root = given != nullptr ? given : ZAN_SOURCE_DIR "/../shared/datasets";
  return (root / "kuairand").string();
}

// Cells of a line; quoted ones may hold commas, and no quotes.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      out.emplace_back();
    } else if (c != '\r') {
      out.back() += c;
    }
  }
  return out;
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> out;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) out.push_back(part);
  return out;
}

struct Person {
  std::uint32_t id = 0;
  std::int64_t last_us = 0;
  std::vector<std::uint32_t> liked, watched;
};

// Users are numbered from 1, videos behind them.
class Files {
 public:
  explicit Files(const std::string& folder) {
    std::ifstream sequences(folder + "/user_sequences_0408_0424.csv");
    std::string line;
    std::getline(sequences, line);
    while (std::getline(sequences, line)) {
      const auto cell = cells_of(line);
      Person one;
      one.id = static_cast<std::uint32_t>(people.size()) + 1;
      one.last_us = std::stoll(cell[2]) * 1000;
      for (const std::string& video : split(cell[4], ' ')) one.liked.push_back(number(video));
      for (const std::string& video : split(cell[5], ' ')) one.watched.push_back(number(video));
      for (const std::uint32_t video : one.liked) likers[video].insert(one.id);
      people.push_back(std::move(one));
    }
    std::ifstream videos(folder + "/video_features_basic_pure.csv");
    std::getline(videos, line);
    while (std::getline(videos, line)) {
      const auto cell = cells_of(line);
      tags[number(cell[0])] = split(cell[11], ',');
    }
  }
  static std::uint32_t number(const std::string& video) {
    return 100'000 + static_cast<std::uint32_t>(std::stoul(video));
  }

  std::vector<Person> people;
  std::map<std::uint32_t, std::vector<std::string>> tags;   // of a video
  std::map<std::uint32_t, std::set<std::uint32_t>> likers;  // of a video
};

// The catalogue that comes along, with the data's tags for categories.
std::shared_ptr<const Catalogue> catalogue_of(const Files& files) {
  std::set<std::string> names;
  for (const auto& [video, tags] : files.tags) names.insert(tags.begin(), tags.end());
  std::string categories;
  for (const std::string& name : names)
    categories += std::string(categories.empty() ? "" : ",") + R"({"id":"k)" + name + R"(","en":"tag )" + name +
                  R"(","zh":"标签)" + name + R"(","subject_tags":[")" + name + R"("]})";
  std::string json(default_catalogue());
  const std::size_t from = json.find("\"categories\": [") + 15, to = json.find("],\n\"tags\"", from);
  json.replace(from, to - from, categories);
  const auto read = Catalogue::parse(json);
  EXPECT_TRUE(read.ok());
  return read.ok() ? *read : nullptr;
}

struct Reached {
  std::uint32_t videos = 0, likers = 0, reached = 0, refused = 0;
  double by_chance = 0, people = 0;
  [[nodiscard]] double lift() const { return reached / by_chance; }
};

class KuaiRand {
 public:
  explicit KuaiRand(const std::string& folder) : files_(folder), catalogue_(catalogue_of(files_)) {
    std::uint32_t popular = 0;
    for (const auto& [video, likers] : files_.likers)
      if (likers.size() >= 10 && popular++ % 5 == 0) held_out_.insert(video);
    for (const auto& [video, tags] : files_.tags) {
      if (held_out_.contains(video)) continue;
      std::string json;
      for (const std::string& tag : tags) json += (json.empty() ? "\"" : ",\"") + tag + '"';
      json = R"({"tags":[)" + json + "]}";
      EXPECT_TRUE(deriver_.put_subject({video}, json).ok() && suggester_.put_subject({video}, json).ok());
    }
    // Of those who like nothing a fourth is enough.
    for (const Person& one : files_.people)
      if (!one.liked.empty() || one.id % 4 == 0) live(one);
  }

  Reached ask() {
    Reached out;
    std::map<std::vector<std::string>, Result<Suggestion>> asked;  // tags alone: many are asked alike
    const std::uint32_t purpose = catalogue_->purpose("reports").value();
    const Question question{{"test", false}, purpose, {newest_us_}};
    for (const std::uint32_t video : held_out_) {
      const auto& tags = files_.tags.at(video);
      if (tags.empty()) continue;
      const auto known = asked.find(tags);
      const auto& found = known != asked.end()
                              ? known->second
                              : asked.emplace(tags, suggester_.suggest({"", tags, "", 0}, question)).first->second;
      if (!found.ok()) {
        ++out.refused;
        continue;
      }
      measure(found->segment, question, files_.likers.at(video), out);
      if (known == asked.end() && asked.size() <= 3) print(*found);
    }
    return out;
  }

 private:
  void live(const Person& one) {
    EXPECT_TRUE(deriver_.put_user({one.id}, "{}").ok());
    newest_us_ = std::max(newest_us_, one.last_us);
    engagement::RecordedAct act;
    act.actor = {one.id};
    act.at = {one.last_us};
    const auto see = [&](engagement::ActType type, const std::vector<std::uint32_t>& videos) {
      act.type = type;
      for (const std::uint32_t video : videos) {
        if (held_out_.contains(video)) continue;
        act.subject = {video};
        deriver_.observe(act);
        subjects_.observe(act);
      }
    };
    see(engagement::ActType::complete, one.watched);
    see(engagement::ActType::like, one.liked);
  }

  void measure(const Node& segment, const Question& question, const std::set<std::uint32_t>& likers, Reached& out) {
    const auto plan = compile(segment, {*catalogue_, events_, nullptr, question.purpose, question.now, {}});
    ASSERT_TRUE(plan.ok());
    std::uint32_t active = 0, in = 0;
    for (const Person& one : files_.people) {
      if (one.liked.empty()) continue;
      ++active;
      in += contains(store_, *plan, one.id) ? 1U : 0U;
    }
    const double share = static_cast<double>(in) / active;
    ++out.videos;
    out.likers += static_cast<std::uint32_t>(likers.size());
    out.by_chance += share * static_cast<double>(likers.size());
    out.people += share;
    for (const std::uint32_t liker : likers) out.reached += contains(store_, *plan, liker) ? 1U : 0U;
  }

  static void print(const Suggestion& found) {
    std::cout << found.text << "\n";
    for (const Evidence& one : found.evidence)
      std::cout << "  " << one.text << ": " << one.videos << " videos, " << one.likers << " likers, " << one.share
                << " against " << one.base_share << (one.of_catalogue ? ", named by a tag" : "") << "\n";
  }

  Files files_;
  std::shared_ptr<const Catalogue> catalogue_;
  std::set<std::uint32_t> held_out_;
  std::int64_t newest_us_ = 0;
  TagStore store_;
  EventIndex events_{catalogue_->categories().size(), catalogue_->zone_us()};
  SubjectIndex subjects_{catalogue_->zone_us()};
  Deriver deriver_{catalogue_, store_};
  Answers answers_{catalogue_, store_, events_, HashKey{1, 2, 3}};
  Suggester suggester_{answers_, subjects_};
};

TEST(SuggesterOnKuaiRand, tags_alone_reach_the_likers_of_videos_it_never_saw) {
  const std::string folder = dataset_folder();
  if (!std::filesystem::exists(folder + "/user_sequences_0408_0424.csv"))
    GTEST_SKIP() << "no dataset in " << folder << "; set ZAN_DATASETS to the folder that holds kuairand/";
  KuaiRand data(folder);
  const Reached out = data.ask();
  std::cout << out.videos << " held-out videos with " << out.likers << " likers: " << out.reached << " reached, "
            << out.by_chance << " by chance, lift " << out.lift() << "; a segment is " << out.people / out.videos
            << " of all likers; " << out.refused << " videos without a suggestion\n";
  EXPECT_GE(out.videos, 90U);
  EXPECT_EQ(out.refused, 0U);
  EXPECT_GT(out.lift(), 1.7);
}

}  // namespace
}  // namespace zan::audience
