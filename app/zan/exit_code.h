// What `zan` says with its exit code, and how it tells an error.
#pragma once

#include "base/result.h"

namespace zan::app {

enum ExitCode : int {
  exit_ok = 0,
  exit_failed = 1,
  exit_usage = 2,     // the command line makes no sense
  exit_findings = 3,  // it ran, and something is wrong with the data: damage, findings, refused rows
  exit_alarm = 4,     // a transparency log contradicts itself, or its counts contradict it
  exit_interrupted = 130,
};

// Prints "zan: <message>" to standard error and returns the code for the error's kind.
int fail(const Error& error);

}  // namespace zan::app
