// SPDX-License-Identifier: MPL-2.0
// Defines RowLoader, which makes users of the rows of a database.

#ifndef USER_CHK_SOURCE_ROW_LOADER_H
#define USER_CHK_SOURCE_ROW_LOADER_H

#include <registry/registry.h>
#include <registry/table_filler.h>
#include <registry/user_attributes.h>
#include <registry/user_table.h>
#include <source/record_parser.h>
#include <source/source.h>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace user_chk {

/// @brief A user as a database has it.
struct Row {
    std::string_view type;                      ///< what the id is, see readRowType()
    std::string_view id;                        ///< its bytes
    std::optional<std::string_view> attributes; ///< a JSON object of texts; nothing where the user is gone
    std::string_view version;                   ///< what tells two rows of the user apart
};

/// @brief A row that cannot be used.
struct BadRow {
    std::string version; ///< that of the row
    BadRecord record;    ///< whose it is, and what is wrong with it
};

/// @brief The rows that cannot be used, by `TYPE=ID`.
typedef std::map<std::string, BadRow> BadRows;

/// @brief Reads rows by the rules of the records of a registry file. A row that is bad is left out: its user
/// keeps what is in force, and is not registered if nothing is. The version of its row lies in the table with
/// each user. For one thread, and one load.
class RowLoader {
public:
    /// @brief What rows are.
    enum class Of {
        ALL,    ///< all users
        CHANGES ///< those that may have changed, or are gone
    };

    /// @brief Nothing is read yet.
    ///
    /// @param of what the rows are
    /// @param reader reads the meaning of attributes; may be empty
    /// @param in_force the users in force; must stay
    RowLoader(Of of, const AttributeReader& reader, const Users& in_force);

    /// @brief Takes a row.
    void take(const Row& row);

    /// @brief What the rows came to. Nothing may be taken afterwards.
    ///
    /// @param bad the bad rows that were there before; those of now afterwards
    News finish(BadRows& bad);

private:
    // Attributes that were read for ids of a tag.
    struct Known {
        IdTag tag;
        uint32_t set; // their number
    };

    const Record& record(const Row& row);
    void takeOfAll(const Row& row);
    bool takeOfKnown(const Row& row);
    void takeSecond(const TableFiller::User& user);
    void takeChange(const Record& record, uint32_t version);
    void takeBad(const std::string& key, const Row& row, const std::string& reason);
    void takeGone(const Row& row);

    const Of of_;
    const Users& in_force_;
    const std::shared_ptr<UserTable> users_;
    TableFiller filler_;
    RecordParser parser_;
    std::string line_;
    std::vector<uint8_t> id_;
    std::string text_;                             // of type and attributes of the row
    std::unordered_map<std::string, Known> known_; // by such texts
    std::map<std::string, std::optional<BadRow>>
        told_; // of changes: each key, and what is wrong with its row
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_ROW_LOADER_H
