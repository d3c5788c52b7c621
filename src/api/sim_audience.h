// SimAudience: some thousand made-up people behind the room's own Answers, for tests of the server alone. Person i of `people` is
// called u<i>, lives in region i % 4 of the catalogue's, is a creator where i % 5 is zero, and has agreed to everything. The
// first half like the subject "video-1". What is told of segments, lists and tags is taken at once.
//
// Threads: any; people change by take() alone.
#pragma once

#include <algorithm>
#include <atomic>
#include <charconv>
#include <string>

#include "base/require.h"
#include "engine/engine.h"

namespace zan::api {

class SimAudience final : public engine::Audience {
 public:
  static constexpr std::uint32_t people = 6000;
  static constexpr Timestamp today{1'650'899'141'436'000};

  SimAudience() {
    const auto& regions = catalogue_->find("region")->values;
    for (std::uint32_t i = 0; i < people; ++i) {
      const std::string json = R"({"age_band":"25-34","region":")" + regions[i % 4].name + R"(","custom":{"creator":)" +
                               (i % 5 == 0 ? "true" : "false") +
                               R"(,"consent.reports":true,"consent.targeting":true}})";
      require(deriver_.put_user({i + 1}, json).ok(), "a made-up person can be put");
    }
    engagement::RecordedAct act;
    act.type = engagement::ActType::view;
    act.actor = {1};
    act.at = today;
    deriver_.observe(act);
  }

  // What was recorded. An error: void.
  Result<void> take(ByteSpan record) {
    ZAN_ASSIGN(const audience::AudienceChange change, audience::read_audience_change(record));
    if (const auto* import = std::get_if<audience::TagImport>(&change)) return imports_.apply(*import, today);
    return book_.apply(change, today);
  }
  void stay_behind() { behind_ = true; }

  [[nodiscard]] engine::AudienceStatus status() const override {
    engine::AudienceStatus status;
    status.position = {77};
    status.caught_up = true;
    status.progress = 1;
    status.people = people;
    return status;
  }
  [[nodiscard]] const audience::Catalogue& catalogue() const override { return *catalogue_; }
  [[nodiscard]] Timestamp moment() const override { return today; }
  Result<audience::SizeAnswer> count(const audience::Node& segment, const audience::Question& question) override {
    return answers_.count(segment, named(question));
  }
  Result<audience::Composition> composition(const audience::Node& segment,
                                            const audience::Question& question) override {
    return answers_.composition(segment, named(question));
  }
  Result<audience::Overlap> overlap(const std::vector<audience::Node>& segments,
                                    const audience::Question& question) override {
    return answers_.overlap(segments, named(question));
  }
  Result<audience::Why> why(const audience::Node& segment, std::string_view user,
                            const audience::Question& question) override {
    ZAN_ASSIGN(const std::uint32_t number, number_of(user));
    return answers_.why(segment, number, named(question));
  }
  [[nodiscard]] Result<std::vector<engine::PersonTag>> tags_of(std::string_view user) const override {
    ZAN_ASSIGN(const std::uint32_t number, number_of(user));
    return engine::tags_of(*catalogue_, store_, number);
  }

  Result<audience::Composition> portrait(const engine::PortraitQuestion& of,
                                         const audience::Question& question) override {
    if (of.subject != "video-1" && of.creator != "maker-1") return not_found("no such subject");
    auto likers = std::make_shared<audience::UserList>();
    for (std::uint32_t user = 1; user <= people / 2; ++user) likers->push_back(user);
    return answers_.portrait(std::move(likers), question);
  }
  Result<audience::Suggestion> suggest(const audience::Video& video, const audience::Question& question) override {
    return suggester_.suggest(video, question);
  }
  Result<engine::MemberPage> members(const audience::Node& segment, const audience::Question& question,
                                     std::uint32_t after, std::size_t limit) override {
    ZAN_ASSIGN(const audience::UserList users, answers_.members(segment, named(question), after, limit));
    engine::MemberPage page;
    for (const std::uint32_t user : users) page.users.push_back("u" + std::to_string(user - 1));
    if (users.size() == limit) page.next = users.back();
    return page;
  }
  [[nodiscard]] Result<engine::NamedMoves> moves(audience::SegmentId segment, std::uint64_t from,
                                                 std::size_t limit) const override {
    if (!book_.segment(segment)) return not_found("no such segment is watched");
    if (from == 1) return Error{ErrorKind::expired, "some of the moves are not kept any more", "from"};
    engine::NamedMoves moves;
    for (std::uint64_t i = 0; i < std::min<std::size_t>(limit, 2); ++i)
      moves.moves.push_back({from + i, "u" + std::to_string(i), i == 0, today});
    moves.next = from + moves.moves.size();
    return moves;
  }
  [[nodiscard]] const audience::SegmentBook& book() const override { return book_; }
  [[nodiscard]] std::vector<audience::ImportEntry> imports() const override { return imports_.recent(); }
  [[nodiscard]] Result<engine::NumberedPeople> numbers_of(std::span<const std::string_view> users) const override {
    engine::NumberedPeople out;
    for (const std::string_view user : users) {
      const auto number = number_of(user);
      if (number.ok()) out.users.push_back(*number);
      if (!number.ok()) ++out.unknown;
    }
    std::sort(out.users.begin(), out.users.end());
    out.users.erase(std::unique(out.users.begin(), out.users.end()), out.users.end());
    return out;
  }
  Result<Bytes> record_of(audience::AudienceChange change) override {
    if (auto* saved = std::get_if<audience::SegmentSaved>(&change); saved != nullptr && saved->id.value == 0)
      saved->id = {next_id_++};
    if (auto* part = std::get_if<audience::ListPart>(&change); part != nullptr && part->upload == 0)
      part->upload = next_id_++;
    if (const auto* import = std::get_if<audience::TagImport>(&change)) {
      ZAN_TRY(imports_.check(*import));
    } else {
      ZAN_ASSIGN(change, book_.decide(std::move(change), today));
    }
    Bytes record;
    audience::put_audience_change(record, change);
    return record;
  }
  Result<std::vector<Bytes>> records_of_freeze(audience::SegmentId segment, const std::string& list,
                                               const std::string& who, const std::string& why) override {
    std::vector<Bytes> records(2);
    audience::put_audience_change(records[0], audience::ListPart{next_id_++, 0, 1, list, who, "members", {1, 2, 3}});
    audience::put_audience_change(
        records[1], audience::SegmentMarked{segment, audience::SegmentMark::freeze, who, why, list});
    return records;
  }
  Result<void> await(Position) override {
    return behind_ ? unavailable("it is durable, and answers do not know of it yet") : Result<void>();
  }

 private:
  [[nodiscard]] audience::Question named(audience::Question question) const {
    question.names = book_.names();
    return question;
  }
  static Result<std::uint32_t> number_of(std::string_view user) {
    std::uint32_t number = 0;
    const auto* const end = user.data() + user.size();
    if (!user.starts_with('u') || std::from_chars(user.data() + 1, end, number).ptr != end || number >= people)
      return not_found("no such user");
    return number + 1;
  }

  std::shared_ptr<const audience::Catalogue> catalogue_ = audience::Catalogue::standard();
  audience::TagStore store_;
  audience::EventIndex events_{catalogue_->categories().size(), catalogue_->zone_us()};
  audience::Deriver deriver_{catalogue_, store_};
  audience::SubjectIndex subjects_{catalogue_->zone_us()};
  audience::Answers answers_{catalogue_, store_, events_, HashKey{1, 2, 3}};
  audience::Suggester suggester_{answers_, subjects_};
  audience::SegmentBook book_{catalogue_};
  audience::TagImports imports_{catalogue_, store_};
  std::atomic<std::uint64_t> next_id_ = 1;
  std::atomic<bool> behind_ = false;
};

}  // namespace zan::api
