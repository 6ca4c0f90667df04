// SPDX-License-Identifier: MPL-2.0
// Tests that a registry stays up to date with a database whose history is no longer the one that was
// followed.

#include <database/following.h>
#include <support/temp_dir.h>

#include <gtest/gtest.h>

namespace user_chk {
namespace {

using test::awaits;
using test::Following;
using test::insertOf;
using test::knownTo;
using test::PostgresServer;
using test::Session;
using test::settingsOf;

// Inserts a user and returns the transaction id.
std::string insert(const Session& session, int number) {
    return session.value(insertOf(number, "x") + " RETURNING pg_current_xact_id()");
}

// Makes this transaction id the one after the next of a server.
void advance(const Session& session, const std::string& transaction) {
    session.run("DO $$ BEGIN WHILE pg_current_xact_id()::text::bigint < '" + transaction +
                "'::text::bigint - 2 LOOP COMMIT; END LOOP; END $$");
}

void expectFollowed(const Following& following, const Session& session) {
    EXPECT_TRUE(awaits([&] { return following.known() == knownTo(session); }));
}

bool isOther(const LoadReport& report) {
    return report.other_history;
}

class HistoryTest : public testing::Test {
protected:
    // A copy that was saved by a server that is down from now on.
    Fallback leave(Following& following, const DatabaseSettings& settings) {
        copy_ = std::make_unique<LastGoodCopy>(dir_.file("copy"), settings.description());
        copy_->write(*following.follower().registry().users(), following.follower().source().cursor());
        Fallback fallback;
        fallback.copy = [this] { return copy_->read(nullptr); };
        return fallback;
    }

    PostgresServer server_;
    const std::string database_ = server_.makeDatabase();
    const test::TempDir dir_;
    std::unique_ptr<LastGoodCopy> copy_;
};

TEST_F(HistoryTest, allIsReadWhereTheLogWasPrunedMeanwhile) {
    const Session session = server_.session(database_);
    const DatabaseSettings settings = settingsOf(server_, database_);
    Fallback copy;
    {
        Following following(settings);
        insert(session, 1);
        insert(session, 2);
        expectFollowed(following, session);
        copy = leave(following, settings);
    }
    insert(session, 3);
    session.run("DELETE FROM user_chk.users WHERE id = '\\x000000000001'");
    session.run("SELECT user_chk.prune('0')");
    insert(session, 4);
    session.run("SELECT user_chk.prune('0')");
    Following following(settings, copy);
    const LoadReport first = following.reports().front();
    EXPECT_EQ(LoadReport::Outcome::LOADED, first.outcome);
    EXPECT_TRUE(first.everything);
    EXPECT_FALSE(first.other_history);
    expectFollowed(following, session);
}

TEST_F(HistoryTest, nothingIsReadAnewWhereOnlyWhatWasSeenIsPruned) {
    const Session session = server_.session(database_);
    const DatabaseSettings settings = settingsOf(server_, database_);
    Fallback copy;
    insert(session, 1);
    {
        Following following(settings);
        insert(session, 2);
        expectFollowed(following, session);
        copy = leave(following, settings);
    }
    session.run("SELECT user_chk.prune('0')");
    insert(session, 3);
    Following following(settings, copy);
    EXPECT_FALSE(following.reports().front().everything);
    expectFollowed(following, session);
}

// The log comes with the dump, and has transaction ids that are in the future here.
TEST_F(HistoryTest, aDumpIsAnotherHistoryInAnotherServer) {
    const Session before = server_.session(database_);
    insert(before, 1);
    advance(before, "3000");
    insert(before, 2);
    const std::string last = insert(before, 3);
    before.run("SELECT user_chk.prune('0')");
    PostgresServer other{PostgresServer::Cluster()};
    other.session("postgres").run("CREATE DATABASE " + database_);
    other.session("postgres").run("CREATE ROLE user_chk_reader; CREATE ROLE user_chk_editor");
    const DatabaseSettings settings = settingsOf(server_.directory() + "," + other.directory(), database_);
    Following following(settings);
    server_.dump(database_, other);
    insert(before, 4); // will be lost
    EXPECT_TRUE(awaits([&] { return following.size() == 4; }));
    server_.stop("immediate");

    const Session session = other.session(database_);
    EXPECT_TRUE(following.reported(isOther));
    expectFollowed(following, session);
    EXPECT_EQ(3, following.size());
    insert(session, 5);
    expectFollowed(following, session);
    EXPECT_TRUE(following.lastReport(&LoadReport::everything, false)); // not again and again

    advance(session, last);
    insert(session, 6);
    expectFollowed(following, session);
    ASSERT_EQ(last, insert(session, 7));
    expectFollowed(following, session);
    insert(session, 8);
    expectFollowed(following, session);
    EXPECT_TRUE(following.lastReport(&LoadReport::everything, false));
}

} // namespace
} // namespace user_chk
