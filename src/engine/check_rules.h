// The part of check() that is about the rules: the book that a start loads is the one that the journal tells of, and each version
// has the name that its text has.
#pragma once

#include <vector>

#include "engine/core.h"

namespace zan::engine {

class RulesChecker {
 public:
  // A record of the journal; others than changes of the rules are passed over.
  void see(ByteSpan record, Timestamp at);
  void compare(const integrity::rules::RuleBook& have, std::vector<Finding>& findings) const;

 private:
  integrity::rules::RuleBook told_;
  std::vector<Finding> wrong_;
};

}  // namespace zan::engine
