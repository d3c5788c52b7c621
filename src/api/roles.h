// Roles: what an account may call, and of whom. One table, a row a call; a call without a row does not compile, a cell that is
// left out is closed to everybody but operators.
//
// Threads: any; plain functions. Cost: memory only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "accounts/accounts.h"
#include "api/problem.h"
#include "api/routes.h"
#include "engine/engine.h"

namespace zan::api {

// How far a call goes for a role.
enum class Reach : std::uint8_t {
  none,
  any,
  own_user,     // of the account's user: the {id}
  own_creator,  // of the account's creator: the {id}
  own_subject,  // of works of the account's creator: the {id}
  own_viewer,   // the parameter viewer is the account's user
  own_receipt,  // the parameter user is
  own_body,     // what the body asks is: check_own_body()
  own_acts,     // each act that is told: check_own_act()
  looking,      // with preview=true, which changes nothing
};

// REQUIRES: not Call::none.
Reach reach_of(Call call, accounts::Role role);

// A method that may change something. Of those, the calls that ask by a body are no acts of anybody.
bool is_unsafe(Method method);
bool only_asks(Call call);

// What keeps this person from the call, by its path and query; nothing: nothing.
std::optional<Failure> check_reach(const accounts::SignedIn& who, Call call, const std::string& id,
                                   std::string_view query, const engagement::Reads& reads);
// The same of a call whose body says whose it is. `body` is followed by padding_bytes readable bytes; one that cannot be read is
// left to the call.
std::optional<Failure> check_own_body(const accounts::SignedIn& who, Call call, std::string_view body,
                                      const engagement::Reads& reads);
std::optional<Failure> check_own_act(const accounts::SignedIn& who, const engagement::ActBatch& batch,
                                     const engagement::Act& act);

}  // namespace zan::api
