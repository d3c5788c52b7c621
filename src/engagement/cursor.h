// Page cursors: where a list was left, as an opaque token that only this data folder could have made.
//
// base64url of: at µs (8 bytes), id (4 bytes), keyed check over both, the list and its owner (4 bytes).
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/hash.h"
#include "base/result.h"

namespace zan::engagement {

enum class ListKind : std::uint8_t { user_likes = 1, likers = 2, works_by_age = 3, works_by_likes = 4 };

// The last item that was shown; the next page begins behind it. Of works by likes `at` is their number.
struct PagePlace {
  Timestamp at;
  std::uint32_t id = 0;
};

std::string write_cursor(const HashKey& secret, ListKind list, std::uint32_t owner, PagePlace place);
// invalid: not a cursor of this list of this owner.
Result<PagePlace> read_cursor(const HashKey& secret, ListKind list, std::uint32_t owner, std::string_view text);

}  // namespace zan::engagement
