// SPDX-License-Identifier: MPL-2.0
// Declares the source that keeps users in a database.

#ifndef USER_CHK_SOURCE_DATABASE_SOURCE_H
#define USER_CHK_SOURCE_DATABASE_SOURCE_H

#include <config/database_settings.h>
#include <registry/user_attributes.h>
#include <source/source.h>

#include <memory>

namespace user_chk {

/// @brief A registry in the schema `user_chk` of a PostgreSQL database, see `data/pgsql/create.sql`.
///
/// It is a slow source. Its first poll() tells of a failure where the database cannot be reached in time;
/// after resume() there is little of that. A bad row is left out, see RowLoader. What fails is told at once,
/// and again each hour; what was told is over with the next success, which says so.
///
/// @param settings where the database is
/// @param reader reads the meaning of attributes; may be empty
/// @throw UserDataSourceError when this was built without libpq.
std::unique_ptr<Source> makeDatabaseSource(const DatabaseSettings& settings, const AttributeReader& reader);

} // namespace user_chk

#endif // USER_CHK_SOURCE_DATABASE_SOURCE_H
