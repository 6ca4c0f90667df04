// SPDX-License-Identifier: MPL-2.0
// Defines OutcomeFile, which appends whole records to a file that may fill up, vanish or be renamed.

#ifndef USER_CHK_AUDIT_OUTCOME_FILE_H
#define USER_CHK_AUDIT_OUTCOME_FILE_H

#include <system/budget.h>
#include <system/file_watch.h>
#include <system/published.h>

#include <exceptions/exceptions.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>

namespace user_chk {

/// @brief Thrown when the outcome file cannot be opened.
class OutcomeFileError : public isc::Exception {
public:
    /// @brief Made by Kea's isc_throw macro.
    OutcomeFileError(const char* file, size_t line, const char* what) : isc::Exception(file, line, what) {}
};

/// @brief What an append came to, for the caller and for the operator's log.
struct AppendReport {
    /// @brief True when all the records are in the file.
    bool written = false;

    /// @brief True when this is the first append that failed since one succeeded.
    bool began_failing = false;

    /// @brief Why it failed: `FILE: REASON`.
    std::string error;

    /// @brief How many records could not be written before this append succeeded again.
    uint64_t lost = 0;

    /// @brief True when the path named another file, or none, and was opened anew.
    bool reopened = false;
};

/// @brief How many records there were so far.
struct AppendCounters {
    uint64_t written = 0; ///< in the file
    uint64_t failed = 0;  ///< could not be written
};

/// @brief Appends records to a file.
///
/// append() may be called from any number of threads, and several processes may append to one file: each
/// append is one write(2) in append mode, so records are never torn apart or mixed. No lock is held over I/O.
class OutcomeFile {
public:
    /// @brief Opens the file, which is made with mode 0640 when there is none. For root it is made by the
    /// first append (see makeFile()): who tries a configuration as root leaves no file behind that the
    /// service's user cannot open.
    ///
    /// @param path the name of the file
    /// @param record_end the newlines that a record ends with
    /// @throw OutcomeFileError `FILE: REASON` when it cannot be opened for appending, is no regular file, or
    /// could not be made.
    OutcomeFile(const std::string& path, const std::string& record_end);
    ~OutcomeFile();

    /// @brief What watches the path.
    const FileWatch& watch() const { return watch_; }

    /// @brief What the watch answered when a query came. It spares the record of that query another question,
    /// unless the query had to wait for something.
    class Glance {
    public:
        /// @brief None.
        Glance() = default;

        /// @brief Takes note of what the watch has just answered.
        explicit Glance(bool quiet) : quiet_(quiet), at_(now()) {}

        /// @brief True when the path named the file that is open, a moment ago.
        bool isQuiet() const { return quiet_ && now() - at_ <= MOMENT; }

    private:
        static constexpr std::chrono::milliseconds MOMENT{20};

        static std::chrono::nanoseconds now() {
            struct timespec now;
            ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
            return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
        }

        bool quiet_ = false;
        std::chrono::nanoseconds at_{0};
    };

    /// @brief Appends records in one write.
    ///
    /// When the path no longer names the file that is open, or did not do so at the glance, it is opened anew
    /// first; within a second where that is so because something was mounted over a directory. When only a
    /// part could be written, its end is made the end of a record, so that a reader sees whole what comes
    /// next, whichever process writes that. Throws nothing but std::bad_alloc.
    ///
    /// @param records the text of whole records
    /// @param count how many they are
    /// @param glance at the path, a moment ago
    AppendReport append(const std::string& records, size_t count, const Glance& glance);

    /// @brief The same, with a glance now.
    AppendReport append(const std::string& records, size_t count) { return append(records, count, Glance()); }

    /// @brief The name of the file.
    const std::string& path() const { return path_; }

    /// @brief True when the last append failed.
    bool failing() const { return failing_; }

    /// @brief What append() has come to so far.
    AppendCounters counters() const { return {written_, failed_}; }

private:
    struct File;
    typedef std::shared_ptr<const File> FilePtr;

    FilePtr openFile() const;
    FilePtr openIfThere();
    FilePtr open();
    FilePtr fileOfPath(const Glance& glance, AppendReport& report);
    FilePtr lookAtPath(AppendReport& report);
    void write(const File& file, const std::string& records) const;
    void endRecord(const File& file, std::string_view cut) const;

    const std::string path_;
    const std::string record_end_;
    FileWatch watch_;
    SecondHand seconds_;
    Published<File> current_; // null until there is one
    std::atomic<bool> failing_{false};
    std::atomic<uint64_t> lost_{0}; // since it began to fail
    std::atomic<uint64_t> written_{0};
    std::atomic<uint64_t> failed_{0};
};

} // namespace user_chk

#endif // USER_CHK_AUDIT_OUTCOME_FILE_H
