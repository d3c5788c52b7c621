// Answers: questions about segments, with what protects people inside: no caller can leave it out.
//
// Every question has a purpose. Whoever is counted is there, consents to that purpose, and is an adult where it asks for that; tags
// that may not be used for it are refused. What is said of a size goes through the AnswerBook. Only who has the right to exact
// numbers gets those; the least number of people holds for them as well.
//
// Threads: questions from any, beside the one that changes store and events.
// Errors:  invalid, not_found, conflict, refused, limited: see compile.h and answer_book.h.
// Cost:    a count under 1 ms for five terms of 10 M people; a composition 30 ms and 0.1 ms a tag.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "audience/answer/answer_book.h"
#include "audience/answer/compile.h"
#include "audience/answer/look_alike.h"
#include "audience/answer/question.h"
#include "audience/answer/value_counts.h"

namespace zan::audience {

inline constexpr std::size_t overlap_segments_max = 10;
inline constexpr std::int64_t base_age_us = 10 * us_per_minute;  // how long what is said of everybody is kept

struct SizeAnswer {
  std::uint64_t count = 0;
  bool exact = false;
  std::uint32_t within = 0;  // 95 % of answers are as near as this; 0 when exact
  std::vector<Similarity> similar;  // of each look-alike in the segment
};

struct CompositionRow {
  std::uint32_t tag = 0, value = 0;  // indexes of the catalogue
  std::uint64_t count = 0;
  double share = 0, low = 0, high = 0;  // of the segment, with 95 % confidence
  double base_share = 0;                // of everybody who may be counted
  double surprise = 0;                  // standard errors between the two; the sign says over or under
};

struct Composition {
  SizeAnswer size;
  std::vector<CompositionRow> rows;  // the most surprising first
  std::size_t hidden = 0;            // rows of too few people
};

struct Overlap {
  std::vector<std::optional<SizeAnswer>> sizes;                // of each; nothing: too few
  std::vector<std::vector<std::optional<SizeAnswer>>> shared;  // of each pair
};

// Why somebody is in a segment, or is not: the tree with what holds.
struct Why {
  std::string text;
  bool in = false;
  std::vector<Why> parts;
};

class Answers {
 public:
  // Store and events outlive it.
  Answers(std::shared_ptr<const Catalogue> catalogue, const TagStore& store, const EventIndex& events,
          const HashKey& secret, const AnswerRules& rules = {})
      : catalogue_(std::move(catalogue)),
        store_(store),
        events_(events),
        secret_(secret),
        book_(secret, rules),
        look_alikes_(catalogue_, store, secret, book_) {}

  Result<SizeAnswer> count(const Node& segment, const Question& question);
  Result<Composition> composition(const Node& segment, const Question& question);
  // The same of people by number, such as SubjectIndex finds; ascending, each once.
  Result<Composition> portrait(std::shared_ptr<const UserList> people, const Question& question);
  // 2 to overlap_segments_max.
  Result<Overlap> overlap(const std::vector<Node>& segments, const Question& question);
  // Who is in it and may be counted, by number and above `after`, at most `limit`. refused: without the right to exact numbers, or
  // where the segment has fewer people than may be told.
  Result<UserList> members(const Node& segment, const Question& question, std::uint32_t after, std::size_t limit);
  // Of one person, for themselves or who has the right to see them. The first part is what the purpose asks for.
  Result<Why> why(const Node& segment, std::uint32_t user, const Question& question) const;

  // After somebody was erased: lists that are kept for a while may have their number.
  void forget_lists() { look_alikes_.forget(); }
  void set_names(const SegmentNames* names) { names_ = names; }
  [[nodiscard]] const Catalogue& catalogue() const { return *catalogue_; }

 private:
  [[nodiscard]] const SegmentNames* names(const Question& question) const {
    return question.names != nullptr ? question.names.get() : names_;
  }
  // `told`: is told of every look-alike that the segment refers to; may be null.
  CompileContext context(const Question& question, std::vector<Similarity>* told) const;
  [[nodiscard]] Result<void> check(const Question& question) const;
  Result<Plan> plan(const Node& segment, const Question& question, std::vector<Similarity>* told = nullptr) const;
  Result<Composition> composition(const Plan& plan, const Question& question);
  // What is said of everybody, by row.
  struct Base {
    Timestamp at;
    std::uint64_t size = 0;
    std::vector<std::uint64_t> counts;
  };
  Result<std::shared_ptr<const Base>> base_of(const std::vector<ValueRow>& rows, const Question& question);
  Result<SizeAnswer> size(const Plan& plan, const Question& question, Said* said);
  void add_rows(const std::vector<ValueRow>& rows, const std::vector<std::uint64_t>& base, std::uint64_t base_size,
                const Rows& said, double noise, Composition& out) const;
  Result<Why> explain(const Node& node, std::uint32_t user, const Question& question) const;
  [[nodiscard]] Why explain_purpose(std::uint32_t user, std::uint32_t purpose) const;

  std::shared_ptr<const Catalogue> catalogue_;
  const TagStore& store_;
  const EventIndex& events_;
  const HashKey secret_;
  const SegmentNames* names_ = nullptr;
  AnswerBook book_;
  mutable LookAlikes look_alikes_;  // has a lock of its own
  std::mutex bases_mutex_;          // guards what follows
  std::map<std::uint32_t, std::shared_ptr<const Base>> bases_;  // by purpose
};

}  // namespace zan::audience
