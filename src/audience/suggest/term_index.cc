#include "audience/suggest/term_index.h"

#include <algorithm>
#include <cmath>
#include <mutex>
#include <shared_mutex>

namespace zan::audience {

// Takes the slot's subject out; the slot itself stays with its caller.
void TermIndex::empty(std::uint32_t number) {
  Slot& slot = slots_[number];
  for (const std::uint32_t one : slot.terms) {
    Term& term = terms_[one];
    // The lists are in the order of arrival: what goes for its age stands at the front.
    const auto at = std::find(term.slots.begin(), term.slots.end(), number);
    if (at != term.slots.end()) term.slots.erase(at);
    if (--term.frequency != 0) continue;
    term_of_.erase(term.text);
    term = {};
    free_terms_.push_back(one);
  }
  slot_of_.erase(slot.subject);
  slot = {};
}

std::uint32_t TermIndex::slot_for(std::uint32_t subject) {
  std::uint32_t number = 0;
  if (!free_slots_.empty()) {
    number = free_slots_.back();
    free_slots_.pop_back();
  } else if (slots_.size() < limits_.subjects) {
    number = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    number = static_cast<std::uint32_t>(oldest_);
    oldest_ = (oldest_ + 1) % slots_.size();
    empty(number);
  }
  slots_[number].subject = subject;
  slot_of_[subject] = number;
  return number;
}

void TermIndex::add(std::uint32_t slot, std::string_view text) {
  const std::string key(text.substr(0, term_bytes_max));
  const auto known = term_of_.find(key);
  std::uint32_t number = 0;
  if (known != term_of_.end()) {
    number = known->second;
  } else if (!free_terms_.empty()) {
    number = free_terms_.back();
    free_terms_.pop_back();
  } else {
    number = static_cast<std::uint32_t>(terms_.size());
    terms_.emplace_back();
  }
  Term& term = terms_[number];
  if (known == term_of_.end()) {
    term.text = key;
    term_of_.emplace(key, number);
  }
  std::vector<std::uint32_t>& held = slots_[slot].terms;
  if (std::find(held.begin(), held.end(), number) != held.end()) return;
  held.push_back(number);
  ++term.frequency;
  if (term.slots.size() >= limits_.subjects_of_term)
    term.slots.erase(term.slots.begin(), term.slots.begin() + static_cast<std::ptrdiff_t>(1 + term.slots.size() / 8));
  term.slots.push_back(slot);
}

void TermIndex::put(SubjectId subject, std::vector<std::string> terms) {
  terms.resize(std::min(terms.size(), limits_.terms_of_subject));
  const std::unique_lock lock(mutex_);
  if (const auto known = slot_of_.find(subject.value); known != slot_of_.end()) {
    const std::uint32_t slot = known->second;
    empty(slot);
    free_slots_.push_back(slot);
  }
  if (terms.empty()) return;
  const std::uint32_t slot = slot_for(subject.value);
  for (const std::string& term : terms) add(slot, term);
}

const TermIndex::Term* TermIndex::find(const std::string& term) const {
  const auto known = term_of_.find(term.size() <= term_bytes_max ? term : term.substr(0, term_bytes_max));
  return known == term_of_.end() ? nullptr : &terms_[known->second];
}

double TermIndex::weight(const Term& term) const {
  return std::log(1 + static_cast<double>(slot_of_.size()) / term.frequency);
}

std::vector<NearSubject> TermIndex::nearest(const std::vector<std::string>& terms,
                                            const std::vector<std::string>& besides, std::size_t count_max) const {
  const std::shared_lock lock(mutex_);
  std::vector<float> scores(slots_.size());
  const auto add_up = [&](const std::string& text, bool alone) {
    const Term* const term = find(text);
    if (term == nullptr) return;
    const auto points = static_cast<float>(weight(*term) * weight(*term));
    for (const std::uint32_t slot : term->slots)
      if (alone || scores[slot] > 0) scores[slot] += points;
  };
  for (const std::string& term : terms) add_up(term, true);
  for (const std::string& term : besides) add_up(term, false);
  std::vector<std::pair<double, std::uint32_t>> found;  // score, subject
  for (const Slot& slot : slots_) {
    const float score = scores[static_cast<std::size_t>(&slot - slots_.data())];
    if (score > 0) found.emplace_back(score / std::sqrt(static_cast<double>(slot.terms.size())), slot.subject);
  }
  const auto last = found.begin() + static_cast<std::ptrdiff_t>(std::min(count_max, found.size()));
  std::partial_sort(found.begin(), last, found.end(), std::greater<>());
  std::vector<NearSubject> out;
  for (auto at = found.begin(); at != last; ++at) out.push_back(near(slot_of_.at(at->second), at->first, terms));
  return out;
}

NearSubject TermIndex::near(std::uint32_t slot, double score, const std::vector<std::string>& terms) const {
  NearSubject out{{slots_[slot].subject}, score, {}};
  const std::vector<std::uint32_t>& held = slots_[slot].terms;
  for (std::uint32_t i = 0; i < terms.size(); ++i) {
    const Term* const term = find(terms[i]);
    if (term == nullptr) continue;
    if (std::find(held.begin(), held.end(), static_cast<std::uint32_t>(term - terms_.data())) != held.end())
      out.shared.push_back(i);
  }
  return out;
}

std::uint32_t TermIndex::frequency(const std::string& term) const {
  const std::shared_lock lock(mutex_);
  const Term* const found = find(term);
  return found == nullptr ? 0 : found->frequency;
}

bool TermIndex::holds(SubjectId subject, const std::string& term) const {
  const std::shared_lock lock(mutex_);
  const auto slot = slot_of_.find(subject.value);
  return slot != slot_of_.end() && !near(slot->second, 0, {term}).shared.empty();
}

std::size_t TermIndex::size() const {
  const std::shared_lock lock(mutex_);
  return slot_of_.size();
}

std::size_t TermIndex::terms() const {
  const std::shared_lock lock(mutex_);
  return term_of_.size();
}

// In the order in which they would go, so that a loaded index lets the same ones go.
Result<void> TermIndex::save(StateWriter& writer) const {
  ZAN_TRY(writer.begin("terms"));
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Slot& slot = slots_[(oldest_ + i) % slots_.size()];
    if (slot.subject == 0) continue;
    put_varint(writer.chunk(), slot.subject);
    put_varint(writer.chunk(), slot.terms.size());
    for (const std::uint32_t term : slot.terms) {
      put_varint(writer.chunk(), terms_[term].text.size());
      put_bytes(writer.chunk(), as_bytes(terms_[term].text));
    }
    ZAN_TRY(writer.spill());
  }
  return {};
}

Result<void> TermIndex::load(StateReader& reader) {
  ZAN_TRY(reader.begin("terms"));
  while (true) {
    ZAN_ASSIGN(ByteReader chunk, reader.next());
    if (chunk.done()) return {};
    while (!chunk.done()) {
      const std::uint32_t subject = chunk.varint32();
      const std::uint64_t count = chunk.varint();
      if (!chunk.ok() || subject == 0 || count == 0 || count > limits_.terms_of_subject) return reader.damaged();
      std::vector<std::string> terms;
      for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t size = chunk.varint();
        if (size > term_bytes_max) return reader.damaged();
        terms.emplace_back(as_text(chunk.take(size)));
      }
      if (!chunk.ok()) return reader.damaged();
      put({subject}, std::move(terms));
    }
  }
}

}  // namespace zan::audience
