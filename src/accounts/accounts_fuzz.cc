// Both decoders of the room: the accounts file and the audit trail. What is read is written and read again.
#include <cstdint>
#include <string_view>

#include "accounts/accounts.h"
#include "base/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan::accounts;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto accounts = parse_accounts(bytes);
  if (accounts.ok()) {
    const auto again = parse_accounts(format_accounts(*accounts));
    zan::require(again.ok() && *again == *accounts, "accounts come back");
  }
  const auto trail = parse_audit(bytes);
  if (trail.ok()) {
    zan::require(trail->good_bytes <= size, "the end of what is whole lies inside");
    std::string out(audit_head);
    for (const AuditEntry& entry : trail->entries) append_audit(out, entry);
    const auto again = parse_audit(out);
    zan::require(again.ok() && again->entries == trail->entries, "the trail comes back");
  }
  return 0;
}
