// SPDX-License-Identifier: MPL-2.0
// Implements UserRegistry.

#include <user_registry.h>

#include <atomic>
#include <utility>

namespace user_chk {

namespace {

// Closes a source at the end of a scope, however it is left.
class OpenSource {
public:
    explicit OpenSource(UserDataSource& source) : source_(source) { source_.open(); }
    ~OpenSource() { source_.close(); }
    OpenSource(const OpenSource&) = delete;
    OpenSource& operator=(const OpenSource&) = delete;

private:
    UserDataSource& source_;
};

// "FILE:LINE: " for sources that know it.
std::string placeOf(const UserDataSource& source) {
    const std::string where = source.where();
    return where.empty() ? where : where + ": ";
}

} // namespace

UserRegistry::UserRegistry() : table_(std::make_shared<UserMap>()) {}

UserRegistry::Table UserRegistry::table() const {
    return std::atomic_load(&table_);
}

void UserRegistry::replaceTable(Table table) {
    std::atomic_store(&table_, std::move(table));
}

void UserRegistry::addUser(const UserPtr& user) {
    if (!user) {
        isc_throw(UserRegistryError, "a user to add may not be null");
    }
    const std::lock_guard<std::mutex> lock(change_);
    auto users = std::make_shared<UserMap>(*table());
    if (!users->emplace(user->getUserId(), user).second) {
        isc_throw(UserRegistryError, "duplicate user: " << user->getUserId());
    }
    replaceTable(std::move(users));
}

UserPtr UserRegistry::findUser(const UserId& id) const {
    const Table users = table();
    const auto found = users->find(id);
    return found == users->end() ? UserPtr() : found->second;
}

UserPtr UserRegistry::findUser(const isc::dhcp::HWAddr& hwaddr) const {
    return hwaddr.hwaddr_.empty() ? UserPtr() : findUser(UserId(UserId::HW_ADDRESS, hwaddr.hwaddr_));
}

UserPtr UserRegistry::findUser(const isc::dhcp::DUID& duid) const {
    return duid.getDuid().empty() ? UserPtr() : findUser(UserId(UserId::DUID, duid.getDuid()));
}

void UserRegistry::removeUser(const UserId& id) {
    const std::lock_guard<std::mutex> lock(change_);
    auto users = std::make_shared<UserMap>(*table());
    users->erase(id);
    replaceTable(std::move(users));
}

void UserRegistry::clearall() {
    const std::lock_guard<std::mutex> lock(change_);
    replaceTable(std::make_shared<UserMap>());
}

size_t UserRegistry::size() const {
    return table()->size();
}

void UserRegistry::setSource(const UserDataSourcePtr& source) {
    if (!source) {
        isc_throw(UserRegistryError, "a registry's source may not be null");
    }
    source_ = source;
}

void UserRegistry::refresh() {
    if (!source_) {
        isc_throw(UserRegistryError, "a registry without a source cannot be refreshed");
    }
    std::shared_ptr<UserMap> users;
    try {
        users = std::make_shared<UserMap>(readSource());
    } catch (const std::exception& ex) {
        isc_throw(UserRegistryError, ex.what());
    }
    const std::lock_guard<std::mutex> lock(change_);
    replaceTable(std::move(users));
}

UserMap UserRegistry::readSource() const {
    const OpenSource open(*source_);
    UserMap users;
    while (const UserPtr user = source_->readNextUser()) {
        // Ids in order, as a tool writes them, go in without a search.
        const size_t before = users.size();
        users.emplace_hint(users.end(), user->getUserId(), user);
        if (users.size() == before) {
            isc_throw(UserRegistryError, placeOf(*source_) << "duplicate user: " << user->getUserId());
        }
    }
    return users;
}

} // namespace user_chk
