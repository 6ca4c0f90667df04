// SPDX-License-Identifier: MPL-2.0
// Defines Import, which collects the records of a new registry, and remarks on what cannot be imported.

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

/// @brief A client in a file of another program.
struct ImportedRecord {
    /// @brief The value of an attribute.
    struct Value {
        std::string text; ///< the value in the record
        size_t line;      ///< the line where it was found

        /// @brief Ignores the line.
        bool operator==(const Value& other) const { return text == other.text; }
    };

    size_t line = 0;                         ///< the line where it was found
    std::vector<UserId> ids;                 ///< the first becomes `id`, the others `other-ids`
    std::map<std::string, Value> attributes; ///< by name

    /// @brief Adds an id, unless it is already there.
    void addId(const UserId& id);

    /// @brief Adds a class to `client-classes`, unless it is already there.
    ///
    /// @throw isc::BadValue when a record cannot have a class with this name.
    void addClass(const std::string& name, size_t line);
};

/// @brief Collects records that are all valid by the rules of the library, and remarks on what was left out.
/// Not thread-safe.
class Import {
public:
    /// @brief Starts an import.
    ///
    /// @param file the name of the file, for remarks
    explicit Import(std::string file);

    /// @brief Takes a record. What the library rejects is left out: just the option if that helps, otherwise
    /// the record. A record that shares an id with another one is also left out, unless both are equal.
    void take(ImportedRecord record);

    /// @brief Remarks on something that cannot be imported.
    void leaveOut(size_t line, const std::string& reason);

    /// @brief Writes the records as lines of a registry file, in the order in which they were taken.
    void writeRecords(std::ostream& out) const;

    /// @brief Writes the remarks as `FILE:LINE: REASON`, ordered by line.
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
    std::vector<AttributeReader> readers_; // for both servers
    RecordParser parser_;
    std::vector<std::string> lines_;
    std::vector<Remark> remarks_;
    std::vector<ImportedRecord> records_;
    std::map<UserId, size_t> taken_; // the record that has an id
};

/// @brief Reads a file of another program.
typedef std::function<void(const std::string& text, Import& import)> Importer;

/// @brief Reads the `dhcp-host` lines of a dnsmasq configuration, or the lines of its `dhcp-hostsfile`.
void importDnsmasq(const std::string& text, Import& import);

/// @brief Reads the hosts and subclasses of a configuration of ISC's dhcpd.
///
/// @throw isc::BadValue when its blocks are nested too deeply.
void importDhcpd(const std::string& text, Import& import);

/// @brief Reads the reservations in a Kea configuration, in a list, or in the answer to a command.
///
/// @throw isc::Exception when it is not JSON, or anything else.
void importKea(const std::string& text, Import& import);

/// @brief Reads a table (RFC 4180), separated by commas, semicolons or tabs.
///
/// @throw isc::BadValue when its first line does not name a column of identifiers.
void importCsv(const std::string& text, Import& import);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_IMPORTED_RECORD_H
