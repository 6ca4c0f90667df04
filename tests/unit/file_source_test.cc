// SPDX-License-Identifier: MPL-2.0
// Tests FileSource with random edits and commands, after each of which the registry must match the content;
// and with bad records.

#include <source/record_line.h>
#include <source/registry_editor.h>
#include <support/file_follower.h>
#include <support/records.h>
#include <support/temp_dir.h>
#include <user_data_source.h>

#include <exceptions/exceptions.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace user_chk::file_source_test {
namespace {

using test::record;

using test::appendFile;
using test::FileFollower;
using test::readFile;
using test::TempDir;
using test::writeFile;
using Outcome = LoadReport::Outcome;

// A registry of forty lines then has a dozen blocks, and a few changes are folded.
constexpr size_t BLOCK_LENGTH = 192;
constexpr size_t MOST_CHANGES = 5;

constexpr size_t STEPS = 60;
#if defined(__SANITIZE_ADDRESS__)
constexpr size_t SEQUENCES = 10; // each takes four times as long
#else
constexpr size_t SEQUENCES = 30;
#endif

typedef std::map<UserId, PropertyMap> UserMapById;

Meaning refuseBad(UserId::UserIdType, const PropertyMap& attributes) {
    if (attributes.count("bad") != 0) {
        isc_throw(isc::BadValue, "invalid bad");
    }
    return {};
}

// A line, and how it must be read.
struct Line {
    enum Kind { RECORD, BAD, PASSED_OVER };

    std::string text;
    Kind kind = PASSED_OVER;
    std::optional<UserId> id;
    PropertyMap attributes;
    std::vector<UserId> others; // of a record that is valid by itself

    // Returns all ids that the line tells.
    std::vector<UserId> ids() const {
        std::vector<UserId> all = others;
        if (id) {
            all.push_back(*id);
        }
        return all;
    }

    bool has(const UserId& one) const {
        const std::vector<UserId> all = ids();
        return std::find(all.begin(), all.end(), one) != all.end();
    }
};

typedef std::vector<Line> Lines;

// Creates random lines and edits.
class Chance {
public:
    Chance(unsigned seed, bool calm) : engine_(seed), calm_(calm) {}

    size_t below(size_t end) { return std::uniform_int_distribution<size_t>(0, end - 1)(engine_); }

    bool oneIn(size_t many) { return below(many) == 0; }

    Line line() {
        const size_t kind = below(calm_ ? 200 : 20);
        return kind == 0 || (kind == 1 && !calm_) ? bad() : kind % 20 < 5 ? passedOver() : record();
    }

    Line record() {
        static const std::vector<PropertyMap> ATTRIBUTES = {
            {}, {}, {{"bootfile", "/a"}}, {{"bootfile", "/b"}}, {{"x", "1"}, {"y", "\xc3\xbc"}}};
        Line line;
        line.kind = Line::RECORD;
        line.id = id();
        line.attributes = ATTRIBUTES[below(ATTRIBUTES.size())];
        for (size_t count = oneIn(calm_ ? 3 : 8) ? 1 + below(2) : 0; count > 0; --count) {
            addOther(line);
        }
        line.text = "{" + idMembers(*line.id);
        for (const auto& [name, value] : line.attributes) {
            line.text += ", \"" + name + "\":\"" + value + '"';
        }
        line.text += oneIn(3) ? " }" : "}";
        return line;
    }

    Line bad() {
        static const std::vector<std::string> WITHOUT_ID = {"no record", R"({"type":"HW_ADDR"})",
                                                            R"({"type":"HW_ADDR","id":"123"})",
                                                            R"({"type":"MAC","id":"01"})", R"(["01"])"};
        static const std::vector<std::string> BEHIND_ID = {R"(,"bad":"1"})", R"(,"bad":"2"})", R"(,"n":5})",
                                                           R"(,"":"x"})",    R"(,"x":"y")",    R"( "x":"y"})",
                                                           R"(,"x":"y)",     R"(} more)"};
        Line line;
        line.kind = Line::BAD;
        if (oneIn(3)) {
            line.text = WITHOUT_ID[below(WITHOUT_ID.size())];
        } else {
            line.id = id();
            line.text = "{" + idMembers(*line.id) + BEHIND_ID[below(BEHIND_ID.size())];
        }
        return line;
    }

    Line passedOver() {
        static const std::vector<std::string> TEXTS = {"", "  ", "# a comment", "#", "\t"};
        Line line;
        line.text = TEXTS[below(TEXTS.size())];
        return line;
    }

    Lines lines(size_t count) {
        Lines made;
        while (made.size() < count) {
            made.push_back(line());
        }
        return made;
    }

