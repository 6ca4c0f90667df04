// SPDX-License-Identifier: MPL-2.0
// Tests the threads that work beside the processing of packets.

#include <system/background_thread.h>

#include <gtest/gtest.h>

#include <algorithm>

namespace user_chk::background_thread_test {
namespace {

int niceness() {
    return ::getpriority(PRIO_PROCESS, 0);
}

TEST(BackgroundThreadTest, givesWayToTheOthersIfItShould) {
    constexpr int NICEST = 19;
    const int before = niceness();
    int inside = 0;
    inBackground([&] { inside = niceness(); }, Priority::LOWER).join();
    EXPECT_EQ(std::min(before + 10, NICEST), inside);
    inBackground([&] { inside = niceness(); }, Priority::SAME).join();
    EXPECT_EQ(before, inside);
    EXPECT_EQ(before, niceness());
}

TEST(BackgroundThreadTest, receivesNoSignals) {
    sigset_t inside;
    sigset_t after;
    ::sigemptyset(&inside);
    inBackground([&] { ::pthread_sigmask(SIG_SETMASK, nullptr, &inside); }, Priority::SAME).join();
    ::pthread_sigmask(SIG_SETMASK, nullptr, &after);
    for (const int signal : {SIGHUP, SIGTERM, SIGCHLD, SIGIO}) {
        EXPECT_EQ(1, ::sigismember(&inside, signal)) << signal;
        EXPECT_EQ(0, ::sigismember(&after, signal)) << signal;
    }
}

} // namespace
} // namespace user_chk::background_thread_test
