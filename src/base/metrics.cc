#include "base/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/require.h"

namespace zan {
namespace {

std::string escaped(std::string_view text, bool quotes) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || (quotes && c == '"')) out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

std::string written(Metrics::Labels labels) {
  std::string out;
  for (const auto& [name, value] : labels)
    out += fmt::format("{}{}=\"{}\"", out.empty() ? "" : ",", name, escaped(value, true));
  return out;
}

std::string in_braces(const std::string& labels) { return labels.empty() ? "" : "{" + labels + "}"; }

template <typename Numbers>
void append_numbers(std::string& out, const std::string& name, const Numbers& numbers) {
  for (const auto& [labels, number] : numbers)
    fmt::format_to(std::back_inserter(out), "{}{} {}\n", name, in_braces(labels), number->value());
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds) : bounds_(std::move(bounds)), counts_(bounds_.size() + 1) {
  require(std::is_sorted(bounds_.begin(), bounds_.end()), "bounds of a histogram rise");
}

void Histogram::observe(double value) {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

Metrics::Family& Metrics::family(std::string_view name, std::string_view help) {
  const auto found = families_.find(name);
  if (found != families_.end()) return found->second;
  Family& made = families_[std::string(name)];
  made.help = escaped(help, false);
  return made;
}

Counter& Metrics::counter(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard lock(mutex_);
  Family& of_name = family(name, help);
  require(of_name.gauges.empty() && of_name.histograms.empty(), "one name, one kind of number");
  auto& number = of_name.counters[written(labels)];
  if (!number) number = std::make_unique<Counter>();
  return *number;
}

Gauge& Metrics::gauge(std::string_view name, std::string_view help, Labels labels) {
  const std::lock_guard lock(mutex_);
  Family& of_name = family(name, help);
  require(of_name.counters.empty() && of_name.histograms.empty(), "one name, one kind of number");
  auto& number = of_name.gauges[written(labels)];
  if (!number) number = std::make_unique<Gauge>();
  return *number;
}

Histogram& Metrics::histogram(std::string_view name, std::string_view help, std::vector<double> bounds,
                              Labels labels) {
  const std::lock_guard lock(mutex_);
  Family& of_name = family(name, help);
  require(of_name.counters.empty() && of_name.gauges.empty(), "one name, one kind of number");
  auto& number = of_name.histograms[written(labels)];
  if (!number) number = std::make_unique<Histogram>(std::move(bounds));
  return *number;
}

std::string Metrics::render() const {
  const std::lock_guard lock(mutex_);
  std::string out;
  for (const auto& [name, of_name] : families_) {
    const char* const kind = !of_name.counters.empty() ? "counter" : !of_name.gauges.empty() ? "gauge" : "histogram";
    fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} {2}\n", name, of_name.help, kind);
    append_numbers(out, name, of_name.counters);
    append_numbers(out, name, of_name.gauges);
    for (const auto& [labels, histogram] : of_name.histograms) {
      const std::string before = labels.empty() ? "" : labels + ",";
      std::uint64_t below = 0;
      for (std::size_t i = 0; i < histogram->counts_.size(); ++i) {
        below += histogram->counts_[i].load(std::memory_order_relaxed);
        const bool last = i == histogram->bounds_.size();
        fmt::format_to(std::back_inserter(out), "{}_bucket{{{}le=\"{}\"}} {}\n", name, before,
                       last ? "+Inf" : fmt::format("{}", histogram->bounds_[i]), below);
      }
      fmt::format_to(std::back_inserter(out), "{0}_sum{1} {2}\n{0}_count{1} {3}\n", name, in_braces(labels),
                     histogram->sum_.load(std::memory_order_relaxed), below);
    }
  }
  return out;
}

}  // namespace zan
