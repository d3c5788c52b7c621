// What can be asked of the audience, and told to it: how many a segment means, who they are, where segments overlap, why somebody is
// in one; saved segments, lists and imported tags; who likes a work; whom a new one is for.
//
// A question's `now` may be left zero: then it is the audience's moment(). That is the clock; before anything was
// done today, as behind an import of the past, it is the newest act's time, so that "the last 7 days" are days of the data.
//
// What is told becomes records: record_of() makes them, ChangeAudience commits them, and await() waits until answers know of them.
//
// Threads: any.
// Errors:  as of the room's classes. not_found: no such user, subject, creator or segment. unavailable: the journal is still
//          being read after a start.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "audience/audience.h"
#include "base/clock.h"
#include "base/result.h"

namespace zan::engine {

struct AudienceOptions {
  bool on = true;
  std::shared_ptr<const audience::Catalogue> catalogue;  // null: the one that comes along
  audience::AnswerRules rules;
};

struct AudienceStatus {
  Position position;       // of the journal, as far as it has been read
  bool caught_up = false;  // once it has been, it answers
  double progress = 0;     // of the first reading, 0..1
  std::uint64_t people = 0, segments = 0;
  std::size_t tag_bytes = 0, event_bytes = 0, subject_bytes = 0;
  std::string trouble;
};

// What is known of one person.
struct PersonTag {
  std::uint32_t tag = 0;                // index of the catalogue
  std::vector<std::uint32_t> values;    // indexes of the tag's values, of a set
  std::optional<std::uint64_t> number;  // of a number; of a time the day since 1970
};
std::vector<PersonTag> tags_of(const audience::Catalogue& catalogue, const audience::TagStore& store,
                               std::uint32_t user);

// Whose portrait: of a subject or a creator those in these roles on these days, today's included.
struct PortraitQuestion {
  std::string subject, creator;  // exactly one is given
  audience::Roles roles = audience::roles_of({audience::Role::liker});
  std::uint32_t days = audience::event_days_kept;
};

struct MemberPage {
  std::vector<std::string> users;
  std::uint32_t next = 0;  // where to go on; 0: that was all
};
inline constexpr std::size_t members_page_max = 1000;

struct NamedMove {
  std::uint64_t number = 0;
  std::string user;
  bool entered = false;
  Timestamp at;
};
struct NamedMoves {
  std::vector<NamedMove> moves;
  std::uint64_t next = 0;  // where to go on
};

// Names of people as their numbers, ascending and each once.
struct NumberedPeople {
  audience::UserList users;
  std::size_t unknown = 0;  // names that nobody has, or had before they were erased
};

class Audience {
 public:
  virtual ~Audience() = default;

  [[nodiscard]] virtual AudienceStatus status() const = 0;
  [[nodiscard]] virtual const audience::Catalogue& catalogue() const = 0;
  [[nodiscard]] virtual Timestamp moment() const = 0;

  virtual Result<audience::SizeAnswer> count(const audience::Node& segment, const audience::Question& question) = 0;
  virtual Result<audience::Composition> composition(const audience::Node& segment,
                                                    const audience::Question& question) = 0;
  virtual Result<audience::Overlap> overlap(const std::vector<audience::Node>& segments,
                                            const audience::Question& question) = 0;
  virtual Result<audience::Why> why(const audience::Node& segment, std::string_view user,
                                    const audience::Question& question) = 0;
  virtual Result<audience::Composition> portrait(const PortraitQuestion& of, const audience::Question& question) = 0;
  virtual Result<audience::Suggestion> suggest(const audience::Video& video, const audience::Question& question) = 0;
  [[nodiscard]] virtual Result<std::vector<PersonTag>> tags_of(std::string_view user) const = 0;

  // Those in it who may be counted for the purpose, by number; `after`: MemberPage::next of the page before, or 0.
  virtual Result<MemberPage> members(const audience::Node& segment, const audience::Question& question,
                                     std::uint32_t after, std::size_t limit) = 0;
  // Of a watched segment. expired: some of the moves asked for are not kept any more.
  [[nodiscard]] virtual Result<NamedMoves> moves(audience::SegmentId segment, std::uint64_t from,
                                                 std::size_t limit) const = 0;

  // Saved segments and lists. Only questions are asked of it here.
  [[nodiscard]] virtual const audience::SegmentBook& book() const = 0;
  [[nodiscard]] virtual std::vector<audience::ImportEntry> imports() const = 0;
  [[nodiscard]] virtual Result<NumberedPeople> numbers_of(std::span<const std::string_view> users) const = 0;
  // Whatever may be found wrong with a change before it is recorded is said here.
  virtual Result<Bytes> record_of(audience::AudienceChange change) = 0;
  // A segment's members of now as a list of that name, and the segment frozen to it.
  virtual Result<std::vector<Bytes>> records_of_freeze(audience::SegmentId segment, const std::string& list,
                                                       const std::string& who, const std::string& why) = 0;
  // Until answers know of everything up to here. unavailable: they did not within some seconds.
  virtual Result<void> await(Position position) = 0;
};

// Makes the audience of a folder that is not being served anew from its journal and saves it, or goes on where that was broken
// off (`resume`). `progress` gets the part of the journal that has been read; false stops, and saves what was done.
// expired: `progress` said false. not_found: no data folder.
Result<void> rebuild_audience(const std::string& data_folder, const AudienceOptions& options, bool resume,
                              const std::function<bool(double)>& progress);

}  // namespace zan::engine
