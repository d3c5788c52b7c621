// What can be asked of matching: feeds, similar works, chances, whom a work is for, what is assumed of a person; and what
// can be told to it: showings of other feeds, wishes, operators' rules and policy.
//
// A feed that was answered is recorded as a showing of its own accord, without being waited for: when the intake line is
// full it is not, and counted. A question's `at` may be left zero: then it is matching's moment(), the clock; before
// anything was done today, as behind an import of the past, it is the newest act's time.
//
// Threads: any.
// Errors:  as of the room's classes. not_found: no such subject, creator or user. unavailable: the journal is still being
//          read after a start.
#pragma once

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "matching/events.h"
#include "matching/matching.h"

namespace zan::engine {

struct MatchingOptions {
  bool on = true;
  matching::AttributeNames attributes;
  matching::CommunityLimits limits;
  bool train = true;  // models are learnt in the background
  std::size_t threads = 1;
  matching::TrainingOptions training = [] {
    matching::TrainingOptions modest;
    modest.collaborative.seconds_max = 60;
    modest.collaborative.memory_mb_max = 2000;
    modest.collaborative.threads = 1;
    return modest;
  }();
};

// What is known of one model that was learnt.
struct FeedModel {
  std::uint32_t version = 0;
  Timestamp made_at;
  Position position;         // of the journal, up to which it was read
  std::uint64_t taken = 0;   // likes and long views
  std::uint64_t rows = 0;    // showings that the ranker learnt from
  bool rows_of_feeds = false;  // false: deeds stood for showings
  bool refused = false;      // worse than what served
  struct Judged {
    std::uint32_t auc_millionths = 0, log_loss_millionths = 0;
    bool operator==(const Judged&) const = default;
  };
  std::array<Judged, matching::signal_count> judged{};  // on the last rows, by signal
  std::string why;  // it was refused
  bool operator==(const FeedModel&) const = default;
};

struct FeedModelList {
  std::vector<FeedModel> models;  // oldest first
  std::uint32_t serving = 0;      // 0: works' own rates
  std::string trouble;
};

struct MatchingStatus {
  Position position;       // of the journal, as far as it has been read
  bool caught_up = false;  // once it has been, it answers
  double progress = 0;     // of the first reading, 0..1
  std::uint64_t works = 0, people = 0, deeds = 0;
  std::size_t bytes = 0;
  std::uint32_t model_version = 0;
  std::uint64_t feeds = 0, shown_lost = 0;  // since the start
  // Of showings, lately, over all works: Gini coefficient, share of the tenth that has most, how much those are held back.
  double gini = 0, top_share = 0, crowding = 0;
  std::string trouble;
};

struct FeedRequest {
  std::string viewer;                // empty, or nobody who ever acted: a session
  std::vector<std::string> session;  // works it watched through or liked, oldest first
  std::vector<std::string> not_these;
  std::string surface, region;
  Timestamp at;  // zero: moment()
  std::size_t limit = 20;
  bool personalised = true;
  bool recorded = true;  // false: a look by the staff, which shows nothing to anybody
};

// A reason with names; what is empty does not belong to it.
struct NamedReason {
  matching::SourceKind kind = matching::SourceKind::unknown;
  std::string subject, tag, creator;
  std::optional<std::uint64_t> rule;
};

struct NamedItem {
  std::string subject, creator;
  matching::FeedItem item;
  std::vector<NamedReason> reasons;
};

struct NamedFeed {
  std::vector<NamedItem> items;
  bool personalised = true, known = true;  // known: the viewer is
  std::uint32_t model_version = 0;
  std::size_t candidates = 0;
  Timestamp at;
  std::uint64_t experiment = 0;  // 0: the viewer is in none
  std::string arm;               // of it
};

struct NamedSimilar {
  std::string subject;
  float score = 0;
  bool by_tags = false;
};

struct NamedForetold {
  std::string subject;
  matching::Foretold foretold;
};

struct NamedMatch {
  std::string user;
  matching::MatchedPerson person;
};

// What is assumed of somebody, as they may see it.
struct Assumed {
  struct Of {
    std::string name;
    float shown = 0, long_views = 0, likes = 0, against = 0;  // fading sums
    matching::Wish wish = matching::Wish::none;
  };
  bool personalised = true, minor = false;
  std::vector<Of> tags, creators;         // most liked first, what was wished among them
  std::vector<std::string> taken, disliked;  // works; the latest first
  std::vector<std::string> followed;         // creators
};

// A wish with names: of a tag or of a creator.
struct NamedWish {
  matching::Wish wish = matching::Wish::none;
  std::string tag, creator;
};

struct NamedShown {
  std::string viewer, surface;
  std::vector<std::string> subjects;
  Timestamp at;
};

struct NamedRule {
  matching::FeedRule rule;  // its names are left 0
  std::string subject, creator, surface;
};

struct NamedRuleEntry {
  NamedRule rule;
  Timestamp made_at, ended_at;  // ended_at 0: in force, unless `until` has passed
  std::string ended_by, ended_why;
};

class Matching {
 public:
  virtual ~Matching() = default;

  [[nodiscard]] virtual MatchingStatus status() const = 0;
  [[nodiscard]] virtual Timestamp moment() const = 0;

  virtual Result<NamedFeed> feed(const FeedRequest& request) = 0;
  [[nodiscard]] virtual Result<std::vector<NamedSimilar>> similar(std::string_view subject, std::size_t count) const = 0;
  [[nodiscard]] virtual Result<std::vector<NamedForetold>> predict(std::string_view viewer,
                                                                   const std::vector<std::string>& subjects,
                                                                   std::string_view surface) const = 0;
  [[nodiscard]] virtual Result<std::vector<NamedMatch>> match(std::string_view subject, std::size_t count) const = 0;
  [[nodiscard]] virtual Result<Assumed> assumed_of(std::string_view user) const = 0;

  [[nodiscard]] virtual FeedModelList models() const = 0;
  // Learning begins within a second or so; models() tells the outcome.
  virtual void ask_for_training() = 0;
  // Rolls back, or forward. not_found; corrupt, unsupported: what serves goes on.
  virtual Result<void> serve(std::uint32_t version, std::string_view by) = 0;

  [[nodiscard]] virtual matching::Policy policy() const = 0;
  [[nodiscard]] virtual Result<std::vector<NamedRuleEntry>> rules() const = 0;
  // Oldest first, with what was shown so far.
  [[nodiscard]] virtual Result<std::vector<matching::Experiments::Entry>> experiments() const = 0;

  // Records for ChangeMatching.
  virtual Result<Bytes> record_of(std::string_view user, const NamedWish& wish) = 0;
  virtual Result<Bytes> record_of(const NamedShown& shown) = 0;
  // The rule's id is made here and put into it.
  virtual Result<Bytes> record_of(NamedRule& rule) = 0;
  virtual Result<Bytes> record_of(const matching::RuleEnded& ended) = 0;
  virtual Result<Bytes> record_of(const matching::PolicySet& set) = 0;
  // The experiment's id is made here and put into it.
  virtual Result<Bytes> record_of(matching::ExperimentStarted& started) = 0;
  virtual Result<Bytes> record_of(const matching::ExperimentEnded& ended) = 0;
  // Until answers know of everything up to here. unavailable: they did not within some seconds.
  virtual Result<void> await(Position position) = 0;
};

}  // namespace zan::engine
