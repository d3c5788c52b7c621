// Calls that ask about engagement.
#include <optional>

#include "api/calls.h"
#include "api/question.h"
#include "api/target.h"
#include "api/text.h"

namespace zan::api {
namespace {

using engagement::TallyOf;

std::string render_page(const engagement::ListPage& page, std::string_view key) {
  std::string out = "{\"items\":[";
  for (const engagement::ListItem& item : page.items) {
    if (&item != page.items.data()) out += ',';
    out += "{\"";
    out += key;
    out += "\":";
    append_json_string(out, item.name);
    out += ",\"at\":\"";
    append_rfc3339(out, item.at);
    out += "\"}";
  }
  out += "],\"next\":";
  if (page.next.empty()) {
    out += "null";
  } else {
    append_json_string(out, page.next);
  }
  return out += "}\n";
}

std::optional<engagement::TopWindow> find_window(std::string_view name) {
  if (name == "1h") return engagement::TopWindow::hour;
  if (name == "1d") return engagement::TopWindow::day;
  if (name == "all") return engagement::TopWindow::all;
  return std::nullopt;
}

void no_parameters(Session& session, const std::function<void()>& then) {
  const auto parameters = Parameters::parse(session.query(), {});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  then();
}

}  // namespace

void run_counts(Session& session) {
  const engagement::Reads& reads = session.server().engine.reads();
  const bool of_subject = session.call() == Call::get_subject_counts;
  const bool of_user = session.call() == Call::get_user_counts;
  no_parameters(session, [&] {
    const Result<engagement::Tally> tally = of_subject ? reads.subject_counts(session.id())
                                            : of_user  ? reads.user_counts(session.id())
                                                       : reads.creator_counts(session.id());
    if (!tally.ok()) return session.fail(tally.error(), Problem::invalid_parameter);
    std::string& body = session.thread().body;
    body = of_subject ? "{\"subject\":" : of_user ? "{\"user\":" : "{\"creator\":";
    append_json_string(body, session.id());
    body += ',';
    engagement::append_tally(body, *tally, of_subject ? TallyOf::subject : TallyOf::person);
    body += "}\n";
    session.answer_json(body);
  });
}

void run_hydrate(Session& session, std::string_view body) {
  ThreadState& thread = session.thread();
  const Result<Question> question = parse_question(body);
  if (!question.ok()) return session.fail(question.error(), Problem::invalid_body);
  thread.names.assign(question->subjects.begin(), question->subjects.end());
  thread.hydrated.clear();
  const Result<void> read = thread.server.engine.reads().hydrate(question->viewer, thread.names, thread.hydrated);
  if (!read.ok()) return session.fail(read.error(), Problem::invalid_body);
  std::string& out = thread.body;
  out = "{\"subjects\":[";
  for (std::size_t i = 0; i < thread.hydrated.size(); ++i) {
    out += i > 0 ? ",{\"subject\":" : "{\"subject\":";
    append_json_string(out, thread.names[i]);
    out += ",\"counts\":{";
    engagement::append_tally(out, thread.hydrated[i].tally);
    out += '}';
    if (!question->viewer.empty()) {
      out += ",\"viewer\":{";
      engagement::append_viewer(out, thread.hydrated[i].viewer);
      out += '}';
    }
    out += '}';
  }
  out += "]}\n";
  session.answer_json(out);
}

void run_attributes(Session& session) {
  const bool of_user = session.call() == Call::get_user;
  no_parameters(session, [&] {
    answer_from_pool(session,
                     [&reads = session.server().engine.reads(), id = session.id(), of_user]() -> Result<std::string> {
                       ZAN_ASSIGN(std::string json, of_user ? reads.user_attributes(id) : reads.subject_attributes(id));
                       return json += '\n';
                     });
  });
}

void run_list(Session& session) {
  const auto parameters = Parameters::parse(session.query(), {"limit", "cursor"});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const auto asked = read_page(*parameters, engagement::page_items_default, engagement::page_items_max);
  if (!asked.ok()) return session.fail(asked.error(), Problem::invalid_parameter);
  answer_from_pool(session,
                   [&reads = session.server().engine.reads(), id = session.id(), page = *asked,
                    of_user = session.call() == Call::get_user_likes]() -> Result<std::string> {
                     ZAN_ASSIGN(const engagement::ListPage list, of_user ? reads.user_likes(id, page.limit, page.cursor)
                                                                         : reads.likers(id, page.limit, page.cursor));
                     return render_page(list, of_user ? "subject" : "actor");
                   });
}

void run_top(Session& session) {
  const auto parameters = Parameters::parse(session.query(), {"window", "limit"});
  if (!parameters.ok()) return session.fail(parameters.error(), Problem::invalid_parameter);
  const std::string* name = parameters->find("window");
  const auto window = find_window(name != nullptr ? std::string_view(*name) : "all");
  if (!window) return session.fail({Problem::invalid_parameter, "window must be 1h, 1d or all", "window"});
  const auto limit = read_limit(*parameters, engagement::top_items_max, engagement::top_items_max);
  if (!limit.ok()) return session.fail(limit.error(), Problem::invalid_parameter);
  answer_from_pool(session,
                   [&reads = session.server().engine.reads(), window = *window, limit = *limit,
                    text = name != nullptr ? *name : std::string("all")]() -> Result<std::string> {
                     ZAN_ASSIGN(const std::vector<engagement::TopItem> items, reads.top(window, limit));
                     std::string out = "{\"window\":\"" + text + "\",\"items\":[";
                     for (const engagement::TopItem& item : items) {
                       out += &item == items.data() ? "{\"subject\":" : ",{\"subject\":";
                       append_json_string(out, item.subject);
                       out += ",\"likes\":";
                       append_number(out, item.likes);
                       out += '}';
                     }
                     return out += "]}\n";
                   });
}

}  // namespace zan::api
