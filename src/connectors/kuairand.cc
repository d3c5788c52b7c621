#include "connectors/kuairand.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>

#include "base/clock.h"
#include "connectors/csv.h"

namespace zan::connectors {
namespace {

constexpr std::string_view log_first_day = "2022-04-25T00:00:00Z";
constexpr std::int64_t log_end_us = 1'652'025'600 * us_per_second;  // 2022-05-09 in UTC+8
constexpr std::uint32_t days_later_max = 36'500;
constexpr std::string_view days_later_words = " days later ";

using Columns = std::vector<std::size_t>;

// A file and the columns that are read of it, in the order they were asked for.
struct Table {
  std::unique_ptr<CsvReader> reader;
  Columns columns;
  CsvRecord record;
  std::uint64_t row = 0;  // records given out

  [[nodiscard]] std::string_view operator[](std::size_t index) const { return record.fields[columns[index]]; }

  Result<bool> next() {
    ZAN_ASSIGN(const bool found, reader->next(record));
    if (found) ++row;
    return found;
  }
};

Result<Table> open_table(const std::string& path, std::initializer_list<std::string_view> names) {
  Table table;
  ZAN_ASSIGN(table.reader, CsvReader::open(path));
  for (const std::string_view name : names) {
    ZAN_ASSIGN(const std::size_t column, table.reader->required_column(name));
    table.columns.push_back(column);
  }
  return table;
}

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Whole numbers are written with a fraction in some files: "87433.0".
std::string_view without_fraction(std::string_view text) {
  if (text.ends_with(".0")) text.remove_suffix(2);
  return text;
}

enum UserColumn { user_id, active_degree, live_streamer, video_author, follows, fans, friends, register_days };
enum VideoColumn { video_id, author_id, video_type, upload_day, upload_type, video_duration, video_tags };
enum SequenceColumn { sequence_user, last_time_ms, like_seq };
enum LogColumn {
  log_user,
  log_video,
  log_time,
  log_play,
  log_duration,
  log_tab,
  log_click,
  log_like,
  log_follow,
  log_comment,
  log_forward,
  log_hate,
  log_profile,
};

enum TotalIndex {
  users,
  videos,
  likes_first,
  exposures,
  clicks,
  likes,
  follow_acts,
  comments,
  shares,
  dislikes,
  visits,
  completes,
  total_count,
};
constexpr std::array<const char*, total_count> total_names{
    "users",     "videos",         "likes of the first period",
    "exposures", "clicks",         "likes",
    "follows",   "comments",       "shares",
    "dislikes",  "profile visits", "completes",
};

class KuaiRand final : public Source {
 public:
  explicit KuaiRand(std::uint32_t days_later) : days_later_(days_later) {}

  Result<void> open(const std::string& folder) {
    ZAN_ASSIGN(users_, open_table(folder + "/user_features_pure.csv",
                                  {"user_id", "user_active_degree", "is_live_streamer", "is_video_author",
                                   "follow_user_num", "fans_user_num", "friend_user_num", "register_days"}));
    ZAN_ASSIGN(videos_, open_table(folder + "/video_features_basic_pure.csv",
                                   {"video_id", "author_id", "video_type", "upload_dt", "upload_type", "video_duration",
                                    "tag"}));
    ZAN_ASSIGN(sequences_,
               open_table(folder + "/user_sequences_0408_0424.csv", {"user_id", "last_time_ms", "like_seq"}));
    ZAN_ASSIGN(log_, open_table(folder + "/log_0425_0508.csv.gz",
                                {"user_id", "video_id", "time_ms", "play_time_ms", "duration_ms", "tab", "is_click",
                                 "is_like", "is_follow", "is_comment", "is_forward", "is_hate", "is_profile_enter"}));
    ZAN_ASSIGN(const Timestamp first_day, parse_rfc3339(log_first_day));
    first_day_ = first_day;
    return load_authors(folder);
  }

  std::string identity() const override { return "kuairand"; }

  // The totals are over everything, so what was done is read again, and thrown away.
  Result<void> resume(std::string_view cursor) override {
    const std::size_t words = cursor.find(days_later_words);
    const auto days =
        words == std::string_view::npos ? std::optional<std::uint64_t>(0) : to_number(cursor.substr(0, words));
    if (!days || *days > days_later_max) return invalid("not a cursor of KuaiRand files", "cursor");
    days_later_ = static_cast<std::uint32_t>(*days);
    Batch batch;
    for (;;) {
      ZAN_ASSIGN(const bool more, next(batch));
      if (!more) return invalid("the import's cursor does not fit these KuaiRand files", "cursor");
      if (batch.cursor == cursor) return {};
      batch.clear();
    }
  }

  Result<bool> next(Batch& batch) override {
    while (phase_ < phase_count) {
      ZAN_ASSIGN(const bool more, read_rows(batch));
      if (!more) ++phase_;
      if (batch.full()) break;
    }
    batch.cursor = days_later_ == 0 ? std::string() : std::to_string(days_later_).append(days_later_words);
    batch.cursor.append(phase_names[phase_]).append(" row ").append(std::to_string(phase_row()));
    return !batch.events.empty() || !batch.attributes.empty() || !batch.showings.empty() || !batch.bad.empty();
  }

