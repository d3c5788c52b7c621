// ActDraft: one event's fields on their way from JSON to an Act, and every rule they must pass.
//
// The parser has two readers (a fast one for the common flat shape, a complete one for everything else). Both hand
// their values to this class, so that a rule exists once and the readers can only differ in what they call JSON.
//
// Threads: one. Values view the reader's bytes; nothing is copied before every rule has passed.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "engagement/events.h"

namespace zan::engagement {

enum class Field : std::uint8_t {
  type,
  id,
  actor,
  subject,
  creator,
  at,
  watch_ms,
  duration_ms,
  device,
  network,
  region,
  surface,
  text,
  incentivised,
  unknown,
};
inline constexpr std::size_t field_count = static_cast<std::size_t>(Field::unknown);

std::string_view to_string(Field field);
Field find_field(std::string_view key);

// A JSON value as far as events need it.
struct Scalar {
  enum class Kind : std::uint8_t {
    null,
    boolean,
    string,
    integer,    // 0 .. 2^64-1; `text` holds its digits
    number,     // negative, or with fraction or exponent
    composite,  // object or array
  };
  Kind kind = Kind::null;
  bool flag = false;
  bool plain = false;  // string: known to be printable ASCII, so nothing in it needs checking
  std::uint64_t number = 0;
  std::string_view text;
};

// A broken rule; `message` null: none.
struct Fault {
  const char* message = nullptr;
  Field field = Field::unknown;
  explicit operator bool() const { return message != nullptr; }
};

// No control characters (C0, DEL, C1). `text` is UTF-8.
bool printable(std::string_view text);

// What a name of the outside world must be: 1 .. bytes_max bytes, printable. Null when it is.
const char* name_fault(std::string_view name, std::size_t bytes_max);

// Of "<tag>\0<value>", so that an id and a token of the same spelling do not meet.
Hash128 tagged_hash(const HashKey& secret, std::string_view tag, std::string_view value);

class ActDraft {
 public:
  void clear() {
    act_ = Act{};
    given_ = present_ = 0;
  }

  Fault set(Field field, const Scalar& value);

  // Appends the act to the batch, or names the rule it breaks and leaves the batch as it was.
  Fault finish(const HashKey& secret, std::uint32_t index, ActBatch& batch);

 private:
  static constexpr std::uint32_t bit(Field field) { return 1u << static_cast<unsigned>(field); }
  bool present(Field field) const { return (present_ & bit(field)) != 0; }
  std::string_view view(Field field) const {
    return present(field) ? views_[static_cast<std::size_t>(field)] : std::string_view();
  }

  Fault set_present(Field field, const Scalar& value);
  Fault set_type(const Scalar& value);
  Fault set_name(Field field, const Scalar& value, std::size_t bytes_max, bool empty_is_absent);
  Fault set_text(const Scalar& value);
  Fault set_at(const Scalar& value);
  Fault set_ms(Field field, const Scalar& value, std::uint32_t& out);
  Fault missing() const;
  void hash_secrets(const HashKey& secret);
  std::uint64_t digest() const;

  Act act_;
  std::uint32_t given_ = 0;    // named in the JSON, to refuse a second time
  std::uint32_t present_ = 0;  // given with a value
  std::array<std::string_view, field_count> views_;
};

}  // namespace zan::engagement
