// SPDX-License-Identifier: MPL-2.0
// Tests IdList.

#include <identity/id_list.h>

#include <gtest/gtest.h>

namespace user_chk::id_list_test {
namespace {

typedef std::vector<uint8_t> Bytes;
typedef std::vector<UserId> Ids;

TEST(IdListTest, hasWhatWasAddedInOrder) {
    const Bytes long_id(70000, 0x5a);
    IdList list;
    list.add(UserId::REMOTE_ID, {0});
    list.add(UserId::CLIENT_ID, {1, 2, 3});
    list.add(UserId::FLEX_ID, long_id);
    list.add(UserId::CIRCUIT_ID, {0xff});
    EXPECT_EQ((Ids{{UserId::REMOTE_ID, Bytes{0}},
                   {UserId::CLIENT_ID, Bytes{1, 2, 3}},
                   {UserId::FLEX_ID, long_id},
                   {UserId::CIRCUIT_ID, Bytes{0xff}}}),
              list.ids());
}

TEST(IdListTest, hasNoIdWithoutBytes) {
    IdList list;
    list.add(UserId::CLIENT_ID, {});
    EXPECT_EQ(Ids(), list.ids());
}

TEST(IdListTest, isEmptyAfterItWasCleared) {
    IdList list;
    EXPECT_EQ(Ids(), list.ids());
    list.add(UserId::CLIENT_ID, {1, 2, 3});
    list.clear();
    EXPECT_EQ(Ids(), list.ids());
    list.add(UserId::DUID, {4});
    EXPECT_EQ((Ids{{UserId::DUID, Bytes{4}}}), list.ids());
}

} // namespace
} // namespace user_chk::id_list_test
