#include "evidence/proof_file.h"

#include <fmt/format.h>

#include "evidence/text_form.h"

namespace zan::evidence {
namespace {

constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_start = "extra ";
constexpr std::string_view index_start = "index ";

// Hash lines up to the empty one, which is taken too.
Result<std::vector<Hash>> take_hashes(std::string_view& text) {
  std::vector<Hash> hashes;
  for (;;) {
    const auto line = next_line(text);
    if (!line) return invalid("no empty line behind the hashes of the proof");
    if (line->empty()) return hashes;
    const auto hash = parse_base64_hash(*line);
    if (!hash) return invalid("a line of the proof is no hash");
    if (hashes.size() == proof_hashes_max)
      return invalid(fmt::format("more than {} hashes in the proof", proof_hashes_max));
    hashes.push_back(*hash);
  }
}

}  // namespace

std::string to_text(const ProofFile& file) {
  std::string text = fmt::format("{}\n", first_line);
  if (file.extra) text += fmt::format("{}{}\n", extra_start, to_base64(*file.extra));
  text += fmt::format("{}{}\n", index_start, file.index);
  for (const Hash& hash : file.proof) text += to_base64(hash) + "\n";
  return text + "\n" + file.checkpoint;
}

Result<ProofFile> parse_proof_file(std::string_view text) {
  if (text.size() > proof_file_bytes_max)
    return invalid(fmt::format("a proof of more than {} bytes", proof_file_bytes_max));
  if (next_line(text) != first_line) return invalid(fmt::format("the first line is not {}", first_line));
  ProofFile file;
  auto line = next_line(text);
  if (line && line->starts_with(extra_start)) {
    file.extra = parse_base64(line->substr(extra_start.size()));
    if (!file.extra) return invalid("the extra data is not base64");
    line = next_line(text);
  }
  if (!line || !line->starts_with(index_start)) return invalid("no index line");
  const auto index = parse_size(line->substr(index_start.size()));
  if (!index) return invalid("the index is no number");
  file.index = *index;
  ZAN_ASSIGN(file.proof, take_hashes(text));
  file.checkpoint = text;
  ZAN_TRY(parse_signed_checkpoint(file.checkpoint));
  return file;
}

Result<PolicyVerdict> verify_proof_file(const ProofFile& file, const Hash& leaf, const Policy& policy) {
  ZAN_ASSIGN(const SignedCheckpoint checkpoint, parse_signed_checkpoint(file.checkpoint));
  ZAN_ASSIGN(PolicyVerdict verdict, check_policy(policy, checkpoint));
  ZAN_TRY(verify_inclusion(file.index, verdict.checkpoint.size, leaf, file.proof, verdict.checkpoint.root));
  return verdict;
}

}  // namespace zan::evidence
