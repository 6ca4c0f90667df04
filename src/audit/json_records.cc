// SPDX-License-Identifier: MPL-2.0
// Implements the JSON form of the outcome record.

#include <audit/record_forms.h>

#include <system/utc_time.h>

#include <cc/data.h>

#include <sstream>
#include <string_view>

namespace user_chk {

namespace {

// An object whose members stand in the order in which they are added, which Kea's own maps do not keep.
class JsonLine {
public:
    // A value that needs no escaping.
    void addText(const char* name, std::string_view value) {
        key(name).append("\"").append(value).append("\"");
    }

    // A value from a client, which may hold anything.
    void addForeign(const char* name, const std::string& value) {
        key(name).append(isc::data::Element::create(value)->str());
    }

    void addNumber(const char* name, uint32_t value) { key(name).append(std::to_string(value)); }
    void addFlag(const char* name, bool value) { key(name).append(value ? "true" : "false"); }

    std::string line() const { return text_ + " }" + JSON_RECORD_END; }

private:
    std::string& key(const char* name) {
        return text_.append(text_.empty() ? "{ \"" : ", \"").append(name).append("\": ");
    }
    std::string text_;
};

// As Kea logs it, so that a record can be found in the log.
std::string transactionText(uint32_t id) {
    std::ostringstream text;
    text << "0x" << std::hex << id;
    return text.str();
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

void addNonEmpty(JsonLine& json, const char* name, const std::string& value) {
    if (!value.empty()) {
        json.addForeign(name, value);
    }
}

} // namespace

std::string jsonRecords(const Grant& grant, const Circumstances& circumstances) {
    std::string text;
    for (const GrantedLease& lease : grant.leases) {
        JsonLine json;
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
        json.addForeign("interface", circumstances.interface);
        addNonEmpty(json, "relay", circumstances.relay);
        addNonEmpty(json, "hostname", circumstances.hostname);
        text += json.line();
    }
    return text;
}

} // namespace user_chk
