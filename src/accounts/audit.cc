#include "accounts/audit.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/log.h"

namespace zan::accounts {
namespace {

constexpr std::size_t frame_bytes = 8;                                 // length and checksum
constexpr std::size_t payload_bytes_max = 5 * (audit_text_bytes_max + 2) + 32;
constexpr std::size_t file_bytes_max = 64 << 20;

void put_text(Bytes& out, std::string_view text) {
  const std::string_view cut = text.substr(0, audit_text_bytes_max);
  put_varint(out, cut.size());
  put_bytes(out, as_bytes(cut));
}

std::string take_text(ByteReader& reader) {
  return std::string(as_text(reader.take(std::min(reader.varint(), std::uint64_t{audit_text_bytes_max + 1}))));
}

// False: it is not what append_audit() wrote.
bool read_payload(ByteSpan payload, AuditEntry& entry) {
  ByteReader reader(payload);
  entry.number = reader.fixed<std::uint64_t>();
  entry.at = {reader.fixed<std::int64_t>()};
  entry.status = reader.fixed<std::uint16_t>();
  for (std::string* text : {&entry.by, &entry.role, &entry.what, &entry.target, &entry.request_id})
    *text = take_text(reader);
  return reader.ok() && reader.done() && entry.at.us >= 0 && entry.at <= timestamp_max;
}

}  // namespace

void append_audit(std::string& out, const AuditEntry& entry) {
  Bytes payload;
  put_fixed(payload, entry.number);
  put_fixed(payload, entry.at.us);
  put_fixed(payload, entry.status);
  for (const std::string* text : {&entry.by, &entry.role, &entry.what, &entry.target, &entry.request_id})
    put_text(payload, *text);
  Bytes frame;
  put_fixed(frame, static_cast<std::uint32_t>(payload.size()));
  put_fixed(frame, checksum32(payload));
  out += as_text(frame);
  out += as_text(payload);
}

Result<AuditFile> parse_audit(std::string_view file) {
  if (!file.starts_with(audit_head)) return unsupported("audit: does not begin as a trail does");
  AuditFile parsed;
  parsed.good_bytes = audit_head.size();
  for (;;) {
    ByteReader frame(as_bytes(file.substr(parsed.good_bytes)));
    const auto length = frame.fixed<std::uint32_t>();
    const auto checksum = frame.fixed<std::uint32_t>();
    if (!frame.ok() || length > payload_bytes_max) return parsed;
    const ByteSpan payload = frame.take(length);
    AuditEntry entry;
    if (!frame.ok() || checksum32(payload) != checksum || !read_payload(payload, entry)) return parsed;
    parsed.entries.push_back(std::move(entry));
    parsed.good_bytes += frame_bytes + length;
  }
}

Result<std::unique_ptr<AuditTrail>> AuditTrail::open(const std::string& data_folder, const AuditLimits& limits) {
  std::unique_ptr<AuditTrail> trail(new AuditTrail(data_folder + "/" + audit_file_name, limits));
  ZAN_TRY(trail->load());
  trail->writer_ = std::thread([self = trail.get()] { self->write_loop(); });
  return trail;
}

std::string AuditTrail::path_of(std::size_t file) const {
  return file == 0 ? path_ : path_ + "." + std::to_string(file);
}

Result<void> AuditTrail::load() {
  ZAN_ASSIGN(const std::string older, read_whole(path_of(1), file_bytes_max));
  if (!older.empty()) {
    ZAN_ASSIGN(const AuditFile parsed, parse_audit(older));
    if (!parsed.entries.empty()) last_ = parsed.entries.back().number;
  }
  ZAN_ASSIGN(const std::string bytes, read_whole(path_, file_bytes_max));
  if (audit_head.starts_with(bytes) && bytes.size() < audit_head.size()) return begin_file();
  ZAN_ASSIGN(const AuditFile parsed, parse_audit(bytes));
  if (!parsed.entries.empty()) last_ = parsed.entries.back().number;
  file_bytes_ = parsed.good_bytes;
  ZAN_ASSIGN(AppendFile file, AppendFile::open(path_));
  if (parsed.good_bytes < bytes.size()) {
    log::warn("the end of the audit trail was torn and is put aside", {{"bytes", bytes.size() - parsed.good_bytes}});
    ZAN_TRY(replace_file(path_ + ".torn", std::string_view(bytes).substr(parsed.good_bytes)));
    ZAN_TRY(file.cut(parsed.good_bytes));
  }
  file_ = std::make_unique<AppendFile>(std::move(file));
  return {};
}

Result<void> AuditTrail::begin_file() {
  ZAN_TRY(replace_file(path_, audit_head));
  ZAN_ASSIGN(AppendFile file, AppendFile::open(path_));
  file_ = std::make_unique<AppendFile>(std::move(file));
  file_bytes_ = audit_head.size();
  return {};
}

void AuditTrail::note(AuditEntry entry) {
  {
    const std::lock_guard lock(mutex_);
    ++noted_;
  }
  if (queue_.try_push(entry)) return;
  settle(1, false);
}

void AuditTrail::settle(std::size_t count, bool written) {
  {
    const std::lock_guard lock(mutex_);
    settled_ += count;
    if (!written) lost_ += count;
  }
  settled_changed_.notify_all();
  if (!written) log::error("acts of staff are missing in the audit trail", {{"acts", count}});
}

void AuditTrail::write_loop() {
  for (;;) {
    std::vector<AuditEntry> entries = queue_.take_all();
    if (entries.empty()) return;
    const Result<void> written = write(entries);
    if (!written.ok()) log::error("the audit trail cannot be written", {{"reason", written.error().message}});
    settle(entries.size(), written.ok());
  }
}

Result<void> AuditTrail::write(std::vector<AuditEntry>& entries) {
  const std::lock_guard lock(file_mutex_);
  if (file_bytes_ >= limits_.file_bytes) {
    for (std::size_t file = limits_.files - 1; file > 0; --file)
      ZAN_TRY(move_file(path_of(file - 1), path_of(file)));
    ZAN_TRY(begin_file());
  }
  std::string bytes;
  for (AuditEntry& entry : entries) {
    entry.number = ++last_;
    append_audit(bytes, entry);
  }
  const Result<void> appended = file_->append(bytes);
  if (appended.ok()) return file_bytes_ += bytes.size(), appended;
  // What came of it is not known; nothing may follow half a record.
  ZAN_TRY(file_->cut(file_bytes_));
  return appended;
}

Result<AuditPage> AuditTrail::page(std::size_t limit, std::uint64_t before) {
  {
    std::unique_lock lock(mutex_);
    settled_changed_.wait(lock, [this, upto = noted_] { return settled_ >= upto; });
  }
  const std::lock_guard lock(file_mutex_);
  AuditPage page;
  for (std::size_t file = 0; file < limits_.files; ++file) {
    ZAN_ASSIGN(const std::string bytes, read_whole(path_of(file), file_bytes_max));
    if (bytes.empty()) return page;
    ZAN_ASSIGN(const AuditFile parsed, parse_audit(bytes));
    for (auto entry = parsed.entries.rbegin(); entry != parsed.entries.rend(); ++entry) {
      if (before != 0 && entry->number >= before) continue;
      if (page.entries.size() == limit) return page.next = page.entries.back().number, page;
      page.entries.push_back(*entry);
    }
  }
  return page;
}

std::uint64_t AuditTrail::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

void AuditTrail::stop() {
  queue_.close();
  if (writer_.joinable()) writer_.join();
}

}  // namespace zan::accounts
