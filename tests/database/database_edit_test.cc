// SPDX-License-Identifier: MPL-2.0
// Tests how users are changed in a database: durably and in force, or not at all.

#include <database/following.h>
#include <source/registry_editor.h>
#include <support/temp_dir.h>
#include <user_data_source.h>

#include <gtest/gtest.h>

#include <csignal>
#include <future>
#include <thread>

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

// Returns the user with a number, as insertOf() creates it.
User userOf(int number, const std::string& a = "x") {
    const std::vector<uint8_t> id = {
        0, 0, 0, 0, static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number)};
    User user(UserId(UserId::HW_ADDRESS, id));
    user.setProperties({{"a", a}});
    return user;
}

// A followed registry with its editor, which is patient because test machines are busy.
class Editing : public Following {
public:
    using Following::Following;

    RegistryEditor& editor() { return editor_; }

    // An editor with a server's patience.
    RegistryEditor& usualEditor() { return usual_editor_; }

    uint64_t versionOf(int number) {
        const auto entry = follower().registry().users()->entryOf(userOf(number).getUserId());
        return entry ? entry->note : 0;
    }

private:
    RegistryEditor editor_{follower(), nullptr, [](const LoadReport&) {}, std::chrono::minutes(1)};
    RegistryEditor usual_editor_{follower(), nullptr, [](const LoadReport&) {}};
};

class DatabaseEditTest : public testing::Test {
protected:
    std::string stateOf(int number) const {
        return session_.value(
            "SELECT coalesce(string_agg(server_tag || ' ' || (attributes ->> 'a') || ' ' || "
            "version, ', ' ORDER BY server_tag), '') FROM user_chk.users" +
            whereIs(number));
    }

    // Returns the error of an editor that cannot add a user.
    static std::string refusalOf(Editing& editing, int number) {
        return messageOf<UserDataSourceError>([&] { editing.editor().add(userOf(number)); });
    }

    PostgresServer& server_ = PostgresServer::shared();
    const std::string database_ = server_.makeDatabase();
    const Session session_ = server_.session(database_);
    DatabaseSettings settings_ = settingsOf(server_, database_);
};

TEST_F(DatabaseEditTest, aChangeIsMadeForGoodAndInForce) {
    settings_.fetch_wait_time = std::chrono::minutes(1);
    Editing editing(settings_);
    EXPECT_TRUE(editing.editor().add(userOf(1, R"("quoted" \ ü)")));
    EXPECT_TRUE(editing.has("000000000001", {{"a", R"("quoted" \ ü)"}}));
    EXPECT_EQ(editing.known(), knownTo(session_));
    EXPECT_TRUE(editing.editor().update(userOf(1, "y")));
    EXPECT_TRUE(editing.has("000000000001", {{"a", "y"}}));
    EXPECT_EQ("all y 2", stateOf(1));
    EXPECT_TRUE(editing.editor().remove(userOf(1).getUserId()));
    EXPECT_FALSE(editing.has("000000000001", {{"a", "y"}}));
    EXPECT_EQ("", stateOf(1));
}

