// Receipt: everything that shows, offline, that one event is in the log: the event, its opening, its place in the tree and
// the signed checkpoint; and, for the person alone, whose event it is. docs/formats/evidence.md has both forms: JSON, and
// a .tlog-proof whose extra data holds the same.
//
// Whatever a receipt says is verified, or the receipt is refused: it holds nothing else, and there is one way to say each
// thing. Of the JSON form, white space and the order of members say nothing.
//
// Threads: plain value types.
// Errors:  parse: invalid (`field` names the member). verify_receipt: refused (signatures, policy), conflict (the log does
//          not hold this event; another person's).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/event.h"
#include "evidence/proof_file.h"

namespace zan::evidence {

inline constexpr std::string_view receipt_format = "zhenzan-receipt/1";

struct Receipt {
  // Shows that the event's actor is this user; whoever has it can tell the user's other events in the same scope.
  struct Identity {
    std::string user;  // not empty
    Hash key{};        // the actor key
    bool operator==(const Identity&) const = default;
  };

  Event event;
  Hash opening{};
  std::optional<Identity> identity;
  std::uint64_t index = 0;
  std::vector<Hash> proof;
  std::string checkpoint;  // the signed note, verbatim

  bool operator==(const Receipt&) const = default;
};

// {"type":"like","number":1,"at":"..",...}, as in a receipt.
void append_event(std::string& out, const Event& event);
// The same read again: a JSON object and nothing else.
Result<Event> parse_event_json(std::string_view json);

std::string to_json(const Receipt& receipt);
Result<Receipt> parse_receipt_json(std::string_view json);

ProofFile to_proof_file(const Receipt& receipt);
Result<Receipt> receipt_of(const ProofFile& file);

// Either form, told apart by the first bytes.
Result<Receipt> parse_receipt(std::string_view bytes);

Result<PolicyVerdict> verify_receipt(const Receipt& receipt, const Policy& policy);

}  // namespace zan::evidence
