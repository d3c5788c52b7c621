// How good scores are, against labels that are yes or no: ranking, probabilities, and what somebody who looks at the
// highest would see.
//
// Threads: plain functions.
// Cost:    a sort of the rows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace zan::trees {

struct Scored {
  double score = 0;  // higher: more likely a yes
  bool is_positive = false;
  double weight = 1;
};

// The chance that a positive row is above a negative one; ties count half. 0.5 when one kind is missing.
double auc(std::vector<Scored> rows);
// Of probabilities; they are kept 1e-7 away from 0 and 1.
double log_loss(std::span<const Scored> rows);

struct PrecisionAt {
  double recall = 0;     // what was asked for
  double precision = 0;  // the best of all thresholds that reach it
  double threshold = 0;  // of that
};
PrecisionAt precision_at(std::vector<Scored> rows, double recall);

// The lowest score from which on at most `false_max` of the negatives lie, with one row more taken for one of them than
// there are: of less than 1 / false_max negatives nothing can be said. Nothing: no such score, or no positive so high.
std::optional<double> score_for(std::vector<Scored> rows, double false_max);

// Whether of the rows that are said to be positive with 30 % about 30 % are: by tenths of the probability.
struct ReliabilityBin {
  std::uint64_t rows = 0;
  double weight = 0;
  double said = 0;    // mean probability
  double proved = 0;  // share of positives
};
std::vector<ReliabilityBin> reliability(std::span<const Scored> rows);
// The mean distance of said and proved, by weight.
double calibration_error(std::span<const ReliabilityBin> bins);

}  // namespace zan::trees
