// SPDX-License-Identifier: MPL-2.0
// Implements UserRegistry.

#include <user_registry.h>

#include <registry/user_table.h>
#include <system/published.h>

#include <boost/make_shared.hpp>

#include <algorithm>
#include <mutex>
#include <utility>

namespace user_chk {

// What is in force: the users who were read from a source, and those who were added since.
struct UserRegistry::Content {
    std::shared_ptr<const UserTable> loaded;
    UserMap added;

    size_t size() const { return loaded->size() + added.size(); }
};

struct UserRegistry::State {
    Published<Content> content{std::make_shared<Content>(Content{std::make_shared<UserTable>(), {}})};
    std::mutex change; // one change at a time; readers do not take it
};

namespace {

AttributeList listOf(const PropertyMap& attributes) {
    return {attributes.begin(), attributes.end()};
}

std::shared_ptr<const UserTable> copyWithout(const UserTable& table, const UserId& removed) {
    auto copy = std::make_shared<UserTable>(table.reader());
    copy->reserve(table.size());
    table.forEach([&](const UserId& id, const PropertyMap& attributes) {
        if (id != removed) {
            copy->add(id.getType(), id.getId(), listOf(attributes), table.lineOf(id.getType(), id.getId()));
        }
    });
    copy->seal();
    return copy;
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

} // namespace

void UserDataSource::readInto(UserTable& table) {
    while (const UserPtr user = readNextUser()) {
        const UserId& id = user->getUserId();
        if (!table.add(id.getType(), id.getId(), listOf(user->getProperties()), 0)) {
            const std::string place = where();
            isc_throw(UserDataSourceError, place << (place.empty() ? "" : ": ") << "duplicate user: " << id);
        }
    }
}

UserRegistry::UserRegistry() : state_(std::make_unique<State>()) {}

UserRegistry::~UserRegistry() = default;

void UserRegistry::addUser(const UserPtr& user) {
    if (!user) {
        isc_throw(UserRegistryError, "a user to add may not be null");
    }
    const std::lock_guard<std::mutex> lock(state_->change);
    const UserId& id = user->getUserId();
    auto content = std::make_shared<Content>(*state_->content.get());
    if (content->loaded->find(id.getType(), id.getId()) != nullptr ||
        !content->added.emplace(id, user).second) {
        isc_throw(UserRegistryError, "duplicate user: " << id);
    }
    state_->content.set(std::move(content));
}

UserPtr UserRegistry::findUser(const UserId& id) const {
    const std::shared_ptr<const Content> content = state_->content.get();
    const auto added = content->added.find(id);
    if (added != content->added.end()) {
        return added->second;
    }
    const UserAttributes* attributes = content->loaded->find(id.getType(), id.getId());
    if (attributes == nullptr) {
        return UserPtr();
    }
    UserPtr user = boost::make_shared<User>(id);
    user->setProperties(attributes->properties);
    return user;
}

UserPtr UserRegistry::findUser(const isc::dhcp::HWAddr& hwaddr) const {
    return hwaddr.hwaddr_.empty() ? UserPtr() : findUser(UserId(UserId::HW_ADDRESS, hwaddr.hwaddr_));
}

UserPtr UserRegistry::findUser(const isc::dhcp::DUID& duid) const {
    return duid.getDuid().empty() ? UserPtr() : findUser(UserId(UserId::DUID, duid.getDuid()));
}

std::shared_ptr<const UserAttributes> UserRegistry::findAttributes(const UserId& id) const {
    const std::shared_ptr<const Content> content = state_->content.get();
    if (const UserAttributes* attributes = content->loaded->find(id.getType(), id.getId())) {
        return {content, attributes};
    }
    const auto added = content->added.find(id);
    if (added == content->added.end()) {
        return nullptr;
    }
    return std::make_shared<UserAttributes>(UserAttributes{added->second->getProperties(), nullptr});
}

void UserRegistry::removeUser(const UserId& id) {
    const std::lock_guard<std::mutex> lock(state_->change);
    auto content = std::make_shared<Content>(*state_->content.get());
    if (content->added.erase(id) == 0 && content->loaded->find(id.getType(), id.getId()) != nullptr) {
        content->loaded = copyWithout(*content->loaded, id);
    }
    state_->content.set(std::move(content));
}

void UserRegistry::clearall() {
    replaceBy(std::make_shared<UserTable>());
}

size_t UserRegistry::size() const {
    return state_->content.get()->size();
}

size_t UserRegistry::size(UserId::UserIdType type) const {
    const std::shared_ptr<const Content> content = state_->content.get();
    const auto added = std::count_if(content->added.begin(), content->added.end(),
                                     [type](const auto& user) { return user.first.getType() == type; });
    return content->loaded->size(type) + static_cast<size_t>(added);
}

std::string UserRegistry::revision() const {
    const std::shared_ptr<const Content> content = state_->content.get();
    Digest digest = content->loaded->digest();
    for (const auto& [id, user] : content->added) {
        digest +=
            digestOf(id.getType(), id.getId().data(), id.getId().size(), digestOf(user->getProperties()));
    }
    return digest.text();
}

std::vector<UserPtr> UserRegistry::usersAfter(const std::optional<UserId>& from, size_t limit) const {
    const std::shared_ptr<const Content> content = state_->content.get();
    std::vector<UserPtr> users;
    content->loaded->forEachAfter(from, limit, [&](const UserId& id, const PropertyMap& attributes) {
        users.push_back(boost::make_shared<User>(id));
        users.back()->setProperties(attributes);
    });
    const auto& added = content->added;
    for (auto at = from ? added.upper_bound(*from) : added.begin(); at != added.end(); ++at) {
        users.push_back(at->second);
    }
    std::sort(users.begin(), users.end(),
              [](const UserPtr& a, const UserPtr& b) { return a->getUserId() < b->getUserId(); });
    users.resize(std::min(users.size(), limit));
    return users;
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
        source_->readInto(*table);
    } catch (const std::exception& ex) {
        isc_throw(UserRegistryError, ex.what());
    }
    table->seal();
    replaceBy(table);
}

void UserRegistry::replaceBy(const std::shared_ptr<const UserTable>& table) {
    const std::lock_guard<std::mutex> lock(state_->change);
    state_->content.set(std::make_shared<Content>(Content{table, {}}));
}

} // namespace user_chk
