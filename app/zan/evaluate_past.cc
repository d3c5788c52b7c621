#include "zan/evaluate_past.h"

#include <fmt/format.h>

#include <iterator>

#include "zan/exit_code.h"
#include "zan/interrupts.h"
#include "zan/output.h"
#include "zan/progress_bar.h"

namespace zan::app {
namespace {

using matching::PastEvaluation;
using matching::PastJudged;
using matching::Signal;

std::string json_of(const PastJudged& judged) {
  std::string text = fmt::format(R"({{"by":"{}","signals":{{)", judged.name);
  for (std::size_t k = 0; k < matching::signal_count; ++k) {
    const matching::SignalQuality& quality = judged.signals[k];
    fmt::format_to(std::back_inserter(text),
                   R"({}"{}":{{"positives":{},"auc":{:.6f},"gauc":{:.6f},"log_loss":{:.6f},"calibration_error":{:.6f}}})",
                   k == 0 ? "" : ",", to_string(static_cast<Signal>(k)), quality.all.positives, quality.all.auc,
                   quality.gauc, quality.all.log_loss, quality.all.calibration_error);
  }
  const matching::ListQuality& lists = judged.lists;
  return text + fmt::format(R"(}},"lists":{{"lists":{},"ndcg":{:.6f},"gained":{:.6f},"coverage":{:.6f},"novelty_bits":)"
                            R"({:.4f},"gini":{:.6f}}}}})",
                            lists.lists, lists.ndcg, lists.gained, lists.coverage, lists.novelty, lists.gini);
}

}  // namespace

std::string to_text(const PastEvaluation& past, std::size_t places) {
  std::string text = fmt::format("{} showings learnt from, {} judged, from {} to {}\n\n{:<12} {:<10} {:>9} {:>7} {:>7} {:>9} {:>12}\n",
                                 grouped(past.learnt), grouped(past.judged), to_rfc3339(past.judged_from),
                                 to_rfc3339(past.until), "signal", "by", "positives", "auc", "gauc", "log loss",
                                 "calibration");
  for (std::size_t k = 0; k < matching::signal_count; ++k) {
    for (const PastJudged& judged : past.by) {
      const matching::SignalQuality& quality = judged.signals[k];
      fmt::format_to(std::back_inserter(text), "{:<12} {:<10} {:>9} {:>7.4f} {:>7.4f} {:>9.5f} {:>12.5f}\n",
                     to_string(static_cast<Signal>(k)), judged.name, grouped(quality.all.positives), quality.all.auc,
                     quality.gauc, quality.all.log_loss, quality.all.calibration_error);
    }
  }
  fmt::format_to(std::back_inserter(text), "\nfirst {} places of a person's day, by long views\n{:<12} {:>9} {:>7} {:>7} {:>9} {:>8} {:>6}\n",
                 places, "by", "lists", "ndcg", "gained", "coverage", "novelty", "gini");
  for (const PastJudged& judged : past.by)
    fmt::format_to(std::back_inserter(text), "{:<12} {:>9} {:>7.4f} {:>7.4f} {:>9.4f} {:>8.2f} {:>6.3f}\n", judged.name,
                   grouped(judged.lists.lists), judged.lists.ndcg, judged.lists.gained, judged.lists.coverage,
                   judged.lists.novelty, judged.lists.gini);
  return text + fmt::format("\nshown: {} of {} works, Gini {:.3f}, {:.1f} % to the most shown tenth\n\n",
                            grouped(past.shown.shown_items), grouped(past.shown.items), past.shown.gini,
                            100 * past.shown.top_share);
}

std::string to_json(const PastEvaluation& past) {
  std::string text = fmt::format(R"({{"learnt":{},"judged":{},"judged_from":"{}","until":"{}","judgements":[)", past.learnt,
                                 past.judged, to_rfc3339(past.judged_from), to_rfc3339(past.until));
  for (const PastJudged& judged : past.by) text += (&judged == past.by.data() ? "" : ",") + json_of(judged);
  return text + fmt::format(R"(],"exposure":{{"works":{},"shown":{},"gini":{:.6f},"top_tenth_share":{:.6f}}}}})",
                            past.shown.items, past.shown.shown_items, past.shown.gini, past.shown.top_share);
}

int run_evaluate_past(const EvaluatePast& options) {
  const Interrupts interrupts;
  ProgressBar bar("reading the past twice");
  const auto past = engine::evaluate_feeds(options.data, options.past, {}, [&](double done) {
    bar.update(static_cast<std::uint64_t>(done * 1000), 1000, "");
    return !interrupts.happened();
  });
  bar.finish("");
  if (!past.ok()) {
    const int code = fail(past.error());
    return interrupts.happened() ? exit_interrupted : code;
  }
  if (!options.json) fmt::print("{}", to_text(*past, options.past.places));
  fmt::print("{}\n", to_json(*past));
  return exit_ok;
}

}  // namespace zan::app
