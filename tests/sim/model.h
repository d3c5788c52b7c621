// What must be true of the engine's answers: maps that follow the rules of engagement.h the obvious way. Every act has
// an id.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engagement/engagement.h"
#include "engine/core.h"
#include "engine/fake.h"
#include "sim/workload.h"

namespace zan::sim {

using Pair = std::pair<std::string, std::string>;  // actor and subject, or actor and creator

// How many acts of a batch are taken, and how many are known.
struct Taken {
  std::uint32_t accepted = 0;
  std::uint32_t duplicates = 0;
  bool operator==(const Taken&) const = default;
};

class Model {
 public:
  // What acts are held to be as they come in; without it all are genuine.
  using Judge = std::function<engagement::Verdict(const Said&)>;
  void judge_by(Judge judge) { judge_ = std::move(judge); }

  // What the next answer for these acts must say; changes nothing.
  [[nodiscard]] Taken expected(const std::vector<Said>& acts) const;
  void apply(const std::vector<Said>& acts);
  // The same for late verdicts: how many of them move something.
  [[nodiscard]] std::uint32_t expected(const Verdicts& late) const;
  void apply(const Verdicts& late);
  void erase(const std::string& user);
  void put_user(const std::string& user, const std::string& json) { user_attributes_[user] = json; }
  void put_subject(const std::string& subject, const std::string& json) { subject_attributes_[subject] = json; }

  // Compares everything the core can be asked with what must be; the first difference, or empty.
  [[nodiscard]] std::string difference(const engine::Core& core) const;

 private:
  struct Standing {
    std::int64_t at = 0;
    int strength = 0;  // 1 liked, 2 disliked, 3 withdrawn: at the same moment the stronger wins
    bool incentivised = false;
    engagement::Verdict verdict = engagement::Verdict::genuine;
    unsigned revision = 0;
  };
  using Standings = std::map<Pair, Standing>;
  struct Deeds {
    engagement::Tally tally;  // of what counts each time
    engagement::ViewerState seen;
  };
  struct Expected {
    std::map<std::string, engagement::Tally> subjects, creators, users;
  };

  void apply_one(const Said& act);
  [[nodiscard]] engagement::Verdict verdict_on(const Said& act) const;
  [[nodiscard]] const Standing* judged_by(const Verdicts::One& late) const;
  void react(Standings& standings, const Pair& pair, const Said& act);
  [[nodiscard]] Expected tallies() const;
  [[nodiscard]] std::string tally_difference(const engagement::Reads& reads) const;
  [[nodiscard]] std::string viewer_difference(const engagement::Reads& reads) const;
  [[nodiscard]] std::string list_difference(const engagement::Reads& reads) const;
  [[nodiscard]] std::string attribute_difference(const engagement::Reads& reads) const;

  Judge judge_;
  std::set<std::string> ids_;
  std::set<std::string> users_, subjects_, creators_;
  std::map<std::string, std::string> creator_of_;  // the first named
  Standings reactions_, follows_;
  std::map<Pair, Deeds> deeds_;                                  // of people not erased
  std::map<std::string, engagement::Tally> left_behind_;         // of erased people, per subject: sums without a person
  std::map<Pair, engagement::Tally> visits_;                     // actor, creator
  std::map<std::string, engagement::Tally> visits_left_behind_;  // per creator
  // Per subject on whose page the visit began; kept beside its counts, though the API shows no visits of subjects.
  std::map<std::string, engagement::Tally> visits_from_;
  std::map<std::string, std::string> user_attributes_, subject_attributes_;
  std::int64_t order_ = 0;
};

}  // namespace zan::sim
