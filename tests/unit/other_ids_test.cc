// SPDX-License-Identifier: MPL-2.0
// Tests records with several ids: each of them finds the same user, with every kind of overlay.

#include <registry/other_ids.h>
#include <registry/registry.h>
#include <source/record_reader.h>
#include <source/registry_editor.h>
#include <source/row_loader.h>
#include <support/file_follower.h>
#include <support/records.h>
#include <support/temp_dir.h>
#include <user_data_source.h>

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace user_chk::other_ids_test {
namespace {

using test::FileFollower;
using test::hwAddress;
using test::messageOf;
using test::record;
using test::writeFile;

const UserId MAIN = hwAddress("0c");

std::string textOf(const std::vector<UserId>& ids) {
    std::ostringstream text;
    for (const UserId& id : ids) {
        text << id << ";";
    }
    return text.str();
}

std::string parsed(const std::string& value) {
    return textOf(parseOtherIds(MAIN, value));
}

std::string errorOf(const std::string& value, const UserId& main = MAIN) {
    return messageOf<isc::BadValue>([&] { parseOtherIds(main, value); });
}

TEST(OtherIdsTest, areTypesAndIdsWithCommasBetween) {
    EXPECT_EQ("", parsed(""));
    EXPECT_EQ("", parsed("  "));
    EXPECT_EQ("DUID=0001;", parsed("DUID=00:01"));
    EXPECT_EQ("DUID=000300010c0e0a01ff04;CIRCUIT_ID=67652d302f302f31;",
              parsed("DUID=000300010c0e0a01ff04, CIRCUIT_ID='ge-0/0/1'"));
    EXPECT_EQ("DUID=0001;DUID=0002;HW_ADDR=0d0e*;HW_ADDR=random;FLEX_ID=61*;",
              parsed(" DUID = 0001 ,DUID=0002,HW_ADDR=0d-0e-*,HW_ADDR=random,FLEX_ID='a'* "));
    EXPECT_EQ("CIRCUIT_ID=612c203d2062;DUID=01;", parsed("CIRCUIT_ID='a, = b',DUID=01"));
}

TEST(OtherIdsTest, refuseAnythingElse) {
    EXPECT_EQ("invalid other-ids: '0001', must be <type>=<id>", errorOf("0001"));
    EXPECT_EQ("invalid other-ids: '', must be <type>=<id>", errorOf("DUID=01,"));
    EXPECT_EQ("invalid other-ids: '', must be <type>=<id>", errorOf(",DUID=01"));
    EXPECT_EQ("invalid other-ids: an id may not be blank", errorOf("DUID="));
    for (const char* value : {"MAC=01", "DUID=0", "DUID=01 DUID=02", "CIRCUIT_ID='a", "CIRCUIT_ID='a',b",
                              "DUID=*", "DUID=random"}) {
        EXPECT_EQ(0, errorOf(value).find("invalid other-ids: ")) << value;
    }
    EXPECT_EQ("invalid other-ids: DUID=01 occurs twice in the record",
              errorOf("DUID=01,HW_ADDR=01,DUID='\x01'"));
    EXPECT_EQ(0, errorOf("HW_ADDR=0C").find("invalid other-ids: HW_ADDR=0c "));
    EXPECT_EQ("invalid other-ids: DUID=00000000 is the id of the default user", errorOf("DUID=00000000"));
    EXPECT_EQ("invalid other-ids: the default user can have no other ids",
              errorOf("DUID=01", hwAddress("00000000")));
}

// --- many random ones

// A few ids of all kinds.
UserId idOf(size_t number) {
    const auto type = number % 3 == 0 ? UserId::DUID : UserId::HW_ADDRESS;
    const std::vector<uint8_t> bytes(number % 5 == 0 ? 25 : 2, static_cast<uint8_t>(number / 2));
    return {type, bytes, number % 7 == 0 ? UserId::Kind::PREFIX : UserId::Kind::EXACT};
}

constexpr size_t IDS = 40;

typedef std::map<UserId, std::vector<UserId>> Model; // main ids, with their other ids

std::string valueOf(const std::vector<UserId>& others) {
    std::string value;
    for (const UserId& other : others) {
        value +=
            (value.empty() ? "" : ", ") + UserId::lookupTypeStr(other.getType()) + "=" + other.toText(':');
    }
    return value;
}

void add(UserTable& table, const UserId& id, const std::vector<UserId>& others) {
    const std::string value = valueOf(others);
    AttributeList attributes = {{"a", "b"}};
    if (!others.empty()) {
        attributes.emplace_back("other-ids", value);
    }
    EXPECT_TRUE(table.add(IdTag(id), id.getId(), attributes));
}

void expectUsers(const Model& model, const Registry& registry) {
    Registry fresh;
    const auto table = std::make_shared<UserTable>();
    std::map<UserId, UserId> main_ids;
    for (const auto& [main, others] : model) {
        add(*table, main, others);
        main_ids.emplace(main, main);
        for (const UserId& other : others) {
            main_ids.emplace(other, main);
        }
    }
    EXPECT_TRUE(table->shared().empty());
    table->seal();
    fresh.replace(table);
    EXPECT_EQ(model.size(), registry.size());
    EXPECT_EQ(fresh.revision(), registry.revision());
    EXPECT_EQ(fresh.users()->sizes(), registry.users()->sizes());
    for (size_t number = 0; number < IDS; ++number) {
        const UserId id = idOf(number);
        for (const Registry* asked : {&registry, static_cast<const Registry*>(&fresh)}) {
            const auto entry = asked->users()->entryOf(id);
            const auto known = main_ids.find(id);
            ASSERT_EQ(known != main_ids.end(), entry.has_value()) << id;
            ASSERT_EQ(entry.has_value(), asked->find(id) != nullptr) << id;
            if (entry) {
                EXPECT_EQ(known->second, mainIdOf(id, *entry));
                EXPECT_EQ(valueOf(model.at(known->second)),
                          model.at(known->second).empty()
                              ? ""
                              : (*entry->set)->attributes.properties.at("other-ids"));
            }
        }
    }
    std::vector<UserId> listed;
    registry.users()->forEachAfter(std::nullopt, SIZE_MAX,
                                   [&](const UserId& id, const AttributeSet&) { listed.push_back(id); });
    EXPECT_TRUE(std::equal(listed.begin(), listed.end(), model.begin(), model.end(),
                           [](const UserId& id, const auto& user) { return id == user.first; }));
}

TEST(OtherIdsTest, changesComeToTheSameAsOneTable) {
    std::mt19937 random(1);
    const auto below = [&](size_t end) { return std::uniform_int_distribution<size_t>(0, end - 1)(random); };
    for (int round = 0; round < 20; ++round) {
        Registry registry;
        Model model;
        for (int change = 0; change < 40; ++change) {
            Model next = model;
            for (size_t i = below(4) + 1; i > 0; --i) { // a record is removed, and perhaps others are added
                if (!next.empty() && below(2) == 0) {
                    next.erase(std::next(next.begin(), static_cast<ptrdiff_t>(below(next.size()))));
                }
                std::set<UserId> taken;
                for (const auto& [main, others] : next) {
                    taken.insert(main);
                    taken.insert(others.begin(), others.end());
                }
                std::vector<UserId> ids;
                for (size_t count = below(4); count > 0; --count) {
                    const UserId id = idOf(below(IDS));
                    if (taken.insert(id).second) {
                        ids.push_back(id);
                    }
                }
                if (!ids.empty()) {
                    next[ids.back()] = std::vector<UserId>(ids.begin(), ids.end() - 1);
                }
            }
            UserTable changes;
            for (const auto& [main, others] : next) {
                const auto before = model.find(main);
                if (before == model.end() || before->second != others || below(8) == 0) {
                    add(changes, main, others);
                }
            }
            for (const auto& [main, others] : model) {
                if (next.count(main) == 0) {
                    changes.mark(main);
                }
            }
            changes.seal();
            registry.apply(changes);
            model = next;
            if (below(6) == 0) {
                registry.fold();
            }
            expectUsers(model, registry);
            if (testing::Test::HasFailure()) {
                return;
            }
        }
    }
}

TEST(OtherIdsTest, tableTellsWhichIdsAreShared) {
    UserTable table;
    add(table, hwAddress("01"), {hwAddress("02"), hwAddress("03")});
    add(table, hwAddress("04"), {hwAddress("05")});
    EXPECT_TRUE(table.shared().empty());
    add(table, hwAddress("06"), {hwAddress("05"), hwAddress("01")});
    std::set<std::string> shared;
    for (const UserTable::Shared& one : table.shared()) {
        shared.insert(textOf({one.id, one.one, one.other}));
    }
    EXPECT_EQ(
        (std::set<std::string>{"HW_ADDR=05;HW_ADDR=04;HW_ADDR=06;", "HW_ADDR=01;HW_ADDR=01;HW_ADDR=06;"}),
        shared);
    table.mark(hwAddress("06"));
    EXPECT_TRUE(table.shared().empty());
}

TEST(OtherIdsTest, foldingBesideAChangeKeepsWhoHasWhat) {
    Registry registry;
    UserTable one;
    add(one, hwAddress("01"), {hwAddress("02"), hwAddress("03")});
    one.seal();
    registry.apply(one);
    const auto before = registry.users();
    const auto base = before->folded();
    UserTable two;
    add(two, hwAddress("01"), {hwAddress("03")});
    add(two, hwAddress("04"), {hwAddress("02")});
    two.seal();
    registry.apply(two);
    const auto now = registry.users()->over(*before, *base);
    ASSERT_TRUE(now);
    EXPECT_EQ(registry.revision(), now->digest().text());
    const auto main = [&](const char* id) {
        const auto entry = now->entryOf(hwAddress(id));
        return entry ? mainIdOf(hwAddress(id), *entry).toText() : "-";
    };
    EXPECT_EQ("01", main("01"));
    EXPECT_EQ("04", main("02"));
    EXPECT_EQ("01", main("03"));
    EXPECT_EQ("04", main("04"));
}

// --- in a file

std::string withOthers(const std::string& id, const std::string& others, const std::string& more = "") {
    return record(id, R"(,"other-ids":")" + others + "\"" + more);
}

// A file with short blocks, so that unchanged lines are not read again.
class OtherIdsOfAFile : public testing::TestWithParam<bool> {
protected:
    FileFollower& follower() {
        if (!follower_) {
            follower_ = std::make_unique<FileFollower>(path_, nullptr, GetParam(), 40);
        }
        return *follower_;
    }

    void write(const std::string& text) { writeFile(path_, text + tail_); }

    std::string follow(const std::string& text) {
        write(text);
        follower().follow();
        const std::string error = follower().state().error;
        return error.empty() ? error : error.substr(path_.size());
    }

    // Returns the main ids of the records that ids lead to, `-` for none.
    std::string mains(const std::vector<const char*>& ids) {
        std::string all;
        for (const char* text : ids) {
            const UserId id = hwAddress(text);
            const auto entry = follower().registry().users()->entryOf(id);
            all += (entry ? mainIdOf(id, *entry).toText() : "-") + " ";
        }
        return all;
    }

    std::string skipped() {
        std::string all;
        for (const BadRecord& bad : follower().source().skipped().first) {
            all += bad.place.substr(path_.size() + 1) + ": " + bad.reason + "\n";
        }
        return all;
    }

    const test::TempDir dir_;
    const std::string path_ = dir_.file("registry.txt");
    std::string tail_ =
        record("e1") + record("e2") + record("e3") + record("e4") + record("e5") + record("e6");
    std::unique_ptr<FileFollower> follower_;
};

INSTANTIATE_TEST_SUITE_P(Errors, OtherIdsOfAFile, testing::Bool(),
                         [](const auto& test) { return test.param ? "skipped" : "refused"; });

TEST_P(OtherIdsOfAFile, comeAndGoWithTheirRecord) {
    write(withOthers("01", "HW_ADDR=02, HW_ADDR=03") + record("04"));
    EXPECT_EQ("01 01 01 04 ", mains({"01", "02", "03", "04"}));
    EXPECT_EQ(8, follower().registry().size());
    EXPECT_EQ("", follow(withOthers("01", "HW_ADDR=03") + record("04")));
    EXPECT_EQ("01 - 01 04 ", mains({"01", "02", "03", "04"}));
    EXPECT_EQ("", follow(record("01") + withOthers("04", "HW_ADDR=03,HW_ADDR=02")));
    EXPECT_EQ("01 04 04 04 ", mains({"01", "02", "03", "04"}));
    EXPECT_EQ("", follow(record("04") + record("02") + record("03")));
    EXPECT_EQ("- 02 03 04 ", mains({"01", "02", "03", "04"}));
    EXPECT_EQ("", follow(withOthers("02", "HW_ADDR=04,HW_ADDR=03")));
    EXPECT_EQ("- 02 02 02 ", mains({"01", "02", "03", "04"}));
    EXPECT_EQ("", follow("# moved\n" + withOthers("02", "HW_ADDR=04,HW_ADDR=03")));
    EXPECT_EQ("- 02 02 02 ", mains({"01", "02", "03", "04"}));
    EXPECT_EQ("", follow(""));
    EXPECT_EQ("- - - - ", mains({"01", "02", "03", "04"}));
    EXPECT_EQ(FileFollower(path_).registry().revision(), follower().registry().revision());
}

const std::pair<std::string, std::string> SHARING[] = {
    {withOthers("01", "HW_ADDR=02"), record("02")},
    {record("02"), withOthers("01", "HW_ADDR=02")},
    {withOthers("01", "HW_ADDR=02"), withOthers("03", "HW_ADDR=02")},
};

TEST_P(OtherIdsOfAFile, sharedByTwoRecordsMakeBothBad) {
    for (const auto& [one, other] : SHARING) {
        for (const bool at_once : {false, true}) {
            follower_.reset();
            write(one);
            if (at_once && GetParam()) {
                write(one + other);
            }
            follower();
            if (GetParam()) {
                EXPECT_EQ("", follow(one + other));
                EXPECT_EQ("1: duplicate user: HW_ADDR=02, also in line 2\n"
                          "2: duplicate user: HW_ADDR=02, also in line 1\n",
                          skipped())
                    << one << other;
            } else {
                EXPECT_EQ(":2: duplicate user: HW_ADDR=02, already in line 1", follow(one + other))
                    << one << other;
                EXPECT_EQ(
                    ":2: duplicate user: HW_ADDR=02, already in line 1",
                    messageOf<UserDataSourceError>([&] { FileFollower all(path_); }).substr(path_.size()));
            }
            EXPECT_EQ("", follow(other));
            EXPECT_EQ("", skipped());
            EXPECT_EQ(FileFollower(path_).registry().revision(), follower().registry().revision());
            EXPECT_NE("- ", mains({"02"}));
        }
    }
}

TEST_P(OtherIdsOfAFile, thatAreBadAreAnErrorOfTheRecord) {
    write(record("01"));
    follower();
    const std::string bad = withOthers("01", "HW_ADDR=02,HW_ADDR=0002,HW_ADDR=02");
    const std::string refused = follow(bad);
    EXPECT_EQ(GetParam(), refused.empty());
    EXPECT_EQ(0, (GetParam() ? ":" + skipped() : refused).find(":1: invalid other-ids: HW_ADDR=02 "));
    EXPECT_EQ("01 - ", mains({"01", "02"}));
}

TEST_P(OtherIdsOfAFile, areEditedWithTheirRecord) {
    write(withOthers("01", "HW_ADDR=02, CIRCUIT_ID='a, b'"));
    RegistryEditor editor(
        follower(), nullptr, [](const LoadReport&) {}, std::chrono::seconds(60));
    const auto userOf = [](const char* id, const std::string& others) {
        User user(hwAddress(id));
        if (!others.empty()) {
            user.setProperty("other-ids", others);
        }
        return user;
    };
    EXPECT_FALSE(editor.add(userOf("02", "")));
    EXPECT_FALSE(editor.add(userOf("03", "HW_ADDR=02")));
    EXPECT_FALSE(editor.add(userOf("03", "HW_ADDR=01")));
    EXPECT_TRUE(editor.add(userOf("03", "HW_ADDR=04")));
    EXPECT_EQ("invalid user: invalid other-ids: an id belongs to another user, HW_ADDR=01",
              messageOf<isc::BadValue>([&] { editor.update(userOf("03", "HW_ADDR=04, HW_ADDR=02")); }));
    EXPECT_TRUE(editor.update(userOf("04", "HW_ADDR=05"))) << "by an other id";
    follower().follow();
    EXPECT_EQ("01 01 03 - 03 ", mains({"01", "02", "03", "04", "05"}));
    EXPECT_TRUE(editor.remove(hwAddress("02"))) << "by an other id";
    follower().follow();
    EXPECT_EQ("- - 03 - 03 ", mains({"01", "02", "03", "04", "05"}));
    EXPECT_EQ(FileFollower(path_).registry().revision(), follower().registry().revision());
}

class SkippedSharedIds : public OtherIdsOfAFile {};

INSTANTIATE_TEST_SUITE_P(Errors, SkippedSharedIds, testing::Values(true),
                         [](const auto&) { return "skipped"; });

TEST_P(SkippedSharedIds, leaveTheirUsersWhatWasInForce) {
    write(record("01") + record("02"));
    follower();
    EXPECT_EQ("", follow(withOthers("01", "HW_ADDR=03") + withOthers("02", "HW_ADDR=03")));
    EXPECT_EQ("01 02 - ", mains({"01", "02", "03"}));
    EXPECT_EQ("", follow(withOthers("01", "HW_ADDR=03") + withOthers("02", "HW_ADDR=03") + record("03")));
    EXPECT_EQ("01 02 - ", mains({"01", "02", "03"})) << "a third one is bad too";
    EXPECT_EQ(3, follower().source().skipped().count);
    EXPECT_EQ("", follow(withOthers("01", "HW_ADDR=03") + record("02")));
    EXPECT_EQ("01 02 01 ", mains({"01", "02", "03"}));
}

TEST_P(SkippedSharedIds, thatAGoodRecordHasGotAreLostByABadOne) {
    write(withOthers("01", "HW_ADDR=03") + record("02"));
    follower();
    EXPECT_EQ("", follow(record("01", R"(,"x":5)") + withOthers("02", "HW_ADDR=03")));
    EXPECT_EQ("- 02 02 ", mains({"01", "02", "03"}));
    EXPECT_EQ(1, follower().source().skipped().count);
}

TEST_P(SkippedSharedIds, ofABadLineAreShared) {
    write(record("01", R"(,"x":5)") + withOthers("02", "HW_ADDR=01"));
    EXPECT_EQ("- - ", mains({"01", "02"}));
    EXPECT_EQ(2, follower().source().skipped().count);
    EXPECT_EQ("", follow(record("04") + withOthers("02", "HW_ADDR=01")));
    EXPECT_EQ("02 02 04 ", mains({"01", "02", "04"}));
}

// --- in a database

class OtherIdsOfRows : public testing::Test {
protected:
    static void take(RowLoader& loader, const std::string& id, const std::string& others) {
        const std::string attributes = others.empty() ? "{}" : R"({"other-ids": ")" + others + "\"}";
        loader.take({"HW_ADDR", id, attributes, "1"});
    }

    // Reads rows of all users, or of changes. Tells whether all must be read.
    bool load(RowLoader::Of of, const std::map<std::string, std::string>& rows,
              const std::string& gone = "") {
        const auto users = registry_.users();
        RowLoader loader(of, AttributeReader(), *users);
        for (const auto& [id, others] : rows) {
            take(loader, id, others);
        }
        if (!gone.empty()) {
            loader.take({"HW_ADDR", gone, std::nullopt, ""});
        }
        BadRows bad = bad_;
        const News news = loader.finish(bad);
        if (loader.needsAll()) {
            return true;
        }
        bad_ = bad;
        if (of == RowLoader::Of::ALL) {
            registry_.replace(news.users);
        } else {
            registry_.apply(*news.users);
        }
        return false;
    }

    std::string main(const std::string& id) {
        const UserId user(UserId::HW_ADDRESS, "'" + id + "'");
        const auto entry = registry_.users()->entryOf(user);
        return entry ? mainIdOf(user, *entry).toText() : "-";
    }

    Registry registry_;
    BadRows bad_;
};

