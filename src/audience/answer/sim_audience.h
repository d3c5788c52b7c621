// A made-up audience for tests: a small catalogue's worth of people behind Answers, and the same people as plain rows.
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "audience/answer/answers.h"
#include "audience/derive/deriver.h"
#include "base/random.h"

namespace zan::audience {

inline constexpr Timestamp sim_now{1'700'438'400'000'000};  // 2023-11-20 08:00 in UTC+8

// One person as declared: what the brute-force twin looks at.
struct SimPerson {
  std::size_t age = 0, region = 0;  // index of the value; region 0..3
  bool creator = false, agrees = false, refuses = false;
};

class SimAudience {
 public:
  explicit SimAudience(std::uint32_t people, std::uint64_t seed = 1, const AnswerRules& rules = {})
      : answers(catalogue, store, events, secret, rules), people_(people) {
    Rng rng(seed);
    for (std::uint32_t user = 0; user < people; ++user) {
      SimPerson& one = people_[user];
      one.age = static_cast<std::size_t>(rng.below(7));
      one.region = static_cast<std::size_t>(rng.below(4));
      one.creator = rng.chance(0.2);
      one.agrees = rng.chance(0.7);
      one.refuses = !one.agrees && rng.chance(0.3);
      put(user);
    }
  }

  void put(std::uint32_t user) {
    const SimPerson& one = people_[user];
    const auto value = [&](const char* tag, std::size_t index) { return catalogue->find(tag)->values[index].name; };
    std::string json = R"({"age_band":")" + value("age_band", one.age) + R"(","region":")" +
                       value("region", one.region) + R"(","custom":{"creator":)" + (one.creator ? "true" : "false");
    if (one.agrees || one.refuses) {
      const std::string says = one.agrees ? "true" : "false";
      json += ",\"consent.targeting\":" + says + ",\"consent.reports\":" + says;
    }
    const auto put = deriver.put_user({user + 1}, json + "}}");
    require(put.ok(), "a made-up person can be put");
  }

  [[nodiscard]] Node parse(std::string_view text) const {
    const SegmentOr read = parse_segment(text, *catalogue);
    if (const auto* problem = std::get_if<SegmentProblem>(&read)) require(false, to_text(*problem).c_str());
    return std::get<Node>(read);
  }
  [[nodiscard]] Question question(const char* purpose, bool exact, const char* key = "k") const {
    return {{key, exact}, *catalogue->purpose(purpose), sim_now};
  }
  // Ages 0 and 1 are minors.
  [[nodiscard]] static bool may_be_targeted(const SimPerson& one) { return one.agrees && one.age >= 2; }
  [[nodiscard]] static bool may_be_reported(const SimPerson& one) { return !one.refuses; }
  template <typename In>
  [[nodiscard]] std::uint64_t how_many(In in) const {
    std::uint64_t total = 0;
    for (const SimPerson& one : people_) total += in(one) ? 1 : 0;
    return total;
  }
  [[nodiscard]] std::vector<SimPerson>& people() { return people_; }

  std::shared_ptr<const Catalogue> catalogue = Catalogue::standard();
  TagStore store;
  EventIndex events{catalogue->categories().size(), catalogue->zone_us()};
  Deriver deriver{catalogue, store};
  HashKey secret{1, 2, 3};
  Answers answers;

 private:
  std::vector<SimPerson> people_;
};

}  // namespace zan::audience
