// Reads acts and attributes from JSON, under limits, without trusting a byte of it.
//
// One Parser a thread; it keeps its buffers. A refused event leaves nothing in the batch. Unknown fields are refused:
// a misspelt `incentivized` must not become an organic like.
//
// Idea:   a one-pass reader for the flat shape nearly every event has (flat_reader.h), simdjson for all else; the
//         rules are applied by one class behind both (act_draft.h).
// Errors: invalid, with a message a developer can act on. `field` is the JSON pointer of the part that breaks a rule
//         ("/actor"); empty when the bytes are not one JSON object (or array) at all.
// Cost:   about 0.3 us a flat event with id and time, of which half are the keyed hashes; no allocation once buffers have grown.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "base/result.h"
#include "engagement/events.h"

namespace zan::engagement {

// A name of the outside world as it may come in a path or a question: 1 .. name_bytes_max bytes of UTF-8 without control
// characters. invalid, naming `field`.
Result<void> check_name(std::string_view name, std::string_view field);

struct SubjectAttributes {
  std::string creator;  // external name, empty: not given
  std::string json;     // canonical JSON of all attributes, as stored
};

// `complete` leaves the fast reader out, so that a test can compare the two.
enum class Readers : bool { both, complete };

class Parser {
 public:
  // `secret`: the data folder's, for names, ids and tokens.
  explicit Parser(const HashKey& secret, Readers readers = Readers::both);
  ~Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  // One event as a JSON object; appended to the batch with the given index. `json` must be followed by at least
  // padding_bytes readable bytes (their content does not matter).
  static constexpr std::size_t padding_bytes = 64;
  Result<void> parse_event(std::string_view json, std::uint32_t index, ActBatch& batch);

  // A JSON array of events, padded likewise: good ones go into the batch, bad ones to `each_bad(index, error)`, in order.
  // An Error only when the array itself is malformed; nothing is added then.
  Result<void> parse_array(std::string_view json, ActBatch& batch,
                           const std::function<void(std::uint32_t, Error)>& each_bad);

  // Gives an act that has no id of its own the id "<key>#<index>", from an Idempotency-Key header.
  void derive_id(std::string_view idempotency_key, Act& act) const;

  // Bodies (no padding needed) of PUT /v1/subjects/{id} and PUT /v1/users/{id}: known fields checked, `custom` an object of strings,
  // numbers and booleans; canonical (sorted keys, no spaces) on return.
  // published_at is stored as RFC 3339.
  //   subject: creator, tags [..], duration_ms, published_at, title, custom
  //   user:    age_band, region, register_day (YYYY-MM-DD), custom
  Result<SubjectAttributes> parse_subject(std::string_view json);
  Result<std::string> parse_user(std::string_view json);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace zan::engagement
