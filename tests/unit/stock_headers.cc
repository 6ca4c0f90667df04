// SPDX-License-Identifier: MPL-2.0
// Code written for stock's headers: plain names, boost pointers, references to non-const pointers.

#include <user.h>
#include <user_data_source.h>
#include <user_file.h>
#include <user_registry.h>

#include <gtest/gtest.h>

using namespace user_chk;

namespace {

TEST(StockHeadersTest, codeForStockCompilesAndWorks) {
    UserIdPtr id(new UserId(UserId::HW_ADDRESS, "0c0e0a01ff06"));
    UserPtr user(new User(*id));
    user->setProperty("bootfile", "/tmp/file");

    UserRegistryPtr registry(new UserRegistry());
    ASSERT_NO_THROW(registry->addUser(user));
    const UserPtr& found = registry->findUser(*id);
    ASSERT_TRUE(found);
    EXPECT_EQ(*id, found->getUserId());

    UserDataSourcePtr source(new UserFile("registry.txt"));
    registry->setSource(source);
    const UserDataSourcePtr& same = registry->getSource();
    EXPECT_EQ(source, same);

    UserFilePtr file(new UserFile("registry.txt"));
    UserPtr made = file->makeUser("{\"type\":\"DUID\",\"id\":\"0001\"}");
    PropertyMap properties = made->getProperties();
    UserMap users;
    users[made->getUserId()] = made;
    EXPECT_EQ(1, users.size());
    EXPECT_TRUE(properties.empty());
}

} // namespace
