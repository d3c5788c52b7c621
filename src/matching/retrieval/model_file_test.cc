#include "matching/retrieval/model_file.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "matching/retrieval/learn_collaborative.h"
#include "matching/retrieval/sim_vectors.h"
#include "matching/sim_clusters.h"

namespace zan::matching {
namespace {

Bytes written(const Collaborative& model) {
  Bytes bytes;
  const auto done = write_model(model, [&](ByteSpan part) -> Result<void> {
    EXPECT_LE(part.size(), model_file_chunk);
    put_bytes(bytes, part);
    return {};
  });
  EXPECT_TRUE(done.ok());
  return bytes;
}

Result<Collaborative> read(ByteSpan bytes) {
  std::size_t at = 0;
  return read_model(
      [&](std::span<std::byte> out) -> Result<void> {
        require(out.size() <= bytes.size() - at, "no more is asked for than there is");
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), out.size(), out.begin());
        at += out.size();
        return {};
      },
      bytes.size(), 2);
}

const Collaborative& small() {
  static const Collaborative model = [] {
    const Interactions matrix = sim_clusters(100, 40, 2, 6, 1);
    std::vector<SubjectId> subjects;
    std::vector<ItemTraits> traits;
    for (std::uint32_t item = 0; item < 40; ++item) {
      subjects.push_back({item * 5 + 7});
      traits.push_back({CreatorId{item % 9}, {item % 2, item % 3 + 10}});
    }
    auto learnt = learn_collaborative(matrix, subjects, traits, {.dimension = 16, .seconds_max = 5});
    require(learnt.ok(), "it learns");
    return std::move(learnt).value();
  }();
  return model;
}

