// SPDX-License-Identifier: MPL-2.0
// Tests the handling of texts that should be UTF-8 but may be anything.

#include <system/utf8.h>

#include <gtest/gtest.h>

namespace user_chk::utf8_test {
namespace {

TEST(Utf8Test, everyCodePointIsReadBack) {
    for (uint32_t code = 0; code <= 0x10ffff; code += code < 0x11000 ? 1 : 97) {
        if (code >= 0xd800 && code <= 0xdfff) {
            continue;
        }
        std::string text = "a";
        appendUtf8(text, code);
        const Character character = characterAt(text, 1);
        ASSERT_TRUE(character.is_utf8) << code;
        ASSERT_EQ(code, character.code);
        ASSERT_EQ(text.size() - 1, character.length);
        ASSERT_EQ(text, asUtf8(text));
    }
}

TEST(Utf8Test, whatIsNoUtf8IsReadByteByByte) {
    for (const char* text :
         {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe2\x82"}) {
        const Character character = characterAt(text, 0);
        EXPECT_FALSE(character.is_utf8) << text;
        EXPECT_EQ(1, character.length);
        EXPECT_EQ(static_cast<uint8_t>(text[0]), character.code);
    }
}

TEST(Utf8Test, bytesThatAreNoneAreTakenForLatin1) {
    EXPECT_EQ("Müller", asUtf8("M\xfcller"));
    EXPECT_EQ("Müller Dvořák", asUtf8("M\xfcller Dvořák"));
    EXPECT_EQ("Ã¼", asUtf8("Ã¼"));
    EXPECT_EQ("\u0080\u00ff", asUtf8("\x80\xff"));
}

TEST(Utf8Test, byteOrderMarkIsOneAtTheStart) {
    EXPECT_EQ(BYTE_ORDER_MARK, byteOrderMark("\xef\xbb\xbf{"));
    EXPECT_EQ(BYTE_ORDER_MARK, byteOrderMark("\xef\xbb\xbf"));
    for (const char* text : {"", "\xef", "\xef\xbb", "\xef\xbb\xbe", " \xef\xbb\xbf", "{"}) {
        EXPECT_EQ("", byteOrderMark(text)) << text;
    }
}

TEST(Utf8Test, utf16IsToldByItsMarkOrByNuls) {
    for (const std::string& text :
         {std::string("\xff\xfe"), std::string("\xfe\xff{"), std::string("{\0 \0", 4),
          std::string("\0{\0 ", 4), std::string("#\0\xfc\0\n\0", 6)}) {
        EXPECT_TRUE(isUtf16(text)) << printable(text);
    }
    for (const std::string& text :
         {std::string(), std::string("{"), std::string("{ \"t"), std::string("\xff{"),
          std::string("\0\0\0\0", 4), std::string("{\0\"t", 4), std::string("{\0", 2),
          std::string("\xef\xbb\xbf{"), std::string("{ \0\0", 4)}) {
        EXPECT_FALSE(isUtf16(text)) << printable(text);
    }
}

TEST(Utf8Test, printableIsOneLineWhateverTheText) {
    EXPECT_EQ("Müller 😀", printable("Müller 😀"));
    EXPECT_EQ("a\\x00\\x1b[1m\\x0a\\x7f\\xc2\\x9b\\xfc",
              printable(std::string("a\0\x1b[1m\n\x7f\u009b\xfc", 11)));
}

} // namespace
} // namespace user_chk::utf8_test
