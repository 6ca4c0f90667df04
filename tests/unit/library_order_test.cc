// SPDX-License-Identifier: MPL-2.0
// Tests the check of the order of hook libraries.

#include <config/library_order.h>
#include <support/temp_dir.h>

#include <cc/dhcp_config_error.h>

#include <gtest/gtest.h>

using isc::data::Element;
using isc::dhcp::DhcpConfigError;

namespace user_chk::library_order_test {
namespace {

const std::string ORDER = "; the order is lease_cmds, ha, user_chk, then all others";

ListedLibrary library(const std::string& name, const std::string& parameters = "") {
    return {"/usr/lib/kea/hooks/libdhcp_" + name + ".so",
            parameters.empty() ? isc::data::ConstElementPtr() : Element::fromJSON(parameters)};
}

typedef std::vector<std::string> Remarks;

Remarks remarksOn(const std::vector<ListedLibrary>& libraries, bool is_v4 = true,
                  const std::string& parameters = "{}") {
    return remarksOnLibraryOrder(libraries, is_v4, Parameters::parse(Element::fromJSON(parameters)));
}

std::string errorOf(const std::vector<ListedLibrary>& libraries) {
    return test::messageOf<DhcpConfigError>([&] { checkLibraryOrder(libraries); });
}

TEST(LibraryOrderTest, theRightOrderPasses) {
    const char* two = R"({"high-availability": [{}, {}]})";
    for (const bool is_v4 : {true, false}) {
        EXPECT_EQ(Remarks(), remarksOn({library("user_chk")}, is_v4));
        const std::vector<ListedLibrary> right = {
            library("lease_cmds"), library("ha", two),
            library("user_chk"),   library("flex_id", R"({"replace-client-id": true})"),
            library("limits"),     library("radius"),
            library("bootp"),      library("legal_log"),
            library("run_script")};
        EXPECT_NO_THROW(checkLibraryOrder(right));
        EXPECT_EQ(Remarks(), remarksOn(right, is_v4, R"({"outcome-failure": "drop"})"));
    }
}

TEST(LibraryOrderTest, whatTakesTheRecordOrThePlacementAwayIsRefused) {
    EXPECT_EQ("hooks-libraries: libdhcp_bootp.so must not be listed before libdhcp_user_chk.so: it packs "
              "responses to "
              "BOOTP clients, which can then neither be recorded nor changed" +
                  ORDER,
              errorOf({library("lease_cmds"), library("bootp"), library("user_chk")}));
    EXPECT_EQ("hooks-libraries: libdhcp_radius.so must not be listed before libdhcp_user_chk.so: it resumes "
              "queries in "
              "the subnet that it selected, regardless of where their clients belong" +
                  ORDER,
              errorOf({library("host_cache"), library("radius"), library("ha"), library("user_chk")}));
}

TEST(LibraryOrderTest, theSameLibraryTwiceIsRefused) {
    const std::string error = "hooks-libraries: libdhcp_user_chk.so is listed twice";
    EXPECT_EQ(error, errorOf({library("user_chk"), library("user_chk")}));
    EXPECT_EQ(error, errorOf({library("ha"),
                              library("user_chk"),
                              library("run_script"),
                              {"/opt/libdhcp_user_chk.so", Element::fromJSON("{}")}}));
}

TEST(LibraryOrderTest, whatOnlyWorksWorseIsRemarkedOn) {
    EXPECT_EQ(Remarks{"libdhcp_limits.so is listed before libdhcp_user_chk.so: its limits take neither "
                      "the client classes nor the restricted subnet into account" +
                      ORDER},
              remarksOn({library("limits"), library("user_chk")}));
    EXPECT_EQ(Remarks{"libdhcp_flex_id.so is listed before libdhcp_user_chk.so: with replace-client-id it "
                      "changes the DUID by which clients are looked up" +
                      ORDER},
              remarksOn({library("flex_id", R"({"replace-client-id": true})"), library("user_chk")}, false));
    EXPECT_EQ(Remarks{"libdhcp_legal_log.so is listed before libdhcp_user_chk.so: it logs leases whose "
                      "responses are not sent because they cannot be recorded" +
                      ORDER},
              remarksOn({library("legal_log"), library("user_chk")}, true, R"({"outcome-failure": "drop"})"));
    EXPECT_EQ(Remarks{"libdhcp_ha.so is listed after libdhcp_user_chk.so: it uses the relationship of the "
                      "restricted subnet for clients that are placed there" +
                      ORDER},
              remarksOn({library("user_chk"), library("ha", R"({"high-availability": [{}, {}]})")}));
    EXPECT_EQ(2, remarksOn({library("limits"), library("legal_log"), library("user_chk")}, true,
                           R"({"outcome-failure": "drop"})")
                     .size());
}

TEST(LibraryOrderTest, whatDoesNoHarmIsNotRemarkedOn) {
    const char* replaces = R"({"replace-client-id": true})";
    EXPECT_EQ(Remarks(), remarksOn({library("flex_id", replaces), library("user_chk")}, true));
    for (const char* other :
         {"", "{}", R"({"replace-client-id": false})", R"({"replace-client-id": 1})", "[]"}) {
        EXPECT_EQ(Remarks(), remarksOn({library("flex_id", other), library("user_chk")}, false)) << other;
    }
    EXPECT_EQ(Remarks(), remarksOn({library("legal_log"), library("user_chk")}));
    for (const char* one : {"", "{}", R"({"high-availability": [{}]})", R"({"high-availability": 2})"}) {
        EXPECT_EQ(Remarks(), remarksOn({library("user_chk"), library("ha", one)})) << one;
    }
    EXPECT_EQ(Remarks(), remarksOn({library("run_script"), library("user_chk"), library("lease_cmds")}));
}

TEST(LibraryOrderTest, nothingIsSaidWhereOursIsNotFound) {
    EXPECT_EQ(Remarks(), remarksOn({}));
    const std::vector<ListedLibrary> others = {
        library("bootp"), {"/opt/renamed.so", nullptr}, library("limits")};
    EXPECT_NO_THROW(checkLibraryOrder(others));
    EXPECT_EQ(Remarks(), remarksOn(others));
}

} // namespace
} // namespace user_chk::library_order_test
