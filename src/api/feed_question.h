// What is asked of matching and told to it, as queries and JSON bodies.
//
// Errors: invalid, with the parameter or the JSON pointer of the offending part.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/target.h"
#include "engine/engine.h"

namespace zan::api {

inline constexpr std::size_t feed_items = 20, similar_items = 20, match_people = 100;
inline constexpr std::size_t impressions_max = 1'000;  // showings told at once

// viewer, limit, surface, region, personalised=on|off, watched=v1,v2 (of a session), not=v3,v4 (on the screen already),
// preview=true (shows nothing to anybody, and is not recorded).
Result<engine::FeedRequest> read_feed_request(std::string_view query);

struct PredictQuestion {
  std::string viewer, surface;
  std::vector<std::string> subjects;
};
// {"viewer":"u1","subjects":["v1",9],"surface":"home"}
Result<PredictQuestion> parse_predict(std::string_view body);

// {"limit":100}; all of it may be left out.
Result<std::size_t> parse_match(std::string_view body);

// {"tag":"travel","wish":"more"}: more, less, never or none, of "tag" or "creator".
Result<engine::NamedWish> parse_wish(std::string_view body);

// {"shown":[{"viewer":"u1","subjects":["v1"],"surface":"home","at":"..."}]}
Result<std::vector<engine::NamedShown>> parse_impressions(std::string_view body);

// {"kind":"pin","subject":"v1","place":1,"surface":"home","until":"...","why":"..."}; of a boost "factor".
Result<engine::NamedRule> parse_feed_rule(std::string_view body);

// {"why":"..."}
Result<std::string> parse_why(std::string_view body);

// What is said changes the policy that is in force: {"worth":{"like":2},"explore_share":0.1,"why":"..."}
Result<matching::PolicySet> parse_policy(std::string_view body, const matching::Policy& in_force);

// {"name":"...","control_share":0.5,"holdout_share":0.05,"arms":[{"name":"...","share":0.1,"policy":{...}}],"why":"..."};
// a policy says what differs from the one in force.
Result<matching::ExperimentStarted> parse_experiment(std::string_view body, const matching::Policy& in_force);

}  // namespace zan::api
