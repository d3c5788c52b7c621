#include "zan/export_line.h"

namespace zan::app {
namespace {

constexpr std::string_view position_key = R"({"position":")";
constexpr std::string_view received_key = R"(,"received":")";
constexpr std::string_view superseded = R"(,"superseded":true)";
constexpr std::string_view verdict_key = R"(,"verdict":")";
constexpr std::string_view late_verdict = R"(","type":"verdict")";
constexpr std::string_view nobody = R"("actor":null)";

void cut(std::string& line, std::size_t from, std::size_t count) {
  if (from != std::string::npos) line.erase(from, count);
}

}  // namespace

// These keys cannot be mistaken for a part of a name or text: a quote within a JSON string follows a backslash.
std::string to_event(std::string_view feed_line) {
  if (!feed_line.starts_with(position_key) || feed_line.find(nobody) != std::string_view::npos) return {};
  if (feed_line.find(late_verdict) != std::string_view::npos) return {};
  std::string line = R"({"id":"export:)" + std::string(feed_line.substr(position_key.size()));
  if (const std::size_t received = line.find(received_key); received != std::string::npos)
    cut(line, received, line.find('"', received + received_key.size()) + 1 - received);
  cut(line, line.find(superseded), superseded.size());
  // The judgement is the last of an act.
  if (const std::size_t verdict = line.find(verdict_key); verdict != std::string::npos)
    line.replace(verdict, std::string::npos, "}");
  return line;
}

}  // namespace zan::app
