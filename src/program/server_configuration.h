// SPDX-License-Identifier: MPL-2.0
// Defines ServerConfiguration: the parts of a server's configuration that concern a registry.

#ifndef USER_CHK_PROGRAM_SERVER_CONFIGURATION_H
#define USER_CHK_PROGRAM_SERVER_CONFIGURATION_H

#include <config/parameters.h>
#include <library/attribute_reader.h>

#include <dhcp/option.h>

#include <string>

namespace user_chk::program {

/// @brief The parts of a server's configuration that concern a registry.
struct ServerConfiguration {
    std::string path;                     ///< the file
    isc::dhcp::Option::Universe universe; ///< the server's protocol
    bool lists_library;                   ///< whether it lists this library
    Parameters parameters;                ///< the parameters of the library, or their defaults
    ReadingContext context;               ///< what the meaning of attributes depends on

    /// @brief Reads a configuration file. It looks only at what the meaning of a registry depends on: option
    /// definitions, client classes and guards, subnets and shared networks, and the library's parameters.
    ///
    /// @throw isc::Exception `FILE: REASON` when the file cannot be read, has neither `Dhcp4` nor `Dhcp6`, or
    /// has a bad option definition or a bad parameter of this library.
    static ServerConfiguration read(const std::string& path);
};

/// @brief Returns the context for reading attributes in a server whose configuration is not known.
ReadingContext contextOfUnknown(isc::dhcp::Option::Universe universe);

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_SERVER_CONFIGURATION_H
