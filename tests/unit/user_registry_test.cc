// SPDX-License-Identifier: MPL-2.0
// Tests UserRegistry.

#include <policy/user_rules.h>
#include <registry/user_table.h>
#include <support/temp_dir.h>
#include <user_file.h>
#include <user_registry.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace user_chk::user_registry_test {
namespace {

using test::messageOf;

UserPtr makeUser(UserId::UserIdType type, const std::string& id) {
    return boost::make_shared<User>(type, id);
}

// A source with only the four functions that the interface requires.
class ListSource : public UserDataSource {
public:
    std::vector<UserPtr> users;
    bool fail_at_end = false;
    bool fail_at_open = false;

    void open() override {
        if (fail_at_open) {
            isc_throw(UserDataSourceError, "cannot open");
        }
        next_ = 0;
        open_ = true;
    }
    UserPtr readNextUser() override {
        if (next_ < users.size()) {
            return users[next_++];
        }
        if (fail_at_end) {
            isc_throw(UserDataSourceError, "cannot read on");
        }
        return UserPtr();
    }
    void close() override { open_ = false; }
    bool isOpen() const override { return open_; }

private:
    size_t next_ = 0;
    bool open_ = false;
};

class UserRegistryTest : public testing::Test {
protected:
    static void expectSame(const UserPtr& expected, const UserPtr& actual) {
        ASSERT_TRUE(actual) << expected->getUserId();
        EXPECT_EQ(expected->getUserId(), actual->getUserId());
        EXPECT_EQ(expected->getProperties(), actual->getProperties());
    }

