#include <algorithm>
#include <array>

#include "matching/sources/row_places.h"
#include "matching/sources/source.h"

namespace zan::matching {
namespace {

constexpr std::array<Source, 7> all{{
    {SourceKind::similar, true, find_similar},
    {SourceKind::taste, true, find_taste},
    {SourceKind::content, true, find_content},
    {SourceKind::followed, true, find_followed},
    {SourceKind::trending, false, find_trending},
    {SourceKind::scene, false, find_scene},
    {SourceKind::fresh, false, find_fresh},
}};

constexpr float fusion = 60;

// What is behind a person beyond a like and a long view each is not told apart.
constexpr float liking_least = 0.05F;

void merge(Candidate& into, const Candidate& other) {
  into.sources |= other.sources;
  into.standing += other.standing;
  if (other.similar != 0) {
    into.similar = other.similar;
    into.because = other.because;
  }
  if (other.taste != 0) into.taste = other.taste;
  if (into.because_tag == 0) into.because_tag = other.because_tag;
}

}  // namespace

std::span<const Source> sources() { return all; }

std::vector<LikedTag> liked_tags(const Person& person, std::uint32_t now_s, std::size_t count) {
  std::vector<LikedTag> liked;
  for (const Taste& stored : person.tags) {
    const Wish wish = person.wish(WishOf::tag, stored.number);
    if (wish == Wish::never) continue;
    const Taste taste = faded(stored, now_s);
    float liking = (taste.long_views + 2 * taste.likes - taste.against) / (taste.shown + 4);
    if (wish == Wish::less) liking /= 4;
    if (liking > liking_least) liked.push_back({stored.number, liking});
  }
  for (const PersonWish& wish : person.wishes) {
    if (wish.of != WishOf::tag || wish.wish != Wish::more) continue;
    const auto known = std::find_if(liked.begin(), liked.end(), [&](const LikedTag& one) { return one.tag == wish.number; });
    if (known == liked.end()) {
      liked.push_back({wish.number, 1});
    } else {
      known->liking += 1;
    }
  }
  std::sort(liked.begin(), liked.end(), [](const LikedTag& a, const LikedTag& b) {
    return a.liking != b.liking ? a.liking > b.liking : a.tag < b.tag;
  });
  if (liked.size() > count) liked.resize(count);
  return liked;
}

std::vector<Candidate> gather(const Asking& asking, bool personal) {
  std::vector<Candidate> named, found;
  for (const Source& source : all) {
    if (source.personal && !personal) continue;
    found.clear();
    source.find(asking, found);
    for (std::size_t place = 0; place < found.size(); ++place) {
      Candidate& one = found[place];
      one.source = source.kind;
      one.sources = bit(source.kind);
      one.standing = 1 / (fusion + static_cast<float>(place));
      named.push_back(one);
    }
  }
  std::vector<Candidate> merged;
  merged.reserve(named.size());
  RowPlaces places(named.size());
  for (const Candidate& one : named) {
    const std::uint32_t place = places.add(one.work, static_cast<std::uint32_t>(merged.size()));
    if (place == merged.size()) {
      merged.push_back(one);
    } else if ((merged[place].sources & one.sources) == 0) {
      merge(merged[place], one);
    }
  }
  return merged;
}

}  // namespace zan::matching
