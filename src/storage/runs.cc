#include "storage/runs.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <set>

#include "base/require.h"
#include "storage/run_compaction.h"
#include "storage/run_manifest.h"
#include "storage/run_view.h"
#include "storage/run_writer.h"

namespace zan::storage {
namespace {

// All sets at one moment. Immutable; each commit makes the next one.
struct State {
  Position position;
  std::vector<std::shared_ptr<const SetView>> sets;
  Bytes manifest;  // as it stands on disk
};

// Run files that no manifest names yet. They go again unless somebody keeps them.
class FreshFiles {
 public:
  explicit FreshFiles(Disk& disk) : disk_(disk) {}
  ~FreshFiles() {
    for (const std::string& path : paths_) [[maybe_unused]]
      const Result<void> removed = disk_.remove(path);
  }
  FreshFiles(const FreshFiles&) = delete;
  FreshFiles& operator=(const FreshFiles&) = delete;

  void add(std::string path) { paths_.push_back(std::move(path)); }
  std::vector<std::string> keep() { return std::exchange(paths_, {}); }

 private:
  Disk& disk_;
  std::vector<std::string> paths_;
};

// The folder that holds this one.
std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

class RunsImpl final : public Runs {
 public:
  RunsImpl(Disk& disk, std::vector<RunSchema> schemas, RunOptions options)
      : disk_(disk),
        schemas_(std::make_shared<const std::vector<RunSchema>>(std::move(schemas))),
        options_(std::move(options)),
        manifest_path_(manifest_path(options_.folder)) {}
  ~RunsImpl() override { remove_replaced(); }

  Result<void> load();

  Position position() const override { return state()->position; }
  std::shared_ptr<const RunView> view(std::size_t set) const override { return state()->sets.at(set); }
  Result<void> flush(Position up_to, std::span<const RunSetRows> sets) override;
  Result<bool> compact(std::stop_token stop) override;
  Result<void> compact_all(std::stop_token stop) override;
  std::size_t run_count_max() const override;
  Result<void> verify() const override;
  Result<Hold> hold() const override;

 private:
  using NewSets = std::vector<std::vector<PlacedRun>>;

  std::shared_ptr<const State> state() const {
    const std::lock_guard lock(state_mutex_);
    return state_;
  }
  [[nodiscard]] Manifest manifest_of(Position position, const NewSets& sets) const;
  Result<NewSets> load_sets(const Manifest& manifest);
  Result<std::vector<PlacedRun>> load_set(const RunSchema& schema, const ManifestSet& set);
  Result<void> remove_unnamed(const NewSets& sets);
  void publish(Position position, const NewSets& sets, Bytes manifest);
  template <typename Change>
  Result<void> commit(FreshFiles& fresh, Change change);
  bool manifest_untouched(const State& old);
  Result<bool> run_compaction(const Compaction& job, std::stop_token stop);
  void remove_replaced();

  Disk& disk_;
  const RunSchemas schemas_;
  const RunOptions options_;
  const std::string manifest_path_;

  // Guards state_, for as long as it takes to copy the pointer.
  mutable std::mutex state_mutex_;
  std::shared_ptr<const State> state_;

  std::atomic<std::uint64_t> next_number_{1};

  std::mutex compaction_mutex_;  // one compaction at a time