    std::mt19937& engine() { return engine_; }

private:
    void addOther(Line& line) {
        const UserId other = id();
        if (line.has(other)) {
            return;
        }
        line.others.push_back(other);
        std::string& value = line.attributes["other-ids"];
        value +=
            (value.empty() ? "" : ", ") + UserId::lookupTypeStr(other.getType()) + "=" + other.toText(':');
    }

    // Short, usual and long ids: either few, so that many are repeated, or so many that hardly any is.
    UserId id() {
        std::vector<uint8_t> number(1, static_cast<uint8_t>(1 + below(calm_ ? 250 : 30)));
        if (calm_ || oneIn(2)) {
            number.resize(3, static_cast<uint8_t>(calm_ ? below(250) : 1));
        }
        std::vector<uint8_t> bytes(oneIn(10) ? 24 : 4, 0x0c);
        bytes.insert(bytes.end(), number.begin(), number.end());
        return oneIn(5) ? pattern(bytes) : UserId(oneIn(4) ? UserId::DUID : UserId::HW_ADDRESS, bytes);
    }

    // An id that matches many of these.
    UserId pattern(std::vector<uint8_t> bytes) {
        if (oneIn(10)) {
            return {UserId::HW_ADDRESS, "random"};
        }
        bytes.resize(1 + below(bytes.size()));
        return {oneIn(4) ? UserId::DUID : UserId::HW_ADDRESS, bytes, UserId::Kind::PREFIX};
    }

    std::string idMembers(const UserId& id) {
        std::string text = id.toText(oneIn(2) ? ':' : '\0');
        if (oneIn(3) && id.getKind() != UserId::Kind::RANDOM) {
            std::transform(text.begin(), text.end(), text.begin(), ::toupper);
        }
        return "\"type\":\"" + UserId::lookupTypeStr(id.getType()) + R"(","id":")" + text + '"';
    }

    std::mt19937 engine_;
    const bool calm_;
};

// Applies each kind of edit to a content.
class Edits {
public:
    explicit Edits(Chance& chance) : chance_(chance) {}

    std::string edit(Lines& lines) {
        before_.push_back(lines);
        const size_t kind = lines.empty() ? 0 : chance_.below(12);
        switch (kind) {
        case 0:
        case 1:
            insert(lines, lines.size());
            return "append";
        case 2:
            insert(lines, 0);
            return "insert in front";
        case 3:
            insert(lines, place(lines));
            return "insert in the middle";
        case 4:
            lines[place(lines)] = chance_.line();
            return "change a line";
        case 5:
            lines.erase(at(lines, place(lines)));
            return "delete a line";
        case 6:
            move(lines);
            return "move";
        case 7:
            return rare(lines);
        case 8:
            insertAgain(lines);
            return "insert a line again";
        case 9:
            mend(lines);
            return "mend the first bad line";
        case 10:
            move(lines);
            insert(lines, place(lines));
            if (!lines.empty()) {
                lines.erase(at(lines, place(lines)));
            }
            return "move, insert, delete";
        default:
            lines = before_[chance_.below(before_.size())];
            return "a content that was before";
        }
    }

    // Repairs a bad content by going back to the previous one.
    std::string undo(Lines& lines) {
        lines = good_;
        return "undo";
    }

    void noteGood(const Lines& lines) { good_ = lines; }

private:
    static Lines::iterator at(Lines& lines, size_t place) {
        return lines.begin() + static_cast<ptrdiff_t>(place);
    }

    size_t place(const Lines& lines) { return chance_.below(lines.size()); }

    void insert(Lines& lines, size_t place) {
        const Lines more = chance_.lines(1 + chance_.below(3));
        lines.insert(at(lines, place), more.begin(), more.end());
    }

    void insertAgain(Lines& lines) {
        const Line line = lines[place(lines)];
        lines.insert(at(lines, place(lines)), line);
    }

    void move(Lines& lines) {
        const size_t begin = place(lines);
        const size_t end = std::min(lines.size(), begin + 1 + chance_.below(12));
        const Lines moved(at(lines, begin), at(lines, end));
        lines.erase(at(lines, begin), at(lines, end));
        lines.insert(at(lines, chance_.below(lines.size() + 1)), moved.begin(), moved.end());
    }

    static void mend(Lines& lines) {
        const auto bad =
            std::find_if(lines.begin(), lines.end(), [](const Line& line) { return line.kind == Line::BAD; });
        if (bad != lines.end()) {
            *bad = Line{"# mended", Line::PASSED_OVER, std::nullopt, {}, {}};
        }
    }

