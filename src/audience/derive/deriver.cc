#include "audience/derive/deriver.h"

#include <simdjson.h>

#include <algorithm>
#include <cmath>

#include "base/require.h"

namespace zan::audience {

using simdjson::dom::element;

Deriver::Deriver(std::shared_ptr<const Catalogue> catalogue, TagStore& store)
    : catalogue_(std::move(catalogue)), store_(store), rules_{catalogue_->half_lives(), catalogue_->zone_us()} {
  of_category_.resize(catalogue_->categories().size());
  for (std::uint32_t i = 0; i < catalogue_->tags().size(); ++i) {
    const Tag& tag = catalogue_->tags()[i];
    if (tag.rule.all.empty()) continue;
    const Measure measure = tag.rule.all.front().measure;
    if (measure == Measure::attribute) {
      said_.push_back(i);
    } else if (measure == Measure::region) {
      regions_.push_back(i);
    } else if (tag.category) {
      of_category_[*tag.category].push_back(i);
    } else {
      general_.push_back(i);
    }
  }
}

Person& Deriver::person(std::uint32_t user) {
  if (Person* const there = people_.find(user)) return *there;
  changes_.push_back({user, catalogue_->known(), true});
  return people_.make(user);
}

// Of a flag 1; of a band its index + 1; of a number, rounded, or a day itself + 1; 0: the tag does not apply.
std::uint64_t Deriver::outcome(const Tag& tag, const Person& person, Timestamp now, const CategoryScore* likely) const {
  if (!person.seen()) return 0;
  if (tag.keep_days != 0 && rules_.day_of(now.us) > person.last_day + tag.keep_days) return 0;
  if (tag.type == TagType::flag) return rules_.holds(person, tag.rule, now, likely) ? 1 : 0;
  const double value = rules_.measure(person, tag.rule.all.front(), now, likely);
  if (!(value >= 0)) return 0;
  if (!tag.is_set()) return 1 + std::min(tag.greatest, static_cast<std::uint64_t>(value + 0.5));
  std::uint64_t band = 0;
  while (band < tag.values.size() && value >= *tag.values[band].from) ++band;
  return band;
}

void Deriver::outcomes(const std::vector<std::uint32_t>& tags, const Person& person, Timestamp now,
                       const CategoryScore* likely, Outcomes& out) const {
  for (const std::uint32_t tag : tags) out.push_back(outcome(catalogue_->tags()[tag], person, now, likely));
}

// At `now`; with zero as it was last worked out. Nothing is said of a category in which somebody has no score.
void Deriver::work_out(Person& who, const SubjectCategories& categories, Timestamp now, Outcomes& out) const {
  who.worked_out_us = std::max(who.worked_out_us, now.us);
  out.clear();
  outcomes(general_, who, {who.worked_out_us}, nullptr, out);
  for (const std::uint32_t category : categories) {
    const std::vector<std::uint32_t>& tags = of_category_[category];
    CategoryScore* const score = who.categories.find(category);
    if (score == nullptr) {
      out.resize(out.size() + tags.size());
      continue;
    }
    score->worked_out_s = std::max(score->worked_out_s, seconds_of(now.us));
    outcomes(tags, who, {score->worked_out_s * us_per_second}, score, out);
  }
}

void Deriver::say(const Tag& tag, std::uint32_t user, std::uint64_t outcome) {
  if (tag.type == TagType::flag) {
    changes_.push_back({user, tag.first, outcome != 0});
  } else if (tag.is_set()) {
    for (std::uint32_t i = 0; i < tag.values.size(); ++i) changes_.push_back({user, tag.value(i), outcome == i + 1});
  } else {
    const Slices slices = tag.slices();
    const std::uint64_t number = outcome == 0 ? 0 : outcome - 1;
    for (std::uint32_t i = 0; i < slices.bits; ++i) changes_.push_back({user, slices.bit(i), (number >> i & 1) != 0});
    changes_.push_back({user, slices.known(), outcome != 0});
  }
}

void Deriver::flush() {
  store_.apply(changes_);
  changes_.clear();
}

// Folds into the person's sums, and says which tags are others by it.
template <typename Fold>
void Deriver::retell(Person& who, std::uint32_t user, const SubjectCategories& categories, Timestamp now, Fold&& fold) {
  work_out(who, categories, {}, before_);
  fold();
  work_out(who, categories, now, after_);
  std::size_t at = 0;
  const auto compare = [&](const std::vector<std::uint32_t>& tags) {
    for (const std::uint32_t tag : tags) {
      if (before_[at] != after_[at]) say(catalogue_->tags()[tag], user, after_[at]);
      ++at;
    }
  };
  compare(general_);
  for (const std::uint32_t category : categories) compare(of_category_[category]);
}

void Deriver::observe(const engagement::RecordedAct& recorded) {
  if (in_bulk()) return put_off(recorded);
  const std::uint32_t user = recorded.actor.value;
  const PersonAct act = person_act(recorded);
  Person& who = person(user);
  if (tells(recorded)) {
    const SubjectCategories categories = categories_of(recorded.subject);
    retell(who, user, categories, recorded.at, [&] {
      rules_.observe(who, act);
      for (const std::uint32_t category : categories) rules_.observe_category(who, category, act);
    });
    if (terms_.contains(recorded.region.value)) {
      who.region = recorded.region.value;
      say_region(user, who.region);
    }
  } else if (act.following != 0) {
    retell(who, user, {}, {}, [&] { who.following = std::max(0, who.following + act.following); });
  }
  flush();
}

void Deriver::corrected(const engagement::VerdictRecord& record) {
  const Turn turn = turn_of(record);
  const std::uint32_t user = record.what.person.value;
  fold_pending();
  Person* const who = people_.find(user);
  if (turn == Turn::none || who == nullptr) return;
  const PersonAct act = person_act(record);
  const bool follow = record.what.type == engagement::ActType::follow;
  const SubjectCategories categories = follow ? SubjectCategories() : categories_of({record.what.target});
  const auto fold = [&] {
    turn == Turn::put_in ? rules_.observe(*who, act) : rules_.take_back(*who, act);
    for (const std::uint32_t category : categories)
      turn == Turn::put_in ? rules_.observe_category(*who, category, act)
                           : rules_.take_back_category(*who, category, act);
  };
  if (in_bulk()) {
    fold();
    note_worked_out(*who, categories, {act.at_us});
    return;
  }
  retell(*who, user, categories, record.what.at, fold);
  flush();
}

void Deriver::say_region(std::uint32_t user, std::uint32_t term) {
  const auto at = terms_.find(term);
  if (at == terms_.end()) return;
  for (std::size_t i = 0; i < regions_.size(); ++i)
    say(catalogue_->tags()[regions_[i]], user, at->second.outcomes[i]);
}

void Deriver::put_term(TermId id, std::string_view name) {
  Term& term = terms_[id.value];
  term.name = name;
  term.outcomes.clear();
  for (const std::uint32_t index : regions_) {
    const auto value = catalogue_->tags()[index].find_value(name);
    term.outcomes.push_back(value ? *value + 1 : 0);
  }
}

SubjectCategories Deriver::unpack(const Packed& packed) {
  SubjectCategories out;
  for (const std::uint16_t category : packed)
    if (category != 0) out.add(category - 1U);
  return out;
}

Deriver::Packed Deriver::packed(SubjectId subject) const {
  return subject.value < subjects_.size() ? subjects_[subject.value] : Packed{};
}

SubjectCategories Deriver::categories_of(SubjectId subject) const {
  return unpack(packed(subject));
}

Result<void> Deriver::put_subject(SubjectId subject, std::string_view attributes) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(simdjson::padded_string(attributes)).get(root) != simdjson::SUCCESS)
    return corrupt("a subject's attributes are no JSON");
  Packed found{};
  std::size_t count = 0;
  simdjson::dom::array tags;
  if (root["tags"].get(tags) == simdjson::SUCCESS) {
    for (const element tag : tags) {
      std::string_view name;
      if (count == found.size() || tag.get(name) != simdjson::SUCCESS) continue;
      const auto category = catalogue_->category(name);
      if (!category) continue;
      const auto one = static_cast<std::uint16_t>(*category + 1);
      if (std::find(found.begin(), found.end(), one) == found.end()) found[count++] = one;
    }
  }
  if (count == 0 && subject.value >= subjects_.size()) return {};
  if (subject.value >= subjects_.size()) subjects_.resize(subject.value + 1);
  subjects_[subject.value] = found;
  return {};
}

