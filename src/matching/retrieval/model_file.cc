#include "matching/retrieval/model_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "base/hash.h"

namespace zan::matching {
namespace {

constexpr std::string_view magic{"ZANCOLL\0", 8};
constexpr std::size_t section_head = sizeof(std::uint32_t) + sizeof(std::uint64_t);

enum class Section : std::uint32_t {
  head = 1,
  subjects = 2,
  vectors = 3,
  lists = 4,
  squares = 5,
  neighbour_offsets = 6,
  neighbours = 7,
  creators = 8,
  creator_offsets = 9,
  creator_rows = 10,
  tags = 11,
  tag_means = 12,
  tag_likeness = 13,
  notes = 14,
};

std::uint64_t chunk_checksum(ByteSpan chunk, Section kind, std::uint64_t ordinal) {
  return checksum64(chunk, static_cast<std::uint64_t>(kind) << 32 | ordinal);
}

static_assert(sizeof(Weighted) == 8 && sizeof(SubjectId) == 4, "they are saved as they are held");

class Writer {
 public:
  explicit Writer(const ModelSink& sink) : sink_(sink) {}

  Result<void> start() {
    Bytes bytes;
    put_bytes(bytes, as_bytes(magic));
    put_fixed(bytes, model_file_version);
    return sink_(bytes);
  }

  template <typename T>
  Result<void> put(Section kind, std::span<const T> values) {
    const ByteSpan all = std::as_bytes(values);
    Bytes small;
    put_fixed(small, static_cast<std::uint32_t>(kind));
    put_fixed(small, static_cast<std::uint64_t>(all.size()));
    ZAN_TRY(sink_(small));
    for (std::size_t begin = 0; begin < all.size(); begin += model_file_chunk) {
      const ByteSpan chunk = all.subspan(begin, std::min(model_file_chunk, all.size() - begin));
      ZAN_TRY(sink_(chunk));
      small.clear();
      put_fixed(small, chunk_checksum(chunk, kind, begin / model_file_chunk));
      ZAN_TRY(sink_(small));
    }
    return {};
  }
  template <typename T>
  Result<void> put(Section kind, const std::vector<T>& values) {
    return put(kind, std::span<const T>(values));
  }

 private:
  const ModelSink& sink_;
};

Error broken(Section kind, std::string_view why) {
  return corrupt(fmt::format("model file, section {}: {}", static_cast<std::uint32_t>(kind), why));
}

class Reader {
 public:
  Reader(const ModelSource& source, std::uint64_t size) : source_(source), left_(size) {}

  Result<void> start() {
    std::array<std::byte, magic.size() + sizeof(std::uint32_t)> bytes;
    if (!takes(bytes.size())) return corrupt("not a model file: too short");
    ZAN_TRY(source_(bytes));
    ByteReader reader(bytes);
    if (as_text(reader.take(magic.size())) != magic) return corrupt("not a model file");
    if (const auto version = reader.fixed<std::uint32_t>(); version != model_file_version)
      return unsupported(fmt::format("model file of version {}, and {} is spoken", version, model_file_version));
    return {};
  }

  template <typename T>
  Result<std::vector<T>> take(Section kind) {
    ZAN_ASSIGN(const std::uint64_t size, take_head(kind));
    if (size % sizeof(T) != 0) return broken(kind, "no whole number of entries");
    std::vector<T> values(size / sizeof(T));
    const std::span<std::byte> all = std::as_writable_bytes(std::span<T>(values));
    for (std::size_t begin = 0; begin < all.size(); begin += model_file_chunk) {
      const auto chunk = all.subspan(begin, std::min(model_file_chunk, all.size() - begin));
      std::uint64_t sum = 0;
      ZAN_TRY(source_(chunk));
      ZAN_TRY(source_(std::as_writable_bytes(std::span<std::uint64_t>(&sum, 1))));
      if (sum != chunk_checksum(chunk, kind, begin / model_file_chunk)) return broken(kind, "a checksum does not agree");
    }
    return values;
  }
  [[nodiscard]] bool done() const { return left_ == 0; }

 private:
  bool takes(std::uint64_t bytes) {
    if (bytes > left_) return false;
    left_ -= bytes;
    return true;
  }

  // The size of the section that comes now, for which there are bytes enough.
  Result<std::uint64_t> take_head(Section kind) {
    std::array<std::byte, section_head> bytes;
    if (!takes(bytes.size())) return broken(kind, "the file ends before it");
    ZAN_TRY(source_(bytes));
    ByteReader reader(bytes);
    if (reader.fixed<std::uint32_t>() != static_cast<std::uint32_t>(kind)) return broken(kind, "another stands there");
    const auto size = reader.fixed<std::uint64_t>();
    if (size > left_) return broken(kind, "the file ends in it");
    const std::uint64_t chunks = (size + model_file_chunk - 1) / model_file_chunk;
    if (!takes(size + chunks * sizeof(std::uint64_t))) return broken(kind, "the file ends in it");
    return size;
  }