TEST_F(DatabaseEditTest, anExactIdAndAPrefixOfItsBytesAreTwoUsers) {
    const auto types = [&] {
        return session_.value(
            "SELECT coalesce(string_agg(type || ' ' || encode(id, 'hex'), ', ' ORDER BY type), '') "
            "FROM user_chk.users");
    };
    Editing editing(settings_);
    const User exact(UserId::CIRCUIT_ID, std::string("'olt'"));
    const User prefix(UserId::CIRCUIT_ID, std::string("'olt'*"));
    const User random(UserId::HW_ADDRESS, std::string("random"));
    for (const User& user : {prefix, random}) {
        EXPECT_TRUE(editing.editor().add(user));
        EXPECT_FALSE(editing.editor().add(user));
    }
    EXPECT_FALSE(editing.editor().update(exact));
    EXPECT_TRUE(editing.editor().add(exact));
    EXPECT_EQ("CIRCUIT_ID 6f6c74, CIRCUIT_ID_PREFIX 6f6c74, HW_ADDR_RANDOM 02", types());
    const Registry& registry = editing.follower().registry();
    EXPECT_EQ(3, registry.size());
    EXPECT_EQ(prefix.getUserId().toText(), registry.users()
                                               ->match(UserId(UserId::CIRCUIT_ID, "'olt7'"))
                                               .second.idOf(UserId(UserId::CIRCUIT_ID, "'olt7'"))
                                               .toText());
    EXPECT_TRUE(registry.users()->match(UserId(UserId::HW_ADDRESS, "020000000001")).first);
    EXPECT_TRUE(editing.editor().remove(prefix.getUserId()));
    EXPECT_EQ("CIRCUIT_ID 6f6c74, HW_ADDR_RANDOM 02", types());
    EXPECT_FALSE(registry.users()->match(UserId(UserId::CIRCUIT_ID, "'olt7'")).first);
    EXPECT_TRUE(registry.users()->match(UserId(UserId::CIRCUIT_ID, "'olt'")).first);
}

TEST_F(DatabaseEditTest, whatIsThereIsNotAddedAndWhatIsNotThereIsNotChanged) {
    session_.run(insertOf(1, "x"));
    Editing editing(settings_);
    EXPECT_FALSE(editing.editor().add(userOf(1, "y")));
    EXPECT_FALSE(editing.editor().update(userOf(2, "y")));
    EXPECT_FALSE(editing.editor().remove(userOf(2).getUserId()));
    EXPECT_EQ("all x 1", stateOf(1));
    EXPECT_EQ(1, editing.size());
}

TEST_F(DatabaseEditTest, onlyTheVersionThatWasSeenIsReplaced) {
    session_.run(insertOf(1, "x"));
    Editing editing(settings_);
    EXPECT_EQ(1, editing.versionOf(1));
    session_.run("UPDATE user_chk.users SET attributes = attributes" + whereIs(1)); // still a new version
    EXPECT_THROW(editing.editor().update(userOf(1, "y"), 1), VersionConflict);
    EXPECT_EQ(2, editing.versionOf(1));
    EXPECT_EQ("all x 2", stateOf(1));
    EXPECT_TRUE(editing.editor().update(userOf(1, "y"), 2));
    EXPECT_EQ(3, editing.versionOf(1));
    EXPECT_FALSE(editing.editor().update(userOf(2, "y"), 1));
}

TEST_F(DatabaseEditTest, theCopyKeepsVersions) {
    const test::TempDir dir;
    const LastGoodCopy copy(dir.file("copy"), "it");
    session_.run(insertOf(1, "x") + ";" + insertOf(2, "x") + ";" + insertOf(3, "x"));
    session_.run("UPDATE user_chk.users SET attributes = '{\"a\": \"y\"}'" + whereIs(2));
    {
        Editing editing(settings_);
        copy.write(*editing.follower().registry().users(), editing.follower().source().cursor());
    }
    Fallback fallback;
    fallback.copy = [&] { return copy.read(nullptr); };
    Editing editing(settings_, fallback);
    EXPECT_FALSE(editing.reports().front().everything);
    EXPECT_EQ(1, editing.versionOf(1));
    EXPECT_EQ(2, editing.versionOf(2));
    EXPECT_EQ(1, editing.versionOf(3));
}

TEST_F(DatabaseEditTest, theRowThatIsInForceIsChanged) {
    session_.run(insertOf(1, "x") + ";" + insertOf(2, "x"));
    session_.run("INSERT INTO user_chk.users (type, id, server_tag, attributes) "
                 "SELECT type, id, 'here', '{\"a\": \"h\"}' FROM user_chk.users" +
                 whereIs(2));
    settings_.server_tag = "here";
    Editing editing(settings_);
    EXPECT_TRUE(editing.editor().update(userOf(1, "y")));
    EXPECT_TRUE(editing.editor().update(userOf(2, "y")));
    EXPECT_EQ("all y 2", stateOf(1));
    EXPECT_EQ("all x 1, here y 2", stateOf(2));
    EXPECT_TRUE(editing.editor().remove(userOf(2).getUserId()));
    EXPECT_EQ("", stateOf(2)) << "or the user would be registered still";
    EXPECT_EQ(1, editing.size());
    session_.run("UPDATE user_chk.users SET server_tag = 'here'" + whereIs(1));
    EXPECT_FALSE(editing.editor().add(userOf(1, "z")));
}

