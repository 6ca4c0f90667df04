// SPDX-License-Identifier: MPL-2.0
// Defines FileSource, a registry file of which only the changes are parsed.

#ifndef USER_CHK_SOURCE_FILE_SOURCE_H
#define USER_CHK_SOURCE_FILE_SOURCE_H

#include <source/file_content.h>
#include <source/record_loader.h>
#include <source/source.h>
#include <system/budget.h>
#include <system/file_watch.h>
#include <system/published.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace user_chk {

/// @brief A registry file.
///
/// A FileWatch tells whether the file has changed; where there can be none, that costs one stat(2). When the
/// file has changed, its bytes are compared with what was read before (see compareFile()), and only new lines
/// are parsed. Only changes that a FileWatch cannot notice may go unnoticed for up to a second.
class FileSource : public Source {
public:
    /// @brief How long to wait for the end of a line that is being written.
    static constexpr std::chrono::milliseconds LINE_END_WAIT{200};

    /// @brief Creates a source, without looking at the file.
    ///
    /// @param path the registry file
    /// @param rules how its records are read
    /// @param block_length the target length of the blocks by which contents are compared
    FileSource(std::string path, RecordRules rules, size_t block_length = Block::USUAL_LENGTH);

    bool isUnchanged() override { return isUnchanged(watch_.isQuiet()); }
    bool isUnchanged(bool quiet) override;

    const FileWatch* watch() const override { return &watch_; }

    /// If another program is writing the last line, this waits a moment for its end.
    void poll(const Users& in_force, const Taker& take) override;

    /// Replaces the file by a new one in which one line differs, see ReplaceableFile. Any thread may call
    /// this, concurrently with poll().
    Edited edit(const Edit& edit, const Registry& in_force, const Patience& patience) override;

    void forget() override { forgets_ = true; }

    std::string exposure() const override;

    Skipped skipped() const override;

    const std::string& name() const override { return path_; }

private:
    static constexpr auto NEVER = std::chrono::steady_clock::time_point::max();

    // What the last examination of the file found. Immutable once published.
    struct Examined {
        FileSignature signature;
        std::chrono::steady_clock::time_point first_seen;
        bool settled = false; // the signature is reliable, even without a watch
        std::chrono::steady_clock::time_point read_again_at = NEVER; // without a watch
        std::chrono::steady_clock::time_point try_again_at = NEVER;
        bool lacks_line_end = false;    // its last line was not completed in time
        std::optional<Fingerprint> bad; // the content, if it is bad
        std::string error;              // what is wrong, as last reported
        std::string exposure;
    };

    // What the users in force were read from. Immutable once published.
    struct Content {
        std::vector<Block> blocks;
        uint32_t next_number = 0; // of the next new block
        OddLines odd;             // line numbers are relative to their block, from 0
        bool loaded = false;      // false until the first success
    };

    // An open file and its content.
    struct Opened {
        FileDescriptor file{-1};
        FileSignature signature;
        Comparison comparison;
        uint32_t next_number = 0;
    };

    Examined examine(const Examined& before, const Users& in_force, const Taker& take);
    void examineContent(const Examined& before, Examined& now, const Users& in_force, const Taker& take);
    Opened read(const Content& known) const;
    Opened readFinished(const Content& known, bool waits) const;
    void load(Opened opened, const Users& in_force, const Taker& take);
    void keep(LoadedRecords loaded, News::What what, const Opened& opened, const Taker& take);
    void refuseOdd(const Content& content, const UserId& id) const;
    bool isKnown(const FileSignature& signature, bool watched) const;

    const std::string path_;
    const RecordRules rules_;
    const size_t block_length_;
    FileWatch watch_;
    SecondHand seconds_;
    Published<Examined> examined_;
    Published<Content> content_;
    bool forgets_ = false;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_FILE_SOURCE_H
