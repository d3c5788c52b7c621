// Deriver: keeps everybody's tags as their acts and what was said of them make them, live.
//
// An act changes a tag at once if it crosses one of the tag's bounds; what fades by itself, or ages, is put right by sweep(),
// once a day. Only organic acts that are held to be genuine tell anything of a person. The same facts in the same order
// give the same tags. A long row of old acts goes in bulk: sums alone are kept up, and tags are made once, at its end.
//
// Threads: one; in bulk it starts others of its own. The TagStore may be asked meanwhile.
// Errors:  corrupt: attributes that are no JSON; a state that is damaged.
// Cost:    some 2 µs an act, 7 µs the first of a person, in bulk a quarter; memory as People.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audience/bitmap/tag_store.h"
#include "audience/catalogue/catalogue.h"
#include "audience/derive/people.h"
#include "audience/state/state_file.h"
#include "base/ids.h"
#include "base/result.h"

namespace zan::audience {

inline constexpr std::size_t subject_categories_max = 4;  // the first ones, in the order of its tags
inline constexpr unsigned bulk_threads_max = 16;

// Categories of a subject, as indexes of the catalogue.
class SubjectCategories {
 public:
  void add(std::uint32_t category) { all_[size_++] = category; }
  [[nodiscard]] const std::uint32_t* begin() const { return all_.data(); }
  [[nodiscard]] const std::uint32_t* end() const { return all_.data() + size_; }
  [[nodiscard]] const std::uint32_t* data() const { return all_.data(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::array<std::uint32_t, subject_categories_max> all_{};
  std::size_t size_ = 0;
};

class Deriver {
 public:
  // The store outlives it.
  Deriver(std::shared_ptr<const Catalogue> catalogue, TagStore& store);

  void observe(const engagement::RecordedAct& act);
  // A late verdict: what turns out not to be genuine is taken back from the sums, what is reinstated put in. Verdicts on paid
  // acts, and from held to rejected, change nothing. What cannot be taken back: PersonRules::take_back.
  void corrected(const engagement::VerdictRecord& record);
  // What the operator called the terms that acts name; only regions are looked at.
  void put_term(TermId term, std::string_view name);
  Result<void> put_subject(SubjectId subject, std::string_view attributes);
  // Replaces all that was said of them before.
  Result<void> put_user(PersonId user, std::string_view attributes);
  void erase(PersonId user);
  // Works the tags of people from..to-1 out anew for this moment. Everybody: 0 to people_end().
  void sweep(Timestamp now, std::uint32_t from, std::uint32_t to);
  [[nodiscard]] std::uint32_t people_end() const { return people_.end(); }

  // Until end_bulk() only sums are kept up, by so many threads (at most bulk_threads_max), and derived tags are as they were.
  // end_bulk() leaves what a sweep of everybody would have left.
  void begin_bulk(unsigned threads);
  void end_bulk(Timestamp now);
  [[nodiscard]] bool in_bulk() const { return bulk_threads_ != 0; }

  // Everything but the TagStore, whose own save() goes with it. What was saved in bulk is in bulk when it is loaded, with one
  // thread. REQUIRES of load(): nothing was observed or put.
  Result<void> save(StateWriter& writer);
  Result<void> load(StateReader& reader);

  [[nodiscard]] SubjectCategories categories_of(SubjectId subject) const;
  [[nodiscard]] const Catalogue& catalogue() const { return *catalogue_; }

 private:
  using Outcomes = std::vector<std::uint64_t>;
  using Packed = std::array<std::uint16_t, subject_categories_max>;  // category + 1; 0: none
  // An act in bulk, on its way to its person's sums.
  struct Pending {
    PersonAct act;
    std::uint32_t user = 0;
    std::uint32_t region = 0;  // a term that has a name; 0: none
    Packed categories{};
    bool tells = false;
  };
  struct Term {
    std::string name;
    std::vector<std::uint32_t> outcomes;  // by regions_
  };
  static constexpr std::size_t pending_max = 1U << 18;

  [[nodiscard]] std::uint64_t outcome(const Tag& tag, const Person& person, Timestamp now,
                                      const CategoryScore* likely) const;
  void outcomes(const std::vector<std::uint32_t>& tags, const Person& person, Timestamp now, const CategoryScore* likely,
                Outcomes& out) const;
  void work_out(Person& who, const SubjectCategories& categories, Timestamp now, Outcomes& out) const;
  void say(const Tag& tag, std::uint32_t user, std::uint64_t outcome);
  void say_region(std::uint32_t user, std::uint32_t term);
  template <typename Fold>
  void retell(Person& who, std::uint32_t user, const SubjectCategories& categories, Timestamp now, Fold&& fold);
  void flush();
  Person& person(std::uint32_t user);

  static SubjectCategories unpack(const Packed& packed);
  [[nodiscard]] Packed packed(SubjectId subject) const;
  static void note_worked_out(Person& who, const SubjectCategories& categories, Timestamp at);
  void put_off(const engagement::RecordedAct& act);
  void fold_pending();
  void fold(unsigned shard, unsigned shards);
  void fold(const Pending& pending);
  template <typename Add>
  void each_value(Person& who, Timestamp now, const Add& add) const;
  void remake_block(std::uint32_t number, Timestamp now, const std::vector<ValueId>& values);
  [[nodiscard]] std::vector<ValueId> derived_values() const;

  std::shared_ptr<const Catalogue> catalogue_;
  TagStore& store_;
  PersonRules rules_;
  std::vector<std::uint32_t> general_;                   // derived tags without a category
  std::vector<std::vector<std::uint32_t>> of_category_;  // derived tags of a category
  std::vector<std::uint32_t> said_;                      // tags that read an attribute
  std::vector<std::uint32_t> regions_;                   // tags that read the region of the last act
  People people_;
  std::vector<Packed> subjects_;
  std::unordered_map<std::uint32_t, Term> terms_;
  std::vector<Change> changes_;
  Outcomes before_, after_;
  unsigned bulk_threads_ = 0;  // 0: not in bulk
  std::vector<Pending> pending_;
};

}  // namespace zan::audience
