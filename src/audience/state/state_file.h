// StateFile: what the room keeps in memory, as one file, so that a start need not read the whole journal.
//
// The file says up to which position of the journal it goes and which catalogue its numbers belong to. Behind that are
// named sections, each a row of chunks of about a megabyte, so that nobody ever holds a second copy of the whole. Every
// chunk's checksum has the one before as its seed: what is changed, missing, twice or in another order is damage.
// docs/formats/audience_state.md has the bytes. It is a view: a file that is refused is made anew from the journal.
//
// Threads: one.
// Errors:  reading: not_found: there is none. unsupported: of another version, catalogue, or order of sections.
//          corrupt: damaged. unavailable: the disk. After an error what was loaded so far has to be thrown away.
// Durable: after finish(): all of the new file or all of the old one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/ids.h"
#include "base/result.h"
#include "storage/storage.h"

namespace zan::audience {

inline constexpr std::uint32_t state_version = 1;
inline constexpr std::size_t state_chunk_bytes = 1U << 20;       // a chunk is written out when it has so many
inline constexpr std::size_t state_chunk_bytes_max = 64U << 20;  // one record may be longer than that, not than this
inline constexpr std::size_t section_name_max = 64;

struct StateHead {
  Position position;            // all of the journal up to here is in it
  std::uint64_t catalogue = 0;  // Catalogue::fingerprint()
};

class StateWriter {
 public:
  // Writes to `<path>.tmp` until finish(). `disk` outlives it.
  static Result<StateWriter> create(storage::Disk& disk, std::string path, const StateHead& head);

  // Ends the section before. REQUIRES: a name of 1 to section_name_max bytes.
  Result<void> begin(std::string_view section);
  // What is being filled. A record is put whole, then spill() is called: no record lies in two chunks.
  [[nodiscard]] Bytes& chunk() { return chunk_; }
  // Writes the chunk out if it has grown long enough.
  Result<void> spill() { return chunk_.size() < state_chunk_bytes ? Result<void>{} : write_chunk(); }
  Result<void> finish();

 private:
  StateWriter(storage::Disk& disk, std::string path, std::unique_ptr<storage::File> file)
      : disk_(&disk), path_(std::move(path)), file_(std::move(file)) {}
  Result<void> write_frame(std::uint8_t kind, ByteSpan content);
  Result<void> write_chunk();

  storage::Disk* disk_;
  std::string path_;
  std::unique_ptr<storage::File> file_;
  std::uint64_t end_ = 0;
  std::uint64_t sum_ = 0;  // of the last frame
  Bytes chunk_;
};

class StateReader {
 public:
  // `catalogue`: as in StateHead; of another one the file is refused.
  static Result<StateReader> open(storage::Disk& disk, std::string path, std::uint64_t catalogue);

  [[nodiscard]] Position position() const { return position_; }
  // Sections are read in the order in which they were written, each to its end.
  Result<void> begin(std::string_view section);
  // The next chunk of the section: whole records. Done at once: there is none left. Valid until the next call.
  Result<ByteReader> next();
  // REQUIRES (of the file): nothing is left.
  Result<void> finish();
  // For whoever finds that a chunk's records make no sense.
  [[nodiscard]] Error damaged() const;

 private:
  StateReader(std::string path, std::unique_ptr<storage::File> file)
      : path_(std::move(path)), file_(std::move(file)) {}
  Result<void> read_head(std::uint64_t catalogue);
  Result<void> read_frame();
  Result<ByteSpan> read(std::size_t bytes);

  std::string path_;
  std::unique_ptr<storage::File> file_;
  Position position_;
  std::uint64_t at_ = 0, size_ = 0;
  std::uint64_t sum_ = 0;
  std::uint8_t kind_ = 0;  // of the frame that was read last and not handed out yet; 0: handed out
  Bytes buffer_;
  ByteSpan content_;
};

// Removes the file and what an interrupted writing left. No error if there is neither.
Result<void> remove_state(storage::Disk& disk, const std::string& path);

}  // namespace zan::audience
