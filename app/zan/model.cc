// zan model: which versions of the learned scorer a folder has, and which one serves.
#include <fmt/format.h>

#include "engine/engine.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/progress_bar.h"
#include "zan/proof_text.h"

namespace zan::app {
namespace {

namespace model = integrity::model;

std::string time_text(std::int64_t ms) {
  return to_rfc3339(Timestamp{ms * us_per_ms});
}

struct ModelOptions {
  std::string data, by = "zan model";
  std::uint32_t version = 0;
};

int list(const ModelOptions& options) {
  const auto manifest = engine::list_models(options.data);
  if (!manifest.ok()) return fail(manifest.error());
  for (const model::ModelVersion& one : manifest->versions)
    fmt::print("{} {} {}  made {} by {}, {} rows with {} fakes of {} to {}, AUC {:.4f}, log loss {:.5f}\n",
               one.version == manifest->active() ? "*" : " ", one.version, model::to_hex(one.digest),
               time_text(one.made_ms), printable(one.by), grouped(one.rows), grouped(one.fakes),
               time_text(one.trained_from_ms), time_text(one.trained_until_ms), one.auc_millionths / 1e6,
               one.log_loss_millionths / 1e6);
  for (const model::Activation& one : manifest->activations)
    fmt::print("{} {} by {}\n", time_text(one.at_ms),
               one.version == 0 ? std::string("none in service") : fmt::format("model {} in service", one.version),
               printable(one.by));
  if (manifest->versions.empty()) fmt::print("there is no model yet: zan train\n");
  return exit_ok;
}

int said(std::uint32_t version) {
  fmt::print("{} from the server's next start on\n",
             version == 0 ? std::string("no model serves") : fmt::format("model {} serves", version));
  return exit_ok;
}

int activate(const ModelOptions& options) {
  const auto done = engine::activate_model(options.data, options.version, options.by);
  return done.ok() ? said(options.version) : fail(done.error());
}

int rollback(const ModelOptions& options) {
  const auto version = engine::roll_back_model(options.data, options.by);
  return version.ok() ? said(*version) : fail(version.error());
}

CLI::App* add_action(CLI::App& parent, const char* name, const char* about, int (*action)(const ModelOptions&),
                     const std::shared_ptr<ModelOptions>& options, Run& chosen) {
  CLI::App* command = parent.add_subcommand(name, about);
  command->add_option("--data", options->data, "Data folder, served or not")->required()->check(CLI::ExistingDirectory);
  command->callback([&chosen, options, action] { chosen = [options, action] { return action(*options); }; });
  return command;
}

}  // namespace

void add_model(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("model", "See and choose the model of fake likes that serves");
  command->require_subcommand(1);
  const auto options = std::make_shared<ModelOptions>();
  add_action(*command, "list", "All versions, and which one is in service (*)", &list, options, chosen);
  CLI::App* activating = add_action(*command, "activate", "Put a version into service", &activate, options, chosen);
  activating->add_option("--version", options->version, "Its number; 0: none serves")->required();
  CLI::App* back = add_action(*command, "rollback", "Back to what was in service before", &rollback, options, chosen);
  for (CLI::App* one : {activating, back})
    one->add_option("--by", options->by, "Who does it; stands in the list")->capture_default_str();
}

}  // namespace zan::app
