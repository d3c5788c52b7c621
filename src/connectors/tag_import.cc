#include "connectors/tag_import.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <map>

#include "base/json.h"
#include "connectors/retry.h"

namespace zan::connectors {
namespace {

namespace dom = simdjson::dom;

constexpr std::uint64_t rows_between_progress = 65'536;
constexpr int status_ok = 200;

struct Known {
  std::string type;
  bool imported = false;
};

struct Waiting {
  std::string names;  // as JSON, with commas between
  std::size_t users = 0;
  std::uint64_t first_line = 0;
};

bool whole_number(std::string_view text) {
  return !text.empty() && text.size() <= 18 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

class TagSender {
 public:
  TagSender(HttpClient& server, const TagImportOptions& options) : server_(server), options_(options) {}

  Result<void> read_catalogue() {
    ZAN_ASSIGN(const HttpAnswer answer, ask({"GET", "/v1/tags", {}, {}}));
    if (answer.status != status_ok) return refusal(answer);
    dom::parser parser;
    dom::array tags;
    const simdjson::padded_string body(answer.body);
    if (parser.parse(body)["tags"].get(tags) != simdjson::SUCCESS) return invalid("the server's tags cannot be read");
    for (const dom::element tag : tags) {
      std::string_view name, type, source;
      if (tag["tag"].get(name) != simdjson::SUCCESS || tag["type"].get(type) != simdjson::SUCCESS ||
          tag["source"].get(source) != simdjson::SUCCESS)
        return invalid("the server's tags cannot be read");
      known_[std::string(name)] = {std::string(type), source == "imported"};
    }
    return {};
  }

  Result<void> take(const TagRow& row) {
    std::string fault = row.fault;
    const std::string about = fault.empty() ? about_of(row, fault) : std::string();
    if (!fault.empty()) return refuse(row.line, fault, 1), Result<void>();
    Waiting& waiting = waiting_[about];
    if (waiting.users == 0) waiting.first_line = row.line;
    const std::size_t before = waiting.names.size();
    if (!waiting.names.empty()) waiting.names += ',';
    append_json_string(waiting.names, row.user);
    gathered_ += waiting.names.size() - before;
    ++waiting.users;
    if (waiting.users == tag_import_users_max || waiting.names.size() >= tag_import_bytes_max)
      return send(about, waiting);
    return gathered_ >= tag_import_gathered_max ? send_all() : Result<void>();
  }

  Result<void> send_all() {
    for (auto& [about, waiting] : waiting_)
      if (waiting.users > 0) ZAN_TRY(send(about, waiting));
    return {};
  }

  TagImportReport& report() { return report_; }

 private:
  void refuse(std::uint64_t line, const std::string& why, std::uint64_t rows) {
    report_.bad += rows;
    if (options_.on_problem) options_.on_problem({line, why});
  }

  // The fields that say what is told of the row's user, as JSON.
  std::string about_of(const TagRow& row, std::string& fault) const {
    const auto found = known_.find(row.tag);
    if (found == known_.end()) {
      fault = fmt::format("there is no tag {}", row.tag);
    } else if (!found->second.imported) {
      fault = fmt::format("{} is no imported tag", row.tag);
    }
    if (!fault.empty()) return {};
    std::string about = R"("tag":)";
    append_json_string(about, row.tag);
    const std::string& type = found->second.type;
    if (type == "flag") {
      if (!row.value.empty() && row.value != "true" && row.value != "1")
        fault = fmt::format("{} is yes or no, and told by \"true\" or no value", row.tag);
    } else if (type == "number") {
      if (!whole_number(row.value)) fault = fmt::format("{} wants a whole number", row.tag);
      about += R"(,"number":)" + (fault.empty() ? std::to_string(std::stoull(row.value)) : "");
    } else {
      if (row.value.empty()) fault = fmt::format("{} wants a value", row.tag);
      about += type == "time" ? R"(,"day":)" : R"(,"value":)";
      append_json_string(about, row.value);
    }
    return about;
  }

  Result<void> send(const std::string& about, Waiting& waiting) {
    std::string body = fmt::format(R"({{"import":{},"on":{},"source":)", options_.import, options_.on);
    append_json_string(body, options_.source);
    body.append(",").append(about).append(R"(,"users":[)").append(waiting.names).append("]}");
    ZAN_ASSIGN(const HttpAnswer answer, ask({"POST", "/v1/tags/imports", "application/json", body}));
    if (answer.status == status_ok) {
      dom::parser parser;
      const simdjson::padded_string padded(answer.body);
      std::uint64_t unknown = 0;
      if (parser.parse(padded)["unknown"].get(unknown) != simdjson::SUCCESS)
        return invalid("the server's answer to an import cannot be read");
      report_.rows += waiting.users;
      report_.unknown += unknown;
    } else {
      // The value is none of the tag's, for instance: wrong for all of them, and only for them.
      const std::string why = refusal(answer).message;
      refuse(waiting.first_line, fmt::format("{} (and {} more rows like it)", why, waiting.users - 1), waiting.users);
    }
    gathered_ -= waiting.names.size();
    waiting = {};
    return {};
  }

  // A success, or what is wrong with this one request.
  Result<HttpAnswer> ask(const HttpRequest& request) {
    for (int attempt = 0;; ++attempt) {
      ZAN_ASSIGN(HttpAnswer answer, server_.call(request));
      if (answer.status == status_ok) return answer;
      const Error why = refusal(answer);
      if (!is_busy(answer.status) && why.kind == ErrorKind::invalid) return answer;
      if (!is_busy(answer.status) || attempt == retries_max || !wait_before_retry(answer, options_.stop)) return why;
    }
  }

  HttpClient& server_;
  const TagImportOptions& options_;
  std::map<std::string, Known, std::less<>> known_;
  std::map<std::string, Waiting> waiting_;
  std::size_t gathered_ = 0;  // bytes of all names that wait
  TagImportReport report_;
};

}  // namespace

Result<TagImportReport> import_tags(TagRows& rows, HttpClient& server, const TagImportOptions& options) {
  TagSender sender(server, options);
  ZAN_TRY(sender.read_catalogue());
  TagRow row;
  for (std::uint64_t read = 0;; ++read) {
    if (options.stop.stop_requested()) {
      sender.report().interrupted = true;
      return sender.report();
    }
    ZAN_ASSIGN(const bool more, rows.next(row));
    if (!more) break;
    ZAN_TRY(sender.take(row));
    if (read % rows_between_progress == 0 && options.on_progress) options.on_progress(rows.progress(), read);
  }
  ZAN_TRY(sender.send_all());
  return sender.report();
}

}  // namespace zan::connectors
