#include "matching/live/community.h"

#include <algorithm>

namespace zan::matching {
namespace {

constexpr float long_view_cheer = 0.25F, like_cheer = 1;

}  // namespace

Community::Community(const CommunityLimits& limits) : works_(limits.works_max), people_(limits.people_max) {}

void Community::put(const WorkFacts& facts, Timestamp heard_of) {
  const WorkRow known = works_.row_of(facts.subject);
  const WorkView before = known == no_work ? WorkView() : works_.read(known);
  const WorkRow row = works_.put(facts, heard_of);
  if (row == no_work) return;
  const WorkView after = works_.read(row);
  const auto tags = after.tag_span();
  const bool same_tags = std::equal(tags.begin(), tags.end(), before.tag_span().begin(), before.tag_span().end());
  if (known != no_work && same_tags && before.creator == after.creator) return;
  shelves_.put(row, tags, after.creator);
}

// Somebody may act on what nobody has put.
WorkRow Community::row_of(SubjectId subject, CreatorId creator, Timestamp at) {
  const WorkRow known = works_.row_of(subject);
  if (known != no_work && works_.read(known).creator) return known;
  const WorkRow row = works_.row_or_add(subject, creator, at);
  if (row != no_work && (known == no_work || creator)) shelves_.put(row, {}, creator);
  return row;
}

void Community::take(const Shown& shown) {
  const std::uint32_t activity = people_.activity_of(shown.person);
  for (const ShownItem& item : shown.items) {
    const WorkRow row = row_of(item.subject, {}, shown.at);
    if (row == no_work) continue;
    if (is_paid(item.source)) {
      if (shown.person) people_.shown_for_pay(shown.person, row, shown.at);
      continue;
    }
    works_.count_shown(row, shown.at);
    const WorkView view = works_.read(row);
    baselines_.shown({shown.at, shown.surface, {}}, activity, view);
    if (shown.person) people_.shown(shown.person, row, view, shown.at);
  }
}

Shown Community::untold(Shown shown) const {
  if (!shown.person) return shown;
  const Person person = people_.read(shown.person);
  std::erase_if(shown.items, [&](const ShownItem& item) {
    const WorkRow row = works_.row_of(item.subject);
    const Seen* seen = row == no_work ? nullptr : person.seen_of(row);
    return seen != nullptr && seen->at_s >= seconds_of(shown.at);
  });
  return shown;
}

Heard Community::take(const Deed& deed) {
  if (!deed.subject) {
    if (deed.doing == Doing::follow || deed.doing == Doing::unfollow)
      people_.follow(deed.person, deed.creator, deed.doing == Doing::follow);
    return {};
  }
  const WorkRow row = row_of(deed.subject, deed.creator, deed.at);
  if (row == no_work) return {};
  const WorkView view = works_.read(row);
  const Heard heard = people_.did(row, view, deed);
  const Scene scene{deed.at, deed.surface, deed.region};
  const std::uint32_t activity = people_.activity_of(deed.person);
  if (heard.unshown) {
    works_.count_shown(row, deed.at);
    baselines_.shown(scene, activity, view);
  }
  baselines_.came(scene, activity, view, heard.fresh, heard.withdrawn);
  float cheer = 0;
  for (std::size_t i = 0; i < signal_count; ++i) {
    const auto signal = static_cast<Signal>(i);
    const int times = (has(heard.fresh, signal) ? 1 : 0) - (has(heard.withdrawn, signal) ? 1 : 0);
    if (times == 0) continue;
    works_.count(row, signal, deed.at, static_cast<float>(times));
    if (signal == Signal::like) cheer += static_cast<float>(times) * like_cheer;
    if (signal == Signal::long_view) cheer += static_cast<float>(times) * long_view_cheer;
  }
  if (cheer != 0) shelves_.cheered(row, view, deed.region, deed.at, cheer);
  return heard;
}

}  // namespace zan::matching