    // Makes almost all of a file new.
    std::string rare(Lines& lines) {
        switch (chance_.below(6)) {
        case 0:
            std::sort(lines.begin(), lines.end(),
                      [](const Line& one, const Line& other) { return one.text < other.text; });
            return "sort";
        case 1:
            lines = chance_.lines(chance_.below(60));
            return "replace all";
        case 2:
            lines.resize(place(lines));
            return "cut off the end";
        case 3:
            lines.erase(lines.begin(), at(lines, place(lines)));
            return "cut off the beginning";
        case 4:
            std::shuffle(lines.begin(), lines.end(), chance_.engine());
            return "shuffle";
        default:
            std::reverse(lines.begin(), lines.end());
            return "reverse";
        }
    }

    Chance& chance_;
    std::vector<Lines> before_;
    Lines good_;
};

// What must be in force, according to the specification; independent of the code under test.
class Model {
public:
    explicit Model(bool skips) : skips_(skips) {}

    void take(const Lines& lines) {
        std::map<UserId, std::vector<size_t>> places;
        owners_.clear();
        for (size_t i = 0; i < lines.size(); ++i) {
            if (lines[i].id) {
                places[*lines[i].id].push_back(i);
            }
            for (const UserId& id : lines[i].ids()) {
                owners_[id].insert(*lines[i].id);
            }
        }
        const std::set<std::string> bad_before = std::exchange(bad_texts_, {});
        bad_.clear();
        new_bad_ = 0;
        UserMapById now;
        std::map<UserId, std::vector<UserId>> others;
        for (size_t i = 0; i < lines.size(); ++i) {
            const Line& line = lines[i];
            if (line.kind == Line::BAD || (line.id && isBad(lines, places[*line.id]))) {
                bad_.push_back(i + 1);
                new_bad_ += bad_texts_.insert(line.text).second && bad_before.count(line.text) == 0 ? 1 : 0;
            } else if (line.id) {
                now[*line.id] = line.attributes;
                others[*line.id] = line.others;
            }
        }
        if (!skips_ && !bad_.empty()) {
            return;
        }
        for (const auto& [id, at] : places) {
            const auto before = users_.find(id);
            if (isBad(lines, at) && before != users_.end() && areFree(id, others_[id], lines, places)) {
                now[id] = before->second;
                others[id] = others_[id];
            }
        }
        users_ = std::move(now);
        others_ = std::move(others);
    }

    // Returns the ids by which users are found, with the main ids of these users.
    std::map<UserId, UserId> ids() const {
        std::map<UserId, UserId> all;
        for (const auto& [id, properties] : users_) {
            all.emplace(id, id);
        }
        for (const auto& [main, others] : others_) {
            for (const UserId& other : others) {
                all.emplace(other, main);
            }
        }
        return all;
    }

    // Whether several users claim an id.
    bool isShared(const UserId& id) const {
        const auto owners = owners_.find(id);
        return owners != owners_.end() && owners->second.size() > 1;
    }

    const UserMapById& users() const { return users_; }

    // Returns the numbers of lines that are bad or repeated.
    const std::vector<size_t>& bad() const { return bad_; }

    // How many of these say what no bad line said before.
    size_t newBad() const { return new_bad_; }

private:
    bool isBad(const Lines& lines, const std::vector<size_t>& places) const {
        if (!skips_ && places.size() > 1) {
            return true;
        }
        return std::any_of(places.begin(), places.end(), [&](size_t place) {
            const std::vector<UserId> ids = lines[place].ids();
            return lines[place].kind == Line::BAD || lines[place].attributes != lines[places[0]].attributes ||
                   std::any_of(ids.begin(), ids.end(), [this](const UserId& id) { return isShared(id); });
        });
    }

    // Whether no good line has one of the ids that a user had in force.
    bool areFree(const UserId& main, std::vector<UserId> ids, const Lines& lines,
                 std::map<UserId, std::vector<size_t>>& places) const {
        ids.push_back(main);
        return std::none_of(lines.begin(), lines.end(), [&](const Line& line) {
            return line.id && *line.id != main && !isBad(lines, places[*line.id]) &&
                   std::any_of(ids.begin(), ids.end(), [&](const UserId& id) { return line.has(id); });
        });
    }

    const bool skips_;
    UserMapById users_;
    std::map<UserId, std::vector<UserId>> others_; // of the users
    std::map<UserId, std::set<UserId>> owners_;    // by id: those whose lines have it
    std::vector<size_t> bad_;
    std::set<std::string> bad_texts_;
    size_t new_bad_ = 0;
};

std::string contentOf(const Lines& lines, bool crlf, bool ends) {
    std::string content;
    for (const Line& line : lines) {
        content += line.text + (crlf ? "\r\n" : "\n");
    }
    if (!ends && !lines.empty() && lines.back().kind == Line::RECORD) {
        content.resize(content.size() - (crlf ? 2 : 1));
    }
    return content;
}

