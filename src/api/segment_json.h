// Saved segments, their members and moves, lists, imports and suggestions as JSON.
//
// Threads: any; pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"

namespace zan::api {

// `position`: of the record that changed it; nothing: it was only asked for.
std::string render_segment(const audience::SegmentDetail& segment, std::optional<Position> position);
// `next`: cursor of the page behind; empty: that was all.
std::string render_segments(const std::vector<audience::SegmentInfo>& segments, std::string_view next);
std::string render_members(const engine::MemberPage& page);
std::string render_moves(const engine::NamedMoves& moves);
// As server-sent events, each with its number as the id.
std::string render_move_events(const engine::NamedMoves& moves);
std::string render_lists(const std::vector<audience::ListInfo>& lists);
std::string render_imports(const std::vector<audience::ImportEntry>& imports);
// What became of the names in an upload.
std::string render_upload(std::size_t users, std::size_t unknown, std::uint64_t upload, Position position);
std::string render_suggestion(const audience::Suggestion& suggestion, std::string_view purpose);

}  // namespace zan::api
