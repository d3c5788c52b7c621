// Feeds: what to show somebody now, and why. Sources name works, what may not be shown goes, chances of what may happen
// are foretold, the operator's policy makes one worth of them, and places are given: the best first, no more than a few
// of one creator, no tag too often, a share for who is new.
//
// The share for the new is given by uncertainty and not by coin: a place of it goes to the work whose worth may still
// turn out highest, mean plus the deviation of what may speak for it, for this very person, halved for each day of its
// age. So a newcomer is shown to those who may care, until it is known whether they do.
//
// Nothing here remembers a request: what was shown comes back as a fact (Shown), like everything else.
//
// Threads: any number of readers; set() from any. Cost: about a millisecond a feed.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "matching/feed/campaign_places.h"
#include "matching/feed/models.h"
#include "matching/feed/policy.h"
#include "matching/feed/rules.h"
#include "matching/live/community.h"
#include "matching/sources/source.h"

namespace zan::matching {

inline constexpr std::size_t feed_limit_max = 100;
inline constexpr std::size_t session_works_max = recent_max;
inline constexpr std::size_t predict_works_max = 1'000;
inline constexpr std::size_t match_people_max = 10'000;

struct FeedQuestion {
  PersonId person;                  // 0: a session without an account
  std::vector<SubjectId> session;   // of a session: what it watched through or liked, oldest first
  std::vector<SubjectId> not_these; // on the screen already
  Scene scene;
  std::size_t limit = 20;     // 1 to feed_limit_max
  bool personalised = true;   // false: asked for so; a person's own no holds besides
  std::shared_ptr<const Policy> policy;  // null: the one in service
  std::shared_ptr<const Policy> rival;   // not null: it and the one in service draft one list (experiment/interleaving.h)
  std::uint64_t seed = 0;                // of that draft, with the scene's moment
};

// One reason of an item, as data.
struct Reason {
  SourceKind kind = SourceKind::unknown;
  SubjectId work;           // of similar: what they took to
  std::uint32_t tag = 0;    // of content
  CreatorId creator;        // of followed
  std::uint64_t rule = 0;   // of pinned, and of boosts
};

struct FeedItem {
  SubjectId subject;
  CreatorId creator;
  SourceKind source = SourceKind::unknown;  // that said most for it
  bool explored = false;                    // it has a place of the share for the new
  bool of_rival = false;                    // the question's rival put it here
  std::uint64_t campaign = 0;               // that paid for it; 0: nobody did
  Rates chances{};      // of each signal, if shown
  float worth = 0;      // by the policy
  float deviation = 0;  // of the worth: how little is known
  std::vector<Reason> reasons;
};

struct FeedAnswer {
  std::vector<FeedItem> items;
  bool personalised = true;         // as it was done
  std::uint32_t model_version = 0;  // 0: none has been learnt
  std::size_t candidates = 0;       // works that were weighed
};

struct Foretold {
  SubjectId subject;
  bool known = false;  // the work has been heard of
  Rates chances{};
  float worth = 0, deviation = 0;
};

struct SimilarWork {
  SubjectId subject;
  float score = 0;
  bool by_tags = false;  // nothing is known of who takes to it: by its tags and creator
};

struct MatchedPerson {
  PersonId person;
  Rates chances{};
  float worth = 0, deviation = 0;
};

class Feeds {
 public:
  // The community outlives it.
  explicit Feeds(const Community& live);

  void set(std::shared_ptr<const Models> models);
  void set(std::shared_ptr<const Policy> policy);
  void set(std::shared_ptr<const FeedRules> rules);
  void set(std::shared_ptr<const CampaignPlaces> campaigns);  // null: none
  // How much the most shown works are held back, 0 to 1, and what the mean work was shown lately.
  void set_crowding(float crowding, float mean_shown);
  [[nodiscard]] std::shared_ptr<const Models> models() const;
  [[nodiscard]] std::shared_ptr<const Policy> policy() const;
  [[nodiscard]] std::shared_ptr<const FeedRules> rules() const;

  // invalid: a limit or a session beyond its bounds.
  [[nodiscard]] Result<FeedAnswer> feed(const FeedQuestion& question) const;
  // invalid: more than predict_works_max.
  [[nodiscard]] Result<std::vector<Foretold>> predict(PersonId person, std::span<const SubjectId> works,
                                                      const Scene& scene) const;
  // not_found: the work has never been heard of.
  [[nodiscard]] Result<std::vector<SimilarWork>> similar(SubjectId work, std::size_t count) const;
  // Who would honestly like it: of the people who want to be known for that, best first. Looks at everybody: some
  // hundred nanoseconds a person. not_found; invalid: more than match_people_max.
  [[nodiscard]] Result<std::vector<MatchedPerson>> match(SubjectId work, std::size_t count, const Scene& scene) const;

 private:
  struct Serving {
    std::shared_ptr<const Models> models;
    std::shared_ptr<const Policy> policy;
    std::shared_ptr<const FeedRules> rules;
    std::shared_ptr<const CampaignPlaces> campaigns;
    float crowding = 0, mean_shown = 1;
  };
  [[nodiscard]] Serving serving() const;

  const Community& live_;
  mutable std::mutex mutex_;  // guards what is served
  Serving serving_;
};

}  // namespace zan::matching
