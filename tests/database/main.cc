// SPDX-License-Identifier: MPL-2.0
// Runs the tests with a real PostgreSQL. Sets up Kea's logging once.

#include <log/logger_support.h>

#include <gtest/gtest.h>

int main(int argc, char* argv[]) {
    testing::InitGoogleTest(&argc, argv);
    isc::log::initLogger("database_tests", isc::log::NONE);
    return RUN_ALL_TESTS();
}
