// SPDX-License-Identifier: MPL-2.0
// Implements the commands for the registry and the library as a whole.

#include <commands/commands.h>

#include <commands/answer.h>
#include <system/utc_time.h>

namespace user_chk {

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;

namespace {

ElementPtr usersByType(const Users& in_force) {
    ElementPtr users = Element::createMap();
    const UserTable::Sizes& sizes = in_force.sizes();
    for (size_t at = 0; at < sizes.size(); ++at) {
        const auto type = static_cast<UserId::UserIdType>(at);
        if (sizes.at(at) != 0 || type == UserId::HW_ADDRESS || type == UserId::DUID) {
            users->set(UserId::lookupTypeStr(type), number(sizes.at(at)));
        }
    }
    return users;
}

ElementPtr lastLoad(const Follower::State& state) {
    ElementPtr load = Element::createMap();
    load->set("time", Element::create(utcText(state.loaded_at)));
    load->set("milliseconds", number(static_cast<uint64_t>(state.load_took.count())));
    return load;
}

ElementPtr copyInForce(const std::string& file, std::chrono::system_clock::time_point written) {
    ElementPtr copy = Element::createMap();
    copy->set("file", Element::create(file));
    copy->set("time", Element::create(utcText(written)));
    return copy;
}

ElementPtr databaseState(const DatabaseState& state) {
    ElementPtr told = Element::createMap();
    const std::string name = state.loading ? "loading" : state.connected ? "connected" : "away";
    told->set("state", Element::create(name));
    told->set("host", Element::create(state.host));
    told->set("since", Element::create(utcText(state.since)));
    if (state.told) {
        told->set("last-poll", Element::create(utcText(*state.told)));
        told->set("age", number(static_cast<uint64_t>(state.age.count())));
    }
    told->set("standby", Element::create(state.standby));
    told->set("listening", Element::create(state.listening));
    told->set("schema", Element::create(state.schema));
    if (!state.error.empty()) {
        told->set("error", Element::create(state.error));
    }
    return told;
}

ElementPtr skippedRecords(const Source::Skipped& skipped) {
    ElementPtr records = Element::createList();
    for (const BadRecord& bad : skipped.first) {
        ElementPtr record = Element::createMap();
        record->set("place", Element::create(bad.place));
        record->set("reason", Element::create(bad.reason));
        records->add(record);
    }
    ElementPtr told = Element::createMap();
    told->set("count", number(skipped.count));
    told->set("records", records);
    return told;
}

ElementPtr outcomeState(const OutcomeFile* outcome) {
    ElementPtr state = Element::createMap();
    if (outcome == nullptr) {
        state->set("state", Element::create(std::string("none")));
        return state;
    }
    state->set("file", Element::create(outcome->path()));
    state->set("state", Element::create(std::string(outcome->failing() ? "failing" : "writing")));
    return state;
}

ElementPtr counters(const Counts& counts, bool of_database) {
    ElementPtr named = Element::createMap();
    for (size_t i = 0; i < (of_database ? COUNTERS : COUNTERS_OF_FILES); ++i) {
        named->set(COUNTER_NAMES.at(i), number(counts.at(i)));
    }
    return named;
}

} // namespace

ConstElementPtr reloadRegistry(UserChk& user_chk, const ConstElementPtr& arguments) {
    checked(arguments, {}, {});
    user_chk.reload();
    const size_t users = user_chk.users()->size();
    const ElementPtr loaded = Element::createMap();
    loaded->set("users", number(users));
    if (!user_chk.parameters().skipsErrors()) {
        return success(std::to_string(users) + " users loaded", loaded);
    }
    const size_t skipped = user_chk.skipped().count;
    loaded->set("skipped", number(skipped));
    return success(
        std::to_string(users) + " users loaded, " + std::to_string(skipped) + " bad records skipped", loaded);
}

ConstElementPtr tellStatus(UserChk& user_chk, const ConstElementPtr& arguments) {
    checked(arguments, {}, {});
    user_chk.follow();
    const UsersPtr users = user_chk.usersInForce();
    const Follower::State state = user_chk.registryState();
    const ElementPtr status = Element::createMap();
    status->set("source", Element::create(user_chk.source().name()));
    if (const auto database = user_chk.source().database()) {
        status->set("database", databaseState(*database));
    }
    status->set("users", usersByType(*users));
    status->set("revision", Element::create(users->digest().text()));
    if (state.copied_at) {
        status->set("copy", copyInForce(user_chk.parameters().registry_copy, *state.copied_at));
    } else if (user_chk.isClosed()) {
        status->set("closed", Element::create(true));
    } else {
        status->set("last-load", lastLoad(state));
    }
    if (!state.error.empty()) {
        status->set("last-error", Element::create(state.error));
    }
    if (user_chk.parameters().skipsErrors()) {
        status->set("skipped", skippedRecords(user_chk.skipped()));
    }
    status->set("outcome", outcomeState(user_chk.outcome()));
    status->set("counters", counters(user_chk.counts(), user_chk.parameters().registry_database.has_value()));
    status->set("parameters", user_chk.parameters().in_force);
    return success("status of the library", status);
}

} // namespace user_chk
