#include "zan/trust.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace zan::app {
namespace {

constexpr std::size_t vkey_file_bytes_max = 1 << 16;

std::string_view without_blanks(std::string_view line) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!line.empty() && blank(line.front())) line.remove_prefix(1);
  while (!line.empty() && blank(line.back())) line.remove_suffix(1);
  return line;
}

Result<evidence::Policy> trust_keys(const std::string& file) {
  ZAN_ASSIGN(const auto keys, read_vkeys(file));
  evidence::Policy policy;
  for (const evidence::VerifierKey& key : keys) {
    if (key.type != evidence::SignatureType::ed25519)
      return invalid("holds a witness's key: those belong into a policy", file);
    const bool there = std::ranges::any_of(policy.logs, [&](const auto& log) { return log.key == key; });
    if (!there) policy.logs.push_back({key, {}});
  }
  if (policy.logs.empty()) return invalid("holds no vkey", file);
  return policy;
}

}  // namespace

void add_trust(CLI::App& command, TrustFiles& files) {
  command.add_option("--vkey", files.vkey, "File with the log's public keys, a vkey a line")->check(CLI::ExistingFile);
  command.add_option("--policy", files.policy, "Instead: whom to trust, as a C2SP tlog-policy with witnesses")
      ->check(CLI::ExistingFile);
}

Result<evidence::Policy> load_trust(const TrustFiles& files) {
  if (files.vkey.empty() == files.policy.empty()) return invalid("give either --vkey FILE or --policy FILE");
  if (!files.vkey.empty()) return trust_keys(files.vkey);
  ZAN_ASSIGN(const std::string text, read_text(files.policy, evidence::policy_bytes_max));
  auto policy = evidence::parse_policy(text);
  if (!policy.ok())
    return Error{policy.error().kind, policy.error().message, files.policy + ", " + policy.error().field};
  if (policy->logs.empty()) return invalid("names no log", files.policy);
  return policy;
}

Result<std::vector<evidence::VerifierKey>> read_vkeys(const std::string& file) {
  ZAN_ASSIGN(const std::string text, read_text(file, vkey_file_bytes_max));
  std::vector<evidence::VerifierKey> keys;
  std::size_t number = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = without_blanks(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    auto key = evidence::parse_vkey(line);
    if (!key.ok()) return Error{key.error().kind, key.error().message, fmt::format("{}, line {}", file, number)};
    keys.push_back(std::move(key).value());
  }
  return keys;
}

Result<std::string> read_text(const std::string& file, std::size_t bytes_max) {
  std::FILE* const input = file == "-" ? stdin : std::fopen(file.c_str(), "rb");
  if (input == nullptr) return unavailable(file + ": " + std::strerror(errno));
  std::string text(bytes_max + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), input));
  const bool failed = std::ferror(input) != 0;
  const int cause = errno;
  if (input != stdin) std::fclose(input);
  if (failed) return unavailable(file + ": " + std::strerror(cause));
  if (text.size() > bytes_max) return limited(fmt::format("{}: more than {} bytes", file, bytes_max));
  return text;
}

}  // namespace zan::app
