#include "api/http_metrics.h"

#include <fmt/format.h>

#include <algorithm>

namespace zan::api {
namespace {

// Only the block's own thread writes, so a load and a store do.
void bump(std::atomic<std::uint64_t>& counter, std::uint64_t by = 1) {
  counter.store(counter.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}

void metric(std::string& out, const char* name, const char* type, const char* help, std::uint64_t value) {
  fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} {2}\n{0} {3}\n", name, help, type, value);
}

void append_engine(std::string& out, const engine::Status& status) {
  const auto counter = [&](const char* name, const char* help, std::uint64_t value) {
    metric(out, name, "counter", help, value);
  };
  const auto gauge = [&](const char* name, const char* help, std::uint64_t value) {
    metric(out, name, "gauge", help, value);
  };
  counter("zan_events_accepted_total", "Events accepted since the start.", status.accepted);
  counter("zan_events_duplicate_total", "Events that had been accepted before.", status.duplicates);
  counter("zan_events_rejected_total", "Events rejected by the engine.", status.rejected);
  counter("zan_commits_total", "Groups of commands committed together.", status.groups);
  counter("zan_journal_syncs_total", "Syncs of the journal.", status.journal_syncs);
  counter("zan_journal_bytes_total", "Bytes of the journal.", status.journal_bytes);
  counter("zan_registry_syncs_total", "Syncs of the registry of names.", status.registry_syncs);
  gauge("zan_intake_waiting", "Events waiting to be committed.", status.intake_waiting);
  gauge("zan_position", "Last durable position of the journal.", status.position.value);
  gauge("zan_names", "Names known.", status.names);
  gauge("zan_runs", "Sorted runs on disk.", status.runs);
  gauge("zan_run_bytes", "Bytes of the sorted runs.", status.run_bytes);
  gauge("zan_run_rows", "Rows of the sorted runs.", status.run_rows);
  gauge("zan_read_only", "1 when nothing can be written.", status.health == engine::Health::read_only ? 1 : 0);
  if (status.intake) {
    const engine::IntakeStatus& judged = *status.intake;
    gauge("zan_judged_caught_up", "1 when acts are judged by all that is known.", judged.caught_up ? 1 : 0);
    counter("zan_judged_genuine_total", "Acts found genuine at intake since the start.", judged.genuine);
    counter("zan_judged_held_total", "Acts held at intake since the start.", judged.held);
    counter("zan_judged_rejected_total", "Acts rejected at intake since the start.", judged.rejected);
    gauge("zan_judged_state_bytes", "Bytes of the state they are judged by.", judged.state_bytes);
    gauge("zan_judged_trouble", "1 when the journal could not be read for it.", judged.trouble.empty() ? 0 : 1);
  }
}

void append_classes(std::string& out, const std::array<HttpMetrics::CallCounts, call_count>& sums) {
  out +=
      "# HELP zan_http_requests_total Requests answered, by call and status class.\n"
      "# TYPE zan_http_requests_total counter\n";
  for (std::size_t i = 0; i < call_count; ++i)
    for (std::size_t c = 1; c < sums[i].by_class.size(); ++c)
      if (sums[i].by_class[c] > 0)
        fmt::format_to(std::back_inserter(out), "zan_http_requests_total{{call=\"{}\",class=\"{}xx\"}} {}\n",
                       to_string(static_cast<Call>(i)), c, sums[i].by_class[c]);
}

void append_latencies(std::string& out, const std::array<HttpMetrics::CallCounts, call_count>& sums) {
  constexpr const char* name = "zan_http_request_seconds";
  fmt::format_to(std::back_inserter(out),
                 "# HELP {0} From a request's first byte to its answer.\n# TYPE {0} histogram\n", name);
  for (std::size_t i = 0; i < call_count; ++i) {
    const std::string_view call = to_string(static_cast<Call>(i));
    std::uint64_t total = 0;
    for (const std::uint64_t count : sums[i].by_latency) total += count;
    if (total == 0) continue;
    std::uint64_t below = 0;
    for (std::size_t b = 0; b < latency_bounds_us.size(); ++b) {
      below += sums[i].by_latency[b];
      fmt::format_to(std::back_inserter(out), "{}_bucket{{call=\"{}\",le=\"{}\"}} {}\n", name, call,
                     static_cast<double>(latency_bounds_us[b]) / 1e6, below);
    }
    fmt::format_to(std::back_inserter(out),
                   "{0}_bucket{{call=\"{1}\",le=\"+Inf\"}} {2}\n{0}_count{{call=\"{1}\"}} {2}\n", name, call, total);
    fmt::format_to(std::back_inserter(out), "{}_sum{{call=\"{}\"}} {}\n", name, call,
                   static_cast<double>(sums[i].sum_us) / 1e6);
  }
}

}  // namespace

void HttpMetrics::count(Call call, int status, std::int64_t took_us) {
  Counters& counters = calls_[static_cast<std::size_t>(call)];
  bump(counters.by_class[static_cast<std::size_t>(std::clamp(status / 100, 1, 5))]);
  const auto bucket = std::lower_bound(latency_bounds_us.begin(), latency_bounds_us.end(), took_us);
  bump(counters.by_latency[static_cast<std::size_t>(bucket - latency_bounds_us.begin())]);
  bump(counters.sum_us, static_cast<std::uint64_t>(std::max<std::int64_t>(0, took_us)));
}

void HttpMetrics::add_to(std::array<CallCounts, call_count>& sums) const {
  for (std::size_t i = 0; i < call_count; ++i) {
    const Counters& counters = calls_[i];
    for (std::size_t c = 0; c < counters.by_class.size(); ++c)
      sums[i].by_class[c] += counters.by_class[c].load(std::memory_order_relaxed);
    for (std::size_t b = 0; b < counters.by_latency.size(); ++b)
      sums[i].by_latency[b] += counters.by_latency[b].load(std::memory_order_relaxed);
    sums[i].sum_us += counters.sum_us.load(std::memory_order_relaxed);
  }
}

void append_metrics(std::string& out, const engine::IntegrityStatus& status) {
  const auto counter = [&](const char* name, const char* help, std::uint64_t value) {
    metric(out, name, "counter", help, value);
  };
  const auto gauge = [&](const char* name, const char* help, std::uint64_t value) {
    metric(out, name, "gauge", help, value);
  };
  gauge("zan_integrity_caught_up", "1 when the detectors have read the journal up to now.", status.caught_up ? 1 : 0);
  gauge("zan_integrity_position", "Position of the journal up to which acts have been judged.", status.position.value);
  gauge("zan_integrity_cases", "Cases found.", status.cases);
  gauge("zan_integrity_cases_suspected", "Cases whose likes are held.", status.suspected);
  gauge("zan_integrity_cases_confirmed", "Cases whose likes are rejected.", status.confirmed);
  gauge("zan_integrity_cases_cleared", "Cases whose likes count.", status.cleared);
  gauge("zan_integrity_appeals", "Cases that were appealed.", status.appeals);
  gauge("zan_integrity_overturned", "Cases that people have overturned.", status.overturned);
  counter("zan_integrity_likes_held_total", "Likes held by late verdicts since the start.", status.likes_held);
  counter("zan_integrity_likes_rejected_total", "Likes rejected by late verdicts since the start.",
          status.likes_rejected);
  gauge("zan_integrity_cases_waiting", "Cases that wait for people.", status.waiting);
  gauge("zan_integrity_cases_overdue", "Cases that wait longer than they should.", status.overdue);
  gauge("zan_integrity_cases_unassigned", "Cases that wait and are nobody's.", status.unassigned);
  gauge("zan_integrity_case_bytes", "Bytes of the cases, about.", status.case_bytes);
  gauge("zan_integrity_state_bytes", "Bytes of the detectors' state.", status.state_bytes);
  gauge("zan_integrity_trouble", "1 when the detectors cannot go on.", status.trouble.empty() ? 0 : 1);
}

void append_metrics(std::string& out, const engine::AudienceStatus& status) {
  const auto gauge = [&](const char* name, const char* help, std::uint64_t value) {
    metric(out, name, "gauge", help, value);
  };
  gauge("zan_audience_caught_up", "1 when the audience can be asked.", status.caught_up ? 1 : 0);
  gauge("zan_audience_position", "Position of the journal up to which the audience knows it.", status.position.value);
  gauge("zan_audience_people", "People with tags.", status.people);
  gauge("zan_audience_tag_bytes", "Bytes of the sets of people, by tag.", status.tag_bytes);
  gauge("zan_audience_event_bytes", "Bytes of who did what on which day.", status.event_bytes);
  gauge("zan_audience_trouble", "1 when the audience cannot be followed.", status.trouble.empty() ? 0 : 1);
}

void append_metrics(std::string& out, const engine::InsightsStatus& status) {
  const auto gauge = [&](const char* name, const char* help, std::uint64_t value) {
    metric(out, name, "gauge", help, value);
  };
  gauge("zan_insights_caught_up", "1 when counts by day can be asked for.", status.caught_up ? 1 : 0);
  gauge("zan_insights_position", "Position of the journal up to which counts by day know it.", status.position.value);
  gauge("zan_insights_works", "Works counted by day.", status.works);
  gauge("zan_insights_people", "People of whom it is known when they act.", status.people);
  gauge("zan_insights_bytes", "Bytes of counts by day, about.", status.bytes);
  metric(out, "zan_insights_left_out_total", "counter", "Acts on works past the number that is followed.",
         status.left_out);
  gauge("zan_insights_trouble", "1 when counts by day cannot be followed.", status.trouble.empty() ? 0 : 1);
}

void append_metrics(std::string& out, const engine::MatchingStatus& status) {
  const auto gauge = [&](const char* name, const char* help, std::uint64_t value) {
    metric(out, name, "gauge", help, value);
  };
  gauge("zan_matching_caught_up", "1 when feeds can be asked for.", status.caught_up ? 1 : 0);
  gauge("zan_matching_position", "Position of the journal up to which feeds know it.", status.position.value);
  gauge("zan_matching_works", "Works that feeds know.", status.works);
  gauge("zan_matching_people", "People that feeds know.", status.people);
  gauge("zan_matching_bytes", "Bytes of works and people, about.", status.bytes);
  gauge("zan_matching_model_version", "The model that serves; 0: works' own rates.", status.model_version);
  metric(out, "zan_matching_feeds_total", "counter", "Feeds answered since the start.", status.feeds);
  metric(out, "zan_matching_shown_lost_total", "counter", "Feeds that were not recorded, for want of room.",
         status.shown_lost);
  gauge("zan_matching_trouble", "1 when matching cannot be followed.", status.trouble.empty() ? 0 : 1);
}

std::string render_metrics(const std::vector<std::unique_ptr<HttpMetrics>>& blocks, const Gauges& gauges,
                           const engine::Status& status) {
  std::array<HttpMetrics::CallCounts, call_count> sums;
  for (const auto& block : blocks) block->add_to(sums);
  std::string out;
  append_engine(out, status);
  metric(out, "zan_connections", "gauge", "Open connections.", gauges.connections);
  metric(out, "zan_streams", "gauge", "Open live streams.", gauges.streams);
  metric(out, "zan_connections_accepted_total", "counter", "Connections accepted.", gauges.connections_accepted);
  metric(out, "zan_connections_refused_total", "counter", "Connections refused for being too many.",
         gauges.connections_refused);
  append_classes(out, sums);
  append_latencies(out, sums);
  return out;
}

}  // namespace zan::api
