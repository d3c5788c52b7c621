#include "audience/book/people_lists.h"

#include <fmt/format.h>

#include <algorithm>

namespace zan::audience {
namespace {

constexpr std::size_t erased_max = 0xffff'ffff;

bool is_in(const UserList& users, std::uint32_t user) {
  return std::binary_search(users.begin(), users.end(), user);
}

bool take_out(UserList& users, std::uint32_t user) {
  const auto at = std::lower_bound(users.begin(), users.end(), user);
  if (at == users.end() || *at != user) return false;
  users.erase(at);
  return true;
}

}  // namespace

const PeopleLists::Upload* PeopleLists::upload(std::uint64_t id) const {
  const auto at = std::find_if(uploads_.begin(), uploads_.end(), [&](const Upload& one) { return one.id == id; });
  return at == uploads_.end() ? nullptr : &*at;
}

Result<void> PeopleLists::fits(const ListPart& part) const {
  const Upload* const begun = upload(part.upload);
  if (begun != nullptr && (begun->name != part.name || begun->parts != part.parts))
    return conflict("another upload has this number", "/upload");
  if (begun != nullptr && begun->of_part.contains(part.part))
    return conflict(fmt::format("part {} of this upload is there", part.part), "/part");
  const std::size_t users = part.users.size() + (begun == nullptr ? 0 : begun->users);
  if (users > limits_.list_users)
    return limited(fmt::format("the list has more than {} users", limits_.list_users));
  const auto before = lists_.find(part.name);
  if (before == lists_.end() && lists_.size() >= limits_.lists)
    return limited(fmt::format("there are {} lists; no more are kept", limits_.lists));
  const std::size_t replaced = before == lists_.end() ? 0 : before->second.users->size();
  if (all_users_ - replaced + users > limits_.all_users)
    return limited(fmt::format("all lists together would have more than {} users", limits_.all_users));
  return {};
}

bool PeopleLists::add(const ListPart& part, Timestamp at) {
  if (upload(part.upload) == nullptr) {
    if (uploads_.size() >= limits_.uploads) uploads_.pop_front();
    uploads_.push_back({part.upload, part.name, part.parts, 0, {}});
  }
  Upload& here =
      *std::find_if(uploads_.begin(), uploads_.end(), [&](const Upload& one) { return one.id == part.upload; });
  here.users += part.users.size();
  here.of_part.emplace(part.part, part.users);
  if (here.of_part.size() < here.parts) return false;
  finish(part, at);
  return true;
}

void PeopleLists::finish(const ListPart& last, Timestamp at) {
  const auto here =
      std::find_if(uploads_.begin(), uploads_.end(), [&](const Upload& one) { return one.id == last.upload; });
  auto users = std::make_shared<UserList>();
  users->reserve(here->users);
  for (const auto& [part, some] : here->of_part) users->insert(users->end(), some.begin(), some.end());
  // Parts of one sorted file follow each other; whoever made them otherwise pays for the sorting.
  if (!std::is_sorted(users->begin(), users->end())) std::sort(users->begin(), users->end());
  users->erase(std::unique(users->begin(), users->end()), users->end());
  drop_erased(*users);
  uploads_.erase(here);
  remove(last.name);
  all_users_ += users->size();
  lists_[last.name] = {last.who, last.source, at, std::move(users)};
}

bool PeopleLists::remove(std::string_view name) {
  const auto at = lists_.find(name);
  if (at == lists_.end()) return false;
  all_users_ -= at->second.users->size();
  lists_.erase(at);
  return true;
}

void PeopleLists::drop_erased(UserList& users) const {
  if (!erased_.empty()) std::erase_if(users, [&](std::uint32_t user) { return is_in(erased_, user); });
}

bool PeopleLists::erase(std::uint32_t user) {
  const auto place = std::lower_bound(erased_.begin(), erased_.end(), user);
  if (place == erased_.end() || *place != user) erased_.insert(place, user);
  bool changed = false;
  for (auto& [name, list] : lists_) {
    if (!is_in(*list.users, user)) continue;
    auto fewer = std::make_shared<UserList>(*list.users);
    take_out(*fewer, user);
    list.users = std::move(fewer);
    --all_users_;
    changed = true;
  }
  for (Upload& upload : uploads_)
    for (auto& [part, users] : upload.of_part)
      if (take_out(users, user)) --upload.users;
  return changed;
}

std::shared_ptr<const UserList> PeopleLists::find(std::string_view name) const {
  const auto at = lists_.find(name);
  return at == lists_.end() ? nullptr : at->second.users;
}

std::vector<ListInfo> PeopleLists::infos() const {
  std::vector<ListInfo> out;
  for (const auto& [name, list] : lists_) out.push_back({name, list.who, list.source, list.at, list.users->size()});
  return out;
}

Result<void> PeopleLists::put_state(Bytes& out, const RowDone& row_done) const {
  put_row(out, StateRow::erased);
  put_users(out, erased_);
  ZAN_TRY(row_done());
  for (const auto& [name, list] : lists_) {
    put_row(out, StateRow::list);
    for (const std::string* text : {&name, &list.who, &list.source}) put_counted(out, *text);
    put_fixed(out, list.at.us);
    put_users(out, *list.users);
    ZAN_TRY(row_done());
  }
  for (const Upload& upload : uploads_) {
    put_row(out, StateRow::upload);
    put_fixed(out, upload.id);
    put_counted(out, upload.name);
    put_varint(out, upload.parts);
    put_varint(out, upload.of_part.size());
    for (const auto& [part, users] : upload.of_part) {
      put_varint(out, part);
      put_users(out, users);
    }
    ZAN_TRY(row_done());
  }
  return {};
}

bool PeopleLists::read_list(ByteReader& in) {
  std::string name;
  List list;
  if (!read_counted(in, segment_name_bytes_max, name) || !read_counted(in, change_who_bytes_max, list.who) ||
      !read_counted(in, import_source_bytes_max, list.source))
    return false;
  list.at.us = in.fixed<std::int64_t>();
  auto users = read_users(in, limits_.list_users);
  if (!users || name.empty() || lists_.size() >= limits_.lists) return false;
  all_users_ += users->size();
  list.users = std::make_shared<const UserList>(std::move(*users));
  return lists_.emplace(std::move(name), std::move(list)).second && all_users_ <= limits_.all_users;
}

bool PeopleLists::read_upload(ByteReader& in) {
  Upload one;
  one.id = in.fixed<std::uint64_t>();
  if (!read_counted(in, segment_name_bytes_max, one.name)) return false;
  one.parts = in.varint32();
  const std::uint64_t come = in.varint();
  if (uploads_.size() >= limits_.uploads || upload(one.id) != nullptr || come == 0 || come >= one.parts) return false;
  for (std::uint64_t i = 0; i < come; ++i) {
    const std::uint32_t part = in.varint32();
    auto users = read_users(in, part_users_max);
    if (!users || part >= one.parts) return false;
    one.users += users->size();
    if (one.users > limits_.list_users || !one.of_part.emplace(part, std::move(*users)).second) return false;
  }
  uploads_.push_back(std::move(one));
  return true;
}

bool PeopleLists::read_row(StateRow kind, ByteReader& in) {
  if (kind == StateRow::list) return read_list(in) && in.ok();
  if (kind == StateRow::upload) return read_upload(in) && in.ok();
  if (kind != StateRow::erased || !erased_.empty()) return false;
  auto users = read_users(in, erased_max);
  if (users) erased_ = std::move(*users);
  return users.has_value() && in.ok();
}

}  // namespace zan::audience
