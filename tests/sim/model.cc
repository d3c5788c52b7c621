#include "sim/model.h"

#include <fmt/format.h>

#include <algorithm>

namespace zan::sim {
namespace {

using engagement::ActType;
using engagement::Tallied;
using engagement::Tally;
using engagement::Verdict;

std::uint64_t& slot(Tally& tally, Tallied kind, bool incentivised) {
  return (incentivised ? tally.incentivised : tally.organic)[static_cast<std::size_t>(kind)];
}

void add(Tally& to, const Tally& from) {
  for (std::size_t i = 0; i < engagement::tallied_count; ++i) {
    to.organic[i] += from.organic[i];
    to.incentivised[i] += from.incentivised[i];
  }
  to.held += from.held;
  to.rejected += from.rejected;
}

// Only likes are counted when they are not genuine.
void add_one(Tally& to, Tallied kind, bool incentivised, Verdict verdict) {
  if (verdict == Verdict::genuine) {
    ++slot(to, kind, incentivised);
  } else if (kind == Tallied::likes) {
    ++(verdict == Verdict::held ? to.held : to.rejected);
  }
}

std::string text_of(const Tally& tally) {
  std::string text;
  engagement::append_tally(text, tally, engagement::TallyOf::person);
  return text;
}

bool reacts(ActType type) {
  return type == ActType::like || type == ActType::unlike || type == ActType::dislike;
}
bool follows(ActType type) {
  return type == ActType::follow || type == ActType::unfollow;
}

int strength_of(ActType type) {
  if (type == ActType::like || type == ActType::follow) return 1;
  return type == ActType::dislike ? 2 : 3;
}

Tallied kind_of(ActType type) {
  switch (type) {
    case ActType::view:
      return Tallied::views;
    case ActType::complete:
      return Tallied::completes;
    case ActType::comment:
      return Tallied::comments;
    case ActType::share:
      return Tallied::shares;
    default:
      return Tallied::profile_visits;
  }
}

std::string compare(const std::string& who, const Result<Tally>& answered, const Tally& expected) {
  if (!answered.ok()) return who + ": " + answered.error().message;
  if (*answered == expected) return {};
  return fmt::format("{} has {}, and should have {}", who, text_of(*answered), text_of(expected));
}

}  // namespace

Taken Model::expected(const std::vector<Said>& acts) const {
  Taken taken;
  std::set<std::string> fresh;
  for (const Said& act : acts) {
    const bool known = ids_.contains(act.id) || !fresh.insert(act.id).second;
    ++(known ? taken.duplicates : taken.accepted);
  }
  return taken;
}

void Model::apply(const std::vector<Said>& acts) {
  for (const Said& act : acts) {
    // A known act leaves nothing but perhaps a name.
    if (ids_.insert(act.id).second) apply_one(act);
  }
}

void Model::apply_one(const Said& act) {
  users_.insert(act.actor);
  if (!act.subject.empty()) subjects_.insert(act.subject);
  if (!act.creator.empty()) creators_.insert(act.creator);
  if (follows(act.type)) return react(follows_, {act.actor, act.creator}, act);
  if (act.type == ActType::profile_visit) {
    const auto visit = [&](Tally& tally) {
      add_one(tally, Tallied::profile_visits, act.incentivised, verdict_on(act));
    };
    visit(visits_[{act.actor, act.creator}]);
    if (!act.subject.empty()) visit(visits_from_[act.subject]);
    return;
  }
  if (!act.creator.empty()) creator_of_.emplace(act.subject, act.creator);
  if (reacts(act.type)) return react(reactions_, {act.actor, act.subject}, act);
  Deeds& deeds = deeds_[{act.actor, act.subject}];
  add_one(deeds.tally, kind_of(act.type), act.incentivised, verdict_on(act));
  deeds.seen.viewed |= act.type == ActType::view;
  deeds.seen.completed |= act.type == ActType::complete;
  deeds.seen.commented |= act.type == ActType::comment;
  deeds.seen.shared |= act.type == ActType::share;
}

Verdict Model::verdict_on(const Said& act) const {
  return judge_ ? judge_(act) : Verdict::genuine;
}

// The standing that it changes, if it is not void.
const Model::Standing* Model::judged_by(const Verdicts::One& late) const {
  const Said& act = late.act;
  const Standings& standings = follows(act.type) ? follows_ : reactions_;
  const auto found = standings.find({act.actor, follows(act.type) ? act.creator : act.subject});
  if (found == standings.end()) return nullptr;
  const Standing& standing = found->second;
  const bool stands = standing.at == act.at_us && standing.strength == strength_of(act.type) &&
                      standing.verdict != late.verdict && standing.revision < engagement::revision_max;
  return stands ? &standing : nullptr;
}

std::uint32_t Model::expected(const Verdicts& late) const {
  return static_cast<std::uint32_t>(
      std::ranges::count_if(late.verdicts, [&](const auto& one) { return judged_by(one) != nullptr; }));
}

void Model::apply(const Verdicts& late) {
  for (const Verdicts::One& one : late.verdicts) {
    auto* standing = const_cast<Standing*>(judged_by(one));
    if (standing == nullptr) continue;
    standing->verdict = one.verdict;
    ++standing->revision;
  }
}

void Model::react(Standings& standings, const Pair& pair, const Said& act) {
  const Standing next{act.at_us != 0 ? act.at_us : ++order_, strength_of(act.type), act.incentivised, verdict_on(act)};
  Standing& now = standings[pair];
  if (std::pair(next.at, next.strength) > std::pair(now.at, now.strength)) now = next;
}

void Model::erase(const std::string& user) {
  users_.erase(user);
  user_attributes_.erase(user);
  const auto of_user = [&](const auto& entry) { return entry.first.first == user; };
  std::erase_if(reactions_, of_user);
  std::erase_if(follows_, of_user);
  for (auto& [pair, deeds] : deeds_) {
    if (pair.first != user) continue;
    slot(deeds.tally, Tallied::comments, false) = slot(deeds.tally, Tallied::comments, true) = 0;
    add(left_behind_[pair.second], deeds.tally);
  }
  std::erase_if(deeds_, of_user);
  for (const auto& [pair, tally] : visits_)
    if (pair.first == user) add(visits_left_behind_[pair.second], tally);
  std::erase_if(visits_, of_user);
}

Model::Expected Model::tallies() const {
  Expected expected;
  const auto creator = [&](const std::string& subject) -> const std::string* {
    const auto found = creator_of_.find(subject);
    return found == creator_of_.end() ? nullptr : &found->second;
  };
  const auto count = [&](const std::string* user, const std::string& subject, const Tally& tally) {
    if (user != nullptr) add(expected.users[*user], tally);
    add(expected.subjects[subject], tally);
    if (const std::string* maker = creator(subject)) add(expected.creators[*maker], tally);
  };
  for (const auto& [pair, standing] : reactions_) {
    if (standing.strength == 3) continue;
    Tally one;
    add_one(one, standing.strength == 1 ? Tallied::likes : Tallied::dislikes, standing.incentivised, standing.verdict);
    count(&pair.first, pair.second, one);
  }
  for (const auto& [pair, deeds] : deeds_) count(&pair.first, pair.second, deeds.tally);
  for (const auto& [subject, tally] : left_behind_) count(nullptr, subject, tally);
  for (const auto& [pair, standing] : follows_) {
    if (standing.strength != 1) continue;
    for (Tally* tally : {&expected.users[pair.first], &expected.creators[pair.second]})
      add_one(*tally, Tallied::follows, standing.incentivised, standing.verdict);
  }
  for (const auto& [pair, tally] : visits_) {
    add(expected.users[pair.first], tally);
    add(expected.creators[pair.second], tally);
  }
  for (const auto& [subject, tally] : visits_from_) add(expected.subjects[subject], tally);
  for (const auto& [maker, tally] : visits_left_behind_) add(expected.creators[maker], tally);
  return expected;
}

std::string Model::tally_difference(const engagement::Reads& reads) const {
  Expected expected = tallies();
  std::string found;
  const auto all = [&](const char* kind, const std::set<std::string>& names, auto& tallies, auto&& ask) {
    for (const std::string& name : names)
      if (found.empty()) found = compare(std::string(kind) + " " + name, ask(name), tallies[name]);
  };
  all("subject", subjects_, expected.subjects, [&](const auto& name) { return reads.subject_counts(name); });
  all("creator", creators_, expected.creators, [&](const auto& name) { return reads.creator_counts(name); });
  all("user", users_, expected.users, [&](const auto& name) { return reads.user_counts(name); });
  return found;
}

std::string Model::viewer_difference(const engagement::Reads& reads) const {
  std::vector<std::string_view> subjects;
  for (const std::string& subject : subjects_)
    if (subjects.size() < engagement::hydrate_subjects_max) subjects.push_back(subject);
  std::vector<engagement::Hydrated> answered;
  for (const std::string& user : users_) {
    if (const auto asked = reads.hydrate(user, subjects, answered); !asked.ok()) return asked.error().message;
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      const Pair pair{user, std::string(subjects[i])};
      const auto deeds = deeds_.find(pair);
      const auto reaction = reactions_.find(pair);
      engagement::ViewerState expected = deeds == deeds_.end() ? engagement::ViewerState{} : deeds->second.seen;
      expected.liked = reaction != reactions_.end() && reaction->second.strength == 1;
      expected.disliked = reaction != reactions_.end() && reaction->second.strength == 2;
      std::string is, should;
      engagement::append_viewer(is, answered[i].viewer);
      engagement::append_viewer(should, expected);
      if (is != should) return fmt::format("{} and {}: {}, and should be {}", user, subjects[i], is, should);
    }
  }
  return {};
}

