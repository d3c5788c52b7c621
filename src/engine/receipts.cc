#include "engine/receipts.h"

#include <algorithm>

namespace zan::engine {
namespace {

constexpr Position no_position_yet{std::uint64_t{1} << 61};
// Rows of erased persons are left out of a page; after so many of them the page ends early.
constexpr std::size_t rows_looked_at_max = 4 * evidence_page_max;
constexpr double entries_per_second_assumed = 100'000;

}  // namespace

Result<std::uint64_t> read_minimum_index(storage::Disk& disk) {
  ZAN_ASSIGN(const bool there, disk.exists(retention_path));
  if (!there) return std::uint64_t{0};
  ZAN_ASSIGN(const Bytes content, storage::read_file(disk, retention_path));
  constexpr std::string_view head = "minimum_index ";
  const std::string_view text = as_text(content);
  const std::string_view line = text.substr(0, text.find('\n'));
  const auto number = line.starts_with(head) ? evidence::parse_decimal(line.substr(head.size())) : std::nullopt;
  if (!number) return corrupt("log/retention does not begin with a minimum index");
  return *number;
}

Result<void> Receipts::refresh(const Progress& progress) {
  auto next = std::make_shared<Published>();
  ZAN_ASSIGN(const Bytes note, storage::read_file(core_.disk(), "log/checkpoint"));
  next->note = as_text(note);
  auto parsed = evidence::parse_signed_checkpoint(next->note);
  if (!parsed.ok()) return corrupt("log/checkpoint: " + parsed.error().message);
  next->checkpoint = std::move(parsed->checkpoint);
  const std::lock_guard lock(mutex_);
  published_ = std::move(next);
  progress_ = progress;
  return {};
}

std::shared_ptr<const Published> Receipts::published() const {
  const std::lock_guard lock(mutex_);
  return published_;
}

Receipts::Progress Receipts::progress() const {
  const std::lock_guard lock(mutex_);
  return progress_;
}

// Its client's id, or "@" and its number, in this order: a client may have chosen an id like that.
Result<Receipts::Sought> Receipts::seek(std::string_view event) const {
  if (event.empty() || event.size() > engagement::id_bytes_max) return Sought{};
  const Hash128 hash = engagement::act_id_hash(core_.secret(), event);
  ZAN_ASSIGN(const std::optional<Position> named, index_.find(hash));
  if (named) return Sought{named, true};
  ZAN_ASSIGN(const bool seen, core_.store().seen(hash));
  // Seen, and not in the index: not logged yet, or of a kind that never is.
  if (seen) return Sought{std::nullopt, true};
  const auto number = event.front() == '@' ? evidence::parse_decimal(event.substr(1)) : std::nullopt;
  if (!number || *number > core_.journal().synced().value) return Sought{};
  return Sought{Position{*number}, true};
}

ReceiptAnswer Receipts::pending(Position position) const {
  const Progress now = progress();
  const double rate = now.entries_per_second > 0 ? now.entries_per_second : entries_per_second_assumed;
  const auto behind = static_cast<double>(position.value - std::min(position, now.position).value);
  ReceiptAnswer answer;
  answer.pending = true;
  answer.ready_in_ms = evidence_period_us / us_per_ms + static_cast<std::int64_t>(1000 * behind / rate);
  return answer;
}

Result<ReceiptAnswer> Receipts::receipt(std::string_view event, std::string_view user) const {
  // Asked first: what it covers is in the index by then.
  const Position logged = progress().position;
  const auto checkpoint = published();
  ZAN_ASSIGN(const Sought sought, seek(event));
  if (!sought.known) return not_found("no event of this id was accepted");
  const Position position = sought.position.value_or(core_.journal().synced());
  std::optional<evidence::IndexedEntry> entry;
  if (sought.position) {
    ZAN_ASSIGN(entry, index_.find(position));
  }
  if (!entry && position <= logged) return not_found("events of this kind are not logged");
  if (!entry || entry->index >= checkpoint->checkpoint.size) return pending(position);

  ZAN_ASSIGN(std::optional<Opened> opened, open(*entry));
  if (!opened)
    return Error{ErrorKind::expired, "the event's person was erased; nobody can open its entry any more", {}};
  if (!user.empty() && user != opened->user) return Error{ErrorKind::refused, "the event is another person's", {}};
  evidence::DiskTiles tiles(core_.disk(), "log");
  ZAN_ASSIGN(auto tree, evidence::TreeReader::open(tiles, checkpoint->checkpoint.size, checkpoint->checkpoint.root));
  ZAN_ASSIGN(const evidence::Hash leaf, tree.hash(0, entry->index));
  const OpenedAct& act = opened->act;
  if (leaf != evidence::leaf_hash(evidence::entry_of(act.event, act.secrets.opening)))
    return corrupt("the log's entry " + std::to_string(entry->index) + " is not that of journal position " +
                   std::to_string(position.value));
  ReceiptAnswer answer;
  answer.receipt = {act.event, act.secrets.opening, std::nullopt, entry->index, {}, checkpoint->note};
  if (!user.empty()) answer.receipt.identity = {std::string(user), act.secrets.actor_key};
  ZAN_ASSIGN(answer.receipt.proof, tree.inclusion(entry->index));
  return answer;
}

Result<std::optional<Receipts::Opened>> Receipts::open(const evidence::IndexedEntry& entry) const {
  ZAN_ASSIGN(const auto reader, core_.journal().read_near({entry.position.value - 1}, entry.lead));
  storage::Group group;
  ZAN_ASSIGN(const bool there, reader->next(group));
  if (!there) return corrupt("the journal has lost position " + std::to_string(entry.position.value));
  ByteSpan record;
  storage::RecordReader records(group.payload);
  for (Position at = group.first; at <= entry.position; ++at.value)
    if (!records.next(record)) return corrupt("a journal group is malformed");
  ZAN_ASSIGN(const std::optional<JournalAct> said, read_logged(record, entry.position, group.at));
  if (!said) return corrupt("the index names position " + std::to_string(entry.position.value) + ", which is no entry");
  std::vector<storage::Registry::Person> persons;
  ZAN_TRY(core_.registry().persons({&said->act.actor, 1}, persons));
  if (persons.front().name.empty()) return std::optional<Opened>();
  Opened opened;
  opened.user = persons.front().name;
  ZAN_TRY(ActOpener(core_.registry()).open(*said, persons.front(), opened.act));
  return std::optional(std::move(opened));
}

Result<EvidencePage> Receipts::of_subject(std::string_view subject, std::size_t limit, std::string_view cursor) const {
  return page(storage::NameKind::subject, subject, &evidence::EntryIndex::newest_of_subject, limit, cursor);
}

Result<EvidencePage> Receipts::of_creator(std::string_view creator, std::size_t limit, std::string_view cursor) const {
  return page(storage::NameKind::creator, creator, &evidence::EntryIndex::newest_of_creator, limit, cursor);
}

// The cursor is the number of the last event shown.
Result<EvidencePage> Receipts::page(storage::NameKind kind, std::string_view name, Newest newest, std::size_t limit,
                                    std::string_view cursor) const {
  if (limit == 0 || limit > evidence_page_max)
    return invalid("limit must be from 1 to " + std::to_string(evidence_page_max), "limit");
  if (name.empty() || name.size() > storage::name_bytes_max) return invalid("no name", "id");
  Position before = no_position_yet;
  if (!cursor.empty()) {
    const auto number = evidence::parse_decimal(cursor);
    if (!number || *number > before.value) return invalid("not a cursor of this list", "cursor");
    before = {*number};
  }
  const std::uint64_t published_size = published()->checkpoint.size;
  const EntityId id = core_.registry().find(storage::name_hash(core_.secret(), kind, name));
  EvidencePage page;
  if (!id) return page;
  std::size_t looked_at = 0;
  for (;;) {
    ZAN_ASSIGN(const auto positions, (index_.*newest)(id.value, before, limit));
    for (const Position position : positions) {
      before = position;
      ZAN_ASSIGN(const auto entry, index_.find(position));
      if (!entry) return corrupt("the index names position " + std::to_string(position.value) + " and has no place");
      if (entry->index >= published_size) {
        if (cursor.empty()) ++page.pending;
        continue;
      }
      ++looked_at;
      ZAN_ASSIGN(auto opened, open(*entry));
      if (opened) page.rows.push_back({entry->index, opened->act.secrets.opening, std::move(opened->act.event)});
      if (page.rows.size() == limit || looked_at == rows_looked_at_max) {
        page.next = std::to_string(position.value);
        return page;
      }
    }
    if (positions.size() < limit) return page;
  }
}

Result<EntryRange> Receipts::received(Timestamp from, Timestamp to) const {
  const std::uint64_t size = published()->checkpoint.size;
  EntryRange range;
  ZAN_ASSIGN(range.first, first_received(from, size));
  ZAN_ASSIGN(range.end, first_received(to, size));
  return range;
}

Result<std::uint64_t> Receipts::first_received(Timestamp from, std::uint64_t size) const {
  ZAN_ASSIGN(const Position before, core_.journal().before(from));
  ZAN_ASSIGN(const auto entry, index_.first_from({before.value + 1}));
  return entry ? std::min(entry->index, size) : size;
}

Result<Bytes> Receipts::file(std::string_view path) const {
  const bool fixed =
      path == evidence::log_files::checkpoint || path == evidence::log_files::vkey || path == "retention";
  if (!fixed) {
    const auto tile = evidence::parse_tile_path(path);
    if (!tile.ok()) return not_found("the log has no such file");
    // C2SP tlog-tiles, pruning: only full ones that lie below the minimum index as a whole.
    const std::uint64_t below =
        evidence::leaves_below(std::min(tile->level, evidence::tile_levels - 1)) * evidence::tile_width;
    if (tile->full() && tile->level < evidence::tile_levels - 1 && tile->index < minimum_index_ / below)
      return Error{
          ErrorKind::expired,
          "pruned: entries below " + std::to_string(minimum_index_) + " are not served any more, see /log/retention",
          {}};
  }
  return storage::read_file(core_.disk(), "log/" + std::string(path));
}

}  // namespace zan::engine
