#include "servers/postgres.h"

#include <fmt/format.h>

#include <cstdlib>
#include <vector>

#include "load/lines.h"
#include "measure/fail.h"
#include "measure/scratch.h"
#include "servers/workers.h"

namespace zan::bench {

namespace {

constexpr const char* kInsert =
    "WITH new AS (INSERT INTO likes (actor, subject, at)"
    "  SELECT * FROM unnest($1::{0}[], $2::{0}[], $3::bigint[])"
    "  ON CONFLICT DO NOTHING RETURNING subject)"
    " INSERT INTO counters (subject, likes)"
    "  SELECT subject, count(*) FROM new GROUP BY subject ORDER BY subject"
    "  ON CONFLICT (subject) DO UPDATE SET likes = counters.likes + excluded.likes";

}  // namespace

PostgresServer::PostgresServer(const std::filesystem::path& folder, const PostgresOptions& options)
    : options_(options), cluster_(folder) {
  make_tables();
}

void PostgresServer::make_tables() {
  const Connection connection = connect();
  const std::string id = options_.integer_ids ? "bigint" : "text";
  query(connection, fmt::format("CREATE TABLE likes (actor {0} NOT NULL, subject {0} NOT NULL,"
                                " at bigint NOT NULL, PRIMARY KEY (actor, subject))",
                                id));
  query(connection, "CREATE INDEX likers ON likes (subject, at DESC)");
  query(connection, fmt::format("CREATE TABLE counters (subject {} PRIMARY KEY,"
                                " likes bigint NOT NULL) WITH (fillfactor = 70)",
                                id));
}

std::string PostgresServer::literal_user(std::uint32_t id) const {
  return options_.integer_ids ? std::to_string(id) : "'" + user_id(id) + "'";
}
std::string PostgresServer::literal_subject(std::uint32_t id) const {
  return options_.integer_ids ? std::to_string(id) : "'" + subject_id(id) + "'";
}

void PostgresServer::insert(const Connection& connection, const Population& population, std::size_t begin,
                            std::size_t end) const {
  std::string actors = "{", subjects = "{", times = "{";
  for (std::size_t i = begin; i < end; ++i) {
    if (i != begin) {
      actors += ',';
      subjects += ',';
      times += ',';
    }
    if (!options_.integer_ids) {
      actors += 'u';
      subjects += 'v';
    }
    append_number(actors, population.likes()[i].user);
    append_number(subjects, population.likes()[i].subject);
    append_number(times, Population::at_ms(i));
  }
  actors += '}';
  subjects += '}';
  times += '}';
  const char* values[] = {actors.c_str(), subjects.c_str(), times.c_str()};
  const Rows done(PQexecPrepared(connection.get(), "put", 3, values, nullptr, nullptr, 0));
  if (PQresultStatus(done.get()) != PGRES_COMMAND_OK) {
    fail("postgres: {}", PQerrorMessage(connection.get()));
  }
}

void PostgresServer::ingest(const Population& population, std::size_t begin, std::size_t end) {
  const std::string sql = fmt::format(fmt::runtime(kInsert), options_.integer_ids ? "bigint" : "text");
  std::vector<Connection> connections;
  for (std::size_t i = 0; i < options_.connections; ++i) {
    connections.push_back(connect());
    const Rows prepared(PQprepare(connections.back().get(), "put", sql.c_str(), 3, nullptr));
    if (PQresultStatus(prepared.get()) != PGRES_COMMAND_OK) {
      fail("postgres: {}", PQerrorMessage(connections.back().get()));
    }
  }
  for_slices(
      options_.connections, begin, end, options_.batch,
      [&](std::size_t worker, std::size_t from, std::size_t to) { insert(connections[worker], population, from, to); });
}

void PostgresServer::check_subject(const Connection& connection, const Sample::Subject& expected) const {
  const std::string id = literal_subject(expected.id);
  const Rows count = query(connection, "SELECT likes FROM counters WHERE subject = " + id);
  const std::uint64_t likes =
      PQntuples(count.get()) == 0 ? 0 : std::strtoull(PQgetvalue(count.get(), 0, 0), nullptr, 10);
  if (likes != expected.likes) fail("postgres: {} has {} likes, expected {}", id, likes, expected.likes);
  const Rows list = query(connection, fmt::format("SELECT actor, at FROM likes WHERE subject = {}"
                                                  " ORDER BY at DESC LIMIT {}",
                                                  id, Sample::kListMax));
  if (PQntuples(list.get()) != static_cast<int>(expected.newest.size())) {
    fail("postgres: wrong likers of {}", id);
  }
  for (int i = 0; i < PQntuples(list.get()); ++i) {
    const Listed& wanted = expected.newest[static_cast<std::size_t>(i)];
    const std::string actor = options_.integer_ids ? std::to_string(wanted.id) : user_id(wanted.id);
    if (actor != PQgetvalue(list.get(), i, 0) || std::to_string(wanted.at_ms) != PQgetvalue(list.get(), i, 1)) {
      fail("postgres: liker {} of {} is wrong", i, id);
    }
  }
}

void PostgresServer::check_user(const Connection& connection, const Sample::User& expected) const {
  const Rows list = query(connection, fmt::format("SELECT subject FROM likes WHERE actor = {}"
                                                  " ORDER BY at DESC",
                                                  literal_user(expected.id)));
  if (PQntuples(list.get()) != static_cast<int>(expected.newest.size())) {
    fail("postgres: wrong likes of {}", literal_user(expected.id));
  }
  for (int i = 0; i < PQntuples(list.get()); ++i) {
    const std::uint32_t id = expected.newest[static_cast<std::size_t>(i)].id;
    const std::string wanted = options_.integer_ids ? std::to_string(id) : subject_id(id);
    if (wanted != PQgetvalue(list.get(), i, 0)) {
      fail("postgres: like {} of {} is wrong", i, literal_user(expected.id));
    }
  }
}

void PostgresServer::check(const Sample& sample) {
  const Connection connection = connect();
  for (const Sample::Subject& expected : sample.subjects()) check_subject(connection, expected);
  for (const Sample::User& expected : sample.users()) check_user(connection, expected);
}

std::uint64_t PostgresServer::data_bytes() {
  return disk_bytes(cluster_.tables());
}

std::optional<std::uint64_t> PostgresServer::log_bytes() {
  const Rows rows = query(connect(), "SELECT wal_bytes FROM pg_stat_wal");
  return std::strtoull(PQgetvalue(rows.get(), 0, 0), nullptr, 10);
}

std::optional<double> PostgresServer::syncs() {
  const Rows rows = query(connect(), "SELECT wal_sync FROM pg_stat_wal");
  return std::strtod(PQgetvalue(rows.get(), 0, 0), nullptr);
}

}  // namespace zan::bench
