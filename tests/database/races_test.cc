// SPDX-License-Identifier: MPL-2.0
// Has threads look up users, reload and look at the state of a database while it changes, is disconnected,
// and the library is unloaded. Meant for ThreadSanitizer.

#include <database/following.h>
#include <policy/verdict.h>
#include <source/registry_editor.h>
#include <support/temp_dir.h>
#include <user_data_source.h>

#include <gtest/gtest.h>

#include <atomic>
#include <functional>

namespace user_chk::races_test {
namespace {

using test::Following;
using test::insertOf;
using test::PostgresServer;
using test::Session;
using test::settingsOf;
using test::whereIs;

constexpr std::chrono::milliseconds LIFE(700);
constexpr int LIVES = 6;
constexpr int KEYS = 50;
constexpr size_t MOST_CHANGES = 4; // folded again and again
constexpr int EVER_PRESENT = 0;
const char* const EVER_PRESENT_ID = "000000000000";

// Threads that repeat something until they are ended.
class Crowd {
public:
    ~Crowd() { end(); }

    void add(std::function<void(int)> work) {
        threads_.emplace_back([this, work = std::move(work)] {
            for (int number = 1; !stop_; ++number) {
                work(number);
            }
        });
    }

    void end() {
        stop_ = true;
        for (std::thread& thread : threads_) {
            thread.join();
        }
        threads_.clear();
    }

private:
    std::atomic<bool> stop_{false};
    std::vector<std::thread> threads_;
};

void change(const Session& session, int number) {
    const int key = 1 + number % KEYS;
    session.run(insertOf(key, std::to_string(number)) + " ON CONFLICT DO NOTHING");
    session.run("UPDATE user_chk.users SET attributes = '{\"a\": \"" + std::to_string(number) + "\"}'" +
                whereIs(key));
    if (number % 3 == 0) {
        session.run("DELETE FROM user_chk.users" + whereIs(key));
    }
    if (number % 20 == 0) { // everyone reads everything
        session.run("INSERT INTO user_chk.changes (type, id) VALUES (NULL, NULL)");
    }
    if (number % 50 == 0) {
        session.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE application_name = 'kea-user-chk' AND datname = current_database()");
    }
}

// What a query and a page of users look at.
void ask(Follower& follower, int number) {
    const UserId known(UserId::HW_ADDRESS, EVER_PRESENT_ID);
    EXPECT_TRUE(judge(follower.registry().users(), UserId::HW_ADDRESS, known).registered());
    EXPECT_FALSE(judge(follower.registry().users(), UserId::HW_ADDRESS, UserId(UserId::HW_ADDRESS, "ff"))
                     .registered());
    if (number % 16 == 0) {
        const auto users = follower.registry().users();
        size_t listed = 0;
        users->forEachAfter(std::nullopt, users->size() + 1,
                            [&](const UserId&, const AttributeSet&) { ++listed; });
        EXPECT_EQ(users->size(), listed);
    }
}

// What user-chk-status and the statistics look at.
void look(const Follower& follower) {
    const auto state = follower.source().database();
    ASSERT_TRUE(state);
    EXPECT_LE(std::chrono::seconds(0), state->age);
    follower.source().skipped();
    follower.state();
    follower.registry().size();
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void reload(Follower& follower, int number) {
    try {
        if (number % 2 == 0) {
            follower.reload();
        } else {
            follower.reread();
        }
    } catch (const UserDataSourceError&) {
        // It takes long.
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

// The commands that change a user. True when all succeeded.
bool edit(RegistryEditor& editor, int number) {
    const UserId id(UserId::HW_ADDRESS, std::vector<uint8_t>{2, static_cast<uint8_t>(number % 8)});
    try {
        editor.add(User(id));
        editor.update(User(id));
        return editor.remove(id);
    } catch (const UserDataSourceError&) {
        return false; // the database is unavailable, or slow
    }
}

TEST(DatabaseRacesTest, everybodyIsServedWhileTheDatabaseIsFollowed) {
    PostgresServer& server = PostgresServer::shared();
    const std::string database = server.makeDatabase();
    DatabaseSettings settings = settingsOf(server, database);
    settings.reconnect_wait_time = std::chrono::milliseconds(10);
    const Session session = server.session(database);
    session.run(insertOf(EVER_PRESENT, "x"));
    const test::TempDir dir;
    const LastGoodCopy copy(dir.file("copy"), settings.description());
    Fallback fallback;
    fallback.copy = [&] { return copy.read(nullptr); };
    std::atomic<int> edited{0};
    Crowd writers;
    for (int life = 0; life < LIVES && !testing::Test::HasFailure(); ++life) {
        Following following(settings, life == 0 ? Fallback() : fallback, nullptr, MOST_CHANGES);
        Follower& follower = following.follower();
        if (life == 0) {
            writers.add([&](int number) { change(session, number); });
        }
        Crowd others;
        others.add([&](int number) { ask(follower, number); });
        others.add([&](int) { look(follower); });
        others.add([&](int number) { reload(follower, number); });
        RegistryEditor editor(follower, nullptr, [](const LoadReport&) {});
        others.add([&](int number) { edited += edit(editor, number) ? 1 : 0; });
        others.add([&](int) {
            const std::string cursor = follower.source().cursor();
            copy.write(*follower.registry().users(), cursor);
        });
        std::this_thread::sleep_for(LIFE);
        if (life == LIVES - 1) { // on a busy machine, edits may have found their connections closed until now
            EXPECT_TRUE(awaits([&] { return edited > 0; }));
        }
        if (life % 2 == 0) { // the library is unloaded while the others are at work, or after them
            follower.stop();
        }
        others.end();
    }
}

} // namespace
} // namespace user_chk::races_test