// Writes a content in the ways in which people and programs do, but without forcing it to disk, which would
// take long.
void put(Chance& chance, const TempDir& dir, const std::string& path, const std::string& content) {
    const std::string before = readFile(path);
    if (content.size() > before.size() && content.compare(0, before.size(), before) == 0) {
        appendFile(path, content.substr(before.size()));
    } else if (chance.oneIn(2)) {
        writeFile(dir.file("new"), content);
        std::filesystem::remove(path);
        std::filesystem::rename(dir.file("new"), path);
    } else {
        writeFile(path, content, std::ios::in);
        std::filesystem::resize_file(path, content.size());
    }
}

// Builds a registry from just these users.
void fill(Registry& registry, const UserMapById& users) {
    const auto table = std::make_shared<UserTable>();
    for (const auto& [id, attributes] : users) {
        table->add(IdTag(id), id.getId(), AttributeList(attributes.begin(), attributes.end()));
    }
    table->seal();
    registry.replace(table);
}

UserMapById listed(const Users& users, size_t page) {
    UserMapById all;
    std::optional<UserId> last;
    for (;;) {
        size_t count = 0;
        users.forEachAfter(last, page, [&](const UserId& id, const AttributeSet& set) {
            EXPECT_TRUE(!last || *last < id);
            last = id;
            all[id] = set.attributes.properties;
            ++count;
        });
        if (count < page) {
            return all;
        }
    }
}

bool startsWith(const std::vector<uint8_t>& bytes, const std::vector<uint8_t>& start) {
    return start.size() <= bytes.size() && std::equal(start.begin(), start.end(), bytes.begin());
}

// How well a record matches a client, -1 for not at all.
int rankOf(const UserId& record, const UserId& client) {
    if (record.getType() != client.getType()) {
        return -1;
    }
    const std::vector<uint8_t>& bytes = client.getId();
    switch (record.getKind()) {
    case UserId::Kind::EXACT:
        return bytes == record.getId() ? 1000 : -1;
    case UserId::Kind::PREFIX:
        return startsWith(bytes, record.getId()) ? static_cast<int>(record.getId().size()) : -1;
    default:
        return bytes.size() == 6 && bytes[0] % 4 == 2 ? 0 : -1;
    }
}

void expectMatch(const UserMapById& expected, const std::map<UserId, UserId>& main_ids, const UserId& client,
                 const Registry& registry) {
    int rank = -1;
    const std::map<UserId, UserId>::value_type* best = nullptr;
    for (const auto& user : main_ids) {
        if (rankOf(user.first, client) > rank) {
            rank = rankOf(user.first, client);
            best = &user;
        }
    }
    const auto users = registry.users();
    const auto [attributes, by] = users->match(client);
    ASSERT_EQ(best != nullptr, attributes != nullptr) << client;
    if (best != nullptr) {
        EXPECT_EQ(best->first, by.idOf(client)) << client;
        EXPECT_EQ(expected.at(best->second), attributes->properties) << client;
    }
}

// Looks users up in every possible way.
void expectUsers(const Model& model, const std::set<UserId>& ids, const Registry& registry) {
    const UserMapById& expected = model.users();
    const std::map<UserId, UserId> main_ids = model.ids();
    Registry fresh;
    fill(fresh, expected);
    EXPECT_EQ(fresh.size(), registry.size());
    EXPECT_EQ(fresh.users()->sizes(), registry.users()->sizes());
    EXPECT_EQ(fresh.revision(), registry.revision());
    for (const UserId& id : ids) {
        const auto found = registry.find(id);
        const auto main = main_ids.find(id);
        EXPECT_EQ(main != main_ids.end(), found != nullptr) << id;
        expectMatch(expected, main_ids, UserId(id.getType(), id.getId()), registry);
        if (main != main_ids.end() && found) {
            EXPECT_EQ(expected.at(main->second), found->properties) << id;
        }
    }
    for (const char* made_up :
         {"020c0c0c0c01", "fe0000000001", "0c0c0c0c0c01", "030000000001", "0200000000"}) {
        expectMatch(expected, main_ids, UserId(UserId::HW_ADDRESS, made_up), registry);
    }
    EXPECT_EQ(expected, listed(*registry.users(), 7));
}

// Returns the number in `FILE:LINE: REASON` and in `already in line LINE`.
std::vector<size_t> linesIn(const std::string& error, const std::string& path) {
    std::vector<size_t> numbers;
    for (const std::string& before : {path + ":", std::string("already in line ")}) {
        const size_t at = error.find(before);
        if (at != std::string::npos) {
            numbers.push_back(std::strtoul(error.c_str() + at + before.size(), nullptr, 10));
        }
    }
    return numbers;
}

std::vector<std::string> linesOf(const std::string& content) {
    std::vector<std::string> lines;
    std::istringstream text(content);
    for (std::string line; std::getline(text, line);) {
        lines.push_back(!line.empty() && line.back() == '\r' ? line.substr(0, line.size() - 1) : line);
    }
    return lines;
}