TEST_F(DatabaseEditTest, manyThreadsChangeUsersAtOnce) {
    Editing editing(settings_);
    std::vector<std::future<int>> threads;
    for (int thread = 0; thread < 8; ++thread) {
        threads.push_back(std::async(std::launch::async, [&] {
            int added = 0;
            for (int number = 0; number < 20; ++number) {
                added += editing.editor().add(userOf(number)) ? 1 : 0;
            }
            return added;
        }));
    }
    int added = 0;
    for (auto& thread : threads) {
        added += thread.get();
    }
    EXPECT_EQ(20, added);
    EXPECT_EQ(editing.known(), knownTo(session_));
}

TEST_F(DatabaseEditTest, aReadonlyDatabaseIsNotAsked) {
    settings_.readonly = true;
    Editing editing(settings_);
    EXPECT_EQ(settings_.description() + ": is read-only for this server", refusalOf(editing, 1));
    EXPECT_EQ("", stateOf(1));
}

TEST_F(DatabaseEditTest, whoMayOnlyReadIsToldWhichRoleItTakes) {
    session_.run("DROP ROLE IF EXISTS onlooker; CREATE ROLE onlooker LOGIN IN ROLE user_chk_reader");
    settings_.user = "onlooker";
    Editing editing(settings_);
    EXPECT_EQ(settings_.description() +
                  ": permission denied for table users; changing users needs the rights of "
                  "the role user_chk_editor; nothing was changed",
              refusalOf(editing, 1));
    session_.run("GRANT user_chk_editor TO onlooker");
    EXPECT_TRUE(editing.editor().add(userOf(1))) << "the connection has survived";
    EXPECT_EQ(1, editing.follower().source().database()->connections);
}

TEST_F(DatabaseEditTest, aRowThatSomebodyElseHoldsIsNotWaitedForLong) {
    session_.run(insertOf(1, "x"));
    Editing editing(settings_);
    session_.run("BEGIN; SELECT FROM user_chk.users" + whereIs(1) + " FOR UPDATE");
    EXPECT_EQ(settings_.description() +
                  ": canceling statement due to lock timeout; another transaction is changing "
                  "the user; nothing was changed",
              messageOf<UserDataSourceError>([&] { editing.editor().update(userOf(1, "y")); }));
    session_.run("ROLLBACK");
    EXPECT_TRUE(editing.editor().update(userOf(1, "y")));
}

TEST_F(DatabaseEditTest, whatTheTableRefusesIsToldOf) {
    Editing editing(settings_);
    const std::string reason =
        messageOf<UserDataSourceError>([&] { editing.editor().add(userOf(1, std::string(60000, 'x'))); });
    EXPECT_NE(std::string::npos, reason.find("attributes are texts")) << reason;
    EXPECT_NE(std::string::npos, reason.find("; nothing was changed")) << reason;
    EXPECT_TRUE(editing.editor().add(userOf(1)));
}

// --- the database becomes unavailable

class LostDatabaseEditTest : public testing::Test {
protected:
    // Returns how many sessions wait for a lock, of those whose names match; `what` is counted for each.
    std::string waitingForALock(const std::string& what, const std::string& name) const {
        return server_.session(database_).value(
            "SELECT count(" + what +
            ") FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name " + name);
    }

    static void addOrNot(Editing& editing, int number) {
        try {
            editing.editor().add(userOf(number));
        } catch (const UserDataSourceError&) { // the lock may last too long for it
        }
    }

    PostgresServer server_;
    const std::string database_ = server_.makeDatabase();
    DatabaseSettings settings_ = settingsOf(server_, database_);
};

