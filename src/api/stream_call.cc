// GET /v1/stream: accepted events and changed counts.
#include <algorithm>
#include <memory>

#include "api/calls.h"
#include "api/pulled_stream.h"
#include "api/text.h"

namespace zan::api {
namespace {

struct Wanted {
  Position after;
  std::string subject;  // empty: all
};

Result<Wanted> read_wanted(Session& session) {
  ZAN_ASSIGN(const Parameters parameters, Parameters::parse(session.query(), {"after", "subject"}));
  Wanted wanted;
  if (const std::string* subject = parameters.find("subject")) {
    ZAN_TRY(engagement::check_name(*subject, "subject"));
    wanted.subject = *subject;
  }
  const std::string* after = parameters.find("after");
  const std::string& last = session.request().last_event_id;
  if (after == nullptr && last.empty()) {
    wanted.after = session.server().engine.status().position;
    return wanted;
  }
  const auto position = parse_number(last.empty() ? *after : last);
  if (!position)
    return invalid("a position is a number, as the stream's ids are", last.empty() ? "after" : "Last-Event-ID");
  wanted.after = {*position};
  return wanted;
}

void append_counts(std::string& out, const engagement::Reads& reads, std::vector<std::string_view> subjects) {
  std::sort(subjects.begin(), subjects.end());
  subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
  std::vector<engagement::Hydrated> hydrated;
  if (subjects.empty() || !reads.hydrate({}, subjects, hydrated).ok()) return;
  for (std::size_t i = 0; i < hydrated.size(); ++i) {
    out += "event: counts\ndata: {\"subject\":";
    append_json_string(out, subjects[i]);
    out += ',';
    engagement::append_tally(out, hydrated[i].tally);
    out += "}\n\n";
  }
}

StreamChunk read_chunk(engine::Feed& feed, const engagement::Reads& reads, const std::string& subject,
                       std::size_t items_max) {
  StreamChunk chunk;
  std::vector<engine::Feed::Item> items;
  chunk.result = feed.next(items_max, items);
  if (!chunk.result.ok()) return chunk;
  chunk.more = items.size() >= items_max;
  std::vector<std::string_view> changed;
  for (const engine::Feed::Item& item : items) {
    if (!subject.empty() && item.subject != subject) continue;
    chunk.text += "id: ";
    append_number(chunk.text, item.position.value);
    chunk.text += item.verdict ? "\nevent: verdict\ndata: " : "\nevent: act\ndata: ";
    chunk.text += item.json;
    chunk.text += "\n\n";
    if (!item.subject.empty()) changed.emplace_back(item.subject);
  }
  append_counts(chunk.text, reads, std::move(changed));
  return chunk;
}

}  // namespace

void run_stream(Session& session) {
  Result<Wanted> wanted = read_wanted(session);
  if (!wanted.ok()) return session.fail(wanted.error(), Problem::invalid_parameter);
  auto work = [&engine = session.server().engine, wanted = *wanted]() -> std::function<void(Session&)> {
    auto feed = engine.feed(wanted.after);
    if (!feed.ok()) {
      return [error = feed.error()](Session& there) { there.fail(error, Problem::invalid_parameter); };
    }
    return [feed = std::shared_ptr<engine::Feed>(std::move(feed).value()), subject = wanted.subject](Session& there) {
      const std::size_t items_max = std::min(there.limits().stream_items, engagement::hydrate_subjects_max);
      auto read = [feed, subject, items_max, &reads = there.server().engine.reads()] {
        return read_chunk(*feed, reads, subject, items_max);
      };
      begin_stream(there, std::move(read), NewsOf::journal);
    };
  };
  if (!session.run(std::move(work)))
    session.fail({Problem::unavailable, "too many requests are waiting; try again in a second", {}});
}

}  // namespace zan::api
