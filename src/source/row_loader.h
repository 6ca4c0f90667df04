// SPDX-License-Identifier: MPL-2.0
// Defines RowLoader, which turns the rows of a database into users.

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
    std::string_view type;                      ///< the type of the id, see readRowType()
    std::string_view id;                        ///< the bytes of the id
    std::optional<std::string_view> attributes; ///< a JSON object of strings; none when the user was removed
    std::string_view version;                   ///< distinguishes two rows of the user
};

/// @brief A row that cannot be used.
struct BadRow {
    std::string version;    ///< the version of the row
    BadRecord record;       ///< whose row it is, and what is wrong with it
    bool is_shared = false; ///< whether another row has one of its ids; a change of that row may then cure it
};

/// @brief The rows that cannot be used, by `TYPE=ID`.
typedef std::map<std::string, BadRow> BadRows;

/// @brief Reads rows by the same rules as the records of a registry file. A bad row is skipped: its user
/// keeps the record in force, or is not registered when there is none. The table stores the version of the
/// row with each user. For one load by one thread.
class RowLoader {
public:
    /// @brief What the rows are.
    enum class Of {
        ALL,    ///< all users
        CHANGES ///< users that may have changed or were removed
    };

    /// @brief Creates a loader.
    ///
    /// @param of what the rows are
    /// @param reader parses the attributes; may be empty
    /// @param in_force the users in force; must outlive this object
    RowLoader(Of of, const AttributeReader& reader, const Users& in_force);

    /// @brief Takes a row.
    void take(const Row& row);

    /// @brief Returns the result. No row may be taken afterwards.
    ///
    /// @param bad the bad rows before this load; replaced by those after it
    News finish(BadRows& bad);

    /// @brief True when the changes may have added or removed an id that several rows share: then all rows
    /// must be read instead. Call it after finish().
    bool needsAll() const { return needs_all_; }

private:
    // Attributes that were parsed for ids with a tag.
    struct Known {
        IdTag tag;
        uint32_t set; // number of the set
    };

    const Record& record(const Row& row);
    void takeOfAll(const Row& row);
    bool takeOfKnown(const Row& row);
    void takeSecond(const TableFiller::User& user);
    void takeChange(const Record& record, uint32_t version);
    void takeBad(const std::string& key, const Row& row, const std::string& reason);
    void takeShared();
    void takeBad(const UserId& main, const UserId& shared);
    bool isShared() const;
    void takeGone(const Row& row);

    const Of of_;
    const Users& in_force_;
    const std::shared_ptr<UserTable> users_;
    TableFiller filler_;
    bool needs_all_ = false;
    RecordParser parser_;
    std::string line_;
    std::vector<uint8_t> id_;
    std::string text_;                             // type and attributes of the row, as text
    std::unordered_map<std::string, Known> known_; // by these texts
    std::map<std::string, std::optional<BadRow>>
        told_; // for changes: each key, and what is wrong with its row
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_ROW_LOADER_H