TEST_F(LostDatabaseEditTest, nothingIsChangedLaterThatWasRefusedBefore) {
    Editing editing(settings_);
    server_.stop("immediate");
    EXPECT_TRUE(awaits([&] { return !editing.follower().source().database()->connected; }));
    const std::string reason = messageOf<UserDataSourceError>([&] { editing.editor().add(userOf(1)); });
    EXPECT_EQ(0, reason.find(settings_.description() + ": has been unavailable since ")) << reason;
    EXPECT_NE(std::string::npos, reason.find("; nothing was changed")) << reason;
    server_.start();
    EXPECT_TRUE(awaits([&] { return editing.follower().source().database()->connected; }));
    EXPECT_TRUE(editing.editor().add(userOf(2)));
    EXPECT_EQ(1, editing.size());
}

TEST_F(LostDatabaseEditTest, aSilentDatabaseIsNotWaitedForLongAndChangesNothingLater) {
    settings_.fetch_wait_time = std::chrono::minutes(1);
    Editing editing(settings_);
    server_.signal(SIGSTOP);
    EXPECT_EQ(settings_.description() + ": does not answer in time; nothing was changed",
              messageOf<UserDataSourceError>([&] { editing.usualEditor().add(userOf(1)); }));
    server_.signal(SIGCONT);
    EXPECT_TRUE(awaits([&] {
        try {
            return editing.editor().add(userOf(2));
        } catch (const UserDataSourceError&) {
            return false; // the connection is being made
        }
    }));
    EXPECT_EQ("0", server_.session(database_).value("SELECT count(*) FROM user_chk.users" + whereIs(1)));
}

// The thread is blocked in one change while the others arrive, and then again in the next one.
TEST_F(LostDatabaseEditTest, allThatWaitAreToldWhenTheConnectionIsLost) {
    Editing editing(settings_);
    const Session first = server_.session(database_);
    const Session second = server_.session(database_);
    first.run("BEGIN; LOCK user_chk.users IN EXCLUSIVE MODE"); // permits reading
    const auto held_up = std::async(std::launch::async, [&] { addOrNot(editing, 0); });
    EXPECT_TRUE(awaits([&] { return waitingForALock("1", "= 'kea-user-chk'") == "1"; }));
    auto locked =
        std::async(std::launch::async, [&] { second.run("BEGIN; LOCK user_chk.users IN EXCLUSIVE MODE"); });
    EXPECT_TRUE(awaits([&] { return waitingForALock("1", "<> 'kea-user-chk'") == "1"; }));
    std::vector<std::future<std::string>> reasons;
    for (int number = 1; number <= 3; ++number) {
        reasons.push_back(std::async(std::launch::async, [&editing, number] {
            return messageOf<UserDataSourceError>([&] { editing.editor().add(userOf(number)); });
        }));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100)); // nothing tells when they wait
    first.run("ROLLBACK");
    locked.get();
    EXPECT_TRUE(
        awaits([&] { return waitingForALock("pg_terminate_backend(pid)", "= 'kea-user-chk'") == "1"; }));
    for (auto& reason : reasons) {
        const std::string told = reason.get();
        EXPECT_NE(std::string::npos, told.find("; nothing was changed")) << told;
        EXPECT_EQ(std::string::npos, told.find("in time")) << told;
    }
    second.run("ROLLBACK");
    EXPECT_TRUE(awaits([&] { return editing.follower().source().database()->connections == 2; }));
    EXPECT_TRUE(awaits([&] { return editing.known() == knownTo(second); }));
    EXPECT_LE(editing.size(), 1);
}

TEST_F(LostDatabaseEditTest, aStandbyTakesNoChanges) {
    const PostgresServer standby(server_, PostgresServer::Standby{});
    settings_.host = standby.directory();
    Editing editing(settings_);
    EXPECT_EQ(settings_.description() + ": cannot execute INSERT in a read-only transaction; a standby or a "
                                        "read-only database accepts no changes; nothing was changed",
              messageOf<UserDataSourceError>([&] { editing.editor().add(userOf(1)); }));
}

} // namespace
} // namespace user_chk
