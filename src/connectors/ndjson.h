// NDJSON files as a Source: a line an event, as POST /v1/events takes them. Lines go on as they are; the sink judges them.
//
// An event without an id gets one: the input's identity and the line's place in it. So the same file counts once, however often it is
// imported, and a file that has grown adds what is new. A file is recognised by its first event, not by its name.
#pragma once

#include <memory>
#include <string>

#include "connectors/source.h"

namespace zan::connectors {

// `path` "-": standard input; gzip is unpacked.
Result<std::unique_ptr<Source>> open_ndjson(const std::string& path);

}  // namespace zan::connectors
