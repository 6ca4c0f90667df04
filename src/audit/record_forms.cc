// SPDX-License-Identifier: MPL-2.0
// Implements the two forms of the outcome record.

#include <audit/record_forms.h>

#include <audit/record_text.h>
#include <identity/id_text.h>
#include <system/utc_time.h>

#include <cc/data.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace user_chk {

namespace {

// As Kea's own text forms have the client; HWAddr::toText() goes through a stream.
void appendClient(std::string& text, const Grant& grant) {
    if (grant.hw_type) {
        text.append("hwtype=");
        appendNumber(text, *grant.hw_type);
        text.push_back(' ');
    }
    appendId(text, grant.id.getId(), ':');
}

// An object whose members stand in the order in which they are added, which Kea's own maps do not keep; one
// line of a text.
class JsonLine {
public:
    explicit JsonLine(std::string& text) : text_(text) { text_.append("{ "); }

    // A value that needs no escaping.
    void addText(std::string_view name, std::string_view value) {
        key(name).append("\"").append(value).append("\"");
    }

    // A value from elsewhere, which may hold anything.
    void addForeign(std::string_view name, const std::string& value) {
        if (std::all_of(value.begin(), value.end(), isPlain)) {
            addText(name, value);
        } else {
            key(name).append(isc::data::Element::create(value)->str());
        }
    }

    void addNumber(std::string_view name, uint32_t value) { appendNumber(key(name), value); }
    void addFlag(std::string_view name, bool value) { key(name).append(value ? "true" : "false"); }

    void end() { text_.append(" }").append(JSON_RECORD_END); }

private:
    static bool isPlain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

    std::string& key(std::string_view name) {
        text_.append(first_ ? "\"" : ", \"").append(name).append("\": ");
        first_ = false;
        return text_;
    }

    std::string& text_;
    bool first_ = true;
};

// As Kea logs it, so that a record can be found in the log.
std::string transactionText(uint32_t id) {
    std::string text = "0x";
    appendNumber(text, id, 16);
    return text;
}

void addLease(JsonLine& json, const GrantedLease& lease) {
    if (lease.prefix_length == 0) {
        json.addText("address", textOf(lease));
    } else {
        json.addText("prefix", textOf(lease));
    }
    json.addNumber("valid-lifetime", lease.valid_lifetime);
    json.addNumber("subnet-id", lease.subnet_id);
}

void addNonEmpty(JsonLine& json, std::string_view name, const std::string& value) {
    if (!value.empty()) {
        json.addForeign(name, value);
    }
}

// How a text record begins, by the type of its client's id.
const std::string& beginOf(UserId::UserIdType type) {
    static const auto BEGINS = [] {
        std::array<std::string, UserId::TYPES> begins;
        for (size_t at = 0; at < begins.size(); ++at) {
            begins[at] =
                "id_type=" + UserId::lookupTypeStr(static_cast<UserId::UserIdType>(at)) + "\nclient=";
        }
        return begins;
    }();
    return BEGINS[static_cast<size_t>(type)];
}

} // namespace

std::string textRecords(const Grant& grant) {
    constexpr size_t TYPICAL = 160;
    std::string text;
    text.reserve(grant.leases.size() * TYPICAL);
    for (const GrantedLease& lease : grant.leases) {
        text.append(beginOf(grant.id.getType()));
        appendClient(text, grant);
        text.append("\naddr=");
        text.append(textOf(lease));
        text.append(grant.registered ? "\nregistered=yes\n\n" : "\nregistered=no\n\n");
    }
    return text;
}

std::string jsonRecords(const Grant& grant, const Circumstances& circumstances) {
    constexpr size_t TYPICAL = 384;
    std::string text;
    text.reserve(grant.leases.size() * TYPICAL);
    for (const GrantedLease& lease : grant.leases) {
        JsonLine json(text);
        json.addText("time", utcText(circumstances.time));
        json.addText("server", circumstances.server);
        json.addText("message", circumstances.message);
        json.addText("transaction-id", transactionText(circumstances.transaction_id));
        json.addText("id-type", UserId::lookupTypeStr(grant.id.getType()));
        json.addText("id", grant.id.toText(':'));
        if (grant.hw_type) {
            json.addNumber("hw-type", *grant.hw_type);
        }
        addLease(json, lease);
        json.addFlag("registered", grant.registered);
        if (grant.matched != nullptr) {
            json.addText("matched-type", UserId::lookupTypeStr(grant.matched->getType()));
            json.addText("matched-id", grant.matched->toText(':'));
        }
        json.addForeign("interface", circumstances.interface);
        addNonEmpty(json, "relay", circumstances.relay);
        addNonEmpty(json, "hostname", circumstances.hostname);
        json.end();
    }
    return text;
}

} // namespace user_chk
