#include "problems/audience_rival.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <vector>

#include "audience/audience.h"
#include "measure/fail.h"
#include "net/resp.h"
#include "servers/postgres_cluster.h"

namespace zan::bench {

namespace {

using Kind = Question::Kind;

class OurAudience final : public AudienceContender {
 public:
  OurAudience(const TaggedPeople& people, unsigned threads)
      : threads_(threads), everybody_(audience::Plan::of(audience::ValueId{people.tags()})), evaluation_(store_) {
    std::vector<std::uint32_t> users;
    for (std::uint32_t tag = 0; tag < people.tags(); ++tag) {
      users.clear();
      const TaggedPeople::Bits& bits = people.bits(tag);
      for (std::uint32_t w = 0; w < bits.size(); ++w)
        for (std::uint64_t word = bits[w]; word != 0; word &= word - 1)
          users.push_back(w * 64 + static_cast<std::uint32_t>(std::countr_zero(word)));
      store_.assign({tag}, users);
    }
    users.resize(people.people());
    for (std::uint32_t user = 0; user < people.people(); ++user) users[user] = user;
    store_.assign({people.tags()}, users);
  }

  void prepare(const Question& question) override { plan_ = plan_of(question); }
  std::uint64_t count() override { return evaluation_.count(plan_, everybody_, threads_); }
  double memory_mb() override { return static_cast<double>(store_.bytes()) * 1e-6; }

 private:
  static audience::Plan plan_of(const Question& question) {
    if (question.kind == Kind::tag) return audience::Plan::of(audience::ValueId{question.tag});
    std::vector<audience::Plan> parts;
    for (const Question& part : question.parts) parts.push_back(plan_of(part));
    if (question.kind == Kind::negation) return audience::Plan::negate(std::move(parts.front()));
    return question.kind == Kind::conjunction ? audience::Plan::both(std::move(parts))
                                              : audience::Plan::either(std::move(parts));
  }

  unsigned threads_;
  audience::TagStore store_;
  audience::Plan everybody_, plan_;
  audience::Evaluation evaluation_;
};

class RedisAudience final : public AudienceContender {
 public:
  RedisAudience(const TaggedPeople& people, const std::filesystem::path& folder, const RedisOptions& options)
      : redis_(folder, options), client_(redis_.port()) {
    // Scratch keys are nothing to keep: the append-only file would only cost it time.
    client_.call({"CONFIG", "SET", "appendonly", "no"});
    for (std::uint32_t tag = 0; tag < people.tags(); ++tag) {
      const TaggedPeople::Bits& bits = people.bits(tag);
      // Whoever sets bits one by one has them in another order within a byte, which no count can tell.
      const std::string_view bytes(reinterpret_cast<const char*>(bits.data()), bits.size() * sizeof bits.front());
      if (client_.call({"SET", key(tag), bytes}).kind == RespValue::Kind::error) fail("redis: no SET");
    }
    memory_mb_ = used_mb();
  }

  void prepare(const Question& question) override {
    commands_.clear();
    count_ = 0;
    scratch_ = 0;
    const std::string result = append(question);
    append_command(commands_, {"BITCOUNT", result});
    ++count_;
  }
  std::uint64_t count() override {
    const std::string_view replies = client_.round_trip(commands_, count_);
    RespValue value;
    for (std::size_t position = 0; position < replies.size();)
      if (!parse_resp(replies, position, value)) fail("redis: half a reply");
    return static_cast<std::uint64_t>(value.integer);
  }
  double memory_mb() override { return memory_mb_; }

 private:
  static std::string key(std::uint32_t tag) { return "tag:" + std::to_string(tag); }

  // The key that has the answer, after the commands.
  std::string append(const Question& question) {
    if (question.kind == Kind::tag) return key(question.tag);
    std::vector<std::string> words = {"BITOP", question.kind == Kind::negation      ? "NOT"
                                               : question.kind == Kind::conjunction ? "AND"
                                                                                    : "OR"};
    const std::string to = "scratch:" + std::to_string(scratch_++);
    words.push_back(to);
    for (const Question& part : question.parts) words.push_back(append(part));
    const std::vector<std::string_view> views(words.begin(), words.end());
    append_command(commands_, views);
    ++count_;
    return to;
  }

