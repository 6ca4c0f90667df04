// SPDX-License-Identifier: MPL-2.0
// Tests RegistryEditor: it changes one line and no other byte, and no change is lost, whoever makes it.

#include <source/file_content.h>
#include <source/record_parser.h>
#include <source/registry_editor.h>
#include <support/at_each_lock.h>
#include <support/child_process.h>
#include <support/file_editor.h>
#include <support/file_follower.h>
#include <support/late_writer.h>
#include <support/open_files.h>
#include <support/temp_dir.h>
#include <user_file.h>

#include <fcntl.h>
#include <sys/file.h>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace user_chk::registry_editor_test {
namespace {

using test::appendFile;
using test::ChildProcess;
using test::messageOf;
using test::readFile;
using test::writeFile;
namespace fs = std::filesystem;

UserId hwAddress(int number) {
    char text[13];
    std::snprintf(text, sizeof(text), "%012x", number);
    return UserId(UserId::HW_ADDRESS, text);
}

User userOf(int number, const PropertyMap& attributes = {}) {
    User user(hwAddress(number));
    user.setProperties(attributes);
    return user;
}

// A line that no editor writes.
std::string line(int number) {
    return R"({"id":")" + hwAddress(number).toText() + R"(",  "type":"HW_ADDR", "by":"hand"})";
}

// A line that an editor writes.
std::string written(int number, const std::string& attributes = "") {
    return R"({ "type" : "HW_ADDR", "id" : ")" + hwAddress(number).toText(':') + "\"" + attributes + " }";
}

// A reader that is slow for users with the attribute "slow".
AttributeReader afterPause(std::chrono::milliseconds pause) {
    return [pause](UserId::UserIdType, const PropertyMap& attributes) {
        if (attributes.count("slow") != 0) {
            std::this_thread::sleep_for(pause);
        }
        return Meaning();
    };
}

User slowUser(int number) {
    return userOf(number, {{"slow", std::to_string(number)}});
}

class RegistryEditorTest : public testing::Test {
protected:
    RegistryEditorTest() { writeFile(path_, "# people\n" + line(1) + "\n"); }

    void TearDown() override { EXPECT_FALSE(fs::exists(beside_)) << "is left over"; }

    // Returns how often each user is in the file, which must be good.
    std::map<UserId, int> users() const {
        std::map<UserId, int> count;
        UserFile file(path_);
        file.open();
        while (const UserPtr user = file.readNextUser()) {
            ++count[user->getUserId()];
        }
        return count;
    }

    void expectOnce(int first, int last) const {
        const std::map<UserId, int> count = users();
        for (int number = first; number <= last; ++number) {
            const auto found = count.find(hwAddress(number));
            EXPECT_EQ(1, found == count.end() ? 0 : found->second) << "user " << number;
        }
    }

    void addAll(int first, int last) const {
        test::FileEditor editor(path_, nullptr, 60s);
        for (int number = first; number <= last; ++number) {
            EXPECT_TRUE(editor.add(userOf(number))) << "user " << number;
        }
    }

    // An edit that must change nothing.
    void expectNothingDone(const std::function<void(RegistryEditor&)>& edit,
                           const AttributeReader& reader = nullptr) const {
        const std::string before = readFile(path_);
        const FileSignature signature = FileSignature::of(path_);
        test::FileEditor editor(path_, reader);
        edit(editor);
        EXPECT_EQ(before, readFile(path_));
        EXPECT_TRUE(signature == FileSignature::of(path_));
    }

    const test::OpenFiles open_files_;
    const test::TempDir dir_;
    const std::string path_ = dir_.file("registry.txt");
    const std::string beside_ = dir_.file(".registry.txt.user-chk-new");
    const std::string lock_ = dir_.file(".registry.txt.user-chk-lock");

    // Created on demand: it has a thread, and a test with a child process needs to have none.
    test::FileEditor& editor() {
        if (!editor_) {
            editor_ = std::make_unique<test::FileEditor>(path_, nullptr, 60s);
        }
        return *editor_;
    }

private:
    std::unique_ptr<test::FileEditor> editor_;
};

