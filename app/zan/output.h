// Output: where an export or a generated file goes, standard output or a file that appears only when it is whole.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace zan::app {

class Output {
 public:
  // `path` "-" or empty: standard output. conflict: the file exists.
  static Result<std::unique_ptr<Output>> open(const std::string& path);
  ~Output();  // a file that was not finished is removed
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  Result<void> write(std::string_view text);
  Result<void> finish();

 private:
  Output(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
  Error failure() const;

  std::string path_;  // empty: standard output
  std::FILE* file_;
};

}  // namespace zan::app
