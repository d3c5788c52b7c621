#include "audience/state/state_file.h"

#include <gtest/gtest.h>

#include "audience/catalogue/catalogue.h"
#include "audience/catalogue/default_catalogue.h"
#include "base/random.h"
#include "storage/sim_disk.h"

namespace zan::audience {
namespace {

using storage::SimDisk;

constexpr std::uint64_t catalogue = 77;

using Sections = std::vector<std::pair<std::string, std::vector<std::uint32_t>>>;

Result<void> write(storage::Disk& disk, const Sections& sections, std::uint64_t position) {
  ZAN_ASSIGN(StateWriter writer, StateWriter::create(disk, "f/state", {{position}, catalogue}));
  for (const auto& [name, numbers] : sections) {
    ZAN_TRY(writer.begin(name));
    for (const std::uint32_t number : numbers) {
      put_fixed(writer.chunk(), number);
      ZAN_TRY(writer.spill());
    }
  }
  return writer.finish();
}

// What the file says, with the names of `like`.
Result<Sections> read(storage::Disk& disk, const Sections& like) {
  ZAN_ASSIGN(StateReader reader, StateReader::open(disk, "f/state", catalogue));
  Sections out;
  for (const auto& [name, ignored] : like) {
    ZAN_TRY(reader.begin(name));
    auto& numbers = out.emplace_back(name, std::vector<std::uint32_t>()).second;
    while (true) {
      ZAN_ASSIGN(ByteReader chunk, reader.next());
      if (chunk.done()) break;
      while (!chunk.done()) numbers.push_back(chunk.fixed<std::uint32_t>());
    }
  }
  ZAN_TRY(reader.finish());
  return out;
}

bool refused(const Error& error) {
  return error.kind == ErrorKind::corrupt || error.kind == ErrorKind::unsupported;
}

class StateFileTest : public testing::Test {
 protected:
  StateFileTest() { EXPECT_TRUE(disk_->make_folder("f").ok() && disk_->sync_folder("").ok()); }

  std::unique_ptr<SimDisk> disk_ = SimDisk::make(1);
  const Sections small_ = {{"one", {1, 2, 3}}, {"none", {}}, {"two", {4}}};
};

TEST_F(StateFileTest, damage_anywhere_is_refused) {
  ASSERT_TRUE(write(*disk_, small_, 5).ok());
  const Bytes whole = storage::read_file(*disk_, "f/state").value();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      ASSERT_TRUE(disk_->flip("f/state", at, bit).ok());
      const auto got = read(*disk_, small_);
      ASSERT_TRUE(!got.ok() && refused(got.error())) << at;
      ASSERT_TRUE(disk_->flip("f/state", at, bit).ok());
    }
    ASSERT_TRUE(storage::write_file(*disk_, "f/state", ByteSpan(whole).first(at)).ok());
    const auto cut = read(*disk_, small_);
    ASSERT_TRUE(!cut.ok() && refused(cut.error())) << at;
    ASSERT_TRUE(storage::write_file(*disk_, "f/state", whole).ok());
  }
  Bytes longer = whole;
  longer.push_back(std::byte{0});
  ASSERT_TRUE(storage::write_file(*disk_, "f/state", longer).ok());
  EXPECT_FALSE(read(*disk_, small_).ok());
}

// Every chunk is whole; they stand in another order, or one is missing.
TEST_F(StateFileTest, chunks_that_changed_places_are_refused) {
  const std::uint32_t words = state_chunk_bytes / 4;
  ASSERT_TRUE(write(*disk_, {{"one", std::vector<std::uint32_t>(2 * words, 7)}}, 5).ok());
  const Bytes whole = storage::read_file(*disk_, "f/state").value();
  const std::size_t frame = 5 + state_chunk_bytes + 8, first = 36 + 5 + 3 + 8;
  Bytes swapped = whole;
  std::swap_ranges(swapped.begin() + first, swapped.begin() + first + frame, swapped.begin() + first + frame);
  ASSERT_TRUE(storage::write_file(*disk_, "f/state", swapped).ok());
  EXPECT_EQ(read(*disk_, {{"one", {}}}).error().kind, ErrorKind::corrupt);
  Bytes missing = whole;
  missing.erase(missing.begin() + first, missing.begin() + first + frame);
  ASSERT_TRUE(storage::write_file(*disk_, "f/state", missing).ok());
  EXPECT_EQ(read(*disk_, {{"one", {}}}).error().kind, ErrorKind::corrupt);
}

