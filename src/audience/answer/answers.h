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

#include <memory>
#include <string>
#include <vector>

#include "audience/answer/answer_book.h"
#include "audience/answer/compile.h"

namespace zan::audience {

inline constexpr std::size_t overlap_segments_max = 10;

struct Asker {
  std::string key;     // whose budget it is
  bool exact = false;  // has the right to exact numbers
};

struct Question {
  Asker asker;
  std::uint32_t purpose = 0;
  Timestamp now;
};

struct SizeAnswer {
  std::uint64_t count = 0;
  bool exact = false;
  std::uint32_t within = 0;  // 95 % of answers are as near as this; 0 when exact
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
      : catalogue_(std::move(catalogue)), store_(store), events_(events), secret_(secret), book_(secret, rules) {}

  Result<SizeAnswer> count(const Node& segment, const Question& question);
  Result<Composition> composition(const Node& segment, const Question& question);
  // 2 to overlap_segments_max.
  Result<Overlap> overlap(const std::vector<Node>& segments, const Question& question);
  // Of one person, for themselves or who has the right to see them. The first part is what the purpose asks for.
  Result<Why> why(const Node& segment, std::uint32_t user, const Question& question) const;

  void set_names(const SegmentNames* names) { names_ = names; }
  [[nodiscard]] const Catalogue& catalogue() const { return *catalogue_; }

 private:
  struct Row {
    std::uint32_t tag, value;
    ValueId id;
  };
  [[nodiscard]] CompileContext context(const Question& question) const;
  Result<Plan> plan(const Node& segment, const Question& question) const;
  Measured measure(const Plan& plan, const Plan& among) const;
  Result<SizeAnswer> size(const Plan& plan, const Question& question, Said* said);
  [[nodiscard]] std::vector<Row> rows(std::uint32_t purpose) const;
  [[nodiscard]] std::vector<std::uint64_t> counts(const std::vector<Row>& rows, const Plan& plan,
                                                  const Plan& among) const;
  void add_rows(const std::vector<Row>& rows, const std::vector<std::uint64_t>& base, std::uint64_t base_size,
                const Rows& said, double noise, Composition& out) const;
  Result<Why> explain(const Node& node, std::uint32_t user, const Question& question) const;
  [[nodiscard]] Why explain_purpose(std::uint32_t user, std::uint32_t purpose) const;

  std::shared_ptr<const Catalogue> catalogue_;
  const TagStore& store_;
  const EventIndex& events_;
  const HashKey secret_;
  const SegmentNames* names_ = nullptr;
  AnswerBook book_;
};

}  // namespace zan::audience
