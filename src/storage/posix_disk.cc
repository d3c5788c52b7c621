// The machine's disk: POSIX calls below one folder descriptor, so that the process may change its working folder.

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "storage/disk.h"

namespace zan::storage {
namespace {

constexpr mode_t file_mode = 0600;
constexpr mode_t folder_mode = 0700;

Error failure(std::string_view path, std::string_view action, int code) {
  if (code == ENOENT) return not_found(fmt::format("{}: no such file", path));
  if (code == EEXIST) return conflict(fmt::format("{}: exists already", path));
  if (code == ENOSPC || code == EDQUOT) return unavailable(fmt::format("{}: no space left", path));
  return unavailable(fmt::format("{}: {}: {}", path, action, std::generic_category().message(code)));
}

// Repeats a call that a signal cut short.
template <typename Call>
auto uninterrupted(Call call) {
  for (;;) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool good() const { return number_ >= 0; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

Descriptor open_folder(const std::filesystem::path& path) {
  return Descriptor(uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }));
}

class PosixFile final : public File {
 public:
  PosixFile(Descriptor descriptor, std::string path) : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

  Result<std::size_t> read_at(std::uint64_t offset, std::span<std::byte> into) const override {
    std::size_t done = 0;
    while (done < into.size()) {
      const ssize_t got = uninterrupted([&] {
        return ::pread(descriptor_.number(), into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
      });
      if (got < 0) return failure(path_, "read", errno);
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  Result<void> write_at(std::uint64_t offset, ByteSpan bytes) override {
    while (!bytes.empty()) {
      const ssize_t put = uninterrupted(
          [&] { return ::pwrite(descriptor_.number(), bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
      if (put < 0) return failure(path_, "write", errno);
      bytes = bytes.subspan(static_cast<std::size_t>(put));
      offset += static_cast<std::uint64_t>(put);
    }
    return {};
  }

  Result<void> write_pair_at(std::uint64_t offset, ByteSpan head, ByteSpan body) override {
    const std::array<iovec, 2> parts{iovec{const_cast<std::byte*>(head.data()), head.size()},
                                     iovec{const_cast<std::byte*>(body.data()), body.size()}};
    const ssize_t put =
        uninterrupted([&] { return ::pwritev(descriptor_.number(), parts.data(), 2, static_cast<off_t>(offset)); });
    if (put < 0) return failure(path_, "write", errno);
    const auto done = static_cast<std::size_t>(put);
    if (done == head.size() + body.size()) return {};
    // A short write is rare (a full disk, 2 GB): finish piece by piece, which also fetches the reason.
    const std::size_t of_head = std::min(done, head.size());
    ZAN_TRY(write_at(offset + of_head, head.subspan(of_head)));
    const std::size_t of_body = done - of_head;
    return write_at(offset + head.size() + of_body, body.subspan(of_body));
  }

  Result<void> sync() override {
    if (uninterrupted([&] { return ::fdatasync(descriptor_.number()); }) < 0) return failure(path_, "sync", errno);
    return {};
  }

  Result<std::uint64_t> size() const override {
    struct stat status {};
    if (::fstat(descriptor_.number(), &status) < 0) return failure(path_, "stat", errno);
    return static_cast<std::uint64_t>(status.st_size);
  }

  Result<void> truncate(std::uint64_t size) override {
    const auto length = static_cast<off_t>(size);
    if (uninterrupted([&] { return ::ftruncate(descriptor_.number(), length); }) < 0)
      return failure(path_, "truncate", errno);
    return {};
  }

 private:
  Descriptor descriptor_;
  std::string path_;
};

class PosixLock final : public FolderLock {
 public:
  explicit PosixLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

 private:
  Descriptor descriptor_;
};

class PosixDisk final : public Disk {
 public:
  PosixDisk(Descriptor folder, std::string root) : folder_(std::move(folder)), root_(std::move(root)) {}

  Result<std::unique_ptr<File>> open(std::string_view path, OpenMode mode) override {
    const std::string name(path);
    const int flags = mode == OpenMode::read    ? O_RDONLY
                      : mode == OpenMode::write ? O_RDWR | O_CREAT
                                                : O_RDWR | O_CREAT | O_EXCL;
    Descriptor file = open_below(name, flags);
    if (!file.good()) return failure(path, "open", errno);
    return std::unique_ptr<File>(std::make_unique<PosixFile>(std::move(file), name));
  }

  Result<bool> exists(std::string_view path) override {
    const std::string name(path);
    if (::faccessat(folder_.number(), name.c_str(), F_OK, 0) == 0) return true;
    if (errno == ENOENT) return false;
    return failure(path, "look up", errno);
  }

  Result<void> rename(std::string_view from, std::string_view to) override {
    const std::string old_name(from);
    const std::string new_name(to);
    if (::renameat(folder_.number(), old_name.c_str(), folder_.number(), new_name.c_str()) < 0)
      return failure(from, "rename", errno);
    return {};
  }

  Result<void> remove(std::string_view path) override {
    const std::string name(path);
    if (::unlinkat(folder_.number(), name.c_str(), 0) < 0) return failure(path, "remove", errno);
    return {};
  }

  Result<std::vector<std::string>> list(std::string_view folder) override {
    Descriptor opened = open_below(own_or(folder), O_RDONLY | O_DIRECTORY);
    if (!opened.good()) return failure(folder, "open folder", errno);
    DIR* const entries = ::fdopendir(opened.number());
    if (entries == nullptr) return failure(folder, "list", errno);
    opened.release();  // closedir closes it
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(entries)) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    const int code = errno;
    ::closedir(entries);
    if (code != 0) return failure(folder, "list", code);
    std::sort(names.begin(), names.end());
    return names;
  }

  Result<void> make_folder(std::string_view path) override {
    const std::string name(path);
    if (::mkdirat(folder_.number(), name.c_str(), folder_mode) < 0 && errno != EEXIST)
      return failure(path, "make folder", errno);
    return {};
  }

  Result<void> remove_folder(std::string_view path) override {
    const std::string name(path);
    if (::unlinkat(folder_.number(), name.c_str(), AT_REMOVEDIR) == 0) return {};
    if (errno == ENOTEMPTY || errno == EEXIST) return conflict(fmt::format("{}: not empty", path));
    return failure(path, "remove folder", errno);
  }

  // Since Linux 5.8 an I/O error of any file since the last call is told here.
  Result<void> sync_all() override {
    if (uninterrupted([&] { return ::syncfs(folder_.number()); }) < 0) return failure(root_, "sync all", errno);
    return {};
  }

  Result<void> sync_folder(std::string_view path) override {
    Descriptor opened = open_below(own_or(path), O_RDONLY | O_DIRECTORY);
    if (!opened.good()) return failure(path, "open folder", errno);
    if (uninterrupted([&] { return ::fsync(opened.number()); }) < 0) return failure(path, "sync folder", errno);
    return {};
  }

  Result<std::unique_ptr<FolderLock>> lock(std::string_view path) override {
    const std::string name(path);
    Descriptor file = open_below(name, O_RDWR | O_CREAT);
    if (!file.good()) return failure(path, "open", errno);
    if (uninterrupted([&] { return ::flock(file.number(), LOCK_EX | LOCK_NB); }) < 0) {
      if (errno != EWOULDBLOCK) return failure(path, "lock", errno);
      return conflict(fmt::format("{}/{} is held by process {}", root_, path, holder(file)));
    }
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file.number(), 0) < 0 || ::pwrite(file.number(), pid.data(), pid.size(), 0) < 0)
      return failure(path, "write", errno);
    return std::unique_ptr<FolderLock>(std::make_unique<PosixLock>(std::move(file)));
  }

  Result<std::uint64_t> free_bytes() override {
    struct statvfs status {};
    if (::fstatvfs(folder_.number(), &status) < 0) return failure(root_, "statvfs", errno);
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
  }

  std::string root() const override { return root_; }

 private:
  static std::string own_or(std::string_view path) { return path.empty() ? "." : std::string(path); }

  Descriptor open_below(const std::string& name, int flags) const {
    return Descriptor(
        uninterrupted([&] { return ::openat(folder_.number(), name.c_str(), flags | O_CLOEXEC, file_mode); }));
  }

  static std::string holder(const Descriptor& file) {
    std::array<char, 24> text{};
    const ssize_t got = ::pread(file.number(), text.data(), text.size(), 0);
    std::string pid(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    while (!pid.empty() && pid.back() == '\n') pid.pop_back();
    return pid.empty() ? "unknown" : pid;
  }

  Descriptor folder_;
  std::string root_;
};

}  // namespace

Result<std::unique_ptr<Disk>> open_machine_disk(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::path path = fs::absolute(folder, error).lexically_normal();
  if (error) return failure(folder, "resolve", error.value());
  if (!path.has_filename()) path = path.parent_path();  // "data/"
  fs::create_directories(path.parent_path(), error);
  if (error) return failure(folder, "make folder", error.value());
  const bool made = ::mkdir(path.c_str(), folder_mode) == 0;
  if (!made && errno != EEXIST) return failure(folder, "make folder", errno);
  Descriptor opened = open_folder(path);
  if (!opened.good()) return failure(folder, "open folder", errno);
  if (made) {
    const Descriptor parent = open_folder(path.parent_path());
    if (!parent.good() || uninterrupted([&] { return ::fsync(parent.number()); }) < 0)
      return failure(folder, "sync folder", errno);
  }
  return std::unique_ptr<Disk>(std::make_unique<PosixDisk>(std::move(opened), path.string()));
}

}  // namespace zan::storage
