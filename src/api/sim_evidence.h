// SimEvidence: real receipts of a small log in memory, for tests of the server alone.
//
// The event "e<i>" is entry i, of LoggedEvents::user. "pending" is not logged yet, the person of "erased" is erased.
//
// Threads: any.
#pragma once

#include <algorithm>
#include <string>

#include "engine/engine.h"
#include "evidence/sim_receipts.h"

namespace zan::api {

class SimEvidence final : public engine::Evidence {
 public:
  static constexpr std::size_t entries = 23;

  static const evidence::LoggedEvents& logged() {
    static const evidence::LoggedEvents events(storage::SimDisk::make(1), entries);
    return events;
  }

  engine::EvidenceStatus status() const override {
    return {.origin = evidence::LoggedEvents::origin, .entries = entries, .published = entries, .position = {1'022}};
  }

  Result<engine::ReceiptAnswer> receipt(std::string_view event, std::string_view user) const override {
    if (event == "pending") return engine::ReceiptAnswer{.pending = true, .ready_in_ms = 350, .receipt = {}};
    if (event == "erased") return Error{ErrorKind::expired, "the event's person was erased", {}};
    for (std::size_t i = 0; i < entries; ++i) {
      if (event != "e" + std::to_string(i)) continue;
      if (user.empty()) return engine::ReceiptAnswer{.receipt = logged().without_identity(i)};
      if (user != evidence::LoggedEvents::user) return Error{ErrorKind::refused, "the event is another person's", {}};
      return engine::ReceiptAnswer{.receipt = logged().receipt(i)};
    }
    return not_found("no event of this id was accepted");
  }

  Result<engine::EvidencePage> of_subject(std::string_view subject, std::size_t limit,
                                          std::string_view cursor) const override {
    return page(&evidence::Event::subject, subject, limit, cursor);
  }
  Result<engine::EvidencePage> of_creator(std::string_view creator, std::size_t limit,
                                          std::string_view cursor) const override {
    return page(&evidence::Event::creator, creator, limit, cursor);
  }

  Result<engine::EntryRange> received(Timestamp from, Timestamp to) const override {
    return engine::EntryRange{before(from), before(to)};
  }

  Result<Bytes> file(std::string_view path) const override {
    const bool fixed = path == evidence::log_files::checkpoint || path == evidence::log_files::vkey;
    if (!fixed && !evidence::parse_tile_path(path).ok()) return not_found("the log has no such file");
    return logged().file(path);
  }

 private:
  // The cursor is the index behind the next row.
  static Result<engine::EvidencePage> page(std::string evidence::Event::*key, std::string_view name, std::size_t limit,
                                           std::string_view cursor) {
    engine::EvidencePage page;
    std::size_t i = entries;
    if (!cursor.empty()) {
      if (cursor.find_first_not_of("0123456789") != std::string_view::npos)
        return invalid("not a cursor of this list", "cursor");
      i = std::min<std::size_t>(i, std::stoul(std::string(cursor)));
    } else {
      page.pending = 1;
    }
    while (i-- > 0) {
      const evidence::Receipt& receipt = logged().receipt(i);
      if (receipt.event.*key != name) continue;
      page.rows.push_back({i, receipt.opening, receipt.event});
      if (page.rows.size() < limit) continue;
      page.next = i > 0 ? std::to_string(i) : std::string();
      break;
    }
    return page;
  }
  static std::uint64_t before(Timestamp time) {
    std::uint64_t count = 0;
    while (count < entries && logged().receipt(count).event.received < time) ++count;
    return count;
  }
};

}  // namespace zan::api
