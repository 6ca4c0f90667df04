// SPDX-License-Identifier: MPL-2.0
// Defines ServerConfiguration: what a server's configuration says of a registry.

#ifndef USER_CHK_PROGRAM_SERVER_CONFIGURATION_H
#define USER_CHK_PROGRAM_SERVER_CONFIGURATION_H

#include <config/parameters.h>
#include <library/attribute_reader.h>

#include <dhcp/option.h>

#include <string>

namespace user_chk::program {

/// @brief What a server's configuration says of a registry.
struct ServerConfiguration {
    std::string path;                     ///< the file
    isc::dhcp::Option::Universe universe; ///< whose server it is for
    bool lists_library;                   ///< whether it lists this library
    Parameters parameters;                ///< of the library, those without a default
    ReadingContext context;               ///< what attributes are read by

    /// @brief Reads a configuration file. It is looked at for what a registry is read by alone: option
    /// definitions, client classes and guards, subnets and shared networks, and the library's parameters.
    ///
    /// @throw isc::Exception `FILE: REASON` when it cannot be read, has neither `Dhcp4` nor `Dhcp6`, or has a
    /// bad option definition or a bad parameter of this library.
    static ServerConfiguration read(const std::string& path);
};

/// @brief What attributes are read by in a server whose configuration is not known.
ReadingContext contextOfUnknown(isc::dhcp::Option::Universe universe);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_SERVER_CONFIGURATION_H
