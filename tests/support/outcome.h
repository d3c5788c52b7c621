// How the test programs fail: an exception that says what went wrong. They are no part of the product, and a harness that
// cannot go on has nobody to hand an error to.
#pragma once

#include <stdexcept>

namespace zan::testing_support {

class Trouble : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace zan::testing_support
