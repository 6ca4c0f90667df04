// SPDX-License-Identifier: MPL-2.0
// Tests the text form of grants.

#include <outcome/grant.h>

#include <gtest/gtest.h>

#include <vector>

namespace user_chk {
namespace {

std::string textOf(const std::vector<Grant>& grants) {
    std::string text;
    for (const Grant& grant : grants) {
        appendText(text, grant);
    }
    return text;
}

TEST(GrantTest, textIsStocksByteForByte) {
    EXPECT_EQ(
        "id_type=HW_ADDR\n"
        "client=hwtype=1 0c:0e:0a:01:ff:04\n"
        "addr=175.16.1.100\n"
        "registered=yes\n"
        "\n"
        "id_type=DUID\n"
        "client=00:01:00:01:19:ef:e6:3b:00:0c:01:02:03:04\n"
        "addr=2001:db8:2::1:0:0/96\n"
        "registered=no\n"
        "\n",
        textOf({{UserId::HW_ADDRESS, "hwtype=1 0c:0e:0a:01:ff:04", "175.16.1.100", true},
                {UserId::DUID, "00:01:00:01:19:ef:e6:3b:00:0c:01:02:03:04", "2001:db8:2::1:0:0/96", false}}));
}

} // namespace
} // namespace user_chk
