// SPDX-License-Identifier: MPL-2.0
// Follows a database as a server does, and compares the users in force with those in the database.

#ifndef USER_CHK_TESTS_DATABASE_FOLLOWING_H
#define USER_CHK_TESTS_DATABASE_FOLLOWING_H

#include <config/database_settings.h>
#include <database/postgres.h>
#include <source/database_source.h>
#include <source/follower.h>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace user_chk::test {

// Ids as `TYPE=HEX`, and their attributes, in a form for comparison.
typedef std::map<std::string, PropertyMap> Known;

inline bool awaits(const std::function<bool()>& question,
                   std::chrono::seconds limit = std::chrono::seconds(30)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!question()) {
        if (std::chrono::steady_clock::now() > end) {
            return false;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

// Returns the settings for following a database that listens in a directory.
inline DatabaseSettings settingsOf(const std::string& directory, const std::string& database) {
    DatabaseSettings settings;
    settings.name = database;
    settings.host = directory;
    settings.user = "postgres";
    settings.reconnect_wait_time = std::chrono::milliseconds(100);
    settings.fetch_wait_time = std::chrono::milliseconds(100);
    return settings;
}

inline DatabaseSettings settingsOf(const PostgresServer& server, const std::string& database) {
    return settingsOf(server.directory(), database);
}

// Returns the users in force, and what was reported.
class Following {
public:
    explicit Following(const DatabaseSettings& settings, const Fallback& fallback = Fallback(),
                       const AttributeReader& reader = nullptr, size_t most_changes = Registry::MOST_CHANGES)
        : follower_(makeDatabaseSource(settings, reader), fallback, most_changes) {
        reports_.push_back(follower_.firstReport());
        follower_.followBeside([this](const LoadReport& report) {
            const std::lock_guard<std::mutex> lock(mutex_);
            if (report.outcome != LoadReport::Outcome::UNCHANGED) {
                reports_.push_back(report);
            }
        });
    }
    ~Following() { follower_.stop(); } // before the members that its thread reports to
    Following(const Following&) = delete;
    Following& operator=(const Following&) = delete;

    Follower& follower() { return follower_; }
    size_t size() const { return follower_.registry().size(); }

    bool has(const std::string& id, const PropertyMap& attributes = {}) const {
        const auto found = follower_.registry().find(UserId(UserId::HW_ADDRESS, id));
        return found && found->properties == attributes;
    }

    Known known() const {
        Known known;
        follower_.registry().users()->forEachAfter(
            std::nullopt, SIZE_MAX, [&](const UserId& id, const AttributeSet& set) {
                known[UserId::lookupTypeStr(id.getType()) + "=" + id.toText()] = set.attributes.properties;
            });
        return known;
    }

    std::vector<LoadReport> reports() const {
        const std::lock_guard<std::mutex> lock(mutex_);
        return reports_;
    }

    // Whether the last report says so. It arrives a moment after what it reports is in force.
    template <typename Member, typename Value>
    bool lastReport(Member LoadReport::*member, const Value& value) const {
        return awaits([&] { return reports().back().*member == value; });
    }

    bool reported(const std::function<bool(const LoadReport&)>& is_one) const {
        return awaits([&] {
            for (const LoadReport& report : reports()) {
                if (is_one(report)) {
                    return true;
                }
            }
            return false;
        });
    }

private:
    mutable std::mutex mutex_;
    std::vector<LoadReport> reports_;
    Follower follower_;
};

// Returns the users of a database, whose only attribute is `a`.
inline Known knownTo(const Session& session) {
    Known known;
    for (const auto& row : session.run("SELECT type || '=' || encode(id, 'hex'), attributes ->> 'a' "
                                       "FROM user_chk.registry('all')")) {
        known[row.at(0)] = row.at(1) == "null" ? PropertyMap() : PropertyMap{{"a", row.at(1)}};
    }
    return known;
}

// Returns the user with a number, for INSERT.
inline std::string valuesOf(int number, const std::string& a) {
    return "('HW_ADDR', decode(lpad(to_hex(" + std::to_string(number) + "), 12, '0'), 'hex'), " +
           "jsonb_build_object('a', '" + a + "'))";
}

inline std::string insertOf(int number, const std::string& a) {
    return "INSERT INTO user_chk.users (type, id, attributes) VALUES " + valuesOf(number, a);
}

inline std::string whereIs(int number) {
    return " WHERE id = decode(lpad(to_hex(" + std::to_string(number) + "), 12, '0'), 'hex')";
}

} // namespace user_chk::test

#endif // USER_CHK_TESTS_DATABASE_FOLLOWING_H