// A random control command on a user in the file, or on any other.
class Command {
public:
    Command(Chance& chance, const Lines& lines) : what_(chance.below(3)), line_(chance.record()) {
        const Line& one = lines.empty() ? line_ : lines[chance.below(lines.size())];
        if (one.id && !chance.oneIn(3)) {
            line_.id = one.id;
        }
        for (const Line& line : lines) { // by its main id
            line_.id = line.has(*line_.id) ? line.id : line_.id;
        }
        if (what_ == 1 || line_.has(*line_.id)) {
            line_.attributes.erase("other-ids");
            line_.others.clear();
        }
        line_.text = recordLine(*line_.id, line_.attributes);
    }

    const UserId& id() const { return *line_.id; }

    const Line& line() const { return line_; }

    bool run(RegistryEditor& editor) const {
        User user(id());
        user.setProperties(line_.attributes);
        return what_ == 0 ? editor.add(user) : what_ == 1 ? editor.update(user) : editor.remove(id());
    }

    // Returns the expected result: false when there is nothing to do, and the lines stay the same.
    bool change(Lines& lines) const {
        const auto at =
            std::find_if(lines.begin(), lines.end(), [&](const Line& line) { return line.id == id(); });
        const bool is_taken = std::any_of(lines.begin(), lines.end(), [&](const Line& line) {
            return std::any_of(line_.others.begin(), line_.others.end(),
                               [&](const UserId& other) { return line.has(other); });
        });
        if ((at == lines.end()) != (what_ == 0) || (what_ == 0 && is_taken)) {
            return false;
        }
        if (what_ == 0) {
            lines.push_back(line_);
        } else if (what_ == 1) {
            *at = line_;
        } else {
            lines.erase(at);
        }
        return true;
    }

private:
    const size_t what_;
    Line line_;
};

// Whether bad records are skipped, and whether there are few of them.
class FileSourceEdits : public testing::TestWithParam<std::tuple<bool, bool>> {
protected:
    void run(unsigned seed) {
        Chance chance(seed, std::get<1>(GetParam()));
        Edits edits(chance);
        Model model(skips_);
        Lines lines;
        writeFile(path_, "");
        FileFollower follower(path_, refuseBad, skips_, BLOCK_LENGTH, MOST_CHANGES);
        std::set<UserId> ids;
        bool crlf = false;
        for (size_t step = 0; step < STEPS; ++step) {
            const bool undo = !skips_ && !model.bad().empty() && chance.oneIn(2);
            const std::string what = undo ? edits.undo(lines) : edits.edit(lines);
            crlf = chance.oneIn(20) ? !crlf : crlf;
            const std::string content = contentOf(lines, crlf, !chance.oneIn(10));
            SCOPED_TRACE("seed " + std::to_string(seed) + ", step " + std::to_string(step) + ": " + what +
                         "\nbefore:\n" + readFile(path_) + "\nnow:\n" + content);
            for (const Line& line : lines) {
                const std::vector<UserId> all = line.ids();
                ids.insert(all.begin(), all.end());
            }
            put(chance, dir_, path_, content);
            model.take(lines);
            if (model.bad().empty()) {
                edits.noteGood(lines);
            }
            const LoadReport report = follower.follow();
            expectUsers(model, ids, follower.registry());
            if (skips_) {
                expectSkipped(model, report, follower);
            } else {
                expectError(model, follower);
                if (model.bad().empty() && chance.oneIn(10)) {
                    // Another edit takes a while.
                    EXPECT_EQ(FileFollower(path_).registry().revision(), follower.registry().revision());
                }
            }
            EXPECT_EQ(Outcome::UNCHANGED, follower.follow().outcome);
            if (chance.oneIn(4)) {
                command(chance, follower, model, lines, ids);
                if (model.bad().empty()) {
                    edits.noteGood(lines);
                }
            }
            if (HasFailure()) {
                return;
            }
        }
    }

    // A command that may not be carried out, or has nothing to do, changes nothing.
    void command(Chance& chance, FileFollower& follower, Model& model, Lines& lines, std::set<UserId>& ids) {
        RegistryEditor editor(
            follower, refuseBad, [](const LoadReport&) {}, std::chrono::seconds(60));
        const Command command(chance, lines);
        const std::vector<UserId> all = command.line().ids();
        ids.insert(all.begin(), all.end());
        const std::string before = readFile(path_);
        if (skips_ ? std::any_of(all.begin(), all.end(),
                                 [&](const UserId& id) { return isOdd(model, lines, id); })
                   : !model.bad().empty()) {
            EXPECT_THROW(command.run(editor), UserDataSourceError) << command.id();
            EXPECT_EQ(before, readFile(path_));
            return;
        }
        const bool does = command.change(lines);
        EXPECT_EQ(does, command.run(editor)) << command.id();
        std::vector<std::string> texts;
        for (const Line& line : lines) {
            texts.push_back(line.text);
        }
        EXPECT_EQ(texts, linesOf(readFile(path_)));
        model.take(lines);
        follower.follow();
        expectUsers(model, ids, follower.registry());
        EXPECT_EQ(skips_ ? model.bad().size() : 0, follower.source().skipped().count);
    }

