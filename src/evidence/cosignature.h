// cosignature/v1 (C2SP tlog-cosignature): a witness says that, at a time, a checkpoint was the largest consistent tree
// of its origin that it had seen. Nothing about the entries.
//
// The signature is the time in 8 big-endian bytes and Ed25519 over "cosignature/v1\ntime <seconds>\n" and the
// checkpoint's text.
//
// Threads: plain functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/note.h"

namespace zan::evidence {

inline constexpr std::size_t cosignature_time_bytes = 8;

std::string cosigned_message(std::uint64_t seconds, std::string_view checkpoint_text);

// POSIX seconds; empty where the bytes hold none, or one that may not be (zero, 2^63 and more).
std::optional<std::uint64_t> cosignature_time(ByteSpan signature);

// REQUIRES: a key of type cosignature_v1; 0 < seconds < 2^63.
NoteSignature cosign(const SignerKey& key, std::string_view checkpoint_text, std::uint64_t seconds);

}  // namespace zan::evidence
