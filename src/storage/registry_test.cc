#include "storage/registry.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <set>

#include "base/scratch_folder.h"
#include "storage/registry_format.h"
#include "storage/sim_disk.h"

namespace zan::storage {
namespace {

constexpr HashKey secret{1, 2, 3, 4, 5};
constexpr RegistryOptions small{.reserve_bytes = 1024};

Hash128 hash_of(NameKind kind, std::string_view name) {
  return name_hash(secret, kind, name);
}

class RegistryTest : public testing::TestWithParam<bool> {
 protected:
  RegistryTest() {
    if (GetParam())
      disk_ = open_machine_disk(folder_.path()).value();
    else
      disk_ = SimDisk::make(1);
    reopen();
  }
  void reopen() {
    registry_.reset();
    auto opened = Registry::open(*disk_, secret, entropy_, small);
    ASSERT_TRUE(opened.ok()) << opened.error().message;
    registry_ = std::move(opened).value();
  }
  EntityId add(std::string_view name, NameKind kind = NameKind::subject) {
    return registry_->add(kind, name, hash_of(kind, name)).value();
  }
  void commit() {
    ASSERT_TRUE(registry_->commit().ok());
    registry_->publish();
  }
  EntityId find(std::string_view name, NameKind kind = NameKind::subject) {
    return registry_->find(hash_of(kind, name));
  }

