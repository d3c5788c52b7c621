#include "problems/audience.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "load/tagged_people.h"
#include "measure/clock.h"
#include "measure/fail.h"
#include "measure/histogram.h"
#include "measure/scratch.h"
#include "problems/audience_rival.h"

namespace zan::bench {

namespace {

struct Asked {
  std::vector<Question> questions;
  std::vector<std::uint64_t> expected;

  Asked(const TaggedPeople& people, std::size_t count, std::uint32_t terms)
      : questions(random_questions(count, terms, people.tags(), 42)) {
    for (const Question& question : questions) expected.push_back(people.count(question));
  }
};

// Each question `asks` times in a row; the quickest counts, as what other programs of the machine take is nobody's cost.
Histogram ask_all(AudienceContender& contender, const std::string& name, const Asked& asked, std::size_t count,
                  int asks) {
  Histogram times;
  for (std::size_t i = 0; i < std::min(count, asked.questions.size()); ++i) {
    contender.prepare(asked.questions[i]);
    std::int64_t least_ns = std::numeric_limits<std::int64_t>::max();
    for (int ask = 0; ask < asks; ++ask) {
      const std::int64_t start = now_ns();
      const std::uint64_t people = contender.count();
      least_ns = std::min(least_ns, now_ns() - start);
      if (people != asked.expected[i])
        fail("{}: question {} means {} people, expected {}", name, i, people, asked.expected[i]);
    }
    times.record(least_ns);
  }
  return times;
}

}  // namespace

void run_audience(Context& context, const AudienceOptions& options) {
  const TaggedPeople people(options.people, options.tags, 1);
  const Asked asked(people, options.questions, options.terms);
  const std::string variant = fmt::format("{} people, {} tags", short_number(options.people), options.tags);
  for (const std::string name : {"zan", "zan, 2 threads", "redis", "postgres"}) {
    if (!context.wants(name)) continue;
    const ScratchFolder folder(context.scratch, "audience");
    const Stopwatch loading;
    const auto contender = make_audience_contender(name, people, context.redis, folder.path());
    const double load_s = loading.seconds();
    const std::size_t count = name == "postgres" ? options.postgres_questions : options.questions;
    for (int i = 1; i <= context.repetitions; ++i) {
      const Histogram times = ask_all(*contender, name, asked, count, options.asks);
      context.recorder.add({"audience",
                            variant,
                            name,
                            i,
                            {{"p50_ms", times.quantile_ms(0.5)},
                             {"p99_ms", times.quantile_ms(0.99)},
                             {"questions", static_cast<double>(times.count())},
                             {"memory_mb", contender->memory_mb()},
                             {"load_s", load_s}}});
    }
  }
}

void check_audience() {
  const TaggedPeople people(200'000, 40, 1);
  const Asked asked(people, 100, 5);
  for (const std::string name : {"zan", "zan, 2 threads"})
    ask_all(*make_audience_contender(name, people, {}, {}), name, asked, 100, 2);
}

}  // namespace zan::bench
