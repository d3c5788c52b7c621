// Lockstep: finds groups of accounts that like the same rare things together more than chance allows, while the likes
// come in, and says which likes are the group's work.
//
// The idea. Density is not fraud (heavy users are dense), and comparing all pairs of accounts that met on a subject
// costs hundreds of steps a like. Here an account is known by a sample of what it liked: the subjects with the smallest
// hashes among those that are not popular (bottom-k sampling with coordinated hashes, Cohen & Kaplan 2007), so that
// accounts with common targets have common samples. Pairs of subjects within a sample are counted in a table of fixed
// size: fewer than `sample` steps a like. A pair that more accounts met than chance explains is a suspicion, and only
// then is work done: who likes both, what else those share, who else shares that (alternating, as CopyCatch does, Beutel
// et al. 2013, but without its time window), and whether chance explains it: each member must carry more evidence of his
// own than there are accounts to pick him from. A group that stands is followed from then on for the price of a lookup:
// new members and new targets are taken in, and their likes taken out, as they come.
//
// People do move together: fans, classes, an audience that was sent. What a group is, is therefore weighed
// (group_evidence.h) before its likes are taken for good: until then the group is suspected and its likes wait.
//
// A group's likes are those of its members on its targets and no others: the own likes of a hijacked account stay, and
// so do honest likes of a work that a group attacked.
//
// Owns:    all of its state, which follows from the acts it was shown, in their order, and from nothing else.
// Threads: one.
// Cost:    docs/integrity.md. Bounded by LockstepOptions: lists of fixed length an account and a subject within list_bytes_max, a
//          fixed table of pairs, a budget of search steps a like. Beside these 24 bytes for every account's number and 8 for
//          every subject's, and the groups.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/huge_pages.h"
#include "integrity/act_view.h"
#include "integrity/group_evidence.h"
#include "integrity/pair_table.h"
#include "integrity/quality.h"
#include "integrity/slab_lists.h"
#include "integrity/tally.h"
#include "integrity/token_table.h"

namespace zan::integrity {

struct LockstepOptions {
  unsigned log_pair_slots = 22;        // 8 bytes each
  unsigned log_token_slots = 20;       // 12 bytes each, and the accounts of each device
  std::uint32_t sample = 12;           // subjects of an account that are compared
  std::uint32_t popular_likes = 1500;  // a subject with more says nothing of who likes it
  double taste = 8;                    // how much more often than chance people of one taste meet
  std::uint32_t groups_max = 65'536;   // then the oldest cleared ones are forgotten
  // For the lists of who liked what: when they fill it, whoever liked nothing for longest is forgotten, and so are subjects.
  std::size_t list_bytes_max = std::size_t{3} << 30;
  std::int64_t suspicion_us_max =
      std::int64_t{24} * 3600 * 1'000'000;  // then a group that was not confirmed is cleared
  std::uint32_t search_steps_per_like = 400;
};

enum class Standing : std::uint8_t { suspected, confirmed, cleared };

// A like whose group was found, or judged, after it came.
struct Change {
  std::uint32_t actor = 0, subject = 0;
  std::int64_t at_us = 0;
  std::uint32_t group = 0;
  Standing standing = Standing::suspected;
};

struct GroupLike {
  std::uint32_t actor = 0, subject = 0;
  std::int64_t at_us = 0;
};

struct Group {
  std::uint32_t id = 0;
  Standing standing = Standing::suspected;
  std::int64_t found_us = 0, decided_us = 0;
  std::vector<std::uint32_t> members, targets;
  std::vector<GroupLike> likes;
  GroupLike first;             // of them, also when it was spared since
  double participation = 0.5;  // share of the targets a member likes
  double chance_log10 = 0;     // log10 of the chance that so much agreement comes about by itself
  GroupMeasures measures;      // as of the last weighing
  double points = 0;           // what they weighed (group_evidence.h)
  // For growing: the same as sets, members' likes by subject, and in all.
  Tally member_set, target_set, candidates;
  double member_likes = 0;
  std::size_t weighed_likes = 0;
  bool incriminated = false, settled = false;
  bool ruled = false;                    // by people
  Tally spared_actors, spared_subjects;  // by people

