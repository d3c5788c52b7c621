#include "zan/demo_people.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace zan::app {
namespace {

using accounts::Account;
using accounts::Role;

constexpr std::size_t works_asked = 20;  // for the viewers who liked them
constexpr std::size_t works_wanted = 2;  // of a creator, among the most liked

Account of_role(Role role, Timestamp now) {
  Account account;
  account.name = std::string(accounts::demo_prefix) + std::string(to_string(role));
  account.role = role;
  account.created = now;
  return account;
}

std::uint64_t genuine_acts(const engagement::Tally& tally) {
  return std::accumulate(std::begin(tally.organic), std::end(tally.organic), std::uint64_t{0});
}

// Keeps whoever has more, of two equals the first by name.
struct Most {
  std::string name;
  std::uint64_t count = 0;

  void offer(const std::string& other, std::uint64_t its_count) {
    if (its_count == 0 || its_count < count || (its_count == count && name <= other)) return;
    name = other;
    count = its_count;
  }
};

std::string choose_creator(const engagement::Reads& reads, const std::vector<engagement::TopItem>& works) {
  std::map<std::string, std::size_t> made;
  for (const engagement::TopItem& work : works)
    if (const auto creator = reads.subject_creator(work.subject); creator.ok() && !creator->empty()) ++made[*creator];
  Most of_several, of_all;
  for (const auto& [creator, count] : made) {
    const auto tally = reads.creator_counts(creator);
    if (!tally.ok()) continue;
    of_all.offer(creator, genuine_acts(*tally));
    if (count >= works_wanted) of_several.offer(creator, genuine_acts(*tally));
  }
  return of_several.name.empty() ? of_all.name : of_several.name;
}

std::string choose_viewer(const engagement::Reads& reads, const std::vector<engagement::TopItem>& works) {
  std::set<std::string> people;
  for (std::size_t i = 0; i < std::min(works.size(), works_asked); ++i) {
    const auto page = reads.likers(works[i].subject, engagement::page_items_max, {});
    if (!page.ok()) continue;
    for (const engagement::ListItem& item : page->items) people.insert(item.name);
  }
  Most most;
  for (const std::string& user : people)
    if (const auto tally = reads.user_counts(user); tally.ok()) most.offer(user, genuine_acts(*tally));
  return most.name;
}

}  // namespace

std::vector<Account> demo_staff(Timestamp now) {
  return {of_role(Role::operator_, now), of_role(Role::brand, now), of_role(Role::auditor, now)};
}

std::vector<Account> demo_people(const engine::Engine& engine, Timestamp now) {
  std::vector<Account> people = demo_staff(now);
  const auto works = engine.reads().top(engagement::TopWindow::all, engagement::top_items_max);
  if (!works.ok()) return people;
  Account creator = of_role(Role::creator, now), viewer = of_role(Role::viewer, now);
  creator.creator = choose_creator(engine.reads(), *works);
  viewer.user = choose_viewer(engine.reads(), *works);
  if (!creator.creator.empty()) people.push_back(std::move(creator));
  if (!viewer.user.empty()) people.push_back(std::move(viewer));
  return people;
}

}  // namespace zan::app