    // True when a user has a bad line, several lines, or an id that another user claims.
    static bool isOdd(const Model& model, const Lines& lines, const UserId& id) {
        const auto is_of = [&](const Line& line) { return line.id == id; };
        const auto shares = [&](const Line& line) {
            const std::vector<UserId> all = line.ids();
            return line.has(id) && std::any_of(all.begin(), all.end(),
                                               [&](const UserId& one) { return model.isShared(one); });
        };
        return std::any_of(lines.begin(), lines.end(),
                           [&](const Line& line) { return is_of(line) && shares(line); }) ||
               model.isShared(id) || std::count_if(lines.begin(), lines.end(), is_of) > 1 ||
               std::any_of(lines.begin(), lines.end(),
                           [&](const Line& line) { return is_of(line) && line.kind == Line::BAD; });
    }

    void expectSkipped(const Model& model, const LoadReport& report, const FileFollower& follower) {
        EXPECT_EQ("", follower.state().error);
        EXPECT_EQ(model.newBad(), report.skipped_now);
        EXPECT_EQ(std::min<size_t>(model.newBad(), 20), report.skipped.size());
        const Source::Skipped skipped = follower.source().skipped();
        EXPECT_EQ(model.bad().size(), skipped.count);
        ASSERT_EQ(std::min<size_t>(model.bad().size(), 20), skipped.first.size());
        for (size_t i = 0; i < skipped.first.size(); ++i) {
            EXPECT_EQ(path_ + ":" + std::to_string(model.bad()[i]), skipped.first[i].place);
        }
    }

    // The error of a bad content must name a bad line.
    void expectError(const Model& model, const FileFollower& follower) {
        const std::string error = follower.state().error;
        EXPECT_EQ(model.bad().empty(), error.empty()) << error;
        for (const size_t line : linesIn(error, path_)) {
            EXPECT_EQ(1, std::count(model.bad().begin(), model.bad().end(), line)) << error;
        }
    }

    const bool skips_ = std::get<0>(GetParam());
    TempDir dir_;
    const std::string path_ = dir_.file("registry.txt");
};

INSTANTIATE_TEST_SUITE_P(Errors, FileSourceEdits, testing::Combine(testing::Bool(), testing::Bool()),
                         [](const auto& test) {
                             return std::string(std::get<1>(test.param) ? "few" : "many") +
                                    (std::get<0>(test.param) ? "Skipped" : "Refused");
                         });

// FILE_SOURCE_SEED sets another start, such as the seed of a failure.
TEST_P(FileSourceEdits, leaveTheRegistryOfTheContent) {
    const char* given = std::getenv("FILE_SOURCE_SEED");
    const auto first = static_cast<unsigned>(given != nullptr ? std::strtoul(given, nullptr, 10) : 1);
    for (unsigned seed = first; seed < first + SEQUENCES && !HasFailure(); ++seed) {
        run(seed);
    }
}

// A file whose bad records are skipped, with a user 01 whose attribute x is 1, and a user 02.
class SkippedRecords : public testing::Test {
protected:
    SkippedRecords() { writeFile(path_, GOOD); }

    LoadReport follow(const std::string& content) {
        writeFile(path_, content);
        return follower().follow();
    }

    FileFollower& follower() {
        if (!follower_) {
            follower_ = std::make_unique<FileFollower>(path_, refuseBad, true, BLOCK_LENGTH);
        }
        return *follower_;
    }

    // Returns what is in force for a user: `-` for none, otherwise the value of x.
    std::string valueOf(const std::string& id) {
        const auto found = follower().registry().find(UserId(UserId::HW_ADDRESS, id));
        return found ? test::valueOf(found, "x") : "-";
    }

    // Returns the skipped lines, and the reasons.
    std::string skipped() {
        std::string all;
        for (const BadRecord& bad : follower().source().skipped().first) {
            all += bad.place.substr(path_.size() + 1) + ": " + bad.reason + "\n";
        }
        return all;
    }

    static inline const std::string ONE = record("01", R"(,"x":"1")");
    static inline const std::string GOOD = ONE + record("02");

    TempDir dir_;
    const std::string path_ = dir_.file("registry.txt");
    std::unique_ptr<FileFollower> follower_;
};

