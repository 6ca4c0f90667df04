// SPDX-License-Identifier: MPL-2.0
// Tests the check of a command's arguments, and its answers.

#include <commands/answer.h>
#include <support/temp_dir.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::SimpleKeywords;

namespace user_chk::answer_test {
namespace {

const SimpleKeywords KEYWORDS = {
    {"type", Element::string}, {"id", Element::string}, {"limit", Element::integer}};

std::string errorOf(const std::string& json) {
    return test::messageOf<isc::Exception>([&] {
        userIdOf(checked(Element::fromJSON(json), KEYWORDS, {"type", "id"}));
    });
}

TEST(AnswerTest, takesArgumentsThatAreKnown) {
    const ConstElementPtr arguments = checked(
        Element::fromJSON(R"({"type": "DUID", "id": "00:01", "limit": 3})"), KEYWORDS, {"type", "id"});
    EXPECT_EQ(UserId(UserId::DUID, "0001"), userIdOf(arguments));
}

TEST(AnswerTest, writesAnIdAsItIsReadAgain) {
    for (const char* text : {"0c:0e", "0c:0e:*", "random"}) {
        const UserId id(UserId::HW_ADDRESS, text);
        const auto object = Element::createMap();
        setUserId(object, id);
        EXPECT_EQ(text, object->get("id")->stringValue());
        EXPECT_EQ(id, userIdOf(object));
    }
}

// Kea's parser turns each escape up to \u00ff into a byte.
TEST(AnswerTest, takesTextInQuotesForUtf8) {
    for (const char* json :
         {R"({"type": "CIRCUIT_ID", "id": "'\u00fc'"})", R"({"type": "CIRCUIT_ID", "id": "'ü'"})"}) {
        EXPECT_EQ(UserId(UserId::CIRCUIT_ID, "c3bc"), userIdOf(Element::fromJSON(json))) << json;
    }
}

TEST(AnswerTest, takesNoneWhereNoneAreRequired) {
    EXPECT_EQ(0, checked(ConstElementPtr(), KEYWORDS, {})->size());
}

// Kea's parser turns escapes up to \u00ff into bytes that are not UTF-8.
TEST(AnswerTest, writesTextsSoThatReadersOfJsonGetThem) {
    EXPECT_EQ(R"(a\"b\\c\u0000\u001f\u007f/)", jsonText(std::string("a\"b\\c\0\x1f\x7f/", 9)));
    EXPECT_EQ(R"(M\u00fcller)", jsonText("Müller"));
    EXPECT_EQ(R"(M\u00fcller)", jsonText("M\xfcller"));
    EXPECT_EQ("Dvo\u0159\\u00e1k \U0001F600", jsonText("Dvořák 😀"));
    EXPECT_EQ("{ \"" + jsonText("ř\"") + R"(": [ "M\u00fcller)" + "ř\" ] }", [] {
        const auto map = Element::createMap();
        const auto list = Element::createList();
        list->add(textElement("Müllerř"));
        map->set(jsonText("ř\""), list);
        return map->str();
    }());
    EXPECT_EQ("Müller", textElement("Müller")->stringValue());
}

TEST(AnswerTest, namesWhatIsWrongWithArguments) {
    EXPECT_EQ("the arguments are not a map", errorOf("[1]"));
    EXPECT_EQ("'type' is missing", errorOf(R"({"id": "01"})"));
    EXPECT_EQ("'id' is missing", errorOf(R"({"type": "DUID"})"));
    EXPECT_NE(std::string::npos,
              errorOf(R"({"type": "DUID", "id": "01", "nonsense": 1})").find("'nonsense'"));
    EXPECT_NE(std::string::npos, errorOf(R"({"type": "DUID", "id": 1})").find("'id'"));
    EXPECT_EQ("invalid type: 'duid', must be one of HW_ADDR, DUID, CLIENT_ID, CIRCUIT_ID, INTERFACE_ID, "
              "REMOTE_ID, SUBSCRIBER_ID, FLEX_ID",
              errorOf(R"({"type": "duid", "id": "01"})"));
    EXPECT_NE(std::string::npos, errorOf(R"({"type": "DUID", "id": "0"})").find("invalid id '0'"));
    EXPECT_EQ("an id may not be blank", errorOf(R"({"type": "DUID", "id": ""})"));
}

TEST(AnswerTest, answersAreKeas) {
    const UserId id(UserId::HW_ADDRESS, "0c0e");
    EXPECT_EQ(R"({ "result": 0, "text": "done" })", success("done")->str());
    EXPECT_EQ(R"({ "arguments": { "a": 1 }, "result": 0, "text": "done" })",
              success("done", Element::fromJSON(R"({"a": 1})"))->str());
    EXPECT_EQ(R"({ "result": 1, "text": "why" })", failure("why")->str());
    EXPECT_EQ(R"({ "result": 3, "text": "user HW_ADDR=0c0e not found" })", notFound(id)->str());
    EXPECT_EQ("user HW_ADDR=0c0e already exists", existsAlready(id, id)->get("text")->stringValue());
    EXPECT_NE(0, existsAlready(id, id)->get("result")->intValue());
}

} // namespace
} // namespace user_chk::answer_test
