// SPDX-License-Identifier: MPL-2.0
// Tests which attribute names get a remark.

#include <policy/attribute_names.h>

#include <gtest/gtest.h>

#include <map>

namespace user_chk::attribute_names_test {
namespace {

std::vector<std::string> remarksOn(const std::string& name) {
    std::vector<std::string> remarks;
    remarkOnNames({{name, "value"}}, remarks);
    return remarks;
}

TEST(AttributeNamesTest, namesThatDifferByALetterOrTwoAreRemarkedOn) {
    for (const auto& [name, meant] :
         std::map<std::string, std::string>{{"acces", "access"},
                                            {"Access", "access"},
                                            {"ACCESS", "access"},
                                            {"acecss", "access"},
                                            {"accesss", "access"},
                                            {"expire", "expires"},
                                            {"expired", "expires"},
                                            {"expiry", "expires"},
                                            {"Expires", "expires"},
                                            {"next_server", "next-server"},
                                            {"nextserver", "next-server"},
                                            {"client_classes", "client-classes"},
                                            {"client-class", "client-classes"},
                                            {"clientclasses", "client-classes"},
                                            {"boot-file", "bootfile"},
                                            {"boot_file", "bootfile"},
                                            {"Bootfile", "bootfile"},
                                            {"tftp-server", "tftp_server"},
                                            {"tftp_servers", "tftp_server"},
                                            {"start", "starts"},
                                            {"Starts", "starts"},
                                            {"subnet", "subnets"},
                                            {"shared_networks", "shared-networks"},
                                            {"shared-network", "shared-networks"},
                                            {"other_ids", "other-ids"},
                                            {"other-id", "other-ids"},
                                            {"options.routers", "option.routers"},
                                            {"Option.routers", "option.routers"},
                                            {"opton.vendor-9.1", "option.vendor-9.1"}}) {
        EXPECT_EQ(
            std::vector<std::string>{"the attribute " + name + " does nothing; did you mean " + meant + "?"},
            remarksOn(name));
    }
}

TEST(AttributeNamesTest, otherNamesAreLeftAlone) {
    for (const char* name : {"access",
                             "bootfile",
                             "client-classes",
                             "expires",
                             "next-server",
                             "tftp_server",
                             "starts",
                             "subnets",
                             "shared-networks",
                             "other-ids",
                             "network",
                             "status",
                             "option.routers",
                             "option.",
                             "option",
                             "owner",
                             "room",
                             "note",
                             "comment",
                             "name",
                             "success",
                             "address",
                             "class",
                             "classes",
                             "server",
                             "boot",
                             "file",
                             "location",
                             "action.x",
                             "portion",
                             "o.x",
                             "",
                             ".",
                             "serial",
                             "a name of any length, which is as nobody would write one that has a meaning"}) {
        EXPECT_TRUE(remarksOn(name).empty()) << name;
    }
}

} // namespace
} // namespace user_chk::attribute_names_test
