// One segment as SegmentBook keeps it, and what all names mean at one moment. Only the book's own sources include this.
//
// Threads: an Entry is guarded by the book's mutex; Names and Changed are immutable.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "audience/book/segment_book.h"

namespace zan::audience {

// What a version adds to BookLimits::text_bytes.
template <typename Version>
std::size_t bytes_of(const Version& one) {
  return one.name.size() + one.who.size() + one.why.size() + one.purpose.size() + one.text.size();
}

struct SegmentBook::Entry {
  SegmentId id;
  SegmentState state = SegmentState::living;
  std::string frozen_list;
  std::vector<SegmentVersion> versions;
  std::vector<SegmentMarkEntry> marks;
  SizeHistory history;
  // Of the last version's text.
  std::shared_ptr<const Node> node;  // null: see trouble
  std::string trouble;
  [[nodiscard]] const SegmentVersion& last() const { return versions.back(); }
};

class SegmentBook::Names final : public SegmentNames {
 public:
  struct Meaning {
    std::shared_ptr<const Node> node;  // null: in trouble
    std::string purpose;
  };
  std::map<std::string, Meaning, std::less<>> segments;
  std::map<std::string, std::shared_ptr<const UserList>, std::less<>> lists;

  [[nodiscard]] std::optional<Node> segment(std::string_view name) const override {
    const auto at = segments.find(name);
    return at == segments.end() || at->second.node == nullptr ? std::nullopt : std::optional<Node>(*at->second.node);
  }
  [[nodiscard]] std::shared_ptr<const UserList> list(std::string_view name) const override {
    const auto at = lists.find(name);
    return at == lists.end() ? nullptr : at->second;
  }
};

// The names as they would be after a segment was saved.
class SegmentBook::Changed final : public SegmentNames {
 public:
  Changed(const SegmentNames& before, std::string_view name, const Node& node)
      : before_(before), name_(name), node_(node) {}
  [[nodiscard]] std::optional<Node> segment(std::string_view name) const override {
    return name == name_ ? std::optional<Node>(node_) : before_.segment(name);
  }
  [[nodiscard]] std::shared_ptr<const UserList> list(std::string_view name) const override {
    return before_.list(name);
  }

 private:
  const SegmentNames& before_;
  const std::string_view name_;
  const Node& node_;
};

}  // namespace zan::audience
