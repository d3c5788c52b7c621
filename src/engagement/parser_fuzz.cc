// Any bytes through both readers, as one event, as an array and as attributes. What the fast reader accepts the complete
// one must accept with the same result; what is refused leaves the batch as it was; stored attributes are a fixed point.
#include <cstdint>
#include <string>

#include "base/require.h"
#include "engagement/limits.h"
#include "engagement/parser.h"

namespace {

using namespace zan;
using namespace zan::engagement;

bool same(const NameRef& a, const NameRef& b) {
  return a.hash == b.hash && a.offset == b.offset && a.length == b.length;
}

bool same(const Act& a, const Act& b) {
  return a.type == b.type && a.incentivised == b.incentivised && a.has_id == b.has_id && a.index == b.index &&
         same(a.actor, b.actor) && same(a.subject, b.subject) && same(a.creator, b.creator) &&
         same(a.region, b.region) && same(a.surface, b.surface) && a.at == b.at && a.watch_ms == b.watch_ms &&
         a.duration_ms == b.duration_ms && a.device == b.device && a.network == b.network && a.id == b.id &&
         a.digest == b.digest && a.text_offset == b.text_offset && a.text_length == b.text_length;
}

void require_same(const ActBatch& a, const ActBatch& b) {
  require(a.arena == b.arena, "both readers keep the same bytes");
  require(a.acts.size() == b.acts.size(), "both readers accept the same events");
  for (std::size_t i = 0; i < a.acts.size(); ++i) {
    require(same(a.acts[i], b.acts[i]), "both readers see the same act");
    require(a.acts[i].actor && a.acts[i].actor.length <= name_bytes_max, "every act has an actor");
  }
}

std::string describe(const Result<void>& result) {
  return result.ok() ? "ok" : result.error().field + " " + result.error().message;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Parser both{HashKey{7}};
  static Parser complete{HashKey{7}, Readers::complete};
  std::string padded(reinterpret_cast<const char*>(data), size);
  padded.append(Parser::padding_bytes, '"');
  const std::string_view json(padded.data(), size);

  ActBatch a, b;
  const std::string said = describe(both.parse_event(json, 1, a));
  require(said == describe(complete.parse_event(json, 1, b)), "both readers say the same of an event");
  require((said == "ok") == (a.acts.size() == 1), "an event is accepted or leaves nothing");
  require(said == "ok" || a.arena.empty(), "a refused event leaves no bytes");
  require_same(a, b);

  ActBatch c, d;
  std::string bad_c, bad_d;
  const auto note = [](std::string& out) {
    return [&out](std::uint32_t index, const Error& error) { out += std::to_string(index) + error.message + "\n"; };
  };
  const std::string array_said = describe(both.parse_array(json, c, note(bad_c)));
  require(array_said == describe(complete.parse_array(json, d, note(bad_d))), "both readers say the same of an array");
  require(bad_c == bad_d, "both readers refuse the same elements");
  require(array_said == "ok" || c.acts.empty(), "a malformed array leaves nothing");
  require_same(c, d);

  if (const auto subject = both.parse_subject(json); subject.ok()) {
    const auto again = both.parse_subject(subject->json);
    require(again.ok() && again->json == subject->json && again->creator == subject->creator, "subject: fixed point");
  }
  if (const auto user = both.parse_user(json); user.ok()) {
    const auto again = both.parse_user(*user);
    require(again.ok() && *again == *user, "user: fixed point");
  }
  return 0;
}
