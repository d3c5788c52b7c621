// Recipe: how a model is made - the settings of each member and how they are blended. What is chosen on one part of
// the data is a recipe, and is then learnt again from all of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "matching/models/blend.h"

namespace zan::matching {

enum class Family : unsigned char { popularity, link_filter, spectral, item_ridge, ials };

const char* to_string(Family family);

// The settings of one model of any family; each reads those that it has, and leaves the others alone.
struct Settings {
  Family family = Family::popularity;
  double user_exponent = 0;      // link_filter, spectral, item_ridge
  double source_exponent = 0;    // link_filter, spectral
  double target_exponent = 0;    // all but popularity
  double penalty = 0;            // item_ridge, ials; the softness of spectral
  double penalty_exponent = 0;   // item_ridge, ials
  double unobserved_weight = 0;  // ials
  double size = 0;               // rank of spectral, neighbours of item_ridge (0: all), dimension of ials
  double rounds = 0;             // ials

  bool operator==(const Settings&) const = default;
};

// "user 0.5, source 0.5, target 0.4": what the family reads, for people.
std::string settings_text(const Settings& settings);

struct RecipeMember {
  Settings settings;
  double weight = 1;
};

struct Recipe {
  std::vector<RecipeMember> members;  // none: popularity alone
  Spread spread = Spread::deviation;
};

// "item_ridge 0.50 + link_filter 0.25"
std::string recipe_text(const Recipe& recipe);

}  // namespace zan::matching
