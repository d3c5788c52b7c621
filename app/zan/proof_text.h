// What was proven, in words for a person.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "evidence/evidence.h"

namespace zan::app {

// Names come from strangers: control characters are shown as \xNN, so that none reaches a terminal.
std::string printable(std::string_view text);

// "like of v1 by u1 at 2026-11-22T01:02:03.000Z"
std::string event_text(const evidence::Receipt& receipt);
// "organic; took the place of nothing; received 2026-..."
std::string event_details(const evidence::Event& event);
// "signed by example.org/log (530d903a); cosigned by w1 at 2026-..., w2 at 2026-..."
std::string signers_text(const evidence::Policy& policy, const evidence::PolicyVerdict& verdict);
// What nobody should take for proven. `receipt`: a receipt was verified, and not a whole log.
std::string not_proven_text(const evidence::PolicyVerdict& verdict, bool receipt);

// Members of a JSON object, without braces.
std::string verdict_json(const evidence::Policy& policy, const evidence::PolicyVerdict& verdict);

}  // namespace zan::app
