// SPDX-License-Identifier: MPL-2.0
// Tests how a registry follows a database that works, and one that does not.

#include <database/following.h>
#include <support/temp_dir.h>
#include <user_data_source.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <stdexcept>

namespace user_chk {
namespace {

using test::awaits;
using test::Following;
using test::insertOf;
using test::knownTo;
using test::messageOf;
using test::PostgresServer;
using test::Session;
using test::settingsOf;
using test::whereIs;
using Outcome = LoadReport::Outcome;

// Rejects an attribute `a` with the value `bad`.
Meaning refusingBad(UserId::UserIdType, const PropertyMap& attributes) {
    const auto a = attributes.find("a");
    if (a != attributes.end() && a->second == "bad") {
        isc_throw(isc::BadValue, "a is bad");
    }
    return Meaning();
}

class DatabaseSourceTest : public testing::Test {
protected:
    void expectFollowed(const Following& following) {
        EXPECT_TRUE(awaits([&] { return following.known() == knownTo(session_); }));
    }

    PostgresServer& server_ = PostgresServer::shared();
    const std::string database_ = server_.makeDatabase();
    const Session session_ = server_.session(database_);
    DatabaseSettings settings_ = settingsOf(server_, database_);
};

TEST_F(DatabaseSourceTest, followsWhatOthersCommit) {
    session_.run(insertOf(1, "x") + ";" + insertOf(2, R"(\"quoted\" and \\ and \u00fc \u20ac)"));
    session_.run("INSERT INTO user_chk.users (type, id) VALUES ('DUID', decode(repeat('ab', 300), 'hex'))");
    Following following(settings_);
    EXPECT_EQ(Outcome::LOADED, following.reports().front().outcome);
    EXPECT_TRUE(following.reports().front().everything);
    EXPECT_EQ(3, following.size());
    expectFollowed(following);
    session_.run(insertOf(3, "y"));
    expectFollowed(following);
    session_.run("UPDATE user_chk.users SET attributes = '{\"a\": \"z\"}'" + whereIs(1));
    expectFollowed(following);
    session_.run("DELETE FROM user_chk.users" + whereIs(2));
    expectFollowed(following);
    EXPECT_TRUE(following.lastReport(&LoadReport::everything, false));
    session_.run("TRUNCATE user_chk.users; " + insertOf(5, "y"));
    expectFollowed(following);
    EXPECT_TRUE(following.lastReport(&LoadReport::everything, true));
}

TEST_F(DatabaseSourceTest, listensForChanges) {
    settings_.fetch_wait_time = std::chrono::hours(1);
    Following following(settings_);
    for (int number = 0; number < 20; ++number) {
        session_.run(insertOf(number, "x"));
        EXPECT_TRUE(awaits([&] { return following.size() == static_cast<size_t>(number) + 1; }));
    }
    EXPECT_TRUE(following.follower().source().database()->listening);
}

// Commands wait for what the thread reads.
TEST_F(DatabaseSourceTest, isReadWithThePriorityOfTheServer) {
    const auto niceness = [] { return ::getpriority(PRIO_PROCESS, 0); };
    std::atomic<int> inside{niceness() + 1};
    const AttributeReader reader = [&](UserId::UserIdType, const PropertyMap&) {
        inside = niceness();
        return Meaning();
    };
    Following following(settings_, Fallback(), reader);
    session_.run(insertOf(1, "x"));
    expectFollowed(following);
    EXPECT_EQ(niceness(), inside);
}

TEST_F(DatabaseSourceTest, looksForChangesWhereItIsNotNotified) {
    Following following(settings_);
    session_.run("DROP TRIGGER z_insert ON user_chk.users; " + insertOf(1, "x") +
                 "; INSERT INTO user_chk.changes (type, id) SELECT type, id FROM user_chk.users");
    expectFollowed(following);
    EXPECT_EQ(1, following.size());
}

TEST_F(DatabaseSourceTest, readsLargeAnswers) {
    session_.run("INSERT INTO user_chk.users (type, id, attributes) SELECT 'HW_ADDR', int4send(g), "
                 "jsonb_build_object('a', repeat('x', g % 700)) FROM generate_series(1, 30000) g");
    Following following(settings_, Fallback(), nullptr, 1000);
    EXPECT_EQ(30000, following.size());
    session_.run("UPDATE user_chk.users SET attributes = '{\"a\": \"y\"}' WHERE id <= int4send(9000)");
    expectFollowed(following);
    EXPECT_TRUE(following.lastReport(&LoadReport::changes, 9000U));
    EXPECT_TRUE(awaits([&] { return following.follower().registry().users()->changes() == 0; })); // folded
    expectFollowed(following);
}

TEST_F(DatabaseSourceTest, aBadRowConcernsItsUserOnly) {
    session_.run(insertOf(1, "x") + ";" + insertOf(2, "bad") +
                 "; INSERT INTO user_chk.users (type, id) VALUES ('NEW_TYPE', '\\x01')");
    Following following(settings_, Fallback(), refusingBad);
    EXPECT_EQ(1, following.size());
    const LoadReport first = following.reports().front();
    EXPECT_EQ(Outcome::LOADED, first.outcome);
    EXPECT_EQ(2, first.skipped_now);
    ASSERT_EQ(2, first.skipped.size());
    EXPECT_EQ("HW_ADDR=000000000002", first.skipped[0].place);
    EXPECT_EQ("a is bad", first.skipped[0].reason);
    EXPECT_EQ("NEW_TYPE=01", first.skipped[1].place);
    EXPECT_EQ("invalid type: 'NEW_TYPE', must be one of HW_ADDR, DUID, CLIENT_ID, CIRCUIT_ID, INTERFACE_ID, "
              "REMOTE_ID, SUBSCRIBER_ID, FLEX_ID",
              first.skipped[1].reason);
    EXPECT_EQ(
        "", following.follower().source().cursor()); // a source that continued from it would not know of them

    // A user whose row was good keeps what was in force.
    session_.run("UPDATE user_chk.users SET attributes = '{\"a\": \"bad\"}'" + whereIs(1));
    EXPECT_TRUE(awaits([&] { return following.follower().source().skipped().count == 3; }));
    EXPECT_TRUE(following.has("000000000001", {{"a", "x"}}));
    // Also after a full load, which reports nothing again.
    following.follower().reload();
    EXPECT_TRUE(following.lastReport(&LoadReport::skipped_now, 0U));
    EXPECT_TRUE(following.has("000000000001", {{"a", "x"}}));

    session_.run("UPDATE user_chk.users SET attributes = '{\"a\": \"y\"}'" + whereIs(1));
    session_.run("DELETE FROM user_chk.users" + whereIs(2) +
                 "; DELETE FROM user_chk.users WHERE type = 'NEW_TYPE'");
    EXPECT_TRUE(awaits([&] { return following.follower().source().skipped().count == 0; }));
    expectFollowed(following);
    EXPECT_NE("", following.follower().source().cursor());
}

TEST_F(DatabaseSourceTest, reloadFindsWhatWasNotNoted) {
    Following following(settings_);
    session_.run("ALTER TABLE user_chk.users DISABLE TRIGGER USER; " + insertOf(1, "x") +
                 "; ALTER TABLE user_chk.users ENABLE ALWAYS TRIGGER z_insert;" + insertOf(2, "x"));
    EXPECT_TRUE(awaits([&] { return following.size() == 1; }));
    following.follower().reload();
    EXPECT_EQ(2, following.size());
    EXPECT_TRUE(following.lastReport(&LoadReport::everything, true));
}

TEST_F(DatabaseSourceTest, takesTheRowsOfItsServerTag) {
    settings_.server_tag = "building'; DROP TABLE user_chk.users; --";
    const auto insert = [&](const std::string& tag, const std::string& a) {
        session_.run(
            "INSERT INTO user_chk.users (type, id, server_tag, attributes) VALUES ('HW_ADDR', '\\x01', '" +
            tag + "', '{\"a\": \"" + a + "\"}')");
    };
    insert("all", "all");
    insert("other", "other");
    Following following(settings_);
    EXPECT_TRUE(following.has("01", {{"a", "all"}}));
    insert("building''; DROP TABLE user_chk.users; --", "own");
    EXPECT_TRUE(awaits([&] { return following.has("01", {{"a", "own"}}); }));
    following.follower().reload();
    EXPECT_TRUE(following.has("01", {{"a", "own"}}));
}

// --- databases that cannot be used

struct Refused {
    const char* name;
    const char* change; // of the database
    const char* user;
    const char* error;
};

class RefusedDatabaseTest : public DatabaseSourceTest, public testing::WithParamInterface<Refused> {};

TEST_P(RefusedDatabaseTest, tellsWhyAndGoesOnWhenThatIsMended) {
    session_.run("DO $$ BEGIN CREATE ROLE nobody LOGIN; EXCEPTION WHEN duplicate_object THEN END $$");
    session_.run(insertOf(1, "x"));
    session_.run(GetParam().change);
    settings_.user = GetParam().user;
    EXPECT_EQ(settings_.description() + ": " + GetParam().error,
              messageOf<UserDataSourceError>([&] { Following following(settings_); }));
    Fallback nobody;
    nobody.nobody = true;
    Following following(settings_, nobody);
    EXPECT_TRUE(following.follower().isClosed());
    session_.run("DO $$ BEGIN IF to_regnamespace('aside') IS NOT NULL THEN ALTER SCHEMA aside RENAME TO "
                 "user_chk; END IF; "
                 "END $$; UPDATE user_chk.schema_version SET version = 1; GRANT user_chk_reader TO nobody");
    EXPECT_TRUE(following.reported([](const LoadReport& report) { return report.opened; }));
    EXPECT_EQ(1, following.size());
    session_.run("REVOKE user_chk_reader FROM nobody");
}

INSTANTIATE_TEST_SUITE_P(
    All, RefusedDatabaseTest,
    testing::Values(
        Refused{
            "noSchema", "ALTER SCHEMA user_chk RENAME TO aside", "postgres",
            "relation \"user_chk.schema_version\" does not exist; create.sql creates the schema user_chk"},
        Refused{"tooNew", "UPDATE user_chk.schema_version SET version = 2", "postgres",
                "the schema user_chk has version 2, must be 1"},
        Refused{"tooOld", "UPDATE user_chk.schema_version SET version = 0", "postgres",
                "the schema user_chk has version 0, must be 1"},
        Refused{
            "noRights", "SELECT", "nobody",
            "permission denied for schema user_chk; a server needs the rights of the role user_chk_reader"}),
    [](const auto& one) { return one.param.name; });

TEST_F(DatabaseSourceTest, tellsOfEachHostThatItTried) {
    settings_.host = "/nowhere,/elsewhere";
    const std::string error = messageOf<UserDataSourceError>([&] { Following following(settings_); });
    EXPECT_EQ(settings_.description() + ": ", error.substr(0, settings_.description().size() + 2));
    EXPECT_NE(std::string::npos, error.find("/nowhere"));
    EXPECT_NE(std::string::npos, error.find("/elsewhere"));
}

TEST_F(DatabaseSourceTest, tellsThatThereIsNoSuchDatabase) {
    settings_.name = "absent";
    const std::string error = messageOf<UserDataSourceError>([&] { Following following(settings_); });
    EXPECT_NE(std::string::npos, error.find("database \"absent\" does not exist")) << error;
}

TEST_F(DatabaseSourceTest, usesTheFirstHostThatLetsItIn) {
    settings_.host = "/nowhere," + server_.directory();
    Following following(settings_);
    EXPECT_EQ(server_.directory(), following.follower().source().database()->host);
}

TEST_F(DatabaseSourceTest, logsInByItsPassword) {
    const auto letIn = [this](const std::string& rules) {
        const std::string file = session_.value("SHOW hba_file");
        session_.run("COPY (SELECT unnest(ARRAY[" + rules + "])) TO '" + file + "'");
        session_.run("SELECT pg_reload_conf()");
        EXPECT_TRUE(awaits([&] {
            return session_.value("SELECT count(*) FROM pg_hba_file_rules WHERE user_name = '{locked}'") ==
                   (rules.find("locked") != std::string::npos ? "1" : "0");
        }));
    };
    session_.run("DROP ROLE IF EXISTS locked; CREATE ROLE locked LOGIN PASSWORD 'it''s \\ \"good\"' IN ROLE "
                 "user_chk_reader");
    letIn("'local all locked scram-sha-256', 'local all all trust', 'local replication all trust'");
    settings_.user = "locked";
    const auto errorOf = [this] {
        return messageOf<UserDataSourceError>([this] { Following following(settings_); });
    };
    // The server applies its new rules a moment later.
    EXPECT_TRUE(awaits([&] {
        try {
            Following following(settings_);
            return false;
        } catch (const UserDataSourceError&) {
            return true;
        }
    }));
    EXPECT_NE(std::string::npos, errorOf().find("no password supplied")) << errorOf();
    settings_.password = "bad";
    EXPECT_NE(std::string::npos, errorOf().find("password authentication failed for user \"locked\""));
    EXPECT_EQ(std::string::npos, errorOf().find("bad"));
    const test::TempDir dir;
    settings_.password_file = dir.file("password");
    EXPECT_EQ(settings_.description() + ": " + settings_.password_file + ": No such file or directory",
              errorOf());
    test::writeFile(settings_.password_file, "it's \\ \"good\"\nand nothing else\n");
    EXPECT_NO_THROW(Following following(settings_));
    settings_.password_file.clear();
    settings_.password = "it's \\ \"good\"";
    EXPECT_NO_THROW(Following following(settings_));
    letIn("'local all all trust', 'local replication all trust'");
}

// --- the database becomes unavailable

class LostDatabaseTest : public testing::Test {
protected:
    void expectFollowed(const Following& following) {
        const Session session = server_.session(database_);
        EXPECT_TRUE(awaits([&] { return following.known() == knownTo(session); }));
    }

