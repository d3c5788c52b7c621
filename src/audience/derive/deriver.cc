#include "audience/derive/deriver.h"

#include <simdjson.h>

#include <algorithm>
#include <cmath>

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
  if (user >= people_.size()) people_.resize(user + 1);
  if (people_[user] == nullptr) {
    people_[user] = std::make_unique<Person>();
    changes_.push_back({user, catalogue_->known(), true});
  }
  return *people_[user];
}

// Of a flag 1; of a band its index + 1; of a number or a day itself + 1; 0: the tag does not apply.
std::uint64_t Deriver::outcome(const Tag& tag, const Person& person, Timestamp now) const {
  if (!person.seen()) return 0;
  if (tag.keep_days != 0 && rules_.day_of(now.us) > person.last_day + tag.keep_days) return 0;
  if (tag.type == TagType::flag) return rules_.holds(person, tag.rule, now) ? 1 : 0;
  const double value = rules_.measure(person, tag.rule.all.front(), now);
  if (!(value >= 0)) return 0;
  if (!tag.is_set()) return 1 + std::min(tag.greatest, static_cast<std::uint64_t>(value));
  std::uint64_t band = 0;
  while (band < tag.values.size() && value >= *tag.values[band].from) ++band;
  return band;
}

void Deriver::outcomes(const std::vector<std::uint32_t>& tags, const Person& person, Timestamp now,
                       Outcomes& out) const {
  for (const std::uint32_t tag : tags) out.push_back(outcome(catalogue_->tags()[tag], person, now));
}

// At `now`; with zero as it was last worked out.
void Deriver::work_out(Person& who, const std::vector<std::uint32_t>& categories, Timestamp now, Outcomes& out) const {
  const auto moment = [&](std::int64_t& worked_out_us) {
    worked_out_us = std::max(worked_out_us, now.us);
    return Timestamp{worked_out_us};
  };
  out.clear();
  outcomes(general_, who, moment(who.worked_out_us), out);
  for (const std::uint32_t category : categories) {
    const auto score = std::find_if(who.categories.begin(), who.categories.end(),
                                    [&](const CategoryScore& one) { return one.category == category; });
    Timestamp at = now;
    if (score != who.categories.end()) at = moment(score->worked_out_us);
    outcomes(of_category_[category], who, at, out);
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

void Deriver::observe(const engagement::RecordedAct& act) {
  const std::uint32_t user = act.actor.value;
  Person& who = person(user);
  if (!act.incentivised && act.judgement.verdict == engagement::Verdict::genuine) {
    const std::vector<std::uint32_t> categories = categories_of(act.subject);
    work_out(who, categories, {}, before_);
    rules_.observe(who, act);
    for (const std::uint32_t category : categories) rules_.observe_category(who, category, act);
    work_out(who, categories, act.at, after_);
    std::size_t at = 0;
    const auto compare = [&](const std::vector<std::uint32_t>& tags) {
      for (const std::uint32_t tag : tags) {
        if (before_[at] != after_[at]) say(catalogue_->tags()[tag], user, after_[at]);
        ++at;
      }
    };
    compare(general_);
    for (const std::uint32_t category : categories) compare(of_category_[category]);
    if (act.region) say_region(act);
  }
  flush();
}

void Deriver::say_region(const engagement::RecordedAct& act) {
  const auto name = terms_.find(act.region.value);
  if (name == terms_.end()) return;
  for (const std::uint32_t index : regions_) {
    const Tag& tag = catalogue_->tags()[index];
    const auto value = tag.find_value(name->second);
    say(tag, act.actor.value, value ? *value + 1 : 0);
  }
}

void Deriver::put_term(TermId term, std::string_view name) {
  terms_[term.value] = std::string(name);
}

std::vector<std::uint32_t> Deriver::categories_of(SubjectId subject) const {
  std::vector<std::uint32_t> out;
  if (subject.value >= subjects_.size()) return out;
  for (const std::uint16_t category : subjects_[subject.value])
    if (category != 0) out.push_back(category - 1U);
  return out;
}

Result<void> Deriver::put_subject(SubjectId subject, std::string_view attributes) {
  simdjson::dom::parser parser;
  element root;
  if (parser.parse(simdjson::padded_string(attributes)).get(root) != simdjson::SUCCESS)
    return corrupt("a subject's attributes are no JSON");
  std::array<std::uint16_t, subject_categories_max> found{};
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
  store_.erase(user.value);
  if (user.value < people_.size()) people_[user.value].reset();
}

void Deriver::sweep(Timestamp now, std::uint32_t from, std::uint32_t to) {
  to = std::min(to, people_end());
  for (std::uint32_t user = from; user < to; ++user) {
    if (people_[user] == nullptr || !people_[user]->seen()) continue;
    Person& who = *people_[user];
    const auto say_all = [&](const std::vector<std::uint32_t>& tags, std::int64_t& worked_out_us) {
      worked_out_us = std::max(worked_out_us, now.us);
      for (const std::uint32_t tag : tags) {
        const Tag& one = catalogue_->tags()[tag];
        say(one, user, outcome(one, who, {worked_out_us}));
      }
    };
    say_all(general_, who.worked_out_us);
    for (CategoryScore& score : who.categories) say_all(of_category_[score.category], score.worked_out_us);
    flush();
  }
}

}  // namespace zan::audience
