// PeopleLists: fixed lists of people by name, as their parts come in.
//
// A list is there once all parts of one upload have come, in whatever order; until then the one of that name before
// holds. Who was erased is taken out of every list and comes back in none: numbers of people are given once.
//
// Threads: none of its own; SegmentBook's mutex guards it. Lists that were handed out never change.
// Errors:  conflict, limited: a part that does not fit; nothing has changed.
// Cost:    four bytes a user; an erasure a search a list, and a copy of those lists that had the person.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "audience/book/state_row.h"
#include "audience/events.h"
#include "base/ids.h"

namespace zan::audience {

struct ListLimits {
  std::size_t lists = 1'000;
  std::size_t list_users = 10'000'000;  // of one list
  std::size_t all_users = 100'000'000;  // of all of them together
  std::size_t uploads = 4;              // under way; one more, and the one that began first is given up
};

struct ListInfo {
  std::string name, who, source;
  Timestamp at;  // of its last part
  std::size_t size = 0;
  bool operator==(const ListInfo&) const = default;
};

class PeopleLists {
 public:
  explicit PeopleLists(const ListLimits& limits = {}) : limits_(limits) {}

  [[nodiscard]] Result<void> fits(const ListPart& part) const;
  // REQUIRES: fits(). True: the list is there now.
  bool add(const ListPart& part, Timestamp at);
  // False: there is none.
  bool remove(std::string_view name);
  // True: some list has changed.
  bool erase(std::uint32_t user);

  [[nodiscard]] std::shared_ptr<const UserList> find(std::string_view name) const;
  [[nodiscard]] std::vector<ListInfo> infos() const;  // by name
  template <typename Each>
  void each(Each&& each) const {
    for (const auto& [name, list] : lists_) each(name, list.users);
  }
  [[nodiscard]] std::size_t uploads() const { return uploads_.size(); }

  // The state as rows: put_state() puts one at a time at the end of `out` and calls row_done(); read_row() takes them
  // in that order. False: malformed, or more than there may be.
  Result<void> put_state(Bytes& out, const RowDone& row_done) const;
  bool read_row(StateRow kind, ByteReader& in);

 private:
  struct List {
    std::string who, source;
    Timestamp at;
    std::shared_ptr<const UserList> users;
  };
  struct Upload {
    std::uint64_t id = 0;
    std::string name;
    std::uint32_t parts = 0;
    std::size_t users = 0;
    std::map<std::uint32_t, UserList> of_part;
  };
  [[nodiscard]] const Upload* upload(std::uint64_t id) const;
  void finish(const ListPart& last, Timestamp at);
  void drop_erased(UserList& users) const;
  bool read_list(ByteReader& in);
  bool read_upload(ByteReader& in);

  ListLimits limits_;
  std::map<std::string, List, std::less<>> lists_;
  std::deque<Upload> uploads_;  // by when they began
  UserList erased_;
  std::size_t all_users_ = 0;
};

}  // namespace zan::audience
