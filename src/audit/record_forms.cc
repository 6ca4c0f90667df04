// SPDX-License-Identifier: MPL-2.0
// Implements the two forms of the outcome record.

#include <audit/record_forms.h>

#include <system/utf8.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace user_chk {

namespace {

// A JSON object on one line. Its members keep the order in which they are added, which Kea's maps do not.
class JsonLine {
public:
    explicit JsonLine(TextWriter& to) : to_(to) { to_.add("{ "); }

    // Adds a value that needs no escaping.
    void addText(std::string_view name, std::string_view value) {
        begin(name).add(value);
        endText();
    }

    // Begins a value that needs no escaping.
    TextWriter& begin(std::string_view name) { return key(name).add("\""); }

    // Ends what begin() began.
    void endText() { to_.add("\""); }

    // Adds a value of foreign origin, which may contain anything. UTF-8 is kept (RFC 8259 section 8.1); other
    // bytes become Latin-1 characters.
    void addForeign(std::string_view name, std::string_view value) {
        if (std::all_of(value.begin(), value.end(), isPlain)) {
            addText(name, value);
            return;
        }
        begin(name);
        for (size_t at = 0; at < value.size();) {
            const Character character = characterAt(value, at);
            addCharacter(character, value.substr(at, character.length));
            at += character.length;
        }
        endText();
    }

    void addNumber(std::string_view name, uint32_t value) { key(name).addNumber(value); }
    void addFlag(std::string_view name, bool value) { key(name).add(value ? "true" : "false"); }

    void end() { to_.add(" }").add(JSON_RECORD_END); }

private:
    static bool isPlain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

    void addCharacter(const Character& character, std::string_view bytes) {
        const bool is_control = character.code < ' ' || character.code == 0x7f;
        if (is_control || !character.is_utf8) {
            to_.add(character.code < 0x10 ? "\\u000" : "\\u00").addHex(character.code);
        } else if (character.code == '"' || character.code == '\\') {
            to_.add("\\").add(bytes);
        } else {
            to_.add(bytes);
        }
    }

    TextWriter& key(std::string_view name) {
        to_.add(first_ ? "\"" : ", \"").add(name).add("\": ");
        first_ = false;
        return to_;
    }

    TextWriter& to_;
    bool first_ = true;
};

void addId(JsonLine& json, std::string_view type_name, std::string_view name, const UserId& id) {
    json.addText(type_name, UserId::lookupTypeStr(id.getType()));
    json.begin(name).addBytes(id.getId());
    json.endText();
}

void addLease(JsonLine& json, const GrantedLease& lease) {
    if (lease.prefix_length == 0) {
        json.begin("address").addLease(lease);
    } else {
        json.begin("prefix").addLease(lease);
    }
    json.endText();
    json.addNumber("valid-lifetime", lease.valid_lifetime);
    json.addNumber("subnet-id", lease.subnet_id);
}

void addNonEmpty(JsonLine& json, std::string_view name, const std::string& value) {
    if (!value.empty()) {
        json.addForeign(name, value);
    }
}

// The beginning of a text record, by the type of the client's id.
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

void writeJsonRecord(const Event& event, const Circumstances& circumstances, TextWriter& to) {
    JsonLine json(to);
    json.begin("time").addTime(circumstances.time);
    json.endText();
    json.addText("server", circumstances.server);
    json.addText("message", circumstances.message);
    if (circumstances.transaction_id) {
        // The form that Kea logs, so that a record can be matched with the log.
        json.begin("transaction-id").add("0x").addHex(*circumstances.transaction_id);
        json.endText();
    }
    addId(json, "id-type", "id", event.id);
    if (event.hw_type) {
        json.addNumber("hw-type", *event.hw_type);
    }
    if (event.lease) {
        addLease(json, *event.lease);
    }
    if (event.registered) {
        json.addFlag("registered", *event.registered);
    }
    if (event.matched != nullptr) {
        addId(json, "matched-type", "matched-id", *event.matched);
    }
    addNonEmpty(json, "interface", circumstances.interface);
    addNonEmpty(json, "relay", circumstances.relay);
    addNonEmpty(json, "hostname", circumstances.hostname);
    addNonEmpty(json, "reason", circumstances.reason);
    json.end();
}

} // namespace

void writeTextRecords(const Grant& grant, TextWriter& to) {
    const std::string& begin = beginOf(grant.id.getType());
    for (const GrantedLease& lease : grant.leases) {
        to.add(begin);
        if (grant.hw_type) {
            to.add("hwtype=").addNumber(*grant.hw_type).add(" ");
        }
        to.addBytes(grant.id.getId()).add("\naddr=").addLease(lease);
        to.add(grant.registered ? "\nregistered=yes\n\n" : "\nregistered=no\n\n");
    }
}

std::string jsonRecord(const Event& event, const Circumstances& circumstances) {
    TextWriter text;
    writeJsonRecord(event, circumstances, text);
    return std::string(text.text());
}

void writeJsonRecords(const Grant& grant, const Circumstances& circumstances, TextWriter& to) {
    for (const GrantedLease& lease : grant.leases) {
        writeJsonRecord({grant.id, grant.hw_type, lease, grant.registered, grant.matched}, circumstances, to);
    }
}

} // namespace user_chk
