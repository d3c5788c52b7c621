// zan audience: the tags there are, and the audience of a folder made anew.
#include <fmt/format.h>

#include "engine/engine.h"
#include "zan/audience_options.h"
#include "zan/commands.h"
#include "zan/exit_code.h"
#include "zan/interrupts.h"
#include "zan/progress_bar.h"
#include "zan/serve_file.h"

namespace zan::app {
namespace {

struct Options {
  std::string data, tags;
  bool resume = false;
};

int rebuild(const Options& options) {
  engine::AudienceOptions audience;
  auto catalogue = read_tags(options.tags);
  if (!catalogue.ok()) return fail(catalogue.error());
  audience.catalogue = std::move(*catalogue);
  const Interrupts interrupts;
  ProgressBar bar("rebuilding the audience");
  const auto done = engine::rebuild_audience(options.data, audience, options.resume, [&](double share) {
    bar.update(static_cast<std::uint64_t>(share * 1000), 1000, "");
    return !interrupts.happened();
  });
  bar.finish(done.ok() ? "done" : "not done");
  if (done.ok()) return exit_ok;
  if (done.error().kind == ErrorKind::expired) {
    fmt::print(stderr, "{}; go on with --resume\n", done.error().message);
    return exit_interrupted;
  }
  return fail(explain_lock(done.error(), options.data, "stop it first; it also makes its audience anew by itself"));
}

int check_tags(const Options& options) {
  const auto catalogue = read_tags(options.tags);
  if (!catalogue.ok()) return fail(catalogue.error());
  fmt::print("{} tags of {} categories, for {} purposes\n", (*catalogue)->tags().size(),
             (*catalogue)->categories().size(), (*catalogue)->purposes().size());
  return exit_ok;
}

}  // namespace

void add_audience(CLI::App& root, Run& chosen) {
  CLI::App* command = root.add_subcommand("audience", "Tags of a file, and the audience of a folder made anew");
  command->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  CLI::App* anew = command->add_subcommand("rebuild", "Make the audience anew from the journal, with nothing serving it");
  anew->add_option("--data", options->data, "Data folder")->required()->check(CLI::ExistingDirectory);
  anew->add_option("--tags", options->tags, "The file of tags that the server is given");
  anew->add_flag("--resume", options->resume, "Go on where a rebuild was interrupted");
  anew->callback([&chosen, options] { chosen = [options] { return rebuild(*options); }; });
  CLI::App* check = command->add_subcommand("check", "Check a file of tags");
  check->add_option("file", options->tags, "The file")->required();
  check->callback([&chosen, options] { chosen = [options] { return check_tags(*options); }; });
}

}  // namespace zan::app
