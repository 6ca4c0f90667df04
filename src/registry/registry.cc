// SPDX-License-Identifier: MPL-2.0
// Implements Registry and the users of a moment.

#include <registry/registry.h>

#include <numeric>
#include <utility>

namespace user_chk {

namespace {

std::optional<UserTable::Entry> entryIn(const UserTable& table, const UserId& id) {
    return table.entryOf(id.getType(), id.getId());
}

Digest digestOf(const UserId& id, const AttributeSet& set) {
    return digestOf(id.getType(), id.getId().data(), id.getId().size(), set.digest);
}

bool isSame(const UserTable::Entry& one, const UserTable::Entry& other) {
    const AttributeSet* set = one.set != nullptr ? one.set->get() : nullptr;
    const AttributeSet* other_set = other.set != nullptr ? other.set->get() : nullptr;
    return set == other_set && one.note == other.note;
}

// What a table says and the one before did not say.
std::shared_ptr<UserTable> newerThan(const UserTable& before, const UserTable& table) {
    auto newer = std::make_shared<UserTable>();
    table.forEach([&](const UserId& id, const UserTable::Entry& entry) {
        const auto known = entryIn(before, id);
        if (known && isSame(*known, entry)) {
            return;
        }
        if (entry.set != nullptr) {
            newer->put(id, *entry.set, entry.note);
        } else {
            newer->mark(id);
        }
    });
    newer->seal();
    return newer;
}

} // namespace

Users::Users() : Users(std::make_shared<UserTable>()) {}

Users::Users(std::shared_ptr<const UserTable> base)
    : base_(std::move(base)), sizes_(base_->sizes()),
      size_(std::accumulate(sizes_.begin(), sizes_.end(), size_t{0})), digest_(base_->digest()) {}

std::shared_ptr<const Users> Users::with(const UserTable& changes) const {
    auto users = std::make_shared<Users>(*this);
    changes.forEach([&](const UserId& id, const UserTable::Entry& entry) {
        size_t& size = users->sizes_.at(id.getType());
        if (const auto known = entryOf(id)) {
            --size;
            --users->size_;
            users->digest_ -= digestOf(id, **known->set);
        }
        if (entry.set != nullptr) {
            ++size;
            ++users->size_;
            users->digest_ += digestOf(id, **entry.set);
        }
    });
    const UserTable nothing;
    users->overlay_ = UserTable::merged(overlay_ ? *overlay_ : nothing, changes, true);
    return users;
}

std::shared_ptr<const Users> Users::folded() const {
    const UserTable nothing;
    return std::make_shared<Users>(UserTable::merged(*base_, overlay_ ? *overlay_ : nothing, false));
}

std::shared_ptr<const Users> Users::over(const Users& before, const Users& base) const {
    if (base_ != before.base_) {
        return nullptr;
    }
    if (overlay_ == before.overlay_) {
        return std::make_shared<Users>(base);
    }
    const UserTable nothing;
    return base.with(*newerThan(before.overlay_ ? *before.overlay_ : nothing, *overlay_));
}

std::optional<UserTable::Entry> Users::entryOf(const UserId& id) const {
    auto entry = overlay_ ? entryIn(*overlay_, id) : std::nullopt;
    if (!entry) {
        entry = entryIn(*base_, id);
    }
    return entry && entry->set != nullptr ? entry : std::nullopt;
}

const UserAttributes* Users::find(const UserId& id) const {
    return overlay_ ? base_->findUnder(*overlay_, id.getType(), id.getId())
                    : base_->find(id.getType(), id.getId());
}

void Users::forEachAfter(const std::optional<UserId>& from, size_t limit,
                         const std::function<void(const UserId&, const AttributeSet&)>& visit) const {
    const UserTable nothing;
    UserTable::Cursor base(*base_, from);
    UserTable::Cursor overlay(overlay_ ? *overlay_ : nothing, from);
    while (limit > 0 && !(base.atEnd() && overlay.atEnd())) {
        const bool changed = base.atEnd() || (!overlay.atEnd() && !(base.id() < overlay.id()));
        UserTable::Cursor& next = changed ? overlay : base;
        const UserId id = next.id();
        const UserTable::Entry entry = next.entry();
        if (changed && !base.atEnd() && base.id() == id) {
            base.next();
        }
        next.next();
        if (entry.set != nullptr) {
            visit(id, **entry.set);
            --limit;
        }
    }
}

std::shared_ptr<const UserAttributes> Registry::find(const UserId& id) const {
    const std::shared_ptr<const Users> users = users_.get();
    const UserAttributes* attributes = users->find(id);
    return attributes != nullptr ? std::shared_ptr<const UserAttributes>(users, attributes) : nullptr;
}

void Registry::replace(std::shared_ptr<const UserTable> table) {
    const std::lock_guard<std::mutex> lock(change_);
    users_.set(std::make_shared<Users>(std::move(table)));
}

void Registry::apply(const UserTable& changes) {
    const std::lock_guard<std::mutex> lock(change_);
    users_.set(users()->with(changes));
}

void Registry::fold() {
    const std::shared_ptr<const Users> before = users();
    const std::shared_ptr<const Users> base = before->folded();
    const std::lock_guard<std::mutex> lock(change_);
    if (std::shared_ptr<const Users> now = users()->over(*before, *base)) {
        users_.set(std::move(now));
    }
}

} // namespace user_chk