  double used_mb() {
    const std::string info = client_.call({"INFO", "memory"}).text;
    const std::size_t at = info.find("used_memory:");
    return at == std::string::npos ? 0 : std::strtod(info.c_str() + at + 12, nullptr) * 1e-6;
  }

  RedisServer redis_;
  RespClient client_;
  std::string commands_;
  std::size_t count_ = 0, scratch_ = 0;
  double memory_mb_ = 0;
};

class PostgresAudience final : public AudienceContender {
 public:
  PostgresAudience(const TaggedPeople& people, const std::filesystem::path& folder)
      : cluster_(folder), connection_(cluster_.connect()) {
    query("CREATE EXTENSION intarray");
    query("CREATE TABLE people (id int, tags int[])");
    copy(people);
    query("SET maintenance_work_mem = '2GB'");
    query("CREATE INDEX people_tags ON people USING gin (tags gin__int_ops)");
    query("VACUUM ANALYZE people");
  }

  void prepare(const Question& question) override {
    sql_ = fmt::format("SELECT count(*) FROM people WHERE tags @@ '{}'::query_int", text(question));
  }
  std::uint64_t count() override { return std::strtoull(PQgetvalue(query(sql_).get(), 0, 0), nullptr, 10); }
  double memory_mb() override {
    return std::strtod(PQgetvalue(query("SELECT pg_total_relation_size('people')").get(), 0, 0), nullptr) * 1e-6;
  }

 private:
  PostgresCluster::Rows query(const std::string& sql) { return PostgresCluster::query(connection_, sql); }

  void copy(const TaggedPeople& people) {
    const PostgresCluster::Rows begun(PQexec(connection_.get(), "COPY people FROM STDIN"));
    if (PQresultStatus(begun.get()) != PGRES_COPY_IN) fail("postgres: {}", PQerrorMessage(connection_.get()));
    std::string rows;
    for (std::uint32_t user = 0; user < people.people(); ++user) {
      rows += fmt::format("{}\t{{", user);
      bool first = true;
      for (std::uint32_t tag = 0; tag < people.tags(); ++tag) {
        if ((people.bits(tag)[user / 64] >> (user % 64) & 1) == 0) continue;
        rows += fmt::format("{}{}", first ? "" : ",", tag);
        first = false;
      }
      rows += "}\n";
      if (rows.size() < 1 << 20 && user + 1 != people.people()) continue;
      if (PQputCopyData(connection_.get(), rows.data(), static_cast<int>(rows.size())) != 1)
        fail("postgres: {}", PQerrorMessage(connection_.get()));
      rows.clear();
    }
    if (PQputCopyEnd(connection_.get(), nullptr) != 1) fail("postgres: {}", PQerrorMessage(connection_.get()));
    const PostgresCluster::Rows done(PQgetResult(connection_.get()));
    if (PQresultStatus(done.get()) != PGRES_COMMAND_OK) fail("postgres: {}", PQerrorMessage(connection_.get()));
    while (PQgetResult(connection_.get()) != nullptr) continue;
  }

  static std::string text(const Question& question) {
    if (question.kind == Kind::tag) return std::to_string(question.tag);
    if (question.kind == Kind::negation) return "!(" + text(question.parts.front()) + ")";
    std::string out = "(";
    for (const Question& part : question.parts) {
      if (out.size() > 1) out += question.kind == Kind::conjunction ? '&' : '|';
      out += text(part);
    }
    return out + ")";
  }

  PostgresCluster cluster_;
  PostgresCluster::Connection connection_;
  std::string sql_;
};

}  // namespace

std::unique_ptr<AudienceContender> make_audience_contender(const std::string& contender, const TaggedPeople& people,
                                                           const RedisOptions& redis,
                                                           const std::filesystem::path& folder) {
  if (contender == "redis") return std::make_unique<RedisAudience>(people, folder, redis);
  if (contender == "postgres") return std::make_unique<PostgresAudience>(people, folder);
  return std::make_unique<OurAudience>(people, contender == "zan" ? 1 : 2);
}

}  // namespace zan::bench
