// A PostgreSQL 15 of our own, empty, on a free port: synchronous_commit and fsync on; memory and WAL limits raised (see
// settings in the .cc), so that no checkpoint falls into a run.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "measure/child.h"

namespace zan::bench {

class PostgresCluster {
 public:
  struct Closer {
    void operator()(PGconn* connection) const { PQfinish(connection); }
    void operator()(PGresult* result) const { PQclear(result); }
  };
  using Connection = std::unique_ptr<PGconn, Closer>;
  using Rows = std::unique_ptr<PGresult, Closer>;

  explicit PostgresCluster(const std::filesystem::path& folder);  // answers when this returns

  Connection connect() const;
  static Rows query(const Connection& connection, const std::string& sql);  // fails the run on an error
  pid_t pid() const { return child_.pid(); }
  std::filesystem::path tables() const { return folder_ / "base"; }

 private:
  void wait_until_ready();

  std::filesystem::path folder_;
  std::uint16_t port_;
  Child child_;
};

}  // namespace zan::bench
