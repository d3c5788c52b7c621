#include "matching/experiment/preferences.h"

#include <algorithm>
#include <limits>

namespace zan::matching {

Preferences::Preferences(const PreferencesOptions& options)
    : options_(options),
      signals_(signal_count, {{}, Preference(options.alpha / signal_count), {}}),
      open_(options.window_s) {}

// Null: there is no room.
Preferences::Person* Preferences::find_or_add(std::uint64_t unit, std::uint32_t at_s) {
  const auto found = people_.find(unit);
  if (found != people_.end()) return &found->second;
  if (people_.size() >= options_.people_max) return nullptr;
  open_.open(unit, at_s);
  return &people_.emplace(unit, std::make_unique<Window>()).first->second;
}

void Preferences::shown(std::uint64_t unit, std::span<const DraftedWork> list, std::uint32_t at_s) {
  if (list.empty()) return;
  settle(at_s);
  Person* person = find_or_add(unit, at_s);
  if (person == nullptr) {
    ++turned_away_;
    return;
  }
  if (*person == nullptr) return;
  Request request;
  for (const Team team : {Team::a, Team::b}) {
    for (const DraftedWork& work : list)
      if (work.team == team) request.works.push_back(work.subject);
    if (team == Team::a) request.of_a = request.works.size();
  }
  ++requests_;
  places_[0] += request.of_a;
  places_[1] += request.works.size() - request.of_a;
  Window& window = **person;
  window.open.push_back(std::move(request));
  if (window.open.size() > requests_open) close_oldest(window);
}

void Preferences::did(std::uint64_t unit, SubjectId subject, Signals signals, std::uint32_t at_s) {
  settle(at_s);
  const auto found = people_.find(unit);
  if (found == people_.end() || found->second == nullptr) return;
  std::deque<Request>& open = found->second->open;
  for (auto request = open.rbegin(); request != open.rend(); ++request) {
    const auto work = std::find(request->works.begin(), request->works.end(), subject);
    if (work == request->works.end()) continue;
    const std::size_t team = static_cast<std::size_t>(work - request->works.begin()) < request->of_a ? 0 : 1;
    for (std::size_t i = 0; i < signal_count; ++i) {
      if (!has(signals, static_cast<Signal>(i))) continue;
      std::uint8_t& credit = request->credits[2 * i + team];
      if (credit < std::numeric_limits<std::uint8_t>::max()) ++credit;
      ++signals_[i].deeds[team];
    }
    return;
  }
}

void Preferences::close_oldest(Window& window) {
  const Credits& credits = window.open.front().credits;
  for (std::size_t i = 0; i < signal_count; ++i) window.preferences[i].add(credits[2 * i], credits[2 * i + 1]);
  window.open.pop_front();
}

void Preferences::settle(Person& person) {
  while (!person->open.empty()) close_oldest(*person);
  for (std::size_t i = 0; i < signal_count; ++i) signals_[i].preference.add(person->preferences[i]);
  person.reset();
  ++settled_;
}

void Preferences::settle(std::uint32_t now_s) {
  if (!open_.close(now_s, [&](std::uint64_t unit) { settle(people_[unit]); })) return;
  for (OfSignal& signal : signals_)
    if (!signal.decided_s && signal.preference.decided()) signal.decided_s = open_.now_s();
}

PreferencesReport Preferences::report() const {
  PreferencesReport report{people_.size(), settled_, requests_, turned_away_, places_[0], places_[1], {}};
  for (std::size_t i = 0; i < signal_count; ++i) {
    const OfSignal& of = signals_[i];
    report.signals[i] = {of.deeds[0], of.deeds[1], of.preference.value(), of.preference.interval(), of.decided_s};
  }
  return report;
}

}  // namespace zan::matching
