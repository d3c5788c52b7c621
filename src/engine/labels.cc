#include "engine/labels.h"

#include <algorithm>

#include "base/hash.h"

namespace zan::engine {
namespace {

using engagement::RecordedAct;
using engagement::Verdict;
using integrity::Decision;

constexpr std::array<double, label_parts - 1> case_shares = {0.6, 0.8};        // of the cases, by time: where to cut
constexpr std::array<double, label_parts> account_shares = {0.5, 0.25, 0.25};  // of the accounts without a case
constexpr std::array<double, label_parts> expected_shares = {0.6, 0.2, 0.2};   // of the likes, by time
constexpr std::uint64_t account_salt = 0x6c61'6265'6c31, sample_salt = 0x6c61'6265'6c32;

std::uint64_t pair_of(std::uint32_t actor, std::uint32_t subject) {
  return std::uint64_t{actor} << 32 | subject;
}

// In [0, 1), the same for the same thing.
double share_of(std::uint64_t thing, std::uint64_t salt) {
  return static_cast<double>(mix64(thing ^ mix64(salt)) >> 11) * 0x1p-53;
}

std::size_t part_of_account(std::uint32_t actor) {
  double share = share_of(actor, account_salt);
  for (std::size_t part = 0; part + 1 < label_parts; ++part) {
    if (share < account_shares[part]) return part;
    share -= account_shares[part];
  }
  return label_parts - 1;
}

// A verdict that names no group is a case of its account alone.
std::uint64_t case_of(const engagement::LateVerdict& verdict) {
  constexpr std::uint64_t lone = std::uint64_t{1} << 63;
  return verdict.group != 0 ? verdict.group : mix64(verdict.person.value) | lone;
}

}  // namespace

Result<Labels> Labels::read(storage::Journal& journal, const LabelOptions& options, const Progress& progress) {
  Labels labels(options);
  ZAN_ASSIGN(const auto reader, journal.read({}));
  storage::Group group;
  const double all = static_cast<double>(std::max<std::uint64_t>(1, journal.synced().value));
  for (;;) {
    ZAN_ASSIGN(const bool more, reader->next(group));
    if (!more || (options.until && group.at > *options.until)) break;
    ZAN_TRY(labels.read_group(group));
    labels.last_ = {group.first.value + group.count - 1};
    if (progress) progress(static_cast<double>(labels.last_.value) / all);
  }
  ZAN_TRY(labels.cut());
  return labels;
}

Result<void> Labels::read_group(const storage::Group& group) {
  ByteSpan record;
  storage::RecordReader records(group.payload);
  while (records.next(record)) {
    ++counts_.records;
    if (record.empty()) continue;
    if (record.front() == integrity::case_note_tag) {
      ZAN_ASSIGN(const integrity::CaseNote note, integrity::read_note(record));
      // Of a decision in part only the likes tell: they were cleared one by one.
      if (note.decision != Decision::none) decisions_[note.case_id] = note.decision;
      continue;
    }
    switch (static_cast<engagement::RecordTag>(record.front())) {
      case engagement::RecordTag::act: {
        ZAN_ASSIGN(const RecordedAct act, engagement::read_act(record, group.at));
        if (act.type != engagement::ActType::like || act.incentivised || act.effect != engagement::Effect::changed)
          break;
        ++counts_.likes;
        newest_us_ = std::max(newest_us_, act.at.us);
        break;
      }
      case engagement::RecordTag::verdict: {
        ZAN_ASSIGN(const engagement::VerdictRecord verdict, engagement::read_verdict(record, group.at));
        take_verdict(verdict);
        break;
      }
      case engagement::RecordTag::erased: {
        ZAN_ASSIGN(const PersonId person, engagement::read_erased(record));
        erased_.insert(person.value);
        break;
      }
      default:
        break;
    }
  }
  return records.ok() ? Result<void>() : corrupt("a journal group is malformed");
}

void Labels::take_verdict(const engagement::VerdictRecord& verdict) {
  const engagement::LateVerdict& what = verdict.what;
  if (what.type != engagement::ActType::like || verdict.incentivised) return;
  found_[{pair_of(what.person.value, what.target), what.at.us}] = {what.verdict, case_of(what)};
}

Labels::Stands Labels::stands(const Found& found) const {
  if (found.verdict == Verdict::rejected) return Stands::fake;
  if (found.verdict == Verdict::held) return Stands::suspected;
  const auto decision = decisions_.find(found.case_id);
  const bool by_people = decision != decisions_.end() && decision->second == Decision::overturn;
  return by_people ? Stands::overturned : Stands::cleared;
}

// Between the cases that lie at these shares of them, by the middle of their likes' times.
Result<void> Labels::cut() {
  std::unordered_map<std::uint64_t, std::vector<std::int64_t>> times;
  std::unordered_map<std::uint64_t, bool> fake;
  for (const auto& [key, found] : found_) {
    const Stands what = stands(found);
    ++(what == Stands::fake         ? counts_.fakes
       : what == Stands::overturned ? counts_.overturned
       : what == Stands::suspected  ? counts_.suspected
                                    : counts_.cleared);
    const bool ripe = key.at_us <= newest_us_ - options_.ripe_us;
    if (!ripe || (what != Stands::fake && what != Stands::overturned)) continue;
    times[found.case_id].push_back(key.at_us);
    fake[found.case_id] |= what == Stands::fake;
  }
  std::vector<std::int64_t> middles;
  for (auto& [id, all] : times) {
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
    std::nth_element(all.begin(), middle, all.end());
    if (fake[id]) middles.push_back(*middle);
    ++(fake[id] ? counts_.cases : counts_.overturned_cases);
  }
  if (counts_.cases < training_cases_min || counts_.fakes < training_fakes_min)
    return invalid("too little to learn from: " + std::to_string(counts_.cases) + " confirmed cases with " +
                   std::to_string(counts_.fakes) + " likes; " + std::to_string(training_cases_min) + " cases with " +
                   std::to_string(training_fakes_min) + " likes are needed, " +
                   std::to_string(options_.ripe_us / us_per_hour) + " hours old or older");
  std::sort(middles.begin(), middles.end());
  for (std::size_t i = 0; i < cuts_us_.size(); ++i) {
    const auto at = static_cast<std::size_t>(case_shares[i] * static_cast<double>(middles.size()));
    cuts_us_[i] = middles[at - 1] + (middles[at] - middles[at - 1] + 1) / 2;
  }
  for (const auto& [id, all] : times) case_part_[id] = part_of(all[all.size() / 2]);
  settle_accounts();
  return {};
}

void Labels::settle_accounts() {
  for (const auto& [key, found] : found_) {
    const Stands what = stands(found);
    if (what == Stands::cleared) continue;
    ++suspects_[static_cast<std::uint32_t>(key.pair >> 32)][part_of(key.at_us)];
  }
  double expected = 0;
  for (std::size_t part = 0; part < label_parts; ++part) expected += account_shares[part] * expected_shares[part];
  expected *= static_cast<double>(counts_.likes);
  genuine_rate_ = std::min(1.0, static_cast<double>(options_.genuine_rows_max) / std::max(1.0, expected));
  fake_rate_ =
      std::min(1.0, static_cast<double>(options_.fake_rows_max) / std::max(1.0, static_cast<double>(counts_.fakes)));
}

std::size_t Labels::part_of(std::int64_t at_us) const {
  return static_cast<std::size_t>(at_us >= cuts_us_[0]) + static_cast<std::size_t>(at_us >= cuts_us_[1]);
}

std::optional<TrainingLabel> Labels::label(const RecordedAct& like) {
  if (like.type != engagement::ActType::like || like.incentivised || like.effect != engagement::Effect::changed)
    return std::nullopt;
  if (like.at.us > newest_us_ - options_.ripe_us) return ++counts_.unripe, std::nullopt;
  if (erased_.contains(like.actor.value)) return ++counts_.of_erased, std::nullopt;
  const auto found = found_.find({pair_of(like.actor.value, like.subject.value), like.at.us});
  if (found != found_.end() && stands(found->second) != Stands::cleared) return label_found(like, found->second);
  return label_plain(like);
}

std::optional<TrainingLabel> Labels::label_found(const RecordedAct& like, const Found& found) {
  const Stands what = stands(found);
  if (what == Stands::suspected) return std::nullopt;
  const auto& parts = suspects_[like.actor.value];
  const auto most = static_cast<std::size_t>(std::max_element(parts.begin(), parts.end()) - parts.begin());
  const std::size_t part = part_of(like.at.us);
  if (part != most || part != case_part_[found.case_id]) return ++counts_.straddling, std::nullopt;
  const bool fake = what == Stands::fake;
  const double rate = fake ? fake_rate_ : 1;
  if (share_of(pair_of(like.actor.value, like.subject.value), sample_salt) >= rate) return std::nullopt;
  ++(fake ? counts_.fake_rows : counts_.genuine_rows);
  return TrainingLabel{part, fake, static_cast<float>(1 / rate)};
}

std::optional<TrainingLabel> Labels::label_plain(const RecordedAct& like) {
  if (suspects_.contains(like.actor.value)) return ++counts_.of_suspects, std::nullopt;
  if (like.judgement.verdict != Verdict::genuine) return ++counts_.held_at_intake, std::nullopt;
  const std::size_t part = part_of(like.at.us);
  if (part_of_account(like.actor.value) != part) return std::nullopt;
  if (share_of(pair_of(like.actor.value, like.subject.value), sample_salt) >= genuine_rate_) return std::nullopt;
  ++counts_.genuine_rows;
  return TrainingLabel{part, false, static_cast<float>(1 / (genuine_rate_ * account_shares[part]))};
}

}  // namespace zan::engine
