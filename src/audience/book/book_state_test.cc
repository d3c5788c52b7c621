#include <gtest/gtest.h>

#include "audience/book/segment_book.h"
#include "base/hash.h"
#include "storage/sim_disk.h"

namespace zan::audience {
namespace {

constexpr Timestamp at{1'700'000'000'000'000};

void fill(SegmentBook& book) {
  const auto put = [&](const AudienceChange& change) { ASSERT_TRUE(book.apply(change, at).ok()); };
  put(ListPart{1, 0, 1, "guests", "ops", "a file", {1, 2, 70'000}});
  put(ListPart{2, 1, 3, "later", "ops", "a file", {5, 6}});
  put(ListPart{2, 0, 3, "later", "ops", "a file", {3}});
  SegmentSaved one{{11}, 0, Refresh::hourly, true, "a", "ops", "why", "reports", "creator"};
  put(one);
  put(SegmentMeasured{{11}, 1, at, 5'000});
  put(SegmentMeasured{{11}, 1, at, std::nullopt});
  one.made_from = 1;
  one.text = "no_such_tag";
  put(one);
  put(SegmentSaved{{12}, 0, Refresh::none, false, "b", "ops", "", "targeting", "everybody"});
  put(SegmentMarked{{12}, SegmentMark::freeze, "ops", "", "guests"});
  for (std::uint64_t id = 20; id < 23; ++id) {
    put(SegmentSaved{{id}, 0, Refresh::none, false, "gone", "ops", "", "targeting", "everybody"});
    put(SegmentMarked{{id}, SegmentMark::retire, "ops", "", ""});
  }
  book.erase(PersonId{2});
}

Bytes sealed(ByteSpan rows) {
  Bytes out(rows.begin(), rows.end());
  put_fixed(out, checksum64(rows));
  return out;
}

TEST(BookState, a_book_that_is_read_again_answers_and_goes_on_as_before) {
  BookLimits limits;
  limits.retired = 3;
  SegmentBook book(Catalogue::standard(), limits), again(Catalogue::standard(), limits);
  fill(book);
  ASSERT_TRUE(again.from_state(book.to_state()).ok());
  const std::vector<AudienceChange> more = {
      ListPart{2, 2, 3, "later", "ops", "a file", {2, 9}},
      ListPart{3, 0, 1, "guests", "ops", "a frozen segment means it: void", {2, 9}},
      SegmentSaved{{11}, 2, Refresh::daily, false, "c", "li", "", "reports", "not creator"},
      SegmentMarked{{12}, SegmentMark::thaw, "ops", "", ""},
      SegmentSaved{{30}, 0, Refresh::none, false, "gone", "ops", "", "targeting", "everybody"},
      SegmentMarked{{30}, SegmentMark::retire, "ops", "", ""}};
  for (std::size_t i = 0; i <= more.size(); ++i) {
    ASSERT_EQ(again.to_state(), book.to_state()) << i;
    for (const std::uint64_t id : {11, 12, 20, 21, 22, 30}) {
      const auto a = book.segment(SegmentId{id}), b = again.segment(SegmentId{id});
      ASSERT_EQ(a.has_value(), b.has_value()) << id;
      if (!a) continue;
      EXPECT_TRUE(a->info == b->info && a->versions == b->versions && a->history == b->history) << id;
    }
    EXPECT_EQ(again.lists(), book.lists());
    EXPECT_EQ(again.due(at), book.due(at));
    if (i == more.size()) break;
    EXPECT_EQ(book.apply(more[i], at).ok(), again.apply(more[i], at).ok());
  }
  EXPECT_FALSE(book.segment(SegmentId{20})) << "the first one that was retired";
  EXPECT_EQ(*again.names()->list("later"), (UserList{3, 5, 6, 9})) << "an erased person's number is not taken in again";
}

TEST(BookState, is_a_section_of_the_state_file) {
  SegmentBook book(Catalogue::standard()), again(Catalogue::standard()), third(Catalogue::standard());
  fill(book);
  UserList many(part_users_max);
  for (std::uint32_t part = 0; part < 20; ++part) {
    for (std::uint32_t i = 0; i < part_users_max; ++i) many[i] = 1 + 300 * (part * std::uint32_t{part_users_max} + i);
    ASSERT_TRUE(book.apply(ListPart{9, part, 20, "many", "ops", "a file", many}, at).ok());
  }
  const auto disk = storage::SimDisk::make(1);
  ASSERT_TRUE(disk->make_folder("f").ok() && disk->sync_folder("").ok());
  auto writer = StateWriter::create(*disk, "f/state", {{5}, 77});
  ASSERT_TRUE(writer.ok() && book.save(*writer).ok() && writer->begin("other").ok() && writer->finish().ok());
  EXPECT_GT(storage::read_file(*disk, "f/state")->size(), state_chunk_bytes);
  auto reader = StateReader::open(*disk, "f/state", 77);
  ASSERT_TRUE(reader.ok() && again.load(*reader).ok());
  EXPECT_EQ(again.to_state(), book.to_state());
  EXPECT_FALSE(third.load(*reader).ok()) << "another section";
}

TEST(BookState, damage_is_refused) {
  SegmentBook book(Catalogue::standard());
  fill(book);
  const Bytes state = book.to_state();
  const auto kind_of = [](ByteSpan bytes) -> std::optional<ErrorKind> {
    SegmentBook fresh(Catalogue::standard());
    const auto read = fresh.from_state(bytes);
    return read.ok() ? std::nullopt : std::optional(read.error().kind);
  };
  EXPECT_EQ(kind_of(state), std::nullopt);
  const ByteSpan rows = ByteSpan(state).first(state.size() - 8);
  for (std::size_t size = 0; size < state.size(); ++size)
    ASSERT_EQ(kind_of(ByteSpan(state).first(size)), ErrorKind::corrupt) << size;
  // With a checksum that fits: what is cut off is missed all the same, and what is changed does no harm.
  for (std::size_t size = 0; size < rows.size(); ++size)
    ASSERT_EQ(kind_of(sealed(rows.first(size))), ErrorKind::corrupt) << size;
  for (std::size_t i = 0; i < state.size(); ++i) {
    Bytes changed = state;
    changed[i] ^= std::byte{0x41};
    ASSERT_EQ(kind_of(changed), ErrorKind::corrupt) << i;
    if (i < rows.size()) static_cast<void>(kind_of(sealed(ByteSpan(changed).first(rows.size()))));
  }
  Bytes longer(rows.begin(), rows.end());
  longer.push_back(std::byte{0});
  EXPECT_EQ(kind_of(sealed(longer)), ErrorKind::corrupt);
  Bytes newer(rows.begin(), rows.end());
  newer[1] = std::byte{99};
  EXPECT_EQ(kind_of(sealed(newer)), ErrorKind::unsupported);
}

}  // namespace
}  // namespace zan::audience
