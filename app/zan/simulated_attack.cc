#include "zan/simulated_attack.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/log.h"
#include "connectors/connectors.h"
#include "zan/labelled_run.h"
#include "zan/paced_source.h"

namespace zan::app {
namespace {

constexpr std::size_t subjects_told = 50;
constexpr std::size_t batches_a_second = 10;  // so that its progress is seen

}  // namespace

template <typename Change>
void SimulatedAttack::change(Change change) {
  const std::lock_guard lock(mutex_);
  change(status_);
}

Result<std::string> SimulatedAttack::start(const std::string& kind) {
  const auto family = simulation::parse_family(kind);
  if (!family || !is_attack(*family)) return invalid("the simulator knows no such attack", "/kind");
  const std::lock_guard lock(mutex_);
  if (status_.running) return conflict("an attack is under way already");
  const auto seed = static_cast<std::uint64_t>(clock_.now().us) + ++started_;
  status_ = {};
  status_.running = true;
  status_.kind = kind;
  status_.id = fmt::format("{:08x}", seed & 0xffff'ffffU);
  status_.started = clock_.now();
  thread_ = std::jthread([this, family = *family, seed](const std::stop_token& stop) { run(family, seed, stop); });
  return status_.id;
}

api::AttackStatus SimulatedAttack::status() const {
  const std::lock_guard lock(mutex_);
  return status_;
}

void SimulatedAttack::stop() {
  thread_.request_stop();
  wait();
}

void SimulatedAttack::wait() {
  if (thread_.joinable()) thread_.join();
}

// A day that ends now, so that the acts are news.
Result<simulation::Stream> SimulatedAttack::make(simulation::Family family, std::uint64_t seed) const {
  simulation::Scenario scenario{"attack", {}, {simulation::usual(family)}};
  scenario.community.seed = seed;
  scenario.community.likes = options_.likes;
  scenario.community.accounts = options_.people;
  scenario.community.subjects = options_.subjects;
  scenario.community.likes_only = false;
  scenario.community.start.us = clock_.now().us - us_per_day;
  simulation::Attack& attack = scenario.attacks.front();
  attack.groups = options_.groups;
  attack.accounts = options_.accounts;
  attack.targets = options_.targets;
  return simulation::generate(scenario);
}

void SimulatedAttack::note_targets(const simulation::Stream& stream, const std::string& mark) {
  std::map<std::uint32_t, std::size_t> likes;
  std::set<std::uint32_t> accounts;
  for (const simulation::Event& event : stream.events) {
    if (!is_fake(event.role)) continue;
    ++likes[event.subject];
    accounts.insert(event.actor);
  }
  std::vector<std::pair<std::size_t, std::uint32_t>> most;
  for (const auto& [subject, count] : likes) most.emplace_back(count, subject);
  std::sort(most.rbegin(), most.rend());
  most.resize(std::min(most.size(), subjects_told));
  change([&](api::AttackStatus& status) {
    status.of = stream.events.size();
    status.accounts = accounts.size();
    for (const auto& [count, subject] : most) status.subjects.push_back(fmt::format("sim-{}work-{}", mark, subject));
  });
}

void SimulatedAttack::run(simulation::Family family, std::uint64_t seed, const std::stop_token& stop) {
  const Result<void> sent = send(family, seed, stop);
  if (!sent.ok()) log::warn("the demo's attack ended early", {{"reason", sent.error().message}});
  change([&](api::AttackStatus& status) {
    status.running = false;
    if (!sent.ok()) status.trouble = sent.error().message;
  });
}

Result<void> SimulatedAttack::send(simulation::Family family, std::uint64_t seed, const std::stop_token& stop) {
  ZAN_ASSIGN(simulation::Stream stream, make(family, seed));
  LabelledOptions labels;
  labels.attacks = {std::string(to_string(family))};
  labels.community.seed = seed;
  labels.mark = status().id + "-";
  labels.batch_events = std::max<std::size_t>(1, options_.events_per_second / batches_a_second);
  if (options_.events_per_second == 0) labels.batch_events = 0;
  note_targets(stream, labels.mark);
  PacedSource source(labelled_source(std::move(stream), labels), options_.events_per_second, stop);
  const auto sink = connectors::make_engine_sink(engine_);
  connectors::ImportOptions import;
  import.stop = stop;
  import.on_progress = [&](const connectors::Progress& progress, std::uint64_t) {
    change([&](api::AttackStatus& status) { status.sent = progress.done; });
  };
  ZAN_ASSIGN(const connectors::ImportReport report, connectors::import_into(*sink, source, import));
  if (report.interrupted) return Error{ErrorKind::expired, "the server is stopping", {}};
  return {};
}

}  // namespace zan::app
