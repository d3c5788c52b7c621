// Rows of user, tag and value, from a file of somebody's: a panel, a shop's own records.
//
// CSV with a header that names `user`, `tag` and, if there are values, `value`; or NDJSON, an object a line with these
// fields. Other columns and fields are passed over.
//
// Threads: one.
// Errors:  as Input and CsvReader. What is wrong with one row is in its fault; the reading goes on behind it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "connectors/source.h"

namespace zan::connectors {

struct TagRow {
  std::uint64_t line = 0;        // 1-based
  std::string fault;             // why it cannot be used; empty: it can
  std::string user, tag, value;  // value: empty where there is none
};

class TagRows {
 public:
  // "-": standard input. gzip is unpacked.
  static Result<std::unique_ptr<TagRows>> open_csv(const std::string& path);
  static Result<std::unique_ptr<TagRows>> open_ndjson(const std::string& path);
  virtual ~TagRows() = default;

  // False at the end.
  virtual Result<bool> next(TagRow& row) = 0;
  [[nodiscard]] virtual Progress progress() const = 0;
};

}  // namespace zan::connectors