  // Whether this is one of the group's likes.
  [[nodiscard]] bool holds(std::uint32_t actor, std::uint32_t subject) const {
    return member_set.contains(actor) && target_set.contains(subject) && !spared_actors.contains(actor) &&
           !spared_subjects.contains(subject);
  }
};

class Lockstep {
 public:
  explicit Lockstep(const LockstepOptions& options = {});

  static constexpr std::uint32_t id_max = std::uint32_t{1} << 28;

  struct Outcome {
    std::uint32_t group = 0;  // 0: none that is known
    Standing standing = Standing::cleared;
  };

  // Brings what observe() of this like will touch into the cache.
  void prefetch(const ActView& like);
  // The same for what prefetch() finds: a few likes later than that, and before observe().
  void prefetch_lists(const ActView& like);
  // The next like of the stream. The outcome is this like's own, by the strongest of the groups it belongs to; likes that
  // came before stand in changes(). A like of the same pair again is the same like at another time.
  // REQUIRES: actor and subject are dense numbers from 1 to id_max: there is state for every number up to the largest.
  Outcome observe(const ActView& like);
  // Settles groups that were found suspicion_us_max ago: what is not confirmed by now is cleared. Call it now and then, with
  // the stream's time.
  void expire(std::int64_t now_us);

  // What people decided: the group's standing stays what they said. With actors or subjects, these are taken out of the group
  // instead, for good. Nothing happens to a group that was forgotten. REQUIRES: a group of that id.
  void rule(std::uint32_t id, Standing standing, std::span<const std::uint32_t> actors,
            std::span<const std::uint32_t> subjects);
  // The group that has this like, or zero.
  [[nodiscard]] std::uint32_t group_of(std::uint32_t actor, std::uint32_t subject) const;

  // What observe(), expire() and rule() changed since the last clear_changes(), in order.
  [[nodiscard]] const std::vector<Change>& changes() const { return changes_; }
  void clear_changes() { changes_.clear(); }

  // What the score of a like by this account needs.
  [[nodiscard]] QualityFacts account_facts(std::uint32_t actor) const;
  // By id, from 1. Of one that was forgotten only the standing is known.
  [[nodiscard]] const Group& group(std::uint32_t id) const {
    const Place& place = groups_[id - 1];
    return place.group != nullptr ? *place.group : forgotten_[static_cast<std::size_t>(place.last)];
  }
  [[nodiscard]] std::uint32_t group_count() const { return static_cast<std::uint32_t>(groups_.size()); }
  [[nodiscard]] std::uint64_t likes() const { return likes_; }
  [[nodiscard]] std::size_t bytes() const;
  // Of the lists of who liked what.
  [[nodiscard]] std::size_t list_bytes() const { return history_.bytes_used() + likers_.bytes_used(); }
  [[nodiscard]] std::uint64_t searches() const { return searches_; }
  // List entries that the searches looked at.
  [[nodiscard]] std::uint64_t search_steps() const { return search_steps_; }

 private:
  static constexpr unsigned log_history = 7, log_likers = 11, log_device = 6, log_groups = 3;

  struct Done {
    std::uint32_t subject;
    std::uint32_t at_low, at_high;
    [[nodiscard]] std::int64_t at_us() const {
      return static_cast<std::int64_t>(std::uint64_t{at_high} << 32 | at_low);
    }
  };
  struct Liker {
    std::uint32_t actor;
    std::uint32_t at_s;
  };
  struct Account {
    std::uint32_t device = 0, network = 0;
    std::uint32_t first_s = 0, liked_s = 0;  // when first, when last
  };

  // lockstep.cc: the sample, the pairs
  std::uint32_t count_pairs(const ActView& like);
  Outcome take_outcome(const ActView& like);
  [[nodiscard]] bool has_liked(std::uint32_t actor, std::uint32_t subject) const;
  void note_tokens(const ActView& like);
  [[nodiscard]] double& accounts_with(std::uint32_t likes);
  void note_activity(const ActView& like);
  // ln of how often, at most, an account so active likes a subject so popular by chance.
  [[nodiscard]] double ln_rate(std::uint32_t actor, std::uint32_t subject) const;
  void note_popular(std::uint32_t subject);
  [[nodiscard]] bool is_popular(std::uint32_t subject) const {
    return subject / 64 < popular_.size() && (popular_[subject / 64] >> subject % 64 & 1) != 0;
  }

