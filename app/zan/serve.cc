#include <fmt/format.h>

#include <thread>

#include "api/api.h"
#include "base/log.h"
#include "zan/audience_options.h"
#include "zan/commands.h"
#include "zan/demo.h"
#include "zan/demo_people.h"
#include "zan/descriptors.h"
#include "zan/evidence_options.h"
#include "zan/exit_code.h"
#include "zan/interrupts.h"
#include "zan/listen_address.h"
#include "zan/serve_file.h"
#include "zan/simulated_attack.h"

namespace zan::app {
namespace {

struct Options {
  std::string data;
  std::string listen = "127.0.0.1:8080";
  std::string demo = "none";
  std::string accounts = "auto";
  std::string dataset;
  std::string cors;
  unsigned io_threads = 2;
  std::uint32_t anonymous_rate = 0;
  std::string log_level = "info";
  EvidenceFlags evidence;
  std::string integrity = "on";
  double decision_hours = 12, appeal_hours = 168;
  std::string public_report = "off";
  std::string rules, model;
  std::string audience = "on";
  std::string feeds = "on";
  std::string insights = "on";
  std::string tags;
  std::uint64_t judged_accounts = 1'000'000;
  std::uint32_t verdict_delay_s = 0;
};

constexpr double service_hours_min = 0.001, service_hours_max = 24 * 366;

std::int64_t us_of_hours(double hours) {
  return static_cast<std::int64_t>(hours * 3600 * static_cast<double>(us_per_second));
}

// Only what somebody names; the engine has the rest.
Result<engine::IntegrityOptions> integrity_options(const Options& options) {
  engine::IntegrityOptions integrity;
  integrity.on = options.integrity == "on";
  integrity.levels = {us_of_hours(options.decision_hours), us_of_hours(options.appeal_hours)};
  integrity.intake.accounts = options.judged_accounts;
  integrity.intake.delay_ms_max = std::int64_t{options.verdict_delay_s} * 1000;
  ZAN_ASSIGN(const auto disk, storage::open_machine_disk("."));
  if (!options.rules.empty()) {
    ZAN_ASSIGN(const Bytes text, storage::read_file(*disk, options.rules));
    integrity.intake.rules = as_text(text);
    if (const auto rules = integrity::load_intake_rules(integrity.intake.rules); !rules.ok())
      return Error{rules.error().kind, options.rules + ":" + rules.error().message, "--rules"};
  }
  if (!options.model.empty()) {
    ZAN_ASSIGN(const Bytes bytes, storage::read_file(*disk, options.model));
    ZAN_ASSIGN(integrity.intake.model, integrity::model::decode_model(bytes));
  }
  return integrity;
}

Result<engine::AudienceOptions> audience_options(const Options& options) {
  engine::AudienceOptions audience;
  audience.on = options.audience == "on";
  ZAN_ASSIGN(audience.catalogue, read_tags(options.tags));
  return audience;
}

// Once the engine holds the folder: the trail has one writer. People sign in where somebody can: by `zan account`, or in a demo by a role alone.
Result<void> let_people_in(const Options& options, api::ServerOptions& server) {
  ZAN_ASSIGN(server.audit, accounts::AuditTrail::open(options.data));
  if (options.accounts == "off") return {};
  accounts::AccountsOptions account_options;
  account_options.data_folder = options.data;
  ZAN_ASSIGN(std::shared_ptr<accounts::Accounts> accounts, accounts::Accounts::open(std::move(account_options)));
  server.demo = options.demo != "none";
  if (server.demo) accounts->set_demo(demo_staff(machine_clock().now()));
  if (options.accounts == "on" || server.demo || accounts->any()) server.accounts = std::move(accounts);
  return {};
}

log::Level to_level(const std::string& name) {
  if (name == "debug") return log::Level::debug;
  if (name == "warn") return log::Level::warn;
  return name == "error" ? log::Level::error : log::Level::info;
}

// Fills the folder, if it is to be filled, and says what to try; beside the serving.
void accompany(engine::Engine& engine, connectors::Source* demo, const Options& options,
               const api::ServerOptions& server, const std::string& url, const std::stop_token& stop) {
  if (demo != nullptr) {
    if (const auto filled = fill_demo(engine, options.data, *demo, stop); !filled.ok()) {
      log::error("filling the folder failed", {{"reason", filled.error().message}});
      return;
    }
    if (stop.stop_requested()) return;
    if (server.accounts != nullptr) server.accounts->set_demo(demo_people(engine, machine_clock().now()));
    fmt::print(stderr, "\n{} is ready.\n{}", url, requests_to_try(engine, url));
  }
}

int serve(const Options& options, api::ServerOptions server_options, connectors::Source* demo) {
  Interrupts interrupts;
  raise_descriptor_limit(server_options.limits.connections);
  const auto cosigners = open_cosigners(options.evidence, options.data);
  if (!cosigners.ok()) return fail(cosigners.error());
  engine::EngineOptions engine_options;
  engine_options.data_folder = options.data;
  engine_options.evidence = to_options(options.evidence, cosigners->get());
  auto integrity = integrity_options(options);
  if (!integrity.ok()) return fail(integrity.error());
  engine_options.integrity = std::move(*integrity);
  auto audience = audience_options(options);
  if (!audience.ok()) return fail(audience.error());
  engine_options.audience = std::move(*audience);
  engine_options.matching.on = options.feeds == "on";
  engine_options.insights.on = options.insights == "on";
  auto engine = engine::Engine::open(std::move(engine_options));
  if (!engine.ok()) return fail(explain_lock(engine.error(), options.data, "use that one, or stop it first"));
  if (const auto opened = let_people_in(options, server_options); !opened.ok()) return fail(opened.error());
  std::shared_ptr<SimulatedAttack> red_team;
  if (server_options.demo) server_options.red_team = red_team = std::make_shared<SimulatedAttack>(**engine, AttackOptions{});
  auto server = api::Server::start(**engine, server_options);
  if (!server.ok()) return fail(server.error());
  const std::string url = reachable_url({server_options.host, (*server)->port()});
  if (const auto written = write_serve_file(options.data, url); !written.ok()) return fail(written.error());
  fmt::print("listening on {}\n", url);
  std::fflush(stdout);
  {
    std::jthread companion([&](const std::stop_token& stop) { accompany(**engine, demo, options, server_options, url, stop); });
    interrupts.wait();
    log::info("stopping; a second signal ends at once");
    companion.request_stop();
  }
  (*server)->stop();
  if (red_team != nullptr) red_team->stop();
  (*engine)->stop();
  remove_serve_file(options.data);
  log::info("stopped");
  return exit_ok;
}

int run(const Options& options) {
  log::set_level(to_level(options.log_level));
  api::ServerOptions server;
  const auto listen = parse_listen(options.listen);
  if (!listen.ok()) return fail(listen.error());
  server.host = listen->host;
  server.port = listen->port;
  server.data_folder = options.data;
  server.io_threads = options.io_threads;
  server.cors_origin = options.cors;
  server.anonymous_rate = options.anonymous_rate;
  server.public_report = options.public_report == "on";
  auto demo = open_demo(options.demo, options.dataset);
  if (!demo.ok()) return fail(demo.error());
  return serve(options, std::move(server), demo->get());
}

// What is kept beside the likes, each a view that may be left out.
void add_views(CLI::App& command, Options& options) {
  const auto add = [&](const char* name, std::string& chosen, const char* what) {
    command.add_option(name, chosen, what)->check(CLI::IsMember({"on", "off"}))->capture_default_str();
  };
  add("--audience", options.audience, "Know the audience by tags, and answer questions about segments");
  add("--feeds", options.feeds, "Know who likes what, answer feeds, and learn models for them");
  add("--insights", options.insights, "Keep counts by day, and answer what creators want to know of their works");
}

}  // namespace

void add_serve(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("serve", "Serve a data folder over HTTP");
  const auto options = std::make_shared<Options>();
  command->add_option("--data", options->data, "Data folder; made if absent")->required();
  command->add_option("--listen", options->listen, "HOST:PORT; port 0 takes a free one")->capture_default_str();
  command->add_option("--demo", options->demo, "What an empty folder is filled with on first start")
      ->check(CLI::IsMember({"none", "kuairand", "synthetic"}))
      ->capture_default_str();
  command->add_option("--dataset", options->dataset, "The KuaiRand folder, for --demo kuairand");
  command
      ->add_option("--accounts", options->accounts,
                   "Whether people sign in; auto: when there is an account (zan account add), or it is a demo")
      ->check(CLI::IsMember({"on", "off", "auto"}))
      ->capture_default_str();
  command->add_option("--cors", options->cors, "Origin whose pages may read answers, or *");
  command->add_option("--io-threads", options->io_threads, "Threads for connections")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  command
      ->add_option("--anonymous-rate", options->anonymous_rate,
                   "Events or requests a second for callers without a key; 0: no limit")
      ->capture_default_str();
  add_evidence_options(*command, options->evidence);
  command
      ->add_option("--integrity", options->integrity,
                   "Judge acts as they come, find groups that move together, and take their likes out of the counts")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  command->add_option("--decision-hours", options->decision_hours, "How long a suspected case waits for people")
      ->check(CLI::Range(service_hours_min, service_hours_max))
      ->capture_default_str();
  command->add_option("--appeal-hours", options->appeal_hours, "How long an appeal waits for an answer")
      ->check(CLI::Range(service_hours_min, service_hours_max))
      ->capture_default_str();
  command
      ->add_option("--public-report", options->public_report,
                   "Tell everybody at /report what was found, removed, appealed and overturned, month by month")
      ->check(CLI::IsMember({"on", "off"}))
      ->capture_default_str();
  command->add_option("--rules", options->rules, "A file of rules for acts as they come, instead of those that ship");
  command->add_option("--model", options->model, "A model that holds what it takes for fakes, made by training");
  command
      ->add_option("--judged-accounts", options->judged_accounts,
                   "Accounts whose history is remembered, 160 to 350 bytes each, by what the rules read")
      ->check(CLI::Range(1'000, 100'000'000))
      ->capture_default_str();
  command
      ->add_option("--verdict-delay", options->verdict_delay_s,
                   "Most seconds that a verdict of an act as it comes is kept back, so that rules cannot be probed")
      ->check(CLI::Range(0, 30 * 86'400))
      ->capture_default_str();
  add_views(*command, *options);
  command->add_option("--tags", options->tags, "A file of tags, instead of those that come along or beside them");
  command->add_option("--log-level", options->log_level, "What is logged to standard error, as lines of JSON")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
      ->capture_default_str();
  command->footer(
      "Prints \"listening on http://HOST:PORT\" when requests are taken. SIGINT or SIGTERM: ends what is under way "
      "and\n"
      "stops; a second one stops at once. Beyond loopback at least one API key is needed: zan key add. TLS is left to "
      "a\n"
      "reverse proxy.");
  command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace zan::app
