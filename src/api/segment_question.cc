#include "api/segment_question.h"

#include <array>

#include "api/audience_question.h"
#include "api/body_fields.h"

namespace zan::api {
namespace {

namespace dom = simdjson::dom;

constexpr std::array<std::string_view, 3> refreshes{"none", "hourly", "daily"};
constexpr std::array<std::string_view, 3> states{"retired", "frozen", "living"};

Result<std::uint64_t> read_whole(dom::element element, const std::string& pointer, std::uint64_t most) {
  std::uint64_t number = 0;
  if (element.get_uint64().get(number) != simdjson::SUCCESS || number > most)
    return invalid(pointer.substr(1) + " must be a whole number from 0 to " + std::to_string(most), pointer);
  return number;
}

// A day such as 2024-02-29, as days since 1970.
Result<std::uint64_t> read_day(dom::element element, const std::string& pointer) {
  const Result<Timestamp> at = parse_rfc3339(std::string(text_or_nothing(element)) + "T00:00:00Z");
  if (!at.ok()) return invalid(pointer.substr(1) + " must be a day such as 2024-02-29", pointer);
  return static_cast<std::uint64_t>(at->us / us_per_day);
}

}  // namespace

Result<audience::SegmentSaved> parse_segment_draft(std::string_view body, const audience::Catalogue& catalogue) {
  audience::SegmentSaved draft;
  draft.purpose = catalogue.purposes().front().name;
  std::optional<audience::Node> node;
  const auto take = [&](std::string_view key, dom::element value) -> Result<bool> {
    const std::string pointer = "/" + std::string(key);
    if (key == "name") {
      ZAN_ASSIGN(draft.name, read_text(value, pointer, audience::segment_name_bytes_max));
    } else if (key == "why") {
      ZAN_ASSIGN(draft.why, read_text(value, pointer, audience::change_why_bytes_max));
    } else if (key == "purpose") {
      ZAN_ASSIGN(const std::uint32_t purpose, find_purpose(catalogue, text_or_nothing(value), pointer));
      draft.purpose = catalogue.purposes()[purpose].name;
    } else if (key == "refresh") {
      ZAN_ASSIGN(const std::size_t refresh, read_choice(value, pointer, refreshes));
      draft.refresh = static_cast<audience::Refresh>(refresh);
    } else if (key == "watched") {
      ZAN_ASSIGN(draft.watched, read_truth(value, pointer));
    } else if (key == "version") {
      ZAN_ASSIGN(const std::uint64_t version, read_whole(value, pointer, ~std::uint32_t{0}));
      draft.made_from = static_cast<std::uint32_t>(version);
    } else if (key == "expression" || key == "segment") {
      if (node) return invalid("give expression or segment, not both", pointer);
      ZAN_ASSIGN(node, read_segment(key == "expression", value, catalogue, pointer));
    } else {
      return false;
    }
    return true;
  };
  ZAN_TRY(read_fields(body, take));
  if (draft.name.empty()) return invalid("name is required", "/name");
  if (!node) return invalid("expression is required", "/expression");
  if (draft.why.empty()) return invalid("why is required", "/why");
  draft.text = to_text(canonical(*node));
  return draft;
}

Result<audience::SegmentMarked> parse_segment_state(std::string_view body) {
  audience::SegmentMarked marked;
  std::optional<std::size_t> state;
  const auto take = [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "state") {
      ZAN_ASSIGN(state, read_choice(value, "/state", states));
    } else if (key == "list") {
      ZAN_ASSIGN(marked.list, read_text(value, "/list", audience::segment_name_bytes_max));
    } else if (key == "why") {
      ZAN_ASSIGN(marked.why, read_text(value, "/why", audience::change_why_bytes_max));
    } else {
      return false;
    }
    return true;
  };
  ZAN_TRY(read_fields(body, take));
  if (!state) return invalid("state is required", "/state");
  marked.mark = static_cast<audience::SegmentMark>(*state + 1);
  if (marked.why.empty()) return invalid("why is required", "/why");
  const bool freezes = marked.mark == audience::SegmentMark::freeze;
  if (freezes == marked.list.empty())
    return invalid(freezes ? "a frozen segment needs the name of a list" : "list is only for a frozen segment", "/list");
  return marked;
}

