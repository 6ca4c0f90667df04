// SPDX-License-Identifier: MPL-2.0
// Tests UserFile: every rule of the registry format.

#include <source/record_parser.h>
#include <support/temp_dir.h>
#include <user_file.h>

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <filesystem>
#include <vector>

namespace user_chk::user_file_test {
namespace {

using test::messageOf;
using test::TempDir;
using test::writeFile;

// How a line is read: type and id, then the attributes.
struct Accepted {
    const char* line;
    const char* id;
    PropertyMap attributes;
};

const Accepted ACCEPTED[] = {
    {R"({ "type" : "HW_ADDR", "id" : "0c:0e:0a:01:ff:04", "bootfile" : "/tmp/v4bootfile" })",
     "HW_ADDR=0c0e0a01ff04",
     {{"bootfile", "/tmp/v4bootfile"}}},
    {R"({"type":"DUID","id":"00:01","tftp_server":"tftp.v6.example.com"})",
     "DUID=0001",
     {{"tftp_server", "tftp.v6.example.com"}}},
    {R"({"id":"ABcd","type":"HW_ADDR"})", "HW_ADDR=abcd", {}},
    {R"({"type":"HW_ADDR","id":"00000000","any":"attribute","blank":""})",
     "HW_ADDR=00000000",
     {{"any", "attribute"}, {"blank", ""}}},
    {R"({"type":"HW_ADDR","id":"01","a":"first","a":"last"})", "HW_ADDR=01", {{"a", "last"}}},
    {"\t {\"type\":\"HW_ADDR\",\"id\":\"01\"} \t", "HW_ADDR=01", {}},
    {R"({"type":"HW_ADDR","id":"01","a":"{[\"\\"})", "HW_ADDR=01", {{"a", "{[\"\\"}}},
    {R"({"type":"HW_ADDR","id":"01","a":"# not a comment"})", "HW_ADDR=01", {{"a", "# not a comment"}}},
    {"{\"type\":\"HW_ADDR\",\"id\":\"01\",\"a\":\"\u00e9\"}", "HW_ADDR=01", {{"a", "\u00e9"}}},
    {R"({"type":"HW_ADDR","id":"01","owner":"Dvo\u0159\u00E1k"})", "HW_ADDR=01", {{"owner", "Dvořák"}}},
    {R"({"type":"HW_ADDR","id":"01","a":"M\u00fcller"})", "HW_ADDR=01", {{"a", "Müller"}}},
    {R"({"type":"HW_ADDR","id":"01","a":"\uD83D\ude00\ud7ff\ue000"})",
     "HW_ADDR=01",
     {{"a", "😀\ud7ff\ue000"}}},
    {R"({"\u0074ype":"\u0048W_ADDR","id":"\u0030\u0031","\u0159":"\\u0159"})",
     "HW_ADDR=01",
     {{"ř", "\\u0159"}}},
    // simdjson leaves this line to Kea's parser, since a byte is not UTF-8.
    {"{\"type\":\"HW_ADDR\",\"id\":\"01\",\"a\":\"\xfc\\u0159\\ud83d\\ude00\\u0041\"}",
     "HW_ADDR=01",
     {{"a", "\xfcř😀A"}}},
};

// A line and a part of the error.
struct Rejected {
    const char* line;
    const char* error;
};

const Rejected REJECTED[] = {
    {"user", " at column "},
    {"{", " at column "},
    {"[]", "not a JSON object"},
    {"\"text\"", "not a JSON object"},
    {"null", "not a JSON object"},
    {"{}", "'type' is missing"},
    {R"({"id":"01"})", "'type' is missing"},
    {R"({"type":"HW_ADDR"})", "'id' is missing"},
    {R"({"type":"HW_ADDR","id":""})", "may not be blank"},
    {R"({"type":"hw_addr","id":"01"})", "invalid type: 'hw_addr', must be one of HW_ADDR, DUID"},
    {R"({"type":"","id":"01"})", "invalid type: ''"},
    {R"({"type":"CLIENT","id":"01"})", "invalid type: 'CLIENT'"},
    {R"({"type":1,"id":"01"})", "the value of 'type' is not a JSON string"},
    {R"({"type":"HW_ADDR","id":1})", "the value of 'id' is not a JSON string"},
    {R"({"type":"HW_ADDR","id":"01","a":1})", "the value of 'a' is not a JSON string"},
    {R"({"type":"HW_ADDR","id":"01","a":true})", "the value of 'a' is not a JSON string"},
    {R"({"type":"HW_ADDR","id":"01","a":null})", "the value of 'a' is not a JSON string"},
    {R"({"type":"HW_ADDR","id":"01","a":["b"]})", "the value of 'a' is not a JSON string"},
    {R"({"type":"HW_ADDR","id":"01","a":{"b":"c"}})", "the value of 'a' is not a JSON string"},
    {R"({"type":"HW_ADDR","id":"01","":"blank name"})", "name of an attribute may not be blank"},
    {R"({"type":"HW_ADDR","id":"012"})", "invalid id '012'"},
    {R"({"type":"HW_ADDR","id":"0g"})", "invalid id '0g'"},
    {R"({"type":"HW_ADDR","id":"a:b:c:d"})", "invalid id 'a:b:c:d'"},
    {R"({"type":"HW_ADDR","id":"01"} trailing)", " at column "},
    {R"({"type":"HW_ADDR","id":"01"}{})", " at column "},
    {R"({"type":"HW_ADDR","id":"01",})", " at column "},
    {R"({"type":"HW_ADDR","id":"01")", " at column "},
    {R"({'type':'HW_ADDR','id':'01'})", " at column "},
    {" # a comment", "#"},
    {R"({"type":"HW_ADDR","id":"01","a":"\ud83d"})", "invalid escape \\ud83d at column 34, is one half of"},
    {R"({"type":"HW_ADDR","id":"01","a":"\ud83d\u0041"})",
     "invalid escape \\ud83d at column 34, is one half of"},
    {R"({"type":"HW_ADDR","id":"01","a":"\ude00\ud83d"})",
     "invalid escape \\ude00 at column 34, is one half of"},
    {R"({"type":"HW_ADDR","id":"01","a":"\u12g4"})",
     "invalid escape at column 34, \\u must be followed by four"},
    {R"({"type":"HW_ADDR","id":"01","a":"\u12)", "invalid escape at column 34, \\u must be followed by four"},
    {R"({"type":"HW_ADDR","id":"01","a":"\u0159\ud83d\ude00" x})", " at column 55"},
    {"{\"type\":\"H\aW\",\"id\":\"01\"}", "invalid type: 'H\\x07W'"},
    {"{\"type\":\"HW_ADDR\",\"id\":\"\x9b\"}", "invalid id '\\x9b'"},
    {"[[[[[[[[[[", "nested too deep"},
    {"+", ""},
    {"--------------------------------", ""},
    {"nul", ""},
    {"1e999", ""},
};

// Returns all users of a source, one per line.
std::string readAll(UserDataSource& source) {
    std::ostringstream os;
    source.open();
    while (const UserPtr user = source.readNextUser()) {
        os << user->getUserId() << "\n";
    }
    source.close();
    return os.str();
}

class UserFileTest : public testing::Test {
protected:
    // Returns what is read from a file with this text.
    std::string usersOf(const std::string& text) {
        writeFile(path_, text);
        UserFile file(path_);
        return readAll(file);
    }

    std::string errorOf(const std::string& text) {
        return messageOf<UserFileError>([&] { usersOf(text); });
    }

    TempDir dir_;
    const std::string path_ = dir_.file("registry.txt");
};

TEST_F(UserFileTest, acceptsRecords) {
    for (const Accepted& accepted : ACCEPTED) {
        SCOPED_TRACE(accepted.line);
        const UserPtr user = UserFile::makeUser(accepted.line);
        std::ostringstream id;
        id << user->getUserId();
        EXPECT_EQ(accepted.id, id.str());
        EXPECT_EQ(accepted.attributes, user->getProperties());
    }
}

TEST_F(UserFileTest, rejectsEverythingElseWithFileLineAndReason) {
    for (const Rejected& rejected : REJECTED) {
        SCOPED_TRACE(rejected.line);
        EXPECT_THROW(UserFile::makeUser(rejected.line), UserFileError);
        const std::string error = errorOf("# comment\n" + std::string(rejected.line) + "\n");
        EXPECT_EQ(0, error.find(path_ + ":2: ")) << error;
        EXPECT_NE(std::string::npos, error.find(rejected.error)) << error;
    }
}

TEST_F(UserFileTest, acceptsBothLineEndsAndALastLineWithoutOne) {
    const std::string one = R"({"type":"HW_ADDR","id":"01"})";
    const std::string two = R"({"type":"DUID","id":"02"})";
    const std::string users = "HW_ADDR=01\nDUID=02\n";
    EXPECT_EQ(users, usersOf(one + "\n" + two + "\n"));
    EXPECT_EQ(users, usersOf(one + "\n" + two));
    EXPECT_EQ(users, usersOf(one + "\r\n" + two + "\r\n"));
    EXPECT_EQ(users, usersOf(one + "\r\n" + two));
}

TEST_F(UserFileTest, emptyFileHasNoUsers) {
    EXPECT_EQ("", usersOf(""));
}

TEST_F(UserFileTest, passesOverBlankLinesAndComments) {
    EXPECT_EQ("DUID=02\n", usersOf("\n \t \n\r\n# comment\n#{\"type\":\"DUID\",\"id\":\"01\"}\n"
                                   "{\"type\":\"DUID\",\"id\":\"02\"}\n\n#"));
    EXPECT_EQ("", usersOf("# only a comment"));
}

TEST_F(UserFileTest, readsLinesOfUpTo64KiB) {
    const std::string head = R"({"type":"HW_ADDR","id":"01","a":")";
    const std::string tail = R"("})";
    const std::string longest(RecordParser::MAX_LINE - head.size() - tail.size(), 'x');
    EXPECT_EQ("HW_ADDR=01\n", usersOf(head + longest + tail + "\n"));
    EXPECT_EQ("HW_ADDR=01\n", usersOf(head + longest + tail + "\r\n"));
    EXPECT_EQ(path_ + ":1: the line is 65537 bytes long, must be at most 65536",
              errorOf(head + longest + "x" + tail + "\n"));
}

