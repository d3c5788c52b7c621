// A web server of a few fixed answers on loopback, for a browser that a test drives: it also takes what the browser sends to
// /result, and remembers what was asked for.
//
// Threads: add() before start(); the rest any. Destruction ends all connections.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>

namespace zan::testing_support {

struct FixedAnswer {
  std::string content_type;
  std::string body;
  std::string policy;  // Content-Security-Policy; empty: none
};

class PageServer {
 public:
  PageServer();
  ~PageServer();
  PageServer(const PageServer&) = delete;
  PageServer& operator=(const PageServer&) = delete;

  void add(std::string path, FixedAnswer answer) { answers_[std::move(path)] = std::move(answer); }
  void start();
  [[nodiscard]] std::uint16_t port() const { return port_; }

  // What was sent to /result; nullopt when nothing was within the time.
  std::optional<std::string> wait_for_result(int seconds);
  std::set<std::string> asked() const;

 private:
  void accept_all();
  void converse(int socket);
  std::string answer_to(const std::string& path, std::string body);

  std::map<std::string, FixedAnswer> answers_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::thread acceptor_;
  std::list<std::thread> conversations_;  // of the acceptor, until it has ended

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::set<int> sockets_;
  std::set<std::string> asked_;
  std::optional<std::string> result_;
};

}  // namespace zan::testing_support
