// A thread that sends likes at a fixed rate while something else is measured: every few
// milliseconds as many as are due. It never skips: when the server holds it up it catches up, and
// says how far behind it fell.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <thread>

namespace zan::bench {

class PacedStream {
 public:
  // Calls send(begin, end) with indexes that go up from `first`, never beyond `last`.
  using Send = std::function<void(std::size_t begin, std::size_t end)>;
  PacedStream(double per_second, std::size_t first, std::size_t last, Send send);

  // Ends the stream; throws on what the thread failed with.
  void stop();

  std::size_t sent_until() const { return next_; }
  double achieved_per_second() const { return achieved_per_s_; }  // after stop()
  double behind_ms_max() const { return behind_ms_max_; }         // after stop()

 private:
  void run(const std::stop_token& stop);

  double per_second_;
  std::size_t first_;
  std::size_t last_;
  Send send_;
  std::atomic<std::size_t> next_;
  double achieved_per_s_ = 0;
  double behind_ms_max_ = 0;
  std::exception_ptr failure_;
  std::jthread thread_;
};

}  // namespace zan::bench