// More than a chunk of vectors, and an index with lists.
CollaborativeParts large_parts() {
  SimVectors sim = sim_vectors(40'000, 0, 16, 20, 1);
  CollaborativeParts parts{.dimension = 16, .vectors = std::move(sim.works)};
  for (std::uint32_t row = 0; row < 40'000; ++row) parts.subjects.push_back({row + 1});
  parts.fold_in = fold_in_of(parts.vectors, {.dimension = 16}, 10);
  parts.notes = {"made up", ""};
  return parts;
}

void expect_same_answers(const Collaborative& a, const Collaborative& b) {
  ASSERT_EQ(a.size(), b.size());
  std::vector<float> x(a.dimension()), y(b.dimension());
  std::vector<Ranked> near_x, near_y;
  for (std::uint32_t row = 0; row < std::min(a.size(), 40U); ++row) {
    const std::vector<Weighted> taken{{row, 1}, {row / 2, 2}};
    EXPECT_EQ(a.fold_in(taken, x), b.fold_in(taken, y));
    EXPECT_EQ(x, y);
    a.nearest(x, 20, near_x);
    b.nearest(y, 20, near_y);
    ASSERT_EQ(near_x.size(), near_y.size());
    for (std::size_t k = 0; k < near_x.size(); ++k) EXPECT_EQ(near_x[k].item, near_y[k].item);
    const std::uint32_t tags[] = {row % 3, row % 4 + 10};
    EXPECT_EQ(a.cold_vector({row % 9}, tags, x), b.cold_vector({row % 9}, tags, y));
    EXPECT_EQ(x, y);
  }
}

TEST(ModelFile, WhatIsReadAnswersAsWhatWasWritten) {
  const Collaborative large(large_parts(), 2), none;
  EXPECT_FALSE(large.index().list_of().empty());
  for (const Collaborative* model : {&small(), &large, &none}) {
    const Bytes bytes = written(*model);
    const auto again = read(bytes);
    ASSERT_TRUE(again.ok()) << again.error().message;
    expect_same_answers(*model, *again);
    EXPECT_EQ(written(*again), bytes);
    EXPECT_TRUE(std::equal(again->notes().begin(), again->notes().end(), model->notes().begin(), model->notes().end()));
  }
}

TEST(ModelFile, EveryTornOneIsRefused) {
  const Bytes bytes = written(small());
  for (std::size_t size = 0; size < bytes.size(); size += size < 300 ? 1 : 97) {
    const auto torn = read(ByteSpan(bytes).first(size));
    ASSERT_FALSE(torn.ok()) << size;
    EXPECT_EQ(torn.error().kind, ErrorKind::corrupt);
  }
  Bytes longer = bytes;
  longer.push_back(std::byte{0});
  EXPECT_EQ(read(longer).error().kind, ErrorKind::corrupt);
}

RC_GTEST_PROP(ModelFile, EveryFlippedBitIsRefused, ()) {
  Bytes bytes = written(small());
  const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
  bytes[at] ^= std::byte{1} << *rc::gen::inRange(0, 8);
  const auto flipped = read(bytes);
  RC_ASSERT(!flipped.ok());
  RC_ASSERT(flipped.error().kind == (at >= 8 && at < 12 ? ErrorKind::unsupported : ErrorKind::corrupt));
}

TEST(ModelFile, ChunksThatChangedPlacesAreRefused) {
  const Collaborative large(large_parts(), 1);
  Bytes bytes = written(large);
  // Of the vectors: 40,000 * 16 floats are two chunks and a part. Their section follows head and subjects.
  const std::size_t head = 12 + 12 + 48 + 8, subjects = 12 + 160'000 + 8, first = head + subjects + 12;
  const std::size_t chunk = model_file_chunk + 8;
  std::swap_ranges(bytes.begin() + static_cast<std::ptrdiff_t>(first),
                   bytes.begin() + static_cast<std::ptrdiff_t>(first + chunk),
                   bytes.begin() + static_cast<std::ptrdiff_t>(first + chunk));
  const auto swapped = read(bytes);
  ASSERT_FALSE(swapped.ok());
  EXPECT_NE(swapped.error().message.find("section 3: a checksum"), std::string::npos) << swapped.error().message;
}

TEST(ModelFile, PartsThatDoNotAgreeAreRefused) {
  const auto refused = [](const char* section, const auto& spoil) {
    CollaborativeParts parts = large_parts();
    spoil(parts);
    // Written by hand through a model that does not look: only its parts are spoilt.
    const auto bytes = written(Collaborative(std::move(parts), 1));
    const auto model = read(bytes);
    ASSERT_FALSE(model.ok()) << section;
    EXPECT_EQ(model.error().kind, ErrorKind::corrupt);
    EXPECT_NE(model.error().message.find(section), std::string::npos) << model.error().message;
  };
  refused("section 2:", [](CollaborativeParts& parts) { parts.subjects[5] = parts.subjects[4]; });
  refused("section 3:", [](CollaborativeParts& parts) { parts.vectors[77] = 1e10F; });
  refused("section 5:", [](CollaborativeParts& parts) { parts.fold_in.squares.pop_back(); });
  refused("section 1:", [](CollaborativeParts& parts) { parts.fold_in.penalty = -1; });
  refused("section 7:", [](CollaborativeParts& parts) {
    parts.neighbours.entries = {{40'000, 1}};
    parts.neighbours.offsets.assign(40'001, 1);
    parts.neighbours.offsets[0] = 0;
  });
  refused("section 6:", [](CollaborativeParts& parts) {
    parts.neighbours.entries = {{1, 1}};
    parts.neighbours.offsets.assign(40'001, 0);
  });
  refused("section 10:", [](CollaborativeParts& parts) { parts.means = {{1}, {0, 1}, {40'000}, {}, {}, {}}; });
  refused("section 8:", [](CollaborativeParts& parts) { parts.means = {{2, 1}, {0, 1, 2}, {1, 2}, {}, {}, {}}; });
  refused("section 12:", [](CollaborativeParts& parts) { parts.means = {{}, {}, {}, {1}, {1}, {1}}; });
}

TEST(ModelFile, AFileThatClaimsMoreThanThereIsGetsNoRoom) {
  Bytes bytes = written(small());
  const std::uint64_t huge = ~std::uint64_t{0} - 3;
  std::copy_n(std::as_bytes(std::span(&huge, 1)).begin(), 8, bytes.begin() + 16);
  EXPECT_EQ(read(bytes).error().kind, ErrorKind::corrupt);
}

TEST(ModelFile, WhatSinkAndSourceSayIsPassedOn) {
  std::size_t calls = 0;
  for (std::size_t fails_at = 0; fails_at < 20; ++fails_at) {
    calls = 0;
    const auto full = write_model(small(), [&](ByteSpan) -> Result<void> {
      if (calls++ == fails_at) return unavailable("disk full");
      return {};
    });
    ASSERT_FALSE(full.ok());
    EXPECT_EQ(full.error().message, "disk full");
    EXPECT_EQ(calls, fails_at + 1);
  }
  const auto read_error = read_model([](std::span<std::byte>) -> Result<void> { return unavailable("gone"); }, 1000, 1);
  EXPECT_EQ(read_error.error().message, "gone");
}

}  // namespace
}  // namespace zan::matching