  const ModelSource& source_;
  std::uint64_t left_;
};

// ---- what sections say

Bytes head_of(const Collaborative& model) {
  Bytes bytes;
  put_fixed(bytes, model.size());
  put_fixed(bytes, static_cast<std::uint32_t>(model.dimension()));
  const FoldIn& fold = model.folding();
  for (const double value :
       {fold.unobserved_weight, fold.penalty, fold.penalty_exponent, fold.weight_of_all, fold.mean_weight})
    put_fixed(bytes, value);
  return bytes;
}

struct Head {
  std::uint32_t size = 0, dimension = 0;
};

Result<Head> read_head(ByteSpan bytes, FoldIn& fold) {
  ByteReader reader(bytes);
  Head head{reader.fixed<std::uint32_t>(), reader.fixed<std::uint32_t>()};
  for (double* value :
       {&fold.unobserved_weight, &fold.penalty, &fold.penalty_exponent, &fold.weight_of_all, &fold.mean_weight}) {
    *value = reader.fixed<double>();
    if (!std::isfinite(*value) || *value < 0) return broken(Section::head, "a number that cannot be");
  }
  if (!reader.ok() || !reader.done() || !(fold.mean_weight > 0) || head.dimension > model_file_dimension_max)
    return broken(Section::head, "a number that cannot be");
  return head;
}

Bytes bytes_of(std::span<const std::string> notes) {
  Bytes bytes;
  for (const std::string& note : notes) {
    put_varint(bytes, note.size());
    put_bytes(bytes, as_bytes(note));
  }
  return bytes;
}

Result<std::vector<std::string>> read_notes(ByteSpan bytes) {
  ByteReader reader(bytes);
  std::vector<std::string> notes;
  while (reader.ok() && !reader.done()) notes.emplace_back(as_text(reader.take(reader.varint())));
  if (!reader.ok()) return broken(Section::notes, "a text without its end");
  return notes;
}

// No vector that was learnt has a number as large, and sums of squares stay within what a float holds.
constexpr float number_max = 1e9F;

bool all_sane(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float value) { return std::abs(value) <= number_max; });
}

bool all_below(std::span<const std::uint32_t> values, std::size_t limit) {
  return std::all_of(values.begin(), values.end(), [&](std::uint32_t value) { return value < limit; });
}

bool strictly_ascends(std::span<const std::uint32_t> values) {
  return std::adjacent_find(values.begin(), values.end(), std::greater_equal<>()) == values.end();
}

// From 0 to `end`, for so many groups.
template <typename Integer>
bool are_offsets(const std::vector<Integer>& offsets, std::size_t groups, std::size_t end) {
  return offsets.size() == groups + 1 && offsets.front() == 0 && offsets.back() == end &&
         std::is_sorted(offsets.begin(), offsets.end());
}

Result<void> check_vectors(const CollaborativeParts& parts, const Head& head) {
  auto subjects = parts.subjects;
  std::sort(subjects.begin(), subjects.end());
  if (subjects.size() != head.size || std::adjacent_find(subjects.begin(), subjects.end()) != subjects.end())
    return broken(Section::subjects, "not each once");
  if (parts.vectors.size() != std::size_t{head.size} * head.dimension || !all_sane(parts.vectors))
    return broken(Section::vectors, "not what the head says, or not finite");
  if (parts.dimension == 0 ? !parts.list_of.empty() : !parts.list_of.empty() && parts.list_of.size() != head.size)
    return broken(Section::lists, "not one an item");
  if (!all_below(parts.list_of, std::size_t{head.size} / 16 + 1)) return broken(Section::lists, "too many");
  const auto& squares = parts.fold_in.squares;
  if (squares.size() != head.dimension ||
      !std::all_of(squares.begin(), squares.end(), [](float value) { return std::isfinite(value) && value >= 0; }))
    return broken(Section::squares, "not a sum of squares a dimension");
  return {};
}

Result<void> check_neighbours(const Neighbours& neighbours, const Head& head) {
  if (!are_offsets(neighbours.offsets, head.size, neighbours.entries.size()))
    return broken(Section::neighbour_offsets, "not those of the entries");
  for (std::uint32_t row = 0; row < head.size; ++row) {
    float before = HUGE_VALF;
    for (const Weighted& entry : neighbours.of(row)) {
      if (entry.row >= head.size || !(entry.weight > 0) || !std::isfinite(entry.weight) || entry.weight > before)
        return broken(Section::neighbours, "an entry that cannot be");
      before = entry.weight;
    }
  }
  return {};
}

