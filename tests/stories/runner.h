// Runs a story against the real binary, or, in the runner's own test, against whatever listens on a port.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "story.h"

namespace zan::stories {

// Where a story's server comes from.
class Stage {
 public:
  virtual ~Stage() = default;
  virtual std::uint16_t port() const = 0;
  virtual void stop() = 0;  // cleanly; Trouble when it does not end with 0
  virtual void kill() = 0;  // kill -9
  virtual void start(const std::vector<std::string>& arguments) = 0;
  virtual void check() = 0;  // `zan check` on the stopped data folder; Trouble when it finds something
};

// For so long a step marked `soon` is asked again.
inline constexpr int soon_seconds = 30;

// Throws testing_support::Trouble with the line in the story and what differs. run_story_on_zan: on a fresh data folder.
void run_story(const Story& story, Stage& stage);
void run_story_on_zan(const Story& story, const std::filesystem::path& zan);

}  // namespace zan::stories
