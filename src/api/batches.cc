#include "api/batches.h"

#include <algorithm>
#include <utility>

#include "api/session.h"
#include "api/text.h"

namespace zan::api {

void append_totals(std::string& out, std::uint64_t accepted, std::uint64_t duplicates, std::uint64_t rejected,
                   Position position) {
  out += R"("accepted":)";
  append_number(out, accepted);
  out += R"(,"duplicates":)";
  append_number(out, duplicates);
  out += R"(,"rejected":)";
  append_number(out, rejected);
  out += R"(,"position":")";
  append_number(out, position.value);
  out += '"';
}

void Batches::begin() {
  batches_.clear();
  accepted_ = duplicates_ = rejected_ = 0;
  position_ = {};
  any_submitted_ = ended_ = false;
  failure_.reset();
}

bool Batches::full() const {
  return batches_.size() >= session_.limits().batches_in_flight || (!batches_.empty() && !batches_.back().submitted) ||
         session_.unsent() >= session_.limits().unsent_bytes;
}

void Batches::add(engagement::ActBatch acts, std::vector<BadLine> bad, std::uint64_t first) {
  if (failure_) return;
  Batch batch;
  batch.ticket = next_ticket_++;
  batch.first = first;
  batch.bad = std::move(bad);
  batch.submitted = batch.answered = acts.acts.empty();
  if (!batch.submitted) batch.command.body = std::move(acts);
  batches_.push_back(std::move(batch));
  proceed();
}

void Batches::end() {
  ended_ = true;
  proceed();
}

void Batches::fail(Failure why) {
  if (!failure_) failure_ = std::move(why);
  ended_ = true;
  // What the engine has not taken will not be done.
  std::erase_if(batches_, [](const Batch& batch) { return !batch.submitted; });
  proceed();
}

void Batches::offer() {
  for (Batch& batch : batches_) {
    if (batch.submitted) continue;
    const Result<void> submitted = session_.submit(batch.command, batch.ticket);
    if (submitted.ok()) {
      batch.submitted = any_submitted_ = true;
      batch.command = {};
      continue;
    }
    // Full at the start is said to the client, who has lost nothing yet; later we wait for room.
    if (submitted.error().kind == ErrorKind::limited && (any_submitted_ || session_.answering()))
      return session_.call_again();
    return fail(to_failure(submitted.error(), Problem::invalid_event));
  }
}

void Batches::on_answer(std::uint64_t ticket, Result<engine::Answer> answer) {
  const auto batch = std::find_if(batches_.begin(), batches_.end(), [&](const Batch& b) { return b.ticket == ticket; });
  if (batch == batches_.end()) return;
  batch->answered = true;
  if (answer.ok()) {
    batch->answer = std::move(answer).value();
    return proceed();
  }
  batch->bad.clear();
  fail(to_failure(answer.error(), Problem::invalid_event));
}

void Batches::proceed() {
  if (!failure_) offer();
  while (!batches_.empty() && batches_.front().answered) {
    if (!tell(batches_.front())) return;
    batches_.erase(batches_.begin());
  }
  if (ended_ && batches_.empty() && !session_.answered()) finish();
}

// Problems of the parser and of the engine, merged by index. False: the client takes no more for
// now.
bool Batches::tell(Batch& batch) {
  const std::vector<engine::RejectedAct>& rejected = batch.answer.rejected;
  const auto index_of = [&](const engine::RejectedAct& act) {
    return batch.first + (act.index - static_cast<std::uint32_t>(batch.first));  // acts carry the low 32 bits
  };
  while (batch.bad_told < batch.bad.size() || batch.rejected_told < rejected.size()) {
    if (session_.unsent() >= session_.limits().unsent_bytes) return false;
    const bool from_parser = batch.rejected_told == rejected.size() ||
                             (batch.bad_told < batch.bad.size() &&
                              batch.bad[batch.bad_told].index < index_of(rejected[batch.rejected_told]));
    if (from_parser) {
      const BadLine& bad = batch.bad[batch.bad_told++];
      tell_one(bad.index, bad.error);
    } else {
      const engine::RejectedAct& act = rejected[batch.rejected_told++];
      tell_one(index_of(act), act.error);
    }
  }
  accepted_ += batch.answer.accepted;
  duplicates_ += batch.answer.duplicates;
  rejected_ += batch.bad.size() + rejected.size();
  position_ = std::max(position_, batch.answer.position);
  return true;
}

void Batches::tell_one(std::uint64_t index, const Error& error) {
  if (!session_.answering()) session_.begin_pieces("application/x-ndjson");
  line_ = R"({"index":)";
  append_number(line_, index);
  line_ += R"(,"problem":)";
  append_problem(line_, to_failure(error, Problem::invalid_event), {});
  line_ += "}\n";
  session_.piece(line_);
}

void Batches::append_summary(std::string& out) const {
  out += '{';
  if (failure_) {
    out += R"("problem":)";
    append_problem(out, *failure_, session_.request_id());
    out += ',';
  }
  const Position position = position_.value > 0 ? position_ : session_.server().engine.status().position;
  append_totals(out, accepted_, duplicates_, rejected_, position);
  out += "}\n";
}

void Batches::finish() {
  if (failure_ && !session_.answering() && accepted_ + duplicates_ + rejected_ == 0) return session_.fail(*failure_);
  line_.clear();
  append_summary(line_);
  if (!session_.answering()) return session_.answer(200, "application/x-ndjson", line_);
  session_.piece(line_);
  session_.end_pieces();
}

void Batches::abandon() {
  batches_.clear();
  ended_ = true;
}

}  // namespace zan::api
