// Mailbox: how the writer and the pool hand results to the sessions of one io thread.
//
// Results gather until the io thread fetches them; only the first of a gathering wakes it. So a group of a hundred likes
// that one sync made durable costs one wake-up, not a hundred.
//
// Threads: put_* from any thread, fetch() by the io thread. `wake` runs on the putting thread, under the lock, so
//          that nobody who has fetched the last mail can tear down what `wake` still uses.
// A session stays alive while it has mail to come (Session::expects).
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/engine.h"

namespace zan::api {

class Session;

struct AnswerMail {
  Session* to;
  std::uint64_t ticket;
  Result<engine::Answer> answer;
};
struct TaskMail {
  Session* to;
  std::function<void(Session&)> task;
  bool last;  // of what was promised with one Session::run()
};

class Mailbox {
 public:
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  void put_answer(Session* to, std::uint64_t ticket, Result<engine::Answer> answer) {
    const std::lock_guard lock(mutex_);
    const bool first = answers_.empty() && tasks_.empty();
    answers_.push_back({to, ticket, std::move(answer)});
    if (first) wake_();
  }

  void put_task(Session* to, std::function<void(Session&)> task, bool last) {
    const std::lock_guard lock(mutex_);
    const bool first = answers_.empty() && tasks_.empty();
    tasks_.push_back({to, std::move(task), last});
    if (first) wake_();
  }

  // Swaps what has come into the two (empty) vectors; false: nothing.
  bool fetch(std::vector<AnswerMail>& answers, std::vector<TaskMail>& tasks) {
    const std::lock_guard lock(mutex_);
    answers.swap(answers_);
    tasks.swap(tasks_);
    return !answers.empty() || !tasks.empty();
  }

 private:
  const std::function<void()> wake_;
  std::mutex mutex_;
  std::vector<AnswerMail> answers_;
  std::vector<TaskMail> tasks_;
};

}  // namespace zan::api
