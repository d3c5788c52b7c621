// TermIndex: which known subjects share terms with a new one, the rarer the term the nearer.
//
// A term is any text: a word of the title, a tag, a creator. Each has a list of the subjects that hold it. Nearness
// is the sum of the squares of the shared terms' inverse document frequencies over the root of the subject's number
// of terms: the cosine of "tf-idf" (Salton, Buckley 1988) with a short-cut for the length, so that nothing is worked
// out anew when frequencies change.
//
// Sketch:  1 M subjects of 12 terms, 1 M different terms: 60 MB of lists, 90 MB of subjects' terms, 110 MB of terms:
//          260 MB.
// Bounds: the oldest subject goes when there are too many; a term's list forgets its oldest eighth when it is too long.
// Threads: changes by one thread; questions from any, beside it.
// Cost:    a question 2 ns an entry of the lists that it goes through, and 4 bytes a subject for a moment.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "audience/bitmap/fair_mutex.h"
#include "audience/state/state_file.h"
#include "base/ids.h"

namespace zan::audience {

struct TermLimits {
  std::size_t subjects = 1'000'000;
  std::size_t terms_of_subject = 192;
  std::size_t subjects_of_term = 50'000;
};
inline constexpr std::size_t term_bytes_max = 128;  // longer ones are cut

// A known subject, and which of the terms asked for it holds, as their indexes.
struct NearSubject {
  SubjectId subject;
  double score = 0;
  std::vector<std::uint32_t> shared;
};

class TermIndex {
 public:
  explicit TermIndex(const TermLimits& limits = {}) : limits_(limits) {}

  // Replaces what was put before. No terms: it is forgotten.
  void put(SubjectId subject, std::vector<std::string> terms);
  // REQUIRES: an empty index. corrupt: the section makes no sense.
  Result<void> load(StateReader& reader);

  // The nearest first, of equal ones the later id. `besides`: terms that alone make nobody near.
  [[nodiscard]] std::vector<NearSubject> nearest(const std::vector<std::string>& terms,
                                                 const std::vector<std::string>& besides, std::size_t count_max) const;
  // How many subjects hold it.
  [[nodiscard]] std::uint32_t frequency(const std::string& term) const;
  [[nodiscard]] bool holds(SubjectId subject, const std::string& term) const;
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::size_t terms() const;
  // Section "terms"; not beside changes.
  Result<void> save(StateWriter& writer) const;

 private:
  struct Term {
    std::string text;
    std::uint32_t frequency = 0;
    std::vector<std::uint32_t> slots;  // of subjects, the latest last
  };
  struct Slot {
    std::uint32_t subject = 0;  // 0: free
    std::vector<std::uint32_t> terms;
  };

  void empty(std::uint32_t slot);
  std::uint32_t slot_for(std::uint32_t subject);
  void add(std::uint32_t slot, std::string_view text);
  [[nodiscard]] const Term* find(const std::string& term) const;
  [[nodiscard]] double weight(const Term& term) const;  // the inverse document frequency
  [[nodiscard]] NearSubject near(std::uint32_t slot, double score, const std::vector<std::string>& terms) const;

  const TermLimits limits_;
  mutable FairMutex mutex_;  // guards what follows
  std::vector<Slot> slots_;
  std::size_t oldest_ = 0;  // the slot that goes next when there are too many
  std::vector<std::uint32_t> free_slots_, free_terms_;
  std::unordered_map<std::uint32_t, std::uint32_t> slot_of_;
  std::unordered_map<std::string, std::uint32_t> term_of_;
  std::vector<Term> terms_;
};

}  // namespace zan::audience
