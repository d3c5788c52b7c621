// Catalogues from strangers: refused for a reason, or whole.
#include <cstdint>
#include <string_view>

#include "audience/catalogue/catalogue.h"
#include "base/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace zan::audience;
  const auto catalogue = Catalogue::parse({reinterpret_cast<const char*>(data), size});
  if (!catalogue.ok()) {
    zan::require(!catalogue.error().message.empty(), "what is refused is refused for a reason");
    return 0;
  }
  for (const Tag& tag : (*catalogue)->tags()) {
    zan::require((*catalogue)->find(tag.name) == &tag, "a tag is found by its name");
    zan::require(!(*catalogue)->explain(tag, Tongue::zh).empty(), "a tag says how it comes about");
    zan::require(tag.first.number + tag.value_count() <= (*catalogue)->value_count(), "values have numbers");
  }
  return 0;
}