Result<void> check_means(const GroupMeans::Parts& means, const Head& head) {
  const bool none = means.creators.empty() && means.offsets.empty() && means.rows.empty();
  if (!none && (!are_offsets(means.offsets, means.creators.size(), means.rows.size()) ||
                !strictly_ascends(means.creators) || head.dimension == 0))
    return broken(Section::creators, "not those of the rows");
  if (!all_below(means.rows, head.size)) return broken(Section::creator_rows, "no such row");
  if (!strictly_ascends(means.tags)) return broken(Section::tags, "not each once, ascending");
  if (means.means.size() != means.tags.size() * head.dimension || !all_sane(means.means))
    return broken(Section::tag_means, "not one a tag, or not finite");
  if (means.likeness.size() != means.tags.size() || !all_sane(means.likeness))
    return broken(Section::tag_likeness, "not one a tag, or not finite");
  return {};
}

Result<GroupMeans::Parts> read_means(Reader& reader) {
  GroupMeans::Parts means;
  ZAN_ASSIGN(means.creators, reader.take<std::uint32_t>(Section::creators));
  ZAN_ASSIGN(means.offsets, reader.take<std::uint32_t>(Section::creator_offsets));
  ZAN_ASSIGN(means.rows, reader.take<std::uint32_t>(Section::creator_rows));
  ZAN_ASSIGN(means.tags, reader.take<std::uint32_t>(Section::tags));
  ZAN_ASSIGN(means.means, reader.take<float>(Section::tag_means));
  ZAN_ASSIGN(means.likeness, reader.take<float>(Section::tag_likeness));
  return means;
}

}  // namespace

Result<void> write_model(const Collaborative& model, const ModelSink& sink) {
  Writer writer(sink);
  const GroupMeans::Parts& means = model.means().parts();
  ZAN_TRY(writer.start());
  ZAN_TRY(writer.put(Section::head, head_of(model)));
  ZAN_TRY(writer.put(Section::subjects, model.subjects()));
  ZAN_TRY(writer.put(Section::vectors, model.index().vectors()));
  ZAN_TRY(writer.put(Section::lists, model.index().list_of()));
  ZAN_TRY(writer.put(Section::squares, model.folding().squares));
  ZAN_TRY(writer.put(Section::neighbour_offsets, model.all_neighbours().offsets));
  ZAN_TRY(writer.put(Section::neighbours, model.all_neighbours().entries));
  ZAN_TRY(writer.put(Section::creators, means.creators));
  ZAN_TRY(writer.put(Section::creator_offsets, means.offsets));
  ZAN_TRY(writer.put(Section::creator_rows, means.rows));
  ZAN_TRY(writer.put(Section::tags, means.tags));
  ZAN_TRY(writer.put(Section::tag_means, means.means));
  ZAN_TRY(writer.put(Section::tag_likeness, means.likeness));
  return writer.put(Section::notes, bytes_of(model.notes()));
}

Result<Collaborative> read_model(const ModelSource& source, std::uint64_t size, std::size_t threads) {
  Reader reader(source, size);
  CollaborativeParts parts;
  ZAN_TRY(reader.start());
  ZAN_ASSIGN(const auto head_bytes, reader.take<std::byte>(Section::head));
  ZAN_ASSIGN(const Head head, read_head(head_bytes, parts.fold_in));
  parts.dimension = head.dimension;
  ZAN_ASSIGN(parts.subjects, reader.take<SubjectId>(Section::subjects));
  ZAN_ASSIGN(parts.vectors, reader.take<float>(Section::vectors));
  ZAN_ASSIGN(parts.list_of, reader.take<std::uint32_t>(Section::lists));
  ZAN_ASSIGN(parts.fold_in.squares, reader.take<float>(Section::squares));
  ZAN_TRY(check_vectors(parts, head));
  ZAN_ASSIGN(parts.neighbours.offsets, reader.take<std::uint64_t>(Section::neighbour_offsets));
  ZAN_ASSIGN(parts.neighbours.entries, reader.take<Weighted>(Section::neighbours));
  ZAN_TRY(check_neighbours(parts.neighbours, head));
  ZAN_ASSIGN(parts.means, read_means(reader));
  ZAN_TRY(check_means(parts.means, head));
  ZAN_ASSIGN(const auto note_bytes, reader.take<std::byte>(Section::notes));
  ZAN_ASSIGN(parts.notes, read_notes(note_bytes));
  if (!reader.done()) return corrupt("model file: bytes after its end");
  return Collaborative(std::move(parts), threads);
}

}  // namespace zan::matching
