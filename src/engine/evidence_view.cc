#include "engine/evidence_view.h"

#include "base/log.h"

namespace zan::engine {
namespace {

constexpr const char* index_folder = "evidence/index";
constexpr const char* vkey_path = "log/log.vkey";

}  // namespace

Result<std::string> choose_origin(storage::Disk& disk, Entropy& entropy, const std::string& wanted) {
  if (!wanted.empty() && !evidence::is_key_name(wanted))
    return invalid("\"" + wanted + "\" cannot be a log's name: white space or '+' in it", "origin");
  ZAN_ASSIGN(const bool there, disk.exists(vkey_path));
  if (there) {
    ZAN_ASSIGN(const Bytes lines, storage::read_file(disk, vkey_path));
    const std::string_view text = as_text(lines);
    const auto key = evidence::parse_vkey(text.substr(0, text.find('\n')));
    if (!key.ok()) return corrupt(std::string(vkey_path) + ": " + key.error().message);
    if (!wanted.empty() && wanted != key->name)
      return conflict(
          "the log of this folder is \"" + key->name + "\", not \"" + wanted + "\": a log keeps its name for life",
          "origin");
    return key->name;
  }
  if (!wanted.empty()) return wanted;
  std::array<unsigned char, 8> random{};
  entropy.fill(random);
  return "zhenzan.invalid/" + evidence::to_hex(std::as_bytes(std::span(random)));
}

Result<void> forget_index(storage::Disk& disk) {
  ZAN_ASSIGN(const std::vector<std::string> names, disk.list(index_folder));
  // The manifest last: an index that lost it says so.
  for (const std::string& name : names)
    if (name != "MANIFEST") ZAN_TRY(disk.remove(std::string(index_folder) + "/" + name));
  if (!names.empty()) ZAN_TRY(disk.remove(std::string(index_folder) + "/MANIFEST"));
  return disk.sync_folder(index_folder);
}

EvidenceView::EvidenceView(Core& core, Entropy& entropy, std::unique_ptr<storage::Disk> lock_disk,
                           std::unique_ptr<evidence::EntryIndex> index, const std::string& origin,
                           evidence::Cosigners* cosigners, std::uint64_t minimum_index)
    : core_(core),
      clock_(core.clock()),
      origin_(origin),
      lock_disk_(std::move(lock_disk)),
      index_(std::move(index)),
      prover_(
          {core.disk(), lock_disk_.get(), core.journal(), core.registry(), *index_, entropy, core.clock(), cosigners},
          origin_),
      receipts_(core, *index_, minimum_index) {}

Result<std::unique_ptr<EvidenceView>> EvidenceView::open(Core& core, Entropy& entropy, const EvidenceOptions& options) {
  ZAN_TRY(core.disk().make_folder(evidence_folder));
  ZAN_TRY(core.disk().sync_folder(""));
  ZAN_ASSIGN(const std::string origin, choose_origin(core.disk(), entropy, options.origin));
  std::unique_ptr<storage::Disk> lock_disk;
  if (!options.lock_folder.empty()) {
    ZAN_ASSIGN(lock_disk, storage::open_machine_disk(options.lock_folder));
  }
  ZAN_ASSIGN(const std::uint64_t minimum_index, read_minimum_index(core.disk()));
  ZAN_ASSIGN(auto index, evidence::EntryIndex::open(core.disk(), index_folder));
  std::unique_ptr<EvidenceView> view(new EvidenceView(core, entropy, std::move(lock_disk), std::move(index), origin,
                                                      options.cosigners, minimum_index));
  // What was published is there at once; the log itself is opened by the first step.
  ZAN_ASSIGN(const bool published, core.disk().exists("log/checkpoint"));
  if (published) ZAN_TRY(view->receipts_.refresh({view->index_->position(), view->index_->entries(), 0}));
  return view;
}

void EvidenceView::start() {
  const auto goes_on = [](const Error& error) {
    if (error.kind == ErrorKind::unavailable) return true;
    log::error("nothing is signed any more", {{"reason", error.message}});
    return false;
  };
  follower_.start([this] { return step(); }, goes_on, evidence_period_us);
}

void EvidenceView::stop() {
  if (!follower_.stop()) return;
  // What was answered last is published, if that is little.
  [[maybe_unused]] const Result<bool> last = step();
  if (const Result<void> closed = close(); !closed.ok()) set_trouble(closed.error().message);
}

Result<bool> EvidenceView::step() {
  Result<bool> more = try_step();
  running_ = more.ok();
  set_trouble(more.ok() ? std::string() : more.error().message);
  return more;
}

Result<bool> EvidenceView::try_step() {
  if (!running_) {
    ZAN_ASSIGN(const bool restored, core_.disk().exists(restored_path));
    if (restored)
      return conflict(
          "this folder was restored, and its log may have been signed further since; nothing is signed until "
          "`zan log resume` has been told of the newest checkpoint that is known");
    ZAN_TRY(prover_.resume());
  }
  ZAN_ASSIGN(const bool more, prover_.step());
  const std::int64_t now = clock_.monotonic_us();
  if (now - rate_from_us_ >= us_per_second) {
    const auto entries = static_cast<double>(prover_.entries() - std::min(rate_from_entries_, prover_.entries()));
    // Of a thread that waits for likes it would say nothing.
    rate_ = more && rate_from_us_ != 0 ? entries * us_per_second / static_cast<double>(now - rate_from_us_) : 0;
    rate_from_us_ = now;
    rate_from_entries_ = prover_.entries();
  }
  ZAN_TRY(receipts_.refresh({prover_.position(), prover_.entries(), rate_}));
  return more;
}

Result<void> EvidenceView::close() {
  return running_ ? prover_.close() : Result<void>();
}

void EvidenceView::set_trouble(std::string trouble) {
  const std::lock_guard lock(trouble_mutex_);
  trouble_ = std::move(trouble);
}

std::string EvidenceView::trouble() const {
  const std::lock_guard lock(trouble_mutex_);
  return trouble_;
}

Result<ReceiptAnswer> EvidenceView::receipt(std::string_view event, std::string_view user) const {
  ZAN_ASSIGN(ReceiptAnswer answer, receipts_.receipt(event, user));
  if (!answer.pending) return answer;
  const std::string why = trouble();
  if (!why.empty()) return unavailable("the event is not in the log yet, and nothing is signed at the moment: " + why);
  return answer;
}

EvidenceStatus EvidenceView::status() const {
  EvidenceStatus status;
  status.trouble = trouble();
  const Receipts::Progress progress = receipts_.progress();
  status.origin = origin_;
  status.entries = progress.entries;
  status.published = receipts_.published()->checkpoint.size;
  status.position = progress.position;
  status.index_bytes = index_->bytes();
  return status;
}

}  // namespace zan::engine
