// SPDX-License-Identifier: MPL-2.0
// Defines FileSource, a registry file: what has changed in it is read, and nothing else.

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
/// Whether it has changed is asked of a FileWatch, or costs one stat(2) where there can be none. When it has,
/// its bytes are compared with what was read before (see compareFile()), and only lines that are new are
/// parsed. Only what changes no file (see FileWatch) may be a second old.
class FileSource : public Source {
public:
    /// @brief How long the end of a line that is being written is waited for.
    static constexpr std::chrono::milliseconds LINE_END_WAIT{200};

    /// @brief Looks at nothing yet.
    ///
    /// @param path the registry file
    /// @param rules how its records are read
    /// @param block_length how long the blocks are by which contents are compared
    FileSource(std::string path, RecordRules rules, size_t block_length = Block::USUAL_LENGTH);

    bool isUnchanged() override { return isUnchanged(watch_.isQuiet()); }
    bool isUnchanged(bool quiet) override;

    const FileWatch* watch() const override { return &watch_; }

    /// Where somebody is in the middle of writing the last line, the end of that is awaited for a moment.
    void poll(const Users& in_force, const Taker& take) override;

    /// The file is replaced by a new one, see ReplaceableFile; of that, one line is another. Any thread may
    /// call this, beside poll().
    Edited edit(const Edit& edit, const Registry& in_force, const Patience& patience) override;

    void forget() override { forgets_ = true; }

    std::string exposure() const override;

    Skipped skipped() const override;

    const std::string& name() const override { return path_; }

private:
    static constexpr auto NEVER = std::chrono::steady_clock::time_point::max();

    // How the file was found when it was looked at last. Immutable once it is published.
    struct Examined {
        FileSignature signature;
        std::chrono::steady_clock::time_point first_seen;
        bool settled = false; // the signature is believed, even if nobody watches the file
        std::chrono::steady_clock::time_point read_again_at = NEVER; // if nobody watches the file
        std::chrono::steady_clock::time_point try_again_at = NEVER;
        bool lacks_line_end = false;    // its last line was not finished in time
        std::optional<Fingerprint> bad; // the content, if it is bad
        std::string error;              // what is wrong, as it was told last
        std::string exposure;
    };

    // What the users in force were read from. Immutable once it is published.
    struct Content {
        std::vector<Block> blocks;
        uint32_t next_number = 0; // of the next new block
        OddLines odd;             // their numbers are counted from 0 in their blocks
        bool loaded = false;      // false before the first success
    };

    // An open file, and what it holds.
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
