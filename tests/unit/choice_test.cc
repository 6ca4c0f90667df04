// SPDX-License-Identifier: MPL-2.0
// Tests the parsing of settings whose value is one of several words.

#include <config/choice.h>
#include <support/temp_dir.h>

#include <gtest/gtest.h>

using isc::data::Element;
using isc::dhcp::DhcpConfigError;

namespace user_chk::choice_test {
namespace {

using test::messageOf;

TEST(ChoiceTest, isWhatTheWordStandsFor) {
    EXPECT_EQ(1, choose<int>("size", "small", {{"small", 1}, {"big", 2}}));
    EXPECT_EQ(2, choose<int>("size", "big", {{"small", 1}, {"big", 2}}));
}

TEST(ChoiceTest, namesTheSettingTheWordAndTheChoices) {
    for (const std::string word : {"huge", "Small", "small ", ""}) {
        EXPECT_EQ("invalid size: '" + word + "', must be one of small, big", messageOf<isc::BadValue>([&] {
                      choose<int>("size", word, {{"small", 1}, {"big", 2}});
                  }));
    }
}

TEST(ChoiceTest, anAbsentSettingLeavesTheValueAlone) {
    int value = 7;
    parseChoice(Element::fromJSON(R"({"other": "small"})"), "size", {{"small", 1}, {"big", 2}}, value);
    EXPECT_EQ(7, value);
    parseChoice(Element::fromJSON(R"({"size": "small"})"), "size", {{"small", 1}, {"big", 2}}, value);
    EXPECT_EQ(1, value);
}

TEST(ChoiceTest, aBadSettingIsAnErrorOfTheConfiguration) {
    int value = 7;
    EXPECT_EQ(
        "invalid size: 'huge', must be one of small, big", messageOf<DhcpConfigError>([&] {
            parseChoice(Element::fromJSON(R"({"size": "huge"})"), "size", {{"small", 1}, {"big", 2}}, value);
        }));
    EXPECT_EQ(7, value);
}

} // namespace
} // namespace user_chk::choice_test
