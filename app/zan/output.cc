#include "zan/output.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace zan::app {
namespace {

std::string partial(const std::string& path) {
  return path + ".part";
}

}  // namespace

Result<std::unique_ptr<Output>> Output::open(const std::string& path) {
  if (path.empty() || path == "-") return std::unique_ptr<Output>(new Output("", stdout));
  if (::access(path.c_str(), F_OK) == 0) return conflict(path + " exists; give another name", "--out");
  std::FILE* file = std::fopen(partial(path).c_str(), "w");
  if (file == nullptr) return unavailable(partial(path) + ": " + std::strerror(errno));
  return std::unique_ptr<Output>(new Output(path, file));
}

Output::~Output() {
  if (path_.empty() || file_ == nullptr) return;
  std::fclose(file_);
  ::unlink(partial(path_).c_str());
}

Error Output::failure() const {
  return unavailable((path_.empty() ? "standard output" : path_) + ": " + std::strerror(errno));
}

Result<void> Output::write(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), file_) != text.size()) return failure();
  return {};
}

Result<void> Output::finish() {
  if (std::fflush(file_) != 0) return failure();
  if (path_.empty()) return {};
  const bool closed = ::fsync(::fileno(file_)) == 0 && std::fclose(file_) == 0;
  file_ = nullptr;
  if (!closed || std::rename(partial(path_).c_str(), path_.c_str()) != 0) return failure();
  return {};
}

}  // namespace zan::app
