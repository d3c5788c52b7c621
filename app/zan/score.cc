// How well a detector did on a stream whose truth is known.
#include <fmt/format.h>

#include <fstream>

#include "simulation/simulation.h"
#include "zan/commands.h"
#include "zan/exit_code.h"

namespace zan::app {
namespace {

struct Options {
  std::string labels;
  std::string verdicts;
  std::string events;
};

// A file's lines, with their numbers for what is wrong with them.
class Lines {
 public:
  explicit Lines(const std::string& path) : path_(path), file_(path) {}

  Result<void> header(std::string& line) {
    if (!file_) return not_found(path_ + " cannot be read");
    if (!next(line)) return invalid(path_ + " is empty");
    return {};
  }
  bool next(std::string& line) {
    ++number_;
    return static_cast<bool>(std::getline(file_, line));
  }
  [[nodiscard]] Error wrong(const Error& error) const {
    return {error.kind, fmt::format("{}, line {}: {}", path_, number_, error.message), error.field};
  }
  [[nodiscard]] bool broken() const { return file_.bad(); }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::ifstream file_;
  std::uint64_t number_ = 0;
};

// The devices of a stream, whose verdicts do not name them.
class Devices {
 public:
  Result<void> open(const std::string& path) {
    if (path.empty()) return {};
    lines_.emplace(path);
    ZAN_TRY(lines_->header(line_));
    simulation::split_csv(line_, fields_);
    for (column_ = 0; column_ < fields_.size() && fields_[column_] != "device";) ++column_;
    if (column_ == fields_.size()) return invalid(path + " has no column device", "--events");
    return {};
  }
  // Of the next event; empty where nobody knows.
  std::string_view next() {
    if (!lines_ || !lines_->next(line_)) return {};
    simulation::split_csv(line_, fields_);
    return column_ < fields_.size() ? fields_[column_] : std::string_view();
  }

 private:
  std::optional<Lines> lines_;
  std::string line_;
  std::vector<std::string_view> fields_;
  std::size_t column_ = 0;
};

Result<simulation::Score> score(const Options& options) {
  Lines labels(options.labels), verdicts(options.verdicts);
  Devices devices;
  std::string label_line, verdict_line;
  ZAN_TRY(labels.header(label_line));
  if (!label_line.starts_with(simulation::labels_header)) return labels.wrong(invalid("the header is another one"));
  ZAN_TRY(verdicts.header(verdict_line));
  auto reader = simulation::VerdictReader::open(verdict_line);
  if (!reader.ok()) return verdicts.wrong(reader.error());
  ZAN_TRY(devices.open(options.events));
  simulation::Scorer scorer;
  for (;;) {
    const bool more = labels.next(label_line);
    if (more != verdicts.next(verdict_line))
      return (more ? verdicts : labels).wrong(invalid("ends here, before " + (more ? labels : verdicts).path()));
    if (!more) break;
    const auto label = simulation::parse_label(label_line);
    if (!label.ok()) return labels.wrong(label.error());
    auto verdict = reader->read(verdict_line);
    if (!verdict.ok()) return verdicts.wrong(verdict.error());
    if (const auto device = devices.next(); verdict->device.empty()) verdict->device = device;
    scorer.add(*label, *verdict);
  }
  if (labels.broken() || verdicts.broken()) return unavailable("a file could not be read to its end");
  return scorer.score();
}

int run(const Options& options) {
  const auto scored = score(options);
  if (!scored.ok()) return fail(scored.error());
  fmt::print("{}", to_text(*scored));
  return exit_ok;
}

}  // namespace

void add_score(CLI::App& root, Run& chosen) {
  CLI::App* command =
      root.add_subcommand("score", "Compare a detector's verdicts with the truth of a simulated stream");
  const auto options = std::make_shared<Options>();
  command->add_option("--labels", options->labels, "What zan simulate --labels wrote")->required();
  command->add_option("--verdicts", options->verdicts, "CSV with at, actor, subject, verdict and perhaps judged_at")
      ->required();
  command->add_option("--events", options->events, "The stream itself, to count the attackers' devices");
  command->footer("Verdicts stand in the order of the labels, one for each event.");
  command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace zan::app
