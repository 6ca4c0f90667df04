// SPDX-License-Identifier: MPL-2.0
// Tests the schema of the database by itself: what it accepts, who may do what, and that followers who use
// its functions miss nothing.

#include <database/postgres.h>
#include <support/temp_dir.h>

#include <gtest/gtest.h>

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace user_chk::schema_test {
namespace {

using test::PostgresServer;
using test::Rows;
using test::Session;

const std::string INSERT = "INSERT INTO user_chk.users (type, id, attributes) VALUES ";

// Returns the values of a row for INSERT.
std::string user(int number, const std::string& note = "x") {
    return "('HW_ADDR', decode('" + std::to_string(100000 + number) + "', 'hex'), '{\"note\": \"" + note +
           "\"}')";
}

std::string insert(int number, const std::string& note = "x") {
    return INSERT + user(number, note);
}

std::string where(int number) {
    return " WHERE id = decode('" + std::to_string(100000 + number) + "', 'hex')";
}

typedef std::map<std::string, std::string> Users;

// Uses only the schema's functions, as a server does.
class Follower {
public:
    Follower(const Session& session, const std::string& tag = "all") : session_(session), tag_(tag) {
        load();
    }

    // Returns what it was told.
    std::string poll() {
        const Rows rows =
            session_.run("SELECT * FROM user_chk.changes_since('" + cursor_ + "', '" + tag_ + "')");
        const std::string what = rows.at(0).at(0);
        if (what == "all" || what == "other") {
            load();
            return what;
        }
        if (what == "changes") {
            cursor_ = rows.at(0).at(1);
            for (size_t i = 1; i < rows.size(); ++i) {
                const std::string key = rows[i].at(2) + rows[i].at(3);
                users_.erase(key);
                if (rows[i].at(4) != "null") {
                    users_[key] = rows[i].at(4);
                }
            }
            return std::to_string(rows.size() - 1);
        }
        return what;
    }

    const Users& users() const { return users_; }

    static Users usersIn(const Session& session, const std::string& tag = "all") {
        Users users;
        for (const auto& row :
             session.run("SELECT type, id, attributes::text FROM user_chk.registry('" + tag + "')")) {
            if (!users.emplace(row.at(0) + row.at(1), row.at(2)).second) {
                throw std::runtime_error("twice: " + row.at(1));
            }
        }
        return users;
    }

private:
    void load() {
        session_.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        cursor_ = session_.value("SELECT user_chk.snapshot()");
        users_ = usersIn(session_, tag_);
        session_.run("COMMIT");
    }

    const Session& session_;
    const std::string tag_;
    std::string cursor_;
    Users users_;
};

class SchemaTest : public testing::Test {
protected:
    void expectFollowed(Follower& follower, const std::string& told) {
        EXPECT_EQ(told, follower.poll());
        EXPECT_EQ(Follower::usersIn(session_), follower.users());
    }

    size_t log() const { return std::stoul(session_.value("SELECT count(*) FROM user_chk.changes")); }

    PostgresServer& server_ = PostgresServer::shared();
    const std::string database_ = server_.makeDatabase();
    const Session session_ = server_.session(database_);
};

TEST_F(SchemaTest, isOfAVersion) {
    EXPECT_EQ((Rows{{"1", "0"}}), session_.run("SELECT version, minor FROM user_chk.schema_version"));
}

TEST_F(SchemaTest, takesOnlyWhatARecordMayHave) {
    const std::string constraint = "23514";
    const std::vector<std::string> bad = {
        "('hw-addr', '\\x01', '{}')",
        "('', '\\x01', '{}')",
        "('HW_ADDR', '', '{}')",
        "('HW_ADDR', decode(repeat('00', 1025), 'hex'), '{}')",
        "('HW_ADDR', '\\x01', '[]')",
        "('HW_ADDR', '\\x01', '1')",
        "('HW_ADDR', '\\x01', '{\"a\": 1}')",
        "('HW_ADDR', '\\x01', '{\"a\": null}')",
        "('HW_ADDR', '\\x01', '{\"a\": {}}')",
        "('HW_ADDR', '\\x01', '{\"type\": \"x\"}')",
        "('HW_ADDR', '\\x01', '{\"\": \"x\"}')",
        "('HW_ADDR', '\\x01', '{\"id\": \"x\"}')",
        "('HW_ADDR', '\\x01', jsonb_build_object('a', repeat('x', 60000)))"};
    for (const std::string& values : bad) {
        EXPECT_EQ(constraint, session_.errorOf(INSERT + values)) << values;
    }
    session_.run(INSERT +
                 "('CIRCUIT_ID', '\\x01', '{}'), ('SUBSCRIBER_ID_PREFIX', '\\x01', '{}'), "
                 "('HW_ADDR_RANDOM', '\\x02', '{}'), ('HW_ADDR', decode(repeat('00', 1024), 'hex'), '{}'), "
                 "('DUID', '\\x01', jsonb_build_object('a', repeat('x', 59000)))");
    EXPECT_EQ("23505", session_.errorOf(INSERT + "('DUID', '\\x01', '{}')"));
}

TEST_F(SchemaTest, countsTheVersionsOfARow) {
    session_.run(insert(1));
    session_.run("UPDATE user_chk.users SET attributes = '{}', version = 7, created = 'epoch'");
    EXPECT_EQ("2",
              session_.value("SELECT version FROM user_chk.users WHERE created > now() - interval '1 h'"));
}

TEST_F(SchemaTest, followsEveryKindOfStatement) {
    Follower follower(session_);
    expectFollowed(follower, "0");
    session_.run(insert(1));
    expectFollowed(follower, "1");
    session_.run(INSERT + user(2) + ", " + user(3));
    expectFollowed(follower, "2");
    session_.run("UPDATE user_chk.users SET attributes = '{\"b\": \"c\"}'" + where(2));
    expectFollowed(follower, "1");
    session_.run("UPDATE user_chk.users SET id = '\\x99'" + where(2)); // another key: both
    expectFollowed(follower, "2");
    session_.run(insert(3, "y") + ", " + user(4) +
                 " ON CONFLICT (type, id, server_tag) DO UPDATE SET attributes = '{}'");
    expectFollowed(follower, "2");
    session_.run("DELETE FROM user_chk.users" + where(3));
    expectFollowed(follower, "1");
    session_.run(
        "MERGE INTO user_chk.users u USING (VALUES ('\\x99'::bytea), ('\\x98')) v (id) ON u.id = v.id "
        "WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (type, id) VALUES ('DUID', v.id)");
    expectFollowed(follower, "2");
    session_.run("COPY user_chk.users (type, id) FROM PROGRAM 'printf ''DUID\\t\\\\\\\\x77\\n'''");
    expectFollowed(follower, "1");
    session_.run("SET session_replication_role = replica; " + insert(5) + "; RESET session_replication_role");
    expectFollowed(follower, "1");
    session_.run(
        "DELETE FROM user_chk.users WHERE false; UPDATE user_chk.users SET attributes = '{}' WHERE false");
    expectFollowed(follower, "0");
    session_.run("BEGIN; " + insert(6) + "; ROLLBACK");
    expectFollowed(follower, "0");
    session_.run("BEGIN; " + insert(6) + "; SAVEPOINT s; " + insert(7) + "; ROLLBACK TO s; COMMIT");
    expectFollowed(follower, "1");
    session_.run("TRUNCATE user_chk.users");
    expectFollowed(follower, "all");
    EXPECT_TRUE(follower.users().empty());
}

TEST_F(SchemaTest, hasServersReadAllAfterVeryManyChanges) {
    Follower follower(session_);
    const size_t before = log();
    session_.run(
        "INSERT INTO user_chk.users (type, id) SELECT 'DUID', int4send(g) FROM generate_series(1, 10001) g");
    EXPECT_EQ(before + 1, log());
    expectFollowed(follower, "all");
    EXPECT_EQ(10001, follower.users().size());
    session_.run(
        "DELETE FROM user_chk.users WHERE id IN (SELECT int4send(g) FROM generate_series(1, 6000) g)");
    session_.run("UPDATE user_chk.users SET attributes = '{\"a\": \"b\"}' WHERE id < int4send(10000)");
    expectFollowed(follower, "9999");
    session_.run("DELETE FROM user_chk.users WHERE id < int4send(10000)");
    session_.run(
        "INSERT INTO user_chk.users (type, id) SELECT 'DUID', int4send(g) FROM generate_series(1, 7000) g");
    expectFollowed(follower, "all"); // by two statements
}

// Transactions do not commit in the order of the log.
TEST_F(SchemaTest, missesNoTransactionThatCommitsLate) {
    const Session slow = server_.session(database_);
    Follower follower(session_);
    slow.run("BEGIN; " + insert(1));
    session_.run(insert(2));
    expectFollowed(follower, "1");
    expectFollowed(follower, "0"); // what was seen is not reported again, though the slow one still runs
    session_.run(insert(3));
    expectFollowed(follower, "1");
    slow.run("COMMIT");
    expectFollowed(follower, "1");
    expectFollowed(follower, "0");
    EXPECT_EQ(3, follower.users().size());
}

TEST_F(SchemaTest, missesNothingThatCommitsBesideTheFirstLoad) {
    const Session slow = server_.session(database_);
    slow.run("BEGIN; " + insert(1));
    session_.run(insert(2));
    Follower follower(session_);
    EXPECT_EQ(1, follower.users().size());
    slow.run("COMMIT");
    expectFollowed(follower, "1");
}

TEST_F(SchemaTest, prunesTheLogAndKnowsWhoMissesWhatIsGone) {
    Follower idle(session_);
    session_.run(
        "INSERT INTO user_chk.changes (type, id, at) SELECT 'DUID', '\\x01', now() - interval '8 days' "
        "FROM generate_series(1, 1500)");
    session_.run(insert(1)); // removes up to 1,000
    EXPECT_EQ(1 + 1500 + 1 - 1000, log());
    session_.run("BEGIN ISOLATION LEVEL REPEATABLE READ; " + insert(2) + "; COMMIT");
    EXPECT_EQ(1 + 1500 + 2 - 1000, log());
    session_.run("SELECT user_chk.prune()");
    EXPECT_EQ(3, log());
    Follower follower(session_);
    expectFollowed(idle, "all");
    expectFollowed(follower, "0");
    session_.run("SELECT user_chk.prune('0 s')");
    EXPECT_EQ(1, log());             // never all of it
    expectFollowed(follower, "all"); // it knew this history by lines that are gone
    session_.run(insert(3));
    expectFollowed(follower, "1");
}

TEST_F(SchemaTest, findsOutThatItsHistoryIsAnotherOne) {
    session_.run(insert(1));
    Follower follower(session_);
    session_.run(insert(2));
    expectFollowed(follower, "1");
    // As if the last commit had been lost, and its transaction id been reused.
    session_.run("ALTER TABLE user_chk.users DISABLE TRIGGER z_delete; DELETE FROM user_chk.users" +
                 where(2) +
                 "; ALTER TABLE user_chk.users ENABLE ALWAYS TRIGGER z_delete; UPDATE user_chk.changes "
                 "SET mark = gen_random_uuid() WHERE seq = (SELECT max(seq) FROM user_chk.changes)");
    expectFollowed(follower, "other");
    EXPECT_EQ(1, follower.users().size());
    session_.run("UPDATE user_chk.changes SET mark = gen_random_uuid()");
    expectFollowed(follower, "other");
}

TEST_F(SchemaTest, aServerTagTakesItsOwnRow) {
    const std::string own =
        "INSERT INTO user_chk.users (type, id, server_tag, attributes) VALUES ('DUID', '\\x01', ";
    Follower building(session_, "building");
    Follower other(session_);
    const auto expect = [&](const Users& at_building, const Users& elsewhere) {
        building.poll();
        other.poll();
        EXPECT_EQ(at_building, building.users());
        EXPECT_EQ(elsewhere, other.users());
        EXPECT_EQ(at_building, Follower::usersIn(session_, "building"));
    };
    session_.run(own + "'all', '{\"a\": \"all\"}')");
    expect({{"DUID\\x01", R"({"a": "all"})"}}, {{"DUID\\x01", R"({"a": "all"})"}});
    session_.run(own + "'building', '{\"a\": \"own\"}')");
    expect({{"DUID\\x01", R"({"a": "own"})"}}, {{"DUID\\x01", R"({"a": "all"})"}});
    session_.run(own + "'garden', '{}')");
    expect({{"DUID\\x01", R"({"a": "own"})"}}, {{"DUID\\x01", R"({"a": "all"})"}});
    session_.run("DELETE FROM user_chk.users WHERE server_tag = 'all'");
    expect({{"DUID\\x01", R"({"a": "own"})"}}, {});
    session_.run("DELETE FROM user_chk.users WHERE server_tag = 'building'");
    expect({}, {});
}

TEST_F(SchemaTest, rolesMayDoWhatTheyAreFor) {
    session_.run(
        "DO $$ BEGIN CREATE ROLE reader LOGIN IN ROLE user_chk_reader; CREATE ROLE editor LOGIN IN ROLE "
        "user_chk_editor; CREATE ROLE nobody LOGIN; EXCEPTION WHEN duplicate_object THEN END $$");
    session_.run(insert(1));
    const std::string denied = "42501";
    const Session reader = server_.session(database_, "reader");
    Follower follower(reader);
    EXPECT_EQ("0", follower.poll());
    reader.run("LISTEN user_chk");
    EXPECT_EQ(denied, reader.errorOf(insert(2)));
    EXPECT_EQ(denied, reader.errorOf("DELETE FROM user_chk.users"));
    EXPECT_EQ(denied, reader.errorOf("SELECT user_chk.prune()"));

    const Session editor = server_.session(database_, "editor");
    editor.run(insert(2) + "; UPDATE user_chk.users SET attributes = '{}'; DELETE FROM user_chk.users" +
               where(1));
    expectFollowed(follower, "2");
    EXPECT_EQ(denied, editor.errorOf("UPDATE user_chk.users SET version = 1"));
    EXPECT_EQ(denied, editor.errorOf("TRUNCATE user_chk.users"));
    EXPECT_EQ(denied, editor.errorOf("DELETE FROM user_chk.changes"));
    EXPECT_EQ(denied, editor.errorOf("INSERT INTO user_chk.changes (type, id) VALUES (NULL, NULL)"));

    EXPECT_EQ(denied, server_.session(database_, "nobody").errorOf("SELECT * FROM user_chk.users"));
}

// The roles that the script creates exist in the whole cluster, so everything is undone.
TEST_F(SchemaTest, takesTheStatementsOfTheDocument) {
    const std::string document = test::readFile(USER_CHK_DATABASE_DOCUMENT);
    const std::string begin = "```sql\n";
    size_t count = 0;
    session_.run("BEGIN");
    for (size_t at = document.find(begin); at != std::string::npos; at = document.find(begin, at)) {
        at += begin.size();
        session_.run(document.substr(at, document.find("```", at) - at));
        ++count;
    }
    session_.run("ROLLBACK");
    EXPECT_EQ(7, count);
}

TEST_F(SchemaTest, isMadeInASecondDatabaseOfACluster) {
    server_.session(server_.makeDatabase()).run(insert(1));
    EXPECT_TRUE(Follower::usersIn(session_).empty());
}

} // namespace
} // namespace user_chk::schema_test
