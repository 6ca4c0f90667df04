// SPDX-License-Identifier: MPL-2.0
// Tests that a registry matches its database whenever that is quiet, whatever many concurrent writers have
// done.

#include <database/following.h>
#include <database/pooler.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <stdexcept>

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
using test::whereIs;

constexpr int WRITERS = 8;
constexpr int KEYS = 300;

// Makes random changes of users, in transactions of which some are rolled back, and some stay open for a
// while.
class Writer {
public:
    Writer(const Session& session, unsigned seed) : session_(session), random_(seed) {}

    void run(std::chrono::steady_clock::time_point end, bool in_bulk) {
        while (std::chrono::steady_clock::now() < end) {
            try {
                transact(in_bulk);
            } catch (const std::runtime_error&) {
                session_.run("ROLLBACK"); // a deadlock with another writer
            }
        }
    }

private:
    int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
    bool once(int in) { return below(in) == 0; }

    void pause() {
        if (once(3)) {
            std::this_thread::sleep_for(std::chrono::milliseconds(below(once(10) ? 300 : 20)));
        }
    }

    void transact(bool in_bulk) {
        session_.run(once(10) ? "BEGIN ISOLATION LEVEL REPEATABLE READ" : "BEGIN");
        for (int left = 1 + below(3); left > 0; --left) {
            if (once(5)) {
                session_.run("SAVEPOINT s");
                change(in_bulk);
                session_.run(once(2) ? "ROLLBACK TO s" : "RELEASE s");
            } else {
                change(in_bulk);
            }
            pause();
        }
        session_.run(once(8) ? "ROLLBACK" : "COMMIT");
    }

    void change(bool in_bulk) {
        const int number = below(KEYS);
        const std::string a = std::to_string(random_());
        const int kind = below(in_bulk ? 60 : 56);
        if (kind < 20) {
            session_.run(
                insertOf(number, a) +
                " ON CONFLICT (type, id, server_tag) DO UPDATE SET attributes = EXCLUDED.attributes");
        } else if (kind < 35) {
            session_.run("UPDATE user_chk.users SET attributes = jsonb_build_object('a', '" + a + "')" +
                         whereIs(number));
        } else if (kind < 50) {
            session_.run("DELETE FROM user_chk.users" + whereIs(number));
        } else if (kind < 53) { // another key
            session_.run("UPDATE user_chk.users SET id = decode(lpad(to_hex(" + std::to_string(below(KEYS)) +
                         "), 12, '0'), 'hex')" + whereIs(number));
        } else if (kind < 56) { // several at once
            session_.run("INSERT INTO user_chk.users (type, id, attributes) SELECT 'HW_ADDR', "
                         "decode(lpad(to_hex(g), 12, '0'), "
                         "'hex'), '{\"a\": \"" +
                         a + "\"}' FROM generate_series(" + std::to_string(number) + ", " +
                         std::to_string(number + 20) + ") g ON CONFLICT DO NOTHING");
        } else if (kind < 59) { // so many that everything is read
            session_.run("INSERT INTO user_chk.users (type, id) SELECT 'DUID', int4send(g) FROM "
                         "generate_series(1, 10010) g "
                         "ON CONFLICT DO NOTHING");
        } else {
            session_.run("TRUNCATE user_chk.users");
        }
    }

    const Session& session_;
    std::mt19937 random_;
};

unsigned seedOf() {
    const char* given = std::getenv("DATABASE_SEED");
    return given != nullptr ? static_cast<unsigned>(std::stoul(given)) : std::random_device()();
}

// Lets writers change a server, and each time they pause, compares it with what a follower has in force. The
// follower may use another server. Servers are identified by the directories of their sockets.
void compareAtRest(const std::string& server, const std::string& followed, const std::string& database) {
    const unsigned seed = seedOf();
    std::cout << "DATABASE_SEED=" << seed << std::endl;
    Following following(settingsOf(followed, database), Fallback(), nullptr, 100);
    const Session session(server, database);
    std::vector<Session> sessions;
    for (int i = 0; i < WRITERS; ++i) {
        sessions.emplace_back(server, database);
    }
    for (unsigned round = 0; round < 6; ++round) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1500);
        std::vector<std::thread> threads;
        for (unsigned i = 0; i < WRITERS; ++i) {
            threads.emplace_back(
                [&, i] { Writer(sessions[i], seed + 100 * round + i).run(end, round % 3 == 2); });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        ASSERT_TRUE(awaits([&] { return following.known() == knownTo(session); }, std::chrono::seconds(20)))
            << "round " << round;
    }
}

TEST(DatabasePropertyTest, theRegistryIsTrueToItsDatabaseWhenThatIsQuiet) {
    PostgresServer& server = PostgresServer::shared();
    compareAtRest(server.directory(), server.directory(), server.makeDatabase());
}

TEST(DatabasePropertyTest, theRegistryIsTrueToItsDatabaseThroughAStandby) {
    PostgresServer server;
    const std::string database = server.makeDatabase();
    const PostgresServer standby(server, PostgresServer::Standby());
    compareAtRest(server.directory(), standby.directory(), database);
}

// Writers and the follower share fewer database sessions than there are of them.
TEST(DatabasePropertyTest, theRegistryIsTrueToItsDatabaseThroughAPooler) {
    PostgresServer& server = PostgresServer::shared();
    const std::string database = server.makeDatabase();
    const Pooler pooler(server, WRITERS / 2);
    compareAtRest(pooler.directory(), pooler.directory(), database);
}

} // namespace
} // namespace user_chk
