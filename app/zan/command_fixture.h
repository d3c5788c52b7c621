// CommandFixture: a temporary folder for what commands read and write, and the signals as the program has them, for tests of the
// subcommands.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "base/scratch_folder.h"
#include "zan/command_line.h"
#include "zan/interrupts.h"

namespace zan::app {

class CommandFixture : public testing::Test {
 public:
  struct Said {
    int code;
    std::string out, err;
  };

 protected:
  // A signal that a test sends may come before the command waits for it.
  CommandFixture() { Interrupts::listen(); }

  static Said zan(std::vector<std::string> arguments) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = run_command_line(std::move(arguments));
    std::fflush(stdout);
    std::string err = testing::internal::GetCapturedStderr();
    return {code, testing::internal::GetCapturedStdout(), std::move(err)};
  }

  [[nodiscard]] const std::string& folder() const { return folder_.path(); }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_.at(name); }
  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
    return path(name);
  }
  [[nodiscard]] static std::string content(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

 private:
  ScratchFolder folder_;
};

}  // namespace zan::app
