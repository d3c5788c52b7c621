// SubjectIndex: who liked, watched through, followed from, commented on and shared a subject, and on which day - for
// the portrait of a subject's or a creator's audience.
//
// A log a subject of words of eight bytes: day, role, person. Sorted but for a short tail, so that appending is quick
// and an unlike finds what it takes back. What was held or rejected is not in it; a verdict that comes late puts it
// in or takes it out. Follows stand in the creator's log. The subject's log says which of them came from it, and
// counts while the creator's has one of that person and day: two follows of a day from two subjects, the first
// undone, count for both.
//
// Sketch:  100 M acts that count, of 5 M subjects and 10 M people: 800 MB of words, 5 % of slack, 72 bytes a subject
//          (360 MB), 12 bytes an id of any kind (180 MB): 1.4 GB. Measured with 20 M acts of 1 M subjects: 13 bytes
//          an act. Acts older than `event_days_kept` are out of every answer at once, and out of memory when a log is
//          touched; every fourth act also looks at one further log.
// Threads: changes by one thread at a time; questions from any, beside it: a lock for each 64th of the subjects.
// Cost:    0.5 µs an act, mostly waiting for memory; a question some 10 ns a word of its days; an erasure walks all
//          words, 6 ns each.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "audience/bitmap/fair_mutex.h"
#include "audience/bitmap/plan.h"
#include "audience/events/event_index.h"
#include "audience/state/state_file.h"

namespace zan::audience {

// What somebody is to a subject. Stored in the room's state: never renumber.
enum class Role : std::uint8_t {
  liker = 0,      // likes it now
  watcher = 1,    // watched it through: an act that says so, or a view of at least nine tenths of its length
  follower = 2,   // follows its creator now, since an act that named the subject; of a creator: whoever follows now
  commenter = 3,  // commented on it
  sharer = 4,     // shared it
};
inline constexpr std::size_t role_count = 5;
const char* to_string(Role role);  // "liker"
std::optional<Role> role_of(std::string_view name);

using Roles = std::uint8_t;  // bit i: Role i
inline constexpr Roles all_roles = (1U << role_count) - 1;
constexpr Roles roles_of(std::initializer_list<Role> roles) {
  unsigned out = 0;
  for (const Role role : roles) out |= 1U << static_cast<unsigned>(role);
  return static_cast<Roles>(out);
}

inline constexpr std::size_t creator_subjects_max = 65'536;  // further ones are in no answer about the creator
inline constexpr std::uint32_t log_tail_max = 4096;          // words out of order

// Who is asked for. Days as EventIndex::day_of, both included.
struct RoleWindow {
  Roles roles = all_roles;
  std::uint32_t first_day = 0, last_day = 0xffff;
};

class SubjectIndex {
 public:
  // `zone_us`: the operator's clock ahead of UTC.
  explicit SubjectIndex(std::int64_t zone_us) : zone_us_(zone_us) {}

  // --- the one that changes ---
  // Any act of the journal; what is paid, superseded or not genuine is passed over, but for what it replaced.
  void observe(const engagement::RecordedAct& act);
  void corrected(const engagement::VerdictRecord& record);
  void put_creator(SubjectId subject, CreatorId creator);  // zero: none
  void erase(PersonId user);
  // REQUIRES: an empty index. corrupt: the section makes no sense.
  Result<void> load(StateReader& reader);

  // --- anybody; ascending, each once ---
  [[nodiscard]] std::shared_ptr<const UserList> people(std::span<const SubjectId> subjects,
                                                       const RoleWindow& window) const;
  // Of all the creator's subjects; followers: of the creator.
  [[nodiscard]] std::shared_ptr<const UserList> people(CreatorId creator, const RoleWindow& window) const;
  [[nodiscard]] std::vector<SubjectId> subjects_of(CreatorId creator) const;
  [[nodiscard]] std::uint32_t day_of(Timestamp at) const;
  [[nodiscard]] std::size_t bytes() const;
  // Sections "subjects" and "creators"; not beside changes.
  Result<void> save(StateWriter& writer) const;

 private:
  // day 16 bits, role 3, person 32, and in the lowest bit whether it was taken back.
  using Word = std::uint64_t;
  struct Log {
    std::vector<Word> words;
    std::uint32_t sorted = 0;  // so many at the front; the rest as they came
  };
  struct Stripe {
    mutable FairMutex mutex;
    std::vector<std::unique_ptr<Log>> logs;  // by id / stripes
    std::size_t next = 0;                    // the log that is looked at next for what is too old
    std::uint32_t acts = 0;
  };
  static constexpr std::uint32_t stripes = 64;

  [[nodiscard]] static Word word(std::uint32_t day, Role role, std::uint32_t user);
  [[nodiscard]] std::uint32_t oldest_day() const;
  void note(std::uint32_t target, Role role, std::uint32_t user, std::uint32_t day);
  void take_back(std::uint32_t target, Role role, std::uint32_t user, std::uint32_t day);
  void observe_relation(const engagement::RecordedAct& act, Role role, std::uint32_t target, bool counts);
  static void settle(Log& log, std::uint32_t oldest);
  static void drop_old(Log& log, std::uint32_t oldest);
  template <typename Each>
  void each_word(std::uint32_t target, const RoleWindow& window, Each&& each) const;
  void add_followers_from(SubjectId subject, const RoleWindow& window, UserList& out) const;
  [[nodiscard]] std::uint32_t creator_of(std::uint32_t subject) const;  // under the lock, or by the one that changes
  static void look_at_next(Stripe& stripe, std::uint32_t oldest);
  [[nodiscard]] RoleWindow kept(RoleWindow window) const;
  Result<void> save_creators(StateWriter& writer) const;
  bool load_log(ByteReader& chunk);
  Result<void> load_creators(StateReader& reader);

  const std::int64_t zone_us_;
  std::atomic<std::uint32_t> newest_{0};  // day
  std::array<Stripe, stripes> stripes_;

  mutable FairMutex creators_mutex_;  // guards what follows
  std::vector<std::uint32_t> creator_of_;  // by subject; 0: none
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> subjects_of_;
};

}  // namespace zan::audience
