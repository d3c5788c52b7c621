// ByTime: how well somebody foretells what becomes of showings that came after all they learned from.
//
// Of each signal: AUC over all showings; GAUC, the mean of each person's own AUC by their showings (Zhu et al., KDD
// 2017), which no knowledge of who likes much and who little helps; log loss; calibration by tenths. Of lists: every
// person's showings of a day are put in order and the first few looked at - what they gained, how many works ever stand
// there, how unusual they are, how unequally the places are dealt out.
//
// Threads: plain functions. Cost: a few sorts.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "matching/ranking/harvest.h"
#include "matching/ranking/ranker.h"

namespace zan::matching {

struct SignalQuality {
  Judgement all;
  double gauc = 0.5;
  std::size_t people = 0;  // with showings of both outcomes
};

// `said`: for each showing from `begin` on, in their order. `learned`: the rates of the showings before.
std::array<SignalQuality, signal_count> judge_by_time(const Showings& showings, std::size_t begin,
                                                      std::span<const Rates> said, const Rates& learned);

struct ListQuality {
  std::size_t lists = 0;   // of people and days with more showings than places
  double ndcg = 0;         // gains are 0 and 1; lists without a gain are left out of this one
  double gained = 0;       // share of places that gained
  double coverage = 0;     // share of the works shown that ever have a place
  double novelty = 0;      // mean bits: -log2 of the share of earlier showings that were of the work
  double gini = 0;         // of the places over the works shown; 0: dealt out equally
};

// `works`: of each showing, from the first on; `scores` from `begin` on, higher is better; equal ones keep their order.
ListQuality judge_lists(const Showings& showings, std::span<const WorkRow> works, std::size_t begin,
                        std::span<const float> scores, Signal gain, std::size_t places);

// Shares of positive showings before `end`.
Rates rates_before(const Showings& showings, std::size_t end);

}  // namespace zan::matching
