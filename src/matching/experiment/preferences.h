// Preferences: what an interleaved experiment has shown so far: of two policies whose works stand in one list, whose are
// taken to. It may be read at any moment without harm (confidence.h).
//
// A deed counts for the policy that put the work into the list where the person saw it last. A request is won by whose
// works had more of a signal's deeds; a person is one value, wins of what is tried less wins of what is in service over
// their requests during `window_s` from the first, counted when that is over and once. What is pinned or paid for stands
// where it does by nobody's ranking, and counts for neither.
//
// A signal is decided when its preference was ever outside of chance; that stays. Signals share `alpha` evenly: that
// anything at all is decided wrongly has at most that chance.
//
// Owns:    some 600 bytes a person whose window is open, 60 afterwards, at most people_max; who comes later is turned
//          away.
// Threads: one at a time. It never asks for the time: requests and settle() bring it.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "matching/experiment/interleaving.h"
#include "matching/experiment/windows.h"
#include "matching/signal.h"

namespace zan::matching {

struct PreferencesOptions {
  double alpha = 0.05;
  std::uint32_t window_s = 86'400;
  std::size_t people_max = 100'000;
};

struct DraftedWork {
  SubjectId subject;
  Team team = Team::a;  // a: in service; b: tried
};

struct SignalPreference {
  std::uint64_t in_service = 0, tried = 0;  // deeds, of all people
  double value = 0;                         // of settled people: -1 to 1; above 0: what is tried is liked better
  Interval interval{-1, 1};
  std::optional<std::uint32_t> decided_s;  // since when
};

struct PreferencesReport {
  std::uint64_t people = 0, settled = 0, requests = 0, turned_away = 0;
  std::uint64_t places_in_service = 0, places_tried = 0;  // about as many
  std::array<SignalPreference, signal_count> signals;
};

class Preferences {
 public:
  explicit Preferences(const PreferencesOptions& options);

  // One request's list. `unit`: Unit::token().
  void shown(std::uint64_t unit, std::span<const DraftedWork> list, std::uint32_t at_s);
  // Works that are in none of the person's last requests count for nobody.
  void did(std::uint64_t unit, SubjectId subject, Signals signals, std::uint32_t at_s);
  // Counts everybody whose window is over by then. Times that go back do nothing.
  void settle(std::uint32_t now_s);

  [[nodiscard]] PreferencesReport report() const;

  static constexpr std::size_t requests_open = 3;  // of a person; one more closes the oldest

 private:
  using Credits = std::array<std::uint8_t, 2 * signal_count>;  // of a signal: a's, b's
  struct Request {
    std::vector<SubjectId> works;  // a's, then b's
    std::size_t of_a = 0;
    Credits credits{};
  };
  struct Window {
    std::deque<Request> open;  // oldest first
    std::array<PersonPreference, signal_count> preferences;
  };
  struct OfSignal {
    std::uint64_t deeds[2] = {0, 0};
    Preference preference;
    std::optional<std::uint32_t> decided_s;
  };
  using Person = std::unique_ptr<Window>;  // null: settled
  Person* find_or_add(std::uint64_t unit, std::uint32_t at_s);
  static void close_oldest(Window& window);
  void settle(Person& person);

  PreferencesOptions options_;
  std::vector<OfSignal> signals_;
  std::unordered_map<std::uint64_t, Person> people_;
  Windows open_;
  std::uint64_t settled_ = 0, requests_ = 0, turned_away_ = 0;
  std::uint64_t places_[2] = {0, 0};
};

}  // namespace zan::matching
