#include "connectors/import.h"

#include <deque>

#include "base/hash.h"

namespace zan::connectors {
namespace {

constexpr std::size_t batches_per_note = 16;
constexpr std::string_view note_magic = "zan-import 1\n";

std::string note_path(const std::string& identity) {
  constexpr char digits[] = "0123456789abcdef";
  const std::uint64_t hash = checksum64(as_bytes(identity));
  std::string path = "import/";
  for (int shift = 60; shift >= 0; shift -= 4) path.push_back(digits[(hash >> shift) & 15]);
  return path + ".cursor";
}

// Takes one line off the front of `text`.
std::optional<std::string_view> take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

class Import {
 public:
  Import(Sink& sink, Source& source, const ImportOptions& options)
      : sink_(sink), source_(source), options_(options), identity_(source.identity()) {}

  Result<ImportReport> run() {
    ZAN_TRY(begin());
    ZAN_TRY(pump());
    report_.totals = source_.totals();
    if (!report_.interrupted) ZAN_TRY(note(true));
    return std::move(report_);
  }

 private:
  [[nodiscard]] bool notes() const { return options_.notes != nullptr && !identity_.empty(); }

  Result<void> begin() {
    if (!notes() || options_.restart) return {};
    ZAN_ASSIGN(const auto noted, load_note(*options_.notes, identity_));
    if (!noted) return {};
    report_.was_complete = noted->complete;
    if (noted->cursor.empty()) return {};
    report_.resumed = !noted->complete;
    durable_ = noted->cursor;
    return source_.resume(noted->cursor);
  }

  Result<void> pump() {
    Batch batch;
    bool more = true;
    while (more || sink_.in_flight() > 0) {
      if (more && options_.stop.stop_requested()) {
        report_.interrupted = true;
        more = false;
        continue;
      }
      if (more && sink_.in_flight() < sink_.in_flight_max()) {
        batch.clear();
        auto read = source_.next(batch);
        if (!read.ok()) return finish_after(read.error());
        more = read.value();
        if (more) ZAN_TRY(send(batch));
        continue;
      }
      ZAN_TRY(settle());
    }
    return note(false);
  }

  // What was sent before the input broke off is still worth noting.
  Result<void> finish_after(const Error& error) {
    while (sink_.in_flight() > 0) ZAN_TRY(settle());
    ZAN_TRY(note(false));
    return error;
  }

  Result<void> send(const Batch& batch) {
    for (const BadRow& bad : batch.bad) problem(bad);
    ZAN_TRY(sink_.send(batch));
    cursors_.push_back(batch.cursor);
    return {};
  }

  Result<void> settle() {
    ZAN_ASSIGN(const Outcome outcome, sink_.take_oldest());
    report_.accepted += outcome.accepted;
    report_.duplicates += outcome.duplicates;
    report_.attributes += outcome.attributes;
    report_.showings += outcome.showings;
    for (const BadRow& bad : outcome.rejected) problem(bad);
    durable_ = std::move(cursors_.front());
    cursors_.pop_front();
    if (++settled_ % batches_per_note == 0) ZAN_TRY(note(false));
    if (options_.on_progress) options_.on_progress(source_.progress(), report_.accepted + report_.duplicates);
    return {};
  }

  void problem(const BadRow& bad) {
    if (++report_.bad <= options_.problems_max && options_.on_problem) options_.on_problem(bad);
  }

  Result<void> note(bool complete) {
    if (!notes() || (durable_.empty() && !complete)) return {};
    return store_note(*options_.notes, identity_, {durable_, complete});
  }

  Sink& sink_;
  Source& source_;
  const ImportOptions& options_;
  const std::string identity_;
  ImportReport report_;
  std::deque<std::string> cursors_;  // of the batches in flight
  std::string durable_;              // the newest cursor whose batch is durable
  std::size_t settled_ = 0;
};

}  // namespace

Result<std::optional<ImportNote>> load_note(storage::Disk& disk, const std::string& identity) {
  const std::string path = note_path(identity);
  ZAN_ASSIGN(const bool there, disk.exists(path));
  if (!there) return std::optional<ImportNote>();
  ZAN_ASSIGN(const Bytes bytes, storage::read_file(disk, path));
  std::string_view text = as_text(bytes);
  if (!text.starts_with(note_magic)) return std::optional<ImportNote>();
  text.remove_prefix(note_magic.size());
  const auto whose = take_line(text);
  const auto cursor = take_line(text);
  const auto state = take_line(text);
  if (!state || *whose != identity) return std::optional<ImportNote>();
  return std::optional<ImportNote>({std::string(*cursor), *state == "complete"});
}

Result<void> store_note(storage::Disk& disk, const std::string& identity, const ImportNote& note) {
  std::string text(note_magic);
  text.append(identity).append("\n").append(note.cursor).append("\n");
  text.append(note.complete ? "complete\n" : "partial\n");
  ZAN_TRY(disk.make_folder("import"));
  return storage::write_file(disk, note_path(identity), as_bytes(text));
}

Result<ImportReport> import_into(Sink& sink, Source& source, const ImportOptions& options) {
  return Import(sink, source, options).run();
}

}  // namespace zan::connectors
