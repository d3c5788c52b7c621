#include "connectors/log_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace zan::connectors {
namespace {

constexpr std::string_view default_prefix = "/log";

class FolderSource final : public LogSource {
 public:
  explicit FolderSource(std::unique_ptr<storage::Disk> disk) : disk_(std::move(disk)), tiles_(*disk_, "") {}

  Result<Bytes> read_tile(const evidence::TileId& tile) override { return tiles_.read_tile(tile); }
  Result<std::string> read_checkpoint() override {
    ZAN_ASSIGN(const Bytes bytes, storage::read_file(*disk_, evidence::log_files::checkpoint));
    return std::string(as_text(bytes));
  }

 private:
  std::unique_ptr<storage::Disk> disk_;
  evidence::DiskTiles tiles_;
};

class ServerSource final : public LogSource {
 public:
  ServerSource(std::unique_ptr<HttpClient> client, LogUrl url) : client_(std::move(client)), url_(std::move(url)) {}

  Result<Bytes> read_tile(const evidence::TileId& tile) override {
    ZAN_ASSIGN(const std::string body, get(evidence::tile_path(tile)));
    const ByteSpan bytes = as_bytes(body);
    return Bytes(bytes.begin(), bytes.end());
  }
  Result<std::string> read_checkpoint() override { return get(evidence::log_files::checkpoint); }

 private:
  Result<std::string> get(std::string_view name) {
    const std::string target = fmt::format("{}/{}", url_.prefix, name);
    ZAN_ASSIGN(HttpAnswer answer, client_->call({.target = target}));
    if (answer.status == 200) return std::move(answer.body);
    const std::string said = fmt::format("{}{}: answered {}", url_.server.url(), target, answer.status);
    if (answer.status == 404) return not_found(said);
    return unavailable(said);
  }

  std::unique_ptr<HttpClient> client_;
  const LogUrl url_;
};

}  // namespace

Result<std::unique_ptr<LogSource>> open_log_folder(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  for (const fs::path& place : {fs::path(folder), fs::path(folder) / evidence::LogOptions().folder}) {
    if (!fs::exists(place / evidence::log_files::checkpoint, ignored)) continue;
    ZAN_ASSIGN(auto disk, storage::open_machine_disk(place.string()));
    return std::unique_ptr<LogSource>(std::make_unique<FolderSource>(std::move(disk)));
  }
  return not_found(fmt::format("{}: neither it nor its folder log has a file checkpoint", folder));
}

Result<LogUrl> parse_prefix_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t path = scheme == std::string_view::npos ? scheme : url.find('/', scheme + 3);
  LogUrl parsed;
  ZAN_ASSIGN(parsed.server, parse_server_url(url.substr(0, path)));
  parsed.prefix = path == std::string_view::npos ? "" : url.substr(path);
  while (parsed.prefix.ends_with('/')) parsed.prefix.pop_back();
  if (std::ranges::any_of(parsed.prefix, [](char c) { return c <= ' ' || c >= 0x7f || c == '?' || c == '#'; }))
    return invalid("\"" + std::string(url) + "\" is not http://HOST:PORT/PREFIX");
  return parsed;
}

Result<LogUrl> parse_log_url(std::string_view url) {
  ZAN_ASSIGN(LogUrl parsed, parse_prefix_url(url));
  if (parsed.prefix.empty()) parsed.prefix = default_prefix;
  return parsed;
}

Result<std::unique_ptr<LogSource>> open_log_server(const LogUrl& url, const std::string& api_key) {
  ZAN_ASSIGN(auto client, HttpClient::connect({url.server, api_key, "zan-log-reader"}));
  return std::unique_ptr<LogSource>(std::make_unique<ServerSource>(std::move(client), url));
}

}  // namespace zan::connectors