TEST_F(RegistryEditorTest, tellsWhatTheReaderRemarks) {
    const test::FileEditor editor(path_, [](UserId::UserIdType, const PropertyMap& attributes) {
        if (attributes.count("bad") != 0) {
            isc_throw(isc::BadValue, "invalid bad");
        }
        return attributes.count("odd") == 0 ? Meaning() : Meaning{nullptr, {"odd"}};
    });
    EXPECT_EQ(std::vector<std::string>(), editor.remarksOn(userOf(9)));
    EXPECT_EQ(std::vector<std::string>{"odd"}, editor.remarksOn(userOf(9, {{"odd", "1"}})));
    EXPECT_EQ("invalid user: invalid bad", messageOf<isc::BadValue>([&] {
                  editor.remarksOn(userOf(9, {{"bad", ""}}));
              }));
    EXPECT_TRUE(this->editor().remarksOn(userOf(9, {{"odd", "1"}})).empty()) << "has no reader";
}

TEST_F(RegistryEditorTest, addsALineAtTheEnd) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"", written(9) + "\n"},
        {line(1) + "\n", line(1) + "\n" + written(9) + "\n"},
        {line(1), line(1) + "\n" + written(9) + "\n"},
        {line(1) + "\r\n", line(1) + "\r\n" + written(9) + "\r\n"},
        {line(1) + "\r\n" + line(2), line(1) + "\r\n" + line(2) + "\r\n" + written(9) + "\r\n"},
        {line(1) + "\r", line(1) + "\r\n" + written(9) + "\r\n"},
        {line(1) + "\r\n\n", line(1) + "\r\n\n" + written(9) + "\n"},
        {"# a\n\n  \t" + line(1) + "  \n# b\r\n \t\n",
         "# a\n\n  \t" + line(1) + "  \n# b\r\n \t\n" + written(9) + "\n"},
        {"# no newline", "# no newline\n" + written(9) + "\n"},
    };
    for (const auto& [before, after] : cases) {
        writeFile(path_, before);
        EXPECT_TRUE(editor().add(userOf(9)));
        EXPECT_EQ(after, readFile(path_));
    }
}

// The lines before and after a line stay the same, and so does its line end, whatever they are.
TEST_F(RegistryEditorTest, replacesOrTakesOutOneLine) {
    const std::string attributes = R"(, "bootfile" : "b", "quote" : "\"")";
    const User user = userOf(9, {{"quote", "\""}, {"bootfile", "b"}});
    for (const std::string& before :
         {std::string(), "# " + line(9) + "\r\n\n" + line(1) + "\n", std::string(" \r\n")}) {
        for (const std::string end : {"\n", "\r\n"}) {
            for (const std::string& after : {std::string(), line(2) + "\n", "\n#\xff\n" + line(2)}) {
                writeFile(path_, before + "\t" + line(9) + " " + end + after);
                EXPECT_TRUE(editor().update(user));
                EXPECT_EQ(before + written(9, attributes) + end + after, readFile(path_));
                EXPECT_TRUE(editor().remove(hwAddress(9)));
                EXPECT_EQ(before + after, readFile(path_));
            }
        }
        for (const std::string end : {"", "\r"}) {
            writeFile(path_, before + line(9) + end);
            EXPECT_TRUE(editor().update(user));
            EXPECT_EQ(before + written(9, attributes) + end, readFile(path_));
            EXPECT_TRUE(editor().remove(hwAddress(9)));
            EXPECT_EQ(before, readFile(path_));
        }
    }
}

TEST_F(RegistryEditorTest, keepsAByteOrderMark) {
    const std::string mark = "\xef\xbb\xbf";
    writeFile(path_, mark + line(9) + "\n");
    EXPECT_TRUE(editor().update(userOf(9)));
    EXPECT_EQ(mark + written(9) + "\n", readFile(path_));
    EXPECT_TRUE(editor().remove(hwAddress(9)));
    EXPECT_EQ(mark, readFile(path_));
    EXPECT_TRUE(editor().add(userOf(9)));
    EXPECT_EQ(mark + written(9) + "\n", readFile(path_));
    EXPECT_TRUE(editor().add(userOf(8)));
    EXPECT_TRUE(editor().remove(hwAddress(9)));
    EXPECT_EQ(mark + written(8) + "\n", readFile(path_));
}