namespace {

// Whether the attribute says this value: itself, one of a list, or true of a flag.
bool says(const element& attribute, std::string_view value) {
  std::string_view text;
  if (attribute.get(text) == simdjson::SUCCESS) return text == value;
  simdjson::dom::array list;
  if (attribute.get(list) != simdjson::SUCCESS) return false;
  return std::any_of(list.begin(), list.end(), [&](const element& one) { return says(one, value); });
}

bool says_true(const element& attribute) {
  bool truth = false;
  return attribute.get(truth) == simdjson::SUCCESS && truth;
}

}  // namespace

Result<void> Deriver::put_user(PersonId user, std::string_view attributes) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(simdjson::padded_string(attributes)).get(root) != simdjson::SUCCESS || !root.is_object())
    return corrupt("a user's attributes are no JSON");
  person(user.value);
  const auto put = [&](ValueId value, bool on) { changes_.push_back({user.value, value, on}); };
  bool adult = false;
  for (const std::uint32_t index : said_) {
    const Tag& tag = catalogue_->tags()[index];
    element attribute;
    const bool there = root.at_pointer(tag.rule.all.front().attribute).get(attribute) == simdjson::SUCCESS;
    if (tag.type == TagType::flag) put(tag.first, there && says_true(attribute));
    if (!tag.is_set()) continue;
    for (std::uint32_t i = 0; i < tag.values.size(); ++i) {
      const bool on = there && says(attribute, tag.values[i].name);
      put(tag.value(i), on);
      adult = adult || (on && tag.values[i].adult);
    }
  }
  put(catalogue_->adult(), adult);
  for (const Purpose& purpose : catalogue_->purposes()) {
    bool consent = false;
    const bool there = root.at_pointer("/custom/consent." + purpose.name).get(consent) == simdjson::SUCCESS;
    put(purpose.given, there && consent);
    put(purpose.refused, there && !consent);
  }
  flush();
  return {};
}

void Deriver::erase(PersonId user) {
  fold_pending();
  store_.erase(user.value);
  people_.erase(user.value);
}

void Deriver::sweep(Timestamp now, std::uint32_t from, std::uint32_t to) {
  require(!in_bulk(), "tags are made at the end of a bulk");
  to = std::min(to, people_end());
  for (std::uint32_t user = from; user < to; ++user) {
    Person* const who = people_.find(user);
    if (who == nullptr || !who->seen()) continue;
    const auto say_all = [&](const std::vector<std::uint32_t>& tags, Timestamp moment, const CategoryScore* score) {
      for (const std::uint32_t tag : tags) {
        const Tag& one = catalogue_->tags()[tag];
        say(one, user, outcome(one, *who, moment, score));
      }
    };
    who->worked_out_us = std::max(who->worked_out_us, now.us);
    say_all(general_, {who->worked_out_us}, nullptr);
    for (CategoryScore& score : who->categories) {
      score.worked_out_s = std::max(score.worked_out_s, seconds_of(now.us));
      say_all(of_category_[score.category], {score.worked_out_s * us_per_second}, &score);
    }
    flush();
  }
}

}  // namespace zan::audience
