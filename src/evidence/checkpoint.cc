#include "evidence/checkpoint.h"

#include <fmt/format.h>

#include "evidence/text_form.h"

namespace zan::evidence {

std::string to_text(const Checkpoint& checkpoint) {
  return fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size, to_base64(checkpoint.root));
}

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  const auto origin = next_line(text);
  const auto size_line = next_line(text);
  const auto root_line = next_line(text);
  if (!origin || origin->empty() || !size_line || !root_line)
    return invalid("not a checkpoint: origin, size and root, a line each");
  const auto size = parse_size(*size_line);
  if (!size) return invalid("the size of the checkpoint is no number");
  const auto root = parse_base64_hash(*root_line);
  if (!root) return invalid("the root of the checkpoint is no hash");
  while (!text.empty()) {
    const auto extension = next_line(text);
    if (!extension || extension->empty())
      return invalid("an extension line of the checkpoint is empty or does not end");
  }
  return Checkpoint{std::string(*origin), *size, *root};
}

Result<SignedCheckpoint> parse_signed_checkpoint(std::string_view bytes) {
  SignedCheckpoint parsed;
  ZAN_ASSIGN(parsed.note, parse_note(bytes));
  ZAN_ASSIGN(parsed.checkpoint, parse_checkpoint(parsed.note.text));
  return parsed;
}

Result<SignedCheckpoint> open_checkpoint(std::string_view bytes, std::string_view origin,
                                         std::span<const VerifierKey> keys) {
  ZAN_ASSIGN(SignedCheckpoint opened, parse_signed_checkpoint(bytes));
  ZAN_TRY(verify_note(opened.note, keys));
  if (opened.checkpoint.origin != origin)
    return conflict(fmt::format("a checkpoint of {} where one of {} is wanted", opened.checkpoint.origin, origin));
  return opened;
}

}  // namespace zan::evidence
