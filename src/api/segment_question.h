// Bodies of calls that tell the audience something: a segment to save, what becomes of one, a list of people, tags from a file; and the
// video that a segment is suggested for.
//
// Errors: invalid, with the JSON pointer of the field.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audience/audience.h"
#include "base/result.h"

namespace zan::api {

// {"name":"fans","expression":"fan.beauty","purpose":"targeting","why":"...","refresh":"daily","watched":true,"version":2}
// "version" is the one that was changed, of a new segment none. No id, and nobody's yet.
Result<audience::SegmentSaved> parse_segment_draft(std::string_view body, const audience::Catalogue& catalogue);

// {"state":"frozen","list":"fans of may","why":"..."}, "living" or "retired". No id, and nobody's yet.
Result<audience::SegmentMarked> parse_segment_state(std::string_view body);

struct SuggestQuestion {
  audience::Video video;
  std::uint32_t purpose = 0;
};
// {"title":"...","tags":["..."],"creator":"c1","duration_ms":15000,"purpose":"targeting"}; title or tags are needed.
Result<SuggestQuestion> parse_suggest_question(std::string_view body, const audience::Catalogue& catalogue);

// People by name, beside what they are told to be in.
struct ListUpload {
  audience::ListPart part;  // without users
  std::vector<std::string> users;
};
// {"name":"beta","source":"...","users":["u1",...]}; of a long one each part with "upload" (a number), "part" from 0 and "parts".
Result<ListUpload> parse_list_upload(std::string_view body);

struct TagUpload {
  audience::TagImport import;  // without users
  std::vector<std::string> users;
};
// {"tag":"vip","source":"...","users":[...]}; with "value" of a set, "number" of a number, "day" of a time, "on":false to take it away, and
// "import" (a number) that is the same for all parts of a file.
Result<TagUpload> parse_tag_upload(std::string_view body);

// "liker,watcher" to roles. invalid: another word.
Result<audience::Roles> parse_roles(std::string_view list, const std::string& parameter);

}  // namespace zan::api
