#include "audience/answer/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace zan::audience {

CompileContext Answers::context(const Question& question, std::vector<Similarity>* told) const {
  CompileContext out{*catalogue_, events_, names(question), question.purpose, question.now, {}, {}};
  out.similar = [this, question, told](const SimilarTo& to) -> Result<std::shared_ptr<const UserList>> {
    ZAN_ASSIGN(LookAlike found, look_alikes_.find(to, question));
    if (told != nullptr) told->push_back(std::move(found.similarity));
    return std::move(found.users);
  };
  return out;
}

Result<void> Answers::check(const Question& question) const {
  if (question.purpose < catalogue_->purposes().size()) return {};
  return invalid("there is no such purpose", "/purpose");
}

Result<Plan> Answers::plan(const Node& segment, const Question& question, std::vector<Similarity>* told) const {
  ZAN_TRY(check(question));
  return compile(canonical(segment), context(question, told));
}

Result<SizeAnswer> Answers::size(const Plan& plan, const Question& question, Said* said) {
  const std::uint64_t least = catalogue_->purposes()[question.purpose].least_people;
  const Measured measured = measure(store_, secret_, plan, catalogue_->eligible(question.purpose));
  ZAN_ASSIGN(const Said answer, book_.say(question.asker.key, question.purpose, measured, least, question.now));
  if (said != nullptr) *said = answer;
  if (!question.asker.exact) return SizeAnswer{answer.count, false, answer.within, {}};
  if (measured.count < least)
    return Error{ErrorKind::refused, fmt::format("fewer than {} people; so small a group is not told", least), {}};
  return SizeAnswer{measured.count, true, 0, {}};
}

Result<SizeAnswer> Answers::count(const Node& segment, const Question& question) {
  std::vector<Similarity> similar;
  ZAN_ASSIGN(const Plan plan, this->plan(segment, question, &similar));
  ZAN_ASSIGN(SizeAnswer out, size(plan, question, nullptr));
  out.similar = std::move(similar);
  return out;
}

namespace {

// Of the values of a one_of exactly one being hidden, it could be worked out from the others: the smallest of them is hidden too.
void hide_complements(const std::vector<ValueRow>& rows, const Catalogue& catalogue, Rows& said) {
  for (std::size_t from = 0; from < rows.size();) {
    std::size_t to = from;
    while (to < rows.size() && rows[to].tag == rows[from].tag) ++to;
    std::size_t hidden = 0, smallest = to;
    for (std::size_t i = from; i < to; ++i) {
      if (!said[i]) {
        ++hidden;
      } else if (smallest == to || *said[i] < *said[smallest]) {
        smallest = i;
      }
    }
    if (catalogue.tags()[rows[from].tag].type == TagType::one_of && hidden == 1 && smallest != to)
      said[smallest].reset();
    from = to;
  }
}

}  // namespace

void Answers::add_rows(const std::vector<ValueRow>& rows, const std::vector<std::uint64_t>& base,
                       std::uint64_t base_size, const Rows& said, double noise, Composition& out) const {
  const auto whole = static_cast<double>(out.size.count);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!said[i]) {
      ++out.hidden;
      continue;
    }
    CompositionRow row{rows[i].tag, rows[i].value, *said[i]};
    row.share = std::min(1.0, static_cast<double>(row.count) / whole);
    row.base_share = base_size == 0 ? 0 : static_cast<double>(base[i]) / static_cast<double>(base_size);
    const double p = std::clamp(row.share, 1 / whole, 1 - 1 / whole);
    const double error = std::sqrt(p * (1 - p) / whole + 2 * noise * noise / (whole * whole));
    row.low = std::max(0.0, row.share - 1.96 * error);
    row.high = std::min(1.0, row.share + 1.96 * error);
    row.surprise = (row.share - row.base_share) / error;
    out.rows.push_back(row);
  }
  std::stable_sort(out.rows.begin(), out.rows.end(), [](const CompositionRow& a, const CompositionRow& b) {
    const double most = std::abs(a.surprise), other = std::abs(b.surprise);
    return most != other ? most > other : a.count > b.count;
  });
}

Result<Composition> Answers::composition(const Node& segment, const Question& question) {
  std::vector<Similarity> similar;
  ZAN_ASSIGN(const Plan plan, this->plan(segment, question, &similar));
  ZAN_ASSIGN(Composition out, composition(plan, question));
  out.size.similar = std::move(similar);
  return out;
}

Result<Composition> Answers::portrait(std::shared_ptr<const UserList> people, const Question& question) {
  ZAN_TRY(check(question));
  return composition(Plan::of(std::move(people)), question);
}

Result<Composition> Answers::composition(const Plan& plan, const Question& question) {
  const Plan among = catalogue_->eligible(question.purpose);
  const std::uint64_t least = catalogue_->purposes()[question.purpose].least_people;
  Composition out;
  Said said;
  ZAN_ASSIGN(out.size, size(plan, question, &said));
  const std::vector<ValueRow> rows = value_rows(*catalogue_, question.purpose);
  ZAN_ASSIGN(const auto base, base_of(rows, question));
  Rows parts = *book_.say_parts(said, count_values(store_, rows, plan, among), least);
  hide_complements(rows, *catalogue_, parts);
  if (out.size.exact) out.size = {said.count, false, said.within, {}};
  add_rows(rows, base->counts, base->size, parts, book_.rules().noise_people, out);
  return out;
}

