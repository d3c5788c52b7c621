#include "audience/book/segment_book.h"

#include <fmt/format.h>

#include <algorithm>

#include "audience/book/book_entry.h"

namespace zan::audience {

const char* to_string(SegmentState state) {
  constexpr const char* names[] = {"living", "frozen", "retired"};
  return names[static_cast<std::size_t>(state)];
}

SegmentBook::SegmentBook(std::shared_ptr<const Catalogue> catalogue, const BookLimits& limits)
    : catalogue_(std::move(catalogue)),
      limits_(limits),
      no_events_(catalogue_->categories().size(), catalogue_->zone_us()),
      lists_(limits.lists) {}

SegmentBook::~SegmentBook() = default;

SegmentBook::Entry* SegmentBook::find(SegmentId id) const {
  const auto at = entries_.find(id.value);
  return at == entries_.end() ? nullptr : at->second.get();
}

std::size_t SegmentBook::watched_count() const {
  return static_cast<std::size_t>(
      std::count_if(by_name_.begin(), by_name_.end(), [](const auto& one) { return one.second->last().watched; }));
}

Result<void> SegmentBook::fits(const SegmentSaved& one) const {
  const Entry* const entry = find(one.id);
  const std::uint32_t last = entry == nullptr ? 0 : entry->last().number;
  if (one.made_from > 0 && entry == nullptr) return not_found("there is no such segment");
  if (last != one.made_from)
    return conflict(fmt::format("somebody else has changed it: it is at version {}", last), "/version");
  if (entry != nullptr && entry->state != SegmentState::living)
    return conflict(fmt::format("the segment is {}", to_string(entry->state)));
  const auto named = by_name_.find(one.name);
  if (named != by_name_.end() && named->second != entry) return conflict("another segment has this name", "/name");
  if (entry == nullptr && by_name_.size() >= limits_.segments)
    return limited(fmt::format("there are {} segments; no more are kept", limits_.segments));
  if (last >= limits_.versions)
    return limited(fmt::format("a segment has at most {} versions; save it as another one", limits_.versions));
  if (text_bytes_ + bytes_of(one) > limits_.text_bytes)
    return limited(fmt::format("all versions together have more than {} bytes", limits_.text_bytes));
  const bool was_watched = entry != nullptr && entry->last().watched;
  if (one.watched && !was_watched && watched_count() >= limits_.watched)
    return limited(fmt::format("at most {} segments are watched", limits_.watched));
  return {};
}

Result<void> SegmentBook::fits(const SegmentMarked& one) const {
  const Entry* const entry = find(one.id);
  if (entry == nullptr) return not_found("there is no such segment");
  if (entry->state == SegmentState::retired) return conflict("the segment is retired");
  if (one.mark == SegmentMark::retire) return {};
  if ((one.mark == SegmentMark::freeze) != (entry->state == SegmentState::living))
    return conflict(fmt::format("the segment is {}", to_string(entry->state)));
  if (one.mark == SegmentMark::freeze && lists_.find(one.list) == nullptr)
    return not_found("there is no list of that name", "/list");
  if (entry->marks.size() >= limits_.marks)
    return limited(fmt::format("a segment is frozen and thawed at most {} times", limits_.marks));
  return {};
}

Result<void> SegmentBook::fits(const SegmentMeasured& one) const {
  const Entry* const entry = find(one.id);
  if (entry == nullptr) return not_found("there is no such segment");
  if (entry->state == SegmentState::retired) return conflict("the segment is retired");
  if (one.version > entry->last().number) return not_found("there is no such version", "/version");
  return {};
}

Result<void> SegmentBook::fits(const ListPart& one) const {
  if (frozen_to_.contains(one.name)) return conflict("a frozen segment means the list of this name", "/name");
  return lists_.fits(one);
}

Result<void> SegmentBook::fits(const ListRemoved& one) const {
  if (lists_.find(one.name) == nullptr) return not_found("there is no list of that name", "/name");
  if (frozen_to_.contains(one.name)) return conflict("a frozen segment means this list", "/name");
  return {};
}

Result<void> SegmentBook::apply(const AudienceChange& change, Timestamp at) {
  const std::lock_guard lock(mutex_);
  return std::visit(
      [&](const auto& one) -> Result<void> {
        ZAN_TRY(fits(one));
        take(one, at);
        return {};
      },
      change);
}

void SegmentBook::changed_names() {
  ++names_version_;
  names_.reset();
}

void SegmentBook::understand(Entry& entry) const {
  const SegmentVersion& last = entry.last();
  entry.node.reset();
  entry.trouble.clear();
  if (!catalogue_->purpose(last.purpose)) {
    entry.trouble = fmt::format("there is no purpose {}", last.purpose);
    return;
  }
  SegmentOr read = parse_segment(last.text, *catalogue_);
  if (auto* const problem = std::get_if<SegmentProblem>(&read)) {
    entry.trouble = audience::to_text(*problem);
  } else {
    entry.node = std::make_shared<const Node>(std::move(std::get<Node>(read)));
  }
}

void SegmentBook::take(const SegmentSaved& one, Timestamp at) {
  Entry* entry = find(one.id);
  if (entry == nullptr) {
    auto fresh = std::make_unique<Entry>();
    fresh->id = one.id;
    entry = fresh.get();
    entries_.emplace(one.id.value, std::move(fresh));
  } else {
    by_name_.erase(entry->last().name);
  }
  entry->versions.push_back(
      {one.made_from + 1, at, one.refresh, one.watched, one.name, one.who, one.why, one.purpose, one.text});
  by_name_[one.name] = entry;
  text_bytes_ += bytes_of(one);
  understand(*entry);
  changed_names();
}

void SegmentBook::take(const SegmentMarked& one, Timestamp at) {
  Entry& entry = *find(one.id);
  if (entry.state == SegmentState::frozen) frozen_to_.erase(frozen_to_.find(entry.frozen_list));
  entry.frozen_list = one.list;
  entry.marks.push_back({one.mark, at, one.who, one.why, one.list});
  if (one.mark == SegmentMark::freeze) {
    entry.state = SegmentState::frozen;
    frozen_to_.insert(one.list);
  } else if (one.mark == SegmentMark::thaw) {
    entry.state = SegmentState::living;
  } else {
    retire(entry);
  }
  changed_names();
}

void SegmentBook::retire(Entry& entry) {
  entry.state = SegmentState::retired;
  by_name_.erase(entry.last().name);
  retired_.push_back(entry.id);
  if (retired_.size() <= limits_.retired) return;
  for (const SegmentVersion& version : find(retired_.front())->versions) text_bytes_ -= bytes_of(version);
  entries_.erase(retired_.front().value);
  retired_.pop_front();
}

void SegmentBook::take(const SegmentMeasured& one, Timestamp) {
  find(one.id)->history.add({one.at, one.version, one.size});
}

void SegmentBook::take(const ListPart& one, Timestamp at) {
  if (lists_.add(one, at)) changed_names();
}

void SegmentBook::take(const ListRemoved& one, Timestamp) {
  lists_.remove(one.name);
  changed_names();
}

void SegmentBook::erase(PersonId user) {
  const std::lock_guard lock(mutex_);
  if (lists_.erase(user.value)) changed_names();
}

std::shared_ptr<const SegmentBook::Names> SegmentBook::names_locked() const {
  if (names_ != nullptr) return names_;
  auto names = std::make_shared<Names>();
  for (const auto& [name, entry] : by_name_) {
    Names::Meaning meaning{entry->node, entry->last().purpose};
    if (entry->state == SegmentState::frozen) {
      Node list;
      list.kind = NodeKind::list;
      list.name = entry->frozen_list;
      meaning.node = std::make_shared<const Node>(std::move(list));
    }
    names->segments.emplace_hint(names->segments.end(), name, std::move(meaning));
  }
  lists_.each([&](const std::string& name, const std::shared_ptr<const UserList>& users) {
    names->lists.emplace_hint(names->lists.end(), name, users);
  });
  names_ = std::move(names);
  return names_;
}

std::shared_ptr<const SegmentNames> SegmentBook::names() const {
  const std::lock_guard lock(mutex_);
  return names_locked();
}

std::uint64_t SegmentBook::names_version() const {
  const std::lock_guard lock(mutex_);
  return names_version_;
}

SegmentInfo SegmentBook::info(const Entry& entry) const {
  return {entry.id, entry.state, entry.frozen_list, entry.last(), entry.trouble, entry.history.last()};
}

SegmentDetail SegmentBook::detail(const Entry& entry) const {
  return {info(entry), entry.versions, entry.marks, entry.history.points()};
}

std::vector<SegmentInfo> SegmentBook::segments(std::string_view after, std::size_t limit) const {
  const std::lock_guard lock(mutex_);
  std::vector<SegmentInfo> out;
  limit = std::min(limit, segments_page_max);
  for (auto at = by_name_.upper_bound(after); at != by_name_.end() && out.size() < limit; ++at)
    out.push_back(info(*at->second));
  return out;
}

std::optional<SegmentDetail> SegmentBook::segment(SegmentId id) const {
  const std::lock_guard lock(mutex_);
  const Entry* const entry = find(id);
  return entry == nullptr ? std::nullopt : std::optional(detail(*entry));
}

std::optional<SegmentDetail> SegmentBook::segment(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto at = by_name_.find(name);
  return at == by_name_.end() ? std::nullopt : std::optional(detail(*at->second));
}

std::size_t SegmentBook::size() const {
  const std::lock_guard lock(mutex_);
  return by_name_.size();
}

std::vector<ListInfo> SegmentBook::lists() const {
  const std::lock_guard lock(mutex_);
  return lists_.infos();
}

std::vector<SegmentId> SegmentBook::due(Timestamp now) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<Timestamp, SegmentId>> waiting;
  for (const auto& [name, entry] : by_name_) {
    const Refresh refresh = entry->last().refresh;
    if (refresh == Refresh::none || entry->state != SegmentState::living || entry->node == nullptr) continue;
    const std::int64_t period_us = refresh == Refresh::hourly ? us_per_hour : us_per_day;
    const SizePoint last = entry->history.last();
    if (last.version == entry->last().number && now.us - last.at.us < period_us) continue;
    waiting.emplace_back(last.at, entry->id);
  }
  std::sort(waiting.begin(), waiting.end());
  std::vector<SegmentId> out;
  for (const auto& [since, id] : waiting) out.push_back(id);
  return out;
}

std::vector<WatchedSegment> SegmentBook::watched() const {
  const std::lock_guard lock(mutex_);
  const auto names = names_locked();
  std::vector<WatchedSegment> out;
  for (const auto& [name, entry] : by_name_) {
    const auto purpose = catalogue_->purpose(entry->last().purpose);
    if (!entry->last().watched || !purpose) continue;
    if (const auto node = names->segment(name)) out.push_back({entry->id, entry->last().number, *purpose, *node});
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return out;
}

}  // namespace zan::audience