TEST_F(RegistryEditorTest, tellsTypesApart) {
    User duid(UserId::DUID, hwAddress(1).getId());
    EXPECT_FALSE(editor().update(duid));
    EXPECT_TRUE(editor().add(duid));
    EXPECT_TRUE(editor().remove(hwAddress(1)));
    EXPECT_EQ("# people\n{ \"type\" : \"DUID\", \"id\" : \"00:00:00:00:00:01\" }\n", readFile(path_));
}

TEST_F(RegistryEditorTest, doesNothingWhereThereIsNothingToDo) {
    expectNothingDone([](RegistryEditor& editor) { EXPECT_FALSE(editor.add(userOf(1))); });
    expectNothingDone([](RegistryEditor& editor) { EXPECT_FALSE(editor.update(userOf(2))); });
    expectNothingDone([](RegistryEditor& editor) { EXPECT_FALSE(editor.remove(hwAddress(2))); });
}

TEST_F(RegistryEditorTest, changesNoFileThatIsBad) {
    const auto reason_of_all = [this] {
        std::vector<std::string> reasons;
        expectNothingDone([&reasons](RegistryEditor& editor) {
            reasons = {messageOf<UserDataSourceError>([&editor] { editor.add(userOf(9)); }),
                       messageOf<UserDataSourceError>([&editor] { editor.update(userOf(1)); }),
                       messageOf<UserDataSourceError>([&editor] { editor.remove(hwAddress(1)); })};
        });
        EXPECT_EQ(reasons[0], reasons[1]);
        EXPECT_EQ(reasons[0], reasons[2]);
        return reasons[0];
    };
    appendFile(path_, "{\"type\":\"HW_ADDR\"}\n");
    EXPECT_EQ(path_ + ":3: 'id' is missing", reason_of_all());
    writeFile(path_, line(1) + "\n" + line(1) + "\n");
    EXPECT_EQ(path_ + ":2: duplicate user: HW_ADDR=000000000001, already in line 1", reason_of_all());
}

TEST_F(RegistryEditorTest, doesNotMakeAFileThatIsMissing) {
    fs::remove(path_);
    for (const std::function<void()>& edit : std::vector<std::function<void()>>{
             [this] { editor().add(userOf(9)); }, [this] { editor().update(userOf(1)); },
             [this] { editor().remove(hwAddress(1)); }}) {
        EXPECT_EQ(path_ + ": No such file or directory", messageOf<UserDataSourceError>(edit));
        EXPECT_FALSE(fs::exists(path_));
    }
}

TEST_F(RegistryEditorTest, refusesBadAttributes) {
    const auto reader = [](UserId::UserIdType type, const PropertyMap& attributes) {
        if (type == UserId::HW_ADDRESS && attributes.count("expires") != 0) {
            isc_throw(isc::BadValue, "invalid expires: '" << attributes.at("expires") << "'");
        }
        return Meaning();
    };
    const auto expect_refused = [this, &reader](const std::string& reason, const PropertyMap& attributes) {
        expectNothingDone(
            [&](RegistryEditor& editor) {
                EXPECT_EQ("invalid user: " + reason,
                          messageOf<isc::BadValue>([&] { editor.add(userOf(9, attributes)); }));
                EXPECT_EQ("invalid user: " + reason,
                          messageOf<isc::BadValue>([&] { editor.update(userOf(1, attributes)); }));
            },
            reader);
    };
    expect_refused("invalid expires: 'soon'", {{"expires", "soon"}});
    expect_refused("an attribute may not be named 'type'", {{"type", "DUID"}});
    expect_refused("an attribute may not be named 'id'", {{"id", "01"}});
    expect_refused("an attribute may not be named ''", {{"", "x"}});

    // A file with such a user is bad.
    appendFile(path_, written(2, R"(, "expires" : "soon")") + "\n");
    expectNothingDone(
        [this](RegistryEditor& editor) {
            EXPECT_EQ(path_ + ":3: invalid expires: 'soon'",
                      messageOf<UserDataSourceError>([&editor] { editor.add(userOf(9)); }));
        },
        reader);
}

