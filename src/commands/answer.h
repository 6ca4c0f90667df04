// SPDX-License-Identifier: MPL-2.0
// Defines what the commands share: the check of arguments, and the answers.

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
/// @param given the arguments of the command, a null pointer for none
/// @param known the names and types of possible arguments
/// @param required the names of required arguments
/// @return the arguments, a map.
/// @throw isc::Exception naming what is unknown, missing or has a wrong type.
isc::data::ConstElementPtr checked(const isc::data::ConstElementPtr& given,
                                   const isc::data::SimpleKeywords& known,
                                   std::initializer_list<const char*> required);

/// @brief Checks that a map has its required members.
///
/// @throw isc::BadValue naming the one that is missing.
void require(const isc::data::ConstElementPtr& arguments, std::initializer_list<const char*> names);

/// @brief Returns the argument `limit`: the maximum number of items in an answer, 100 by default.
///
/// @throw isc::BadValue when it is out of bounds.
size_t pageLimit(const isc::data::ConstElementPtr& arguments);

/// @brief Returns the id in the arguments `type` and `id`.
///
/// @throw isc::BadValue when it is not a valid id.
UserId userIdOf(const isc::data::ConstElementPtr& arguments);

/// @brief Adds `type` and `id` to an object.
void setUserId(const isc::data::ElementPtr& object, const UserId& id);

/// @brief Returns a number for an answer.
isc::data::ElementPtr number(uint64_t value);

/// @brief Returns a text as a string for an answer, see jsonText().
isc::data::ElementPtr textElement(const std::string& text);

/// @brief Returns a text as JSON, without quotes. A reader of the JSON gets a UTF-8 text back unchanged, and
/// bytes that are not UTF-8 as Latin-1 characters.
///
/// Characters beyond Latin-1 are not escaped, since Kea's own parser, in kea-ctrl-agent, rejects such
/// escapes.
std::string jsonText(const std::string& text);

/// @brief Returns the name of a user for answers: `user HW_ADDR=0c0e0a01ff04`.
std::string userText(const UserId& id);

/// @brief Returns the answer that a command succeeded.
///
/// @param text what it did
/// @param arguments the requested data, a null pointer for none
isc::data::ConstElementPtr success(const std::string& text, const isc::data::ConstElementPtr& arguments = {});

/// @brief Returns the answer that a command failed.
isc::data::ConstElementPtr failure(const std::string& reason);

/// @brief Returns the answer that there is no such user.
isc::data::ConstElementPtr notFound(const UserId& id);

/// @brief Returns the answer that there is already such a user.
///
/// @param id the id of the user to add
/// @param owner the main id of the record that already has that id, or another id of the user
isc::data::ConstElementPtr existsAlready(const UserId& id, const UserId& owner);

/// @brief Returns the answer that a user has another version than the one to be replaced.
///
/// @param id the user
/// @param version the version that it has
isc::data::ConstElementPtr changedMeanwhile(const UserId& id, uint32_t version);

} // namespace user_chk

#endif // USER_CHK_COMMANDS_ANSWER_H
