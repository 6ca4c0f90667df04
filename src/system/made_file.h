// SPDX-License-Identifier: MPL-2.0
// Declares how a file is made that other users' processes shall be able to open.

#ifndef USER_CHK_SYSTEM_MADE_FILE_H
#define USER_CHK_SYSTEM_MADE_FILE_H

#include <system/file_descriptor.h>

#include <sys/types.h>

#include <string>

namespace user_chk {

/// @brief Tells whether a file could be made, without making it.
///
/// @return 0, or the error number that the attempt would meet, as far as that can be known beforehand.
int errorOfMaking(const std::string& path);

/// @brief Makes a file that is not there yet and opens it.
///
/// A file that root makes in a directory of another user is given to that user and the directory's group:
/// that user decides on the files there anyway, and a server that root starts once leaves no file that it
/// cannot open when it runs as that user. Where others may make files too, the file stays root's.
///
/// @param path the name of the file
/// @param flags for open(2), beside those to make it
/// @param mode of the file
/// @return the file; none where it could not be made, errno tells why.
FileDescriptor makeFile(const std::string& path, int flags, mode_t mode);

} // namespace user_chk

#endif // USER_CHK_SYSTEM_MADE_FILE_H
