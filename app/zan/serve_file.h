// serve.json in a data folder: which process serves it, and where, so that other commands find the living server.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"

namespace zan::app {

struct ServeFile {
  int pid = 0;
  std::string url;  // "http://127.0.0.1:8080"
};

Result<void> write_serve_file(const std::string& data_folder, const std::string& url);
void remove_serve_file(const std::string& data_folder);

// The living server of a folder; none if the file is not there or its process is gone.
std::optional<ServeFile> find_server(const std::string& data_folder);

// Says what to do about a folder that another process holds; other errors go through as they are.
Error explain_lock(Error error, const std::string& data_folder, const std::string& instead);

}  // namespace zan::app
