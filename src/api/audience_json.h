// The audience as JSON: sizes, compositions, overlaps, reasons, tags.
//
// Threads: any; pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/json_writer.h"
#include "engine/engine.h"

namespace zan::api {

// What was asked, as answers say it.
struct AudienceAsked {
  std::string expression;  // canonical; empty: not said
  std::string purpose;
  Timestamp as_of;
};

std::string render_size(const audience::SizeAnswer& size, const AudienceAsked& asked);
// At most `limit` rows.
std::string render_composition(const audience::Catalogue& catalogue, const audience::Composition& composition,
                               const AudienceAsked& asked, std::size_t limit);
std::string render_overlap(const audience::Overlap& overlap, const std::vector<std::string>& expressions,
                           const AudienceAsked& asked);
std::string render_why(const audience::Why& why, std::string_view user, const AudienceAsked& asked);
// Null: too few people to be told.
void write_maybe_size(JsonWriter& object, std::string_view name, const std::optional<audience::SizeAnswer>& size);
std::string render_tags(const audience::Catalogue& catalogue);
std::string render_person_tags(const audience::Catalogue& catalogue, std::string_view user,
                               const std::vector<engine::PersonTag>& tags);

}  // namespace zan::api
