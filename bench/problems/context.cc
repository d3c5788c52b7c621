#include "problems/context.h"

#include <algorithm>

namespace zan::bench {

bool Context::wants(const std::string& contender) const {
  return contenders.empty() || std::find(contenders.begin(), contenders.end(), contender) != contenders.end();
}

std::string short_number(std::uint64_t number) {
  if (number >= 1'000'000 && number % 100'000 == 0) {
    const std::string tenths = number % 1'000'000 == 0 ? "" : "." + std::to_string(number / 100'000 % 10);
    return std::to_string(number / 1'000'000) + tenths + "M";
  }
  if (number >= 1'000 && number % 1'000 == 0) return std::to_string(number / 1'000) + "k";
  return std::to_string(number);
}

}  // namespace zan::bench
