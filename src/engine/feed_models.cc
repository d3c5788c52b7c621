#include "engine/feed_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace zan::engine {
namespace {

constexpr std::string_view first_line = "zhenzan feed models, format 1";
constexpr std::size_t by_bytes_max = 64, why_bytes_max = 200;

// A model's file: this, the size of the ranker's bytes (u64, 0: there is none), their checksum (u64), they themselves; then the
// collaborative model (matching/retrieval/model_file.h), which has checksums of its own.
constexpr std::string_view file_magic{"ZANFEED1", 8};
constexpr std::size_t file_head = 24;

// As much of it as may stand in a line.
std::string fit(std::string_view text, std::size_t bytes_max) {
  std::string fitted(text.substr(0, bytes_max));
  for (char& c : fitted) c = static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return fitted.empty() ? "-" : fitted;
}

// The words of a line, of which the last one goes to its end.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  std::string_view next() {
    const std::size_t space = std::min(rest_.find(' '), rest_.size());
    const std::string_view word = rest_.substr(0, space);
    rest_.remove_prefix(std::min(space + 1, rest_.size()));
    return word;
  }
  template <typename Number>
  Number number() {
    const std::string_view word = next();
    Number value{};
    const auto read = std::from_chars(word.data(), word.data() + word.size(), value);
    ok_ = ok_ && !word.empty() && read.ec == std::errc() && read.ptr == word.data() + word.size();
    return value;
  }
  std::string rest() { return std::string(std::exchange(rest_, {})); }
  [[nodiscard]] bool ok() const { return ok_; }

 private:
  std::string_view rest_;
  bool ok_ = true;
};

void append_line(std::string& text, const FeedModel& model) {
  text += fmt::format("model {} {} {} {} {} {} {}", model.version, model.made_at.us, model.position.value, model.taken,
                      model.rows, model.rows_of_feeds ? 1 : 0, model.refused ? 1 : 0);
  for (const FeedModel::Judged& judged : model.judged)
    text += fmt::format(" {} {}", judged.auc_millionths, judged.log_loss_millionths);
  text += ' ' + fit(model.why, why_bytes_max) + '\n';
}

FeedModel read_model_line(Words& words) {
  FeedModel model;
  model.version = words.number<std::uint32_t>();
  model.made_at = {words.number<std::int64_t>()};
  model.position = {words.number<std::uint64_t>()};
  model.taken = words.number<std::uint64_t>();
  model.rows = words.number<std::uint64_t>();
  model.rows_of_feeds = words.number<unsigned>() != 0;
  model.refused = words.number<unsigned>() != 0;
  for (FeedModel::Judged& judged : model.judged) {
    judged.auc_millionths = words.number<std::uint32_t>();
    judged.log_loss_millionths = words.number<std::uint32_t>();
  }
  model.why = words.rest();
  return model;
}

}  // namespace

std::string feed_model_path(std::uint32_t version) {
  return fmt::format("{}/model-{}", feed_models_folder, version);
}

std::string encode_feed_manifest(const std::vector<FeedModel>& models, std::uint32_t serving, Timestamp at,
                                 std::string_view by) {
  std::string text(first_line);
  text += '\n';
  for (const FeedModel& model : models) append_line(text, model);
  text += fmt::format("serving {} {} {}\n", serving, at.us, fit(by, by_bytes_max));
  text += fmt::format("sum {:016x}\n", checksum64(as_bytes(text)));
  return text;
}

Result<FeedManifest> decode_feed_manifest(std::string_view text) {
  const std::size_t sum = text.rfind("sum ");
  if (!text.starts_with(first_line))
    return text.starts_with("zhenzan feed models, format ") ? unsupported("a list of feed models of another format")
                                                            : corrupt("not a list of feed models");
  if (sum == std::string_view::npos || text.substr(sum) != fmt::format("sum {:016x}\n", checksum64(as_bytes(text.substr(0, sum)))))
    return corrupt("the list of feed models is damaged: its checksum does not fit");
  FeedManifest manifest;
  std::string_view lines = text.substr(first_line.size() + 1, sum - first_line.size() - 1);
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    Words words(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
    const std::string_view what = words.next();
    if (what == "model") {
      manifest.models.push_back(read_model_line(words));
    } else if (what == "serving") {
      manifest.serving = words.number<std::uint32_t>();
      manifest.served_at = {words.number<std::int64_t>()};
      manifest.served_by = words.rest();
    } else {
      return corrupt("the list of feed models has a line that is none");
    }
    if (!words.ok()) return corrupt("the list of feed models has a number that is none");
  }
  return manifest;
}

Result<FeedModels> FeedModels::open(storage::Disk& disk) {
  FeedModels models(disk);
  ZAN_ASSIGN(const bool there, disk.exists(feed_manifest_path));
  if (!there) return models;
  ZAN_ASSIGN(const Bytes text, storage::read_file(disk, feed_manifest_path));
  ZAN_ASSIGN(FeedManifest manifest, decode_feed_manifest(as_text(text)));
  models.models_ = std::move(manifest.models);
  models.serving_ = manifest.serving;
  models.served_at_ = manifest.served_at;
  models.served_by_ = std::move(manifest.served_by);
  return models;
}