TEST_F(StateFileTest, another_version_catalogue_or_order_is_refused) {
  EXPECT_EQ(read(*disk_, small_).error().kind, ErrorKind::not_found);
  ASSERT_TRUE(write(*disk_, small_, 5).ok());
  EXPECT_EQ(StateReader::open(*disk_, "f/state", catalogue + 1).error().kind, ErrorKind::unsupported);
  EXPECT_EQ(read(*disk_, {{"two", {}}}).error().kind, ErrorKind::unsupported);
  EXPECT_EQ(read(*disk_, {{"one", {}}}).error().kind, ErrorKind::corrupt) << "a section is left over";
  EXPECT_NE(Catalogue::standard()->fingerprint(),
            Catalogue::parse(std::string(default_catalogue()) + " ").value()->fingerprint());
}

TEST_F(StateFileTest, what_was_written_is_read_chunk_by_chunk) {
  Sections long_one = small_;
  Rng rng(1);
  for (std::uint32_t i = 0; i < 600'000; ++i) long_one[0].second.push_back(static_cast<std::uint32_t>(rng.next()));
  ASSERT_TRUE(write(*disk_, long_one, 9).ok());
  const auto got = read(*disk_, long_one);
  ASSERT_TRUE(got.ok()) << got.error().message;
  EXPECT_EQ(*got, long_one);
  EXPECT_EQ(StateReader::open(*disk_, "f/state", catalogue)->position(), Position{9});
}

// A section that is left before its end, and a chunk of the greatest length.
TEST_F(StateFileTest, a_record_may_be_as_long_as_the_longest_chunk) {
  StateWriter writer = StateWriter::create(*disk_, "f/state", {{1}, catalogue}).value();
  ASSERT_TRUE(writer.begin("long").ok());
  writer.chunk().resize(state_chunk_bytes_max);
  ASSERT_TRUE(writer.spill().ok());
  EXPECT_TRUE(writer.chunk().empty());
  ASSERT_TRUE(writer.finish().ok());
  StateReader reader = StateReader::open(*disk_, "f/state", catalogue).value();
  ASSERT_TRUE(reader.begin("long").ok());
  EXPECT_FALSE(reader.begin("long").ok());
  EXPECT_EQ(reader.next()->left(), state_chunk_bytes_max);
  EXPECT_TRUE(reader.next()->done());
  EXPECT_TRUE(reader.finish().ok());
  EXPECT_EQ(reader.damaged().kind, ErrorKind::corrupt);
}

TEST_F(StateFileTest, after_a_crash_it_is_the_old_one_or_the_new_one) {
  int old_ones = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const auto disk = SimDisk::make(seed);
    ASSERT_TRUE(disk->make_folder("f").ok() && disk->sync_folder("").ok());
    ASSERT_TRUE(write(*disk, small_, 1).ok());
    Sections fresh = small_;
    fresh[0].second.push_back(8);
    int calls = 0;
    storage::SimFaults faults;
    faults.before_call = [&] {
      if (++calls == static_cast<int>(seed) / 2) disk->crash();
    };
    disk->set_faults(faults);
    const bool written = write(*disk, fresh, 2).ok();
    disk->set_faults({});
    disk->crash();
    const auto got = read(*disk, small_);
    ASSERT_TRUE(got.ok()) << seed << got.error().message;
    ASSERT_TRUE(*got == fresh || (!written && *got == small_)) << seed;
    old_ones += *got == small_ ? 1 : 0;
    ASSERT_TRUE(write(*disk, fresh, 3).ok()) << "what an interrupted writing left is no obstacle";
  }
  EXPECT_GT(old_ones, 0);
}

TEST_F(StateFileTest, a_full_disk_leaves_the_old_one) {
  ASSERT_TRUE(write(*disk_, small_, 1).ok());
  storage::SimFaults faults;
  faults.bytes_max = disk_->bytes_used() + 50;
  disk_->set_faults(faults);
  EXPECT_EQ(write(*disk_, small_, 2).error().kind, ErrorKind::unavailable);
  disk_->set_faults({});
  EXPECT_EQ(StateReader::open(*disk_, "f/state", catalogue)->position(), Position{1});
  ASSERT_TRUE(remove_state(*disk_, "f/state").ok());
  ASSERT_TRUE(remove_state(*disk_, "f/state").ok());
  EXPECT_TRUE(disk_->list("f")->empty());
}

}  // namespace
}  // namespace zan::audience
