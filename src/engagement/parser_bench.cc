// What one event costs from JSON to Act, hashes of all names included.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "base/require.h"
#include "engagement/parser.h"

namespace {

using namespace zan;
using namespace zan::engagement;

constexpr int line_count = 4096;

// Lines with padding after the last; `offsets` has one entry more than there are lines.
struct Lines {
  std::string bytes;
  std::vector<std::size_t> offsets;
};

template <typename Write>
Lines make_lines(Write write) {
  Lines lines;
  Rng rng(1);
  for (int i = 0; i < line_count; ++i) {
    lines.offsets.push_back(lines.bytes.size());
    write(lines.bytes, i, rng);
  }
  lines.offsets.push_back(lines.bytes.size());
  lines.bytes.append(Parser::padding_bytes, ' ');
  return lines;
}

void like(std::string& out, int i, Rng& rng) {
  out += R"({"type":"like","id":"e)" + std::to_string(i) + R"(","actor":"u)" + std::to_string(rng.below(10'000'000)) +
         R"(","subject":"v)" + std::to_string(rng.below(1'000'000)) + R"(","at":)" +
         std::to_string(1'650'899'141'436 + i) + "}\n";
}

void bare_like(std::string& out, int, Rng& rng) {
  out += R"({"type":"like","actor":"u)" + std::to_string(rng.below(10'000'000)) + R"(","subject":"v)" +
         std::to_string(rng.below(1'000'000)) + "\"}\n";
}

void full_view(std::string& out, int i, Rng& rng) {
  out += R"({"type":"view","id":"e)" + std::to_string(i) + R"(","actor":)" + std::to_string(rng.below(10'000'000)) +
         R"(,"subject":)" + std::to_string(rng.below(1'000'000)) + R"(,"creator":)" + std::to_string(rng.below(1000)) +
         R"(,"at":"2022-04-25T15:05:41.436Z","watch_ms":7000,"duration_ms":31000,"device":"8f2c6b1a9d",)"
         R"("network":"203.0.113.9","region":"CN-44","surface":"feed","incentivised":false})"
         "\n";
}

void comment(std::string& out, int i, Rng& rng) {
  like(out, i, rng);
  out.resize(out.size() - 2);
  out.replace(out.rfind("like"), 4, "comment");
  out += R"(,"text":"so good \ud83d\ude00"})"
         "\n";
}

void run(benchmark::State& state, const Lines& lines, Readers readers) {
  Parser parser(HashKey{1}, readers);
  ActBatch batch;
  for (auto _ : state) {
    batch.acts.clear();
    batch.arena.clear();
    for (std::size_t i = 0; i < line_count; ++i) {
      const std::string_view line(lines.bytes.data() + lines.offsets[i], lines.offsets[i + 1] - lines.offsets[i]);
      require(parser.parse_event(line, static_cast<std::uint32_t>(i), batch).ok(), "every line is good");
    }
    require(batch.acts.size() == line_count, "every line is an act");
  }
  state.SetItemsProcessed(state.iterations() * line_count);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(lines.bytes.size()));
}

void like_bare(benchmark::State& state) {
  run(state, make_lines(bare_like), Readers::both);
}
void like_with_id_and_time(benchmark::State& state) {
  run(state, make_lines(like), Readers::both);
}
void view_with_everything(benchmark::State& state) {
  run(state, make_lines(full_view), Readers::both);
}
void comment_with_escapes(benchmark::State& state) {
  run(state, make_lines(comment), Readers::both);
}
void like_by_simdjson_alone(benchmark::State& state) {
  run(state, make_lines(like), Readers::complete);
}
void view_by_simdjson_alone(benchmark::State& state) {
  run(state, make_lines(full_view), Readers::complete);
}

BENCHMARK(like_bare);
BENCHMARK(like_with_id_and_time);
BENCHMARK(view_with_everything);
BENCHMARK(comment_with_escapes);
BENCHMARK(like_by_simdjson_alone);
BENCHMARK(view_by_simdjson_alone);

}  // namespace
