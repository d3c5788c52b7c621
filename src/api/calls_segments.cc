// Calls about what is saved of the audience: segments with versions, states, members and moves; lists; tags of files.
#include "api/audience_calls.h"
#include "api/pulled_stream.h"
#include "api/segment_json.h"
#include "api/segment_question.h"
#include "api/text.h"

namespace zan::api {
namespace {

using audience::SegmentId;

constexpr std::size_t segments_page = 50;

// Nothing: the path names no segment's id, which is answered.
std::optional<SegmentId> segment_of_path(Session& session) {
  const auto id = audience::segment_id_of(session.id());
  if (!id) session.fail({Problem::invalid_parameter, "a segment's id has 16 hex digits", "id"});
  return id;
}

Result<audience::SegmentDetail> find(const engine::Audience& audience, SegmentId id) {
  auto detail = audience.book().segment(id);
  if (!detail) return not_found("no such segment");
  return std::move(*detail);
}

// Records one change and waits until answers know of it.
Result<Position> tell(engine::Engine& engine, engine::Audience& audience, Bytes record) {
  ZAN_ASSIGN(const Position position, commit(engine, {engine::ChangeAudience{std::move(record)}}));
  ZAN_TRY(audience.await(position));
  return position;
}

// Who came first is right: of two changes that do not go together the second is void.
Result<PoolAnswer> save(engine::Engine& engine, engine::Audience& audience, audience::SegmentSaved draft) {
  ZAN_ASSIGN(Bytes record, audience.record_of(std::move(draft)));
  ZAN_ASSIGN(const audience::AudienceChange change, audience::read_audience_change(record));
  const auto& saved = std::get<audience::SegmentSaved>(change);
  ZAN_ASSIGN(const Position position, tell(engine, audience, std::move(record)));
  const auto detail = audience.book().segment(saved.id);
  if (!detail) return conflict("another segment got this name meanwhile", "/name");
  for (const audience::SegmentVersion& version : detail->versions)
    if (version.number == saved.made_from + 1 && version.who == saved.who && version.text == saved.text &&
        version.name == saved.name)
      return PoolAnswer{.body = render_segment(*detail, position)};
  return conflict("somebody else changed the segment meanwhile", "/version");
}

void run_save(Session& session, engine::Audience& audience, std::string_view body) {
  if (!without_query(session)) return;
  Result<audience::SegmentSaved> draft = parse_segment_draft(body, audience.catalogue());
  if (!draft.ok()) return session.fail(draft.error(), Problem::invalid_body);
  draft->who = changed_by(session);
  if (session.call() == Call::change_segment) {
    const auto id = segment_of_path(session);
    if (!id) return;
    if (draft->made_from == 0)
      return session.fail({Problem::invalid_body, "version is required: the one that was changed", "/version"});
    draft->id = *id;
  } else if (draft->made_from != 0) {
    return session.fail({Problem::invalid_body, "a new segment is made from no version", "/version"});
  }
  answer_from_pool(
      session,
      [&engine = session.server().engine, &audience, draft = std::move(*draft)] {
        return save(engine, audience, draft);
      },
      Problem::invalid_body);
}

Result<PoolAnswer> decide(engine::Engine& engine, engine::Audience& audience, const audience::SegmentMarked& marked) {
  ZAN_TRY(find(audience, marked.id));
  std::vector<Bytes> records;
  if (marked.mark == audience::SegmentMark::freeze) {
    ZAN_ASSIGN(records, audience.records_of_freeze(marked.id, marked.list, marked.who, marked.why));
  } else {
    ZAN_ASSIGN(records.emplace_back(), audience.record_of(marked));
  }
  Position position;
  for (Bytes& record : records) {
    ZAN_ASSIGN(position, tell(engine, audience, std::move(record)));
  }
  ZAN_ASSIGN(const audience::SegmentDetail detail, find(audience, marked.id));
  if (detail.marks.empty() || detail.marks.back().mark != marked.mark)
    return conflict("somebody else changed the segment meanwhile");
  return PoolAnswer{.body = render_segment(detail, position)};
}

void run_state(Session& session, engine::Audience& audience, std::string_view body) {
  if (!without_query(session)) return;
  const auto id = segment_of_path(session);
  if (!id) return;
  Result<audience::SegmentMarked> marked = parse_segment_state(body);
  if (!marked.ok()) return session.fail(marked.error(), Problem::invalid_body);
  marked->id = *id;
  marked->who = changed_by(session);
  // What members a segment has is told by this.
  if (marked->mark == audience::SegmentMark::freeze && !session.may(Scope::members))
    return session.fail({Problem::missing_scope, "to freeze a segment the key needs the scope members", {}});
  answer_from_pool(
      session,
      [&engine = session.server().engine, &audience, marked = *marked] { return decide(engine, audience, marked); },
      Problem::invalid_body);
}

void run_list(Session& session, engine::Audience& audience) {
  const auto parameters = Parameters::parse(session.query(), {"limit", "cursor"});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const auto limit = read_limit(*parameters, segments_page, audience::segments_page_max);
  if (!limit.ok()) return session.fail(limit.error(), Problem::invalid_parameter);
  const std::string* cursor = parameters->find("cursor");
  answer_from_pool(session, [&audience, limit = *limit,
                             after = cursor == nullptr ? std::string() : *cursor]() -> Result<std::string> {
    const auto segments = audience.book().segments(after, limit);
    return render_segments(segments, segments.size() == limit ? segments.back().last.name : std::string());
  });
}

void run_one(Session& session, engine::Audience& audience) {
  if (!without_query(session)) return;
  const auto id = segment_of_path(session);
  if (!id) return;
  answer_from_pool(session, [&audience, id = *id]() -> Result<std::string> {
    ZAN_ASSIGN(const audience::SegmentDetail detail, find(audience, id));
    return render_segment(detail, std::nullopt);
  });
}

// A saved segment as it stands, for its own purpose.
struct Meant {
  audience::Node node;
  std::uint32_t purpose = 0;
};
Result<Meant> meaning(const engine::Audience& audience, SegmentId id) {
  ZAN_ASSIGN(const audience::SegmentDetail detail, find(audience, id));
  if (detail.info.state == audience::SegmentState::retired) return not_found("the segment is retired");
  if (!detail.info.trouble.empty()) return conflict("it is no segment any more: " + detail.info.trouble);
  const auto purpose = audience.catalogue().purpose(detail.info.last.purpose);
  if (!purpose) return conflict("its purpose is not in the catalogue any more");
  audience::Node node;
  node.kind = audience::NodeKind::segment;
  node.name = detail.info.last.name;
  return Meant{std::move(node), *purpose};
}

void run_composition(Session& session, engine::Audience& audience) {
  const auto parameters = Parameters::parse(session.query(), {"limit"});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const auto rows = read_limit(*parameters, composition_rows, composition_rows_max);
  if (!rows.ok()) return session.fail(rows.error(), Problem::invalid_parameter);
  const auto id = segment_of_path(session);
  if (!id) return;
  answer_from_pool(session, [&audience, id = *id, rows = *rows,
                             question = question_of(session, 0, audience.moment())]() mutable -> Result<std::string> {
    ZAN_ASSIGN(const Meant meant, meaning(audience, id));
    question.purpose = meant.purpose;
    ZAN_ASSIGN(const audience::Composition composition, audience.composition(meant.node, question));
    return render_composition(audience.catalogue(), composition, asked_of(audience, question, &meant.node), rows);
  });
}

// "cursor" or "from", and "limit", of pages of members and moves. Nothing: something is wrong, which is answered.
struct PageQuestion {
  std::uint64_t from = 0;
  std::size_t limit = 0;
};
std::optional<PageQuestion> read_page(Session& session, std::string_view cursor_name, std::size_t most) {
  const auto parameters = Parameters::parse(session.query(), {"limit", cursor_name});
  const auto limit = parameters.ok() ? read_limit(*parameters, most, most) : Result<std::size_t>(parameters.error());
  if (!limit.ok()) session.fail(limit.error(), Problem::invalid_parameter);
  if (!limit.ok()) return std::nullopt;
  const std::string* cursor = parameters->find(cursor_name);
  const auto from = cursor == nullptr ? std::optional<std::uint64_t>(0) : parse_number(*cursor);
  if (!from) session.fail({Problem::invalid_parameter, "not a cursor of this list", std::string(cursor_name)});
  return from ? std::optional(PageQuestion{*from, *limit}) : std::nullopt;
}

void run_members(Session& session, engine::Audience& audience) {
  const auto page = read_page(session, "cursor", engine::members_page_max);
  if (!page) return;
  if (page->from > storage::registry_ids_max)
    return session.fail({Problem::invalid_parameter, "not a cursor of this list", "cursor"});
  const auto id = segment_of_path(session);
  if (!id) return;
  answer_from_pool(session, [&audience, id = *id, page = *page,
                             question = question_of(session, 0, audience.moment())]() mutable -> Result<std::string> {
    ZAN_ASSIGN(const Meant meant, meaning(audience, id));
    question.purpose = meant.purpose;
    ZAN_ASSIGN(const engine::MemberPage members,
               audience.members(meant.node, question, static_cast<std::uint32_t>(page.from), page.limit));
    return render_members(members);
  });
}

void run_moves(Session& session, engine::Audience& audience) {
  const auto page = read_page(session, "from", audience::moves_page_max);
  if (!page) return;
  const auto id = segment_of_path(session);
  if (!id) return;
  answer_from_pool(session, [&audience, id = *id, page = *page]() -> Result<std::string> {
    ZAN_ASSIGN(const engine::NamedMoves moves, audience.moves(id, page.from, page.limit));
    return render_moves(moves);
  });
}

// Where a stream of moves begins: nothing said, from now.
Result<std::uint64_t> first_move(Session& session) {
  ZAN_ASSIGN(const Parameters parameters, Parameters::parse(session.query(), {"from"}));
  const std::string& last = session.request().last_event_id;
  const std::string* from = parameters.find("from");
  if (last.empty() && from == nullptr) return std::uint64_t{0};
  const auto number = parse_number(last.empty() ? *from : last);
  if (!number) return invalid("a move's number, as the stream's ids are", last.empty() ? "from" : "Last-Event-ID");
  return last.empty() ? *number : *number + 1;
}

void run_moves_stream(Session& session, engine::Audience& audience) {
  const auto from = first_move(session);
  if (!from.ok()) return session.fail(from.error(), Problem::invalid_parameter);
  const auto id = segment_of_path(session);
  if (!id) return;
  auto work = [&audience, id = *id, from = *from]() -> std::function<void(Session&)> {
    const auto start = audience.moves(id, from, 0);
    if (!start.ok())
      return [error = start.error()](Session& there) { there.fail(error, Problem::invalid_parameter); };
    return [&audience, id, from = start->next](Session& there) {
      const std::size_t page = there.limits().stream_items;
      auto read = [&audience, id, page, next = from]() mutable {
        StreamChunk chunk;
        const auto moves = audience.moves(id, next, page);
        if (!moves.ok()) return StreamChunk{moves.error(), {}, false};
        next = moves->next;
        chunk.text = render_move_events(*moves);
        chunk.more = moves->moves.size() >= page;
        return chunk;
      };
      begin_stream(there, std::move(read), NewsOf::sweep);
    };
  };
  if (!session.run(std::move(work)))
    session.fail({Problem::unavailable, "too many requests are waiting; try again in a second", {}});
}

void run_lists(Session& session, engine::Audience& audience) {
  if (!without_query(session)) return;
  const bool imports = session.call() == Call::get_tag_imports;
  answer_from_pool(session, [&audience, imports]() -> Result<std::string> {
    return imports ? render_imports(audience.imports()) : render_lists(audience.book().lists());
  });
}

void run_remove_list(Session& session, engine::Audience& audience) {
  const auto parameters = Parameters::parse(session.query(), {"why"});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const std::string* why = parameters->find("why");
  if (why == nullptr || why->empty()) return session.fail({Problem::invalid_parameter, "why is required", "why"});
  audience::ListRemoved removed{session.id(), changed_by(session), *why};
  answer_from_pool(session, [&engine = session.server().engine, &audience, removed]() -> Result<std::string> {
    ZAN_ASSIGN(Bytes record, audience.record_of(removed));
    ZAN_ASSIGN(const Position position, tell(engine, audience, std::move(record)));
    return "{\"position\":\"" + std::to_string(position.value) + "\"}\n";
  });
}

// Names to numbers; nobody at all is a mistake.
Result<engine::NumberedPeople> people_of(const engine::Audience& audience, const std::vector<std::string>& users) {
  const std::vector<std::string_view> names(users.begin(), users.end());
  return audience.numbers_of(names);
}

Result<PoolAnswer> take_list(engine::Engine& engine, engine::Audience& audience, std::string_view body,
                             const std::string& by) {
  ZAN_ASSIGN(ListUpload upload, parse_list_upload(body));
  ZAN_ASSIGN(engine::NumberedPeople people, people_of(audience, upload.users));
  const std::size_t known = people.users.size();
  upload.part.who = by;
  upload.part.users = std::move(people.users);
  ZAN_ASSIGN(Bytes record, audience.record_of(std::move(upload.part)));
  ZAN_ASSIGN(const audience::AudienceChange change, audience::read_audience_change(record));
  ZAN_ASSIGN(const Position position, tell(engine, audience, std::move(record)));
  return PoolAnswer{
      .body = render_upload(known, people.unknown, std::get<audience::ListPart>(change).upload, position)};
}

Result<PoolAnswer> take_tags(engine::Engine& engine, engine::Audience& audience, std::string_view body,
                             const std::string& by) {
  ZAN_ASSIGN(TagUpload upload, parse_tag_upload(body));
  ZAN_ASSIGN(engine::NumberedPeople people, people_of(audience, upload.users));
  const std::size_t known = people.users.size();
  if (known == 0) return invalid("none of the users is known", "/users");
  upload.import.who = by;
  upload.import.users = std::move(people.users);
  const std::uint64_t import = upload.import.import;
  ZAN_ASSIGN(Bytes record, audience.record_of(std::move(upload.import)));
  // Not waited for: of a file's many parts only the last one matters.
  ZAN_ASSIGN(const Position position, commit(engine, {engine::ChangeAudience{std::move(record)}}));
  return PoolAnswer{.body = render_upload(known, people.unknown, import, position)};
}

// A body of some megabytes: it is read on the pool.
void run_upload(Session& session, engine::Audience& audience, std::string_view body) {
  if (!without_query(session)) return;
  auto held = std::make_shared<std::string>(body);
  held->append(engagement::Parser::padding_bytes, '\0');
  const bool tags = session.call() == Call::import_tags;
  answer_from_pool(
      session,
      [&engine = session.server().engine, &audience, held, tags, by = changed_by(session)] {
        const auto text = std::string_view(*held).substr(0, held->size() - engagement::Parser::padding_bytes);
        return tags ? take_tags(engine, audience, text, by) : take_list(engine, audience, text, by);
      },
      Problem::invalid_body);
}

}  // namespace

void run_segments(Session& session, std::string_view body) {
  engine::Audience* const audience = audience_of(session);
  if (audience == nullptr) return;
  switch (session.call()) {
    case Call::add_segment:
    case Call::change_segment:
      return run_save(session, *audience, body);
    case Call::decide_segment:
      return run_state(session, *audience, body);
    case Call::get_segments:
      return run_list(session, *audience);
    case Call::get_segment:
      return run_one(session, *audience);
    case Call::compose_saved_segment:
      return run_composition(session, *audience);
    case Call::get_segment_members:
      return run_members(session, *audience);
    case Call::get_segment_moves:
      return run_moves(session, *audience);
    case Call::stream_segment:
      return run_moves_stream(session, *audience);
    case Call::remove_list:
      return run_remove_list(session, *audience);
    case Call::add_list:
    case Call::import_tags:
      return run_upload(session, *audience, body);
    default:
      return run_lists(session, *audience);
  }
}

}  // namespace zan::api
