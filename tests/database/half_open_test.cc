// SPDX-License-Identifier: MPL-2.0
// Tests a connection of which one end is gone without the other end knowing.

#include <database/following.h>
#include <database/relay.h>

#include <gtest/gtest.h>

namespace user_chk {
namespace {

using test::awaits;
using test::Following;
using test::insertOf;
using test::knownTo;
using test::PostgresServer;
using test::Relay;
using test::Session;
using test::settingsOf;

class HalfOpenTest : public testing::Test {
protected:
    void expectNoticed(Following& following) {
        EXPECT_TRUE(following.reported([](const LoadReport& report) {
            return report.outcome == LoadReport::Outcome::FAILED &&
                   report.error.find(": does not answer") != std::string::npos;
        }));
        EXPECT_TRUE(awaits([&] { return following.known() == knownTo(session_); }));
        EXPECT_EQ(2, following.follower().source().database()->connections);
    }

    PostgresServer& server_ = PostgresServer::shared();
    const std::string database_ = server_.makeDatabase();
    const Session session_ = server_.session(database_);
    Relay relay_{server_};
    DatabaseSettings settings_ = settingsOf(relay_.directory(), database_);
};

TEST_F(HalfOpenTest, isNoticedAndMadeAnew) {
    session_.run(insertOf(1, "x"));
    Following following(settings_);
    relay_.holdAfter(0);
    session_.run(insertOf(2, "x"));
    expectNoticed(following);
}

TEST_F(HalfOpenTest, whileItIsNotifiedOnly) {
    settings_.fetch_wait_time = std::chrono::seconds(1);
    Following following(settings_);
    session_.run(insertOf(1, "x"));
    EXPECT_TRUE(awaits([&] { return following.size() == 1; }));
    relay_.holdAfter(20); // not even a notification is complete
    session_.run(insertOf(2, "x"));
    expectNoticed(following);
}

TEST_F(HalfOpenTest, inTheMiddleOfAllUsers) {
    session_.run(insertOf(1, "x"));
    Following following(settings_);
    session_.run(
        "ALTER TABLE user_chk.users DISABLE TRIGGER USER; INSERT INTO user_chk.users (type, id, attributes) "
        "SELECT 'HW_ADDR', int4send(g), '{\"a\": \"y\"}' FROM generate_series(1, 50000) g");
    relay_.holdAfter(100000);
    following.follower().reread();
    EXPECT_TRUE(following.reported([&](const LoadReport& report) {
        EXPECT_TRUE(following.size() == 1 || following.size() == 50001); // nothing in between
        return report.outcome == LoadReport::Outcome::FAILED;
    }));
    expectNoticed(following);
}

} // namespace
} // namespace user_chk
