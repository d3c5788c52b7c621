#include "learning/days.h"

#include <algorithm>
#include <ctime>

#include "base/hash.h"
#include "base/require.h"
#include "engine/fake.h"

namespace zan::learning {

using engagement::Verdict;
using integrity::Standing;
using simulation::Family;
using simulation::Role;

namespace {

constexpr std::array known_families = {Family::burst, Family::farm, Family::slow_ring, Family::human_rhythm};
constexpr std::array new_families = {Family::churn,        Family::residential,      Family::hijack,
                                     Family::comment_ring, Family::follow_then_like, Family::crowd};
constexpr std::array decoys = {Family::celebrity,     Family::fan_club, Family::live_stream, Family::school_class,
                               Family::shared_device, Family::office,   Family::challenge,   Family::playlist};
constexpr std::size_t acts_a_commit = 500;

simulation::Attack group_of(Family family, const DaysOptions& options, double start_h) {
  simulation::Attack attack = simulation::usual(family);
  attack.groups = 1;
  attack.accounts = options.members;
  attack.targets = family == Family::crowd ? options.targets * 3 : options.targets;
  attack.camouflage = family == Family::crowd ? 0 : options.camouflage;
  attack.start_h = start_h;
  attack.duration_h = family == Family::burst || family == Family::farm ? 2 : 6;
  attack.warm_up_days = 0;
  return attack;
}

}  // namespace

bool is_new_family(Family family) {
  return std::find(new_families.begin(), new_families.end(), family) != new_families.end();
}

simulation::Stream make_days(const DaysOptions& options) {
  simulation::Scenario scenario{"days", {}, {}};
  scenario.community.seed = options.seed;
  scenario.community.likes = options.likes;
  scenario.community.days = options.days;
  scenario.community.likes_only = options.likes_only;
  scenario.community.views_per_like = 1;
  auto community = simulation::complete(scenario.community);
  require(community.ok(), "a community of a test");
  scenario.community = *community;
  for (const Family family : decoys) {
    simulation::Attack decoy = simulation::usual(family);
    decoy.groups = std::max<std::uint32_t>(1, decoy.groups);
    scenario.attacks.push_back(decoy);
  }
  const double hours = 24.0 * options.days, last_day = hours - 24;
  std::size_t next = 0;
  for (double at = 1; options.attacks && at + 3 < hours; at += options.hours_between)
    scenario.attacks.push_back(group_of(known_families[next++ % known_families.size()], options, at));
  next = 0;
  for (double at = last_day + 1; options.attacks && at + 7 < hours; at += options.hours_between)
    scenario.attacks.push_back(group_of(new_families[next++ % new_families.size()], options, at));
  auto stream = simulation::generate(scenario);
  require(stream.ok(), "a stream of a test");
  return std::move(*stream);
}

WatchedIntake::WatchedIntake(const HashKey& secret, std::uint64_t accounts, const integrity::model::Model* model) {
  auto intake = integrity::Intake::make(std::shared_ptr<const integrity::rules::Ruleset>(), model,
                                        integrity::IntakeOptions::for_folder(secret, accounts));
  require(intake.ok(), "an intake without rules");
  intake_ = std::move(*intake);
}

std::uint64_t WatchedIntake::print_of(std::span<const float> row) {
  return checksum64({reinterpret_cast<const std::byte*>(row.data()), row.size_bytes()});
}

engagement::Judgement WatchedIntake::judge(const engagement::RecordedAct& act) {
  const engagement::Judgement judgement = intake_->judge(act);
  if (act.type == engagement::ActType::like) rows_.insert(print_of(intake_->model_row()));
  return judgement;
}

void WatchedIntake::committed(Position last) {
  position_ = last;
}

void WatchedIntake::observe(const engagement::RecordedAct& act, Position) {
  intake_->observe(act);
}

Life::Life(engagement::ActJudge* judge) {
  engine::CoreOptions options;
  options.judge = judge;
  auto core = engine::Core::open(*disk_, clock_, entropy_, options);
  require(core.ok(), "a core of a test opens");
  core_ = std::move(*core);
  auto view = engine::IntegrityView::open(*core_, {.on = true, .lockstep = {}},
                                          [this](engine::JudgeActs verdicts) -> Result<engine::Answer> {
                                            const engine::Command command{std::move(verdicts)};
                                            return core_->commit({&command, 1}).front();
                                          });
  require(view.ok(), "a view of a test opens");
  view_ = std::move(*view);
}

void Life::live(const simulation::Stream& stream, std::size_t from, std::size_t to) {
  constexpr engagement::ActType types[] = {engagement::ActType::like, engagement::ActType::view,
                                           engagement::ActType::follow, engagement::ActType::comment,
                                           engagement::ActType::share};
  while (from < to) {
    engine::Command command{engagement::ActBatch{}};
    auto& batch = std::get<engagement::ActBatch>(command.body);
    for (std::size_t end = std::min(to, from + acts_a_commit); from < end; ++from) {
      const simulation::Event& event = stream.events[from];
      const simulation::Work& work = stream.works[event.subject];
      engine::Said said{types[static_cast<std::size_t>(event.type)], "u" + std::to_string(event.actor),
                        "w" + std::to_string(event.subject), "c" + std::to_string(work.creator)};
      said.at_us = stream.at(event).us;
      said.device = mix64(event.device + 1);
      engine::add(batch, core_->secret(), said);
      batch.acts.back().network = mix64(~std::uint64_t{event.network});
      batch.acts.back().watch_ms = event.watch_ms;
      batch.acts.back().duration_ms = work.duration_ms;
      clock_.now_us = std::max(clock_.now_us, said.at_us);
    }
    const auto answers = core_->commit({&command, 1});
    require(answers.front().ok() && answers.front()->rejected.empty(), "acts of a test are taken");
    catch_up();
  }
}

void Life::catch_up() {
  for (;;) {
    const auto more = view_->step();
    require(more.ok(), "the view of a test goes on");
    if (!*more && view_->status().position == core_->journal().last()) return;
  }
}

void Life::erase(const std::string& user) {
  const engine::Command command{engine::EraseUser{user}};
  require(core_->commit({&command, 1}).front().ok(), "a known user is erased");
  catch_up();
}

void Life::decide(std::uint64_t case_id, integrity::Decision decision) {
  auto note = view_->note_of({case_id, integrity::NoteKind::decision, decision, {}, {}, {}, "ann", ""});
  require(note.ok(), "a decision of a test");
  const engine::Command command{engine::NoteCase{std::move(*note)}};
  require(core_->commit({&command, 1}).front().ok(), "a note of a test");
  catch_up();
}

namespace {

using integrity::model::Scored;

// Fakes against all genuine likes of the same time.
Judged::Line line_of(const std::vector<Scored>& genuine, const std::vector<Scored>& fakes, std::size_t held) {
  Judged::Line line;
  line.likes = fakes.size();
  if (fakes.empty()) return line;
  std::vector<Scored> all = genuine;
  all.insert(all.end(), fakes.begin(), fakes.end());
  line.auc = integrity::model::auc(std::move(all));
  line.held = static_cast<double>(held) / static_cast<double>(fakes.size());
  return line;
}

engagement::RecordedAct recorded(const simulation::Stream& stream, const simulation::Event& event) {
  constexpr engagement::ActType types[] = {engagement::ActType::like, engagement::ActType::view,
                                           engagement::ActType::follow, engagement::ActType::comment,
                                           engagement::ActType::share};
  const simulation::Work& work = stream.works[event.subject];
  engagement::RecordedAct act;
  act.type = types[static_cast<std::size_t>(event.type)];
  // Numbers of their own, as a registry gives them.
  act.actor = {event.actor * 3 + 1};
  act.subject = {event.subject * 3 + 2};
  act.creator = {work.creator * 3 + 3};
  act.device = mix64(event.device + 1);
  act.network = mix64(~std::uint64_t{event.network});
  act.at = stream.at(event);
  act.watch_ms = event.watch_ms;
  act.duration_ms = work.duration_ms;
  return act;
}

struct Collected {
  std::vector<Scored> scores;
  std::size_t held = 0;
  void add(double score, bool fake, bool holds) {
    scores.push_back({score, fake, 1});
    held += holds ? 1 : 0;
  }
};

}  // namespace

double ns_an_act(const simulation::Stream& stream, const integrity::model::Model* model) {
  auto intake = integrity::Intake::make(integrity::default_rules, model, integrity::IntakeOptions::for_folder({7}));
  require(intake.ok(), "an intake of a test");
  constexpr std::size_t ahead = 6;
  std::vector<engagement::RecordedAct> acts;
  for (const simulation::Event& event : stream.events) acts.push_back(recorded(stream, event));
  for (const engagement::RecordedAct& act : acts) (*intake)->observe(act);
  const std::clock_t from = std::clock();
  for (std::size_t i = 0; i < acts.size(); ++i) {
    if (i + ahead < acts.size()) {
      const engagement::RecordedAct& next = acts[i + ahead];
      (*intake)->prefetch({next.type, next.actor, next.subject, next.creator, next.device, next.network});
    }
    (void)(*intake)->judge(acts[i]);
  }
  const double took_s = static_cast<double>(std::clock() - from) / CLOCKS_PER_SEC;
  return took_s * 1e9 / static_cast<double>(acts.size());
}

Judged judge_day(const simulation::Stream& stream, std::size_t from, const integrity::model::Model& model,
                 std::uint64_t accounts) {
  auto made = integrity::Intake::make(std::shared_ptr<const integrity::rules::Ruleset>(), &model,
                                      integrity::IntakeOptions::for_folder({7}, accounts));
  require(made.ok(), "an intake of a test");
  integrity::Intake& intake = **made;
  const integrity::model::Scorer scorer(model);
  integrity::Lockstep lockstep;
  struct Like {
    std::size_t event;
    float margin;
    bool taken;  // by lockstep, when it came
  };
  std::vector<Like> likes;
  for (std::size_t i = 0; i < stream.events.size(); ++i) {
    const engagement::RecordedAct act = recorded(stream, stream.events[i]);
    (void)intake.judge(act);
    if (act.type != engagement::ActType::like) continue;
    const float margin = scorer.margin(intake.model_row());
    const auto outcome = lockstep.observe(integrity::act_view_of(act));
    const bool taken = outcome.group != 0 && outcome.standing != Standing::cleared;
    if (i >= from) likes.push_back({i, margin, taken});
  }
  Judged judged;
  Collected genuine, decoy, all, open, open_new, never;
  std::vector<std::pair<Family, Collected>> families;
  for (const Like& like : likes) {
    const simulation::Event& event = stream.events[like.event];
    const simulation::Label label = stream.label(event);
    const bool fake = simulation::is_fake(event.role), holds = scorer.holds(like.margin);
    if (event.role == Role::camouflage || event.role == Role::warm_up) continue;  // neither
    const double score = static_cast<double>(like.margin);
    if (!fake) {
      genuine.add(score, false, holds);
      if (event.role == Role::decoy) decoy.add(score, false, holds);
      continue;
    }
    all.add(score, true, holds);
    const engagement::RecordedAct act = recorded(stream, event);
    if (lockstep.group_of(act.actor.value, act.subject.value) == 0) never.add(score, true, holds);
    if (like.taken) continue;
    open.add(score, true, holds);
    if (is_new_family(label.family)) open_new.add(score, true, holds);
    auto place = std::find_if(families.begin(), families.end(), [&](const auto& f) { return f.first == label.family; });
    if (place == families.end()) place = families.insert(place, {label.family, {}});
    place->second.add(score, true, holds);
  }
  const auto line = [&](const Collected& fakes) { return line_of(genuine.scores, fakes.scores, fakes.held); };
  judged.all_fakes = line(all);
  judged.not_taken = line(open);
  judged.not_taken_new = line(open_new);
  judged.never_taken = line(never);
  judged.genuine = genuine.scores.size();
  judged.decoys = decoy.scores.size();
  judged.false_holds =
      static_cast<double>(genuine.held) / static_cast<double>(std::max<std::size_t>(1, judged.genuine));
  judged.decoys_held = static_cast<double>(decoy.held) / static_cast<double>(std::max<std::size_t>(1, judged.decoys));
  std::sort(families.begin(), families.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [family, fakes] : families) judged.families.push_back({family, is_new_family(family), line(fakes)});
  judged.state_bytes = intake.bytes();
  return judged;
}

}  // namespace zan::learning
