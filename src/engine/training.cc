#include "engine/training.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace zan::engine {
namespace {

namespace model = integrity::model;
using integrity::FeatureId;

constexpr std::size_t importance_rows_max = 20'000;
constexpr double first_auc_min = 0.6;  // of a model that takes nobody's place

// What the new model may look at, and whatever the one in service does.
Result<std::vector<FeatureId>> features_of(const std::optional<model::Model>& served) {
  std::vector<FeatureId> features;
  for (const model::LikeInput& input : model::like_inputs()) features.push_back(input.id);
  if (!served) return features;
  for (const std::string& name : served->features) {
    const auto id = integrity::feature_named(name);
    if (!id) return invalid("the model in service asks for a feature that does not exist: " + name);
    if (std::find(features.begin(), features.end(), *id) == features.end()) features.push_back(*id);
  }
  return features;
}

}  // namespace

RowGatherer::RowGatherer(const HashKey& secret, std::uint64_t accounts, std::vector<FeatureId> features)
    : features_(std::move(features)) {
  auto intake = integrity::Intake::make(std::shared_ptr<const integrity::rules::Ruleset>(), nullptr,
                                        integrity::IntakeOptions::for_folder(secret, accounts));
  require(intake.ok(), "an intake without rules and model");
  intake_ = std::move(*intake);
  for (model::Rows* rows : parts())
    for (const FeatureId id : features_) rows->features.push_back(integrity::describe(id)->name);
}

std::array<model::Rows*, label_parts> RowGatherer::parts() {
  return {&rows_.train, &rows_.calibrate, &rows_.judge};
}

void RowGatherer::show(const engagement::RecordedAct& act, Labels& labels) {
  if (act.effect != engagement::Effect::changed) return;
  if (const auto label = labels.label(act)) add(act, *label);
  intake_->observe(act);
}

void RowGatherer::add(const engagement::RecordedAct& act, const TrainingLabel& label) {
  model::Rows& rows = *parts()[label.part];
  const std::size_t at = rows.values.size();
  rows.values.resize(at + features_.size());
  model::read_inputs(intake_->features(), integrity::act_view_of(act), features_, std::span(rows.values).subspan(at));
  rows.fake.push_back(label.fake ? 1 : 0);
  rows.weights.push_back(label.weight);
  rows.times_ms.push_back(act.at.us / us_per_ms);
}

Result<void> RowGatherer::read(storage::Journal& journal, Labels& labels, const std::function<void(double)>& progress) {
  ZAN_ASSIGN(const auto reader, journal.read({}));
  storage::Group group;
  for (Position seen; seen < labels.last();) {
    ZAN_ASSIGN(const bool more, reader->next(group));
    if (!more) break;
    ZAN_TRY(read_group(group, labels));
    seen = {group.first.value + group.count - 1};
    if (progress) progress(static_cast<double>(seen.value) / static_cast<double>(labels.last().value));
  }
  return {};
}

// As the core shows a judge the journal at a start.
Result<void> RowGatherer::read_group(const storage::Group& group, Labels& labels) {
  ByteSpan record;
  storage::RecordReader records(group.payload);
  while (records.next(record)) {
    if (record.empty() || !changes_engagement(record)) continue;
    switch (static_cast<engagement::RecordTag>(record.front())) {
      case engagement::RecordTag::act: {
        ZAN_ASSIGN(const engagement::RecordedAct act, engagement::read_act(record, group.at));
        show(act, labels);
        break;
      }
      case engagement::RecordTag::verdict: {
        ZAN_ASSIGN(const engagement::VerdictRecord verdict, engagement::read_verdict(record, group.at));
        intake_->corrected(verdict);
        break;
      }
      case engagement::RecordTag::erased: {
        ZAN_ASSIGN(const PersonId person, engagement::read_erased(record));
        intake_->erased(person);
        break;
      }
      default:
        break;
    }
  }
  return records.ok() ? Result<void>() : corrupt("a journal group is malformed");
}

namespace {

model::Rows some_of(const model::Rows& rows, std::size_t most) {
  const std::size_t step = rows.size() / most + 1;
  model::Rows some;
  some.features = rows.features;
  for (std::size_t i = 0; i < rows.size(); i += step) {
    const auto row = rows.row(i);
    some.values.insert(some.values.end(), row.begin(), row.end());
    some.fake.push_back(rows.fake[i]);
    some.weights.push_back(rows.weights[i]);
  }
  return some;
}

Result<std::vector<model::Importance>> topics_of(const model::Model& trained, const model::Rows& judged) {
  std::vector<std::size_t> topics;
  for (const std::string& name : trained.features)
    topics.push_back(static_cast<std::size_t>(model::topic_of(*integrity::feature_named(name))));
  return model::importance(trained, some_of(judged, importance_rows_max), topics);
}

// Whoever knows only what share of the likes is fake says that of each.
double log_loss_of_the_share(const model::Rows& rows) {
  double fake = 0, all = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto weight = static_cast<double>(rows.weights[i]);
    all += weight;
    fake += rows.fake[i] != 0 ? weight : 0;
  }
  const double share = fake / all;
  return -(share * std::log(share) + (1 - share) * std::log(1 - share));
}

Result<void> judge(TrainingReport& report, const std::optional<model::Model>& served, const model::Rows& judged) {
  if (served) {
    ZAN_ASSIGN(const model::Comparison comparison, model::compare(report.trained.model, *served, judged));
    report.refused = comparison.is_refused;
    report.why = comparison.why;
    return {};
  }
  const model::Evaluation& found = report.trained.evaluation;
  const double blind = log_loss_of_the_share(judged);
  report.refused = found.auc < first_auc_min || found.log_loss >= blind;
  report.why = fmt::format("{}: AUC {:.4f} (at least {:.1f}), log loss {:.4f} (below {:.4f}), on {} rows with {} fakes",
                           report.refused ? "refused, it says no more than the share of fakes does" : "may serve",
                           found.auc, first_auc_min, found.log_loss, blind, found.rows, found.fakes);
  return {};
}

}  // namespace

Result<TrainingReport> train_from(storage::Journal& journal, const HashKey& secret, const TrainingOrder& order,
                                  const std::optional<model::Model>& served) {
  ZAN_ASSIGN(auto features, features_of(served));
  const auto half = [&](double from) {
    return [&order, from](double share) {
      if (order.progress) order.progress(from + share / 2);
    };
  };
  ZAN_ASSIGN(Labels labels, Labels::read(journal, order.labels, half(0)));
  RowGatherer rows(secret, order.accounts, std::move(features));
  ZAN_TRY(rows.read(journal, labels, half(0.5)));
  TrainingReport report;
  report.counts = labels.counts();
  report.position = labels.last();
  report.calibrate_from = labels.cuts()[0];
  report.judge_from = labels.cuts()[1];
  auto trained = model::train(rows.rows(), order.trees);
  if (!trained.ok() && trained.error().kind == ErrorKind::invalid)
    return invalid("the part \"" + trained.error().field + "\" of the stretch: " + trained.error().message +
                   "; more cases, or a longer time, are needed");
  ZAN_TRY(trained);
  report.trained = std::move(*trained);
  ZAN_ASSIGN(report.topics, topics_of(report.trained.model, rows.rows().judge));
  ZAN_TRY(judge(report, served, rows.rows().judge));
  return report;
}

}  // namespace zan::engine
