// The values that may be counted for a purpose, and how many people of a set have each: what compositions and
// look-alikes begin with. True numbers: whoever says them asks the AnswerBook.
//
// Threads: pure functions of the store as it is. Cost: a set's evaluation, and 0.2 µs a value and block of 65,536
//          people.
#pragma once

#include <cstdint>
#include <vector>

#include "audience/answer/answer_book.h"
#include "audience/catalogue/catalogue.h"

namespace zan::audience {

struct ValueRow {
  std::uint32_t tag = 0, value = 0;  // indexes of the catalogue
  ValueId id;
};

// Flags and sets; numbers and days have no rows.
std::vector<ValueRow> value_rows(const Catalogue& catalogue, std::uint32_t purpose);

// How many of `among` are in `plan` and have the value, by row.
std::vector<std::uint64_t> count_values(const TagStore& store, const std::vector<ValueRow>& rows, const Plan& plan,
                                        const Plan& among);

Measured measure(const TagStore& store, const HashKey& secret, const Plan& plan, const Plan& among);

}  // namespace zan::audience
