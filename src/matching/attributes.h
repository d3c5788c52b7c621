// Attributes: what matching reads of the JSON that operators put of works and people, and nothing else of it.
//
//   works   tags, published_at, duration_ms, custom.<kind>, custom.adults_only (true)
//   people  age_band (under-14, 14-17: a minor), custom.<activity>, custom["consent.personalisation"] (false: no)
//
// Threads: any. Errors: invalid: no JSON object; the engine has checked what it stores, so that is damage.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "matching/facts.h"
#include "matching/live/tag_names.h"

namespace zan::matching {

struct AttributeNames {
  std::string kind = "video_type";         // of a work's custom attributes: what sort of work it is
  std::string activity = "active_degree";  // of a person's: how active they are
};

Result<WorkFacts> read_work(SubjectId subject, CreatorId creator, std::string_view json, const AttributeNames& names,
                            TagNames& tags);
// Of a work its publication alone; zero: it is not said.
Result<Timestamp> read_publication(std::string_view json);
// The region is left to the caller, who knows its number; here is its name.
struct PersonRead {
  PersonFacts facts;
  std::string region;
};
Result<PersonRead> read_person(PersonId person, std::string_view json, const AttributeNames& names, TagNames& tags);

}  // namespace zan::matching