  ScratchFolder folder_;
  SeededEntropy entropy_{1};
  std::unique_ptr<Disk> disk_;
  std::unique_ptr<Registry> registry_;
};

INSTANTIATE_TEST_SUITE_P(Both, RegistryTest, testing::Bool(),
                         [](const auto& made_for) { return made_for.param ? "machine" : "simulated"; });

TEST_P(RegistryTest, gives_names_and_keys_of_many_persons) {
  std::vector<PersonId> ids;
  for (int i = 0; i < 200; ++i) {
    const auto name = std::string(1 + static_cast<std::size_t>(i) % name_bytes_max, 'a') + std::to_string(i);
    ids.push_back({add(name.substr(0, name_bytes_max), NameKind::person).value});
    add("v" + std::to_string(i));
  }
  commit();
  ASSERT_TRUE(registry_->erase(EntityId{ids[7].value}).ok());
  ids.push_back({100'000});
  std::vector<Registry::Person> persons;
  ASSERT_TRUE(registry_->persons(ids, persons).ok());
  ASSERT_EQ(persons.size(), ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto name = registry_->name(EntityId{ids[i].value});
    EXPECT_EQ(persons[i].name, name.ok() ? *name : "");
    EXPECT_EQ(name.ok(), i != 7 && i != 200);
    if (name.ok()) {
      EXPECT_EQ(persons[i].key, registry_->key(EntityId{ids[i].value}).value());
    }
  }
}

TEST_P(RegistryTest, gives_ids_in_order_and_finds_them_when_published) {
  EXPECT_EQ(add("v1"), EntityId{1});
  EXPECT_EQ(add("u1", NameKind::person), EntityId{2});
  EXPECT_FALSE(find("v1"));
  ASSERT_TRUE(registry_->commit().ok());
  EXPECT_FALSE(find("v1"));
  EXPECT_EQ(registry_->count(), 0u);
  registry_->publish();
  EXPECT_EQ(registry_->count(), 2u);
  EXPECT_EQ(find("v1"), EntityId{1});
  EXPECT_EQ(find("u1", NameKind::person), EntityId{2});
  EXPECT_FALSE(find("u1")) << "a name of another kind is another name";
  EXPECT_EQ(add("c1", NameKind::creator), EntityId{3});
}

TEST_P(RegistryTest, a_term_a_subject_and_a_person_may_share_a_name) {
  std::set<std::uint32_t> ids;
  for (const NameKind kind : {NameKind::person, NameKind::subject, NameKind::creator, NameKind::term})
    ids.insert(add("same", kind).value);
  commit();
  EXPECT_EQ(ids.size(), 4u);
  for (const NameKind kind : {NameKind::person, NameKind::subject, NameKind::creator, NameKind::term})
    EXPECT_TRUE(ids.contains(find("same", kind).value));
}

TEST_P(RegistryTest, everything_is_there_after_a_restart) {
  std::map<std::string, EntityId> ids;
  std::map<std::string, PersonKey> keys;
  for (int i = 0; i < 300; ++i) {
    const std::string name = "person " + std::string(static_cast<std::size_t>(i % 200), 'x') + std::to_string(i);
    ids[name] = add(name, NameKind::person);
    keys[name] = registry_->key(ids[name]).value();
    if (i % 7 == 0) commit();
  }
  commit();
  for (const bool close : {false, true}) {
    if (close) {
      ASSERT_TRUE(registry_->close().ok());
    }
    reopen();
    EXPECT_EQ(registry_->count(), 300u);
    for (const auto& [name, id] : ids) {
      ASSERT_EQ(find(name, NameKind::person), id);
      ASSERT_EQ(*registry_->name(id), name);
      ASSERT_EQ(*registry_->key(id), keys[name]);
      ASSERT_EQ(registry_->kind(id), NameKind::person);
    }
    EXPECT_TRUE(registry_->verify().ok());
    EXPECT_TRUE(registry_->suspects().empty());
  }
  const std::set<PersonKey> different = [&] {
    std::set<PersonKey> set;
    for (const auto& [name, key] : keys) set.insert(key);
    return set;
  }();
  EXPECT_EQ(different.size(), 300u);
}

TEST_P(RegistryTest, many_names_at_once) {
  std::vector<EntityId> ids;
  std::vector<Hash128> hashes;
  for (int i = 0; i < 1000; ++i) {
    hashes.push_back(hash_of(NameKind::subject, std::to_string(i)));
    if (i % 3 != 0) ids.push_back(add(std::to_string(i)));
  }
  commit();
  std::vector<EntityId> found(hashes.size());
  registry_->find_many(hashes, found);
  std::size_t next = 0;
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(found[static_cast<std::size_t>(i)], i % 3 == 0 ? EntityId{} : ids[next++]);
  const auto names = registry_->names(found).value();
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(names[static_cast<std::size_t>(i)], i % 3 == 0 ? "" : std::to_string(i));
}

TEST_P(RegistryTest, what_was_staged_can_be_asked_for_and_taken_back) {
  add("v1");
  const EntityId person = add("u1", NameKind::person);
  const PersonKey key = registry_->key(person).value();
  EXPECT_EQ(*registry_->name(person), "u1");
  EXPECT_EQ(registry_->kind(person), NameKind::person);
  ASSERT_TRUE(registry_->commit().ok());
  EXPECT_EQ(*registry_->name(person), "u1");
  EXPECT_EQ(*registry_->key(person), key);
  const EntityId more = add("v2");
  EXPECT_EQ(more, EntityId{3});
  registry_->discard();
  EXPECT_EQ(registry_->kind(more), std::nullopt);
  EXPECT_EQ(add("v3"), more);
  registry_->publish();
  EXPECT_EQ(registry_->count(), 2u);
  EXPECT_EQ(*registry_->name(more), "v3");
  commit();
  EXPECT_EQ(find("v3"), more);
  EXPECT_FALSE(find("v2"));
  EXPECT_EQ(*registry_->key(person), key);
}

TEST_P(RegistryTest, an_empty_commit_does_not_ask_the_disk) {
  const auto bytes = registry_->bytes();
  ASSERT_TRUE(registry_->commit().ok());
  registry_->publish();
  registry_->discard();
  EXPECT_EQ(registry_->syncs(), 0u);
  EXPECT_EQ(registry_->bytes(), bytes);
}

TEST_P(RegistryTest, says_no_to_what_cannot_be_a_name) {
  EXPECT_EQ(registry_->add(NameKind::subject, "", {}).error().kind, ErrorKind::invalid);
  const std::string longest(name_bytes_max, 'x');
  EXPECT_EQ(registry_->add(NameKind::subject, longest + "x", {}).error().kind, ErrorKind::invalid);
  EXPECT_EQ(*registry_->name(add(longest)), longest);
  const std::string zeros(20, '\0');
  const EntityId id = add(zeros);
  commit();
  reopen();
  EXPECT_EQ(*registry_->name(id), zeros);
  EXPECT_FALSE(registry_->erased(id));
}

TEST_P(RegistryTest, says_when_there_are_no_ids_left) {
  registry_.reset();
  registry_ = Registry::open(*disk_, secret, entropy_, {.ids_max = 3}).value();
  for (const char* name : {"a", "b", "c"}) add(name);
  EXPECT_EQ(registry_->add(NameKind::subject, "d", hash_of(NameKind::subject, "d")).error().kind, ErrorKind::limited);
  commit();
  EXPECT_EQ(registry_->add(NameKind::subject, "d", hash_of(NameKind::subject, "d")).error().kind, ErrorKind::limited);
}

TEST_P(RegistryTest, knows_nothing_of_ids_never_given) {
  for (const EntityId id : {EntityId{0}, EntityId{1}, EntityId{0xffff'ffff}}) {
    EXPECT_EQ(registry_->name(id).error().kind, ErrorKind::not_found);
    EXPECT_EQ(registry_->key(id).error().kind, ErrorKind::not_found);
    EXPECT_EQ(registry_->erase(id).error().kind, ErrorKind::not_found);
    EXPECT_EQ(registry_->kind(id), std::nullopt);
    EXPECT_FALSE(registry_->erased(id));
  }
  const EntityId subject = add("v1");
  commit();
  EXPECT_EQ(registry_->key(subject).error().kind, ErrorKind::not_found);
  EXPECT_EQ(registry_->erase(subject).error().kind, ErrorKind::invalid);
}

TEST_P(RegistryTest, an_erased_person_is_gone_from_table_and_file) {
  const std::string name = "a name that is easily searched for";
  const EntityId before = add("u1", NameKind::person);
  const EntityId person = add(name, NameKind::person);
  const EntityId after = add("u3", NameKind::person);
  const PersonKey key = registry_->key(person).value();
  commit();
  ASSERT_TRUE(registry_->erase(person).ok());
  ASSERT_TRUE(registry_->erase(person).ok());
  for (int start = 0; start < 3; ++start) {
    EXPECT_TRUE(registry_->erased(person));
    EXPECT_FALSE(find(name, NameKind::person));
    EXPECT_EQ(registry_->name(person).error().kind, ErrorKind::not_found);
    EXPECT_EQ(registry_->key(person).error().kind, ErrorKind::not_found);
    EXPECT_EQ(registry_->kind(person), NameKind::person);
    EXPECT_EQ(*registry_->name(before), "u1");
    EXPECT_EQ(*registry_->name(after), "u3");
    EXPECT_TRUE(registry_->verify().ok());
    EXPECT_TRUE(registry_->suspects().empty());
    const Bytes file = read_file(*disk_, "registry.zr").value();
    EXPECT_EQ(as_text(file).find(name), std::string_view::npos);
    EXPECT_EQ(as_text(file).find(std::string_view(reinterpret_cast<const char*>(key.data()), key.size())),
              std::string_view::npos);
    if (start == 1) {
      ASSERT_TRUE(registry_->close().ok());
    }
    reopen();
  }
  const EntityId again = add(name, NameKind::person);
  EXPECT_NE(again, person);
  EXPECT_NE(*registry_->key(again), key);
  commit();
  EXPECT_EQ(find(name, NameKind::person), again);
}

TEST_P(RegistryTest, is_closed_once_and_for_all) {
  const EntityId person = add("u1", NameKind::person);
  commit();
  add("never committed");
  ASSERT_TRUE(registry_->close().ok());
  ASSERT_TRUE(registry_->close().ok());
  EXPECT_TRUE(*disk_->exists("registry.end"));
  add("too late");
  EXPECT_EQ(registry_->commit().error().kind, ErrorKind::unavailable);
  EXPECT_EQ(registry_->erase(person).error().kind, ErrorKind::unavailable);
  reopen();
  EXPECT_EQ(registry_->count(), 1u);
  EXPECT_TRUE(*disk_->exists("registry.end"));
  add("v1");
  commit();
  EXPECT_FALSE(*disk_->exists("registry.end"));
  ASSERT_TRUE(registry_->close().ok());
  reopen();
  ASSERT_TRUE(registry_->erase(person).ok());
  EXPECT_FALSE(*disk_->exists("registry.end"));
}

// A sync that fails leaves zeros in the page cache that a start takes for an erasure, until the power goes.
TEST(Registry, an_erasure_whose_sync_failed_is_done_again_by_the_next_start) {
  const auto disk = SimDisk::make(3);
  SeededEntropy entropy{5};
  const Hash128 hash = name_hash(secret, NameKind::person, "u1");
  const auto open = [&] { return Registry::open(*disk, secret, entropy).value(); };
  {
    const auto registry = open();
    ASSERT_TRUE(registry->add(NameKind::person, "u1", hash).ok());
    ASSERT_TRUE(registry->commit().ok());
    registry->publish();
    // So that the mark behind it is there already, and only the zeros' own sync is left to fail.
    ASSERT_TRUE(registry->add(NameKind::person, "u2", name_hash(secret, NameKind::person, "u2")).ok());
    ASSERT_TRUE(registry->commit().ok());
    registry->publish();
    disk->set_faults({.sync_failure = 1});
    EXPECT_FALSE(registry->erase({1}).ok());
    disk->set_faults({});
  }
  {
    const auto registry = open();
    EXPECT_TRUE(registry->erased({1})) << "so the page cache says";
    EXPECT_FALSE(registry->was_closed());
    const std::vector<EntityId> listed{{1}};
    ASSERT_TRUE(registry->erase(listed).ok());
  }
  disk->crash();
  {
    const auto registry = open();
    EXPECT_TRUE(registry->erased({1}));
    EXPECT_FALSE(registry->find(hash));
    ASSERT_TRUE(registry->close().ok());
  }
  EXPECT_TRUE(open()->was_closed());
}

TEST_P(RegistryTest, another_secret_is_refused) {
  add("v1");
  commit();
  const auto opened = Registry::open(*disk_, HashKey{9}, entropy_, small);
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().kind, ErrorKind::corrupt);
}

// Damage. A small registry: three commits of four names, one of them erased.
class RegistryDamage : public testing::Test {
 protected:
  std::unique_ptr<Registry> open() { return Registry::open(*disk_, secret, entropy_, small).value(); }

  void fill(bool close) {
    auto registry = open();
    for (int commit = 0; commit < 3; ++commit) {
      for (int i = 0; i < 4; ++i) {
        const NameKind kind = i % 2 == 0 ? NameKind::person : NameKind::subject;
        const std::string name = "name " + std::to_string(commit * 4 + i);
        ASSERT_TRUE(registry->add(kind, name, hash_of(kind, name)).ok());
        names_.push_back(name);
      }
      ASSERT_TRUE(registry->commit().ok());
      registry->publish();
    }
    ASSERT_TRUE(registry->erase({3}).ok());
    names_[2].clear();
    end_ = registry->bytes();
    if (close) {
      ASSERT_TRUE(registry->close().ok());
    }
    content_ = read_file(*disk_, registry_path).value();
  }

  // Opens and reads all: names in order of their ids, or what is wrong.
  Result<std::vector<std::string>> read() {
    ZAN_ASSIGN(const auto registry, Registry::open(*disk_, secret, entropy_, small));
    if (const auto suspects = registry->suspects(); !suspects.empty())
      return corrupt("suspect " + std::to_string(suspects.front().value));
    ZAN_TRY(registry->verify());
    std::vector<EntityId> ids;
    for (std::uint32_t id = 1; id <= registry->count(); ++id) ids.push_back({id});
    return registry->names(ids);
  }
  void restore() { ASSERT_TRUE(write_file(*disk_, registry_path, content_).ok()); }

  SeededEntropy entropy_{1};
  std::unique_ptr<SimDisk> disk_ = SimDisk::make(1);
  std::vector<std::string> names_;
  Bytes content_;
  std::uint64_t end_ = 0;
};

TEST_F(RegistryDamage, every_flipped_bit_of_a_closed_registry_is_named) {
  fill(true);
  ASSERT_EQ(content_.size(), end_);
  for (std::size_t offset = 0; offset < content_.size(); ++offset) {
    ASSERT_TRUE(disk_->flip(registry_path, offset, static_cast<unsigned>(offset % 8)).ok());
    const auto found = read();
    ASSERT_FALSE(found.ok()) << offset;
    ASSERT_EQ(found.error().kind, ErrorKind::corrupt) << offset << found.error().message;
    ASSERT_TRUE(disk_->flip(registry_path, offset, static_cast<unsigned>(offset % 8)).ok());
  }
  for (std::size_t offset = 0; offset < registry_end_bytes; ++offset) {
    ASSERT_TRUE(disk_->flip(registry_end_path, offset, 0).ok());
    ASSERT_EQ(read().error().kind, ErrorKind::corrupt) << offset;
    ASSERT_TRUE(disk_->flip(registry_end_path, offset, 0).ok());
  }
  EXPECT_EQ(read().value(), names_);
}

TEST_F(RegistryDamage, a_flipped_bit_of_a_crashed_registry_is_named_or_cuts_the_last_commit) {
  fill(false);
  std::size_t cut = 0;
  for (std::size_t offset = 0; offset < end_; ++offset) {
    ASSERT_TRUE(disk_->flip(registry_path, offset, static_cast<unsigned>(offset % 8)).ok());
    const auto found = read();
    if (found.ok()) {
      ASSERT_GE(found->size(), 8u) << offset;
      ASSERT_LT(found->size(), 12u) << offset;
      ASSERT_TRUE(std::equal(found->begin(), found->end(), names_.begin())) << offset;
      ++cut;
    } else {
      ASSERT_EQ(found.error().kind, ErrorKind::corrupt) << offset << found.error().message;
    }
    restore();
  }
  EXPECT_GT(cut, 100u);
  EXPECT_LT(cut, 200u);  // the last commit's bytes, no more
}

TEST_F(RegistryDamage, a_cut_at_every_byte_of_the_last_commit_keeps_its_whole_names) {
  fill(false);
  const std::size_t last_commit = [&] {
    std::size_t at = 0;
    const SecretTags tags(secret);
    for (std::uint32_t id = 9; at + mark_bytes < end_; ++at) {
      if (find_mark(ByteSpan(content_).subspan(at, end_ - at), id, tags) == 0) break;
    }
    return at;
  }();
  ASSERT_LT(last_commit, end_);
  std::size_t most = 8;
  for (std::size_t length = last_commit; length < end_; ++length) {
    Bytes torn(content_.begin(), content_.begin() + static_cast<std::ptrdiff_t>(length));
    torn.resize(content_.size());
    ASSERT_TRUE(write_file(*disk_, registry_path, torn).ok());
    auto found = read().value();
    ASSERT_GE(found.size(), most) << length;
    most = found.size();
    ASSERT_TRUE(std::equal(found.begin(), found.end(), names_.begin()));
    // What comes next must not meet what was left over.
    auto registry = open();
    const EntityId id = registry->add(NameKind::term, "next", hash_of(NameKind::term, "next")).value();
    EXPECT_EQ(id.value, found.size() + 1);
    ASSERT_TRUE(registry->commit().ok());
    found.push_back("next");
    ASSERT_EQ(read().value(), found) << length;
  }
  EXPECT_EQ(most, 11u);
}

TEST_F(RegistryDamage, an_erasure_cut_short_is_a_suspect_until_it_is_repeated) {
  fill(false);
  // The key of id 5 begins to turn into zeros.
  const std::size_t at = as_text(content_).find("name 4");
  for (std::size_t i = 0; i < 6; ++i) content_[at + i] = std::byte{0};
  restore();
  auto registry = open();
  EXPECT_EQ(registry->suspects(), std::vector<EntityId>{{5}});
  EXPECT_EQ(registry->name({5}).error().kind, ErrorKind::corrupt);
  EXPECT_EQ(registry->verify().error().kind, ErrorKind::corrupt);
  EXPECT_FALSE(registry->find(hash_of(NameKind::person, "name 4")));
  ASSERT_TRUE(registry->erase({5}).ok());
  EXPECT_TRUE(registry->suspects().empty());
  EXPECT_TRUE(registry->verify().ok());
  registry = open();
  EXPECT_TRUE(registry->erased({5}));
  EXPECT_TRUE(registry->suspects().empty());
}

TEST_F(RegistryDamage, a_name_cannot_pass_for_a_mark) {
  auto registry = open();
  Bytes mark;
  put_mark(mark, 3, SecretTags(HashKey{77}));  // whoever chooses names does not know the secret
  const std::string_view name = as_text(mark);
  ASSERT_TRUE(registry->add(NameKind::subject, "first", hash_of(NameKind::subject, "first")).ok());
  ASSERT_TRUE(registry->add(NameKind::subject, name, hash_of(NameKind::subject, name)).ok());
  ASSERT_TRUE(registry->commit().ok());
  registry.reset();
  Bytes content = read_file(*disk_, registry_path).value();
  content[as_text(content).find("first") - 6] ^= std::byte{1};  // the head of the first
  ASSERT_TRUE(write_file(*disk_, registry_path, content).ok());
  EXPECT_EQ(open()->count(), 0u) << "cut off, not corrupt";
}

TEST_F(RegistryDamage, truncation_of_a_closed_registry_is_named) {
  fill(true);
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{31}, registry_header_bytes, content_.size() / 2, content_.size() - 1}) {
    ASSERT_TRUE(write_file(*disk_, registry_path, ByteSpan(content_).first(length)).ok());
    EXPECT_EQ(read().error().kind, ErrorKind::corrupt) << length;
  }
  ASSERT_TRUE(disk_->remove(registry_path).ok());
  EXPECT_EQ(read().error().kind, ErrorKind::corrupt);
}

}  // namespace
}  // namespace zan::storage
