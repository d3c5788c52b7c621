// Questions: the one implementation of Reads, over a Store.
//
//   questions.cc  counts, hydrate, attributes, top
//   lists.cc      a user's likes, a subject's likers
//   export.cc     everything held about a user
#pragma once

#include <atomic>
#include <mutex>

#include "base/clock.h"
#include "engagement/cursor.h"
#include "engagement/names.h"
#include "engagement/reads.h"
#include "engagement/store.h"
#include "engagement/trending.h"

namespace zan::engagement {

class Questions final : public Reads {
 public:
  Questions(const Store& store, const storage::Journal& journal, const Trending& trending, const HashKey& secret,
            const Clock& clock)
      : store_(store), journal_(journal), trending_(trending), secret_(secret), clock_(clock) {}

  Result<Tally> subject_counts(std::string_view subject) const override;
  Result<Tally> user_counts(std::string_view user) const override;
  Result<Tally> creator_counts(std::string_view creator) const override;
  bool made_by(std::string_view subject, std::string_view creator) const override;
  Result<std::string> subject_creator(std::string_view subject) const override;
  Result<void> hydrate(std::string_view viewer, const std::vector<std::string_view>& subjects,
                       std::vector<Hydrated>& out) const override;
  Result<ListPage> user_likes(std::string_view user, std::size_t limit, std::string_view cursor) const override;
  Result<ListPage> likers(std::string_view subject, std::size_t limit, std::string_view cursor) const override;
  Result<std::vector<PersonId>> latest_likers(std::string_view subject) const override;
  Result<std::vector<TopItem>> top(TopWindow window, std::size_t limit) const override;
  Result<std::string> subject_attributes(std::string_view subject) const override;
  Result<std::string> user_attributes(std::string_view user) const override;
  Result<void> export_user(std::string_view user,
                           const std::function<Result<void>(std::string_view piece)>& write) const override;

 private:
  // How long an answer of top() is given again.
  static constexpr std::int64_t top_fresh_us = us_per_second;
  struct CachedTop {
    std::int64_t made_us = -top_fresh_us;
    std::vector<Trending::Item> items;
  };

  [[nodiscard]] EntityId find(storage::NameKind kind, std::string_view name) const;
  Result<Tally> counts(storage::NameKind kind, std::string_view name) const;
  [[nodiscard]] CreatorId creator_of(std::string_view subject) const;
  Result<std::vector<Trending::Item>> top_subjects(TopWindow window) const;
  [[nodiscard]] std::vector<Trending::Item> top_of_all() const;

  const Store& store_;
  const storage::Journal& journal_;
  const Trending& trending_;
  const HashKey secret_;
  const Clock& clock_;
  mutable std::mutex top_mutex_;
  mutable std::array<CachedTop, 3> tops_;
};

}  // namespace zan::engagement
