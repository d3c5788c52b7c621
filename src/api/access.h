// Access: who is calling, whether they may, and whether they still have budget.
//
// The key file is read again when it changes (asked at most once in Limits::keys_us, by whoever comes by), so a revoked
// key stops working within a second. A key that stays keeps its bucket. When a changed file cannot be read, the keys
// known before stay in force and the trouble is told once in the log.
//
// Threads: all methods from any thread; callers hold a snapshot they renew now and then.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "api/keys.h"
#include "api/token_bucket.h"

namespace zan::api {

// A key and its budget. Immutable but for the bucket.
struct Caller {
  ApiKey key;
  std::unique_ptr<TokenBucket> bucket;  // null: no limit
};

struct KeySet {
  std::vector<ApiKey> keys;
  std::vector<std::shared_ptr<Caller>> callers;  // in the order of `keys`
  bool needed = false;                           // requests without a key are refused
  std::shared_ptr<Caller> anyone;                // who calls without one, when none is needed
};

struct AccessOptions {
  std::string data_folder;  // empty: there are no keys
  bool listens_beyond_loopback = false;
  std::uint32_t anonymous_rate = 0;  // a second for all callers without a key together; zero: no limit
};

class Access {
 public:
  // refused: listens beyond loopback, and there is no key yet.
  static Result<std::unique_ptr<Access>> open(AccessOptions options);

  [[nodiscard]] std::shared_ptr<const KeySet> keys() const;
  // Looks at the file and takes it in when it has changed. Reads from disk, a small file.
  Result<void> refresh();

 private:
  explicit Access(AccessOptions options) : options_(std::move(options)) {}
  [[nodiscard]] std::shared_ptr<const KeySet> build(std::vector<ApiKey> keys) const;

  const AccessOptions options_;
  mutable std::mutex mutex_;  // guards what follows
  std::shared_ptr<const KeySet> keys_;
  std::string seen_;  // what told the file apart from its successor
};

}  // namespace zan::api
