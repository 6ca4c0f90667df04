// SPDX-License-Identifier: MPL-2.0
// Declares how the options of a record are read that clients of both protocols may have.

#ifndef USER_CHK_OPTIONS_OPTIONS_FOR_BOTH_H
#define USER_CHK_OPTIONS_OPTIONS_FOR_BOTH_H

#include <options/option_definitions.h>
#include <user.h>

#include <string>
#include <vector>

namespace user_chk {

/// @brief Which protocol the attributes of a record must be good for.
enum class GoodFor {
    EITHER, ///< each for one of the two: an option that only the other has is left out
    OTHER   ///< the other one, which has checked them: what does not make an option here is left out
};

/// @brief Of attributes, those that are left when all are out that make no option of a protocol.
///
/// @param attributes a record's
/// @param here what is known of options, and the protocol
/// @param there what is known of options of the other protocol
/// @param good_for which protocol they must be good for
/// @param remarks takes what the operator should know: nothing of what is known of the other protocol
/// @throw isc::BadValue naming an attribute that is bad for both protocols, when they must be good for one.
PropertyMap optionsOf(const PropertyMap& attributes, const OptionDefinitions& here,
                      const OptionDefinitions& there, GoodFor good_for, std::vector<std::string>& remarks);

} // namespace user_chk

#endif // USER_CHK_OPTIONS_OPTIONS_FOR_BOTH_H
