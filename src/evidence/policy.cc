#include "evidence/policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "evidence/cosignature.h"
#include "evidence/text_form.h"

namespace zan::evidence {
namespace {

constexpr std::string_view no_quorum = "none";

using Words = std::vector<std::string_view>;

// Allowed: tab, and 0x20 to 0x7e, and everything with the high bit (opaque).
bool has_forbidden_bytes(std::string_view line) {
  return std::ranges::any_of(line, [](char c) { return (c >= 0 && c < 0x20 && c != '\t') || c == 0x7f; });
}

Words words_of(std::string_view line) {
  Words words;
  for (;;) {
    const auto begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return words;
    line.remove_prefix(begin);
    const auto end = std::min(line.find_first_of(" \t"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

class PolicyParser {
 public:
  Result<Policy> parse(std::string_view text) {
    while (!text.empty()) {
      ++line_;
      const auto line = next_line(text);
      if (!line) return refused("the last line does not end");
      if (has_forbidden_bytes(*line)) return refused("a control byte");
      const Words words = words_of(*line);
      if (words.empty() || words[0].starts_with('#')) continue;
      ZAN_TRY(take(words));
      if (policy_.logs.size() + policy_.parties.size() > policy_items_max)
        return refused(fmt::format("more than {} logs, witnesses and groups", policy_items_max));
    }
    if (!has_quorum_) return refused("no quorum line");
    return std::move(policy_);
  }

 private:
  Error refused(std::string what) const { return invalid(std::move(what), fmt::format("line {}", line_)); }

  Result<void> take(const Words& words) {
    if (words[0] == "log") return take_log(words);
    if (words[0] == "witness") return take_witness(words);
    if (words[0] == "group") return take_group(words);
    if (words[0] == "quorum") return take_quorum(words);
    return refused("a line starts with log, witness, group or quorum");
  }

  // `keys`: those of the same kind so far. Keys are the same when their bytes are, whatever they are called.
  Result<VerifierKey> take_key(std::string_view text, SignatureType wanted, std::set<std::string>& keys) {
    auto key = parse_vkey(text);
    if (!key.ok()) return Error{key.error().kind, key.error().message, fmt::format("line {}", line_)};
    if (key->type != wanted) return refused("a key of a type that this role does not use");
    if (!keys.emplace(as_text(key->public_key)).second) return refused("a key that an earlier line has");
    return key;
  }

  Result<void> take_log(const Words& words) {
    if (words.size() < 2 || words.size() > 3) return refused("log <vkey> [url]");
    ZAN_ASSIGN(VerifierKey key, take_key(words[1], SignatureType::ed25519, log_keys_));
    policy_.logs.push_back({std::move(key), words.size() == 3 ? std::string(words[2]) : std::string()});
    return {};
  }

  Result<void> take_witness(const Words& words) {
    if (words.size() < 3 || words.size() > 4) return refused("witness <name> <vkey> [url]");
    Policy::Party party{.name = std::string(words[1])};
    ZAN_ASSIGN(party.key, take_key(words[2], SignatureType::cosignature_v1, witness_keys_));
    if (words.size() == 4) party.url = words[3];
    return define(std::move(party));
  }

  Result<void> take_group(const Words& words) {
    if (words.size() < 4) return refused("group <name> all|any|<k> <member>...");
    Policy::Party party{.name = std::string(words[1])};
    for (std::size_t i = 3; i < words.size(); ++i) {
      const auto member = names_.find(words[i]);
      if (member == names_.end()) return refused(fmt::format("no witness or group \"{}\" before this line", words[i]));
      if (!members_.insert(member->second).second) return refused(fmt::format("\"{}\" is a member already", words[i]));
      party.members.push_back(member->second);
    }
    const std::size_t count = party.members.size();
    const auto number = words[2] == "all"   ? std::optional<std::uint64_t>(count)
                        : words[2] == "any" ? std::optional<std::uint64_t>(1)
                                            : parse_decimal(words[2]);
    if (!number || *number == 0 || *number > count)
      return refused("a group wants all, any or 1 to as many as it has members");
    party.wanted = *number;
    return define(std::move(party));
  }

  Result<void> take_quorum(const Words& words) {
    if (words.size() != 2) return refused("quorum <name>|none");
    if (std::exchange(has_quorum_, true)) return refused("a second quorum line");
    if (words[1] == no_quorum) return {};
    const auto found = names_.find(words[1]);
    if (found == names_.end()) return refused(fmt::format("no witness or group \"{}\" before this line", words[1]));
    policy_.quorum = found->second;
    return {};
  }

  Result<void> define(Policy::Party party) {
    if (party.name == no_quorum) return refused("\"none\" is no name for a witness or group");
    if (!names_.emplace(party.name, policy_.parties.size()).second)
      return refused(fmt::format("\"{}\" is defined already", party.name));
    policy_.parties.push_back(std::move(party));
    return {};
  }

  Policy policy_;
  std::size_t line_ = 0;
  bool has_quorum_ = false;
  std::map<std::string, std::size_t, std::less<>> names_;
  std::set<std::size_t> members_;
  std::set<std::string> log_keys_;
  std::set<std::string> witness_keys_;
};

// Every line of the note that a witness of the policy has written. refused: one of them does not hold.
Result<std::vector<PolicyVerdict::Cosigner>> cosigners_of(const Policy& policy, const Note& note) {
  std::vector<PolicyVerdict::Cosigner> cosigners;
  for (std::size_t i = 0; i < policy.parties.size(); ++i) {
    const Policy::Party& party = policy.parties[i];
    if (party.is_group()) continue;
    std::uint64_t newest = 0;
    for (const NoteSignature& signature : note.signatures) {
      if (signature.key_id != party.key.id || signature.key_name != party.key.name) continue;
      if (!verify_signature(party.key, note.text, signature.bytes))
        return Error{ErrorKind::refused, fmt::format("the cosignature of {} does not hold", party.key.name), {}};
      newest = std::max(newest, cosignature_time(signature.bytes).value_or(0));
    }
    if (newest > 0) cosigners.push_back({i, newest});
  }
  return cosigners;
}

// Members stand before their groups: one pass is enough.
bool quorum_is_there(const Policy& policy, const std::vector<PolicyVerdict::Cosigner>& cosigners) {
  if (policy.quorum == Policy::none) return true;
  std::vector<bool> present(policy.parties.size());
  for (const PolicyVerdict::Cosigner& cosigner : cosigners) present[cosigner.party] = true;
  for (std::size_t i = 0; i < policy.parties.size(); ++i) {
    const Policy::Party& party = policy.parties[i];
    if (!party.is_group()) continue;
    const auto count = std::ranges::count_if(party.members, [&](std::size_t member) { return present[member]; });
    present[i] = static_cast<std::size_t>(count) >= party.wanted;
  }
  return present[policy.quorum];
}

}  // namespace

Result<Policy> parse_policy(std::string_view text) {
  if (text.size() > policy_bytes_max) return invalid(fmt::format("a policy of more than {} bytes", policy_bytes_max));
  return PolicyParser().parse(text);
}

Policy trust_one_log(const VerifierKey& key) {
  Policy policy;
  policy.logs.push_back({key, {}});
  return policy;
}

Result<PolicyVerdict> check_policy(const Policy& policy, const SignedCheckpoint& checkpoint) {
  std::vector<VerifierKey> keys;
  for (const Policy::Log& log : policy.logs) keys.push_back(log.key);
  ZAN_ASSIGN(const std::vector<std::size_t> signers, verify_note(checkpoint.note, keys));
  PolicyVerdict verdict{.checkpoint = checkpoint.checkpoint};
  const auto own = std::ranges::find_if(
      signers, [&](std::size_t signer) { return keys[signer].name == checkpoint.checkpoint.origin; });
  if (own == signers.end())
    return Error{
        ErrorKind::refused, fmt::format("not signed by a log of the name {}", checkpoint.checkpoint.origin), {}};
  verdict.log = *own;
  ZAN_ASSIGN(verdict.cosigners, cosigners_of(policy, checkpoint.note));
  if (!quorum_is_there(policy, verdict.cosigners))
    return Error{ErrorKind::refused,
                 fmt::format("cosigned by {} known witnesses, which is not the quorum \"{}\"", verdict.cosigners.size(),
                             policy.parties[policy.quorum].name),
                 {}};
  return verdict;
}

}  // namespace zan::evidence
