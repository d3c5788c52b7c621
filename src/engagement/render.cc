#include "engagement/render.h"

#include <array>
#include <charconv>

namespace zan::engagement {
namespace {

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits;
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), static_cast<std::size_t>(written.ptr - digits.data()));
}

constexpr std::array<std::string_view, tallied_count> tally_keys{
    "\"likes\":",     ",\"dislikes\":", ",\"views\":",   ",\"completes\":",
    ",\"comments\":", ",\"shares\":",   ",\"follows\":", ",\"profile_visits\":",
};
constexpr std::size_t subject_kinds = 6;

void append_kinds(std::string& out, const std::uint64_t (&counts)[tallied_count], TallyOf of) {
  const std::size_t kinds = of == TallyOf::subject ? subject_kinds : tallied_count;
  for (std::size_t i = 0; i < kinds; ++i) {
    out += tally_keys[i];
    append_number(out, counts[i]);
  }
}

void append_member(std::string& out, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  out += key;
  append_json_string(out, value);
}

void append_member(std::string& out, std::string_view key, std::uint64_t value) {
  if (value == 0) return;
  out += key;
  append_number(out, value);
}

void append_time(std::string& out, std::string_view key, Timestamp at) {
  out += key;
  append_rfc3339(out, at);
  out += '"';
}

// Codes as numbers: their names belong to whoever judges.
void append_reasons(std::string& out, const Reasons& reasons, std::size_t count) {
  if (count == 0) return;
  out += ",\"reasons\":[";
  for (std::size_t i = 0; i < count; ++i) {
    out += i == 0 ? "{\"code\":" : ",{\"code\":";
    append_number(out, reasons[i].code);
    out += ",\"number\":";
    append_number(out, reasons[i].number);
    out += '}';
  }
  out += ']';
}

void append_head(std::string& out, Position position, const char* type, const ActNames& names) {
  out += "{\"position\":\"";
  append_number(out, position.value);
  out += "\",\"type\":\"";
  out += type;
  out += "\",\"actor\":";
  if (names.actor.empty()) {
    out += "null";
  } else {
    append_json_string(out, names.actor);
  }
  append_member(out, ",\"subject\":", names.subject);
  append_member(out, ",\"creator\":", names.creator);
}

}  // namespace

void append_tally(std::string& out, const Tally& tally, TallyOf of) {
  append_kinds(out, tally.organic, of);
  out += ",\"held\":";
  append_number(out, tally.held);
  out += ",\"rejected\":";
  append_number(out, tally.rejected);
  out += ",\"incentivised\":{";
  append_kinds(out, tally.incentivised, of);
  out += '}';
}

void append_viewer(std::string& out, const ViewerState& viewer) {
  out += viewer.liked ? "\"liked\":true" : "\"liked\":false";
  out += viewer.disliked ? ",\"disliked\":true" : ",\"disliked\":false";
  out += viewer.viewed ? ",\"viewed\":true" : ",\"viewed\":false";
  out += viewer.commented ? ",\"commented\":true" : ",\"commented\":false";
  out += viewer.shared ? ",\"shared\":true" : ",\"shared\":false";
}

void append_act(std::string& out, Position position, Timestamp received, const RecordedAct& act,
                const ActNames& names) {
  append_head(out, position, to_string(act.type), names);
  append_time(out, ",\"at\":\"", act.at);
  append_time(out, ",\"received\":\"", received);
  append_member(out, ",\"watch_ms\":", act.watch_ms);
  append_member(out, ",\"duration_ms\":", act.duration_ms);
  append_member(out, ",\"region\":", names.region);
  append_member(out, ",\"surface\":", names.surface);
  append_member(out, ",\"text\":", names.text);
  if (act.incentivised) out += ",\"incentivised\":true";
  if (act.effect == Effect::none) out += ",\"superseded\":true";
  if (act.judgement.judged) {
    out += ",\"verdict\":\"";
    out += to_string(act.judgement.verdict);
    out += "\",\"quality\":";
    append_number(out, act.judgement.quality);
    // Of a genuine act they say what is not to be known yet: that another verdict will follow.
    if (act.judgement.verdict != Verdict::genuine)
      append_reasons(out, act.judgement.reasons, act.judgement.reason_count);
  }
  out += '}';
}

void append_verdict(std::string& out, Position position, Timestamp received, const VerdictRecord& record,
                    const ActNames& names) {
  const LateVerdict& what = record.what;
  append_head(out, position, "verdict", names);
  out += ",\"of\":\"";
  out += to_string(what.type);
  out += '"';
  append_time(out, ",\"at\":\"", what.at);
  append_time(out, ",\"received\":\"", received);
  if (record.incentivised) out += ",\"incentivised\":true";
  out += ",\"before\":\"";
  out += to_string(record.before);
  out += "\",\"verdict\":\"";
  out += to_string(what.verdict);
  out += "\",\"revision\":";
  append_number(out, record.revision);
  if (what.group != 0) {
    out += ",\"group\":\"";
    append_number(out, what.group);
    out += '"';
  }
  append_reasons(out, what.reasons, what.reason_count);
  out += '}';
}

}  // namespace zan::engagement
