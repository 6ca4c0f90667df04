// SPDX-License-Identifier: MPL-2.0
// Implements `who`, which tells which client had an address, and when, according to the servers' records.

#include <identity/id_text.h>
#include <program/calls.h>
#include <program/history_search.h>
#include <program/table.h>
#include <program/terminal_text.h>
#include <system/utc_time.h>
#include <user.h>

#include <CLI/CLI.hpp>

#include <cc/data.h>
#include <exceptions/exceptions.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using isc::data::Element;
using isc::data::ElementPtr;

namespace user_chk::program {

namespace {

// The command line.
struct Asked {
    std::string address;
    std::string client;
    std::string type;
    std::string at;
    std::vector<std::string> files;
};

typedef std::pair<AddressRange, Period> LeasePeriod;

// The names of an ending: for programs, and for people.
std::pair<const char*, const char*> namesOf(Ending ending) {
    switch (ending) {
    case Ending::RUNNING:
        return {"running", "running"};
    case Ending::RELEASED:
        return {"released", "released"};
    case Ending::EXPIRED:
        return {"expired", "expired"};
    case Ending::LAPSED:
        return {"lapsed", "lifetime over"};
    case Ending::DECLINED:
        return {"declined", "declined"};
    case Ending::REVOKED:
        return {"revoked", "taken back"};
    case Ending::GIVEN:
        return {"given", "given to another"};
    case Ending::RESTANDING:
        break;
    }
    return {"standing-changed", "standing changed"};
}

std::vector<std::string> textsOf(const Doubts& doubts) {
    std::vector<std::string> texts;
    if (doubts.grant_missing) {
        texts.emplace_back("its grant is not in the files, it may have begun earlier");
    }
    if (doubts.other_grant_missing) {
        texts.emplace_back("the next client's grant is not in the files, it may have ended earlier");
    }
    if (doubts.clock_set_back) {
        texts.emplace_back("the server's clock was set back, times may be wrong");
    }
    return texts;
}

std::string inOneLine(const std::vector<std::string>& texts) {
    std::string whole;
    for (const std::string& text : texts) {
        whole += (whole.empty() ? "" : "; ") + text;
    }
    return whole;
}

// --- the question

Question questionOf(Asked& asked) {
    Question question;
    if (asked.client.empty()) {
        question.range = AddressRange::parse(asked.address);
        if (!question.range) {
            isc_throw(isc::BadValue, '\'' << asked.address
                                          << "', must be an address or a prefix, such as 192.0.2.1, "
                                          << "2001:db8::1 or 2001:db8:1200::/56");
        }
        return question;
    }
    if (!asked.address.empty()) {
        asked.files.insert(asked.files.begin(), asked.address); // with a client there is no address
    }
    question.client_type = asked.type;
    const auto type = asked.type.empty() ? UserId::HW_ADDRESS : UserId::lookupType(asked.type);
    const UserId id(type, asked.client);
    if (id.getKind() != UserId::Kind::EXACT) {
        isc_throw(isc::BadValue, "--client: '" << asked.client << "', must be the id of one client");
    }
    question.client_id = id.toText(':');
    return question;
}

std::optional<Moment> momentOf(const std::string& at) {
    try {
        return at.empty() ? std::nullopt : std::make_optional(parseRfc3339(at));
    } catch (const isc::BadValue& ex) {
        isc_throw(isc::BadValue, "--at: " << ex.what());
    }
}

// --- the search

// Returns false when a file could not be read to its end.
bool readAll(HistorySearch& search, const std::vector<std::string>& files) {
    bool all = true;
    for (const std::string& file : files) {
        try {
            search.read(file);
        } catch (const isc::BadValue& ex) {
            tell(file + ": " + ex.what());
            all = false;
        }
    }
    const UnreadLines& unread = search.unread();
    if (unread.count != 0) {
        tell(std::to_string(unread.count) +
             (unread.count == 1 ? " line is not a record" : " lines are not records") +
             " in JSON, the first: " + unread.first_file + ':' + std::to_string(unread.first_line));
    }
    return all;
}

// Returns all periods, or those at a given time; the newest comes last.
std::vector<LeasePeriod> periodsIn(AddressHistory& history, const std::optional<Moment>& at) {
    std::vector<LeasePeriod> periods = history.periods(std::chrono::system_clock::now());
    if (at) {
        const auto is_past = [&](const LeasePeriod& it) { return !it.second.covers(*at, history.steps()); };
        periods.erase(std::remove_if(periods.begin(), periods.end(), is_past), periods.end());
    }
    std::stable_sort(periods.begin(), periods.end(), [](const LeasePeriod& one, const LeasePeriod& other) {
        return one.second.from_order < other.second.from_order;
    });
    return periods;
}

// Warns when several clients may have had a lease at the same time.
void tellOfSeveral(const std::vector<LeasePeriod>& periods) {
    for (auto period = periods.begin(); period != periods.end(); ++period) {
        const auto has_same = [&](const LeasePeriod& it) { return it.first.text() == period->first.text(); };
        if (std::any_of(std::next(period), periods.end(), has_same)) {
            tell("several clients may have had " + period->first.text() + " then; the notes say why");
            return;
        }
    }
}

// --- the answer

std::string untilText(const Period& period) {
    return period.until == NEVER ? "never" : utcText(period.until);
}

std::string flagText(const std::optional<bool>& flag) {
    return !flag ? "unknown" : *flag ? "yes" : "no";
}

void printTable(const AddressHistory& history, const std::vector<LeasePeriod>& periods) {
    Table table({"LEASE", "FROM", "UNTIL AT THE LATEST", "ENDED", "CLIENT", "REGISTERED", "SUBNET",
                 "HOST NAME", "NOTE"});
    for (const auto& [lease, period] : periods) {
        const RecordedClient& client = history.clients()[period.client];
        const Surroundings& surroundings = history.surroundings()[period.surroundings];
        table.add({lease.text(), utcText(period.from), untilText(period), namesOf(period.ending).second,
                   client.type + '=' + client.id, flagText(period.registered),
                   std::to_string(surroundings.subnet_id), surroundings.hostname,
                   inOneLine(textsOf(period.doubts))});
    }
    table.print(std::cout);
}

void setUnlessEmpty(const ElementPtr& object, const char* name, const std::string& value) {
    if (!value.empty()) {
        object->set(name, Element::create(value));
    }
}

ElementPtr objectOf(const AddressHistory& history, const LeasePeriod& found) {
    const auto& [lease, period] = found;
    const RecordedClient& client = history.clients()[period.client];
    const Surroundings& surroundings = history.surroundings()[period.surroundings];
    ElementPtr object = Element::createMap();
    object->set(lease.isPrefix() ? "prefix" : "address", Element::create(lease.text()));
    object->set("from", Element::create(utcText(period.from)));
    if (period.until != NEVER) {
        object->set("until", Element::create(utcText(period.until)));
    }
    if (!period.doubts.grant_missing) {
        object->set("last-granted", Element::create(utcText(period.granted)));
    }
    object->set("ended", Element::create(std::string(namesOf(period.ending).first)));
    object->set("id-type", Element::create(client.type));
    object->set("id", Element::create(client.id));
    if (period.registered) {
        object->set("registered", Element::create(*period.registered));
    }
    object->set("subnet-id", Element::create(static_cast<int64_t>(surroundings.subnet_id)));
    setUnlessEmpty(object, "matched-type", client.matched_type);
    setUnlessEmpty(object, "matched-id", client.matched_id);
    setUnlessEmpty(object, "server", surroundings.server);
    setUnlessEmpty(object, "interface", surroundings.interface);
    setUnlessEmpty(object, "relay", surroundings.relay);
    setUnlessEmpty(object, "hostname", surroundings.hostname);
    const ElementPtr notes = Element::createList();
    for (const std::string& text : textsOf(period.doubts)) {
        notes->add(Element::create(text));
    }
    object->set("notes", notes);
    return object;
}

void printJson(const AddressHistory& history, const std::vector<LeasePeriod>& periods) {
    const ElementPtr list = Element::createList();
    for (const LeasePeriod& found : periods) {
        list->add(objectOf(history, found));
    }
    std::cout << list->str() << '\n';
}

void answer(Asked asked, Context& context) {
    const std::optional<Moment> at = momentOf(asked.at);
    HistorySearch search(questionOf(asked));
    if (asked.files.empty()) {
        isc_throw(isc::BadValue, "no FILE given, name the outcome files, such as "
                                 "/var/log/kea/user_chk_outcome.txt*, or - for standard input");
    }
    const bool all = readAll(search, asked.files);
    const auto periods = periodsIn(search.found(), at);
    if (context.json) {
        printJson(search.found(), periods);
    } else if (!periods.empty()) {
        printTable(search.found(), periods);
    } else {
        tell(std::string("there is no record of it") + (at ? " for that time" : ""));
    }
    if (at) {
        tellOfSeveral(periods);
    }
    context.exit = !all ? Exit::FAILED : periods.empty() ? Exit::FOUND : Exit::DONE;
}

} // namespace

void addWho(CLI::App& program, Context& context) {
    CLI::App* const who =
        program.add_subcommand("who", "Show which client had an address, according to outcome files");
    const auto asked = std::make_shared<Asked>();
    who->add_option("ADDRESS", asked->address, "An address, or a prefix; left out with --client");
    who->add_option("FILE", asked->files,
                    "Outcome files in JSON, rotated and gzipped ones too; - for standard input");
    who->add_option("--at", asked->at, "Show only who had it at this time, such as 2026-11-30T18:00:00Z");
    CLI::Option* const client =
        who->add_option("--client", asked->client, "Show what this client had, given its id");
    who->add_option("--type", asked->type,
                    "The type of that id, such as HW_ADDR or DUID; any type by default")
        ->needs(client);
    who->callback([who, asked, &context] {
        if (asked->address.empty() && asked->client.empty()) {
            throw CLI::RequiredError("ADDRESS or --client");
        }
        answer(*asked, context);
    });
}

} // namespace user_chk::program