// Everybody, said under the house's own key and the same for all who ask; kept for a while, as people change all the time and
// each fresh answer is one of the key's budget.
Result<std::shared_ptr<const Answers::Base>> Answers::base_of(const std::vector<ValueRow>& rows,
                                                              const Question& question) {
  const std::lock_guard lock(bases_mutex_);
  std::shared_ptr<const Base>& kept = bases_[question.purpose];
  if (kept != nullptr && std::abs(question.now.us - kept->at.us) < base_age_us) return kept;
  Question of_all = question;
  of_all.asker = {"everybody", false};
  Said said;
  const auto size = this->size(Plan::both({}), of_all, &said);
  if (!size.ok()) return Error(size.error());
  auto fresh = std::make_shared<Base>();
  fresh->at = question.now;
  fresh->size = said.count;
  const Plan among = catalogue_->eligible(question.purpose);
  const std::uint64_t least = catalogue_->purposes()[question.purpose].least_people;
  for (const auto& count : *book_.say_parts(said, count_values(store_, rows, Plan::both({}), among), least))
    fresh->counts.push_back(count.value_or(0));
  kept = std::move(fresh);
  return kept;
}

Result<Overlap> Answers::overlap(const std::vector<Node>& segments, const Question& question) {
  if (segments.size() < 2 || segments.size() > overlap_segments_max)
    return invalid(fmt::format("an overlap is of 2 to {} segments", overlap_segments_max), "/segments");
  std::vector<Plan> plans;
  for (const Node& segment : segments) {
    ZAN_ASSIGN(Plan one, plan(segment, question));
    plans.push_back(std::move(one));
  }
  Overlap out;
  const auto ask = [&](const Plan& plan, std::optional<SizeAnswer>& to) -> Result<void> {
    const auto answer = size(plan, question, nullptr);
    if (answer.ok()) {
      to = *answer;
    } else if (answer.error().kind != ErrorKind::refused) {
      return answer.error();
    }
    return {};
  };
  out.sizes.resize(plans.size());
  out.shared.assign(plans.size(), std::vector<std::optional<SizeAnswer>>(plans.size()));
  for (std::size_t i = 0; i < plans.size(); ++i) {
    ZAN_TRY(ask(plans[i], out.sizes[i]));
    for (std::size_t j = 0; j < i; ++j) {
      std::vector<Plan> pair = {plans[i], plans[j]};
      ZAN_TRY(ask(Plan::both(std::move(pair)), out.shared[i][j]));
      out.shared[j][i] = out.shared[i][j];
    }
  }
  return out;
}

Result<UserList> Answers::members(const Node& segment, const Question& question, std::uint32_t after,
                                  std::size_t limit) {
  if (!question.asker.exact) return Error{ErrorKind::refused, "who is in a segment is told with the right to it", {}};
  ZAN_ASSIGN(const Plan plan, this->plan(segment, question));
  ZAN_TRY(size(plan, question, nullptr));
  const Plan among = catalogue_->eligible(question.purpose);
  Evaluation evaluation(store_);
  UserList out;
  for (std::uint32_t number = after / block_users; number < store_.block_count() && out.size() < limit; ++number) {
    store_.with_block(number, [&](const TagStore::Block& block) {
      const SetView set = evaluation.set_of(block, number, plan, among);
      for_each_user(set, number, [&](std::uint32_t user) {
        if (user > after && out.size() < limit) out.push_back(user);
      });
      evaluation.math().release(set);
    });
  }
  return out;
}

Why Answers::explain_purpose(std::uint32_t user, std::uint32_t number) const {
  const Purpose& purpose = catalogue_->purposes()[number];
  Why out{"may be counted for " + purpose.name, contains(store_, catalogue_->eligible(number), user), {}};
  if (purpose.consent == ConsentRule::given)
    out.parts.push_back({"has agreed", store_.contains(user, purpose.given), {}});
  out.parts.push_back({"has not refused", !store_.contains(user, purpose.refused), {}});
  if (purpose.adults_only)
    out.parts.push_back({"is of adult age, as declared", store_.contains(user, catalogue_->adult()), {}});
  return out;
}

Result<Why> Answers::explain(const Node& node, std::uint32_t user, const Question& question) const {
  ZAN_ASSIGN(const Plan plan, compile(node, context(question, nullptr)));
  Why out{to_text(node), contains(store_, plan, user), {}};
  if (const SegmentNames* const names = this->names(question); node.kind == NodeKind::segment && names != nullptr) {
    if (const auto inner = names->segment(node.name)) {
      ZAN_ASSIGN(Why why, explain(*inner, user, question));
      out.parts.push_back(std::move(why));
    }
  }
  for (const Node& part : node.parts) {
    ZAN_ASSIGN(Why why, explain(part, user, question));
    out.parts.push_back(std::move(why));
  }
  return out;
}

Result<Why> Answers::why(const Node& segment, std::uint32_t user, const Question& question) const {
  ZAN_TRY(plan(segment, question));
  Why purpose = explain_purpose(user, question.purpose);
  ZAN_ASSIGN(Why inner, explain(canonical(segment), user, question));
  Why out{"in the segment", purpose.in && inner.in, {}};
  out.parts.push_back(std::move(purpose));
  out.parts.push_back(std::move(inner));
  return out;
}

}  // namespace zan::audience
