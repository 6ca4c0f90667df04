// SPDX-License-Identifier: MPL-2.0
// Defines RegistryFollower, which keeps a registry true to a file that changes.

#ifndef USER_CHK_SOURCE_REGISTRY_FOLLOWER_H
#define USER_CHK_SOURCE_REGISTRY_FOLLOWER_H

#include <registry/user_attributes.h>
#include <registry/user_table.h>
#include <source/file_content.h>
#include <system/file_watch.h>
#include <system/published.h>
#include <system/second_hand.h>
#include <user_registry.h>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace user_chk {

/// @brief What following the file came to, for the operator's log.
struct LoadReport {
    /// @brief What it came to.
    enum class Outcome {
        UNCHANGED, ///< nothing to tell
        LOADED,    ///< a new content is in force
        FAILED     ///< the file is missing or bad, and has not been reported as such yet
    };

    /// @brief What it came to.
    Outcome outcome = Outcome::UNCHANGED;

    /// @brief Why it failed: `FILE: REASON` or `FILE:LINE: REASON`.
    std::string error;

    /// @brief What the operator should know of the users.
    std::vector<Remark> remarks;

    /// @brief Why others could change the file, where that was not so, or for another reason, at the last
    /// load.
    std::string exposure;

    /// @brief Turns this into a report of a failure.
    void fail(const std::string& reason) {
        outcome = Outcome::FAILED;
        error = reason;
    }
};

/// @brief Keeps a registry true to a file.
///
/// follow() may be called from any number of threads. When the file has changed, one of them loads it, and
/// the others wait for that; when it has not, follow() asks a FileWatch, or costs one stat(2) where there can
/// be none. A file that went missing or bad leaves the registry as it was.
class RegistryFollower {
public:
    /// @brief Loads the file for the first time.
    ///
    /// @param path the registry file
    /// @param reader reads the meaning of attributes; may be empty
    /// @throw UserDataSourceError when the file is missing or bad.
    explicit RegistryFollower(const std::string& path, AttributeReader reader = AttributeReader());

    /// @brief Makes the registry true to what the file holds now.
    ///
    /// After it returned, the registry is that of a content which the file had after follow() was called, or
    /// the last good one if that content is bad. Where somebody is in the middle of writing its last line,
    /// the end of that is awaited for a moment. Only what changes no file (see FileWatch) may be a second
    /// old. Does not throw for anything that is wrong with the file.
    LoadReport follow();

    /// @brief Reads the file now, whether or not it seems to have changed; else as follow().
    LoadReport reload();

    /// @brief Reads the file now, and the attributes in it anew, whether or not it has changed: they may mean
    /// something else than before.
    LoadReport reread();

    /// @brief How it stands with the file.
    struct State {
        std::chrono::system_clock::time_point loaded_at; ///< When the users in force were loaded.
        std::chrono::milliseconds load_took{0};          ///< How long that took.
        std::string error;                               ///< What is wrong with the file now.
    };

    /// @brief How it stands with the file, as it was read last.
    State state() const { return examined_.get()->state; }

    /// @brief Where a user stands in a content of the file, if that is the one in force.
    ///
    /// @param text the content
    /// @param id the user's
    /// @return the line, 0 when there is no such user; nothing when another content is in force, or none that
    /// is as good as the file.
    std::optional<size_t> lineIn(const std::string& text, const UserId& id) const;

    /// @brief What the first load came to.
    const LoadReport& firstReport() const { return first_report_; }

    /// @brief The users in force.
    const UserRegistry& registry() const { return registry_; }

    /// @brief The name of the file.
    const std::string& path() const { return path_; }

private:
    static constexpr auto NEVER = std::chrono::steady_clock::time_point::max();

    // What is known of the file as it was read last. Immutable once it is published.
    struct Examined {
        FileSignature signature;
        std::chrono::steady_clock::time_point first_seen;
        bool settled = false; // the signature is believed, even if nobody watches the file
        std::chrono::steady_clock::time_point read_again_at = NEVER; // if nobody watches the file
        std::chrono::steady_clock::time_point try_again_at = NEVER;
        std::optional<size_t> digest;
        bool lacks_line_end = false;            // its last line was not finished in time
        std::shared_ptr<const UserTable> table; // made of the content with this digest, null for a bad one
        State state;
        std::string exposure;
    };

    void begin();
    LoadReport examine();
    Examined read(const Examined& before, LoadReport& report);
    void load(std::string text, Examined& now, LoadReport& report);
    bool isKnown(const FileSignature& signature, bool watched) const;

    const std::string path_;
    const AttributeReader reader_;
    UserRegistry registry_;
    FileWatch watch_;
    SecondHand seconds_;
    Published<Examined> examined_;

    std::mutex mutex_; // guards examining_, not taken while the file is unchanged, never held over I/O
    std::condition_variable examined_anew_;
    bool examining_ = false;

    LoadReport first_report_;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_REGISTRY_FOLLOWER_H