TEST_F(RegistryEditorTest, theUsersOfAFileHaveNoVersions) {
    expectNothingDone([](RegistryEditor& editor) {
        EXPECT_EQ("invalid version: users in a file have no version",
                  messageOf<isc::BadValue>([&] { editor.update(userOf(1), 1); }));
    });
}

TEST_F(RegistryEditorTest, writesNoLineThatWouldNotBeRead) {
    const size_t room = RecordParser::MAX_LINE - written(9, R"(, "a" : "")").size();
    expectNothingDone([room](RegistryEditor& editor) {
        EXPECT_EQ("invalid user: its line would be 65537 bytes long, must be at most 65536",
                  messageOf<isc::BadValue>([&] {
                      editor.add(userOf(9, {{"a", std::string(room + 1, 'x')}}));
                  }));
    });
    EXPECT_TRUE(editor().add(userOf(9, {{"a", std::string(room, 'x')}})));
    expectOnce(9, 9);
}

TEST_F(RegistryEditorTest, keepsALinkAndWhatItLeadsTo) {
    fs::create_directory(dir_.file("link"));
    const std::string link = dir_.file("link/registry.txt");
    fs::create_symlink("../registry.txt", link);
    EXPECT_TRUE(test::FileEditor(link).add(userOf(9)));
    EXPECT_EQ("../registry.txt", fs::read_symlink(link));
    expectOnce(9, 9);
}

TEST_F(RegistryEditorTest, losesNoChangeOfManyThreads) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([this, i] { addAll(i * 40 + 2, i * 40 + 41); });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    expectOnce(1, 321);
    EXPECT_EQ(321U, users().size());
    EXPECT_EQ(0, readFile(path_).find("# people\n" + line(1) + "\n"));
}

TEST_F(RegistryEditorTest, threadsTakeTurns) {
    test::FileEditor slow(path_, afterPause(30ms), 60s);
    std::vector<std::future<bool>> adds;
    for (int number = 2; number < 14; ++number) {
        adds.push_back(
            std::async(std::launch::async, [&slow, number] { return slow.add(slowUser(number)); }));
    }
    for (std::future<bool>& added : adds) {
        EXPECT_TRUE(added.get());
    }
    expectOnce(1, 13);
}

TEST_F(RegistryEditorTest, changesOrTellsWhenManyThreadsComeAtOnce) {
    test::FileEditor slow(path_, afterPause(30ms));
    std::vector<std::future<std::string>> adds;
    for (int number = 2; number < 14; ++number) {
        adds.push_back(std::async(std::launch::async, [&slow, number] {
            try {
                return std::string(slow.add(slowUser(number)) ? "added" : "");
            } catch (const UserDataSourceError& ex) {
                return std::string(ex.what());
            }
        }));
    }
    for (int number = 2; number < 14; ++number) {
        const std::string told = adds[static_cast<size_t>(number) - 2].get();
        const size_t count = users().count(hwAddress(number));
        EXPECT_EQ(count == 1 ? "added" : path_ + ": is being changed by other commands", told);
    }
    EXPECT_GT(users().size(), 1U);
    EXPECT_TRUE(slow.add(userOf(99))) << "who gave up is in the line still";
}

TEST_F(RegistryEditorTest, threadsDoNotWaitForTheirTurnForEver) {
    std::promise<void> begun;
    std::promise<void> told;
    test::FileEditor editor(path_, [&](UserId::UserIdType, const PropertyMap& attributes) {
        if (attributes.count("block") != 0) {
            begun.set_value();
            told.get_future().wait();
        }
        return Meaning();
    });
    appendFile(path_, written(4, R"(, "block" : "")") + "\n");
    auto first = std::async(std::launch::async, [&editor] { return editor.add(userOf(2)); });
    begun.get_future().wait();
    EXPECT_EQ(path_ + ": is being changed by other commands",
              messageOf<UserDataSourceError>([&editor] { editor.add(userOf(3)); }));
    told.set_value();
    EXPECT_TRUE(first.get()) << "its own work took longer than it would have waited for others";
    expectOnce(1, 2);
}

