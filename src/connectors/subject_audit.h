// Do the counts of a subject add up? Its evidence is the opened entries of all events that count for it; the rules here say
// what they must come to. docs/decisions/0004-auditing-counts.md says what that proves, and what it cannot.
//
// check_rows() and sum_rows() are pure. SubjectAudit asks the server, again while its answers belong to different moments.
//
// Threads: one.
// Errors:  conflict (counts, evidence and log contradict each other: says how), invalid (an answer that is not of the form),
//          limited (the subject changed whenever it was looked at), not_found (no such subject), unavailable.
// Memory:  about 500 bytes a row.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/http_client.h"
#include "connectors/log_follower.h"
#include "evidence/evidence.h"

namespace zan::connectors {

struct EvidenceRow {
  std::uint64_t index = 0;
  evidence::Hash opening{};
  evidence::Event event;
};

struct EvidencePage {
  std::vector<EvidenceRow> rows;
  std::uint64_t pending = 0;
  std::string next;  // empty: the last page
};
// An answer of GET /v1/subjects/{id}/evidence.
Result<EvidencePage> parse_evidence_page(std::string_view json, std::string_view subject);

struct LikeCounts {
  std::int64_t likes = 0, dislikes = 0;
  std::int64_t incentivised_likes = 0, incentivised_dislikes = 0;
  std::int64_t held = 0, rejected = 0;  // likes, organic and incentivised
  bool operator==(const LikeCounts&) const = default;
};
std::string to_string(const LikeCounts& counts);
// An answer of GET /v1/subjects/{id}/counts.
Result<LikeCounts> parse_like_counts(std::string_view json);

// Sorts the rows by number. conflict: two rows of one entry or number, another subject's row, or one person's rows that do
// not follow from each other.
Result<void> check_rows(std::vector<EvidenceRow>& rows, std::string_view subject);
// What the rows come to. REQUIRES: check_rows().
LikeCounts sum_rows(const std::vector<EvidenceRow>& rows);
// Every row opens the entry at its index. Sorts the rows by index.
Result<void> check_entries(std::vector<EvidenceRow>& rows, evidence::TreeReader& tree);

class SubjectAudit {
 public:
  static constexpr int tries_max = 8;
  static constexpr std::size_t rows_max = 2'000'000;

  // `wait`: called between two tries; false: give up.
  SubjectAudit(HttpClient& client, LogFollower& log, std::function<bool()> wait)
      : client_(client), log_(log), wait_(std::move(wait)) {}

  struct Report {
    LikeCounts counts;
    std::uint64_t rows = 0;
    std::uint64_t log_size = 0;
  };
  Result<Report> audit(const std::string& subject);

 private:
  struct Sample {
    LikeCounts counts;
    std::vector<EvidenceRow> rows;
  };
  // Empty: its parts are not of one moment.
  Result<std::optional<Sample>> take(const std::string& subject);
  static std::optional<Error> find_difference(Sample& sample, const std::string& subject);
  Result<std::string> get(const std::string& target);

  HttpClient& client_;
  LogFollower& log_;
  std::function<bool()> wait_;
};

}  // namespace zan::connectors
