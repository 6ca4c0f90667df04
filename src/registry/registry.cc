// SPDX-License-Identifier: MPL-2.0
// Implements Registry and its snapshots.

#include <registry/registry.h>

#include <registry/id_remarks.h>

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

namespace user_chk {

namespace {

std::optional<UserTable::Entry> entryIn(const UserTable& table, const UserId& id) {
    return table.entryOf(IdTag(id), id.getId());
}

Digest digestOf(const UserId& id, const AttributeSet& set) {
    return digestOf(IdTag(id), id.getId().data(), id.getId().size(), set.digest);
}

bool isSame(const UserTable::Entry& one, const UserTable::Entry& other) {
    const AttributeSet* set = one.set != nullptr ? one.set->get() : nullptr;
    const AttributeSet* other_set = other.set != nullptr ? other.set->get() : nullptr;
    return set == other_set && one.note == other.note;
}

constexpr int MOST_TRIES = 3; // of a fold that changes outrun

// Returns what a table has and an earlier one did not.
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

const UserId& mainIdOf(const UserId& id, const UserTable::Entry& entry) {
    return entry.is_other ? (*entry.set)->attributes.ids->main : id;
}

Users::Users() : Users(std::make_shared<UserTable>()) {}

Users::Users(std::shared_ptr<const UserTable> base)
    : base_(std::move(base)), sizes_(base_->sizes()),
      size_(std::accumulate(sizes_.begin(), sizes_.end(), size_t{0})), digest_(base_->digest()) {
    patterns_.add(base_->patterns());
    findDefaultUsers();
}

UsersPtr Users::with(const UserTable& changes) const {
    auto users = std::make_shared<Users>(*this);
    UserTable hidden; // other ids that records no longer have
    const auto leave = [&](const UserId& id) {
        const auto known = entryOf(id);
        if (known && !known->is_other) {
            hideOtherIds(**known->set, hidden);
            --users->sizes_.at(id.getType());
            --users->size_;
            users->digest_ -= digestOf(id, **known->set);
        }
    };
    changes.forEach([&](const UserId& id, const UserTable::Entry& entry) {
        leave(id);
        if (entry.set == nullptr) {
            return;
        }
        ++users->sizes_.at(id.getType());
        ++users->size_;
        users->digest_ += digestOf(id, **entry.set);
        if (const auto& ids = (*entry.set)->attributes.ids) { // what was a user may now be an other id
            std::for_each(ids->others.begin(), ids->others.end(), leave);
        }
    });
    users->patterns_.add(changes.patterns());
    const UserTable nothing;
    std::shared_ptr<const UserTable> before = overlay_;
    if (hidden.size() != 0) {
        hidden.seal();
        before = UserTable::merged(before ? *before : nothing, hidden, true);
    }
    users->overlay_ = UserTable::merged(before ? *before : nothing, changes, true);
    users->findDefaultUsers();
    return users;
}

void Users::findDefaultUsers() {
    for (const UserId::UserIdType type : {UserId::HW_ADDRESS, UserId::DUID}) {
        defaults_.at(type) = find(defaultIdOf(type));
    }
}

// Marks the other ids of a changed record as removed.
void Users::hideOtherIds(const AttributeSet& set, UserTable& hidden) {
    if (!set.attributes.ids) {
        return;
    }
    for (const UserId& other : set.attributes.ids->others) {
        hidden.mark(other);
    }
}

UsersPtr Users::folded() const {
    const UserTable nothing;
    return std::make_shared<Users>(UserTable::merged(*base_, overlay_ ? *overlay_ : nothing, false));
}

UsersPtr Users::over(const Users& before, const Users& base) const {
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
    return base_->lookUp(overlay_.get(), IdTag(id), viewOf(id.getId()));
}

std::pair<const UserAttributes*, MatchedBy> Users::match(const UserId& id) const {
    if (isDefaultId(IdTag(id), id.getId())) {
        return {nullptr, {}};
    }
    if (const UserAttributes* attributes = find(id)) {
        return {attributes, {UserId::Kind::EXACT, id.getId().size()}};
    }
    return patterns_.empty() ? std::pair<const UserAttributes*, MatchedBy>() : matchPattern(id);
}

std::pair<const UserAttributes*, MatchedBy> Users::matchPattern(const UserId& id) const {
    const std::string_view bytes = viewOf(id.getId());
    for (const uint16_t length : patterns_.lengths(id.getType())) {
        const UserAttributes* attributes =
            length <= bytes.size()
                ? base_->lookUp(overlay_.get(), {id.getType(), UserId::Kind::PREFIX}, bytes.substr(0, length))
                : nullptr;
        if (attributes != nullptr) {
            return {attributes, {UserId::Kind::PREFIX, length}};
        }
    }
    if (patterns_.hasRandom() && id.getType() == UserId::HW_ADDRESS && isMadeUp(id.getId())) {
        static const UserId RANDOM(UserId::HW_ADDRESS, {RANDOM_ID}, UserId::Kind::RANDOM);
        return {find(RANDOM), {UserId::Kind::RANDOM, 0}};
    }
    return {nullptr, {}};
}

UserId MatchedBy::idOf(const UserId& client) const {
    const std::vector<uint8_t>& bytes = client.getId();
    return kind == UserId::Kind::RANDOM
               ? UserId(client.getType(), {RANDOM_ID}, kind)
               : UserId(client.getType(),
                        std::vector<uint8_t>(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(length)),
                        kind);
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
        const bool is_other_now = !changed && overlay_ && overlay_->hasOtherIds() && entryIn(*overlay_, id);
        if (entry.set != nullptr && !is_other_now) {
            visit(id, **entry.set);
            --limit;
        }
    }
}

std::shared_ptr<const UserAttributes> Registry::find(const UserId& id) const {
    const UsersPtr users = users_.get();
    return owned(users, users->find(id));
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
    const UsersPtr before = users();
    const UsersPtr base = before->folded();
    // Merges without the lock, since a query that brings a change needs it; so another change may come first.
    // After some tries, changes wait: otherwise they could come first for ever.
    for (int tries = 1;; ++tries) {
        std::unique_lock<std::mutex> lock(change_, std::defer_lock);
        if (tries > MOST_TRIES) {
            lock.lock();
        }
        const UsersPtr now = users();
        UsersPtr folded = now->over(*before, *base);
        if (folded == nullptr) {
            return; // everything was replaced
        }
        if (!lock.owns_lock()) {
            lock.lock();
        }
        if (users() == now) {
            users_.set(std::move(folded));
            return;
        }
    }
}

} // namespace user_chk
