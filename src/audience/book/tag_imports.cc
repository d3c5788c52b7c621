#include "audience/book/tag_imports.h"

#include <fmt/format.h>

#include <algorithm>

#include "audience/nearest.h"
#include "audience/segment/check.h"

namespace zan::audience {
namespace {

constexpr std::size_t changes_at_once = 100'000;
constexpr std::size_t day_row_users = 1'000'000;
constexpr std::size_t people_max = 0xffff'ffff;

}  // namespace

Result<void> TagImports::check(const TagImport& import) const {
  if (const auto problem = check_tag(*catalogue_, import.tag)) return not_found(problem->message, "/tag");
  const Tag& tag = *catalogue_->find(import.tag);
  if (tag.source != TagSource::imported) {
    const bool sensitive = tag.sensitivity == Sensitivity::sensitive;
    return Error{ErrorKind::refused,
                 fmt::format("{} is {}", tag.name,
                             sensitive ? "sensitive, and only said by people themselves" : "not of an imported source"),
                 "/tag"};
  }
  if (tag.is_set()) {
    if (const auto problem = check_value(tag, import.value)) return not_found(problem->message, "/value");
    return {};
  }
  if (!import.value.empty())
    return invalid(fmt::format("{} is a {} and has no named values", tag.name, to_string(tag.type)), "/value");
  if (tag.type == TagType::flag && import.number != 0) return invalid("a flag has no number", "/number");
  if (tag.type == TagType::time && import.number > tag.greatest) return invalid("is no day from 1970 on", "/number");
  return {};
}

TagImports::Key TagImports::key_of(const Tag& tag, const TagImport& import) const {
  const auto index = static_cast<std::uint32_t>(&tag - catalogue_->tags().data());
  return {index, tag.is_set() ? tag.find_value(import.value).value_or(0) : 0};
}

void TagImports::say(const Tag& tag, std::uint32_t value, std::uint64_t number, bool on, std::uint32_t user) {
  if (tag.type == TagType::one_of && on) {
    for (std::uint32_t i = 0; i < tag.values.size(); ++i) changes_.push_back({user, tag.value(i), i == value});
  } else if (tag.type == TagType::flag || tag.is_set()) {
    changes_.push_back({user, tag.value(value), on});
  } else {
    const Slices slices = tag.slices();
    number = on ? std::min(number, tag.greatest) : 0;
    for (std::uint32_t i = 0; i < slices.bits; ++i) changes_.push_back({user, slices.bit(i), (number >> i & 1) != 0});
    changes_.push_back({user, slices.known(), on});
  }
  if (changes_.size() >= changes_at_once) flush();
}

void TagImports::flush() {
  store_.apply(changes_);
  changes_.clear();
}

void TagImports::forget(Days& days, std::uint32_t user) {
  for (auto at = days.end(); at != days.begin();) {
    --at;
    if (!at->second.erase(user)) continue;
    if (at->second.size() == 0) days.erase(at);
    return;
  }
}

Result<void> TagImports::apply(const TagImport& import, Timestamp at) {
  ZAN_TRY(check(import));
  const Tag& tag = *catalogue_->find(import.tag);
  const Key key = key_of(tag, import);
  const std::uint32_t day = day_of(at);
  for (const std::uint32_t user : import.users) {
    if (std::binary_search(erased_.begin(), erased_.end(), user)) continue;
    Days& days = said_[key];
    forget(days, user);
    if (import.on) days[day].insert(user);
    if (import.on && tag.type == TagType::one_of) {
      for (std::uint32_t other = 0; other < tag.values.size(); ++other)
        if (const auto known = said_.find({key.tag, other}); other != key.value && known != said_.end())
          forget(known->second, user);
    }
    say(tag, key.value, import.number, import.on, user);
  }
  flush();
  remember(import, at);
  return {};
}

void TagImports::remember(const TagImport& import, Timestamp at) {
  const std::lock_guard lock(mutex_);
  const auto same = std::find_if(recent_.rbegin(), recent_.rend(), [&](const ImportEntry& one) {
    return one.import == import.import && one.on == import.on && one.tag == import.tag && one.value == import.value &&
           one.number == import.number;
  });
  if (same != recent_.rend()) {
    same->at = at;
    same->users += import.users.size();
    return;
  }
  recent_.push_back({import.import, at, import.on, import.tag, import.value, import.number, import.who, import.source,
                     import.users.size()});
  if (recent_.size() > imports_kept_max) recent_.pop_front();
}

void TagImports::sweep(Timestamp now) {
  const std::uint32_t today = day_of(now);
  for (auto& [key, days] : said_) {
    const Tag& tag = catalogue_->tags()[key.tag];
    while (tag.keep_days != 0 && !days.empty() && today > days.begin()->first + tag.keep_days) {
      for (const std::uint32_t user : days.begin()->second.list()) say(tag, key.value, 0, false, user);
      days.erase(days.begin());
    }
  }
  flush();
}

void TagImports::erase(PersonId user) {
  const auto place = std::lower_bound(erased_.begin(), erased_.end(), user.value);
  if (place == erased_.end() || *place != user.value) erased_.insert(place, user.value);
  for (auto& [key, days] : said_) forget(days, user.value);
}

std::vector<ImportEntry> TagImports::recent() const {
  const std::lock_guard lock(mutex_);
  return {recent_.rbegin(), recent_.rend()};
}

Result<void> TagImports::put_state(Bytes& out, const RowDone& row_done) const {
  put_row(out, StateRow::head);
  put_fixed(out, book_state_version);
  ZAN_TRY(row_done());
  put_row(out, StateRow::erased);
  put_users(out, erased_);
  ZAN_TRY(row_done());
  std::uint64_t rows = 2;
  for (const ImportEntry& one : recent_) {
    put_row(out, StateRow::import);
    put_fixed(out, one.import);
    put_fixed(out, one.at.us);
    put_fixed(out, static_cast<std::uint8_t>(one.on));
    put_varint(out, one.number);
    put_varint(out, one.users);
    for (const std::string* text : {&one.tag, &one.value, &one.who, &one.source}) put_counted(out, *text);
    ZAN_TRY(row_done());
    ++rows;
  }
  for (const auto& [key, days] : said_) {
    const Tag& tag = catalogue_->tags()[key.tag];
    for (const auto& [day, people] : days) {
      const UserList all = people.list();
      for (std::size_t from = 0; from < all.size(); from += day_row_users) {
        const std::size_t to = std::min(all.size(), from + day_row_users);
        put_row(out, StateRow::day);
        put_counted(out, tag.name);
        put_counted(out, tag.is_set() ? tag.values[key.value].name : "");
        put_varint(out, day);
        put_users(out, std::span(all).subspan(from, to - from));
        ZAN_TRY(row_done());
        ++rows;
      }
    }
  }
  put_row(out, StateRow::end);
  put_varint(out, rows);
  return row_done();
}

bool TagImports::read_import(ByteReader& in) {
  ImportEntry one;
  one.import = in.fixed<std::uint64_t>();
  one.at.us = in.fixed<std::int64_t>();
  const auto on = in.fixed<std::uint8_t>();
  one.on = on != 0;
  one.number = in.varint();
  one.users = in.varint();
  const bool good = on <= 1 && recent_.size() < imports_kept_max &&
                    read_counted(in, catalogue_name_bytes_max, one.tag) &&
                    read_counted(in, catalogue_name_bytes_max, one.value) &&
                    read_counted(in, change_who_bytes_max, one.who) &&
                    read_counted(in, import_source_bytes_max, one.source);
  const std::lock_guard lock(mutex_);
  if (good) recent_.push_back(std::move(one));
  return good;
}

bool TagImports::read_day(ByteReader& in) {
  TagImport import;
  if (!read_counted(in, catalogue_name_bytes_max, import.tag) ||
      !read_counted(in, catalogue_name_bytes_max, import.value))
    return false;
  const std::uint32_t day = in.varint32();
  const auto users = read_users(in, day_row_users);
  if (!users || users->empty() || !check(import).ok()) return false;
  PeopleSet& people = said_[key_of(*catalogue_->find(import.tag), import)][day];
  return std::all_of(users->begin(), users->end(), [&](std::uint32_t user) { return people.insert(user); });
}

Result<void> TagImports::read_row(ByteReader& in, bool& done) {
  const auto kind = static_cast<StateRow>(in.fixed<std::uint8_t>());
  done = false;
  bool good = (kind == StateRow::head) == (rows_read_ == 0);
  if (good && kind == StateRow::head) {
    if (in.fixed<std::uint8_t>() != book_state_version && in.ok())
      return unsupported("the state of the imported tags is of another version");
  } else if (good && kind == StateRow::erased && erased_.empty()) {
    auto users = read_users(in, people_max);
    good = users.has_value();
    if (users) erased_ = std::move(*users);
  } else if (good && kind == StateRow::import) {
    good = read_import(in);
  } else if (good && kind == StateRow::day) {
    good = read_day(in);
  } else {
    good = good && kind == StateRow::end && in.varint() == rows_read_;
    done = good && in.ok();
  }
  if (!good || !in.ok()) return corrupt("the state of the imported tags is malformed");
  ++rows_read_;
  return {};
}

}  // namespace zan::audience
