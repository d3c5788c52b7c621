// IoThread: one thread, its event loop, its connections, and their mail.
//
// Nothing here is shared: connections are spread when they are accepted and stay. Other threads reach this one by the
// mailbox and by post().
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "api/connection.h"
#include "api/server_state.h"

namespace zan::api {

class IoThread {
 public:
  // `on_removed` runs on this thread when a connection object has gone.
  IoThread(ServerState& server, HttpMetrics& metrics, std::function<void()> on_removed);
  ~IoThread() { join(); }
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  boost::asio::io_context& context() { return context_; }
  void start();
  // Ends when there are no connections and nothing posted; then joins.
  void join();

  // From any thread.
  void adopt(boost::asio::ip::tcp::socket socket);
  void tell_progress();
  // Finishes what is under way, or hangs up on everybody.
  void stop_sessions();
  void hang_up_all();

  // From its own thread.
  ThreadState& state() { return state_; }
  void maybe_remove(Connection& connection);
  void on_closed();
  // At the end of every handler.
  void after_work();

 private:
  using WorkGuard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;

  void add(boost::asio::ip::tcp::socket socket);
  void on_mail();
  void sweep();
  void arm_sweep();
  void arm_again();
  void on_progress();

  boost::asio::io_context context_{1};
  WorkGuard guard_;
  ThreadState state_;
  const std::function<void()> on_removed_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<AnswerMail> answers_;
  std::vector<TaskMail> tasks_;
  std::vector<Connection*> visited_;
  boost::asio::steady_timer sweep_timer_, again_timer_;
  bool again_armed_ = false, ending_ = false;
  std::atomic<bool> progress_told_{false};
  std::thread thread_;
};

}  // namespace zan::api
