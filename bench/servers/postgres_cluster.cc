#include "servers/postgres_cluster.h"

#include <pwd.h>
#include <unistd.h>

#include <fmt/format.h>

#include <vector>

#include "measure/clock.h"
#include "measure/fail.h"
#include "net/socket.h"

namespace zan::bench {

namespace {

constexpr double kStartSeconds = 60;
constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";
constexpr const char* kUser = "postgres";  // PostgreSQL refuses to run as root

const std::vector<std::string>& settings() {
  static const std::vector<std::string> all = {"fsync=on",
                                               "synchronous_commit=on",
                                               "shared_buffers=2GB",
                                               "max_wal_size=32GB",
                                               "min_wal_size=4GB",
                                               "checkpoint_timeout=1h",
                                               "wal_buffers=64MB",
                                               "work_mem=64MB",
                                               "maintenance_work_mem=512MB",
                                               "jit=off",
                                               "listen_addresses=127.0.0.1",
                                               "unix_socket_directories=",
                                               "max_connections=20",
                                               "autovacuum=on",
                                               "huge_pages=try"};
  return all;
}

}  // namespace

PostgresCluster::PostgresCluster(const std::filesystem::path& folder) : folder_(folder / "cluster"), port_(free_port()) {
  std::filesystem::create_directory(folder_);
  const std::filesystem::path log = folder / "postgres.log";
  const std::string user = geteuid() == 0 ? kUser : "";
  if (const passwd* entry = user.empty() ? nullptr : getpwnam(kUser)) {
    if (chown(folder_.c_str(), entry->pw_uid, entry->pw_gid) != 0) fail("chown failed");
  }
  const ChildOptions how{.log = log, .user = user, .folder = folder_};
  run_to_end({fmt::format("{}initdb", kPrograms), "-D", folder_.string(), "-U", "bench", "-A", "trust", "-E", "UTF8",
              "--locale=C", "-N"},
             how);
  std::vector<std::string> arguments = {fmt::format("{}postgres", kPrograms), "-D", folder_.string(), "-p",
                                        std::to_string(port_)};
  for (const std::string& setting : settings()) {
    arguments.push_back("-c");
    arguments.push_back(setting);
  }
  child_ = Child::start(arguments, how);
  wait_until_ready();
}

PostgresCluster::Connection PostgresCluster::connect() const {
  return Connection(PQconnectdb(fmt::format("host=127.0.0.1 port={} user=bench dbname=postgres", port_).c_str()));
}

void PostgresCluster::wait_until_ready() {
  const Stopwatch waited;
  while (waited.seconds() < kStartSeconds) {
    if (PQstatus(connect().get()) == CONNECTION_OK) return;
    if (!child_.running()) fail("postgres ended:\n{}", log_tail(folder_.parent_path() / "postgres.log"));
    usleep(20'000);
  }
  fail("postgres does not answer");
}

PostgresCluster::Rows PostgresCluster::query(const Connection& connection, const std::string& sql) {
  Rows rows(PQexec(connection.get(), sql.c_str()));
  const ExecStatusType status = PQresultStatus(rows.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    fail("postgres: {} in: {}", PQerrorMessage(connection.get()), sql);
  }
  return rows;
}

}  // namespace zan::bench
