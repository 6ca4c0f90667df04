// SPDX-License-Identifier: MPL-2.0
// Implements UserRegistry on top of Registry.

#include <user_registry.h>

#include <registry/registry.h>
#include <system/published.h>

#include <boost/make_shared.hpp>

#include <memory>
#include <mutex>
#include <utility>

namespace user_chk {

// Users that were added are kept as they are, for findUser() to return them.
struct UserRegistry::State {
    Registry registry;
    Published<UserMap> added{std::make_shared<UserMap>()};
    std::mutex change; // one change at a time; readers do not lock it
};

namespace {

bool add(UserTable& table, const User& user) {
    const UserId& id = user.getUserId();
    const PropertyMap& attributes = user.getProperties();
    return table.add(IdTag(id), id.getId(), AttributeList(attributes.begin(), attributes.end()));
}

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

void apply(Registry& registry, UserTable& changes) {
    changes.seal();
    registry.apply(changes);
    if (registry.wantsFolding()) {
        registry.fold();
    }
}

} // namespace

UserRegistry::UserRegistry() : state_(std::make_unique<State>()) {}

UserRegistry::~UserRegistry() = default;

void UserRegistry::addUser(const UserPtr& user) {
    if (!user) {
        isc_throw(UserRegistryError, "a user to add may not be null");
    }
    const std::lock_guard<std::mutex> lock(state_->change);
    const UserId& id = user->getUserId();
    std::vector<UserId> ids = otherIdsIn(id, user->getProperties());
    ids.insert(ids.begin(), id);
    for (const UserId& one : ids) {
        if (state_->registry.find(one)) {
            isc_throw(UserRegistryError, "duplicate user: " << one);
        }
    }
    UserTable changes;
    add(changes, *user);
    apply(state_->registry, changes);
    auto added = std::make_shared<UserMap>(*state_->added.get());
    added->emplace(id, user);
    state_->added.set(std::move(added));
}

UserPtr UserRegistry::findUser(const UserId& id) const {
    const std::shared_ptr<const UserMap> added = state_->added.get();
    const UsersPtr users = state_->registry.users();
    const auto entry = users->entryOf(id);
    const UserId& main = entry ? mainIdOf(id, *entry) : id;
    const auto found = added->find(main);
    if (found != added->end()) {
        return found->second;
    }
    if (!entry) {
        return UserPtr();
    }
    UserPtr user = boost::make_shared<User>(main);
    user->setProperties((*entry->set)->attributes.properties);
    return user;
}

UserPtr UserRegistry::findUser(const isc::dhcp::HWAddr& hwaddr) const {
    return hwaddr.hwaddr_.empty() ? UserPtr() : findUser(UserId(UserId::HW_ADDRESS, hwaddr.hwaddr_));
}

UserPtr UserRegistry::findUser(const isc::dhcp::DUID& duid) const {
    return duid.getDuid().empty() ? UserPtr() : findUser(UserId(UserId::DUID, duid.getDuid()));
}

void UserRegistry::removeUser(const UserId& id) {
    const std::lock_guard<std::mutex> lock(state_->change);
    const UsersPtr users = state_->registry.users();
    const auto entry = users->entryOf(id);
    if (!entry) {
        return;
    }
    const UserId& main = mainIdOf(id, *entry);
    auto added = std::make_shared<UserMap>(*state_->added.get());
    added->erase(main);
    state_->added.set(std::move(added));
    UserTable changes;
    changes.mark(main);
    apply(state_->registry, changes);
}

void UserRegistry::clearall() {
    const std::lock_guard<std::mutex> lock(state_->change);
    state_->added.set(std::make_shared<UserMap>());
    state_->registry.replace(std::make_shared<UserTable>());
}

size_t UserRegistry::size() const {
    return state_->registry.size();
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
    const auto table = std::make_shared<UserTable>();
    try {
        const OpenSource open(*source_);
        while (const UserPtr user = source_->readNextUser()) {
            if (!add(*table, *user)) {
                isc_throw(UserDataSourceError, "duplicate user: " << user->getUserId());
            }
        }
        for (const UserTable::Shared& shared : table->shared()) {
            isc_throw(UserDataSourceError, "duplicate user: " << shared.id);
        }
    } catch (const std::exception& ex) {
        isc_throw(UserRegistryError, ex.what());
    }
    table->seal();
    const std::lock_guard<std::mutex> lock(state_->change);
    state_->added.set(std::make_shared<UserMap>());
    state_->registry.replace(table);
}

} // namespace user_chk
