// SPDX-License-Identifier: MPL-2.0
// Tests the checks of users' identifiers, and the remarks on them.

#include <registry/id_remarks.h>
#include <support/temp_dir.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

namespace user_chk::id_remarks_test {
namespace {

typedef std::vector<uint8_t> Bytes;

std::string remarkOn(IdTag tag, const Bytes& id) {
    std::vector<std::string> remarks;
    remarkOnId(tag, id, remarks);
    EXPECT_LE(remarks.size(), 1);
    return remarks.empty() ? std::string() : remarks.front();
}

TEST(IdRemarksTest, hardwareAddressesHaveSixBytes) {
    EXPECT_EQ("", remarkOn(UserId::HW_ADDRESS, Bytes(6, 0x0c)));
    for (const size_t size : {1, 4, 5, 7, 8, 20, 21, 200}) {
        EXPECT_EQ("the id has " + std::to_string(size) +
                      " bytes, but Ethernet addresses have 6: clients are unlikely to match it",
                  remarkOn(UserId::HW_ADDRESS, Bytes(size, 0x0c)));
    }
}

TEST(IdRemarksTest, aHardwareAddressBehindItsTypeIsAClientIdentifier) {
    EXPECT_EQ("the id looks like a client identifier, which is 01 and the hardware address; clients are "
              "looked up by the hardware address alone",
              remarkOn(UserId::HW_ADDRESS, {1, 0x0c, 0x0e, 0x0a, 1, 0xff, 4}));
}

TEST(IdRemarksTest, duidsHaveThreeTo130Bytes) {
    for (const size_t size : {3, 4, 14, 130}) {
        EXPECT_EQ("", remarkOn(UserId::DUID, Bytes(size, 1)));
    }
    for (const size_t size : {1, 2, 131, 500}) {
        EXPECT_EQ("the id has " + std::to_string(size) +
                      " bytes, but DUIDs have 3 to 130: no client will match it",
                  remarkOn(UserId::DUID, Bytes(size, 1)));
    }
}

TEST(IdRemarksTest, prefixesMayBeShorter) {
    const IdTag address = {UserId::HW_ADDRESS, UserId::Kind::PREFIX};
    const IdTag duid = {UserId::DUID, UserId::Kind::PREFIX};
    for (const size_t size : {1, 2, 3, 4, 6}) {
        EXPECT_EQ("", remarkOn(address, Bytes(size, 0)));
        EXPECT_EQ("", remarkOn(duid, Bytes(size, 0)));
    }
    EXPECT_NE("", remarkOn(address, Bytes(7, 0)));
    EXPECT_NE("", remarkOn(duid, Bytes(131, 0)));
    EXPECT_EQ("", remarkOn({UserId::HW_ADDRESS, UserId::Kind::RANDOM}, {2}));
}

TEST(IdRemarksTest, theDefaultUserIsNotRemarkedOn) {
    EXPECT_EQ("", remarkOn(UserId::HW_ADDRESS, Bytes(4, 0)));
    EXPECT_EQ("", remarkOn(UserId::DUID, Bytes(4, 0)));
}

TEST(IdRemarksTest, someAttributesAreNotForTheDefaultUser) {
    const Meaning meaning = {nullptr, {}, "not for strangers"};
    EXPECT_EQ("not for strangers",
              test::messageOf<isc::BadValue>([&] { checkForId(meaning, UserId::DUID, Bytes(4, 0)); }));
    EXPECT_NO_THROW(checkForId(meaning, UserId::DUID, Bytes(4, 1)));
    EXPECT_NO_THROW(checkForId(meaning, UserId::DUID, Bytes(5, 0)));
    EXPECT_NO_THROW(checkForId(meaning, UserId::FLEX_ID, Bytes(4, 0)));
    EXPECT_NO_THROW(checkForId(meaning, {UserId::DUID, UserId::Kind::PREFIX}, Bytes(4, 0)));
    EXPECT_NO_THROW(checkForId(Meaning(), UserId::DUID, Bytes(4, 0)));
}

} // namespace
} // namespace user_chk::id_remarks_test
