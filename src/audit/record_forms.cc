// SPDX-License-Identifier: MPL-2.0
// Implements the two forms of the outcome record.

#include <audit/record_forms.h>

#include <audit/record_text.h>
#include <system/utc_time.h>
#include <system/utf8.h>

#include <boost/container/small_vector.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <string_view>

namespace user_chk {

namespace {

// A JSON object on one line. Its members keep the order in which they are added, which Kea's maps do not.
class JsonLine {
public:
    explicit JsonLine(std::string& text) : text_(text) { text_.append("{ "); }

    // Adds a value that needs no escaping.
    void addText(std::string_view name, std::string_view value) {
        key(name).append("\"").append(value).append("\"");
    }

    // Adds a value of foreign origin, which may contain anything. UTF-8 is kept (RFC 8259 section 8.1); other
    // bytes become Latin-1 characters.
    void addForeign(std::string_view name, const std::string& value) {
        if (std::all_of(value.begin(), value.end(), isPlain)) {
            addText(name, value);
            return;
        }
        key(name).append("\"");
        for (size_t at = 0; at < value.size();) {
            const Character character = characterAt(value, at);
            addCharacter(character, std::string_view(value).substr(at, character.length));
            at += character.length;
        }
        text_.append("\"");
    }

    void addNumber(std::string_view name, uint32_t value) { key(name).append(std::to_string(value)); }
    void addFlag(std::string_view name, bool value) { key(name).append(value ? "true" : "false"); }

    void end() { text_.append(" }").append(JSON_RECORD_END); }

private:
    static bool isPlain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

    void addCharacter(const Character& character, std::string_view bytes) {
        const bool is_control = character.code < ' ' || character.code == 0x7f;
        if (is_control || !character.is_utf8) {
            text_.append("\\u00");
            text_.push_back("0123456789abcdef"[character.code >> 4 & 15]);
            text_.push_back("0123456789abcdef"[character.code & 15]);
        } else if (character.code == '"' || character.code == '\\') {
            text_.append("\\").append(bytes);
        } else {
            text_.append(bytes);
        }
    }

    std::string& key(std::string_view name) {
        text_.append(first_ ? "\"" : ", \"").append(name).append("\": ");
        first_ = false;
        return text_;
    }

    std::string& text_;
    bool first_ = true;
};

// The form that Kea logs, so that a record can be matched with the log.
std::string transactionText(uint32_t id) {
    std::array<char, 8> digits;
    return "0x" + std::string(digits.data(),
                              std::to_chars(digits.data(), digits.data() + digits.size(), id, 16).ptr);
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

} // namespace

// HWAddr::toText(), which would do the same for the client, uses a stream.
RecordsText textRecords(const Grant& grant) {
    const std::string& begin = beginOf(grant.id.getType());
    constexpr size_t NAMES = sizeof("hwtype= \naddr=\nregistered=yes\n\n");
    const size_t most =
        begin.size() + 3 * grant.id.getId().size() + NAMES + TextWriter::NUMBER + TextWriter::LEASE;
    RecordsText text(grant.leases.size() * most, boost::container::default_init);
    TextWriter writer(text.data());
    for (const GrantedLease& lease : grant.leases) {
        writer.add(begin);
        if (grant.hw_type) {
            writer.add("hwtype=").addNumber(*grant.hw_type).add(" ");
        }
        writer.addBytes(grant.id.getId()).add("\naddr=").addLease(lease);
        writer.add(grant.registered ? "\nregistered=yes\n\n" : "\nregistered=no\n\n");
    }
    text.resize(static_cast<size_t>(writer.end() - text.data()), boost::container::default_init);
    return text;
}

std::string jsonRecord(const Event& event, const Circumstances& circumstances) {
    constexpr size_t TYPICAL = 384;
    std::string text;
    text.reserve(TYPICAL);
    JsonLine json(text);
    json.addText("time", utcText(circumstances.time));
    json.addText("server", circumstances.server);
    json.addText("message", circumstances.message);
    if (circumstances.transaction_id) {
        json.addText("transaction-id", transactionText(*circumstances.transaction_id));
    }
    json.addText("id-type", UserId::lookupTypeStr(event.id.getType()));
    json.addText("id", event.id.toText(':'));
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
        json.addText("matched-type", UserId::lookupTypeStr(event.matched->getType()));
        json.addText("matched-id", event.matched->toText(':'));
    }
    addNonEmpty(json, "interface", circumstances.interface);
    addNonEmpty(json, "relay", circumstances.relay);
    addNonEmpty(json, "hostname", circumstances.hostname);
    addNonEmpty(json, "reason", circumstances.reason);
    json.end();
    return text;
}

std::string jsonRecords(const Grant& grant, const Circumstances& circumstances) {
    std::string text;
    for (const GrantedLease& lease : grant.leases) {
        text += jsonRecord({grant.id, grant.hw_type, lease, grant.registered, grant.matched}, circumstances);
    }
    return text;
}

} // namespace user_chk
