#include "storage/disk.h"

namespace zan::storage {
namespace {

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

}  // namespace

Result<Bytes> read_file(Disk& disk, std::string_view path) {
  ZAN_ASSIGN(const auto file, disk.open(path, OpenMode::read));
  ZAN_ASSIGN(const std::uint64_t size, file->size());
  Bytes content(size);
  ZAN_ASSIGN(const std::size_t got, file->read_at(0, content));
  content.resize(got);
  return content;
}

Result<void> make_folders_above(Disk& disk, const std::string& path, std::set<std::string>& known) {
  for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
    const std::string folder = path.substr(0, slash);
    if (!known.insert(folder).second) continue;
    ZAN_TRY(disk.make_folder(folder));
  }
  return {};
}

Result<void> replace_file(Disk& disk, std::string_view path, ByteSpan content) {
  const std::string temporary = std::string(path) + ".tmp";
  {
    ZAN_ASSIGN(const auto file, disk.open(temporary, OpenMode::write));
    ZAN_TRY(file->truncate(0));
    ZAN_TRY(file->write_at(0, content));
    ZAN_TRY(file->sync());
  }
  return disk.rename(temporary, path);
}

Result<void> write_file(Disk& disk, std::string_view path, ByteSpan content) {
  ZAN_TRY(replace_file(disk, path, content));
  return disk.sync_folder(folder_of(path));
}

}  // namespace zan::storage
