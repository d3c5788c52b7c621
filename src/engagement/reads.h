// Questions about engagement, answered from memory tables and runs.
//
// Threads: all methods from any thread, beside the writer. An answered act is visible to every call that starts later.
// Cost:    counts and hydrate: memory only, plus one block a run where a filter says so. Lists: one seek a run and the
//          rows of the page. A user's likes list gathers all of that user's reactions (a few ms for 100,000).
// Errors:  invalid (limits, cursor), corrupt and unavailable from storage. An unknown name is no error: it has no
//          engagement yet.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engagement/events.h"
#include "engagement/limits.h"

namespace zan::engagement {

struct Hydrated {
  Tally tally;
  ViewerState viewer;
};

struct ListItem {
  std::string name;  // of the subject (likes) or the actor (likers)
  Timestamp at;
};

struct ListPage {
  std::vector<ListItem> items;
  std::string next;  // opaque, empty at the end
};

struct TopItem {
  std::string subject;
  std::uint64_t likes = 0;  // organic, within the window
};

enum class TopWindow : std::uint8_t { hour, day, all };

class Reads {
 public:
  virtual ~Reads() = default;

  virtual Result<Tally> subject_counts(std::string_view subject) const = 0;
  virtual Result<Tally> user_counts(std::string_view user) const = 0;
  virtual Result<Tally> creator_counts(std::string_view creator) const = 0;

  // Whether the subject is known to be this creator's. Asks memory only.
  virtual bool made_by(std::string_view subject, std::string_view creator) const = 0;
  // Empty: none is known. May read from disk.
  virtual Result<std::string> subject_creator(std::string_view subject) const = 0;

  // viewer empty: counts only. out has one element a subject, in order. invalid: more than hydrate_subjects_max.
  virtual Result<void> hydrate(std::string_view viewer, const std::vector<std::string_view>& subjects,
                               std::vector<Hydrated>& out) const = 0;

  // Newest first. cursor empty: from the start. May read from disk: call from a thread that may wait.
  virtual Result<ListPage> user_likes(std::string_view user, std::size_t limit, std::string_view cursor) const = 0;
  virtual Result<ListPage> likers(std::string_view subject, std::size_t limit, std::string_view cursor) const = 0;
  // Whose likes are genuine, organic and stand, newest first, by number: at most latest_likers_max. May read from disk.
  virtual Result<std::vector<PersonId>> latest_likers(std::string_view subject) const = 0;

  // At most top_items_max, most first. `day` and `hour` by the acts' `at`; rebuilt in the background after a start.
  virtual Result<std::vector<TopItem>> top(TopWindow window, std::size_t limit) const = 0;

  // Stored attributes as JSON; not_found when none were put.
  virtual Result<std::string> subject_attributes(std::string_view subject) const = 0;
  virtual Result<std::string> user_attributes(std::string_view user) const = 0;

  // Everything held about a user, as one JSON object handed out in pieces (the journal is read through). not_found:
  // nobody of that name. May take seconds: call from a thread that may wait.
  virtual Result<void> export_user(std::string_view user,
                                   const std::function<Result<void>(std::string_view piece)>& write) const = 0;
};

}  // namespace zan::engagement
