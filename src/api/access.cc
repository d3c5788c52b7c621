#include "api/access.h"

#include "base/file.h"

namespace zan::api {
namespace {

std::shared_ptr<Caller> make_caller(ApiKey key) {
  auto caller = std::make_shared<Caller>();
  if (key.rate > 0) caller->bucket = std::make_unique<TokenBucket>(key.rate);
  caller->key = std::move(key);
  return caller;
}

}  // namespace

Result<std::unique_ptr<Access>> Access::open(AccessOptions options) {
  std::unique_ptr<Access> access(new Access(std::move(options)));
  ZAN_TRY(access->refresh());
  const auto keys = access->keys();
  if (access->options_.listens_beyond_loopback && keys->keys.empty())
    return Error{ErrorKind::refused, "listening beyond loopback needs an API key first: make one with `zan key add`",
                 "listen"};
  return access;
}

std::shared_ptr<const KeySet> Access::keys() const {
  const std::lock_guard lock(mutex_);
  return keys_;
}

std::shared_ptr<const KeySet> Access::build(std::vector<ApiKey> keys) const {
  auto fresh = std::make_shared<KeySet>();
  fresh->needed = options_.listens_beyond_loopback || !keys.empty();
  for (const ApiKey& key : keys) {
    std::shared_ptr<Caller> caller;
    for (std::size_t i = 0; keys_ != nullptr && i < keys_->keys.size(); ++i)
      if (keys_->keys[i] == key) caller = keys_->callers[i];
    fresh->callers.push_back(caller != nullptr ? caller : make_caller(key));
  }
  fresh->keys = std::move(keys);
  ApiKey anyone{.name = "anyone", .scopes = scopes_of_keys, .rate = options_.anonymous_rate};
  fresh->anyone = keys_ != nullptr ? keys_->anyone : make_caller(std::move(anyone));
  return fresh;
}

Result<void> Access::refresh() {
  const std::lock_guard lock(mutex_);
  const std::string stamp =
      options_.data_folder.empty() ? "none" : stamp_of(options_.data_folder + "/" + key_file_name);
  if (keys_ != nullptr && stamp == seen_) return {};
  seen_ = stamp;
  std::vector<ApiKey> keys;
  if (stamp != "none") {
    ZAN_ASSIGN(keys, load_keys(options_.data_folder));
  }
  keys_ = build(std::move(keys));
  return {};
}

}  // namespace zan::api
