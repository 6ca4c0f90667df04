// SPDX-License-Identifier: MPL-2.0
// Defines OutcomeFile, which appends whole records to a file, even if the disk fills up or the file is
// removed or renamed.

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
    /// @brief For Kea's isc_throw macro.
    OutcomeFileError(const char* file, size_t line, const char* what) : isc::Exception(file, line, what) {}
};

/// @brief The result of an append, for the caller and for the operator's log.
struct AppendReport {
    /// @brief True when all the records are in the file.
    bool written = false;

    /// @brief True when this is the first append that failed since one succeeded.
    bool began_failing = false;

    /// @brief Why the append failed: `FILE: REASON`.
    std::string error;

    /// @brief How many records could not be written before this append succeeded again.
    uint64_t lost = 0;

    /// @brief True when the path named another file, or none, and the file was reopened.
    bool reopened = false;
};

/// @brief The number of records so far.
struct AppendCounters {
    uint64_t written = 0; ///< written to the file
    uint64_t failed = 0;  ///< not written because of an error
};

/// @brief Appends records to a file.
///
/// Any number of threads may call append(), and several processes may append to one file: each append is one
/// write(2) in append mode, so records are never split or interleaved. No lock is held during I/O.
class OutcomeFile {
public:
    /// @brief Opens the file, and creates it with mode 0640 when it does not exist.
    ///
    /// For root, the first append creates the file (see makeFile()). So an operator who tests a configuration
    /// as root leaves no file behind that the user of the service cannot open.
    ///
    /// @param path the name of the file
    /// @param record_end the newlines that end a record
    /// @throw OutcomeFileError `FILE: REASON` when the file cannot be opened for appending, is not a regular
    /// file, or could not be created.
    OutcomeFile(const std::string& path, const std::string& record_end);
    ~OutcomeFile();

    /// @brief Returns the watch on the path.
    const FileWatch& watch() const { return watch_; }

    /// @brief What the watch reported when a query arrived. The record of that query then needs no second
    /// check of the path, unless the query had to wait.
    class Glance {
    public:
        /// @brief No report; the path must be checked.
        Glance() = default;

        /// @brief Notes what the watch just reported.
        explicit Glance(bool quiet) : quiet_(quiet), at_(now()) {}

        /// @brief True when, a moment ago, the path still named the open file.
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
    /// When the path no longer names the open file, or did not do so at the glance, the file is reopened
    /// first. When the reason is a file system that was mounted over a directory, that takes up to a second.
    /// When only part of the records could be written, that part is changed to end like a record, so that
    /// readers see the next record whole, whichever process writes it. Throws only std::bad_alloc.
    ///
    /// @param records the text of whole records
    /// @param count the number of records
    /// @param glance what the watch reported a moment ago
    AppendReport append(std::string_view records, size_t count, const Glance& glance);

    /// @brief Same as above, but checks the path now.
    AppendReport append(std::string_view records, size_t count) { return append(records, count, Glance()); }

    /// @brief Returns the name of the file.
    const std::string& path() const { return path_; }

    /// @brief True when the last append failed.
    bool failing() const { return failing_; }

    /// @brief Returns the number of records so far.
    AppendCounters counters() const { return {written_, failed_}; }

private:
    struct File;
    typedef std::shared_ptr<const File> FilePtr;

    FilePtr openFile() const;
    FilePtr openIfThere();
    FilePtr open();
    FilePtr fileOfPath(const Glance& glance, AppendReport& report);
    FilePtr lookAtPath(AppendReport& report);
    void write(const File& file, std::string_view records) const;
    void endRecord(const File& file, std::string_view cut) const;

    const std::string path_;
    const std::string record_end_;
    FileWatch watch_;
    SecondHand seconds_;
    Published<File> current_; // null until a file is open
    std::atomic<bool> failing_{false};
    std::atomic<uint64_t> lost_{0}; // records lost since it began to fail
    std::atomic<uint64_t> written_{0};
    std::atomic<uint64_t> failed_{0};
};

} // namespace user_chk

#endif // USER_CHK_AUDIT_OUTCOME_FILE_H
