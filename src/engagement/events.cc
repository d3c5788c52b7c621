#include "engagement/events.h"

namespace zan::engagement {

const char* to_string(ActType type) {
  switch (type) {
    case ActType::like:
      return "like";
    case ActType::unlike:
      return "unlike";
    case ActType::dislike:
      return "dislike";
    case ActType::view:
      return "view";
    case ActType::complete:
      return "complete";
    case ActType::comment:
      return "comment";
    case ActType::follow:
      return "follow";
    case ActType::unfollow:
      return "unfollow";
    case ActType::share:
      return "share";
    case ActType::profile_visit:
      return "profile_visit";
  }
  return "unknown";
}

const char* to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::genuine:
      return "genuine";
    case Verdict::held:
      return "held";
    case Verdict::rejected:
      return "rejected";
  }
  return "unknown";
}

const char* to_string(Tallied kind) {
  switch (kind) {
    case Tallied::likes:
      return "likes";
    case Tallied::dislikes:
      return "dislikes";
    case Tallied::views:
      return "views";
    case Tallied::completes:
      return "completes";
    case Tallied::comments:
      return "comments";
    case Tallied::shares:
      return "shares";
    case Tallied::follows:
      return "follows";
    case Tallied::profile_visits:
      return "profile_visits";
  }
  return "unknown";
}

}  // namespace zan::engagement