TEST_F(UserFileTest, passesOverAByteOrderMarkAtTheStartOfTheFile) {
    const std::string mark = "\xef\xbb\xbf";
    const std::string record = R"({"type":"DUID","id":"01"})";
    for (const std::string& text : {record, record + "\r\n", "# comment\n" + record, "\n" + record}) {
        EXPECT_EQ("DUID=01\n", usersOf(mark + text)) << text;
    }
    EXPECT_EQ("", usersOf(mark));
    EXPECT_EQ(path_ + ":2: 'type' is missing", errorOf(mark + record + "\n{}\n"));
    const std::string error = "starts with a byte order mark, which is allowed only at the start of a file";
    for (const std::string& line : {record, std::string("# comment")}) {
        EXPECT_EQ(path_ + ":2: " + error, errorOf("\n" + mark + line + "\n"));
        EXPECT_EQ(path_ + ":1: " + error, errorOf(mark + mark + line + "\n"));
    }
}

TEST_F(UserFileTest, saysThatAFileIsUtf16) {
    const std::string utf16 = path_ + ": is UTF-16, save the file as UTF-8";
    for (const std::string& text :
         {std::string("\xff\xfe{\0\"\0\n\0", 8), std::string("\xfe\xff\0{\0\"\0\n", 8),
          std::string("{\0\"\0\n\0", 6), std::string("\0{\0\"\0\n", 6)}) {
        EXPECT_EQ(utf16, errorOf(text));
    }
}