TEST_F(RegistryEditorTest, addsAndRemovesOnceForAllThreads) {
    std::atomic<int> added{0};
    std::atomic<int> removed{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([this, &added, &removed] {
            test::FileEditor editor(path_, nullptr, 60s);
            for (int number = 2; number <= 21; ++number) {
                added += editor.add(userOf(number)) ? 1 : 0;
            }
            for (int number = 2; number <= 21; ++number) {
                removed += editor.remove(hwAddress(number)) ? 1 : 0;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(added, removed);
    EXPECT_GE(added, 20);
    EXPECT_EQ("# people\n" + line(1) + "\n", readFile(path_));
}

// A program that appends does not know of locks.
TEST_F(RegistryEditorTest, losesNoChangeOfOtherProcesses) {
    ChildProcess one([this] { addAll(1000, 1149); });
    ChildProcess other([this] { addAll(2000, 2149); });
    ChildProcess appender([this] {
        for (int number = 3000; number < 3100; ++number) {
            appendFile(path_, line(number) + "\n");
            std::this_thread::sleep_for(7ms);
        }
    });
    EXPECT_TRUE(one.succeeds() && other.succeeds() && appender.succeeds());
    expectOnce(1000, 1149);
    expectOnce(2000, 2149);
    expectOnce(3000, 3099);
    EXPECT_EQ(401U, users().size());
}

// An operator's script that writes a new file and renames it to the old one.
TEST_F(RegistryEditorTest, startsOverWhenTheFileIsReplacedWhileItEdits) {
    std::atomic<bool> done{false};
    std::atomic<int> moved{0};
    std::thread mover([this, &done, &moved] {
        while (!done) {
            writeFile(dir_.file("theirs"), "# theirs, version " + std::to_string(++moved) + "\n");
            fs::rename(dir_.file("theirs"), path_);
            std::this_thread::sleep_for(20ms);
        }
    });
    for (int number = 2; number < 100; ++number) {
        EXPECT_TRUE(editor().add(userOf(number)));
    }
    done = true;
    mover.join();
    EXPECT_EQ(0, readFile(path_).find("# theirs, version " + std::to_string(moved) + "\n"));
}

TEST_F(RegistryEditorTest, startsOverOnWhatIsAppendedWhileItEdits) {
    const test::LateWriter writer(path_, [](const FileDescriptor& old) {
        const std::string theirs = line(9) + "\n";
        EXPECT_EQ(static_cast<ssize_t>(theirs.size()), ::write(old.get(), theirs.data(), theirs.size()));
    });
    EXPECT_FALSE(editor().add(userOf(9)));
    EXPECT_EQ("# people\n" + line(1) + "\n" + line(9) + "\n", readFile(path_));
}

// A comment becomes a record of the same length, so that only the bytes reveal the change.
TEST_F(RegistryEditorTest, startsOverOnWhatIsChangedInPlaceAfterItWasRead) {
    writeFile(path_, "#" + std::string(line(9).size() - 1, '-') + "\n" + line(1) + "\n");
    int locks = 0;
    const test::AtEachLock change([this, &locks] {
        if (++locks == 1) {
            std::fstream(path_, std::ios::in | std::ios::out | std::ios::binary) << line(9);
        }
    });
    EXPECT_FALSE(editor().add(userOf(9)));
    EXPECT_EQ(line(9) + "\n" + line(1) + "\n", readFile(path_));
}

TEST_F(RegistryEditorTest, startsOverWhenItWasOvertaken) {
    for (const std::string& theirs : {line(1) + "\n", line(1) + "\n" + written(9) + "\n"}) {
        writeFile(path_, line(1) + "\n");
        const test::LateWriter mover(path_, [this, &theirs](const FileDescriptor&) {
            writeFile(dir_.file("theirs"), theirs);
            fs::rename(dir_.file("theirs"), path_);
        });
        // Whether the others' file was made from the previous content, or from ours.
        EXPECT_TRUE(editor().add(userOf(9)));
        EXPECT_EQ(line(1) + "\n" + written(9) + "\n", readFile(path_));
    }
}

TEST_F(RegistryEditorTest, doesNotWaitForTheLockForEver) {
    EXPECT_TRUE(editor().add(userOf(2)));
    FileDescriptor other(::open(lock_.c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_EQ(0, ::flock(other.get(), LOCK_EX));
    expectNothingDone([this](RegistryEditor& editor) {
        EXPECT_EQ(path_ + ": is locked by another process",
                  messageOf<UserDataSourceError>([&editor] { editor.add(userOf(9)); }));
    });
    other = FileDescriptor(-1);
    EXPECT_TRUE(editor().add(userOf(9)));
}

TEST_F(RegistryEditorTest, isNotHeldUpByALockOfTheRegistryItself) {
    const FileDescriptor reader(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    ASSERT_EQ(0, ::flock(reader.get(), LOCK_EX));
    EXPECT_TRUE(editor().add(userOf(9)));
}

// The file changes whenever it was read.
TEST_F(RegistryEditorTest, doesNotStartOverForEver) {
    int changes = 0;
    const test::AtEachLock append([this, &changes] {
        ++changes;
        appendFile(path_, "#\n");
    });
    EXPECT_EQ(path_ + ": another process keeps changing it",
              messageOf<UserDataSourceError>([this] { test::FileEditor(path_).add(userOf(9)); }));
    EXPECT_GT(changes, 2);
}

// Even a slow edit gets a second chance.
TEST_F(RegistryEditorTest, startsOverOnceWhateverTimeItsOwnWorkTakes) {
    int locks = 0;
    const test::AtEachLock append([this, &locks] {
        if (++locks == 1) {
            std::this_thread::sleep_for(RegistryEditor::PATIENCE);
            appendFile(path_, "# theirs\n");
        }
    });
    EXPECT_TRUE(test::FileEditor(path_).add(userOf(9)));
    EXPECT_EQ("# people\n" + line(1) + "\n# theirs\n" + written(9) + "\n", readFile(path_));
}

// A file with many blocks, one of which changes.
TEST_F(RegistryEditorTest, changesOneLineOfManyBlocks) {
    std::string text;
    for (int number = 1; number <= 40; ++number) {
        text += line(number) + (number % 7 == 0 ? "\r\n" : "\n");
    }
    for (int number = 1; number <= 40; ++number) {
        writeFile(path_, text);
        test::FileEditor editor(path_, nullptr, 60s, 200);
        const std::string old = line(number);
        const size_t at = text.find(old);
        std::string expected = text;
        EXPECT_TRUE(editor.update(userOf(number)));
        EXPECT_EQ(expected.replace(at, old.size(), written(number)), readFile(path_));
        EXPECT_TRUE(editor.remove(hwAddress(number)));
        EXPECT_EQ(expected.erase(at, expected.find('\n', at) + 1 - at), readFile(path_));
        EXPECT_FALSE(editor.remove(hwAddress(number)));
        EXPECT_TRUE(editor.add(userOf(number)));
        EXPECT_EQ(expected + written(number) + "\n", readFile(path_));
        EXPECT_FALSE(editor.add(userOf(number)));
    }
}

// With inotify, and through a link with the file's times.
TEST_F(RegistryEditorTest, isFollowedAtOnce) {
    const std::string link = dir_.file("link.txt");
    fs::create_symlink("registry.txt", link);
    test::FileFollower by_name(path_);
    test::FileFollower by_link(link);
    for (int number = 2; number <= 201; ++number) {
        ASSERT_TRUE(editor().add(userOf(number)));
        for (test::FileFollower* follower : {&by_name, &by_link}) {
            EXPECT_EQ("", follower->follow().error);
            ASSERT_TRUE(follower->registry().find(hwAddress(number))) << "user " << number;
        }
        ASSERT_TRUE(editor().update(userOf(number, {{"number", std::to_string(number)}})));
        for (test::FileFollower* follower : {&by_name, &by_link}) {
            follower->follow();
            const auto user = follower->registry().find(hwAddress(number));
            ASSERT_EQ(std::to_string(number), test::valueOf(user, "number"));
        }
    }
}

} // namespace
} // namespace user_chk::registry_editor_test
