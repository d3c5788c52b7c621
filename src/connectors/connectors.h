// connectors: everything that carries engagement in from elsewhere, and evidence to and from others.
//
//   source.h      what an input must offer: batches of events, a cursor, totals
//   kuairand.h    real logs of a short-video platform
//   ndjson.h      events as lines of JSON; csv_events.h: as rows, by a column mapping
//   synthetic.h   a made-up, plainly labelled community
//   tag_rows.h    users with tags, of files; tag_import.h: to a server
//   sink.h        where batches go: the engine in this process, or a server
//   import.h      the loop between the two: bounded, interruptible, resumable
//   http_client.h the small blocking client the tools speak to a server with
//   log_source.h  a transparency log, in a folder or on a server; log_follower.h: noticing when it contradicts itself
//   subject_audit.h  whether the counts of a subject are what the log's entries add up to
//   witness_client.h asks witnesses to cosign a checkpoint
#pragma once

#include "connectors/csv.h"             // IWYU pragma: export
#include "connectors/csv_events.h"      // IWYU pragma: export
#include "connectors/http_client.h"     // IWYU pragma: export
#include "connectors/import.h"          // IWYU pragma: export
#include "connectors/kuairand.h"        // IWYU pragma: export
#include "connectors/log_follower.h"    // IWYU pragma: export
#include "connectors/log_source.h"      // IWYU pragma: export
#include "connectors/ndjson.h"          // IWYU pragma: export
#include "connectors/sink.h"            // IWYU pragma: export
#include "connectors/source.h"          // IWYU pragma: export
#include "connectors/subject_audit.h"   // IWYU pragma: export
#include "connectors/synthetic.h"       // IWYU pragma: export
#include "connectors/tag_import.h"      // IWYU pragma: export
#include "connectors/tag_rows.h"        // IWYU pragma: export
#include "connectors/witness_client.h"  // IWYU pragma: export
