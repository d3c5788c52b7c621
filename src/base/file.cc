#include "base/file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace zan {
namespace {

constexpr mode_t owner_only = 0600;

Error system_error(const std::string& what) {
  return unavailable(what + ": " + std::strerror(errno));
}

struct Descriptor {
  int fd = -1;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

Result<void> write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_error(path);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

// Makes a name in a folder durable.
Result<void> sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const Descriptor opened{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (opened.fd < 0 || ::fsync(opened.fd) != 0) return system_error(folder);
  return {};
}

}  // namespace

Result<std::string> read_whole(const std::string& path, std::size_t bytes_max) {
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0 && errno == ENOENT) return std::string();
  if (file.fd < 0) return system_error(path);
  std::string bytes;
  std::array<char, 8192> buffer;
  for (;;) {
    const ssize_t got = ::read(file.fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error(path);
    if (got == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
    if (bytes.size() > bytes_max) return corrupt(path + ": too large");
  }
}

Result<void> replace_file(const std::string& path, std::string_view bytes) {
  const std::string fresh = path + ".new";
  const Descriptor file{::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, owner_only)};
  if (file.fd < 0) return system_error(fresh);
  ZAN_TRY(write_all(file.fd, bytes, fresh));
  if (::fsync(file.fd) != 0) return system_error(fresh);
  if (::rename(fresh.c_str(), path.c_str()) != 0) return system_error(path);
  return sync_folder_of(path);
}

std::string stamp_of(const std::string& path) {
  struct stat file {};
  if (::stat(path.c_str(), &file) != 0) return "none";
  return std::to_string(file.st_ino) + "." + std::to_string(file.st_size) + "." + std::to_string(file.st_mtim.tv_sec) +
         "." + std::to_string(file.st_mtim.tv_nsec);
}

Result<void> move_file(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) == 0) return sync_folder_of(to);
  if (errno == ENOENT) return {};
  return system_error(from);
}

Result<FileLock> FileLock::take(const std::string& path) {
  Descriptor file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, owner_only)};
  if (file.fd < 0) return system_error(path);
  while (::flock(file.fd, LOCK_EX) != 0)
    if (errno != EINTR) return system_error(path);
  return FileLock(std::exchange(file.fd, -1));
}

FileLock::~FileLock() {
  if (fd_ >= 0) ::close(fd_);
}

Result<AppendFile> AppendFile::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, owner_only);
  if (fd < 0) return system_error(path);
  AppendFile file(fd, path);
  ZAN_TRY(sync_folder_of(path));
  return file;
}

AppendFile::~AppendFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<void> AppendFile::append(std::string_view bytes) {
  ZAN_TRY(write_all(fd_, bytes, path_));
  if (::fdatasync(fd_) != 0) return system_error(path_);
  return {};
}

Result<void> AppendFile::cut(std::uint64_t bytes) {
  if (::ftruncate(fd_, static_cast<off_t>(bytes)) != 0 || ::fsync(fd_) != 0) return system_error(path_);
  return {};
}

}  // namespace zan
