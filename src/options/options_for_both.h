// SPDX-License-Identifier: MPL-2.0
// Reads the options of records that clients of both protocols may match.

#ifndef USER_CHK_OPTIONS_OPTIONS_FOR_BOTH_H
#define USER_CHK_OPTIONS_OPTIONS_FOR_BOTH_H

#include <options/option_definitions.h>
#include <user.h>

#include <string>
#include <vector>

namespace user_chk {

/// @brief The protocol for which the attributes of a record must be valid.
enum class GoodFor {
    EITHER, ///< each for one of the two: an option that only the other one has is left out
    OTHER   ///< the other one, which has checked them: what is not a valid option here is left out
};

/// @brief Returns the attributes of a record without those that are not valid options of this protocol.
///
/// @param attributes the attributes of the record
/// @param here the known option definitions, and the protocol
/// @param there the known option definitions of the other protocol
/// @param good_for the protocol for which the attributes must be valid
/// @param remarks receives what the operator should know, but nothing on options that the other protocol has
/// @throw isc::BadValue naming an attribute that is valid for neither protocol, when it must be valid for
/// one.
PropertyMap optionsOf(const PropertyMap& attributes, const OptionDefinitions& here,
                      const OptionDefinitions& there, GoodFor good_for, std::vector<std::string>& remarks);

} // namespace user_chk

#endif // USER_CHK_OPTIONS_OPTIONS_FOR_BOTH_H
