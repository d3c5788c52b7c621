// Board: the works that have most to say for them lately, of one place: everywhere, a region, an hour, a tag.
//
// Sums that fade with a half-life, without ever touching all of them: what comes later weighs more instead (forward
// decay; Cormode et al., ICDE 2009). Bounded: at twice its size the lower half goes, so a work that is on the board
// stays there as long as it is among the best `size`. All fade alike, so the order of two works changes only when one of
// them is added to: sums are kept sorted, and a feed copies the first of them.
//
// Threads: one at a time. Cost: top() some ns a work it returns; add() moves the works in between, 16 bytes each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "matching/live/works.h"

namespace zan::matching {

struct Standing {
  WorkRow work = no_work;
  float score = 0;  // as of the question
};

class Board {
 public:
  // REQUIRES: size > 0, half_life_s > 0.
  Board(std::size_t size, double half_life_s) : size_(size), half_life_s_(half_life_s) {}

  // Negative: takes back.
  void add(WorkRow work, float weight, std::uint32_t at_s);
  void remove(WorkRow work);
  // Best first; of equals the lower row.
  [[nodiscard]] std::vector<Standing> top(std::size_t count, std::uint32_t now_s) const;
  [[nodiscard]] std::size_t size() const { return sums_.size(); }

 private:
  struct Sum {
    double sum = 0;
    WorkRow work = no_work;
  };
  static bool better(const Sum& a, const Sum& b) { return a.sum != b.sum ? a.sum > b.sum : a.work < b.work; }
  [[nodiscard]] double worth(std::uint32_t at_s) const;
  void move(const Sum& from, const Sum& to);
  void begin_anew(std::uint32_t at_s);
  void cut();

  std::size_t size_;
  double half_life_s_;
  std::uint32_t landmark_s_ = 0;  // a weight of that second counts as it is, a later one more
  std::unordered_map<WorkRow, double> sums_;
  std::vector<Sum> sorted_;  // the same, best first
};

}  // namespace zan::matching
