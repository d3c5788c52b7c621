// Problem: how many people an expression over tags means. 10 M people with 200 tags of 0.01 % to 50 %, random 5-term
// expressions, every answer compared with plain bit vectors. Numbers are left out, for which the rivals have no answer in kind.
#pragma once

#include <cstdint>

#include "problems/context.h"

namespace zan::bench {

struct AudienceOptions {
  std::uint32_t people = 10'000'000;
  std::uint32_t tags = 200;
  std::uint32_t terms = 5;
  std::size_t questions = 400;
  int asks = 3;                         // of each expression, of which the quickest counts
  std::size_t postgres_questions = 20;  // the first ones: each takes it seconds
};

void run_audience(Context& context, const AudienceOptions& options);

// Ours alone, small, for the selftest: fails the run at the first wrong count.
void check_audience();

}  // namespace zan::bench
