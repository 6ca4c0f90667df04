// SPDX-License-Identifier: MPL-2.0
// Defines Import, which collects what becomes records of a registry, and what does not.

#ifndef USER_CHK_PROGRAM_IMPORTED_RECORD_H
#define USER_CHK_PROGRAM_IMPORTED_RECORD_H

#include <registry/user_attributes.h>
#include <source/record_parser.h>
#include <user.h>

#include <cstddef>
#include <functional>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

namespace user_chk::program {

/// @brief A client as another program's file has it.
struct ImportedRecord {
    /// @brief The value of an attribute.
    struct Value {
        std::string text; ///< what the record gets
        size_t line;      ///< where it stands

        /// @brief Where it stands makes no difference.
        bool operator==(const Value& other) const { return text == other.text; }
    };

    size_t line = 0;                         ///< where it stands
    std::vector<UserId> ids;                 ///< the first becomes `id`, all others `other-ids`
    std::map<std::string, Value> attributes; ///< by name

    /// @brief Adds an id, if it is not there.
    void addId(const UserId& id);

    /// @brief Adds a class to `client-classes`, if it is not there.
    ///
    /// @throw isc::BadValue when a record cannot have a class of this name.
    void addClass(const std::string& name, size_t line);
};

/// @brief Collects records, each of them good by the rules of the library, and remarks on what is no part of
/// them. For one thread.
class Import {
public:
    /// @brief Begins.
    ///
    /// @param file its name, for remarks
    explicit Import(std::string file);

    /// @brief Takes a record. What the library refuses of it is left out: an option alone, or else the
    /// record. So is one that has an id in common with another, unless they are the same.
    void take(ImportedRecord record);

    /// @brief Remarks on what is not carried over.
    void leaveOut(size_t line, const std::string& reason);

    /// @brief Writes the records as lines of a registry, in the order in which they were taken.
    void writeRecords(std::ostream& out) const;

    /// @brief Writes the remarks as `FILE:LINE: REASON`, in the order of lines.
    void writeRemarks(std::ostream& out);

    /// @brief True when there are no remarks.
    bool isComplete() const { return remarks_.empty(); }

private:
    struct Remark {
        size_t line;
        std::string text;
    };

    void checkOptions(ImportedRecord& record);
    std::set<std::string> check(const UserId& id, const PropertyMap& attributes) const;
    std::string checkedLine(const ImportedRecord& record);
    bool isNew(const ImportedRecord& record);

    std::string file_;
    std::vector<AttributeReader> readers_; // of both servers
    RecordParser parser_;
    std::vector<std::string> lines_;
    std::vector<Remark> remarks_;
    std::vector<ImportedRecord> records_;
    std::map<UserId, size_t> taken_; // which record has an id
};

/// @brief Reads a file of another program.
typedef std::function<void(const std::string& text, Import& import)> Importer;

/// @brief Reads the lines `dhcp-host` of a dnsmasq configuration, or the lines of its `dhcp-hostsfile`.
void importDnsmasq(const std::string& text, Import& import);

/// @brief Reads the hosts and subclasses of a configuration of ISC's dhcpd.
///
/// @throw isc::BadValue when its blocks are nested too deep.
void importDhcpd(const std::string& text, Import& import);

/// @brief Reads the reservations of a Kea configuration, of a list of them, or of an answer to a command.
///
/// @throw isc::Exception when it is no JSON, or something else.
void importKea(const std::string& text, Import& import);

/// @brief Reads a table (RFC 4180), separated by commas, semicolons or tabs.
///
/// @throw isc::BadValue when its first line does not name a column of identifiers.
void importCsv(const std::string& text, Import& import);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_IMPORTED_RECORD_H