TEST_F(SkippedRecords, areOfNobodyAtTheFirstLoad) {
    writeFile(path_, record("01", R"(,"bad":"")") + record("02") + "no record\n");
    EXPECT_EQ("-", valueOf("01"));
    EXPECT_EQ("", valueOf("02"));
    EXPECT_EQ("1: invalid bad\n3: ", skipped().substr(0, 18));
    const LoadReport& report = follower().firstReport();
    EXPECT_EQ(2, report.skipped_now);
    ASSERT_EQ(2, report.skipped.size());
    EXPECT_EQ(path_ + ":1", report.skipped[0].place);
}

TEST_F(SkippedRecords, leaveTheUserWhatWasInForce) {
    follower();
    for (const char* bad : {R"(,"bad":"")", R"(,"x":5)", R"(,"x":"2" "y":"")", R"(,"x":"2)", "}"}) {
        const LoadReport report = follow(record("01", bad) + record("02"));
        EXPECT_EQ(Outcome::LOADED, report.outcome);
        EXPECT_EQ(1, report.skipped_now) << bad;
        EXPECT_EQ("1", valueOf("01")) << bad;
        EXPECT_EQ(1, follower().source().skipped().count) << bad;
    }
    EXPECT_EQ(Outcome::LOADED, follow(record("01", R"(,"x":"3")") + record("02")).outcome);
    EXPECT_EQ("3", valueOf("01"));
    EXPECT_EQ(0, follower().source().skipped().count);
}

TEST_F(SkippedRecords, whichDoNotTellTheirUserLeaveItNothing) {
    follower();
    for (const char* bad :
         {"x\n", R"({"type":"HW_ADDR","id":"01)", R"({"type":"HW_ADDR" "id":"01"})", "# gone\n"}) {
        follow(GOOD);
        ASSERT_EQ("1", valueOf("01"));
        follow(bad + ("\n" + record("02")));
        EXPECT_EQ("-", valueOf("01")) << bad;
        EXPECT_EQ("", valueOf("02")) << bad;
    }
}

TEST_F(SkippedRecords, areToldOnceForEachVersion) {
    follower();
    const std::string bad = record("01", R"(,"bad":"1")");
    EXPECT_EQ(1, follow(bad + record("02")).skipped_now);
    EXPECT_EQ(0, follow("# moved\n" + bad + record("02")).skipped_now);
    EXPECT_EQ("2: invalid bad\n", skipped());
    EXPECT_EQ(1, follow(record("01", R"(,"bad":"2")") + record("02")).skipped_now);
    EXPECT_EQ(0, follow(GOOD).skipped_now);
    EXPECT_EQ(1, follow(bad + record("02")).skipped_now) << "it was good meanwhile";
}

TEST_F(SkippedRecords, ofAUserWhoIsThenDeletedKeepNothing) {
    follower();
    follow(record("01", R"(,"bad":"")") + record("02"));
    ASSERT_EQ("1", valueOf("01"));
    follow(record("02"));
    EXPECT_EQ("-", valueOf("01"));
    EXPECT_EQ(0, follower().source().skipped().count);
}

TEST_F(SkippedRecords, areAllOfThoseThatStandTwiceAndDiffer) {
    follower();
    const std::string other = record("01", R"(,"x":"2")");
    EXPECT_EQ(3, follow(GOOD + other + record("01", R"(,"x":"3")")).skipped_now);
    EXPECT_EQ("1", valueOf("01")) << "as before";
    follow(ONE + record("02") + other + ONE);
    EXPECT_EQ("1: duplicate user: HW_ADDR=01, also in line 3\n"
              "3: duplicate user: HW_ADDR=01, also in line 1\n"
              "4: duplicate user: HW_ADDR=01, also in line 1\n",
              skipped());
    follow(other + record("02"));
    EXPECT_EQ("2", valueOf("01"));
    follow(other + record("02") + record("03") + record("03", R"(,"x":"1")"));
    EXPECT_EQ("-", valueOf("03")) << "which was not there before";
}

TEST_F(SkippedRecords, areNotThoseThatSayTheSame) {
    writeFile(path_, ONE + ONE + record("02"));
    EXPECT_EQ("1", valueOf("01"));
    EXPECT_EQ(2, follower().registry().size());
    EXPECT_EQ(0, follower().source().skipped().count);
    follow(record("02") + ONE);
    EXPECT_EQ("1", valueOf("01")) << "one of them is gone";
    follow(record("02"));
    EXPECT_EQ("-", valueOf("01"));
}

TEST_F(SkippedRecords, makeAGoodOneOfTheSameUserBadInEitherOrder) {
    const std::string bad = record("03", R"(,"bad":"")");
    const std::string good = record("03", R"(,"x":"3")");
    for (const std::string& content : {GOOD + bad + good, GOOD + good + bad}) {
        follow(content);
        EXPECT_EQ("-", valueOf("03"));
        EXPECT_EQ(2, follower().source().skipped().count);
        follow(GOOD + bad);
        EXPECT_EQ("-", valueOf("03"));
        appendFile(path_, good);
        follower().follow();
        EXPECT_EQ("-", valueOf("03"));
        follow(GOOD + good);
        EXPECT_EQ("3", valueOf("03"));
        follow(GOOD);
    }
}

