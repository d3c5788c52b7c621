// The rules that ship: in service wherever nobody put others there. Careful ones: what people do, however many of them at
// once and behind one address, none of them touches. docs/rules.md shows them, intake_test.cc and the measurement of
// decoys (docs/integrity.md) hold them to it.
#pragma once

#include <string_view>

namespace zan::integrity {

extern const std::string_view default_rules;

}  // namespace zan::integrity