  Progress progress() const override {
    Progress progress;
    for (const Table* table : {&videos_, &users_, &sequences_, &log_}) {
      progress.done += table->reader->input().bytes_read();
      progress.total += table->reader->input().bytes_total();
    }
    return progress;
  }

  std::vector<ReadTotal> totals() const override {
    std::vector<ReadTotal> totals;
    for (std::size_t i = 0; i < total_count; ++i) totals.push_back({total_names[i], totals_[i]});
    return totals;
  }

 private:
  // What is told of videos and people comes before what people did: an act is understood by what is known when it comes.
  static constexpr int phase_count = 4;
  static constexpr std::array<std::string_view, phase_count + 1> phase_names{"videos", "users", "sequences", "log",
                                                                             "end"};

  [[nodiscard]] std::int64_t later_us() const { return days_later_ * us_per_day; }
  [[nodiscard]] std::uint64_t later_ms(std::uint64_t ms) const {
    return ms + static_cast<std::uint64_t>(later_us() / us_per_ms);
  }

  Table& table() {
    Table* const tables[phase_count] = {&videos_, &users_, &sequences_, &log_};
    return *tables[phase_];
  }
  std::uint64_t phase_row() { return phase_ < phase_count ? table().row : 0; }

  // False: the phase's file is at its end.
  Result<bool> read_rows(Batch& batch) {
    Table& current = table();
    while (!batch.full()) {
      ZAN_ASSIGN(const bool found, current.next());
      if (!found) return false;
      const char* fault = current.record.fault.c_str();
      if (current.record.fault.empty()) {
        switch (phase_) {
          case 0:
            fault = read_video(batch);
            break;
          case 1:
            fault = read_user(batch);
            break;
          case 2:
            fault = read_sequence(batch);
            break;
          default:
            fault = read_exposure(batch);
            break;
        }
      }
      if (fault != nullptr) batch.bad.push_back({current.record.line, fault});
    }
    return true;
  }

  // Who made each video, which the events need before the videos themselves have their turn.
  Result<void> load_authors(const std::string& folder) {
    ZAN_ASSIGN(Table table, open_table(folder + "/video_features_basic_pure.csv", {"video_id", "author_id"}));
    for (;;) {
      ZAN_ASSIGN(const bool found, table.next());
      if (!found) return {};
      if (table.record.fault.empty() && to_number(table[1])) authors_.emplace(table[0], table[1]);
    }
  }

  // The readers of one row return null, or what is wrong with it.
  const char* read_user(Batch& batch) {
    const auto days = to_number(users_[register_days]);
    if (!to_number(users_[user_id])) return "user_id is not a number";
    if (!days || *days > 18'000) return "register_days is not a number of days";
    const Timestamp registered{first_day_.us + later_us() - static_cast<std::int64_t>(*days) * us_per_day};
    std::string json = R"({"register_day":")" + to_rfc3339(registered).substr(0, 10) + R"(","custom":{)";
    json.append(R"("active_degree":")").append(users_[active_degree]).push_back('"');
    append_known(json, "live_streamer", users_[live_streamer]);
    append_known(json, "video_author", users_[video_author]);
    append_known(json, "follows", users_[follows]);
    append_known(json, "fans", users_[fans]);
    append_known(json, "friends", users_[friends]);
    json.append("}}");
    batch.attributes.push_back(
        {AttributesPut::Kind::user, std::string(users_[user_id]), std::move(json), users_.record.line});
    ++totals_[users];
    return nullptr;
  }

  // Negative numbers stand for "unknown" in the data (-124) and are left out, as is everything that is no number.
  static void append_known(std::string& json, std::string_view key, std::string_view value) {
    if (!to_number(value)) return;
    json.append(",\"").append(key).append("\":").append(value);
  }

  const char* read_video(Batch& batch) {
    if (!to_number(videos_[video_id])) return "video_id is not a number";
    if (!to_number(videos_[author_id])) return "author_id is not a number";
    std::string json = R"({"creator":")";
    json.append(videos_[author_id]).append(R"(","published_at":")").append(published_at()).push_back('"');
    const std::string_view duration = without_fraction(videos_[video_duration]);
    if (to_number(duration)) json.append(R"(,"duration_ms":)").append(duration);
    append_tags(json, videos_[video_tags]);
    json.append(R"(,"custom":{"video_type":")").append(videos_[video_type]);
    json.append(R"(","upload_type":")").append(videos_[upload_type]).append("\"}}");
    batch.attributes.push_back(
        {AttributesPut::Kind::subject, std::string(videos_[video_id]), std::move(json), videos_.record.line});
    ++totals_[videos];
    return nullptr;
  }

  // A day that is none is left as it is, for the engine to refuse.
  [[nodiscard]] std::string published_at() const {
    const std::string said = std::string(videos_[upload_day]) + "T00:00:00+08:00";
    const auto day = parse_rfc3339(said);
    return days_later_ == 0 || !day.ok() ? said : to_rfc3339({day->us + later_us()});
  }

