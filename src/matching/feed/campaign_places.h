// Campaign places: where something paid may stand in a feed, and the only way it gets there. Whoever runs campaigns
// implements CampaignPlaces; feeds ask it, decide where, and say so in each such item. Without one nothing is paid for.
//
// What holds whatever a campaign offers: the last of each ten places and no other; nothing for minors, who are not even
// asked about; nothing that the person has seen, disliked or wished away, that is blocked, or that stands in the feed by
// itself. It takes the place of another work, never of one of the share for the new. And it teaches nothing: a paid
// showing is no showing to the work, its creator or the models, and what the person does with it tells them nothing.
//
// Threads: offers() is asked by any number at once. Cost: it is within a feed's milliseconds.
#pragma once

#include <cstdint>
#include <vector>

#include "base/ids.h"
#include "matching/candidate.h"

namespace zan::matching {

inline constexpr std::size_t places_a_campaign_place = 10;

struct CampaignQuestion {
  PersonId person;  // 0: nobody known, or nothing personal is wanted
  Scene scene;
  std::size_t places = 0;  // that there are
};

struct CampaignOffer {
  std::uint64_t campaign = 0;  // not 0; the item says it
  SubjectId subject;
};

class CampaignPlaces {
 public:
  virtual ~CampaignPlaces() = default;
  // Best first; more than there are places, as some may not be shown. Each is given at most once.
  [[nodiscard]] virtual std::vector<CampaignOffer> offers(const CampaignQuestion& question) const = 0;
};

}  // namespace zan::matching
