// What tags are made of, on disk: sections "deriver", "people", "categories", "regions". docs/formats/audience_state.md has the bytes.
#include <algorithm>
#include <array>
#include <string_view>

#include "audience/derive/deriver.h"
#include "base/require.h"

namespace zan::audience {
namespace {

constexpr std::size_t sums = 11 + 24 + 5;
using Sums = std::array<float*, sums>;

Sums sums_of(Person& who) {
  Sums out{};
  std::size_t at = 0;
  for (float& sum : who.acts) out[at++] = &sum;
  for (float& sum : who.hours) out[at++] = &sum;
  for (float* const sum :
       {&who.weekend, &who.visits, &who.visit_seconds, &who.watched_seconds, &who.offered_seconds})
    out[at++] = sum;
  return out;
}

void put_score(Bytes& out, const CategoryScore& score) {
  put_fixed(out, score.category);
  put_fixed(out, score.interest);
  put_fixed(out, score.aversion);
  put_fixed(out, score.owed);
  put_fixed(out, score.as_of_s);
  put_fixed(out, score.worked_out_s);
}

CategoryScore take_score(ByteReader& in) {
  CategoryScore score;
  score.category = in.fixed<std::uint16_t>();
  score.interest = in.fixed<float>();
  score.aversion = in.fixed<float>();
  score.owed = in.fixed<float>();
  score.as_of_s = in.fixed<std::uint32_t>();
  score.worked_out_s = in.fixed<std::uint32_t>();
  return score;
}

// Most of a person's sums are zero: a mask says which are not.
void put_person(Bytes& out, std::uint32_t user, Person& who) {
  put_fixed(out, user);
  put_fixed(out, who.last_us);
  put_fixed(out, who.worked_out_us);
  put_fixed(out, who.active_days);
  for (const std::uint32_t number : {who.first_day, who.last_day, who.gap_days, who.region}) put_varint(out, number);
  put_varint(out, static_cast<std::uint32_t>(who.following));
  const Sums all = sums_of(who);
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < sums; ++i) mask |= std::uint64_t{*all[i] != 0 ? 1U : 0U} << i;
  put_fixed(out, mask);
  for (const float* const sum : all)
    if (*sum != 0) put_fixed(out, *sum);
  put_varint(out, who.categories.size());
  for (const CategoryScore& score : who.categories) put_score(out, score);
}

bool take_person(ByteReader& in, Person& who, std::size_t categories) {
  who.last_us = in.fixed<std::int64_t>();
  who.worked_out_us = in.fixed<std::int64_t>();
  who.active_days = in.fixed<std::uint64_t>();
  for (std::uint32_t* const number : {&who.first_day, &who.last_day, &who.gap_days, &who.region})
    *number = in.varint32();
  who.following = static_cast<std::int32_t>(in.varint32() & 0x7fff'ffff);
  const auto mask = in.fixed<std::uint64_t>();
  if (mask >> sums != 0) return false;
  const Sums all = sums_of(who);
  for (std::size_t i = 0; i < sums; ++i)
    if ((mask >> i & 1) != 0) *all[i] = in.fixed<float>();
  const std::uint64_t count = in.varint();
  if (count > categories) return false;
  for (std::uint64_t i = 0; i < count; ++i) {
    const CategoryScore score = take_score(in);
    if (score.category >= categories) return false;
    who.categories.add(score);
  }
  return in.ok();
}

// Calls take(chunk) until the section's chunks are used up; false: they make no sense.
template <typename Take>
Result<void> each_record(StateReader& reader, std::string_view section, Take&& take) {
  ZAN_TRY(reader.begin(section));
  while (true) {
    ZAN_ASSIGN(ByteReader chunk, reader.next());
    if (chunk.done()) return {};
    while (!chunk.done())
      if (!take(chunk)) return reader.damaged();
  }
}

}  // namespace

Result<void> Deriver::save(StateWriter& writer) {
  fold_pending();
  ZAN_TRY(writer.begin("deriver"));
  put_fixed(writer.chunk(), static_cast<std::uint8_t>(in_bulk()));
  ZAN_TRY(writer.begin("people"));
  for (std::uint32_t user = 0; user < people_end(); ++user) {
    if (user + 16 < people_end()) people_.fetch(user + 16);
    Person* const who = people_.find(user);
    if (who == nullptr) continue;
    put_person(writer.chunk(), user, *who);
    ZAN_TRY(writer.spill());
  }
  ZAN_TRY(writer.begin("categories"));
  for (std::uint32_t subject = 0; subject < subjects_.size(); ++subject) {
    if (subjects_[subject] == Packed{}) continue;
    put_fixed(writer.chunk(), subject);
    put_fixed(writer.chunk(), subjects_[subject]);
    ZAN_TRY(writer.spill());
  }
  ZAN_TRY(writer.begin("regions"));
  for (const auto& [id, term] : terms_) {
    put_fixed(writer.chunk(), id);
    put_varint(writer.chunk(), term.name.size());
    put_bytes(writer.chunk(), as_bytes(term.name));
    ZAN_TRY(writer.spill());
  }
  return {};
}

Result<void> Deriver::load(StateReader& reader) {
  require(people_end() == 0 && subjects_.empty() && !in_bulk(), "a state is loaded before all else");
  const std::size_t categories = catalogue_->categories().size();
  bool bulk = false;
  ZAN_TRY(each_record(reader, "deriver", [&](ByteReader& chunk) {
    bulk = chunk.fixed<std::uint8_t>() != 0;
    return true;
  }));
  ZAN_TRY(each_record(reader, "people", [&](ByteReader& chunk) {
    const auto user = chunk.fixed<std::uint32_t>();
    return chunk.ok() && user != 0xffff'ffff && people_.find(user) == nullptr &&
           take_person(chunk, people_.make(user), categories);
  }));
  ZAN_TRY(each_record(reader, "categories", [&](ByteReader& chunk) {
    const auto subject = chunk.fixed<std::uint32_t>();
    const auto of = chunk.fixed<Packed>();
    const auto wrong = [&](std::uint16_t category) { return category > categories; };
    if (!chunk.ok() || subject < subjects_.size() || std::any_of(of.begin(), of.end(), wrong)) return false;
    subjects_.resize(subject + std::size_t{1});
    subjects_[subject] = of;
    return true;
  }));
  ZAN_TRY(each_record(reader, "regions", [&](ByteReader& chunk) {
    const auto id = chunk.fixed<std::uint32_t>();
    const ByteSpan name = chunk.take(chunk.varint());
    if (chunk.ok()) put_term({id}, as_text(name));
    return chunk.ok();
  }));
  if (bulk) begin_bulk(1);
  return {};
}

}  // namespace zan::audience
