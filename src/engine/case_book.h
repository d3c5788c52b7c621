// CaseBook: cases as people see them: what the detectors hold of a group, and all that the group does not know of itself: when it
// was noticed, how it came to stand as it does, what was said of it, who looks after it, by when it is to be answered.
//
// A function of the journal, as the detectors are: the same records in the same order give the same book. Readers get
// snapshots (CaseFacts), which are never changed.
//
// Threads: one; snapshots any.
// Cost:    a snapshot copies the names' numbers of its case; likes are shared, but for the last edges_a_piece.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/ids.h"
#include "engine/integrity.h"

namespace zan::engine {

// Grows at its end, and shares all but the end with its copies.
class EdgeList {
 public:
  static constexpr std::size_t edges_a_piece = 1024;
  void add(const integrity::GroupLike& like);
  [[nodiscard]] std::size_t size() const { return pieces_.size() * edges_a_piece + tail_.size(); }
  [[nodiscard]] const integrity::GroupLike& at(std::size_t index) const {
    const std::size_t piece = index / edges_a_piece;
    return piece < pieces_.size() ? (*pieces_[piece])[index % edges_a_piece] : tail_[index % edges_a_piece];
  }

 private:
  std::vector<std::shared_ptr<const std::vector<integrity::GroupLike>>> pieces_;
  std::vector<integrity::GroupLike> tail_;
};

struct CaseFacts {
  CaseSummary summary;
  std::uint32_t group = 0;
  integrity::GroupLike anchor;
  std::vector<std::uint32_t> members, subjects;
  std::vector<std::uint32_t> spared_members, spared_subjects;  // in order
  EdgeList edges;                                              // also those that were spared
  std::unordered_map<std::uint32_t, std::uint32_t> likes_of_subject;
  std::vector<CaseNoteLine> notes;  // the last case_names_max
  bool notes_cut = false;
  std::vector<CaseStanding> standings;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> open_appeals;  // by which account, or for which subject
  // For counting.
  std::uint64_t appeals = 0, overturned = 0;

  [[nodiscard]] bool spared(const integrity::GroupLike& like) const;
  [[nodiscard]] std::size_t bytes() const;
};
using CaseFactsPtr = std::shared_ptr<const CaseFacts>;

class CaseBook {
 public:
  // `lockstep` outlives it.
  CaseBook(const integrity::Lockstep& lockstep, const ServiceLevels& levels) : lockstep_(lockstep), levels_(levels) {}

  // A note, before the detectors hear of it. Zero: about no group that is known; or an appeal by somebody whose last one is
  // open, which says nothing new.
  std::uint32_t take(const integrity::CaseNote& note, Position position, Timestamp at);
  // After a group of journal records: cases for new groups, and how `touched` ones stand now.
  void look(std::span<const std::uint32_t> touched, Position position, Timestamp at);
  // Groups that changed without being touched: the detectors tell of a like by its strongest group only. Looks at all.
  [[nodiscard]] std::vector<std::uint32_t> changed() const;
  // A like was held, removed or restored.
  void count_verdict(engagement::Verdict verdict, Timestamp at);

  [[nodiscard]] CaseFactsPtr snapshot(std::uint32_t group);
  // Zero: not known yet.
  [[nodiscard]] std::uint64_t id_of(std::uint32_t group) const {
    return group <= dossiers_.size() ? dossiers_[group - 1].id : 0;
  }
  [[nodiscard]] std::vector<IntegrityDay> days() const;
  // What the staff did since the last call, in order.
  std::vector<StaffAct> take_staff_acts() { return std::exchange(staff_acts_, {}); }
  // Groups that look() met for the first time, since the last call.
  std::vector<std::uint32_t> take_new() { return std::exchange(new_, {}); }

 private:
  struct OpenAppeal {
    std::uint32_t actor = 0, subject = 0;
    std::size_t note = 0;
  };
  struct Dossier {
    std::uint64_t id = 0;  // zero: the group has no like yet
    Timestamp noticed;
    std::vector<CaseStanding> standings;
    std::array<bool, 3> stood{};  // ever so, by Standing
    std::vector<CaseNoteLine> notes;
    std::vector<OpenAppeal> open;
    std::string assignee;
    EdgeList edges;
    std::size_t copied = 0;  // of the group's likes
    std::unordered_map<std::uint32_t, std::uint32_t> likes_of_subject;
    std::uint64_t appeals = 0, overturned = 0;
  };

  IntegrityDay& day_of(Timestamp at);
  [[nodiscard]] std::uint32_t find_group(const integrity::CaseNote& note) const;
  void note_new(Timestamp at);
  void note_standing(std::uint32_t group, Position position, Timestamp at);
  bool take_appeal(Dossier& dossier, const integrity::CaseNote& note, const CaseNoteLine& line);
  void take_decision(Dossier& dossier, const integrity::CaseNote& note, Timestamp at);
  void copy_edges(Dossier& dossier, std::uint32_t group);
  void recount(Dossier& dossier, std::uint32_t group, const integrity::CaseNote& spared);
  void set_due(const Dossier& dossier, CaseSummary& summary) const;

  const integrity::Lockstep& lockstep_;
  const ServiceLevels levels_;
  std::deque<Dossier> dossiers_;  // by group, from 1
  std::vector<std::uint32_t> unnamed_;
  std::unordered_map<std::uint64_t, std::uint32_t> groups_;  // by case id
  std::map<std::int64_t, IntegrityDay> days_;
  std::vector<StaffAct> staff_acts_;
  std::vector<std::uint32_t> new_;
};

}  // namespace zan::engine
