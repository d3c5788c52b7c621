// Question: who asks, what for, and when. Threads: plain values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"

namespace zan::audience {

class SegmentNames;

struct Asker {
  std::string key;     // whose budget it is
  bool exact = false;  // has the right to exact numbers
};

struct Question {
  Asker asker;
  std::uint32_t purpose = 0;  // index of the catalogue
  Timestamp now;
  std::shared_ptr<const SegmentNames> names = nullptr;  // what names mean for all of this question; null: see set_names()
};

}  // namespace zan::audience
