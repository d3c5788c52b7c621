// Calls about people who sign in, the console's files, and the demo's attacks.
//
// Those of Scope::account run only with somebody signed in: check_access() saw to it.
#pragma once

#include <string_view>

#include "api/calls.h"

namespace zan::api {

void run_session(Session& session, std::string_view body);
void run_accounts(Session& session, std::string_view body);
void run_attack(Session& session, std::string_view body);
void run_console(Session& session);

}  // namespace zan::api
