// SPDX-License-Identifier: MPL-2.0
// Defines RecordParser, which reads one line of a registry file.

#ifndef USER_CHK_SOURCE_RECORD_PARSER_H
#define USER_CHK_SOURCE_RECORD_PARSER_H

#include <identity/id_tag.h>
#include <registry/user_table.h>
#include <user.h>

#include <cc/data.h>

#include <memory>
#include <string_view>
#include <vector>

namespace user_chk {

/// @brief What a line says. Views are into the parser or the line.
struct Record {
    UserId::UserIdType type = UserId::HW_ADDRESS; ///< what the id is
    UserId::Kind kind = UserId::Kind::EXACT;      ///< how it is compared with those of clients
    std::vector<uint8_t> id;                      ///< its bytes, never empty
    AttributeList attributes;                     ///< every name once

    /// @brief What the id has beside its bytes.
    IdTag tag() const { return {type, kind}; }

    /// @brief The id.
    UserId userId() const { return {type, id, kind}; }

    /// @brief True when this is the id, without making one.
    bool isOf(const UserId& user) const { return tag() == IdTag(user) && id == user.getId(); }
};

/// @brief The user that a record describes.
UserPtr userOf(const Record& record);

/// @brief Reads lines of a registry file (see RecordReader for what a line is). For one thread at a time.
///
/// simdjson reads a line; whatever it does not take for a plain record is given to Kea's own JSON parser,
/// which decides, and words the error. So the two agree on what a record is.
class RecordParser {
public:
    RecordParser();
    ~RecordParser();
    RecordParser(const RecordParser&) = delete;
    RecordParser& operator=(const RecordParser&) = delete;

    /// @brief The longest line that is accepted, in bytes, its end not counted.
    static constexpr size_t MAX_LINE = 65536;

    /// @brief How many readable bytes must follow a line in memory, whatever their values.
    static const size_t PADDING;

    /// @brief Reads a line.
    ///
    /// @param line the line without its end, PADDING readable bytes behind it
    /// @return the record, good until the next call and for as long as the line stays.
    /// @throw UserFileError with the reason when the line is no record.
    const Record& parse(std::string_view line);

    /// @brief What a line that is no record says of an id, before the place where it is broken.
    ///
    /// @return a record without attributes, good until the next call; a null pointer when the line does not
    /// tell the id.
    const Record* parseId(std::string_view line);

    /// @brief Reads a line with simdjson alone.
    ///
    /// @return the record, or a null pointer when simdjson does not take it for a plain one.
    const Record* parseFast(std::string_view line);

    /// @brief Reads a line with Kea's parser alone; needs no padding.
    ///
    /// @throw UserFileError with the reason when the line is no record.
    const Record& parseWithKea(std::string_view line);

    /// @brief Reads an object that Kea's parser has made of some text.
    ///
    /// @return the record, good until the next call.
    /// @throw UserFileError with the reason when the object is no record.
    const Record& read(const isc::data::ConstElementPtr& object);

private:
    struct Fast;

    std::unique_ptr<Fast> fast_;
    std::vector<std::string_view> names_;
    PropertyMap members_; // what the views of a record of Kea's parser are into
    Record record_;
};

} // namespace user_chk

#endif // USER_CHK_SOURCE_RECORD_PARSER_H