TEST_F(SkippedRecords, keepTheirUserForAsLongAsThereIsOne) {
    std::string others;
    for (int i = 10; i < 60; ++i) {
        others += record(std::to_string(i));
    }
    const std::string bad = record("01", R"(,"bad":"")");
    const std::string bad_too = record("01", R"(,"bad":"too")");
    follow(ONE + others);
    follow(bad + others + bad_too);
    EXPECT_EQ("1", valueOf("01"));
    follow(others + bad_too);
    EXPECT_EQ("1", valueOf("01"));
    follow(bad + others + bad_too);
    follow(bad + others);
    EXPECT_EQ("1", valueOf("01"));
    follow(others);
    EXPECT_EQ("-", valueOf("01"));
}

TEST_F(SkippedRecords, leaveTheDefaultUserWhatItHad) {
    follow(GOOD + record("00000000", R"(,"x":"d")"));
    follow(GOOD + record("00000000", R"(,"x":"e","bad":"")"));
    EXPECT_EQ("d", valueOf("00000000"));
}

TEST_F(SkippedRecords, areNoneOfAFileThatIsNoText) {
    follower();
    const LoadReport report = follow(record("02") + std::string("\0\0\0\n", 4));
    EXPECT_EQ(Outcome::FAILED, report.outcome);
    EXPECT_EQ(path_ + ":2: ", report.error.substr(0, path_.size() + 4));
    EXPECT_EQ("1", valueOf("01"));
    EXPECT_EQ(0, follower().source().skipped().count);
}

TEST_F(SkippedRecords, areKeptWhenAllIsReadAnew) {
    follower();
    follow(record("01", R"(,"bad":"")") + record("02"));
    const LoadReport report = follower().reread();
    EXPECT_EQ(Outcome::LOADED, report.outcome);
    EXPECT_EQ(0, report.skipped_now);
    EXPECT_EQ("1", valueOf("01"));
    EXPECT_EQ(1, follower().source().skipped().count);
}

// If the cost of each grew with the number of the others, this would take an hour.
TEST_F(SkippedRecords, mayBeMany) {
    follower();
    std::string content;
    for (int i = 100000; i < 150000; ++i) {
        const std::string id = std::to_string(i);
        content += record(id, R"(,"x":"1")") + record(id, R"(,"x":"2")");
    }
    const LoadReport report = follow(GOOD + content);
    EXPECT_EQ(100000, report.skipped_now);
    EXPECT_EQ(20, report.skipped.size());
    EXPECT_EQ(100000, follower().source().skipped().count);
    EXPECT_EQ(2, follower().registry().size());
    appendFile(path_, record("03") + record("100000", R"(,"x":"1")"));
    EXPECT_EQ(0, follower().follow().skipped_now) << "the same text is bad already";
    EXPECT_EQ(100001, follower().source().skipped().count);
    EXPECT_EQ("", valueOf("03"));
}

// --- the first error

// A registry of so many users, apart from some lines.
std::string usersBut(const std::map<int, std::string>& others) {
    std::string text;
    for (int line = 1; line <= 200; ++line) {
        const auto other = others.find(line);
        text += other != others.end() ? other->second : record(std::to_string(1000 + line));
    }
    return text;
}

std::string errorOfLoading(const std::string& text) {
    const TempDir dir;
    const std::string path = dir.file("registry.txt");
    writeFile(path, text);
    const std::string error = test::messageOf<UserDataSourceError>([&] { FileFollower follower(path); });
    EXPECT_EQ(0, error.find(path)) << error;
    return error.substr(path.size());
}

TEST(FirstErrorTest, isThatOfTheFirstBadLineWhereverItStands) {
    const std::string twice = record("1001");
    const std::string bad = record("0f", R"(,"x":5)");
    for (const int line : {2, 31, 32, 33, 64, 65, 129, 199}) {
        const std::string place = ":" + std::to_string(line) + ": ";
        const std::string duplicate = place + "duplicate user: HW_ADDR=1001, already in line 1";
        EXPECT_EQ(duplicate, errorOfLoading(usersBut({{line, twice}})));
        EXPECT_EQ(duplicate, errorOfLoading(usersBut({{line, twice}, {line + 1, bad}})));
        EXPECT_EQ(place + "the value of 'x' is not a JSON string",
                  errorOfLoading(usersBut({{line, bad}, {line + 1, twice}})));
    }
}

} // namespace
} // namespace user_chk::file_source_test
