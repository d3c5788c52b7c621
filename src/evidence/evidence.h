// evidence: the transparency log, and everything to check one with.
//
//   Log                entries in, signed checkpoints and tiles out          log.h
//   TreeReader         proofs and entries out of untrusted tiles             tree_reader.h
//   verify_*           inclusion and consistency                             merkle.h
//   check_policy       is this checkpoint signed and cosigned as wanted      policy.h
//   ProofFile          a .tlog-proof                                         proof_file.h
//   Event              what an entry commits to, and how it is opened        event.h
//   EntryIndex         which event is which entry                            entry_index.h
//   Receipt            an event, its opening and its proof, as files         receipt.h
//   Witness            cosigns the logs of others                            witness.h
//   accept_cosignatures, WitnessRequest   asks others to cosign ours         witness_request.h
#pragma once

#include "evidence/checkpoint.h"       // IWYU pragma: export
#include "evidence/cosignature.h"      // IWYU pragma: export
#include "evidence/cosigners.h"        // IWYU pragma: export
#include "evidence/disk_tiles.h"       // IWYU pragma: export
#include "evidence/entry_batch.h"      // IWYU pragma: export
#include "evidence/entry_index.h"      // IWYU pragma: export
#include "evidence/event.h"            // IWYU pragma: export
#include "evidence/log.h"              // IWYU pragma: export
#include "evidence/log_copy.h"         // IWYU pragma: export
#include "evidence/merkle.h"           // IWYU pragma: export
#include "evidence/note.h"             // IWYU pragma: export
#include "evidence/policy.h"           // IWYU pragma: export
#include "evidence/proof_file.h"       // IWYU pragma: export
#include "evidence/receipt.h"          // IWYU pragma: export
#include "evidence/signature.h"        // IWYU pragma: export
#include "evidence/text_form.h"        // IWYU pragma: export
#include "evidence/tile.h"             // IWYU pragma: export
#include "evidence/tree_reader.h"      // IWYU pragma: export
#include "evidence/witness.h"          // IWYU pragma: export
#include "evidence/witness_request.h"  // IWYU pragma: export
