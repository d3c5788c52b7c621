#include "audience/events.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <functional>

namespace zan::audience {
namespace {

Bytes record_of(const AudienceChange& change) {
  Bytes record;
  put_audience_change(record, change);
  return record;
}

SegmentSaved saved() {
  return {{0x0123'4567'89ab'cdef}, 3, Refresh::daily, true, "宠物迷", "ops", "asked for", "targeting", "creator"};
}
ListPart part() {
  return {77, 1, 3, "guests", "ops", "guests.csv\nof May", {1, 2, 300, 0xffff'ffff}};
}
TagImport import() {
  return {78, false, "spends", "low", 0, "ops", "shop", {5, 6}};
}

std::vector<AudienceChange> one_of_each() {
  return {saved(),
          SegmentMarked{{5}, SegmentMark::freeze, "ops", "", "guests"},
          SegmentMarked{{5}, SegmentMark::thaw, "ops", "done", ""},
          SegmentMeasured{{5}, 2, {1'700'000'000'000'000}, 12'345},
          SegmentMeasured{{5}, 2, {1'700'000'000'000'000}, std::nullopt},
          SegmentMeasured{{5}, 200, timestamp_max, 0xffff'ffff},
          part(),
          ListRemoved{"guests", "ops", "old"},
          import()};
}

TEST(AudienceEvents, every_cut_and_a_trailing_byte_are_refused) {
  for (const AudienceChange& change : one_of_each()) {
    const Bytes record = record_of(change);
    for (std::size_t size = 0; size < record.size(); ++size)
      ASSERT_EQ(read_audience_change(ByteSpan(record).first(size)).error().kind, ErrorKind::corrupt) << size;
    Bytes longer = record;
    longer.push_back(std::byte{0});
    EXPECT_EQ(read_audience_change(longer).error().kind, ErrorKind::corrupt);
    EXPECT_EQ(read_audience_change(record).value(), change);
    EXPECT_TRUE(is_audience_change(record));
  }
  EXPECT_EQ(read_audience_change(as_bytes("\x31x")).error().kind, ErrorKind::corrupt);
  EXPECT_FALSE(is_audience_change(as_bytes("\x31x")));
  EXPECT_FALSE(is_audience_change({}));
}

// The field that a changed record is refused for; empty: it is not refused.
template <typename One>
std::string refused_for(One one, const std::function<void(One&)>& spoil) {
  spoil(one);
  const auto read = read_audience_change(record_of(one));
  EXPECT_EQ(read.ok(), check(one).ok());
  if (read.ok()) return "";
  EXPECT_EQ(read.error().kind, ErrorKind::invalid) << read.error().message;
  return read.error().field;
}

TEST(AudienceEvents, what_is_beyond_a_limit_is_refused_with_its_field) {
  const auto of = [](auto&& spoil) { return refused_for<SegmentSaved>(saved(), spoil); };
  EXPECT_EQ(of([](auto& one) { one.name.clear(); }), "/name");
  EXPECT_EQ(of([](auto& one) { one.name.assign(segment_name_bytes_max, 'x'); }), "");
  EXPECT_EQ(of([](auto& one) { one.name.assign(segment_name_bytes_max + 1, 'x'); }), "/name");
  EXPECT_EQ(of([](auto& one) { one.name = "a\nb"; }), "/name");
  EXPECT_EQ(of([](auto& one) { one.name = "a\x7f"; }), "/name");
  EXPECT_EQ(of([](auto& one) { one.name = "a\xc2\x85"; }), "/name");
  EXPECT_EQ(of([](auto& one) { one.name = "\xc2\xa0"; }), "");
  EXPECT_EQ(of([](auto& one) { one.name = "a\xff"; }), "/name");
  EXPECT_EQ(of([](auto& one) { one.who.clear(); }), "/who");
  EXPECT_EQ(of([](auto& one) { one.who.assign(change_who_bytes_max + 1, 'x'); }), "/who");
  EXPECT_EQ(of([](auto& one) { one.why = "two\nlines"; }), "");
  EXPECT_EQ(of([](auto& one) { one.why.assign(change_why_bytes_max + 1, 'x'); }), "/why");
  EXPECT_EQ(of([](auto& one) { one.purpose.clear(); }), "/purpose");
  EXPECT_EQ(of([](auto& one) { one.text.assign(segment_text_bytes_max, 'x'); }), "");
  EXPECT_EQ(of([](auto& one) { one.text.assign(segment_text_bytes_max + 1, 'x'); }), "/expression");
}

TEST(AudienceEvents, lists_and_imports_have_limits_too) {
  const auto of = [](auto&& spoil) { return refused_for<ListPart>(part(), spoil); };
  EXPECT_EQ(of([](auto& one) { one.parts = 0; }), "/parts");
  EXPECT_EQ(of([](auto& one) { one.parts = list_parts_max + 1; }), "/parts");
  EXPECT_EQ(of([](auto& one) { one.part = one.parts; }), "/part");
  EXPECT_EQ(of([](auto& one) { one.source.clear(); }), "/source");
  EXPECT_EQ(of([](auto& one) { one.users.clear(); }), "");
  const auto tag = [](auto&& spoil) { return refused_for<TagImport>(import(), spoil); };
  EXPECT_EQ(tag([](auto& one) { one.tag.clear(); }), "/tag");
  EXPECT_EQ(tag([](auto& one) { one.number = 1; }), "/number");
  EXPECT_EQ(refused_for<SegmentMarked>({{5}, SegmentMark::freeze, "ops", "", ""}, [](auto&) {}), "/list");
  EXPECT_EQ(refused_for<SegmentMarked>({{5}, SegmentMark::retire, "ops", "", "x"}, [](auto&) {}), "/list");
  EXPECT_EQ(refused_for<SegmentMeasured>({{5}, 0, {1}, 1}, [](auto&) {}), "/version");
  EXPECT_EQ(refused_for<SegmentMeasured>({{5}, 1, {-1}, 1}, [](auto&) {}), "/at");
}

TEST(AudienceEvents, users_are_ascending_and_at_most_so_many) {
  const auto read = [](const UserList& users) {
    Bytes bytes;
    put_users(bytes, users);
    ByteReader in(bytes);
    return read_users(in, part_users_max);
  };
  UserList users(part_users_max);
  for (std::uint32_t i = 0; i < part_users_max; ++i) users[i] = 1 + 2 * i;
  EXPECT_EQ(read(users), users);
  ListPart most = part();
  most.users = users;
  EXPECT_TRUE(read_audience_change(record_of(most)).ok());
  users.push_back(0xffff'ffff);
  EXPECT_FALSE(read(users));
  most.users = users;
  EXPECT_EQ(check(most).error().field, "/users");
  EXPECT_FALSE(read({3, 3}));
  EXPECT_FALSE(read({0, 3}));
  EXPECT_FALSE(read({3, 2})) << "the step back is one beyond 32 bits";
  for (const UserList& wrong : {UserList{3, 3}, UserList{0}, UserList{3, 2}}) {
    ListPart one = part();
    one.users = wrong;
    EXPECT_EQ(check(one).error().field, "/users");
  }
  // More users than there are bytes: no room is taken for them.
  Bytes claims;
  put_varint(claims, part_users_max);
  ByteReader in(claims);
  EXPECT_FALSE(read_users(in, part_users_max));
}

TEST(AudienceEvents, an_id_is_sixteen_digits) {
  EXPECT_EQ(to_text(SegmentId{0xab}), "00000000000000ab");
  EXPECT_EQ(segment_id_of("00000000000000ab"), SegmentId{0xab});
  for (const char* wrong : {"", "ab", "00000000000000AB", "00000000000000ag", "00000000000000ab0"})
    EXPECT_FALSE(segment_id_of(wrong)) << wrong;
}

RC_GTEST_PROP(AudienceEvents, a_record_is_read_as_it_was_written,
              (std::uint64_t id, std::uint32_t version, const std::set<std::uint32_t>& some)) {
  UserList users(some.begin(), some.end());
  std::erase(users, 0U);
  SegmentSaved segment = saved();
  segment.id.value = id;
  segment.made_from = version;
  ListPart list = part();
  list.users = users;
  TagImport tag = import();
  tag.value.clear();
  tag.number = id;
  tag.users = users;
  for (const AudienceChange& change : {AudienceChange(segment), AudienceChange(list), AudienceChange(tag)})
    RC_ASSERT(read_audience_change(record_of(change)).value() == change);
}

}  // namespace
}  // namespace zan::audience