TEST_F(UserFileTest, namesANulByteAndItsColumn) {
    const std::string good = "{\"type\":\"DUID\",\"id\":\"01\"}";
    EXPECT_EQ(path_ + ":2: NUL byte at column 1, must be text", errorOf(good + "\n" + std::string(9, '\0')));
    for (const size_t at : {size_t{0}, size_t{3}, size_t{11}, good.size()}) {
        std::string line = good;
        line.insert(at, 1, '\0');
        EXPECT_EQ(path_ + ":1: NUL byte at column " + std::to_string(at + 1) + ", must be text",
                  errorOf(line + "\n"));
    }
}

TEST_F(UserFileTest, tellsWhichFormIsReadWhereALineHasAnother) {
    const std::string good = "{\"type\":\"DUID\",\"id\":\"01\"}";
    const std::string form =
        ", must be one JSON object per line; a comment line starts with # in its first column";
    for (const std::string& line : std::vector<std::string>{"  # x", "// x", "/* x */", good + " # x",
                                                            good + " // x", good + ",", good + good}) {
        const std::string error = errorOf(line + "\n");
        EXPECT_EQ(error.size() - form.size(), error.rfind(form)) << error;
    }
    EXPECT_EQ(std::string::npos, errorOf("{ broken\n").find(form));
}

