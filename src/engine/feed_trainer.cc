#include "engine/feed_trainer.h"

#include <cmath>

#include "base/log.h"

namespace zan::engine {
namespace {

constexpr std::int64_t look_every_us = us_per_second;
constexpr std::int64_t quiet_us = 3 * us_per_second;  // nothing came for so long, or:
constexpr std::int64_t often_us = 600 * us_per_second;
constexpr std::uint64_t first_deeds = 2'000;
constexpr double growth = 0.25;  // of the deeds, since it last learnt

// Tells a trainer what the journal says.
class Telling final : public FactSink {
 public:
  explicit Telling(matching::Trainer& trainer) : trainer_(trainer) {}
  void work(const matching::WorkFacts& facts, Timestamp heard_of) override { trainer_.put(facts, heard_of); }
  void person(const matching::PersonFacts& facts) override { trainer_.put(facts); }
  void shown(const matching::Shown& shown) override { trainer_.take(shown); }
  void deed(const matching::Deed& deed) override { trainer_.take(deed); }
  void wish(PersonId /*person*/, const matching::PersonWish& /*wish*/) override {}
  void erased(PersonId person) override { trainer_.erase(person); }

 private:
  matching::Trainer& trainer_;
};

std::uint32_t millionths(double value) {
  return static_cast<std::uint32_t>(std::lround(std::clamp(value, 0.0, 1000.0) * 1e6));
}

FeedModel facts_of(const matching::Trained& trained) {
  FeedModel facts;
  facts.taken = trained.taken;
  facts.rows = trained.rows;
  facts.rows_of_feeds = trained.rows_of_feeds;
  for (std::size_t i = 0; i < facts.judged.size(); ++i)
    facts.judged[i] = {millionths(trained.judged[i].auc), millionths(trained.judged[i].log_loss)};
  const matching::Comparison comparison = matching::compare(trained);
  facts.refused = !comparison.better;
  facts.why = comparison.why;
  return facts;
}

}  // namespace

FeedTrainer::FeedTrainer(Core& core, matching::TagNames& tags, const MatchingOptions& options, matching::Feeds& feeds,
                         std::function<Progress()> progress)
    : core_(core), tags_(tags), options_(options), feeds_(feeds), progress_(std::move(progress)) {}

void FeedTrainer::load() {
  const std::lock_guard lock(mutex_);
  Result<FeedModels> models = FeedModels::open(core_.disk());
  if (!models.ok()) {
    log::warn("the list of feed models cannot be read; models are learnt anew", {{"reason", models.error().message}});
    trouble_ = models.error().message;
    return;
  }
  models_ = std::move(*models);
  if (models_->serving() == 0) return;
  Result<matching::Models> serving = models_->read(models_->serving(), options_.threads);
  if (!serving.ok()) {
    log::warn("the feed model that served cannot be read; works' own rates stand in", {{"reason", serving.error().message}});
    trouble_ = serving.error().message;
    return;
  }
  feeds_.set(std::make_shared<const matching::Models>(std::move(*serving)));
}

void FeedTrainer::start() {
  if (!options_.train) return;
  const auto tell = [this](const std::string& trouble) {
    if (trouble.empty()) return;
    const std::lock_guard lock(mutex_);
    trouble_ = trouble;
  };
  follower_.start([this] { return step(); }, tell, "feed models are no longer learnt", look_every_us);
}

void FeedTrainer::stop() {
  stopping_.store(true);
  follower_.stop();
}

bool FeedTrainer::is_due(const Progress& progress) {
  const std::int64_t now_us = core_.clock().monotonic_us();
  if (progress.position != quiet_at_) {
    quiet_at_ = progress.position;
    quiet_since_us_ = now_us;
  }
  if (!progress.caught_up) return false;
  if (asked_.exchange(false)) return true;
  if (feeds_.models()->version != 0 && learnt_deeds_ == 0) learnt_deeds_ = progress.deeds;  // learnt before the start
  const auto more = static_cast<std::uint64_t>(static_cast<double>(learnt_deeds_) * growth);
  if (progress.deeds < learnt_deeds_ + std::max(first_deeds, more)) return false;
  return now_us - quiet_since_us_ >= quiet_us || (learnt_us_ != 0 && now_us - learnt_us_ >= often_us);
}

Result<bool> FeedTrainer::step() {
  const Progress progress = progress_();
  if (!is_due(progress)) return false;
  learnt_deeds_ = progress.deeds;
  learnt_us_ = core_.clock().monotonic_us();
  const Result<FeedModel> trained = train("schedule");
  if (!trained.ok()) {
    log::info("no feed model was learnt", {{"reason", trained.error().message}});
    return false;
  }
  log::info(trained->refused ? "a feed model was refused" : "a feed model serves",
            {{"version", trained->version}, {"rows", trained->rows}, {"why", trained->why}});
  return false;
}

Result<void> FeedTrainer::tell(matching::Trainer& trainer, Position until) {
  Telling telling(trainer);
  JournalFacts facts(core_.registry(), core_.secret(), tags_, options_.attributes);
  ZAN_ASSIGN(const auto reader, core_.journal().read(Position{}));
  storage::Group group;
  for (;;) {
    ZAN_ASSIGN(const bool more, reader->next(group));
    if (!more || group.first > until) return {};
    if (stopping_.load()) return unavailable("the server is stopping");
    ZAN_TRY(facts.read(group, telling));
  }
}

Result<FeedModel> FeedTrainer::train(std::string_view by) {
  const std::unique_lock alone(train_mutex_, std::try_to_lock);
  if (!alone.owns_lock()) return limited("a feed model is being learnt already");
  const Position until = progress_().position;
  matching::TrainingOptions options = options_.training;
  options.limits = options_.limits;
  matching::Trainer trainer(options);
  ZAN_TRY(tell(trainer, until));
  ZAN_TRY(trainer.begin_rows());
  ZAN_TRY(tell(trainer, until));
  const std::shared_ptr<const matching::Models> serving = feeds_.models();
  ZAN_ASSIGN(const matching::Trained trained, trainer.finish(serving->ranker.get()));
  FeedModel facts = facts_of(trained);
  facts.made_at = core_.clock().now();
  facts.position = until;
  const std::lock_guard lock(mutex_);
  if (!models_) {
    ZAN_TRY(core_.disk().make_folder(feed_models_folder));
    ZAN_TRY(storage::write_file(core_.disk(), feed_manifest_path, as_bytes(encode_feed_manifest({}, 0, {}, by))));
    ZAN_ASSIGN(models_, FeedModels::open(core_.disk()));
  }
  ZAN_ASSIGN(facts.version, models_->put(trained, facts));
  if (facts.refused) return facts;
  feeds_.set(std::make_shared<const matching::Models>(
      matching::Models{facts.version, trained.collaborative, trained.ranker, std::make_shared<matching::OnlinePart>()}));
  ZAN_TRY(models_->serve(facts.version, facts.made_at, by));
  trouble_.clear();
  return facts;
}

Result<void> FeedTrainer::serve(std::uint32_t version, std::string_view by) {
  const std::lock_guard lock(mutex_);
  if (!models_) return not_found("there is no feed model yet");
  ZAN_ASSIGN(matching::Models models, models_->read(version, options_.threads));
  ZAN_TRY(models_->serve(version, core_.clock().now(), by));
  feeds_.set(std::make_shared<const matching::Models>(std::move(models)));
  return {};
}

FeedModelList FeedTrainer::list() const {
  const std::lock_guard lock(mutex_);
  FeedModelList list;
  if (models_) list.models = models_->models();
  list.serving = feeds_.models()->version;
  list.trouble = trouble_;
  return list;
}

}  // namespace zan::engine
