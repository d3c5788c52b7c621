#include "connectors/subject_audit.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <limits>

namespace zan::connectors {
namespace {

namespace dom = simdjson::dom;

using evidence::Event;
using evidence::EventType;
using evidence::Hash;
using evidence::Replaced;
using evidence::Verdict;

constexpr int page_rows = 200;

Result<dom::element> parse_json(dom::parser& parser, const simdjson::padded_string& text) {
  dom::element root;
  if (const auto problem = parser.parse(text).get(root); problem != simdjson::SUCCESS)
    return invalid(fmt::format("the answer is not JSON: {}", simdjson::error_message(problem)));
  return root;
}

Result<EvidenceRow> parse_row(dom::element item) {
  EvidenceRow row;
  std::string_view opening;
  dom::element event;
  if (item["index"].get_uint64().get(row.index) != simdjson::SUCCESS ||
      item["opening"].get_string().get(opening) != simdjson::SUCCESS || item["event"].get(event) != simdjson::SUCCESS)
    return invalid("a row of evidence without index, opening and event");
  const auto hash = evidence::parse_base64_hash(opening);
  if (!hash) return invalid("a row of evidence whose opening is not 32 bytes in base64");
  row.opening = *hash;
  ZAN_ASSIGN(row.event, evidence::parse_event_json(simdjson::minify(event)));
  return row;
}

bool is_reaction(const Event& event) {
  return event.changed && (event.type == EventType::like || event.type == EventType::unlike ||
                           event.type == EventType::dislike || event.type == EventType::verdict);
}

// What an actor's last reaction left, and what it is held to be.
struct Standing {
  Replaced what = Replaced::nothing;
  bool incentivised = false;
  Verdict verdict = Verdict::unjudged;
  Timestamp at;
};

// Without a judge there is no difference.
bool genuine(Verdict verdict) {
  return verdict == Verdict::genuine || verdict == Verdict::unjudged;
}

Standing left_by(const Event& event) {
  if (event.type == EventType::verdict) return {event.replaced, event.incentivised, event.verdict, event.at};
  const Replaced what = event.type == EventType::like     ? Replaced::liked
                        : event.type == EventType::unlike ? Replaced::withdrawn
                                                          : Replaced::disliked;
  return {what, event.incentivised, event.verdict, event.at};
}

bool counts_for_something(Replaced what) {
  return what == Replaced::liked || what == Replaced::disliked;
}

// A verdict is on what stands, and on another class of it; it does not change the label.
Result<void> follow_verdict(const Standing& before, const EvidenceRow& row) {
  const Event& event = row.event;
  if (!counts_for_something(before.what) || event.at != before.at)
    return conflict(fmt::format("entry {} is a verdict on what does not stand", row.index));
  if (event.incentivised != before.incentivised)
    return conflict(fmt::format("entry {} is a verdict that changes whether a reaction is incentivised", row.index));
  if (event.verdict == Verdict::unjudged || event.verdict == before.verdict ||
      (genuine(event.verdict) && genuine(before.verdict)))
    return conflict(fmt::format("entry {} is a verdict that changes nothing", row.index));
  return {};
}

Result<void> follow(const Standing& before, const EvidenceRow& row) {
  const Event& event = row.event;
  if (event.type == EventType::verdict) ZAN_TRY(follow_verdict(before, row));
  const bool follows = event.replaced == before.what &&
                       (!counts_for_something(before.what) || event.replaced_incentivised == before.incentivised);
  if (follows) return {};
  return conflict(fmt::format(
      "entry {} ({}) says that it took the place of \"{}\"{}, but the same person's entries before it left "
      "\"{}\"{}",
      row.index, to_string(event.type), to_string(event.replaced), event.replaced_incentivised ? " (incentivised)" : "",
      to_string(before.what), before.incentivised ? " (incentivised)" : ""));
}

void add(LikeCounts& counts, const Standing& standing, std::int64_t by) {
  const bool liked = standing.what == Replaced::liked;
  if (!liked && standing.what != Replaced::disliked) return;
  if (genuine(standing.verdict)) {
    if (liked) (standing.incentivised ? counts.incentivised_likes : counts.likes) += by;
    if (!liked) (standing.incentivised ? counts.incentivised_dislikes : counts.dislikes) += by;
  } else if (liked) {
    (standing.verdict == Verdict::held ? counts.held : counts.rejected) += by;
  }
}

}  // namespace

Result<EvidencePage> parse_evidence_page(std::string_view json, std::string_view subject) {
  dom::parser parser;
  const simdjson::padded_string text(json);
  ZAN_ASSIGN(const dom::element root, parse_json(parser, text));
  EvidencePage page;
  std::string_view named;
  dom::array items;
  dom::element next;
  if (root["subject"].get_string().get(named) != simdjson::SUCCESS || named != subject)
    return invalid("the evidence is not of the subject that was asked for");
  if (root["items"].get_array().get(items) != simdjson::SUCCESS || root["next"].get(next) != simdjson::SUCCESS)
    return invalid("evidence without items and next");
  std::string_view cursor;
  if (!next.is_null() && next.get_string().get(cursor) != simdjson::SUCCESS) return invalid("next is not a string");
  page.next = cursor;
  if (const auto pending = root["pending"]; pending.error() == simdjson::SUCCESS && !pending.is_null() &&
                                            pending.get_uint64().get(page.pending) != simdjson::SUCCESS)
    return invalid("pending is not a number");
  for (const dom::element item : items) {
    ZAN_ASSIGN(EvidenceRow row, parse_row(item));
    page.rows.push_back(std::move(row));
  }
  return page;
}

std::string to_string(const LikeCounts& counts) {
  return fmt::format(
      "{} likes, {} dislikes, {} incentivised likes, {} incentivised dislikes, {} likes held, {} rejected",
      counts.likes, counts.dislikes, counts.incentivised_likes, counts.incentivised_dislikes, counts.held,
      counts.rejected);
}

Result<LikeCounts> parse_like_counts(std::string_view json) {
  dom::parser parser;
  const simdjson::padded_string text(json);
  ZAN_ASSIGN(const dom::element root, parse_json(parser, text));
  LikeCounts counts;
  const bool whole =
      root["likes"].get_int64().get(counts.likes) == simdjson::SUCCESS &&
      root["dislikes"].get_int64().get(counts.dislikes) == simdjson::SUCCESS &&
      root["incentivised"]["likes"].get_int64().get(counts.incentivised_likes) == simdjson::SUCCESS &&
      root["incentivised"]["dislikes"].get_int64().get(counts.incentivised_dislikes) == simdjson::SUCCESS &&
      root["held"].get_int64().get(counts.held) == simdjson::SUCCESS &&
      root["rejected"].get_int64().get(counts.rejected) == simdjson::SUCCESS;
  if (!whole) return invalid("counts without likes, dislikes, incentivised, held and rejected");
  return counts;
}

Result<void> check_rows(std::vector<EvidenceRow>& rows, std::string_view subject) {
  std::ranges::sort(rows, {}, &EvidenceRow::index);
  const auto twice = std::ranges::adjacent_find(rows, {}, &EvidenceRow::index);
  if (twice != rows.end()) return conflict(fmt::format("entry {} is given as evidence twice", twice->index));
  std::ranges::sort(rows, {}, [](const EvidenceRow& row) { return row.event.number; });
  std::map<Hash, Standing> actors;
  const EvidenceRow* before = nullptr;
  for (const EvidenceRow& row : rows) {
    if (row.event.subject != subject)
      return conflict(fmt::format("entry {} is given as evidence, and is of another subject", row.index));
    if (before != nullptr && before->event.number == row.event.number)
      return conflict(fmt::format("entries {} and {} are one event", before->index, row.index));
    before = &row;
    if (!is_reaction(row.event)) continue;
    Standing& standing = actors[row.event.actor];
    ZAN_TRY(follow(standing, row));
    standing = left_by(row.event);
  }
  return {};
}

LikeCounts sum_rows(const std::vector<EvidenceRow>& rows) {
  LikeCounts counts;
  std::map<Hash, Standing> actors;
  for (const EvidenceRow& row : rows) {
    if (!is_reaction(row.event)) continue;
    Standing& standing = actors[row.event.actor];
    add(counts, standing, -1);
    standing = left_by(row.event);
    add(counts, standing, 1);
  }
  return counts;
}

Result<void> check_entries(std::vector<EvidenceRow>& rows, evidence::TreeReader& tree) {
  std::ranges::sort(rows, {}, &EvidenceRow::index);
  std::uint64_t held = std::numeric_limits<std::uint64_t>::max();
  evidence::Bundle bundle;
  for (const EvidenceRow& row : rows) {
    if (row.index >= tree.size())
      return conflict(fmt::format("entry {} is given as evidence, and the log has {}", row.index, tree.size()));
    if (row.index / evidence::tile_width != held) {
      held = row.index / evidence::tile_width;
      ZAN_ASSIGN(bundle, tree.bundle(held));
    }
    if (!std::ranges::equal(evidence::entry_of(row.event, row.opening),
                            bundle.entries[row.index % evidence::tile_width]))
      return conflict(fmt::format("entry {} does not hold the event that is given for it", row.index));
  }
  return {};
}

Result<std::string> SubjectAudit::get(const std::string& target) {
  ZAN_ASSIGN(HttpAnswer answer, client_.call({.target = target}));
  if (answer.status == 200) return std::move(answer.body);
  const std::string said = fmt::format("{}: {} {}", target, answer.status, problem_text(answer.body));
  if (answer.status == 404) return not_found(said);
  return unavailable(said);
}

Result<std::optional<SubjectAudit::Sample>> SubjectAudit::take(const std::string& subject) {
  const std::optional<Sample> mixed;
  const std::string path = "/v1/subjects/" + path_segment(subject);
  ZAN_ASSIGN(const std::string before, get(path + "/counts"));
  Sample sample;
  ZAN_ASSIGN(sample.counts, parse_like_counts(before));
  std::string cursor;
  do {
    const std::string target = fmt::format("{}/evidence?limit={}{}{}", path, page_rows,
                                           cursor.empty() ? "" : "&cursor=", path_segment(cursor));
    ZAN_ASSIGN(const std::string body, get(target));
    ZAN_ASSIGN(EvidencePage page, parse_evidence_page(body, subject));
    if (page.pending > 0) return mixed;
    if (!page.next.empty() && page.rows.empty()) return invalid("an empty page of evidence with a next one");
    sample.rows.insert(sample.rows.end(), page.rows.begin(), page.rows.end());
    if (sample.rows.size() > rows_max)
      return invalid(fmt::format("{}: more than {} rows of evidence", subject, rows_max));
    cursor = page.next;
  } while (!cursor.empty());
  ZAN_ASSIGN(const std::string after, get(path + "/counts"));
  ZAN_ASSIGN(const LikeCounts counts, parse_like_counts(after));
  if (counts != sample.counts) return mixed;
  return std::optional(std::move(sample));
}

std::optional<Error> SubjectAudit::find_difference(Sample& sample, const std::string& subject) {
  if (const auto checked = check_rows(sample.rows, subject); !checked.ok())
    return conflict(fmt::format("{}: {}", subject, checked.error().message));
  const LikeCounts sum = sum_rows(sample.rows);
  if (sum == sample.counts) return std::nullopt;
  return conflict(fmt::format("{}: the counts say {}, and the entries of the log add up to {}", subject,
                              to_string(sample.counts), to_string(sum)));
}

Result<SubjectAudit::Report> SubjectAudit::audit(const std::string& subject) {
  std::optional<Error> difference;
  for (int i = 0; i < tries_max; ++i) {
    if (i > 0 && !wait_()) break;
    ZAN_ASSIGN(std::optional<Sample> sample, take(subject));
    if (!sample) {
      difference.reset();
      continue;
    }
    // Once more: a like and an unlike, or an erasure, between the pages may leave the counts as they were.
    difference = find_difference(*sample, subject);
    if (difference) continue;
    ZAN_TRY(log_.look());
    ZAN_TRY(check_entries(sample->rows, log_.tree()));
    return Report{sample->counts, sample->rows.size(), log_.tree().size()};
  }
  if (difference) return *difference;
  return limited(fmt::format("{}: changed whenever it was looked at, so it could not be compared", subject));
}

}  // namespace zan::connectors
