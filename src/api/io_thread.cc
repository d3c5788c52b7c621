#include "api/io_thread.h"

#include <algorithm>
#include <utility>

namespace zan::api {
namespace {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

}  // namespace

IoThread::IoThread(ServerState& server, HttpMetrics& metrics, std::function<void()> on_removed)
    : guard_(asio::make_work_guard(context_)),
      state_(server, metrics, [this] { asio::post(context_, [this] { on_mail(); }); }),
      on_removed_(std::move(on_removed)),
      sweep_timer_(context_),
      again_timer_(context_) {
  state_.refresh_time();
}

void IoThread::start() {
  arm_sweep();
  thread_ = std::thread([this] { context_.run(); });
}

void IoThread::join() {
  if (!thread_.joinable()) return;
  asio::post(context_, [this] {
    ending_ = true;
    guard_.reset();
    sweep_timer_.cancel();
    again_timer_.cancel();
  });
  thread_.join();
}

void IoThread::adopt(asio::ip::tcp::socket socket) {
  state_.server.connection_objects.fetch_add(1);
  asio::post(context_, [this, socket = std::move(socket)]() mutable { add(std::move(socket)); });
}

void IoThread::add(asio::ip::tcp::socket socket) {
  state_.refresh_time();
  ErrorCode ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  auto connection = std::make_unique<Connection>(*this, std::move(socket));
  connection->index = connections_.size();
  connections_.push_back(std::move(connection));
  Connection& there = *connections_.back();
  if (state_.server.stopping.load()) there.session().stop();
  there.pump();
}

void IoThread::maybe_remove(Connection& connection) {
  if (!connection.removable()) return;
  const std::size_t index = connection.index;
  std::swap(connections_[index], connections_.back());
  connections_[index]->index = index;
  connections_.pop_back();
  state_.server.connection_objects.fetch_sub(1);
  on_removed_();
}

void IoThread::on_closed() {
  state_.server.connections.fetch_sub(1);
}

void IoThread::on_mail() {
  state_.refresh_time();
  answers_.clear();
  tasks_.clear();
  if (!state_.mailbox.fetch(answers_, tasks_)) return;
  for (AnswerMail& mail : answers_) {
    mail.to->on_answer(mail.ticket, std::move(mail.answer));
    mail.to->carrier().pump();
  }
  // A session with more than one piece of mail here lives until its last.
  for (TaskMail& mail : tasks_) {
    mail.to->on_task(mail.task, mail.last);
    mail.to->carrier().pump();
  }
  tasks_.clear();
  after_work();
}

void IoThread::after_work() {
  if (!state_.again.empty() && !again_armed_) arm_again();
}

void IoThread::arm_again() {
  again_armed_ = true;
  again_timer_.expires_after(std::chrono::microseconds(state_.server.limits.offer_again_us));
  again_timer_.async_wait([this](const ErrorCode& code) {
    again_armed_ = false;
    if (code) return;
    state_.refresh_time();
    for (Session* session : std::exchange(state_.again, {})) {
      session->again();
      session->carrier().pump();
    }
    after_work();
  });
}

void IoThread::arm_sweep() {
  sweep_timer_.expires_after(std::chrono::microseconds(state_.server.limits.sweep_us));
  sweep_timer_.async_wait([this](const ErrorCode& code) {
    if (code || ending_) return;  // cancel() does not reach a handler that is queued already
    sweep();
    arm_sweep();
  });
}

// Backwards, because a tick may remove its connection, which puts the last in its place.
void IoThread::sweep() {
  state_.refresh_time();
  state_.keys = state_.server.access->keys();
  for (std::size_t i = connections_.size(); i-- > 0;)
    if (i < connections_.size()) connections_[i]->on_tick();
  after_work();
}

void IoThread::tell_progress() {
  if (progress_told_.exchange(true)) return;
  asio::post(context_, [this] { on_progress(); });
}

void IoThread::on_progress() {
  progress_told_.store(false);
  state_.refresh_time();
  for (std::size_t i = connections_.size(); i-- > 0;) {
    if (i >= connections_.size() || !connections_[i]->session().endless()) continue;
    connections_[i]->session().on_progress();
    connections_[i]->pump();
  }
}

void IoThread::stop_sessions() {
  asio::post(context_, [this] {
    state_.refresh_time();
    for (std::size_t i = connections_.size(); i-- > 0;) {
      if (i >= connections_.size()) continue;
      connections_[i]->session().stop();
      connections_[i]->pump();
    }
    after_work();
  });
}

void IoThread::hang_up_all() {
  asio::post(context_, [this] {
    for (std::size_t i = connections_.size(); i-- > 0;) {
      if (i >= connections_.size()) continue;
      connections_[i]->hang_up();
      connections_[i]->pump();
    }
  });
}

}  // namespace zan::api
