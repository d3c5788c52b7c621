#include "base/metrics.h"

#include <gtest/gtest.h>

namespace zan {
namespace {

TEST(Metrics, renders_counters_and_gauges) {
  Metrics metrics;
  metrics.counter("b_total", "Things.", {{"kind", "x"}}).add(3);
  metrics.counter("b_total", "Things.", {{"kind", "y"}}).add();
  metrics.gauge("a", "Level.").set(-5);
  EXPECT_EQ(metrics.render(),
            "# HELP a Level.\n# TYPE a gauge\na -5\n"
            "# HELP b_total Things.\n# TYPE b_total counter\nb_total{kind=\"x\"} 3\nb_total{kind=\"y\"} 1\n");
}

TEST(Metrics, the_same_name_and_labels_are_the_same_number) {
  Metrics metrics;
  Counter& first = metrics.counter("n", "", {{"a", "1"}, {"b", "2"}});
  EXPECT_EQ(&first, &metrics.counter("n", "", {{"a", "1"}, {"b", "2"}}));
  EXPECT_NE(&first, &metrics.counter("n", "", {{"a", "1"}}));
}

TEST(Metrics, histograms_add_up) {
  Metrics metrics;
  Histogram& seconds = metrics.histogram("t_seconds", "Time.", {0.5, 1}, {{"call", "get"}});
  for (const double value : {0.25, 0.5, 0.75, 7.0}) seconds.observe(value);
  EXPECT_EQ(metrics.render(),
            "# HELP t_seconds Time.\n# TYPE t_seconds histogram\n"
            "t_seconds_bucket{call=\"get\",le=\"0.5\"} 2\n"
            "t_seconds_bucket{call=\"get\",le=\"1\"} 3\n"
            "t_seconds_bucket{call=\"get\",le=\"+Inf\"} 4\n"
            "t_seconds_sum{call=\"get\"} 8.5\nt_seconds_count{call=\"get\"} 4\n");
}

TEST(Metrics, escapes_what_would_end_a_line_or_a_label) {
  Metrics metrics;
  metrics.counter("n", "a \\ b\nc \"d\"", {{"l", "a \\ b\nc \"d\""}}).add();
  EXPECT_EQ(metrics.render(), "# HELP n a \\\\ b\\nc \"d\"\n# TYPE n counter\nn{l=\"a \\\\ b\\nc \\\"d\\\"\"} 1\n");
}

}  // namespace
}  // namespace zan
