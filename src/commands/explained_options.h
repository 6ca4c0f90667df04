// SPDX-License-Identifier: MPL-2.0
// Defines what the explanation of a client says of the options that its attributes put into responses.

#ifndef USER_CHK_COMMANDS_EXPLAINED_OPTIONS_H
#define USER_CHK_COMMANDS_EXPLAINED_OPTIONS_H

#include <exchange/protocol.h>
#include <options/option_definitions.h>
#include <policy/verdict.h>

#include <cc/data.h>

namespace user_chk {

/// @brief Adds `options`, and for DHCPv4 the header fields `next-server` and `boot-file-name`, to an
/// explanation: what is found in a response that has nothing else. For DHCPv6 that response has a vendor
/// option of CableLabs, as the boot attributes need one.
///
/// @param answer the explanation
/// @param verdict on the client
/// @param definitions have the names of options
template <typename Protocol>
void explainOptions(const isc::data::ElementPtr& answer, const Verdict& verdict,
                    const OptionDefinitions& definitions);

extern template void explainOptions<Dhcp4>(const isc::data::ElementPtr& answer, const Verdict& verdict,
                                           const OptionDefinitions& definitions);
extern template void explainOptions<Dhcp6>(const isc::data::ElementPtr& answer, const Verdict& verdict,
                                           const OptionDefinitions& definitions);

} // namespace user_chk

#endif // USER_CHK_COMMANDS_EXPLAINED_OPTIONS_H