  // lockstep_search.cc: from a suspicion to a group
  void search(std::uint32_t first, std::uint32_t second, std::int64_t now_us);
  [[nodiscard]] Group* explained_by(std::uint32_t first, std::uint32_t second,
                                    const std::vector<std::uint32_t>& accounts);
  [[nodiscard]] bool find_targets(const std::vector<std::uint32_t>& members, std::vector<std::uint32_t>& targets);
  [[nodiscard]] double find_members(const std::vector<std::uint32_t>& targets, double participation,
                                    std::vector<std::uint32_t>& members);
  [[nodiscard]] bool first_for(const Tally::Entry& entry, std::uint32_t mark);
  [[nodiscard]] Group* known_group(const std::vector<std::uint32_t>& members,
                                   const std::vector<std::uint32_t>& targets);

  // lockstep_forget.cc: what is idle, when memory is short
  [[nodiscard]] bool alive(std::span<const std::uint32_t> groups) const;
  void forget_idle(std::uint32_t now_s);
  void forget_before(std::uint32_t cut_s);
  bool forget_groups(Standing standing);

  // lockstep_groups.cc: following a group
  [[nodiscard]] Group* find_group(std::uint32_t id) { return groups_[id - 1].group.get(); }
  [[nodiscard]] const Group* find_group(std::uint32_t id) const { return groups_[id - 1].group.get(); }
  void add_member(Group& group, std::uint32_t actor);
  void add_target(Group& group, std::uint32_t subject);
  void consider_target(Group& group, std::uint32_t subject);
  void consider_member(Group& group, std::uint32_t actor);
  [[nodiscard]] double member_evidence(const Group& group, std::uint32_t actor);
  void gather(Group& group);
  void take(Group& group, std::uint32_t actor, std::uint32_t subject, std::int64_t at_us);
  void weigh(Group& group, std::int64_t now_us);
  void decide(Group& group, Standing standing, std::int64_t now_us);
  [[nodiscard]] Change resolve(const GroupLike& like) const;
  using GroupIds = std::vector<std::uint32_t>;
  using GroupLists = SlabLists<std::uint32_t, log_groups>;
  static GroupIds ids_of(const GroupLists& lists, std::uint32_t list);
  void follow(const ActView& like);
  void follow_again(const ActView& like);

  // lockstep_measure.cc
  [[nodiscard]] GroupMeasures measure(const Group& group);
  void measure_members(const Group& group, GroupMeasures& measures);
  void measure_targets(const Group& group, GroupMeasures& measures);
  [[nodiscard]] double agreement(const Group& group);
  void measure_rhythm(const Group& group, GroupMeasures& measures);
  void population(GroupMeasures& measures) const;
  [[nodiscard]] double chance_log10(const Group& group) const;

  const LockstepOptions options_;
  std::uint64_t likes_ = 0;
  double ln_rate_unit_ = 0;
  double subjects_ = 0;  // that were liked
  double squares_ = 0;   // sum over accounts of the square of their likes
  std::uint64_t searches_ = 0, search_steps_ = 0;
  std::int64_t budget_ = 0;  // search steps that may still be made

  SlabLists<Done, log_history> history_;           // by account
  SlabLists<Liker, log_likers> likers_;            // by subject
  SlabLists<std::uint32_t, log_device> accounts_;  // by device number
  HugeVector<Account> account_;
  TokenTable devices_, networks_;
  PairTable pairs_;
  std::vector<std::uint64_t> popular_;  // a bit a subject: has popular_likes

  static constexpr double activity_steps = 8;
  static constexpr std::uint32_t session_gap_s = 600;
  std::array<double, 96> accounts_by_activity_{};  // accounts by activity_steps * ln(1 + likes)
  std::array<double, 24> likes_by_hour_{};
  double likes_in_session_ = 0;

  struct Place {
    std::unique_ptr<Group> group;  // null: forgotten
    Standing last = Standing::cleared;
  };
  std::vector<Place> groups_;
  std::uint32_t groups_alive_ = 0;
  std::array<Group, 3> forgotten_;  // by standing
  GroupLists groups_of_actor_, groups_of_subject_;
  std::vector<Change> changes_;

  Tally tally_;
  std::vector<std::uint32_t> marks_;  // by entry of tally_
  std::vector<std::uint32_t> found_;
};

}  // namespace zan::integrity
