// The fast reader: one event in its common flat shape, in one pass over the bytes.
//
// Accepts a subset of JSON: one object whose values are strings without escapes, integers of at most 19 digits, true,
// false and null. On anything else it says no and the caller asks simdjson, which decides alone whether that is an
// error and which; so this reader holds no error text and cannot refuse an event, only be slower at accepting it.
// parser_fuzz.cc holds it to that: what it accepts, simdjson accepts, with the same result.
//
// Idea: 16 bytes at a time up to the closing quote, one switch on the key's length, no index built beforehand as
// simdjson's first stage does, which pays only on longer documents.
#pragma once

#include <string_view>

#include "engagement/act_draft.h"

namespace zan::engagement {

// Reads an object at `at` into the draft (cleared first). Returns the byte after its closing brace, or null: not flat,
// or a rule is broken. REQUIRES: 16 readable bytes after `end`.
const char* read_flat_object(const char* at, const char* end, ActDraft& draft);

// The first byte in [at, end) that is not JSON white space, or end.
inline const char* skip_space(const char* at, const char* end) {
  while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')) ++at;
  return at;
}

}  // namespace zan::engagement