TEST_F(OtherIdsOfRows, comeAndGoWithTheirRow) {
    EXPECT_FALSE(load(RowLoader::Of::ALL, {{"a", "HW_ADDR='b'"}, {"c", ""}, {"d", ""}}));
    EXPECT_EQ("61 61 63", main("a") + " " + main("b") + " " + main("c"));
    EXPECT_FALSE(load(RowLoader::Of::CHANGES, {{"a", ""}, {"c", "HW_ADDR='b'"}}));
    EXPECT_EQ("61 63 63", main("a") + " " + main("b") + " " + main("c"));
    EXPECT_FALSE(load(RowLoader::Of::CHANGES, {}, "b")) << "which is no row";
    EXPECT_EQ("63", main("b"));
    EXPECT_FALSE(load(RowLoader::Of::CHANGES, {{"b", ""}}, "c"));
    EXPECT_EQ("61 62 -", main("a") + " " + main("b") + " " + main("c"));
    EXPECT_TRUE(bad_.empty());
    EXPECT_EQ(3, registry_.size());
}

TEST_F(OtherIdsOfRows, sharedByTwoRowsMakeBothBad) {
    EXPECT_FALSE(load(RowLoader::Of::ALL, {{"a", ""}, {"d", ""}}));
    EXPECT_TRUE(load(RowLoader::Of::CHANGES, {{"b", "HW_ADDR='a'"}}));
    EXPECT_FALSE(load(RowLoader::Of::ALL, {{"a", ""}, {"b", "HW_ADDR='a'"}, {"d", ""}}));
    EXPECT_EQ("61 -", main("a") + " " + main("b"));
    ASSERT_EQ(2, bad_.size());
    EXPECT_EQ("HW_ADDR=61 is an id in several rows", bad_.at("HW_ADDR=62").record.reason);
    EXPECT_TRUE(load(RowLoader::Of::CHANGES, {{"d", "HW_ADDR='e'"}})) << "it may be mended";
    EXPECT_FALSE(load(RowLoader::Of::ALL, {{"b", "HW_ADDR='a'"}, {"d", ""}}));
    EXPECT_EQ("62 62", main("a") + " " + main("b"));
    EXPECT_TRUE(load(RowLoader::Of::CHANGES, {{"c", "HW_ADDR='f'"}, {"g", "HW_ADDR='f'"}}));
    EXPECT_TRUE(load(RowLoader::Of::CHANGES, {{"a", ""}}));
    EXPECT_TRUE(load(RowLoader::Of::CHANGES, {{"d", "HW_ADDR='b'"}}));
}

} // namespace
} // namespace user_chk::other_ids_test
