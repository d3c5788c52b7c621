// PostgreSQL 15 with the same facts: likes (primary key actor, subject; index subject, at
// descending) and counters, written by one statement per batch in one transaction: INSERT … SELECT
// FROM unnest ON CONFLICT DO NOTHING, and the rows that were new are grouped into the counters'
// upsert. Settings: see PostgresCluster.
#pragma once

#include <filesystem>
#include <string>

#include "servers/like_server.h"
#include "servers/postgres_cluster.h"

namespace zan::bench {

struct PostgresOptions {
  bool integer_ids = false;     // bigint columns in place of text
  std::size_t connections = 2;  // one thread each
  std::size_t batch = 5000;     // rows in one statement
};

class PostgresServer final : public LikeServer {
 public:
  PostgresServer(const std::filesystem::path& folder, const PostgresOptions& options);

  void ingest(const Population& population, std::size_t begin, std::size_t end) override;
  void check(const Sample& sample) override;
  pid_t pid() const override { return cluster_.pid(); }
  std::uint64_t data_bytes() override;
  std::optional<std::uint64_t> log_bytes() override;
  std::optional<double> syncs() override;

 private:
  using Connection = PostgresCluster::Connection;
  using Rows = PostgresCluster::Rows;

  Connection connect() const { return cluster_.connect(); }
  static Rows query(const Connection& connection, const std::string& sql) {
    return PostgresCluster::query(connection, sql);
  }
  void make_tables();
  std::string literal_user(std::uint32_t id) const;
  std::string literal_subject(std::uint32_t id) const;
  void insert(const Connection& connection, const Population& population, std::size_t begin, std::size_t end) const;
  void check_subject(const Connection& connection, const Sample::Subject& expected) const;
  void check_user(const Connection& connection, const Sample::User& expected) const;

  PostgresOptions options_;
  PostgresCluster cluster_;
};

}  // namespace zan::bench