TEST_F(UserFileTest, findsNamesThatStandTwiceAmongThousands) {
    std::string line = "{\"type\":\"DUID\",\"id\":\"01\",\"a\":\"first\"";
    for (int i = 0; i < 5000; ++i) {
        line += ",\"a" + std::to_string(i) + "\":\"\"";
    }
    EXPECT_EQ(5001, UserFile::makeUser(line + "}")->getProperties().size());
    const UserPtr user = UserFile::makeUser(line + ",\"a\":\"last\"}");
    EXPECT_EQ(5001, user->getProperties().size());
    EXPECT_EQ("last", user->getProperty("a"));
}

TEST_F(UserFileTest, isOpenBetweenOpenAndClose) {
    writeFile(path_, R"({"type":"HW_ADDR","id":"01"})");
    UserFile file(path_);
    EXPECT_FALSE(file.isOpen());
    EXPECT_THROW(file.readNextUser(), UserFileError);
    file.open();
    EXPECT_TRUE(file.isOpen());
    EXPECT_THROW(file.open(), UserFileError);
    EXPECT_TRUE(file.readNextUser());
    EXPECT_FALSE(file.readNextUser());
    EXPECT_FALSE(file.readNextUser());
    file.close();
    EXPECT_FALSE(file.isOpen());
    EXPECT_THROW(file.readNextUser(), UserFileError);
    file.close();
    EXPECT_EQ("HW_ADDR=01\n", readAll(file));
}

TEST_F(UserFileTest, refusesWhatIsNoReadableRegularFile) {
    EXPECT_THROW(UserFile(""), UserFileError);
    EXPECT_THROW(UserFile("  "), UserFileError);

    const auto openError = [](const std::string& path) {
        return messageOf<UserFileError>([&] { UserFile(path).open(); });
    };
    EXPECT_EQ(path_ + ": No such file or directory", openError(path_));
    EXPECT_EQ(dir_.file("") + ": is not a regular file", openError(dir_.file("")));
    EXPECT_EQ("/dev/zero: is not a regular file", openError("/dev/zero"));
    ASSERT_EQ(0, ::mkfifo(path_.c_str(), 0600));
    EXPECT_EQ(path_ + ": is not a regular file", openError(path_));
}

TEST_F(UserFileTest, errorsAreOfTheSourcesKind) {
    EXPECT_THROW(UserFile(path_).open(), UserDataSourceError);
    EXPECT_THROW(UserFile::makeUser("{"), isc::Exception);
}

} // namespace
} // namespace user_chk::user_file_test
