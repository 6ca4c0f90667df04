// SPDX-License-Identifier: MPL-2.0
// Implements RegistryEditor: the lines of users, turns, and concurrent changes.

#include <source/registry_editor.h>

#include <registry/id_remarks.h>
#include <registry/user_table.h>
#include <source/record_line.h>
#include <source/record_parser.h>
#include <user_data_source.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <sstream>
#include <thread>
#include <utility>

namespace user_chk {

namespace {

// How long other processes, which poll for the lock of a file, get a chance before this one takes it again.
constexpr auto TURN_OF_OTHERS = 2 * Patience::PAUSE;

[[noreturn]] void refuseUser(const std::string& reason) {
    isc_throw(isc::BadValue, "invalid user: " << reason);
}

[[noreturn]] void refuseTaken(const Edit& edit, const Users& users) {
    const auto owner = ownerOfTaken(edit, users);
    std::ostringstream reason;
    reason << "invalid " << OTHER_IDS << ": an id belongs to another user";
    if (owner) {
        reason << ", " << *owner;
    }
    refuseUser(reason.str());
}

} // namespace

RegistryEditor::RegistryEditor(Follower& follower, AttributeReader reader, Tell tell,
                               std::chrono::milliseconds patience)
    : follower_(follower), reader_(std::move(reader)), tell_(std::move(tell)), patience_(patience) {}

std::vector<std::string> RegistryEditor::remarksOn(const User& user) const {
    const UserId& id = user.getUserId();
    std::vector<std::string> remarks;
    try {
        for (const UserId& other : otherIdsIn(id, user.getProperties())) {
            remarkOnId(IdTag(other), other.getId(), remarks);
        }
        if (reader_) {
            Meaning meaning = reader_(id.getType(), user.getProperties());
            checkForId(meaning, IdTag(id), id.getId());
            remarks.insert(remarks.end(), meaning.remarks.begin(), meaning.remarks.end());
        }
    } catch (const isc::Exception& ex) {
        refuseUser(ex.what());
    }
    remarkOnId(IdTag(id), id.getId(), remarks);
    return remarks;
}

bool RegistryEditor::add(const User& user) {
    return edit(editOf(Edit::What::ADD, user, 0));
}

bool RegistryEditor::update(const User& user, uint64_t version) {
    if (version != 0 && !follower_.source().hasVersions()) {
        isc_throw(isc::BadValue, "invalid version: users in a file have no version");
    }
    User by_main_id(mainIdOf(user.getUserId()));
    by_main_id.setProperties(user.getProperties());
    return edit(editOf(Edit::What::UPDATE, by_main_id, version));
}

bool RegistryEditor::remove(const UserId& id) {
    return edit({Edit::What::REMOVE, mainIdOf(id), ""});
}

// Returns the id by which the user with this id is written; the same id when there is no such user.
UserId RegistryEditor::mainIdOf(const UserId& id) const {
    const UsersPtr users = follower_.registry().users();
    const auto entry = users->entryOf(id);
    return entry ? user_chk::mainIdOf(id, *entry) : id;
}

Edit RegistryEditor::editOf(Edit::What what, const User& user, uint64_t version) const {
    return {what, user.getUserId(), lineFor(user), version,
            otherIdsIn(user.getUserId(), user.getProperties())};
}

// Waits until the threads that came before have edited. The turn ends when the return value is released. The
// file's lock alone would do, but a thread that polls for it may fail while others get it again and again.
std::shared_ptr<void> RegistryEditor::takeTurn(const Patience& patience) {
    std::unique_lock<std::mutex> lock(mutex_);
    const uint64_t me = ++threads_;
    line_.push_back(me);
    if (!edited_.wait_until(lock, patience.end(), [this, me] { return line_.front() == me; })) {
        line_.erase(std::find(line_.begin(), line_.end(), me));
        isc_throw(UserDataSourceError, follower_.source().name() << ": is being changed by other commands");
    }
    lock.unlock();
    std::this_thread::sleep_until(last_turn_ + TURN_OF_OTHERS);
    return std::shared_ptr<void>(nullptr, [this](void*) {
        const std::lock_guard<std::mutex> guard(mutex_);
        last_turn_ = Patience::Clock::now();
        line_.pop_front();
        edited_.notify_all();
    });
}

// Only one thread talks to a slow source, and it makes sure itself that no change of others is lost.
bool RegistryEditor::editSlow(const Edit& edit) {
    const Edited edited = follower_.edit(edit, Patience(patience_));
    if (edited == Edited::OTHER_VERSION) {
        isc_throw(VersionConflict, "the user has another version than " << edit.version);
    }
    if (edited == Edited::TAKEN) {
        refuseTaken(edit, *follower_.registry().users());
    }
    return edited == Edited::DONE;
}

// Starts over when someone has changed the source meanwhile; after the time limit, one last time.
bool RegistryEditor::edit(const Edit& edit) {
    if (follower_.source().isSlow()) {
        return editSlow(edit);
    }
    const Patience patience(patience_);
    const std::shared_ptr<void> turn = takeTurn(patience);
    bool was_done = false;
    bool is_last = false;
    do {
        is_last = patience.isOver();
        tell_(follower_.follow());
        const std::string error = follower_.state().error;
        if (!error.empty()) {
            isc_throw(UserDataSourceError, error);
        }
        switch (follower_.edit(edit, patience)) {
        case Edited::DONE:
            return true;
        case Edited::EXISTS:
        case Edited::ABSENT:
            // Nothing to do means success if the change was made, and another process then built on it.
            return was_done;
        case Edited::TAKEN:
            if (!was_done) {
                refuseTaken(edit, *follower_.registry().users());
            }
            return true;
        case Edited::OVERTAKEN:
            was_done = true;
            break;
        case Edited::CHANGED:
        case Edited::OTHER_VERSION: // not for a file
            break;
        }
        std::this_thread::sleep_for(TURN_OF_OTHERS);
    } while (!is_last);
    isc_throw(UserDataSourceError, follower_.source().name() << ": another process keeps changing it");
}

std::string RegistryEditor::lineFor(const User& user) const {
    const PropertyMap& attributes = user.getProperties();
    for (const char* name : {"", "type", "id"}) {
        if (attributes.count(name) != 0) {
            refuseUser("an attribute may not be named '" + std::string(name) + "'");
        }
    }
    std::string line = recordLine(user.getUserId(), attributes);
    if (line.size() > RecordParser::MAX_LINE) {
        refuseUser("its line would be " + std::to_string(line.size()) + " bytes long, must be at most " +
                   std::to_string(RecordParser::MAX_LINE));
    }
    static_cast<void>(remarksOn(user));
    return line;
}

} // namespace user_chk