// Who liked each subject, page by page; the moments where the acts named them.
std::string Model::list_difference(const engagement::Reads& reads) const {
  using Likers = std::set<std::pair<std::string, std::int64_t>>;
  std::map<std::string, Likers> expected;
  const auto known = [](std::int64_t at) { return at > us_per_day ? at : 0; };  // else an order of ours
  for (const auto& [pair, standing] : reactions_)
    if (standing.strength == 1 && standing.verdict == Verdict::genuine)
      expected[pair.second].insert({pair.first, known(standing.at)});
  for (const std::string& subject : subjects_) {
    Likers answered;
    std::string cursor;
    Timestamp before = timestamp_max;
    do {
      const auto page = reads.likers(subject, 3, cursor);
      if (!page.ok()) return "likers of " + subject + ": " + page.error().message;
      for (const auto& item : page->items) {
        if (item.at > before) return "likers of " + subject + " are not newest first";
        before = item.at;
        const bool named = expected[subject].empty() || expected[subject].begin()->second != 0;
        if (!answered.insert({item.name, named ? item.at.us : 0}).second)
          return "likers of " + subject + " name " + item.name + " twice";
      }
      cursor = page->next;
    } while (!cursor.empty());
    if (answered != expected[subject])
      return fmt::format("{} has {} likers, and should have {}, or others", subject, answered.size(),
                         expected[subject].size());
  }
  return {};
}

std::string Model::attribute_difference(const engagement::Reads& reads) const {
  for (const auto& [user, json] : user_attributes_)
    if (const auto answered = reads.user_attributes(user); !answered.ok() || *answered != json)
      return "attributes of user " + user + " are lost or wrong";
  for (const auto& [subject, json] : subject_attributes_)
    if (const auto answered = reads.subject_attributes(subject); !answered.ok() || *answered != json)
      return "attributes of subject " + subject + " are lost or wrong";
  return {};
}

std::string Model::difference(const engine::Core& core) const {
  const engagement::Reads& reads = core.reads();
  for (const auto check :
       {&Model::tally_difference, &Model::viewer_difference, &Model::list_difference, &Model::attribute_difference})
    if (std::string found = (this->*check)(reads); !found.empty()) return found;
  return {};
}

}  // namespace zan::sim