Result<SuggestQuestion> parse_suggest_question(std::string_view body, const audience::Catalogue& catalogue) {
  SuggestQuestion question;
  audience::Video& video = question.video;
  const auto take = [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "title") {
      ZAN_ASSIGN(video.title, read_text(value, "/title", audience::tokenized_bytes_max));
    } else if (key == "tags") {
      ZAN_ASSIGN(video.tags, read_names(value, "/tags", audience::video_tags_max));
    } else if (key == "creator") {
      ZAN_ASSIGN(video.creator, read_name(value, "/creator"));
    } else if (key == "duration_ms") {
      ZAN_ASSIGN(video.duration_ms, read_whole(value, "/duration_ms", ~std::uint32_t{0}));
    } else if (key == "purpose") {
      ZAN_ASSIGN(question.purpose, find_purpose(catalogue, text_or_nothing(value), "/purpose"));
    } else {
      return false;
    }
    return true;
  };
  ZAN_TRY(read_fields(body, take));
  if (video.title.empty() && video.tags.empty()) return invalid("a title or tags are required", "/title");
  return question;
}

Result<ListUpload> parse_list_upload(std::string_view body) {
  ListUpload upload;
  const auto take = [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "name") {
      ZAN_ASSIGN(upload.part.name, read_text(value, "/name", audience::segment_name_bytes_max));
    } else if (key == "source") {
      ZAN_ASSIGN(upload.part.source, read_text(value, "/source", audience::import_source_bytes_max));
    } else if (key == "users") {
      ZAN_ASSIGN(upload.users, read_names(value, "/users", audience::part_users_max));
    } else if (key == "upload") {
      ZAN_ASSIGN(upload.part.upload, read_whole(value, "/upload", ~std::uint64_t{0}));
    } else if (key == "part" || key == "parts") {
      ZAN_ASSIGN(const std::uint64_t number, read_whole(value, "/" + std::string(key), audience::list_parts_max));
      (key == "part" ? upload.part.part : upload.part.parts) = static_cast<std::uint32_t>(number);
    } else {
      return false;
    }
    return true;
  };
  ZAN_TRY(read_fields(body, take));
  if (upload.part.name.empty()) return invalid("name is required", "/name");
  if (upload.part.source.empty()) return invalid("source is required: where the list comes from", "/source");
  if (upload.part.parts != 1 && upload.part.upload == 0)
    return invalid("a list in parts needs an upload's number, the same for all of them", "/upload");
  return upload;
}

Result<TagUpload> parse_tag_upload(std::string_view body) {
  TagUpload upload;
  audience::TagImport& import = upload.import;
  const auto take = [&](std::string_view key, dom::element value) -> Result<bool> {
    if (key == "tag") {
      ZAN_ASSIGN(import.tag, read_text(value, "/tag", audience::catalogue_name_bytes_max));
    } else if (key == "value") {
      ZAN_ASSIGN(import.value, read_text(value, "/value", audience::catalogue_name_bytes_max));
    } else if (key == "number") {
      ZAN_ASSIGN(import.number, read_whole(value, "/number", ~std::uint32_t{0}));
    } else if (key == "day") {
      ZAN_ASSIGN(import.number, read_day(value, "/day"));
    } else if (key == "on") {
      ZAN_ASSIGN(import.on, read_truth(value, "/on"));
    } else if (key == "import") {
      ZAN_ASSIGN(import.import, read_whole(value, "/import", ~std::uint64_t{0}));
    } else if (key == "source") {
      ZAN_ASSIGN(import.source, read_text(value, "/source", audience::import_source_bytes_max));
    } else if (key == "users") {
      ZAN_ASSIGN(upload.users, read_names(value, "/users", audience::part_users_max));
    } else {
      return false;
    }
    return true;
  };
  ZAN_TRY(read_fields(body, take));
  if (import.tag.empty()) return invalid("tag is required", "/tag");
  if (import.source.empty()) return invalid("source is required: where the tags come from", "/source");
  if (upload.users.empty()) return invalid("users is required", "/users");
  return upload;
}

Result<audience::Roles> parse_roles(std::string_view list, const std::string& parameter) {
  audience::Roles roles = 0;
  for (;;) {
    const std::size_t comma = list.find(',');
    const auto role = audience::role_of(list.substr(0, comma));
    if (!role) return invalid("must be some of liker, watcher, follower, commenter and sharer, with commas", parameter);
    roles = static_cast<audience::Roles>(roles | audience::roles_of({*role}));
    if (comma == std::string_view::npos) return roles;
    list.remove_prefix(comma + 1);
  }
}

}  // namespace zan::api
