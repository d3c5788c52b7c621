// AudienceView's answers, and the records of what it is told.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "engine/audience_view.h"

namespace zan::engine {
namespace {

constexpr std::chrono::seconds await_most{5};

}  // namespace

AudienceStatus AudienceView::status() const {
  AudienceStatus now;
  {
    const std::lock_guard lock(mutex_);
    now = status_;
  }
  now.segments = book_.size();
  return now;
}

Timestamp AudienceView::moment() const {
  const Timestamp now = core_.clock().now();
  const Timestamp newest{newest_us_.load(std::memory_order_relaxed)};
  return newest.us != 0 && events_.day_of(newest) < events_.day_of(now) ? newest : now;
}

Result<void> AudienceView::ready() const {
  if (caught_up_.load()) return {};
  const AudienceStatus now = status();
  if (!now.trouble.empty()) return unavailable("the audience cannot be asked: " + now.trouble);
  return unavailable(
      fmt::format("the journal is still being read for the audience, {:.0f} % so far; try again", 100 * now.progress));
}

// With what names mean now, so that all of an answer means the same by them.
audience::Question AudienceView::dated(audience::Question question) const {
  if (question.now.us == 0) question.now = moment();
  if (question.names == nullptr) question.names = book_.names();
  return question;
}

Result<std::uint32_t> AudienceView::number(storage::NameKind kind, std::string_view name, const char* what) const {
  const EntityId id = core_.registry().find(storage::name_hash(core_.secret(), kind, name));
  if (!id) return not_found(fmt::format("no such {}", what));
  return id.value;
}

Result<audience::SizeAnswer> AudienceView::count(const audience::Node& segment, const audience::Question& question) {
  ZAN_TRY(ready());
  return answers_.count(segment, dated(question));
}

Result<audience::Composition> AudienceView::composition(const audience::Node& segment,
                                                        const audience::Question& question) {
  ZAN_TRY(ready());
  return answers_.composition(segment, dated(question));
}

Result<audience::Overlap> AudienceView::overlap(const std::vector<audience::Node>& segments,
                                                const audience::Question& question) {
  ZAN_TRY(ready());
  return answers_.overlap(segments, dated(question));
}

Result<audience::Why> AudienceView::why(const audience::Node& segment, std::string_view user,
                                        const audience::Question& question) {
  ZAN_TRY(ready());
  ZAN_ASSIGN(const std::uint32_t person, number(storage::NameKind::person, user, "user"));
  return answers_.why(segment, person, dated(question));
}

Result<audience::Composition> AudienceView::portrait(const PortraitQuestion& of, const audience::Question& question) {
  ZAN_TRY(ready());
  const audience::Question dated = this->dated(question);
  audience::RoleWindow window;
  window.roles = of.roles;
  window.last_day = subjects_.day_of(dated.now);
  window.first_day = window.last_day + 1 - std::min(window.last_day + 1, of.days);
  if (!of.creator.empty()) {
    ZAN_ASSIGN(const std::uint32_t creator, number(storage::NameKind::creator, of.creator, "creator"));
    return answers_.portrait(subjects_.people(CreatorId{creator}, window), dated);
  }
  ZAN_ASSIGN(const std::uint32_t subject, number(storage::NameKind::subject, of.subject, "subject"));
  return answers_.portrait(subjects_.people(std::array{SubjectId{subject}}, window), dated);
}

Result<audience::Suggestion> AudienceView::suggest(const audience::Video& video, const audience::Question& question) {
  ZAN_TRY(ready());
  return suggester_.suggest(video, dated(question));
}

Result<std::vector<PersonTag>> AudienceView::tags_of(std::string_view user) const {
  ZAN_TRY(ready());
  ZAN_ASSIGN(const std::uint32_t person, number(storage::NameKind::person, user, "user"));
  return engine::tags_of(*catalogue_, store_, person);
}

std::vector<PersonTag> tags_of(const audience::Catalogue& catalogue, const audience::TagStore& store,
                               std::uint32_t user) {
  std::vector<PersonTag> known;
  for (std::uint32_t index = 0; index < catalogue.tags().size(); ++index) {
    const audience::Tag& tag = catalogue.tags()[index];
    PersonTag one;
    one.tag = index;
    if (tag.is_set() || tag.type == audience::TagType::flag) {
      for (std::uint32_t value = 0; value < tag.value_count(); ++value)
        if (store.contains(user, tag.value(value))) one.values.push_back(value);
    } else if (const audience::Slices slices = tag.slices(); store.contains(user, slices.known())) {
      one.number = 0;
      for (std::uint32_t bit = 0; bit < slices.bits; ++bit)
        *one.number |= std::uint64_t{store.contains(user, slices.bit(bit))} << bit;
    }
    if (one.number || !one.values.empty()) known.push_back(std::move(one));
  }
  return known;
}

Result<MemberPage> AudienceView::members(const audience::Node& segment, const audience::Question& question,
                                         std::uint32_t after, std::size_t limit) {
  ZAN_TRY(ready());
  limit = std::min(limit, members_page_max);
  ZAN_ASSIGN(const audience::UserList users, answers_.members(segment, dated(question), after, limit));
  std::vector<EntityId> ids;
  for (const std::uint32_t user : users) ids.push_back({user});
  MemberPage page;
  ZAN_ASSIGN(page.users, core_.registry().names(ids));
  std::erase(page.users, std::string());  // erased this moment
  if (users.size() == limit) page.next = users.back();
  return page;
}

Result<NamedMoves> AudienceView::moves(audience::SegmentId segment, std::uint64_t from, std::size_t limit) const {
  ZAN_TRY(ready());
  const auto watched = watcher_.states();
  if (std::none_of(watched.begin(), watched.end(), [&](const auto& one) { return one.id == segment; }))
    return not_found("no such segment is watched");
  ZAN_ASSIGN(const audience::MovesPage page,
             watcher_.moves(from == 0 ? watcher_.next_number() : from, limit, segment));
  NamedMoves named;
  named.next = page.next;
  for (const audience::Move& move : page.moves) {
    const auto name = core_.registry().name(EntityId{move.user});
    if (name.ok()) named.moves.push_back({move.number, *name, move.entered, move.at});
  }
  return named;
}

Result<NumberedPeople> AudienceView::numbers_of(std::span<const std::string_view> users) const {
  std::vector<Hash128> hashes;
  for (const std::string_view user : users)
    hashes.push_back(storage::name_hash(core_.secret(), storage::NameKind::person, user));
  std::vector<EntityId> ids(hashes.size());
  core_.registry().find_many(hashes, ids);
  NumberedPeople people;
  for (const EntityId id : ids) {
    if (id) people.users.push_back(id.value);
    if (!id) ++people.unknown;
  }
  std::sort(people.users.begin(), people.users.end());
  people.users.erase(std::unique(people.users.begin(), people.users.end()), people.users.end());
  return people;
}

std::uint64_t AudienceView::new_id() {
  const std::lock_guard lock(ids_mutex_);
  std::array<unsigned char, sizeof(std::uint64_t)> bytes{};
  entropy_.fill(bytes);
  std::uint64_t id = 0;
  for (const unsigned char byte : bytes) id = id << 8 | byte;
  return id;
}

Result<Bytes> AudienceView::record_of(audience::AudienceChange change) {
  ZAN_TRY(ready());
  if (auto* saved = std::get_if<audience::SegmentSaved>(&change); saved != nullptr && saved->id.value == 0)
    saved->id = {new_id()};
  if (auto* part = std::get_if<audience::ListPart>(&change); part != nullptr && part->upload == 0)
    part->upload = new_id();
  if (const auto* import = std::get_if<audience::TagImport>(&change)) {
    ZAN_TRY(audience::check(change));
    ZAN_TRY(imports_.check(*import));
  } else {
    ZAN_ASSIGN(change, book_.decide(std::move(change), core_.clock().now()));
  }
  Bytes record;
  audience::put_audience_change(record, change);
  return record;
}

Result<std::vector<Bytes>> AudienceView::records_of_freeze(audience::SegmentId segment, const std::string& list,
                                                           const std::string& who, const std::string& why) {
  ZAN_TRY(ready());
  const auto detail = book_.segment(segment);
  const auto node = detail ? book_.names()->segment(detail->info.last.name) : std::nullopt;
  if (!node) return not_found("no such segment");
  const auto purpose = catalogue_->purpose(detail->info.last.purpose);
  if (!purpose) return conflict("its purpose is not in the catalogue any more");
  ZAN_ASSIGN(const audience::UserList users, answers_.members(*node, dated({{who, true}, *purpose, {}}), 0,
                                                              audience::ListLimits{}.list_users));
  std::vector<Bytes> records;
  audience::ListPart part;
  part.upload = new_id();
  part.parts = static_cast<std::uint32_t>((users.size() + audience::part_users_max - 1) / audience::part_users_max);
  part.name = list;
  part.who = who;
  part.source = fmt::format("members of the segment {} on {}", detail->info.last.name, to_rfc3339(moment()));
  for (; part.part < part.parts; ++part.part) {
    const auto from = users.begin() + static_cast<std::ptrdiff_t>(part.part * audience::part_users_max);
    const auto left = static_cast<std::size_t>(users.end() - from);
    part.users.assign(from, from + static_cast<std::ptrdiff_t>(std::min(left, audience::part_users_max)));
    ZAN_TRY(audience::check(part));
    audience::put_audience_change(records.emplace_back(), part);
  }
  const audience::SegmentMarked mark{segment, audience::SegmentMark::freeze, who, why, list};
  ZAN_TRY(audience::check(mark));
  audience::put_audience_change(records.emplace_back(), mark);
  return records;
}

Result<void> AudienceView::await(Position position) {
  follower_.wake();
  std::unique_lock lock(mutex_);
  if (moved_.wait_for(lock, await_most, [&] { return status_.position >= position; })) return {};
  return unavailable("it is durable, and answers do not know of it yet");
}

}  // namespace zan::engine
