#include "audience/suggest/suggester.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace zan::audience {
namespace {

using simdjson::dom::element;

// What kind of term it is, so that a tag and a creator of the same name are two.
constexpr std::string_view of_word = "w:", of_creator = "c:", of_category = "g:", of_length = "l:";

std::string term(std::string_view kind, std::string_view text) {
  return std::string(kind) + std::string(text);
}
bool is(std::string_view kind, const std::string& term) {
  return term.starts_with(kind);
}

void add_once(std::vector<std::string>& to, std::string text) {
  if (std::find(to.begin(), to.end(), text) == to.end()) to.push_back(std::move(text));
}

const char* length_of(std::uint64_t duration_ms) {
  if (duration_ms < 15'000) return "15s";
  if (duration_ms < 60'000) return "1m";
  if (duration_ms < 300'000) return "5m";
  return duration_ms < 1'200'000 ? "20m" : "longer";
}

std::string text_at(element root, std::string_view key) {
  std::string_view text;
  return root[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

Result<Video> video_of(std::string_view attributes) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(simdjson::padded_string(attributes)).get(root) != simdjson::SUCCESS || !root.is_object())
    return corrupt("a subject's attributes are no JSON");
  Video video;
  video.title = text_at(root, "title");
  video.creator = text_at(root, "creator");
  simdjson::dom::array tags;
  if (root["tags"].get(tags) == simdjson::SUCCESS) {
    for (const element tag : tags) {
      std::string_view text;
      if (tag.get(text) == simdjson::SUCCESS) video.tags.emplace_back(text);
    }
  }
  std::uint64_t duration_ms = 0;
  if (root["duration_ms"].get(duration_ms) == simdjson::SUCCESS) video.duration_ms = duration_ms;
  return video;
}

bool serves(const Tag& tag, std::uint32_t purpose) {
  return std::find(tag.purposes.begin(), tag.purposes.end(), purpose) != tag.purposes.end();
}

bool is_interest(const Tag& tag) {
  return tag.category && !tag.rule.all.empty() && tag.rule.all.front().measure == Measure::interest;
}

// Of those that nearly everybody shares only what nobody minds, and ages.
bool may_be_shared(const Tag& tag) {
  const bool age = std::any_of(tag.values.begin(), tag.values.end(), [](const TagValue& one) { return one.adult; });
  return tag.type == TagType::one_of && tag.source == TagSource::declared &&
         (age || tag.sensitivity == Sensitivity::ordinary);
}

Node leaf_of(const Tag& tag) {
  Node node;
  node.kind = tag.type == TagType::flag ? NodeKind::flag : NodeKind::any_of;
  node.name = tag.name;
  return node;
}

// How much it says: what is common among them, and not elsewhere.
double strength(const Evidence& one) {
  return (one.share - one.base_share) * std::log(one.share / std::max(one.base_share, 1e-6));
}

}  // namespace

struct Suggester::Draft {
  Terms terms;
  std::vector<NearSubject> near;
  std::vector<std::pair<std::uint32_t, Evidence>> interests;  // by category
  std::vector<Evidence> shared;
  Suggestion out;
};

Suggester::Suggester(Answers& answers, const SubjectIndex& subjects, const SuggestRules& rules,
                     const TermLimits& limits)
    : answers_(answers), subjects_(subjects), rules_(rules), terms_(limits) {
  const std::vector<Category>& categories = answers.catalogue().categories();
  for (std::uint32_t i = 0; i < categories.size(); ++i) {
    const Category& one = categories[i];
    category_of_word_.emplace(tokenizer_.whole(one.id), i);
    category_of_word_.emplace(tokenizer_.whole(one.words.en), i);
    category_of_word_.emplace(tokenizer_.whole(one.words.zh), i);
    for (const std::string& tag : one.subject_tags) category_of_word_.emplace(tokenizer_.whole(tag), i);
  }
}

void Suggester::name_categories(Terms& terms, const std::vector<std::string>& words) const {
  for (const std::string& word : words)
    if (const auto found = category_of_word_.find(word); found != category_of_word_.end())
      add_once(terms.of_content, term(of_category, answers_.catalogue().categories()[found->second].id));
}

Suggester::Terms Suggester::terms_of(const Video& video) const {
  Terms out;
  std::vector<std::string> words = tokenizer_.words(video.title);
  for (std::size_t i = 0; i < std::min(video.tags.size(), video_tags_max); ++i) {
    if (std::string tag = tokenizer_.whole(video.tags[i]); !tag.empty()) add_once(words, std::move(tag));
    for (std::string& word : tokenizer_.words(video.tags[i])) add_once(words, std::move(word));
  }
  // Categories first: of a great many words some are not kept.
  name_categories(out, words);
  if (!video.creator.empty()) out.of_content.push_back(term(of_creator, video.creator));
  for (const std::string& word : words) out.of_content.push_back(term(of_word, word));
  if (video.duration_ms != 0) out.besides.push_back(term(of_length, length_of(video.duration_ms)));
  return out;
}

Result<void> Suggester::put_subject(SubjectId subject, std::string_view attributes) {
  ZAN_ASSIGN(const Video video, video_of(attributes));
  Terms terms = terms_of(video);
  if (!terms.of_content.empty())
    terms.of_content.insert(terms.of_content.begin(), terms.besides.begin(), terms.besides.end());
  terms_.put(subject, std::move(terms.of_content));
  return {};
}

// The words that led to a term of that category: through near videos of the category if there are any, else through
// all.
void Suggester::tell_words(const Draft& draft, std::optional<std::uint32_t> category, Evidence& evidence) const {
  std::vector<const NearSubject*> videos;
  if (category) {
    const std::string wanted = term(of_category, answers_.catalogue().categories()[*category].id);
    for (const NearSubject& one : draft.near)
      if (terms_.holds(one.subject, wanted)) videos.push_back(&one);
  }
  if (videos.empty() && !evidence.of_catalogue)
    for (const NearSubject& one : draft.near) videos.push_back(&one);
  evidence.videos = static_cast<std::uint32_t>(videos.size());
  std::map<std::uint32_t, std::uint32_t> counts;  // of the video's terms
  for (const NearSubject* const one : videos)
    for (const std::uint32_t shared : one->shared) ++counts[shared];
  std::vector<std::pair<std::uint32_t, std::uint32_t>> order;
  for (const auto& [index, count] : counts) order.emplace_back(count, index);
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  // A word that names the category needs no video.
  for (const std::string& one : draft.terms.of_content) {
    if (!category || !is(of_word, one)) continue;
    const auto named = category_of_word_.find(one.substr(of_word.size()));
    if (named != category_of_word_.end() && named->second == *category) evidence.words.push_back(named->first);
  }
  for (const auto& [count, index] : order) {
    const std::string& one = draft.terms.of_content[index];
    if (is(of_category, one) || evidence.words.size() >= evidence_words_max) continue;
    add_once(evidence.words, is(of_creator, one) ? "the same creator" : one.substr(of_word.size()));
  }
}

// The values of a tag that are much more common among the likers; of bands all from the first such one on. `rows`: of
// the tag.
std::optional<Evidence> Suggester::over_represented(const Tag& tag, std::span<const CompositionRow> rows) const {
  std::vector<bool> taken(tag.value_count());
  for (const CompositionRow& row : rows)
    taken[row.value] = row.surprise >= rules_.surprise && row.share >= rules_.lift * row.base_share;
  const auto first = std::find(taken.begin(), taken.end(), true);
  if (first == taken.end()) return std::nullopt;
  if (tag.is_set() && tag.values.front().from) std::fill(first, taken.end(), true);
  Evidence out;
  out.term = leaf_of(tag);
  for (std::size_t i = 0; tag.is_set() && i < taken.size(); ++i)
    if (taken[i]) out.term.values.push_back(tag.values[i].name);
  for (const CompositionRow& row : rows) {
    if (!taken[row.value]) continue;
    out.likers += row.count;
    out.share += row.share;
    out.base_share += row.base_share;
  }
  out.share = std::min(1.0, out.share);
  return out;
}

namespace {

// Rows of a composition by tag.
std::map<std::uint32_t, std::vector<CompositionRow>> by_tag(const Composition& portrait) {
  std::map<std::uint32_t, std::vector<CompositionRow>> out;
  for (const CompositionRow& row : portrait.rows) out[row.tag].push_back(row);
  return out;
}

}  // namespace

// Of each category the tag that says most, and of the categories the strongest.
void Suggester::add_interests(const Composition& portrait, Draft& draft) const {
  std::map<std::uint32_t, Evidence> best;
  for (const auto& [number, rows] : by_tag(portrait)) {
    const Tag& tag = answers_.catalogue().tags()[number];
    if (!is_interest(tag)) continue;
    auto found = over_represented(tag, rows);
    if (!found) continue;
    const auto known = best.find(*tag.category);
    if (known == best.end()) {
      best.emplace(*tag.category, *std::move(found));
    } else if (strength(*found) > strength(known->second)) {
      known->second = *std::move(found);
    }
  }
  for (auto& one : best) draft.interests.emplace_back(one);
  std::stable_sort(draft.interests.begin(), draft.interests.end(),
                   [](const auto& a, const auto& b) { return strength(a.second) > strength(b.second); });
  const auto weak = std::find_if(draft.interests.begin(), draft.interests.end(), [&](const auto& one) {
    return strength(one.second) < rules_.of_strongest * strength(draft.interests.front().second);
  });
  draft.interests.erase(weak, draft.interests.end());
  draft.interests.resize(std::min(draft.interests.size(), suggested_interests_max));
}

// Categories that the video itself names, where the likers said nothing of them.
void Suggester::add_categories(const Question& question, Draft& draft) const {
  const Catalogue& catalogue = answers_.catalogue();
  for (const std::string& one : draft.terms.of_content) {
    if (!is(of_category, one)) continue;
    const auto category = catalogue.category(one.substr(of_category.size()));
    const auto known = std::find_if(draft.interests.begin(), draft.interests.end(),
                                    [&](const auto& there) { return there.first == *category; });
    if (known != draft.interests.end()) {
      known->second.of_catalogue = true;
      continue;
    }
    if (draft.interests.size() >= suggested_interests_max) return;
    for (const Tag& tag : catalogue.tags()) {
      if (tag.category != category || !is_interest(tag) || !serves(tag, question.purpose)) continue;
      Evidence evidence;
      evidence.term = leaf_of(tag);
      // All bands but the faintest.
      for (std::size_t i = tag.values.size() > 1 ? 1 : 0; i < tag.values.size(); ++i)
        evidence.term.values.push_back(tag.values[i].name);
      evidence.of_catalogue = true;
      draft.interests.emplace_back(*category, std::move(evidence));
      break;
    }
  }
}

void Suggester::add_shared(const Composition& portrait, Draft& draft) const {
  for (const auto& [number, rows] : by_tag(portrait)) {
    const Tag& tag = answers_.catalogue().tags()[number];
    if (!may_be_shared(tag)) continue;
    auto found = over_represented(tag, rows);
    if (found && found->share >= rules_.shared_by_all) draft.shared.push_back(*std::move(found));
  }
}

// What can be said of the likers; that nothing can is no error.
Result<void> Suggester::ask_likers(const Question& question, Draft& draft) {
  if (draft.near.empty()) {
    draft.out.missing.emplace_back("no known video shares a word, a tag or the creator");
    return {};
  }
  std::vector<SubjectId> videos;
  for (const NearSubject& one : draft.near) videos.push_back(one.subject);
  const auto portrait = answers_.portrait(subjects_.people(videos, {roles_of({Role::liker})}), question);
  if (!portrait.ok() && portrait.error().kind != ErrorKind::refused) return portrait.error();
  if (!portrait.ok()) {
    draft.out.missing.push_back(fmt::format(
        "of the likers of the {} nearest videos fewer than {} may be counted for {}", videos.size(),
        answers_.catalogue().purposes()[question.purpose].least_people,
        answers_.catalogue().purposes()[question.purpose].name));
    return {};
  }
  draft.out.likers = portrait->size;
  add_interests(*portrait, draft);
  if (draft.interests.empty())
    draft.out.missing.emplace_back("the likers of the nearest videos have no interest that others do not have as well");
  add_shared(*portrait, draft);
  return {};
}

Node Suggester::compose(const Draft& draft) const {
  Node any;
  any.kind = NodeKind::either;
  for (const auto& [category, evidence] : draft.interests) any.parts.push_back(evidence.term);
  Node all;
  all.kind = NodeKind::both;
  all.parts.push_back(std::move(any));
  for (const Evidence& evidence : draft.shared) all.parts.push_back(evidence.term);
  return canonical(std::move(all));
}

Result<Suggestion> Suggester::suggest(const Video& video, const Question& question) {
  if (question.purpose >= answers_.catalogue().purposes().size())
    return invalid("there is no such purpose", "/purpose");
  Draft draft;
  draft.terms = terms_of(video);
  if (draft.terms.of_content.empty())
    return not_found("nothing to go by: the title has no word of its own, and there are no tags and no creator");
  draft.near = terms_.nearest(draft.terms.of_content, draft.terms.besides, near_videos_max);
  draft.out.videos = static_cast<std::uint32_t>(draft.near.size());
  ZAN_TRY(ask_likers(question, draft));
  add_categories(question, draft);
  if (draft.interests.empty()) {
    std::string why = "no tag and no word of the title names a category of the catalogue";
    for (const std::string& one : draft.out.missing) why += "; " + one;
    return not_found(std::move(why));
  }
  draft.out.segment = compose(draft);
  draft.out.text = to_text(draft.out.segment);
  const auto size = answers_.count(draft.out.segment, question);
  if (!size.ok() && size.error().kind != ErrorKind::refused) return Error(size.error());
  if (size.ok()) draft.out.size = *size;
  for (auto& [category, evidence] : draft.interests) {
    tell_words(draft, category, evidence);
    draft.out.evidence.push_back(std::move(evidence));
  }
  for (Evidence& evidence : draft.shared) {
    tell_words(draft, std::nullopt, evidence);
    draft.out.evidence.push_back(std::move(evidence));
  }
  for (Evidence& evidence : draft.out.evidence) evidence.text = to_text(canonical(evidence.term));
  return std::move(draft.out);
}

}  // namespace zan::audience
