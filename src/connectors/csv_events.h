// CSV files with a header as a Source, by a mapping from columns to the fields of an event:
//
//   actor=user_id,subject=item,at=ts,type=const:like
//
// left the event's field, right the column it is read from, or const:<value> for all rows. Fields: type, id, actor, subject, creator,
// at, watch_ms, duration_ms, device, network, region, surface, text, incentivised. An empty cell leaves the field out.
// Numbers and truth values are checked here, with the line's number; everything else is judged by the sink.
//
// A row without an id gets one from its place, as in ndjson.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "connectors/source.h"

namespace zan::connectors {

struct CsvField {
  std::string field;
  std::string column;  // empty: constant
  std::string constant;
};

using CsvMapping = std::vector<CsvField>;

// invalid: unknown or repeated field, type, actor or subject (or creator) missing, nothing behind '='.
Result<CsvMapping> parse_csv_mapping(std::string_view text);

// not_found: a mapped column is not in the header.
Result<std::unique_ptr<Source>> open_csv(const std::string& path, const CsvMapping& mapping);

}  // namespace zan::connectors
