#include "matching/live/works.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "base/require.h"

namespace zan::matching {
namespace {

float half_lives(std::uint32_t from_s, std::uint32_t to_s) {
  return static_cast<float>(std::exp2(-(static_cast<double>(to_s) - from_s) / work_half_life_s));
}

void fade(Response& response, float by) {
  response.shown *= by;
  for (float& count : response.of) count *= by;
}

}  // namespace

Response faded(const WorkView& view, std::uint32_t now_s) {
  Response response = view.lately;
  if (now_s > view.lately_s) fade(response, half_lives(view.lately_s, now_s));
  return response;
}

Works::Works(std::size_t works_max)
    : works_max_(works_max),
      blocks_((works_max + block_rows - 1) / block_rows),
      pages_((std::size_t{1} << 32) / page_numbers) {}

Works::~Works() = default;

std::atomic<WorkRow>& Works::place_of(SubjectId subject) {
  std::atomic<Page*>& page = pages_[subject.value / page_numbers];
  if (page.load(std::memory_order_relaxed) == nullptr) {
    owned_pages_.push_back(std::make_unique<Page>());
    page.store(owned_pages_.back().get(), std::memory_order_release);
  }
  return (*page.load(std::memory_order_relaxed))[subject.value % page_numbers];
}

WorkRow Works::row_of(SubjectId subject) const {
  const Page* page = pages_[subject.value / page_numbers].load(std::memory_order_acquire);
  if (page == nullptr) return no_work;
  return (*page)[subject.value % page_numbers].load(std::memory_order_acquire) - 1;
}

WorkRow Works::row_or_add(SubjectId subject, CreatorId creator, Timestamp heard_of) {
  require(bool(subject), "a work has a number");
  if (const WorkRow known = row_of(subject); known != no_work) {
    if (creator) {
      const std::lock_guard lock(lock_of(known));
      if (!at(known).creator) at(known).creator = creator;
    }
    return known;
  }
  const std::size_t row = size_.load(std::memory_order_relaxed);
  if (row >= works_max_) return no_work;
  if (row % block_rows == 0) blocks_[row / block_rows] = std::make_unique<Block>();
  WorkView& view = at(static_cast<WorkRow>(row));
  view.subject = subject;
  view.creator = creator;
  view.published_s = view.lately_s = seconds_of(heard_of);
  place_of(subject).store(static_cast<WorkRow>(row) + 1, std::memory_order_release);
  size_.store(row + 1, std::memory_order_release);
  return static_cast<WorkRow>(row);
}

WorkRow Works::put(const WorkFacts& facts, Timestamp heard_of) {
  const WorkRow row = row_or_add(facts.subject, facts.creator, heard_of);
  if (row == no_work) return row;
  const std::lock_guard lock(lock_of(row));
  WorkView& view = at(row);
  if (facts.creator) view.creator = facts.creator;
  if (facts.published_at.us != 0) view.published_s = seconds_of(facts.published_at);
  view.duration_ms = facts.duration_ms;
  view.kind = facts.kind;
  view.adults_only = facts.adults_only;
  view.tag_count = static_cast<std::uint8_t>(std::min(facts.tags.size(), work_tags_max));
  std::copy_n(facts.tags.begin(), view.tag_count, view.tags.begin());
  return row;
}

// What comes late has faded before it is counted.
template <typename Change>
void Works::change_counts(WorkRow row, Timestamp when, const Change& change) {
  const std::uint32_t at_s = seconds_of(when);
  const std::lock_guard lock(lock_of(row));
  WorkView& view = at(row);
  float part = 1;
  if (at_s > view.lately_s) {
    fade(view.lately, half_lives(view.lately_s, at_s));
    view.lately_s = at_s;
  } else {
    part = half_lives(at_s, view.lately_s);
  }
  change(view.ever, 1.0F);
  change(view.lately, part);
}

void Works::count_shown(WorkRow row, Timestamp when, float weight) {
  change_counts(row, when, [weight](Response& response, float part) { response.shown += weight * part; });
}

void Works::count(WorkRow row, Signal signal, Timestamp when, float weight) {
  change_counts(row, when, [&](Response& response, float part) {
    float& count = matching::at(response.of, signal);
    count = std::max(0.0F, count + weight * part);
  });
}

WorkView Works::read(WorkRow row) const {
  const std::lock_guard lock(lock_of(row));
  return at(row);
}

void Works::prefetch(WorkRow row) const {
  const auto* const bytes = reinterpret_cast<const char*>(&at(row));
  for (std::size_t line = 0; line < sizeof(WorkView); line += 64) __builtin_prefetch(bytes + line);
}

SubjectId Works::subject_of(WorkRow row) const { return at(row).subject; }

std::size_t Works::bytes() const {
  const std::size_t blocks = (size() + block_rows - 1) / block_rows;
  const auto pages = std::count_if(pages_.begin(), pages_.end(), [](const auto& page) { return page.load() != nullptr; });
  return sizeof(*this) + blocks * sizeof(Block) + pages_.size() * sizeof(pages_[0]) +
         static_cast<std::size_t>(pages) * sizeof(Page);
}

}  // namespace zan::matching
