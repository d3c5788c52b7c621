// What lockstep measured of each group that it found in a day, whenever it weighed it, and what the group was.
#pragma once

#include <string>
#include <vector>

#include "group_model/labelled_day.h"
#include "integrity/group_inputs.h"
#include "integrity/model/train.h"

namespace zan::group_model {

struct Weighing {
  integrity::GroupInputs inputs{};
  double points = 0;  // by the trees of this program
  double likes = 0;   // of the group, then
  bool attack = false;
  bool last = false;  // the group's last one
  std::string family;
};

// Of groups of which seven tenths of the likes are one attack's or one decoy's. Crowds of real workers are left out: in these numbers they
// are as different as people are.
std::vector<Weighing> harvest(const LabelledDay& day);

// Rows to learn from: the last weighing of a group counts four times, a decoy's twice, large groups by the root of their likes.
integrity::model::Rows rows_of(const std::vector<Weighing>& weighings);

// The trees as group_evidence.cc reads them.
std::string to_text(const std::vector<integrity::model::Tree>& trees);

// At the bar, by likes of the groups as they ended.
struct Quality {
  double auc = 0, attacks_found = 0, decoys_taken = 0;
  std::size_t groups = 0;
};
// Points by `model`, or by the trees of this program where it is null.
Quality quality_of(const std::vector<Weighing>& weighings, const integrity::model::Model* model);

}  // namespace zan::group_model
