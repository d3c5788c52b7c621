// LookDisk: a data folder as it stood when its files were opened, to be read while another process may be writing to it.
//
// Nothing reaches the folder. Journal and registry open their last file for writing and may cut off what is torn there: so the
// end of such a file is copied into memory, and changed in that copy alone. The copy is made from the end backwards: whoever
// appends writes forwards, so a later group is never seen without the one before it. What lies before the copy does not
// change any more, but for names that are erased, which then read as damaged.
//
// Open the journal first and the registry after it: names are written before what refers to them.
//
// Threads: any, as a Disk's. Errors: unavailable: whatever would change the folder.
#pragma once

#include <memory>

#include "storage/disk.h"

namespace zan::storage {

// More than is ever filled ahead (JournalOptions, RegistryOptions).
inline constexpr std::uint64_t look_tail_bytes = 16ULL << 20;

// `disk` outlives it.
std::unique_ptr<Disk> look_at(Disk& disk);

}  // namespace zan::storage
