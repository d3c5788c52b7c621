// Every decoder of what strange servers say. The first byte says which one.
#include <algorithm>
#include <cstdint>
#include <string_view>

#include "base/require.h"
#include "connectors/http_reader.h"
#include "connectors/log_source.h"
#include "connectors/subject_audit.h"

namespace {

using namespace zan;
using namespace zan::connectors;

// In pieces of the length that the first byte says.
void try_answers(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::size_t piece = std::max<std::size_t>(1, static_cast<unsigned char>(bytes[0]));
  HttpReader reader;
  for (bytes.remove_prefix(1); !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    reader.add(bytes.substr(0, piece));
    for (;;) {
      const auto answer = reader.take();
      if (!answer.ok()) return;
      if (!*answer) break;
      require((*answer)->status >= 200 && (*answer)->status <= 999, "an answer has a status");
    }
  }
}

void try_page(std::string_view json) {
  auto page = parse_evidence_page(json, "v1");
  if (page.ok() && check_rows(page->rows, "v1").ok()) {
    const LikeCounts counts = sum_rows(page->rows);
    require(std::min({counts.likes, counts.dislikes, counts.incentivised_likes, counts.incentivised_dislikes}) >= 0,
            "rows that follow from each other add up to no less than nothing");
  }
}

void try_url(std::string_view text) {
  const auto url = parse_prefix_url(text);
  if (!url.ok()) return;
  require(url->prefix.find_first_of("\r\n ") == std::string::npos, "a prefix is no second header");
  require(!url->prefix.ends_with('/'), "a prefix has no '/' at its end");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'a':
      try_answers(bytes);
      break;
    case 'p':
      try_page(bytes);
      break;
    case 'c':
      (void)parse_like_counts(bytes).ok();
      break;
    case 'u':
      try_url(bytes);
      break;
    default:
      break;
  }
  return 0;
}
