// SPDX-License-Identifier: MPL-2.0
// Tests where the files may be that the server creates.

#include <hooks/file_places.h>

#include <gtest/gtest.h>

namespace user_chk::file_places_test {
namespace {

const std::vector<std::string> FOLDERS = {"/var/log/kea", "/var/lib/kea/"};

Parameters writing(const std::string& outcome_file, const std::string& registry_copy = "") {
    Parameters parameters;
    parameters.outcome_file = outcome_file;
    parameters.registry_copy = registry_copy;
    return parameters;
}

// Returns why parameters are refused, empty when they are not.
std::string refusal(const Parameters& parameters, const std::vector<std::string>& folders = FOLDERS) {
    try {
        checkPlaces(parameters, folders);
        return "";
    } catch (const isc::dhcp::DhcpConfigError& ex) {
        return ex.what();
    }
}

TEST(FilePlacesTest, areInAndBelowTheFolders) {
    for (const char* file : {"/var/log/kea/outcome.txt", "/var/lib/kea/outcome.txt",
                             "/var/lib/kea/user-chk/outcome.txt", "/var/log/kea//a/../outcome.txt"}) {
        EXPECT_EQ("", refusal(writing(file))) << file;
        EXPECT_EQ("", refusal(writing("/var/log/kea/outcome.txt", file))) << file;
    }
}

TEST(FilePlacesTest, areNowhereElse) {
    for (const char* file : {"/etc/cron.d/outcome", "/var/log/outcome.txt", "/var/log/keanu/outcome.txt",
                             "/var/log/kea/../outcome.txt", "/var/log/kea", "/var/log/kea/", "outcome.txt",
                             "var/log/kea/outcome.txt", "/tmp/outcome.txt", "/"}) {
        EXPECT_NE("", refusal(writing(file))) << file;
        EXPECT_NE("", refusal(writing("/var/log/kea/outcome.txt", file))) << file;
    }
}

TEST(FilePlacesTest, areNamedWhenTheyAreRefused) {
    EXPECT_EQ("invalid outcome-file: '/etc/x', must be in or below /var/log/kea or /var/lib/kea/, where Kea "
              "lets a configuration have files written",
              refusal(writing("/etc/x")));
    EXPECT_EQ(0, refusal(writing("/var/log/kea/x", "/etc/x")).find("invalid registry-copy: '/etc/x', "));
}

TEST(FilePlacesTest, mayBeTheDefault) {
    EXPECT_EQ("", refusal(Parameters()));
}

TEST(FilePlacesTest, areNotCheckedWhereNoneIsWritten) {
    Parameters parameters = writing("/etc/x");
    parameters.outcome_events = Parameters::Events::NONE;
    EXPECT_EQ("", refusal(parameters));
}

TEST(FilePlacesTest, areAnywhereWhereKeaDoesNotRestrictThem) {
    EXPECT_EQ("", refusal(writing("/etc/x", "outcome.txt"), {}));
}

} // namespace
} // namespace user_chk::file_places_test
