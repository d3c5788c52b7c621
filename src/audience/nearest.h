// The name that somebody may have meant, and texts cut to a readable length, for messages.
//
// Threads: pure functions. Cost: the candidates' lengths times the name's; names beyond 64 bytes are near nothing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zan::audience {

// The candidate nearest to `name` by insertions, deletions, changes and swaps of bytes; empty when none is near.
std::string nearest(std::string_view name, const std::vector<std::string_view>& candidates);

// At most 40 bytes of `text` in quotes, cut between characters.
std::string in_quotes(std::string_view text);

}  // namespace zan::audience
