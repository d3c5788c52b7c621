// What the calls about the audience share: calls_audience.cc asks about anybody, calls_segments.cc about what is saved.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/audience_json.h"
#include "api/calls.h"
#include "api/target.h"

namespace zan::api {

inline constexpr std::size_t composition_rows = 50, composition_rows_max = 1000;

// Null: there is none, which is answered.
engine::Audience* audience_of(Session& session);
// Under the caller's name and rights.
audience::Question question_of(const Session& session, std::uint32_t purpose, Timestamp now);
// `segment`: null where none is said.
AudienceAsked asked_of(const engine::Audience& audience, const audience::Question& question,
                       const audience::Node* segment);
// False: the call takes no parameters and got some, which is answered.
bool without_query(Session& session);
// As answer_from_pool; what is wrong is wrong with the body.
void answer_about_body(Session& session, std::function<Result<std::string>()> work);

// "limit" and "purpose" of the query, and parameters of the call's own.
struct RowsQuestion {
  Parameters parameters;
  std::size_t limit = composition_rows;
  std::uint32_t purpose = 0;

  // Nothing: something is wrong with them, which is answered.
  static std::optional<RowsQuestion> read(Session& session, const engine::Audience& audience,
                                          std::vector<std::string_view> more);
};

}  // namespace zan::api
