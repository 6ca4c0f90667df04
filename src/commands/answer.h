// SPDX-License-Identifier: MPL-2.0
// Defines what the commands share: the check of arguments, and answers.

#ifndef USER_CHK_COMMANDS_ANSWER_H
#define USER_CHK_COMMANDS_ANSWER_H

#include <user.h>

#include <cc/data.h>
#include <cc/simple_parser.h>

#include <cstdint>
#include <initializer_list>
#include <string>

namespace user_chk {

/// @brief Checks the arguments of a command.
///
/// @param given what came with it, a null pointer for nothing
/// @param known the names and types of the arguments that it takes
/// @param required the names of those that must be there
/// @return the arguments, a map.
/// @throw isc::Exception naming what is unknown, missing or has a wrong type.
isc::data::ConstElementPtr checked(const isc::data::ConstElementPtr& given,
                                   const isc::data::SimpleKeywords& known,
                                   std::initializer_list<const char*> required);

/// @brief Checks that a map has what it must have.
///
/// @throw isc::BadValue when one of the names is missing.
void require(const isc::data::ConstElementPtr& arguments, std::initializer_list<const char*> names);

/// @brief The argument `limit`: how many of what is listed an answer may have, 100 where it is not given.
///
/// @throw isc::BadValue when it is out of bounds.
size_t pageLimit(const isc::data::ConstElementPtr& arguments);

/// @brief The id that the arguments `type` and `id` make.
///
/// @throw isc::BadValue when there can be no such id.
UserId userIdOf(const isc::data::ConstElementPtr& arguments);

/// @brief Adds `type` and `id` to an object.
void setUserId(const isc::data::ElementPtr& object, const UserId& id);

/// @brief A number of an answer.
isc::data::ElementPtr number(uint64_t value);

/// @brief A text as a string of an answer, see jsonText().
isc::data::ElementPtr textElement(const std::string& text);

/// @brief A text as JSON without quotes. A reader of JSON gets a text in UTF-8 back as it was, and bytes that
/// are not UTF-8 as characters of Latin-1.
///
/// Characters beyond Latin-1 stay UTF-8: an escape of them is one that Kea's own parser, in kea-ctrl-agent,
/// refuses.
std::string jsonText(const std::string& text);

/// @brief What to call a user: `user HW_ADDR=0c0e0a01ff04`.
std::string userText(const UserId& id);

/// @brief The answer that a command succeeded.
///
/// @param text what it did
/// @param arguments what was asked for, a null pointer for nothing
isc::data::ConstElementPtr success(const std::string& text, const isc::data::ConstElementPtr& arguments = {});

/// @brief The answer that a command failed.
isc::data::ConstElementPtr failure(const std::string& reason);

/// @brief The answer that there is no such user.
isc::data::ConstElementPtr notFound(const UserId& id);

/// @brief The answer that there is such a user already.
///
/// @param id by which one was to be added
/// @param owner of the record that has that id, or an other one of the user
isc::data::ConstElementPtr existsAlready(const UserId& id, const UserId& owner);

/// @brief The answer that a user has another version than the one that was to be replaced.
///
/// @param id the user
/// @param version that it has
isc::data::ConstElementPtr changedMeanwhile(const UserId& id, uint32_t version);

} // namespace user_chk

#endif // USER_CHK_COMMANDS_ANSWER_H
