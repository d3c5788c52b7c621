#include "model.h"

#include <algorithm>

namespace zan::crash {
namespace {

constexpr std::int64_t first_at_ms = 1'704'067'200'000;  // 2024-01-01, long past on every clock

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::like:
      return "like";
    case Kind::unlike:
      return "unlike";
    case Kind::dislike:
      return "dislike";
    case Kind::view:
      return "view";
    case Kind::comment:
      return "comment";
  }
  return "";
}

Reaction reaction_of(Kind kind) {
  if (kind == Kind::like) return Reaction::liked;
  return kind == Kind::dislike ? Reaction::disliked : Reaction::none;
}

Kind kind_for(std::uint64_t percent) {
  if (percent < 55) return Kind::like;
  if (percent < 70) return Kind::unlike;
  if (percent < 75) return Kind::dislike;
  return percent < 90 ? Kind::view : Kind::comment;
}

void newest_first(std::vector<ListedLike>& list) {
  std::sort(list.begin(), list.end(), [](const ListedLike& a, const ListedLike& b) { return a.at_ms > b.at_ms; });
}

}  // namespace

std::string actor_name(int actor) {
  return "u" + std::to_string(actor);
}
std::string subject_name(int subject) {
  return "s" + std::to_string(subject);
}

std::string to_json(const Operation& operation) {
  std::string json = std::string(R"({"type":")") + name_of(operation.kind) + R"(","id":"op-)" +
                     std::to_string(operation.id) + R"(","actor":")" + actor_name(operation.actor) +
                     R"(","subject":")" + subject_name(operation.subject) + R"(","at":)" +
                     std::to_string(operation.at_ms);
  if (operation.kind == Kind::comment) json += R"(,"text":"comment )" + std::to_string(operation.id) + '"';
  return json + "}";
}

Operation Model::make() {
  Operation operation;
  operation.id = next_id_++;
  operation.kind = kind_for(random_() % 100);
  operation.actor = static_cast<int>(random_() % actor_count);
  // Half of all falls on a tenth of the subjects.
  operation.subject = static_cast<int>(random_() % (random_() % 2 == 0 ? subject_count / 10 : subject_count));
  operation.at_ms = first_at_ms + static_cast<std::int64_t>(operation.id);
  return operation;
}

void Model::count_pending(Pair& pair, Kind kind, std::int64_t change) {
  switch (kind) {
    case Kind::view:
      pair.pending_views += change;
      break;
    case Kind::comment:
      pair.pending_comments += change;
      break;
    default:
      pair.pending_reactions += change;
  }
}

void Model::begin(const Operation& operation) {
  if (!pending_.emplace(operation.id, operation).second) return;
  count_pending(pairs_[{operation.actor, operation.subject}], operation.kind, 1);
}

void Model::finish(const Operation& operation) {
  if (pending_.erase(operation.id) == 0) return;
  answered_.push_back(operation);
  Pair& pair = pairs_[{operation.actor, operation.subject}];
  count_pending(pair, operation.kind, -1);
  if (operation.kind == Kind::view) {
    ++pair.views;
  } else if (operation.kind == Kind::comment) {
    ++pair.comments;
  } else if (operation.at_ms > pair.reaction_at_ms) {
    pair.reaction_at_ms = operation.at_ms;
    pair.reaction = reaction_of(operation.kind);
  }
}

std::vector<Operation> Model::pending() const {
  std::vector<Operation> operations;
  for (const auto& [id, operation] : pending_) operations.push_back(operation);
  std::sort(operations.begin(), operations.end(), [](const Operation& a, const Operation& b) { return a.id < b.id; });
  return operations;
}

SubjectExpectation Model::subject(int subject) const {
  SubjectExpectation expected;
  for (int actor = 0; actor < actor_count; ++actor) {
    const auto found = pairs_.find({actor, subject});
    if (found == pairs_.end()) continue;
    const Pair& pair = found->second;
    const bool open = pair.pending_reactions > 0;
    expected.likes.low += !open && pair.reaction == Reaction::liked ? 1 : 0;
    expected.likes.high += open || pair.reaction == Reaction::liked ? 1 : 0;
    expected.dislikes.low += !open && pair.reaction == Reaction::disliked ? 1 : 0;
    expected.dislikes.high += open || pair.reaction == Reaction::disliked ? 1 : 0;
    expected.views.low += pair.views;
    expected.views.high += pair.views + pair.pending_views;
    expected.comments.low += pair.comments;
    expected.comments.high += pair.comments + pair.pending_comments;
  }
  return expected;
}

PairExpectation Model::pair(int actor, int subject) const {
  PairExpectation expected;
  const auto found = pairs_.find({actor, subject});
  if (found == pairs_.end()) return expected;
  const Pair& pair = found->second;
  expected.reaction_certain = pair.pending_reactions == 0;
  expected.reaction = pair.reaction;
  expected.viewed = pair.views > 0;
  expected.viewed_certain = expected.viewed || pair.pending_views == 0;
  expected.commented = pair.comments > 0;
  expected.commented_certain = expected.commented || pair.pending_comments == 0;
  return expected;
}

std::vector<ListedLike> Model::likers(int subject) const {
  std::vector<ListedLike> list;
  for (const auto& [key, pair] : pairs_) {
    if (key.second == subject && pair.reaction == Reaction::liked) list.push_back({key.first, pair.reaction_at_ms});
  }
  newest_first(list);
  return list;
}

std::vector<ListedLike> Model::likes_of(int actor) const {
  std::vector<ListedLike> list;
  for (const auto& [key, pair] : pairs_) {
    if (key.first == actor && pair.reaction == Reaction::liked) list.push_back({key.second, pair.reaction_at_ms});
  }
  newest_first(list);
  return list;
}

}  // namespace zan::crash
