#include "zan/proof_text.h"

#include <fmt/format.h>

#include "base/json.h"

namespace zan::app {
namespace {

std::string time_text(std::uint64_t seconds) {
  constexpr auto seconds_max = static_cast<std::uint64_t>(timestamp_max.us / us_per_second);
  if (seconds > seconds_max) return fmt::format("second {}", seconds);
  return to_rfc3339({static_cast<std::int64_t>(seconds) * us_per_second});
}

// Two bytes of UTF-8 that are a C1 control.
bool is_c1(std::string_view text, std::size_t at) {
  return text[at] == '\xc2' && at + 1 < text.size() && static_cast<unsigned char>(text[at + 1]) < 0xa0;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (is_c1(text, i)) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(text[++i]));
    } else if (byte < 0x20 || byte == 0x7f) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte);
    } else {
      out.push_back(text[i]);
    }
  }
  return out;
}

std::string event_text(const evidence::Receipt& receipt) {
  const evidence::Event& event = receipt.event;
  const std::string& object = event.subject.empty() ? event.creator : event.subject;
  const std::string who = receipt.identity ? printable(receipt.identity->user) : "somebody whom it does not name";
  return fmt::format("{} of {} by {} at {}", to_string(event.type), printable(object), who, to_rfc3339(event.at));
}

std::string event_details(const evidence::Event& event) {
  return fmt::format("{}; took the place of {}{}; {}received {}", event.incentivised ? "incentivised" : "organic",
                     to_string(event.replaced), event.replaced_incentivised ? " (incentivised)" : "",
                     event.changed ? "" : "superseded by a later act, so it counts nothing; ",
                     to_rfc3339(event.received));
}

std::string signers_text(const evidence::Policy& policy, const evidence::PolicyVerdict& verdict) {
  const evidence::VerifierKey& key = policy.logs[verdict.log].key;
  std::string text = fmt::format("signed by {} ({:08x})", printable(key.name), key.id);
  const char* separator = "; cosigned by ";
  for (const auto& cosigner : verdict.cosigners) {
    text += fmt::format("{}{} at {}", separator, printable(policy.parties[cosigner.party].name),
                        time_text(cosigner.seconds));
    separator = ", ";
  }
  return text;
}

std::string not_proven_text(const evidence::PolicyVerdict& verdict, bool receipt) {
  std::string text = "that the log shows everybody the same tree: ";
  text += verdict.cosigners.empty() ? "no witness has cosigned it, so that needs `zan audit`"
                                    : "that stands with the witnesses named, and with `zan audit`";
  if (receipt) text += "; that the event still counts: a later one may have taken its place";
  return text;
}

std::string verdict_json(const evidence::Policy& policy, const evidence::PolicyVerdict& verdict) {
  const evidence::VerifierKey& key = policy.logs[verdict.log].key;
  std::string out = "\"log\":";
  append_json_string(out, verdict.checkpoint.origin);
  fmt::format_to(std::back_inserter(out), ",\"size\":{},\"root\":\"{}\",\"signed_by\":", verdict.checkpoint.size,
                 evidence::to_base64(verdict.checkpoint.root));
  append_json_string(out, evidence::to_vkey(key));
  out += ",\"cosigned_by\":[";
  for (const auto& cosigner : verdict.cosigners) {
    if (&cosigner != verdict.cosigners.data()) out += ',';
    out += "{\"witness\":";
    append_json_string(out, policy.parties[cosigner.party].name);
    out += ",\"at\":";
    append_json_string(out, time_text(cosigner.seconds));
    out += '}';
  }
  return out += ']';
}

}  // namespace zan::app