  // Guards the manifest on disk and the two lists below.
  std::mutex commit_mutex_;
  std::vector<std::shared_ptr<const RunFile>> replaced_;  // no manifest names them; views may still read them
  std::vector<std::string> doubtful_;  // a commit failed half-way, the manifest on disk may name them
};

Manifest RunsImpl::manifest_of(Position position, const NewSets& sets) const {
  Manifest manifest{position, next_number_.load(), {}};
  for (std::size_t i = 0; i < schemas_->size(); ++i) {
    const RunSchema& schema = (*schemas_)[i];
    ManifestSet& set = manifest.sets.emplace_back();
    set.name = schema.name;
    set.columns = static_cast<std::uint8_t>(schema.columns);
    set.key_columns = static_cast<std::uint8_t>(schema.key_columns);
    set.filtered = schema.filtered;
    for (const PlacedRun& run : sets[i]) {
      const RunFooter& footer = run.file->footer();
      set.runs.push_back({footer.run, run.tier, footer.rows, footer.file_bytes(), run.file->identity()});
    }
  }
  return manifest;
}

void RunsImpl::publish(Position position, const NewSets& sets, Bytes manifest) {
  auto next = std::make_shared<State>();
  next->position = position;
  next->manifest = std::move(manifest);
  for (std::size_t i = 0; i < sets.size(); ++i) next->sets.push_back(std::make_shared<SetView>(schemas_, i, sets[i]));
  std::shared_ptr<const State> old = std::move(next);
  const std::lock_guard lock(state_mutex_);
  state_.swap(old);
}

Result<std::vector<PlacedRun>> RunsImpl::load_set(const RunSchema& schema, const ManifestSet& set) {
  if (set.columns != schema.columns || set.key_columns != schema.key_columns || set.filtered != schema.filtered)
    return unsupported("set " + schema.name + " is stored in another shape");
  std::vector<PlacedRun> runs;
  for (const ManifestRun& run : set.runs) {
    std::string path = run_path(options_.folder, set.name, run.number);
    ZAN_ASSIGN(const bool exists, disk_.exists(path));
    if (!exists) return corrupt(path + ": missing, though the manifest names it");
    ZAN_ASSIGN(auto file, RunFile::open(disk_, path));
    const RunFooter& footer = file->footer();
    const bool same = file->identity() == run.identity && footer.run == run.number && footer.rows == run.rows &&
                      footer.file_bytes() == run.bytes && footer.columns == set.columns &&
                      footer.key_columns == set.key_columns && footer.filtered == set.filtered;
    if (!same) return corrupt(path + ": is not the run that the manifest means");
    runs.push_back({std::move(file), run.tier});
  }
  return runs;
}

Result<RunsImpl::NewSets> RunsImpl::load_sets(const Manifest& manifest) {
  NewSets sets(schemas_->size());
  for (const ManifestSet& stored : manifest.sets) {
    const auto schema = std::find_if(schemas_->begin(), schemas_->end(),
                                     [&](const RunSchema& candidate) { return candidate.name == stored.name; });
    if (schema == schemas_->end()) return unsupported("runs hold a set that is not known here: " + stored.name);
    ZAN_ASSIGN(sets[static_cast<std::size_t>(schema - schemas_->begin())], load_set(*schema, stored));
  }
  return sets;
}

Result<void> RunsImpl::remove_unnamed(const NewSets& sets) {
  std::set<std::string> named{manifest_path_};
  for (const auto& set : sets)
    for (const PlacedRun& run : set) named.insert(run.file->path());
  ZAN_ASSIGN(const auto names, disk_.list(options_.folder));
  for (const std::string& name : names) {
    const std::string path = options_.folder + '/' + name;
    if (!named.contains(path)) ZAN_TRY(disk_.remove(path));
  }
  return {};
}

Result<void> RunsImpl::load() {
  ZAN_TRY(disk_.make_folder(options_.folder));
  ZAN_ASSIGN(const bool exists, disk_.exists(manifest_path_));
  Bytes manifest_bytes;
  if (exists) {
    ZAN_ASSIGN(manifest_bytes, read_file(disk_, manifest_path_));
  } else {
    // The manifest is written before the first run, so runs without one mean that it was lost.
    ZAN_ASSIGN(const auto names, disk_.list(options_.folder));
    if (std::any_of(names.begin(), names.end(), [](const std::string& name) { return name.ends_with(".run"); }))
      return corrupt(manifest_path_ + ": missing, though there are runs");
    manifest_bytes = encode_manifest(manifest_of({}, NewSets(schemas_->size())));
    ZAN_TRY(write_file(disk_, manifest_path_, manifest_bytes));
    ZAN_TRY(disk_.sync_folder(folder_of(options_.folder)));
  }
  ZAN_ASSIGN(const Manifest manifest, parse_manifest(manifest_bytes, manifest_path_));
  next_number_ = manifest.next_number;
  ZAN_ASSIGN(const NewSets sets, load_sets(manifest));
  // Its name may have been seen by us only: what the one before it names goes when this one is durable.
  ZAN_TRY(disk_.sync_folder(options_.folder));
  ZAN_TRY(remove_unnamed(sets));
  publish(manifest.position, sets, std::move(manifest_bytes));
  return {};
}

// After a failed commit: true if the manifest on disk is surely still the old one.
bool RunsImpl::manifest_untouched(const State& old) {
  const Result<Bytes> there = read_file(disk_, manifest_path_);
  return there.ok() && *there == old.manifest;
}

// Moves all sets to what `change(position, sets)` makes of them. `fresh`: files the new state names
// and the old did not.
template <typename Change>
Result<void> RunsImpl::commit(FreshFiles& fresh, Change change) {
  const std::lock_guard lock(commit_mutex_);
  const std::shared_ptr<const State> old = state();
  Position position = old->position;
  NewSets sets;
  for (const auto& set : old->sets) sets.push_back(set->runs());
  std::vector<std::shared_ptr<const RunFile>> replaced;
  change(position, sets, replaced);
  Bytes manifest = encode_manifest(manifest_of(position, sets));

  if (const auto written = write_file(disk_, manifest_path_, manifest); !written.ok()) {
    // Its new name may or may not have reached the disk: then the new files must stay until a later
    // commit is sure.
    if (!manifest_untouched(*old))
      for (std::string& path : fresh.keep()) doubtful_.push_back(std::move(path));
    return written.error();
  }
  fresh.keep();
  for (const std::string& path : std::exchange(doubtful_, {})) [[maybe_unused]]
    const Result<void> removed = disk_.remove(path);
  publish(position, sets, std::move(manifest));
  replaced_.insert(replaced_.end(), replaced.begin(), replaced.end());
  return {};
}

Result<void> RunsImpl::flush(Position up_to, std::span<const RunSetRows> sets) {
  require(up_to >= position(), "flush moves the position forward");
  FreshFiles fresh(disk_);
  std::vector<std::pair<std::size_t, std::shared_ptr<const RunFile>>> runs;
  for (const RunSetRows& rows : sets) {
    if (rows.rows.empty()) continue;
    const RunSchema& schema = schemas_->at(rows.set);
    require(in_key_order(rows.rows, schema.key_columns), "the rows of a run in key order");
    const std::uint64_t number = next_number_.fetch_add(1);
    ZAN_ASSIGN(auto writer, RunWriter::create(disk_, schema, run_path(options_.folder, schema.name, number), number,
                                              rows.rows.size()));
    ZAN_TRY(writer->add(rows.rows));
    ZAN_ASSIGN(auto file, writer->finish());
    fresh.add(file->path());
    runs.emplace_back(rows.set, std::move(file));
  }
  if (!runs.empty()) ZAN_TRY(disk_.sync_folder(options_.folder));
  ZAN_TRY(commit(fresh, [&](Position& position, NewSets& all, auto&) {
    position = up_to;
    for (auto& [set, file] : runs) all[set].push_back({file, 0});
  }));
  return {};
}

// False: stopped.
Result<bool> RunsImpl::run_compaction(const Compaction& job, std::stop_token stop) {
  const RunSchema& schema = (*schemas_)[job.set];
  const std::uint64_t number = next_number_.fetch_add(1);
  FreshFiles fresh(disk_);
  CompactionOutput output;
  ZAN_TRY(merge_runs(disk_, schema, job, {run_path(options_.folder, schema.name, number), number}, stop, output));
  if (output.stopped) return false;
  if (output.run) {
    fresh.add(output.run->path());
    ZAN_TRY(disk_.sync_folder(options_.folder));
  }
  ZAN_TRY(commit(fresh, [&](Position&, NewSets& all, auto& replaced) {
    std::vector<PlacedRun>& runs = all[job.set];
    const auto first =
        std::find_if(runs.begin(), runs.end(), [&](const PlacedRun& run) { return run.file == job.inputs.front(); });
    const auto last = first + static_cast<std::ptrdiff_t>(job.inputs.size());
    const auto at = runs.erase(first, last);
    if (output.run) runs.insert(at, {output.run, job.tier});
    replaced = job.inputs;
  }));
  return true;
}

Result<bool> RunsImpl::compact(std::stop_token stop) {
  const std::lock_guard lock(compaction_mutex_);
  remove_replaced();
  bool done = false;
  {
    const std::optional<Compaction> job = pick_compaction(state()->sets, options_.fan_in);
    if (!job) return false;
    ZAN_ASSIGN(done, run_compaction(*job, stop));
  }
  remove_replaced();
  return done;
}

Result<void> RunsImpl::compact_all(std::stop_token stop) {
  const std::lock_guard lock(compaction_mutex_);
  for (std::size_t set = 0; set < schemas_->size(); ++set) {
    const std::optional<Compaction> job = whole_compaction(set, *state()->sets[set]);
    if (!job) continue;
    ZAN_ASSIGN(const bool done, run_compaction(*job, stop));
    if (!done) return {};
  }
  remove_replaced();
  return disk_.sync_folder(options_.folder);
}

// Removes replaced files that only this list still holds: nobody can come by them any more.
void RunsImpl::remove_replaced() {
  std::vector<std::shared_ptr<const RunFile>> unused;
  {
    const std::lock_guard lock(commit_mutex_);
    const auto used =
        std::partition(replaced_.begin(), replaced_.end(), [](const auto& run) { return run.use_count() > 1; });
    std::move(used, replaced_.end(), std::back_inserter(unused));
    replaced_.erase(used, replaced_.end());
  }
  for (auto& run : unused) {
    const std::string path = run->path();
    run.reset();
    // What cannot be removed now is not in the manifest, and goes at the next open.
    [[maybe_unused]] const Result<void> removed = disk_.remove(path);
  }
}

std::size_t RunsImpl::run_count_max() const {
  std::size_t most = 0;
  const std::shared_ptr<const State> now = state();
  for (const auto& set : now->sets) most = std::max(most, set->run_count());
  return most;
}

Result<void> RunsImpl::verify() const {
  const std::shared_ptr<const State> now = state();
  for (const auto& set : now->sets) {
    for (const PlacedRun& run : set->runs()) {
      // Opened anew: what is in memory was right once, the bytes on disk are in question.
      ZAN_ASSIGN(const auto file, RunFile::open(disk_, run.file->path()));
      if (file->identity() != run.file->identity()) return corrupt(file->path() + ": is another run than was opened");
      ZAN_TRY(file->verify());
    }
  }
  ZAN_ASSIGN(const Bytes manifest, read_file(disk_, manifest_path_));
  const Result<Manifest> parsed = parse_manifest(manifest, manifest_path_);
  return parsed.ok() ? Result<void>() : parsed.error();
}

Result<Runs::Hold> RunsImpl::hold() const {
  const std::shared_ptr<const State> now = state();
  Hold hold;
  for (const auto& set : now->sets)
    for (const PlacedRun& run : set->runs()) hold.files.push_back(run.file->path());
  hold.manifest = now->manifest;
  hold.keep_alive = now;
  return hold;
}

void check_schemas(const std::vector<RunSchema>& schemas) {
  std::set<std::string> names;
  for (const RunSchema& schema : schemas) {
    require(!schema.name.empty() && schema.name.size() <= set_name_bytes_max, "a set has a name");
    require(names.insert(schema.name).second, "set names are unique");
    require(schema.columns >= 1 && schema.columns <= row_columns_max, "one to four columns");
    require(schema.key_columns >= 1 && schema.key_columns <= std::min(schema.columns, key_columns_max),
            "one to three key columns, and no more than columns");
    require(!schema.filtered || schema.key_columns >= 2, "a filter needs two key columns");
  }
}

}  // namespace

Result<std::unique_ptr<Runs>> Runs::open(Disk& disk, std::vector<RunSchema> schemas, RunOptions options) {
  check_schemas(schemas);
  require(options.fan_in >= 2, "a merge takes two runs at least");
  auto runs = std::make_unique<RunsImpl>(disk, std::move(schemas), options);
  ZAN_TRY(runs->load());
  return std::unique_ptr<Runs>(std::move(runs));
}

}  // namespace zan::storage
