// What the figures were measured on: CPU model, cores, memory, kernel, the disk's own speed at
// fdatasync, the load.
#pragma once

#include <filesystem>
#include <string>

namespace zan::bench {

// The median in milliseconds of `rounds` times appending 4 KiB to a file in `folder` and fdatasync.
double fdatasync_median_ms(const std::filesystem::path& folder, int rounds = 200);

// One line for people.
std::string machine_line(const std::filesystem::path& folder);

// The three load averages as the kernel prints them.
std::string load_average();

}  // namespace zan::bench
