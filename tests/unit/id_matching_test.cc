// SPDX-License-Identifier: MPL-2.0
// Tests which record matches a client: the one with its id, with the longest prefix, or `random`; with every
// kind of overlay.

#include <registry/registry.h>
#include <support/records.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace user_chk::id_matching_test {
namespace {

using test::hwAddress;

typedef std::vector<UserId> Ids;

void put(UserTable& table, const UserId& id) {
    EXPECT_TRUE(table.add(IdTag(id), id.getId(), {{"record", id.toText()}}));
}

std::shared_ptr<UserTable> tableOf(const Ids& ids) {
    auto table = std::make_shared<UserTable>();
    for (const UserId& id : ids) {
        put(*table, id);
    }
    table->seal();
    return table;
}

void apply(Registry& registry, const Ids& added, const Ids& removed) {
    UserTable changes;
    for (const UserId& id : added) {
        put(changes, id);
    }
    for (const UserId& id : removed) {
        changes.mark(id);
    }
    changes.seal();
    registry.apply(changes);
}

// Returns the id of the record that matches a client, `-` for none.
std::string recordOf(const Registry& registry, const UserId& client) {
    const auto users = registry.users();
    const auto [attributes, by] = users->match(client);
    if (attributes == nullptr) {
        return "-";
    }
    EXPECT_EQ(by.idOf(client).toText(), attributes->properties.at("record"));
    EXPECT_EQ(client.getType(), by.idOf(client).getType());
    return by.idOf(client).toText();
}

std::string recordOf(const Registry& registry, const std::string& client) {
    return recordOf(registry, hwAddress(client));
}

class IdMatchingTest : public testing::Test {
protected:
    void use(const Ids& ids) { registry_.replace(tableOf(ids)); }

