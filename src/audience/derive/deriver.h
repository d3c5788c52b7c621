// Deriver: keeps everybody's tags as their acts and what was said of them make them, live.
//
// An act changes a tag at once if it crosses one of the tag's bounds; what fades by itself, or ages, is put right by sweep(),
// once a day. Only organic acts that are held to be genuine tell anything of a person. The same facts in the same order
// give the same tags.
//
// Threads: one. The TagStore may be asked meanwhile.
// Errors:  corrupt: attributes that are no JSON.
// Cost:    some 2 µs an act, 7 µs the first of a person; some 250 bytes a person, and 24 a category of theirs.
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
#include "audience/derive/person.h"
#include "base/ids.h"
#include "base/result.h"

namespace zan::audience {

inline constexpr std::size_t subject_categories_max = 4;  // the first ones, in the order of its tags

class Deriver {
 public:
  // The store outlives it.
  Deriver(std::shared_ptr<const Catalogue> catalogue, TagStore& store);

  void observe(const engagement::RecordedAct& act);
  // What the operator called the terms that acts name; only regions are looked at.
  void put_term(TermId term, std::string_view name);
  Result<void> put_subject(SubjectId subject, std::string_view attributes);
  // Replaces all that was said of them before.
  Result<void> put_user(PersonId user, std::string_view attributes);
  void erase(PersonId user);
  // Works the tags of people from..to-1 out anew for this moment. Everybody: 0 to people_end().
  void sweep(Timestamp now, std::uint32_t from, std::uint32_t to);
  [[nodiscard]] std::uint32_t people_end() const { return static_cast<std::uint32_t>(people_.size()); }

  // Categories of a subject, as indexes of the catalogue.
  [[nodiscard]] std::vector<std::uint32_t> categories_of(SubjectId subject) const;
  [[nodiscard]] const Catalogue& catalogue() const { return *catalogue_; }

 private:
  using Outcomes = std::vector<std::uint64_t>;
  [[nodiscard]] std::uint64_t outcome(const Tag& tag, const Person& person, Timestamp now) const;
  void outcomes(const std::vector<std::uint32_t>& tags, const Person& person, Timestamp now, Outcomes& out) const;
  void work_out(Person& who, const std::vector<std::uint32_t>& categories, Timestamp now, Outcomes& out) const;
  void say(const Tag& tag, std::uint32_t user, std::uint64_t outcome);
  void say_region(const engagement::RecordedAct& act);
  void flush();
  Person& person(std::uint32_t user);

  std::shared_ptr<const Catalogue> catalogue_;
  TagStore& store_;
  PersonRules rules_;
  std::vector<std::uint32_t> general_;                   // derived tags without a category
  std::vector<std::vector<std::uint32_t>> of_category_;  // derived tags of a category
  std::vector<std::uint32_t> said_;                      // tags that read an attribute
  std::vector<std::uint32_t> regions_;                   // tags that read the region of the last act
  std::vector<std::unique_ptr<Person>> people_;          // by user
  std::vector<std::array<std::uint16_t, subject_categories_max>> subjects_;  // category + 1; 0: none
  std::unordered_map<std::uint32_t, std::string> terms_;
  std::vector<Change> changes_;
  Outcomes before_, after_;
};

}  // namespace zan::audience
