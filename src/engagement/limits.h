// Named limits of what an act may carry. Each is reached by a test.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.h"
#include "storage/storage.h"

namespace zan::engagement {

inline constexpr std::size_t id_bytes_max = 256;       // an act's idempotency id
inline constexpr std::size_t token_bytes_max = 512;    // device and network tokens, before hashing
inline constexpr std::size_t text_bytes_max = 10'000;  // a comment, UTF-8
inline constexpr std::size_t term_bytes_max = 64;      // region, surface, category tag
inline constexpr std::uint32_t duration_ms_max = 4'000'000'000u;
inline constexpr std::int64_t future_us_max = us_per_day;  // how far `at` may lie after the server's clock
inline constexpr std::size_t line_bytes_max = 64 << 10;    // one event as JSON
inline constexpr std::size_t attributes_bytes_max = 16 << 10;
inline constexpr std::size_t attribute_tags_max = 64;
inline constexpr std::size_t attribute_custom_max = 64;  // members of `custom`
inline constexpr std::size_t title_bytes_max = 1'000;
inline constexpr std::size_t json_depth_max = 8;  // of any JSON handed in
inline constexpr std::size_t hydrate_subjects_max = 200;
inline constexpr std::size_t page_items_max = 200;
inline constexpr std::size_t page_items_default = 50;
inline constexpr std::size_t latest_likers_max = 1'000;
inline constexpr std::size_t top_items_max = 100;
inline constexpr std::size_t late_verdicts_max = 65'536;  // a command

using storage::name_bytes_max;

}  // namespace zan::engagement