  // "39,43" -> ,"tags":["39","43"]
  static void append_tags(std::string& json, std::string_view tags) {
    if (tags.empty()) return;
    json.append(R"(,"tags":[)");
    for (;;) {
      const std::size_t comma = tags.find(',');
      json.append("\"").append(tags.substr(0, comma)).push_back('"');
      if (comma == std::string_view::npos) break;
      json.push_back(',');
      tags.remove_prefix(comma + 1);
    }
    json.push_back(']');
  }

  const char* read_sequence(Batch& batch) {
    const auto user = to_number(sequences_[sequence_user]);
    const auto at = to_number(sequences_[last_time_ms]);
    if (!user) return "user_id is not a number";
    if (!at) return "last_time_ms is not a number";
    std::string_view list = sequences_[like_seq];
    const std::string prefix = "kuairand:like:" + std::to_string(*user) + ":";
    for (std::uint64_t n = 1; !list.empty(); ++n) {
      const std::size_t space = list.find(' ');
      const std::string_view video = list.substr(0, space);
      if (!to_number(video)) return "like_seq holds something that is not a number";
      EventWriter like(batch, "like", sequences_.record.line);
      like.id(prefix, n, "").plain("actor", sequences_[sequence_user]);
      write_subject(like, video);
      like.number("at", later_ms(*at));
      ++totals_[likes_first];
      list.remove_prefix(space == std::string_view::npos ? list.size() : space + 1);
    }
    return nullptr;
  }

  const char* read_exposure(Batch& batch) {
    const auto user = to_number(log_[log_user]);
    const auto video = to_number(log_[log_video]);
    exposure_.at = to_number(log_[log_time]);
    exposure_.watch_ms = to_number(log_[log_play]);
    exposure_.duration_ms = to_number(log_[log_duration]);
    exposure_.tab = to_number(log_[log_tab]);
    if (!user || !video) return "user_id or video_id is not a number";
    if (!exposure_.at) return "time_ms is not a number";
    if (!exposure_.watch_ms || !exposure_.duration_ms) return "play_time_ms or duration_ms is not a number";
    if (!exposure_.tab) return "tab is not a number";
    ++totals_[exposures];
    const auto at_ms = static_cast<std::int64_t>(later_ms(*exposure_.at));
    batch.show({0, log_.record.line, std::string(log_[log_user]), "tab:" + std::to_string(*exposure_.tab),
                std::string(log_[log_video]), {at_ms * us_per_ms}});
    write_acts(batch);
    return nullptr;
  }

  void write_acts(Batch& batch) {
    const auto act_if = [&](bool happened, TotalIndex total, const char* type) {
      if (happened) write_act(batch, total, type);
    };
    const auto set = [this](LogColumn column) { return log_[column] == "1"; };
    const bool watched_out = *exposure_.duration_ms > 0 && *exposure_.watch_ms >= *exposure_.duration_ms;
    act_if(set(log_click), clicks, "view");
    act_if(watched_out, completes, "complete");
    act_if(set(log_like), likes, "like");
    act_if(set(log_hate), dislikes, "dislike");
    act_if(set(log_comment), comments, "comment");
    act_if(set(log_forward), shares, "share");
    act_if(set(log_follow), follow_acts, "follow");
    act_if(set(log_profile), visits, "profile_visit");
  }

  void write_act(Batch& batch, TotalIndex total, std::string_view type) {
    ++totals_[total];
    EventWriter act(batch, type, log_.record.line);
    act.id("kuairand:log:", log_.row, ":", type).plain("actor", log_[log_user]);
    write_subject(act, log_[log_video]);
    act.number("at", later_ms(*exposure_.at)).plain("surface", "tab:", *exposure_.tab);
    if (total == clicks) act.number("watch_ms", *exposure_.watch_ms).number("duration_ms", *exposure_.duration_ms);
    if (total == comments) act.text_unavailable();
  }

  void write_subject(EventWriter& act, std::string_view video) const {
    act.plain("subject", video);
    if (const auto author = authors_.find(video); author != authors_.end()) act.plain("creator", author->second);
  }

  std::uint32_t days_later_;
  Timestamp first_day_;  // of the log
  Table users_, videos_, sequences_, log_;
  std::map<std::string, std::string, std::less<>> authors_;  // of each video
  struct {
    std::optional<std::uint64_t> at, watch_ms, duration_ms, tab;
  } exposure_;
  int phase_ = 0;
  std::array<std::uint64_t, total_count> totals_{};
};

}  // namespace

std::uint32_t kuairand_days_to(Timestamp now) {
  return static_cast<std::uint32_t>(
      std::clamp<std::int64_t>((now.us - log_end_us) / us_per_day, 0, days_later_max));
}

Result<std::unique_ptr<Source>> open_kuairand(const std::string& folder, std::uint32_t days_later) {
  auto source = std::make_unique<KuaiRand>(std::min(days_later, days_later_max));
  ZAN_TRY(source->open(folder));
  return std::unique_ptr<Source>(std::move(source));
}

}  // namespace zan::connectors
