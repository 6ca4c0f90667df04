// SPDX-License-Identifier: MPL-2.0
// Tests how a database is followed through a pooler that gives each transaction another session.

#include <database/following.h>
#include <database/pooler.h>

#include <gtest/gtest.h>

namespace user_chk {
namespace {

using test::awaits;
using test::Following;
using test::insertOf;
using test::knownTo;
using test::Pooler;
using test::PostgresServer;
using test::Session;
using test::settingsOf;

class PoolerTest : public testing::Test {
protected:
    PostgresServer server_;
    const std::string database_ = server_.makeDatabase();
    const Pooler pooler_{server_};
};

TEST_F(PoolerTest, changesComeWithoutBeingNotified) {
    Following following(settingsOf(pooler_.directory(), database_));
    EXPECT_FALSE(following.follower().source().database()->listening);
    const Session session = server_.session(database_);
    for (int number = 0; number < 5; ++number) {
        session.run(insertOf(number, "x"));
        EXPECT_TRUE(awaits([&] { return following.known() == knownTo(session); }));
    }
    session.run("TRUNCATE user_chk.users; " + insertOf(7, "y"));
    EXPECT_TRUE(awaits([&] { return following.known() == knownTo(session); }));
    EXPECT_EQ(1, following.follower().source().database()->connections);
}

// A failover that the pooler hides from its clients, and that lost the last commit.
TEST_F(PoolerTest, findsOutThatItIsAnotherHistoryWithoutBeingDisconnected) {
    PostgresServer standby(server_, PostgresServer::Standby());
    Following following(settingsOf(pooler_.directory(), database_));
    server_.session(database_).run(insertOf(1, "x"));
    const Session at_standby = standby.session(database_);
    EXPECT_TRUE(awaits([&] { return at_standby.value("SELECT count(*) FROM user_chk.users") == "1"; }));
    at_standby.run("ALTER SYSTEM SET primary_conninfo = ''");
    at_standby.run("SELECT pg_reload_conf()");
    EXPECT_TRUE(awaits([&] { return at_standby.value("SELECT count(*) FROM pg_stat_wal_receiver") == "0"; }));
    server_.session(database_).run(insertOf(2, "lost"));
    EXPECT_TRUE(awaits([&] { return following.size() == 2; }));
    standby.promote();
    for (int number = 10; number < 20; ++number) { // more transactions than were lost
        at_standby.run(insertOf(number, "x"));
    }
    pooler_.use(standby);
    EXPECT_TRUE(following.reported([](const LoadReport& report) { return report.other_history; }));
    EXPECT_TRUE(awaits([&] { return following.known() == knownTo(at_standby); }));
    EXPECT_EQ(1, following.follower().source().database()->connections);
}

} // namespace
} // namespace user_chk
