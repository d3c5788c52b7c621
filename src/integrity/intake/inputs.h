// What rules can read of an act at intake, and where each of it comes from: the windowed features, and a few things that
// only the intake knows. docs/rules.md lists them for people.
//
// Threads: plain functions.
#pragma once

#include <cstdint>

#include "integrity/features/catalogue.h"
#include "integrity/rules/catalogue.h"

namespace zan::integrity {

// The same object always; check_catalogue() passes it.
const rules::Catalogue& intake_catalogue();

enum class IntakeInput : std::uint8_t {
  feature,  // of the FeatureStore
  is_like,
  is_dislike,
  is_follow,
  has_device,
  has_network,
  observed_ms,
  account_held,
  account_rejected,
};

struct InputPlace {
  IntakeInput from = IntakeInput::feature;
  FeatureId id;      // of a feature
  double scale = 1;  // of a feature that is not negative; negative ones, for "not known", become -1
};

// REQUIRES: the reference is one of intake_catalogue()'s.
InputPlace place_of(const rules::FeatureRef& feature);

}  // namespace zan::integrity
