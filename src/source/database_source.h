// SPDX-License-Identifier: MPL-2.0
// Declares makeDatabaseSource(), which creates a source that reads users from a database.

#ifndef USER_CHK_SOURCE_DATABASE_SOURCE_H
#define USER_CHK_SOURCE_DATABASE_SOURCE_H

#include <config/database_settings.h>
#include <registry/user_attributes.h>
#include <source/source.h>

#include <memory>

namespace user_chk {

/// @brief Creates a source for the registry in the schema `user_chk` of a PostgreSQL database, see
/// `data/pgsql/create.sql`.
///
/// It is a slow source. If the database does not answer in time, the first poll() reports a failure; after
/// resume() it waits only briefly. Bad rows are skipped, see RowLoader. A failure is reported at once, and
/// again each hour; the next success reports its end.
///
/// @param settings which database to use
/// @param reader parses the attributes; may be empty
/// @throw UserDataSourceError when the library was built without libpq.
std::unique_ptr<Source> makeDatabaseSource(const DatabaseSettings& settings, const AttributeReader& reader);

} // namespace user_chk

#endif // USER_CHK_SOURCE_DATABASE_SOURCE_H