    static bool isFailure(const LoadReport& report) { return report.outcome == Outcome::FAILED; }
    static bool isReturn(const LoadReport& report) { return report.away.count() > 0; }

    PostgresServer server_;
    const std::string database_ = server_.makeDatabase();
    DatabaseSettings settings_ = settingsOf(server_, database_);
    const test::TempDir dir_;
    const LastGoodCopy copy_{dir_.file("copy"), settings_.description()};
};

TEST_F(LostDatabaseTest, servesOnAndGoesOnFromWhereItWas) {
    server_.session(database_).run(insertOf(1, "x"));
    Following following(settings_);
    server_.session(database_).run(insertOf(2, "x")); // from here on its history is known for certain
    expectFollowed(following);
    server_.stop("immediate");
    EXPECT_TRUE(following.reported(isFailure));
    EXPECT_EQ(2, following.size());
    EXPECT_FALSE(following.follower().source().database()->connected);
    server_.start();
    server_.session(database_).run(insertOf(3, "x"));
    expectFollowed(following);
    EXPECT_TRUE(following.reported(isReturn));
    EXPECT_TRUE(following.follower().source().database()->connected);
    const auto reports = following.reports();
    EXPECT_EQ(1, std::count_if(reports.begin(), reports.end(), isFailure)); // once, whatever else failed
    EXPECT_TRUE(
        std::none_of(reports.begin() + 1, reports.end(), [](const LoadReport& r) { return r.everything; }));
}

TEST_F(LostDatabaseTest, aConnectionThatIsTerminatedIsMadeAnew) {
    Following following(settings_);
    server_.session(database_).run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                   "WHERE application_name = 'kea-user-chk'");
    server_.session(database_).run(insertOf(1, "x"));
    expectFollowed(following);
    EXPECT_EQ(2, following.follower().source().database()->connections);
}

TEST_F(LostDatabaseTest, aConnectionThatIsTerminatedWhileItAsksGoesOnFromWhereItWas) {
    Following following(settings_);
    const std::string waits =
        " FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name = 'kea-user-chk'";
    {
        const Session locker = server_.session(database_);
        locker.run("BEGIN; LOCK TABLE user_chk.changes IN ACCESS EXCLUSIVE MODE");
        const Session other = server_.session(database_);
        EXPECT_TRUE(awaits([&] { return other.value("SELECT count(*)" + waits) == "1"; }));
        other.run("SELECT pg_terminate_backend(pid)" + waits);
        locker.run("COMMIT");
    }
    server_.session(database_).run(insertOf(1, "x"));
    expectFollowed(following);
    const auto reports = following.reports();
    EXPECT_TRUE(
        std::none_of(reports.begin() + 1, reports.end(), [](const LoadReport& r) { return r.everything; }));
}

TEST_F(LostDatabaseTest, nobodyWaitsForASilentDatabase) {
    server_.session(database_).run(insertOf(1, "x"));
    Following following(settings_);
    server_.signal(SIGSTOP);
    EXPECT_EQ(settings_.description() + ": is being read, which takes longer than 2 seconds",
              messageOf<UserDataSourceError>([&] { following.follower().reload(); }));
    EXPECT_EQ(1, following.size());
    // The thread would still wait, and then report that the database does not answer.
    following.follower().stop();
    EXPECT_EQ("was disconnected, as the library is being unloaded",
              following.follower().source().database()->error);
    server_.signal(SIGCONT);
}

TEST_F(LostDatabaseTest, comesBackFromSilence) {
    Following following(settings_);
    server_.signal(SIGSTOP);
    EXPECT_TRUE(following.reported(isFailure));
    server_.signal(SIGCONT);
    server_.session(database_).run(insertOf(1, "x"));
    expectFollowed(following);
}

TEST_F(LostDatabaseTest, beginsWithItsCopyAndGoesOnFromThere) {
    {
        Following following(settings_);
        server_.session(database_).run(insertOf(1, "x"));
        expectFollowed(following);
        const std::string cursor = following.follower().source().cursor();
        copy_.write(*following.follower().registry().users(), cursor);
    }
    Fallback fallback;
    fallback.copy = [this] { return copy_.read(nullptr); };
    {
        server_.session(database_).run(insertOf(2, "x"));
        Following following(settings_, fallback);
        EXPECT_EQ(Outcome::LOADED, following.reports().front().outcome);
        EXPECT_FALSE(following.reports().front().everything);
        EXPECT_EQ(1, following.reports().front().changes);
        expectFollowed(following);
    }
    server_.stop();
    Following following(settings_, fallback);
    EXPECT_EQ(Outcome::COPIED, following.reports().front().outcome);
    EXPECT_TRUE(following.follower().state().copied_at);
    EXPECT_TRUE(following.has("000000000001", {{"a", "x"}}));
    server_.start();
    expectFollowed(following);
    EXPECT_FALSE(following.follower().state().copied_at);
    EXPECT_TRUE(following.has("000000000002", {{"a", "x"}}));
}

TEST_F(LostDatabaseTest, readsAllWhereTheCursorOfTheCopyIsNone) {
    for (const char* cursor : {"", "{}", "not a cursor"}) {
        {
            Following following(settings_);
            copy_.write(*following.follower().registry().users(), cursor);
        }
        server_.session(database_).run("TRUNCATE user_chk.users; " + insertOf(1, "x"));
        Fallback fallback;
        fallback.copy = [this] { return copy_.read(nullptr); };
        Following following(settings_, fallback);
        expectFollowed(following);
    }
}

TEST_F(LostDatabaseTest, aSilentDatabaseDoesNotKeepFromBeginningWithTheCopy) {
    {
        Following following(settings_);
        const std::string cursor = following.follower().source().cursor();
        copy_.write(*following.follower().registry().users(), cursor);
    }
    server_.signal(SIGSTOP);
    Fallback fallback;
    fallback.copy = [this] { return copy_.read(nullptr); };
    settings_.connect_timeout = std::chrono::hours(24);
    Following following(settings_, fallback);
    EXPECT_EQ(Outcome::COPIED, following.reports().front().outcome);
    server_.signal(SIGCONT);
    server_.session(database_).run(insertOf(1, "x"));
    expectFollowed(following);
}

// --- standbys

TEST_F(LostDatabaseTest, followsAStandbyAndWhatBecomesOfIt) {
    server_.session(database_).run(insertOf(1, "x"));
    PostgresServer standby(server_, PostgresServer::Standby());
    settings_.host = standby.directory();
    Following following(settings_);
    EXPECT_TRUE(following.follower().source().database()->standby);
    const Session slow = server_.session(database_);
    slow.run("BEGIN; " + insertOf(2, "x"));
    server_.session(database_).run(insertOf(3, "x"));
    EXPECT_TRUE(awaits([&] { return following.size() == 2; }));
    slow.run("COMMIT");
    expectFollowed(following);
    EXPECT_EQ(3, following.size());
    server_.stop("immediate");
    standby.promote();
    standby.session(database_).run(insertOf(4, "x"));
    EXPECT_TRUE(awaits([&] { return following.size() == 4; }));
}

// The last commit never got to the standby: it was seen, and is gone. How the server finds that out depends
// on how many other commits arrive there first: either by transaction ids in the future, or by the marks.
class FailoverTest : public LostDatabaseTest, public testing::WithParamInterface<int> {};

TEST_P(FailoverTest, findsOutWhatIsLost) {
    PostgresServer standby(server_, PostgresServer::Standby());
    settings_.host = server_.directory() + "," + standby.directory();
    Following following(settings_);
    server_.session(database_).run(insertOf(1, "x"));
    expectFollowed(following);
    const Session at_standby = standby.session(database_);
    EXPECT_TRUE(awaits([&] { return at_standby.value("SELECT count(*) FROM user_chk.users") == "1"; }));
    at_standby.run("ALTER SYSTEM SET primary_conninfo = ''");
    at_standby.run("SELECT pg_reload_conf()");
    EXPECT_TRUE(awaits([&] { return at_standby.value("SELECT count(*) FROM pg_stat_wal_receiver") == "0"; }));
    server_.session(database_).run(insertOf(2, "lost"));
    expectFollowed(following);
    standby.promote();
    for (int number = 0; number < GetParam(); ++number) {
        at_standby.run(insertOf(10 + number, "x"));
    }
    server_.stop("immediate");
    EXPECT_TRUE(following.reported([](const LoadReport& report) { return report.other_history; }));
    at_standby.run(insertOf(3, "x"));
    EXPECT_TRUE(awaits([&] { return following.known() == knownTo(at_standby); }));
    EXPECT_FALSE(following.has("000000000002", {{"a", "lost"}}));
}

INSTANTIATE_TEST_SUITE_P(CommitsMeanwhile, FailoverTest, testing::Values(0, 10));

TEST_F(LostDatabaseTest, findsOutThatABackupWasRestored) {
    {
        const Session session = server_.session(database_);
        session.run(insertOf(1, "x"));
        session.run("CREATE DATABASE backup TEMPLATE postgres");
    }
    Following following(settings_);
    server_.session(database_).run(insertOf(2, "gone"));
    expectFollowed(following);
    // Another database takes the name: its log has other marks.
    server_.session("backup").run(test::readFile(USER_CHK_SCHEMA));
    server_.session("backup").run(insertOf(1, "restored") + ";" + insertOf(3, "restored"));
    server_.session("postgres")
        .run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database_ + "'");
    const Session admin = server_.session("postgres");
    EXPECT_TRUE(awaits([&] {
        try {
            admin.run("DROP DATABASE " + database_ + " WITH (FORCE)");
            return true;
        } catch (const std::runtime_error&) {
            return false;
        }
    }));
    admin.run("ALTER DATABASE backup RENAME TO " + database_);
    expectFollowed(following);
    EXPECT_TRUE(following.reported([](const LoadReport& report) { return report.other_history; }));
}

} // namespace
} // namespace user_chk