    Registry registry_;
};

TEST_F(IdMatchingTest, anExactIdGoesBeforePrefixesAndALongerOneBeforeAShorter) {
    use({hwAddress("0c0e0a01ff04"), hwAddress("0c0e0a*"), hwAddress("0c0e0a01*"), hwAddress("0c*"),
         hwAddress("random"), hwAddress("020000*")});
    for (const auto& [client, record] :
         {std::pair("0c0e0a01ff04", "0c0e0a01ff04"), std::pair("0c0e0a01ff05", "0c0e0a01*"),
          std::pair("0c0e0a02ff04", "0c0e0a*"), std::pair("0c0f0a01ff04", "0c*"), std::pair("0c", "0c*"),
          std::pair("0c0e0a01", "0c0e0a01*"), std::pair("0c0e0a01ff0400", "0c0e0a01*"),
          std::pair("020000010203", "020000*"), std::pair("020001010203", "random"),
          std::pair("0d0e0a01ff04", "-")}) {
        EXPECT_EQ(record, recordOf(registry_, client)) << client;
    }
}

TEST_F(IdMatchingTest, randomIsForLocallyAdministeredAddressesOfOneDevice) {
    use({hwAddress("random")});
    for (int byte = 0; byte <= 0xff; ++byte) {
        const UserId client(UserId::HW_ADDRESS,
                            std::vector<uint8_t>{static_cast<uint8_t>(byte), 0, 0, 0, 0, 1});
        EXPECT_EQ(byte % 4 == 2 ? "random" : "-", recordOf(registry_, client)) << byte;
    }
    for (const char* client : {"02", "0200000000", "02000000000000"}) {
        EXPECT_EQ("-", recordOf(registry_, client)) << client;
    }
    EXPECT_EQ("-", recordOf(registry_, UserId(UserId::DUID, "020000000001")));
}

TEST_F(IdMatchingTest, eachTypeIsByItself) {
    use({UserId(UserId::CIRCUIT_ID, "'olt7/'*"), UserId(UserId::REMOTE_ID, "'olt'*"),
         UserId(UserId::FLEX_ID, "01*")});
    EXPECT_EQ("6f6c74372f*", recordOf(registry_, UserId(UserId::CIRCUIT_ID, "'olt7/1'")));
    EXPECT_EQ("6f6c74*", recordOf(registry_, UserId(UserId::REMOTE_ID, "'olt7/1'")));
    EXPECT_EQ("-", recordOf(registry_, UserId(UserId::INTERFACE_ID, "'olt7/1'")));
    EXPECT_EQ("-", recordOf(registry_, UserId(UserId::CIRCUIT_ID, "'olt8/1'")));
}

TEST_F(IdMatchingTest, prefixesMayBeLong) {
    const std::vector<uint8_t> bytes(40, 7);
    use({UserId(UserId::DUID, bytes, UserId::Kind::PREFIX)});
    std::vector<uint8_t> client(bytes);
    client.push_back(8);
    EXPECT_NE("-", recordOf(registry_, UserId(UserId::DUID, client)));
    client.resize(39);
    EXPECT_EQ("-", recordOf(registry_, UserId(UserId::DUID, client)));
}

TEST_F(IdMatchingTest, theIdOfADefaultUserIsNobodys) {
    use({hwAddress("00000000"), hwAddress("00*"), hwAddress("00000000*"),
         UserId(UserId::FLEX_ID, "00000000")});
    EXPECT_EQ("-", recordOf(registry_, "00000000"));
    EXPECT_EQ("00000000*", recordOf(registry_, "000000000001"));
    EXPECT_EQ("00000000", recordOf(registry_, UserId(UserId::FLEX_ID, "00000000")));
}

TEST_F(IdMatchingTest, findingARecordIsNoMatching) {
    use({hwAddress("0c*"), hwAddress("random")});
    EXPECT_FALSE(registry_.find(hwAddress("0c0e")));
    EXPECT_FALSE(registry_.find(hwAddress("0c")));
    EXPECT_FALSE(registry_.find(hwAddress("02")));
    EXPECT_TRUE(registry_.find(hwAddress("0c*")));
    EXPECT_TRUE(registry_.find(hwAddress("random")));
}

TEST_F(IdMatchingTest, changesHideWhatLiesBelow) {
    use({hwAddress("0c0e*"), hwAddress("0c*"), hwAddress("random")});
    apply(registry_, {hwAddress("0c0e0a*"), hwAddress("0d*")}, {hwAddress("0c0e*"), hwAddress("random")});
    for (int folded = 0; folded < 2; ++folded) {
        EXPECT_EQ("0c0e0a*", recordOf(registry_, "0c0e0a01ff04"));
        EXPECT_EQ("0c*", recordOf(registry_, "0c0e0b01ff04"));
        EXPECT_EQ("0d*", recordOf(registry_, "0d0e0b01ff04"));
        EXPECT_EQ("-", recordOf(registry_, "020e0b01ff04"));
        registry_.fold();
    }
    apply(registry_, {}, {hwAddress("0c*"), hwAddress("0d*"), hwAddress("0c0e0a*")});
    EXPECT_EQ("-", recordOf(registry_, "0c0e0a01ff04"));
    EXPECT_EQ(0, registry_.size());
    EXPECT_EQ(Registry().revision(), registry_.revision());
    apply(registry_, {hwAddress("random"), hwAddress("0c0e0a01ff04")}, {});
    EXPECT_EQ("0c0e0a01ff04", recordOf(registry_, "0c0e0a01ff04"));
    EXPECT_EQ("random", recordOf(registry_, "020e0b01ff04"));
}

TEST_F(IdMatchingTest, aChangedPrefixHasItsNewAttributes) {
    use({hwAddress("0c*")});
    UserTable changes;
    const UserId id = hwAddress("0c*");
    changes.add(IdTag(id), id.getId(), {{"record", "new"}});
    changes.seal();
    const auto before = registry_.users();
    registry_.apply(changes);
    EXPECT_EQ("new", registry_.users()->match(hwAddress("0c0e")).first->properties.at("record"));
    EXPECT_EQ("0c*", before->match(hwAddress("0c0e")).first->properties.at("record"));
    EXPECT_EQ(1, registry_.size());
}

// The ids are repetitions of one byte value, so that different kinds with the same bytes are adjacent.
Ids manyIds() {
    Ids ids = {hwAddress("random")};
    for (size_t number = 0; number < UserId::TYPES; ++number) {
        for (const size_t length : {1, 6, 16, 17, 20, 21, 40}) {
            for (const auto kind : {UserId::Kind::EXACT, UserId::Kind::PREFIX}) {
                for (const int byte : {0, 2, 0xff}) {
                    ids.emplace_back(static_cast<UserId::UserIdType>(number),
                                     std::vector<uint8_t>(length, static_cast<uint8_t>(byte)), kind);
                }
            }
        }
    }
    return ids;
}

TEST_F(IdMatchingTest, usersAreListedInTheOrderOfTheirIds) {
    Ids ids = manyIds();
    std::mt19937 random(1);
    std::shuffle(ids.begin(), ids.end(), random);
    const size_t half = ids.size() / 2;
    use(Ids(ids.begin(), ids.begin() + static_cast<ptrdiff_t>(half)));
    apply(registry_, Ids(ids.begin() + static_cast<ptrdiff_t>(half), ids.end()), {});
    std::sort(ids.begin(), ids.end());
    for (int folded = 0; folded < 2; ++folded) {
        for (const size_t page : {size_t(1), size_t(3), ids.size()}) {
            Ids listed;
            for (size_t before = SIZE_MAX; before != listed.size() && listed.size() <= ids.size();) {
                before = listed.size();
                const auto last = listed.empty() ? std::nullopt : std::make_optional(listed.back());
                registry_.users()->forEachAfter(
                    last, page, [&](const UserId& id, const AttributeSet&) { listed.push_back(id); });
            }
            EXPECT_EQ(ids, listed);
        }
        registry_.fold();
    }
}

TEST_F(IdMatchingTest, theRevisionIsThatOfTheIdsHoweverTheyCame) {
    const Ids ids = manyIds();
    use(ids);
    Registry by_changes;
    for (const UserId& id : ids) {
        apply(by_changes, {id}, {});
    }
    EXPECT_EQ(registry_.revision(), by_changes.revision());
    EXPECT_EQ(registry_.users()->sizes(), by_changes.users()->sizes());
    by_changes.fold();
    EXPECT_EQ(registry_.revision(), by_changes.revision());
    apply(by_changes, {}, ids);
    EXPECT_EQ(Registry().revision(), by_changes.revision());
    EXPECT_EQ(0, by_changes.size());
}

} // namespace
} // namespace user_chk::id_matching_test
