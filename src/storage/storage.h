// storage: the data folder. The only room that touches files and RocksDB.
//
//   journal   every change in one order; what makes an answer durable     journal.h
//   registry  outside names, dense ids, person keys; what erasure deletes  registry.h
//   runs      facts by the hundred million, as sorted packed runs          runs.h
//   kv        facts one by one, in RocksDB                                 kv.h
//   disk      the files below all of them, real or simulated               disk.h
#pragma once

#include "storage/disk.h"      // IWYU pragma: export
#include "storage/journal.h"   // IWYU pragma: export
#include "storage/kv.h"        // IWYU pragma: export
#include "storage/look_disk.h"  // IWYU pragma: export
#include "storage/registry.h"  // IWYU pragma: export
#include "storage/runs.h"      // IWYU pragma: export
#include "storage/sim_disk.h"  // IWYU pragma: export
