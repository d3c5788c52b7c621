// Metrics: numbers that go up and down while the program runs, and their text for Prometheus (exposition format 0.0.4).
//
//   Counter& likes = metrics.counter("zan_likes_total", "Likes accepted.", {{"kind", "organic"}});
//   likes.add();
//
// Owns:    the numbers; references stay good as long as the Metrics lives. Asking twice for a name with the same labels
//          gives the same number. Labels are constants of the program: nothing a client chooses, or memory has no bound.
// Threads: any. Updates are relaxed atomics; a rendering is not a snapshot over several numbers.
// Units:   of the name's ending: _total, _bytes, _seconds.
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace zan {

class Counter {
 public:
  void add(std::uint64_t by = 1) { value_.fetch_add(by, std::memory_order_relaxed); }
  [[nodiscard]] std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
 public:
  void set(std::int64_t value) { value_.store(value, std::memory_order_relaxed); }
  void add(std::int64_t by) { value_.fetch_add(by, std::memory_order_relaxed); }
  [[nodiscard]] std::int64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

class Histogram {
 public:
  // `bounds`: upper bounds of the buckets, rising; what is above the last one is counted too.
  explicit Histogram(std::vector<double> bounds);
  void observe(double value);

 private:
  friend class Metrics;
  const std::vector<double> bounds_;
  std::vector<std::atomic<std::uint64_t>> counts_;  // one more than bounds
  std::atomic<double> sum_{0};
};

class Metrics {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // REQUIRES: a name is used for one kind of number, a histogram's always with the same bounds.
  Counter& counter(std::string_view name, std::string_view help, Labels labels = {});
  Gauge& gauge(std::string_view name, std::string_view help, Labels labels = {});
  Histogram& histogram(std::string_view name, std::string_view help, std::vector<double> bounds, Labels labels = {});

  // Names in alphabetical order.
  [[nodiscard]] std::string render() const;

 private:
  // Numbers of one name, by their labels as they are written: a="x",b="y"
  struct Family {
    std::string help;
    std::map<std::string, std::unique_ptr<Counter>> counters;
    std::map<std::string, std::unique_ptr<Gauge>> gauges;
    std::map<std::string, std::unique_ptr<Histogram>> histograms;
  };
  Family& family(std::string_view name, std::string_view help);

  mutable std::mutex mutex_;  // of the maps, not of the numbers
  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace zan
