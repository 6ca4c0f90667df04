// SPDX-License-Identifier: MPL-2.0
// Defines RecordParser, which parses one line of a registry file.

#ifndef USER_CHK_SOURCE_RECORD_PARSER_H
#define USER_CHK_SOURCE_RECORD_PARSER_H

#include <identity/id_tag.h>
#include <registry/other_ids.h>
#include <registry/user_table.h>
#include <user.h>

#include <cc/data.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

namespace user_chk {

/// @brief A parsed line. Its views refer to the parser or to the line.
struct Record {
    UserId::UserIdType type = UserId::HW_ADDRESS; ///< the type of the id
    UserId::Kind kind = UserId::Kind::EXACT;      ///< how the id is compared with those of clients
    std::vector<uint8_t> id;                      ///< the bytes of the id, never empty
    AttributeList attributes;                     ///< no name is repeated

    /// @brief Returns the type and kind of the id.
    IdTag tag() const { return {type, kind}; }

    /// @brief Returns the id.
    UserId userId() const { return {type, id, kind}; }

    /// @brief True when this is the id, without creating one.
    bool isOf(const UserId& user) const { return tag() == IdTag(user) && id == user.getId(); }

    /// @brief Returns the other ids.
    ///
    /// @throw isc::BadValue when they are bad.
    std::vector<UserId> otherIds() const {
        return hasOtherIds() ? otherIdsIn(userId(), attributes) : std::vector<UserId>();
    }

    /// @brief True when it may have other ids.
    bool hasOtherIds() const {
        return std::any_of(attributes.begin(), attributes.end(),
                           [](const auto& attribute) { return attribute.first == OTHER_IDS; });
    }
};

/// @brief Returns the user that a record describes.
UserPtr userOf(const Record& record);

/// @brief Parses lines of a registry file (see RecordReader for what a line is). Not thread-safe.
///
/// simdjson parses a line. Whatever it does not accept as a plain record is passed to Kea's own JSON parser,
/// which decides and provides the error message. So both agree on what a record is.
class RecordParser {
public:
    RecordParser();
    ~RecordParser();
    RecordParser(const RecordParser&) = delete;
    RecordParser& operator=(const RecordParser&) = delete;

    /// @brief The maximum length of a line in bytes, without its line end.
    static constexpr size_t MAX_LINE = 65536;

    /// @brief How many readable bytes must follow a line in memory; their values do not matter.
    static const size_t PADDING;

    /// @brief Parses a line.
    ///
    /// @param line the line without its line end, followed by PADDING readable bytes
    /// @return the record, valid until the next call and as long as the line.
    /// @throw UserFileError with the reason when the line is not a record.
    const Record& parse(std::string_view line);

    /// @brief Returns what a bad line says of an id, before the point where it is broken.
    ///
    /// @return a record without attributes, valid until the next call; a null pointer when the line does not
    /// tell the id.
    const Record* parseId(std::string_view line);

    /// @brief Parses a line with simdjson alone.
    ///
    /// @return the record, or a null pointer when simdjson does not accept it as a plain one.
    const Record* parseFast(std::string_view line);

    /// @brief Parses a line with Kea's parser alone; needs no padding.
    ///
    /// @throw UserFileError with the reason when the line is not a record.
    const Record& parseWithKea(std::string_view line);

    /// @brief Converts an object from Kea's parser.
    ///
    /// @return the record, valid until the next call.
    /// @throw UserFileError with the reason when the object is not a record.
    const Record& read(const isc::data::ConstElementPtr& object);

private:
    struct Fast;

    std::unique_ptr<Fast> fast_;
    std::vector<std::string_view> names_;
    PropertyMap members_; // the views of a record from Kea's parser refer to it
    Record record_;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_RECORD_PARSER_H
