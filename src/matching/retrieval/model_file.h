// A Collaborative as a stream of bytes, and back.
//
// The file: "ZANCOLL" and 0, a version (u32), then sections in a fixed order, each {kind u32, bytes u64, chunks}: chunks
// of a mebibyte, the last one shorter, each followed by its XXH3 (u64, seeded with kind and ordinal, so that chunks cannot
// change places). Nothing but a chunk is ever held besides the model. The lists of the index are saved, its bytes are
// made again: that is faster than reading them.
//
// Errors: corrupt - torn, flipped or impossible, with the section; unsupported - another version; and whatever sink and
// source say. Cost: both some 0.5 s a million works of 64 dimensions beside the disk, and making the index.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"
#include "matching/retrieval/collaborative.h"

namespace zan::matching {

inline constexpr std::uint32_t model_file_version = 1;
inline constexpr std::size_t model_file_chunk = std::size_t{1} << 20;
inline constexpr std::uint32_t model_file_dimension_max = 1024;

using ModelSink = std::function<Result<void>(ByteSpan)>;
// Fills all of what it is given, or says why it cannot.
using ModelSource = std::function<Result<void>(std::span<std::byte>)>;

Result<void> write_model(const Collaborative& model, const ModelSink& sink);

// `size`: of the whole file; nothing larger than that is ever made room for.
Result<Collaborative> read_model(const ModelSource& source, std::uint64_t size, std::size_t threads);

}  // namespace zan::matching
