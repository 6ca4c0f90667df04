// SPDX-License-Identifier: MPL-2.0
// Implements the classes that a Site gives queries.

#include <policy/site.h>

namespace user_chk {

void Site::classify(isc::dhcp::Pkt& query, const Verdict& verdict) const {
    findings_.guards.open(query);
    if (findings_.classes_matter) {
        // What another library or a test of the configuration has made of it does not count.
        query.classes_.erase(otherClass(verdict));
        query.addClass(standingClass(verdict));
    }
    if (const UserRules* rules = verdict.rules()) {
        for (const isc::dhcp::ClientClass& name : rules->client_classes) {
            query.addClass(name);
        }
    }
}

void Site::declassify(isc::dhcp::Pkt& query, const Verdict& verdict) const {
    query.classes_.erase(standingClass(verdict));
    if (const UserRules* rules = verdict.rules()) {
        for (const isc::dhcp::ClientClass& name : rules->client_classes) {
            query.classes_.erase(name);
        }
    }
}

} // namespace user_chk