    UserRegistry registry_;
    const UserPtr one_ = makeUser(UserId::HW_ADDRESS, "01");
    const UserPtr two_ = makeUser(UserId::DUID, "02");
    const boost::shared_ptr<ListSource> source_ = boost::make_shared<ListSource>();
};

TEST_F(UserRegistryTest, findsWhatWasAdded) {
    registry_.addUser(one_);
    registry_.addUser(two_);
    EXPECT_EQ(one_, registry_.findUser(one_->getUserId()));
    EXPECT_EQ(two_, registry_.findUser(two_->getUserId()));
    EXPECT_FALSE(registry_.findUser(UserId(UserId::DUID, std::string("01"))));
    EXPECT_EQ(2, registry_.size());
}

TEST_F(UserRegistryTest, refusesNullAndDuplicates) {
    registry_.addUser(one_);
    EXPECT_THROW(registry_.addUser(UserPtr()), UserRegistryError);
    EXPECT_EQ("duplicate user: HW_ADDR=01", messageOf<UserRegistryError>([this] {
                  registry_.addUser(makeUser(UserId::HW_ADDRESS, "01"));
              }));
    EXPECT_EQ(one_, registry_.findUser(one_->getUserId()));
}

TEST_F(UserRegistryTest, findsByHardwareAddressWhateverItsType) {
    registry_.addUser(one_);
    EXPECT_EQ(one_, registry_.findUser(isc::dhcp::HWAddr({0x01}, 1)));
    EXPECT_EQ(one_, registry_.findUser(isc::dhcp::HWAddr({0x01}, 6)));
    EXPECT_FALSE(registry_.findUser(isc::dhcp::HWAddr({0x02}, 1)));
    EXPECT_FALSE(registry_.findUser(isc::dhcp::HWAddr()));
}

TEST_F(UserRegistryTest, findsByDuid) {
    const UserPtr user = makeUser(UserId::DUID, "00:01:02:03");
    registry_.addUser(user);
    EXPECT_EQ(user, registry_.findUser(isc::dhcp::DUID({0, 1, 2, 3})));
    EXPECT_FALSE(registry_.findUser(isc::dhcp::DUID({0, 1, 2, 4})));
}

TEST_F(UserRegistryTest, removesUsers) {
    registry_.addUser(one_);
    registry_.addUser(two_);
    registry_.removeUser(one_->getUserId());
    registry_.removeUser(one_->getUserId());
    EXPECT_FALSE(registry_.findUser(one_->getUserId()));
    EXPECT_TRUE(registry_.findUser(two_->getUserId()));
    registry_.clearall();
    EXPECT_EQ(0, registry_.size());
}

TEST_F(UserRegistryTest, takesASource) {
    EXPECT_FALSE(registry_.getSource());
    EXPECT_THROW(registry_.setSource(UserDataSourcePtr()), UserRegistryError);
    registry_.setSource(source_);
    EXPECT_EQ(source_, registry_.getSource());
}

TEST_F(UserRegistryTest, refreshReplacesTheContent) {
    registry_.addUser(one_);
    registry_.setSource(source_);
    source_->users = {two_};
    registry_.refresh();
    EXPECT_FALSE(registry_.findUser(one_->getUserId()));
    expectSame(two_, registry_.findUser(two_->getUserId()));
    EXPECT_FALSE(source_->isOpen());
}

TEST_F(UserRegistryTest, refreshOfUnorderedUsersFindsThemAll) {
    registry_.setSource(source_);
    for (const char* id : {"07", "01", "ff", "03", "02"}) {
        source_->users.push_back(makeUser(UserId::HW_ADDRESS, id));
    }
    registry_.refresh();
    EXPECT_EQ(source_->users.size(), registry_.size());
    for (const UserPtr& user : source_->users) {
        expectSame(user, registry_.findUser(user->getUserId()));
    }
}

TEST_F(UserRegistryTest, changesUsersWhoWereRefreshed) {
    registry_.setSource(source_);
    two_->setProperty("bootfile", "/two");
    source_->users = {one_, two_};
    registry_.refresh();
    EXPECT_THROW(registry_.addUser(makeUser(UserId::HW_ADDRESS, "01")), UserRegistryError);

    registry_.removeUser(one_->getUserId());
    EXPECT_FALSE(registry_.findUser(one_->getUserId()));
    expectSame(two_, registry_.findUser(two_->getUserId()));
    registry_.addUser(one_);
    EXPECT_EQ(one_, registry_.findUser(one_->getUserId()));
    EXPECT_EQ(2, registry_.size());

    registry_.refresh();
    EXPECT_EQ(2, registry_.size());
}

TEST_F(UserRegistryTest, failedRefreshKeepsTheContent) {
    registry_.addUser(one_);
    EXPECT_THROW(registry_.refresh(), UserRegistryError);
    registry_.setSource(source_);
    source_->users = {two_};

    source_->fail_at_end = true;
    EXPECT_EQ("cannot read on", messageOf<UserRegistryError>([this] { registry_.refresh(); }));
    EXPECT_FALSE(source_->isOpen());

    source_->fail_at_open = true;
    EXPECT_EQ("cannot open", messageOf<UserRegistryError>([this] { registry_.refresh(); }));

    source_->fail_at_end = source_->fail_at_open = false;
    source_->users = {two_, one_, makeUser(UserId::DUID, "02")};
    EXPECT_EQ("duplicate user: DUID=02", messageOf<UserRegistryError>([this] { registry_.refresh(); }));

    EXPECT_EQ(1, registry_.size());
    EXPECT_EQ(one_, registry_.findUser(one_->getUserId()));
}

// Readers find a user that is in every version, whatever happens concurrently.
TEST_F(UserRegistryTest, readersSeeAllOfAChangeOrNoneOfIt) {
    registry_.setSource(source_);
    source_->users = {one_, two_};
    registry_.refresh();
    std::atomic<bool> stop{false};
    std::atomic<int> missed{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 4; ++i) {
        readers.emplace_back([&] {
            while (!stop) {
                missed += registry_.findUser(one_->getUserId()) ? 0 : 1;
            }
        });
    }
    for (int i = 0; i < 1000; ++i) {
        registry_.refresh();
        const UserPtr other = makeUser(UserId::HW_ADDRESS, "0202");
        registry_.addUser(other);
        registry_.removeUser(other->getUserId());
    }
    stop = true;
    for (std::thread& reader : readers) {
        reader.join();
    }
    EXPECT_EQ(0, missed);
}

} // namespace
} // namespace user_chk::user_registry_test
