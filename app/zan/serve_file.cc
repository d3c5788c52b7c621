#include "zan/serve_file.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "storage/storage.h"

namespace zan::app {
namespace {

constexpr const char* file_name = "serve.json";
constexpr std::string_view pid_key = R"("pid":)";
constexpr std::string_view url_key = R"("url":")";

bool alive(int pid) {
  return ::kill(pid, 0) == 0 || errno == EPERM;
}

// Only what write_serve_file writes.
std::optional<ServeFile> parse(std::string_view text) {
  ServeFile file;
  const std::size_t pid = text.find(pid_key);
  const std::size_t url = text.find(url_key);
  if (pid == std::string_view::npos || url == std::string_view::npos) return std::nullopt;
  const char* digits = text.data() + pid + pid_key.size();
  if (std::from_chars(digits, text.data() + text.size(), file.pid).ec != std::errc() || file.pid <= 0)
    return std::nullopt;
  const std::string_view rest = text.substr(url + url_key.size());
  file.url = rest.substr(0, rest.find('"'));
  return file;
}

}  // namespace

Result<void> write_serve_file(const std::string& data_folder, const std::string& url) {
  ZAN_ASSIGN(const auto disk, storage::open_machine_disk(data_folder));
  const std::string text = fmt::format("{{{}{},{}{}\"}}\n", pid_key, ::getpid(), url_key, url);
  return storage::write_file(*disk, file_name, as_bytes(text));
}

void remove_serve_file(const std::string& data_folder) {
  if (auto disk = storage::open_machine_disk(data_folder); disk.ok()) (void)(*disk)->remove(file_name);
}

std::optional<ServeFile> find_server(const std::string& data_folder) {
  if (::access(data_folder.c_str(), R_OK) != 0) return std::nullopt;
  auto disk = storage::open_machine_disk(data_folder);
  if (!disk.ok()) return std::nullopt;
  const auto bytes = storage::read_file(**disk, file_name);
  if (!bytes.ok()) return std::nullopt;
  auto file = parse(as_text(*bytes));
  return file && alive(file->pid) ? file : std::nullopt;
}

Error explain_lock(Error error, const std::string& data_folder, const std::string& instead) {
  if (error.kind != ErrorKind::conflict || !error.field.empty()) return error;
  const auto server = find_server(data_folder);
  error.message += server ? fmt::format("; it is served at {}: {}", server->url, instead) : "; stop it first";
  return error;
}

}  // namespace zan::app
