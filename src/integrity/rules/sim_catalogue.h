// A made-up catalogue with one feature of each type and a few counters, and what else tests need to load rules.
//
// Threads: plain values.
#pragma once

#include "integrity/rules/ruleset.h"

namespace zan::integrity::rules {

inline const Catalogue& sim_catalogue() {
  static const Catalogue catalogue = {{{"account_age", Type::duration, "", "since the account was made", "帐号年龄", 2},
                                       {"follows", Type::integer, "people", "whom the actor follows", "关注数", 2},
                                       {"night_share", Type::number, "", "share of acts at night", "夜间占比", 5},
                                       {"has_avatar", Type::boolean, "", "has a picture", "有头像", 1},
                                       {"network", Type::id, "", "the act's network", "网络", 1},
                                       {"region", Type::id, "", "the act's region", "地区", 1}},
                                      {{CounterForm::count, "like", keys_of(Key::device), all_windows, 4},
                                       {CounterForm::count, "like", keys_of(Key::actor), all_windows, 4},
                                       {CounterForm::count, "like", keys_of(Key::actor, Key::creator), 0x3c, 8},
                                       {CounterForm::count, "follow", keys_of(Key::actor), all_windows, 4},
                                       {CounterForm::distinct, "actor", keys_of(Key::device), all_windows, 20}}};
  return catalogue;
}

inline constexpr HashKey sim_id_key = {1, 2, 3};

inline std::uint64_t sim_id(std::string_view text) {
  return keyed_hash64(sim_id_key, as_bytes(text));
}

inline const NamedSets& sim_sets() {
  static const NamedSets sets = {{"office_networks", {sim_id("office-1"), sim_id("office-2")}}, {"vips", {}}};
  return sets;
}

inline Environment sim_environment() {
  return {&sim_catalogue(), &sim_sets(), sim_id_key, {}};
}

inline constexpr std::string_view sim_rules = R"(# likes that come too fast from one device
let fast = count(like, device, 1m) >= 30
let young = account_age < 2d
set trusted_networks = load "office_networks"
set near = {"cn-sh", "cn-bj"}

rule burst_from_new_accounts:
  when fast and young and not (network in trusted_networks)
  then hold, score +20, tag "burst"
  enforce after random(0s..30m)
  because "{count(like, device, 1m)} likes in a minute from one device, account {account_age} old"
  zh "一分钟内同一设备点赞{count(like, device, 1m)}次，帐号年龄{account_age}"

rule crowded_device:
  when ratio(distinct(actor, device, 1h), count(like, device, 1h)) > 0.5 and count(like, device, 1h) > 100
  then reject
  because "{distinct(actor, device, 1h)} accounts on one device in an hour"

rule people_we_know:
  when has_avatar and follows >= 50 and region in near
  then allow
  because "a known account: follows {follows}"

test burst_from_new_accounts:
  given account_age = 1h, count(like, device, 1m) = 31, network = "elsewhere"
  expect hold, tag "burst", score 20
test burst_from_new_accounts:
  given account_age = 1h, count(like, device, 1m) = 31, network = "office-1"
  expect not match, none
test people_we_know:
  given account_age = 1h, count(like, device, 1m) = 31, network = "x", has_avatar = true, follows = 60, region = "cn-sh"
  expect allow
)";

}  // namespace zan::integrity::rules
