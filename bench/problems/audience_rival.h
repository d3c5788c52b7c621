// Who can be asked how many people an expression means, behind one face.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "load/tagged_people.h"
#include "servers/redis.h"

namespace zan::bench {

class AudienceContender {
 public:
  virtual ~AudienceContender() = default;
  virtual void prepare(const Question& question) = 0;  // not timed: the expression in the contender's own words
  virtual std::uint64_t count() = 0;                   // timed: of what was prepared
  virtual double memory_mb() = 0;                      // for the tags; of PostgreSQL table and index on disk
};

// "zan": in process, one thread; "zan, 2 threads".
// "redis": a bitmap a tag, BITOP into scratch keys and BITCOUNT in one round trip; what is nested in one operation is one BITOP.
// "postgres": a row a person with an array of tags, a GIN index over it (intarray), `tags @@ query`, two parallel workers. Two hundred
//     boolean columns would be twice the table and, with an index each, bitmaps of row addresses: 50 % of ten million rows are found
//     faster by reading the table, which the planner does.
std::unique_ptr<AudienceContender> make_audience_contender(const std::string& contender, const TaggedPeople& people,
                                                           const RedisOptions& redis,
                                                           const std::filesystem::path& folder);

}  // namespace zan::bench
