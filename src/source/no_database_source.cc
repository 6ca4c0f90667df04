// SPDX-License-Identifier: MPL-2.0
// Replaces the database source when the library is built without libpq.

#include <source/database_source.h>

#include <user_data_source.h>

namespace user_chk {

std::unique_ptr<Source> makeDatabaseSource(const DatabaseSettings&, const AttributeReader&) {
    isc_throw(UserDataSourceError,
              "invalid registry-database: this library was built without libpq and supports no databases");
}

} // namespace user_chk
