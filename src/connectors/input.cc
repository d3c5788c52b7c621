#include "connectors/input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace zan::connectors {
namespace {

constexpr std::size_t read_bytes = 256 << 10;

class ZlibInput final : public Input {
 public:
  ZlibInput(std::string name, gzFile file, std::uint64_t total, bool seekable)
      : name_(std::move(name)), file_(file), total_(total), seekable_(seekable) {
    gzbuffer(file_, read_bytes);
  }
  ~ZlibInput() override { gzclose_r(file_); }
  ZlibInput(const ZlibInput&) = delete;
  ZlibInput& operator=(const ZlibInput&) = delete;

  Result<std::size_t> read(std::span<char> into) override {
    const int count = gzread(file_, into.data(), static_cast<unsigned>(into.size()));
    if (count < 0) return failure();
    // A cut gzip file ends like a whole one; only the stream's state tells them apart.
    if (static_cast<std::size_t>(count) < into.size()) {
      int code = Z_OK;
      gzerror(file_, &code);
      if (code != Z_OK && code != Z_STREAM_END) return failure();
    }
    return static_cast<std::size_t>(count);
  }

  Result<void> seek(std::uint64_t offset) override {
    if (gzseek(file_, static_cast<z_off_t>(offset), SEEK_SET) < 0) return failure();
    return {};
  }

  bool seekable() const override { return seekable_; }

  std::uint64_t bytes_read() const override {
    const z_off_t at = gzoffset(file_);
    return at < 0 ? 0 : static_cast<std::uint64_t>(at);
  }
  std::uint64_t bytes_total() const override { return total_; }

 private:
  Error failure() const {
    int code = Z_OK;
    const char* message = gzerror(file_, &code);
    if (code == Z_ERRNO) return unavailable(name_ + ": " + std::strerror(errno));
    if (code == Z_BUF_ERROR) return corrupt(name_ + ": the gzip data ends in the middle");
    return corrupt(name_ + ": " + message);
  }

  std::string name_;
  gzFile file_;
  std::uint64_t total_;
  bool seekable_;
};

}  // namespace

Result<std::unique_ptr<Input>> Input::open(const std::string& path) {
  const bool standard = path == "-";
  const int descriptor = standard ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const std::string name = standard ? "standard input" : path;
  if (descriptor < 0) {
    const std::string message = name + ": " + std::strerror(errno);
    return errno == ENOENT ? not_found(message) : unavailable(message);
  }
  struct stat about {};
  if (::fstat(descriptor, &about) == 0 && S_ISDIR(about.st_mode)) {
    ::close(descriptor);
    return invalid(name + " is a folder, not a file");
  }
  const gzFile file = gzdopen(descriptor, "rb");
  if (file == nullptr) {
    ::close(descriptor);
    return unavailable(name + ": cannot be opened");
  }
  const bool regular = S_ISREG(about.st_mode);
  const auto total = regular ? static_cast<std::uint64_t>(about.st_size) : 0;
  return std::unique_ptr<Input>(std::make_unique<ZlibInput>(name, file, total, regular && !standard));
}

LineReader::LineReader(std::unique_ptr<Input> input, std::size_t line_bytes_max)
    : input_(std::move(input)), line_bytes_max_(line_bytes_max) {
  buffer_.resize(line_bytes_max_ + 1 + read_bytes);
}

Result<void> LineReader::fill() {
  if (start_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + start_, end_ - start_);
    end_ -= start_;
    start_ = 0;
  }
  const std::size_t room = std::min(buffer_.size() - end_, read_bytes);
  ZAN_ASSIGN(const std::size_t count, input_->read({buffer_.data() + end_, room}));
  end_ += count;
  at_end_ = count == 0;
  return {};
}

// Drops bytes up to and including the next line end; false when the input ends first.
Result<bool> LineReader::skip_rest() {
  for (;;) {
    const char* from = buffer_.data() + start_;
    if (const void* found = std::memchr(from, '\n', end_ - start_)) {
      const std::size_t skipped = static_cast<std::size_t>(static_cast<const char*>(found) - from) + 1;
      start_ += skipped;
      offset_ += skipped;
      return true;
    }
    offset_ += end_ - start_;
    start_ = end_;
    if (at_end_) return false;
    ZAN_TRY(fill());
  }
}

Result<bool> LineReader::next(Line& line) {
  std::size_t searched = 0;
  for (;;) {
    const char* from = buffer_.data() + start_;
    const std::size_t there = end_ - start_;
    if (const void* found = std::memchr(from + searched, '\n', there - searched)) {
      const auto length = static_cast<std::size_t>(static_cast<const char*>(found) - from);
      line = {{from, std::min(length, line_bytes_max_)}, ++lines_, length > line_bytes_max_};
      start_ += length + 1;
      offset_ += length + 1;
      return true;
    }
    searched = there;
    if (at_end_ && there == 0) return false;
    if (at_end_) {
      line = {{from, std::min(there, line_bytes_max_)}, ++lines_, there > line_bytes_max_};
      start_ = end_;
      offset_ += there;
      return true;
    }
    if (there > line_bytes_max_) {
      line = {{}, ++lines_, true};
      ZAN_TRY(skip_rest());
      return true;
    }
    ZAN_TRY(fill());
  }
}

Result<void> LineReader::drop_until(std::uint64_t offset) {
  if (offset < offset_) return invalid("standard input cannot be read backwards");
  while (offset_ < offset) {
    if (start_ == end_) ZAN_TRY(fill());
    if (start_ == end_) return invalid("the input ends before the place where the reading should go on");
    const std::size_t dropped = std::min<std::uint64_t>(end_ - start_, offset - offset_);
    start_ += dropped;
    offset_ += dropped;
  }
  return {};
}

Result<void> LineReader::seek(std::uint64_t offset, std::uint64_t lines) {
  if (!input_->seekable()) {
    ZAN_TRY(drop_until(offset));
    lines_ = lines;
    return {};
  }
  ZAN_TRY(input_->seek(offset));
  start_ = end_ = 0;
  at_end_ = false;
  offset_ = offset;
  lines_ = lines;
  return {};
}

}  // namespace zan::connectors