Result<matching::Models> FeedModels::read(std::uint32_t version, std::size_t threads) const {
  const std::string path = feed_model_path(version);
  ZAN_ASSIGN(const bool there, disk_->exists(path));
  if (!there) return not_found(fmt::format("there is no feed model {}, or it is not kept any more", version));
  const auto damaged = [&](const std::string& why) { return corrupt(path + ": " + why); };
  ZAN_ASSIGN(const auto file, disk_->open(path, storage::OpenMode::read));
  ZAN_ASSIGN(const std::uint64_t size, file->size());
  std::uint64_t at = 0;
  const auto source = [&](std::span<std::byte> into) -> Result<void> {
    ZAN_ASSIGN(const std::size_t got, file->read_at(at, into));
    at += got;
    return got == into.size() ? Result<void>() : damaged("it ends too early");
  };
  Bytes head(file_head);
  ZAN_TRY(source(head));
  ByteReader in(head);
  if (as_text(in.take(file_magic.size())) != file_magic) return damaged("it is no feed model of this format");
  const auto ranker_size = in.fixed<std::uint64_t>(), ranker_sum = in.fixed<std::uint64_t>();
  if (ranker_size > matching::ranker_bytes_max || ranker_size > size - file_head) return damaged("its sizes are impossible");
  matching::Models models;
  models.version = version;
  if (ranker_size > 0) {
    Bytes bytes(ranker_size);
    ZAN_TRY(source(bytes));
    if (checksum64(bytes) != ranker_sum) return damaged("the checksum of its ranker does not fit");
    ZAN_ASSIGN(matching::Ranker ranker, matching::Ranker::decode(bytes));
    models.ranker = std::make_shared<const matching::Ranker>(std::move(ranker));
    models.online = std::make_shared<matching::OnlinePart>();
  }
  ZAN_ASSIGN(matching::Collaborative collaborative, matching::read_model(source, size - at, threads));
  models.collaborative = std::make_shared<const matching::Collaborative>(std::move(collaborative));
  return models;
}

Result<void> FeedModels::write(std::uint32_t version, const matching::Trained& trained) const {
  ZAN_TRY(disk_->make_folder(feed_models_folder));
  ZAN_TRY(disk_->sync_folder(""));
  const std::string path = feed_model_path(version), temporary = path + ".tmp";
  ZAN_ASSIGN(const auto file, disk_->open(temporary, storage::OpenMode::write));
  ZAN_TRY(file->truncate(0));
  std::uint64_t at = 0;
  const auto sink = [&](ByteSpan bytes) -> Result<void> {
    ZAN_TRY(file->write_at(at, bytes));
    at += bytes.size();
    return {};
  };
  const Bytes ranker = trained.ranker ? trained.ranker->encode() : Bytes();
  Bytes head;
  put_bytes(head, as_bytes(file_magic));
  put_fixed(head, static_cast<std::uint64_t>(ranker.size()));
  put_fixed(head, checksum64(ranker));
  ZAN_TRY(sink(head));
  ZAN_TRY(sink(ranker));
  ZAN_TRY(matching::write_model(*trained.collaborative, sink));
  ZAN_TRY(file->sync());
  ZAN_TRY(disk_->rename(temporary, path));
  return disk_->sync_folder(feed_models_folder);
}

Result<std::uint32_t> FeedModels::put(const matching::Trained& trained, FeedModel facts) {
  facts.version = models_.empty() ? 1 : models_.back().version + 1;
  if (!facts.refused) ZAN_TRY(write(facts.version, trained));
  const std::uint32_t version = facts.version;
  models_.push_back(std::move(facts));
  if (models_.size() > feed_models_listed) models_.erase(models_.begin());
  ZAN_TRY(disk_->make_folder(feed_models_folder));
  ZAN_TRY(save());
  ZAN_TRY(forget_old());
  return version;
}

Result<void> FeedModels::serve(std::uint32_t version, Timestamp at, std::string_view by) {
  serving_ = version;
  served_at_ = at;
  served_by_ = by;
  return save();
}

Result<void> FeedModels::save() const {
  return storage::write_file(*disk_, feed_manifest_path,
                             as_bytes(encode_feed_manifest(models_, serving_, served_at_, served_by_)));
}

Result<void> FeedModels::forget_old() const {
  std::size_t kept = 0;
  for (auto model = models_.rbegin(); model != models_.rend(); ++model) {
    if (model->refused || model->version == serving_ || kept++ < feed_models_kept) continue;
    ZAN_ASSIGN(const bool there, disk_->exists(feed_model_path(model->version)));
    if (there) ZAN_TRY(disk_->remove(feed_model_path(model->version)));
  }
  return {};
}

}  // namespace zan::engine
