// A file of verdicts, labels or the text of an attack, whatever it holds, is read or refused.
#include "simulation/attack.h"
#include "simulation/rows.h"
#include "simulation/score.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan::simulation;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto next_line = [&] {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
  };
  const std::string_view first = next_line();
  if (const auto attack = parse_attack(first); attack.ok())
    zan::require(parse_attack(to_text(*attack)).value() == *attack, "an attack's text reads back");
  Label label;
  if (const auto parsed = parse_label(first); parsed.ok()) label = *parsed;
  auto reader = VerdictReader::open(first);
  Scorer scorer;
  while (reader.ok() && !text.empty())
    if (const auto line = reader->read(next_line()); line.ok()) scorer.add(label, *line);
  return to_text(scorer.score()).empty() ? 1 : 0;
}
