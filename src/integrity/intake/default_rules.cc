#include "integrity/intake/default_rules.h"

namespace zan::integrity {

const std::string_view default_rules = R"(# What ships. A count is of what came before the act that is judged.

# --- rates that no hand reaches, where the app says which device it was: what names none comes from a server, and has its key's limits ---
rule inhuman_pace:
  when is_like and has_device and count(like, actor, 1m) >= 600
  then reject, tag "pace"
  because "{count(like, actor, 1m)} likes of this account within a minute"
  zh "该账号一分钟内点赞{count(like, actor, 1m)}次"

rule hurried_pace:
  when is_like and has_device and count(like, actor, 1m) >= 300
  then hold, tag "pace"
  because "{count(like, actor, 1m)} likes of this account within a minute"
  zh "该账号一分钟内点赞{count(like, actor, 1m)}次"

rule tireless:
  when is_like and has_device and count(like, actor, 1d) >= 20000
  then hold, tag "pace"
  because "{count(like, actor, 1d)} likes of this account within a day"
  zh "该账号一天内点赞{count(like, actor, 1d)}次"

rule inhuman_following:
  when is_follow and has_device and count(follow, actor, 1m) >= 300
  then hold, tag "pace"
  because "{count(follow, actor, 1m)} follows of this account within a minute"
  zh "该账号一分钟内关注{count(follow, actor, 1m)}次"

# --- one device, many accounts ---
rule device_stampede:
  when is_like and count(like, device, subject, 1h) >= 30 and distinct(actor, device, 1h) >= 30
  then reject, tag "device"
  because "{count(like, device, subject, 1h)} likes of this work from one device within an hour, by {distinct(actor, device, 1h)} accounts"
  zh "一小时内同一设备以{distinct(actor, device, 1h)}个账号给该作品点赞{count(like, device, subject, 1h)}次"

rule device_crowd:
  when is_like and count(like, device, subject, 6h) >= 9 and distinct(actor, device, 1d) >= 9
  then hold, tag "device"
  because "{count(like, device, subject, 6h)} likes of this work from one device within 6 hours, by {distinct(actor, device, 1d)} accounts"
  zh "6小时内同一设备以{distinct(actor, device, 1d)}个账号给该作品点赞{count(like, device, subject, 6h)}次"

rule fresh_accounts_of_a_device:
  when is_like and observed >= 2d and account_age < 1h and count(like, device, subject, 1h) >= 4
    and distinct(actor, device, 1h) >= 5
  then hold, tag "device"
  because "an account {account_age} old; {distinct(actor, device, 1h)} accounts on its device within an hour, {count(like, device, subject, 1h)} likes of this work"
  zh "账号年龄{account_age}；一小时内该设备有{distinct(actor, device, 1h)}个账号，给该作品点赞{count(like, device, subject, 1h)}次"

# --- what was found out before ---
rule known_for_fakes:
  when is_like and account_rejected >= 10 and ratio(account_rejected, account_likes) >= 0.8
  then hold, tag "history"
  because "{account_rejected} of this account's {account_likes} likes were rejected"
  zh "该账号{account_likes}次点赞中有{account_rejected}次被否决"

test inhuman_pace:
  given is_like = true, has_device = true, count(like, actor, 1m) = 600
  expect reject, tag "pace"
test inhuman_pace:
  given is_like = true, has_device = true, count(like, actor, 1m) = 299
  expect none
test inhuman_pace:
  given is_like = true, count(like, actor, 1m) = 5000
  expect none
test hurried_pace:
  given is_like = true, has_device = true, count(like, actor, 1m) = 300
  expect hold
test tireless:
  given is_like = true, has_device = true, count(like, actor, 1d) = 20000
  expect hold
test inhuman_following:
  given is_follow = true, has_device = true, count(follow, actor, 1m) = 300
  expect hold
test device_stampede:
  given is_like = true, count(like, device, subject, 1h) = 30, distinct(actor, device, 1h) = 30
  expect reject
test device_crowd:
  given is_like = true, count(like, device, subject, 6h) = 9, distinct(actor, device, 1d) = 9
  expect hold
test device_crowd:
  given is_like = true, count(like, device, subject, 6h) = 6, distinct(actor, device, 1d) = 6
  expect none
test fresh_accounts_of_a_device:
  given is_like = true, observed = 2d, account_age = 1m, count(like, device, subject, 1h) = 4, distinct(actor, device, 1h) = 5
  expect hold
test fresh_accounts_of_a_device:
  given is_like = true, observed = 1h, account_age = 1m, count(like, device, subject, 1h) = 4, distinct(actor, device, 1h) = 5
  expect none
test known_for_fakes:
  given is_like = true, account_rejected = 10, account_likes = 12
  expect hold
)";

std::string_view rules_in_service(const rules::RuleBook& book) {
  return book.active() ? std::string_view(book.texts().at(*book.active())) : default_rules;
}

}  // namespace zan::integrity
