#include "group_model/harvest.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "base/clock.h"
#include "integrity/lockstep.h"

namespace zan::group_model {
namespace {

using integrity::Group;
using integrity::Lockstep;

constexpr double pure_share = 0.7;
constexpr std::uint8_t leaf_mark = 255;

struct Snapshot {
  std::uint32_t group = 0;
  integrity::GroupMeasures measures;
  double likes = 0;
  bool last = false;
};

std::uint64_t pair_of(std::uint32_t actor, std::uint32_t subject) {
  return std::uint64_t{actor} << 32 | subject;
}

// What most of a group's likes are; instance 0: people who have nothing to do with each other, or too mixed.
struct Nature {
  std::uint32_t instance = 0;
  bool attack = false;
};

Nature nature_of(const Group& group, const std::unordered_map<std::uint64_t, const LabelledLike*>& likes) {
  std::map<std::pair<std::uint32_t, bool>, std::size_t> counts;
  for (const integrity::GroupLike& like : group.likes) {
    const auto found = likes.find(pair_of(like.actor, like.subject));
    if (found == likes.end()) continue;
    const LabelledLike& truth = *found->second;
    ++counts[{truth.truth == Truth::organic ? 0 : truth.instance, truth.truth == Truth::attack}];
  }
  Nature nature;
  std::size_t most = 0;
  for (const auto& [what, count] : counts) {
    if (count <= most) continue;
    most = count;
    nature = {what.first, what.second};
  }
  const bool pure = static_cast<double>(most) >= pure_share * static_cast<double>(group.likes.size());
  return pure ? nature : Nature{};
}

std::vector<Snapshot> watch(const LabelledDay& day, Lockstep& lockstep) {
  std::vector<Snapshot> snapshots;
  std::unordered_map<std::uint32_t, std::size_t> weighed;
  const auto take = [&](std::uint32_t id, bool last) {
    const Group& group = lockstep.group(id);
    snapshots.push_back(
        {id, group.measures, static_cast<double>(last ? group.likes.size() : group.weighed_likes), last});
  };
  for (const LabelledLike& like : day.likes) {
    const auto outcome = lockstep.observe(like.act);
    lockstep.clear_changes();
    if (outcome.group == 0) continue;
    std::size_t& seen = weighed[outcome.group];
    if (seen == lockstep.group(outcome.group).weighed_likes) continue;
    seen = lockstep.group(outcome.group).weighed_likes;
    take(outcome.group, false);
  }
  if (!day.likes.empty()) lockstep.expire(day.likes.back().act.at_us + 2 * us_per_day);
  for (std::uint32_t id = 1; id <= lockstep.group_count(); ++id) take(id, true);
  return snapshots;
}

}  // namespace

std::vector<Weighing> harvest(const LabelledDay& day) {
  Lockstep lockstep;
  const std::vector<Snapshot> snapshots = watch(day, lockstep);
  std::unordered_map<std::uint64_t, const LabelledLike*> likes;
  for (const LabelledLike& like : day.likes) likes[pair_of(like.act.actor, like.act.subject)] = &like;
  std::vector<Nature> natures;
  for (std::uint32_t id = 1; id <= lockstep.group_count(); ++id)
    natures.push_back(nature_of(lockstep.group(id), likes));
  std::vector<Weighing> weighings;
  for (const Snapshot& snapshot : snapshots) {
    const Nature nature = natures[snapshot.group - 1];
    if (nature.instance == 0 || day.families[nature.instance] == "crowd" || snapshot.measures.members == 0) continue;
    weighings.push_back({integrity::group_inputs(snapshot.measures), integrity::weigh_group(snapshot.measures),
                         snapshot.likes, nature.attack, snapshot.last, day.families[nature.instance]});
  }
  return weighings;
}

integrity::model::Rows rows_of(const std::vector<Weighing>& weighings) {
  integrity::model::Rows rows;
  for (const auto& info : integrity::group_input_infos) rows.features.emplace_back(info.name);
  for (const Weighing& one : weighings) {
    for (const double value : one.inputs) rows.values.push_back(static_cast<float>(value));
    rows.fake.push_back(one.attack ? 1 : 0);
    const double weight = (one.last ? 4 : 1) * std::sqrt(std::clamp(one.likes, 10.0, 2000.0)) * (one.attack ? 1 : 2);
    rows.weights.push_back(static_cast<float>(weight));
  }
  return rows;
}

std::string to_text(const std::vector<integrity::model::Tree>& trees) {
  std::string text =
      "// Made by tests/group_model, not by hand: docs/integrity.md says from what and how it was tested. One line a "
      "tree, preorder: {measure,\n"
      "// limit, left, right} goes left below the limit; measure 255 is a leaf with its points.\n";
  for (const integrity::model::Tree& tree : trees) {
    // Behind a node in preorder comes all that is left of it, then all that is right.
    std::vector<std::size_t> end(tree.size());
    for (std::size_t i = tree.size(); i-- > 0;) end[i] = tree[i].is_leaf ? i + 1 : end[end[i + 1]];
    for (std::size_t i = 0; i < tree.size(); ++i) {
      const auto& node = tree[i];
      text += node.is_leaf ? fmt::format("{{{}, {:.6g}, 0, 0}},", leaf_mark, node.value)
                           : fmt::format("{{{}, {:.6g}, {}, {}}},", node.feature, node.value, i + 1, end[i + 1]);
      text += i + 1 == tree.size() ? "\n" : " ";
    }
  }
  return text;
}

Quality quality_of(const std::vector<Weighing>& weighings, const integrity::model::Model* model) {
  Quality quality;
  std::vector<integrity::model::Scored> scored;
  double attacks = 0, found = 0, decoys = 0, taken = 0;
  const auto scorer = model == nullptr ? nullptr : std::make_unique<integrity::model::Scorer>(*model);
  for (const Weighing& one : weighings) {
    if (!one.last) continue;
    std::vector<float> row(one.inputs.begin(), one.inputs.end());
    const double points = scorer ? static_cast<double>(scorer->margin(row)) : one.points;
    scored.push_back({points, one.attack, 1});
    ++quality.groups;
    (one.attack ? attacks : decoys) += one.likes;
    if (points > integrity::confirm_points) (one.attack ? found : taken) += one.likes;
  }
  quality.auc = integrity::model::auc(std::move(scored));
  quality.attacks_found = attacks == 0 ? 0 : found / attacks;
  quality.decoys_taken = decoys == 0 ? 0 : taken / decoys;
  return quality;
}

}  // namespace zan::group_model
