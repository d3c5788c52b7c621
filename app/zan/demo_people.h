// Who visitors of a demo are: accounts that are entered by a role alone, two of them people of the community.
#pragma once

#include <string>
#include <vector>

#include "accounts/accounts.h"
#include "engine/engine.h"

namespace zan::app {

// Those of the staff and a brand; they need nobody of the community.
std::vector<accounts::Account> demo_staff(Timestamp now);

// Those, and a creator with several well liked works and a viewer with a long history, as far as the engine knows such: always
// the same of the same community.
std::vector<accounts::Account> demo_people(const engine::Engine& engine, Timestamp now);

}  // namespace zan::app
