// SPDX-License-Identifier: MPL-2.0
// Implements the reader of attributes for both servers.

#include <program/servers_reader.h>

#include <exchange/protocol.h>
#include <library/attribute_reader.h>
#include <system/published.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

namespace user_chk::program {

using isc::dhcp::Option;

namespace {

// One of the two servers.
struct ReadingServer {
    Option::Universe universe;
    bool is_known;
    AttributeReader read;

    std::string name() const { return universe == Option::V4 ? Dhcp4::SERVER : Dhcp6::SERVER; }
};

ReadingServer serverOf(Option::Universe universe, const std::vector<ServerConfiguration>& servers) {
    const auto known =
        std::find_if(servers.begin(), servers.end(),
                     [universe](const ServerConfiguration& server) { return server.universe == universe; });
    const bool is_known = known != servers.end();
    auto context = std::make_shared<ReadingContext>(is_known ? known->context : contextOfUnknown(universe));
    return {universe, is_known,
            makeAttributeReader(std::make_shared<Published<ReadingContext>>(std::move(context)))};
}

// A remark, and the server that made it; none for both.
struct ServersRemark {
    std::string text;
    const ReadingServer* by;
};

void addRemarks(std::vector<ServersRemark>& all, const std::vector<std::string>& remarks,
                const ReadingServer& by) {
    for (const std::string& text : remarks) {
        const auto same = std::find_if(all.begin(), all.end(),
                                       [&](const ServersRemark& remark) { return remark.text == text; });
        if (same != all.end()) {
            same->by = nullptr;
        } else {
            all.push_back({text, &by});
        }
    }
}

class ServersReader {
public:
    explicit ServersReader(const std::vector<ServerConfiguration>& servers)
        : servers_{serverOf(Option::V4, servers), serverOf(Option::V6, servers)} {}

    Meaning operator()(UserId::UserIdType type, const PropertyMap& attributes) const {
        const auto protocol = protocolOf(type);
        Meaning meaning;
        std::vector<ServersRemark> remarks;
        for (const ReadingServer& server : servers_) {
            if (server.is_known || (protocol ? *protocol == server.universe : !isAnyKnown())) {
                Meaning there = server.read(type, attributes);
                addRemarks(remarks, there.remarks, server);
                meaning.not_for_default += meaning.not_for_default.empty() ? there.not_for_default : "";
            }
        }
        for (const ServersRemark& remark : remarks) {
            if (protocol || remark.by == nullptr || !isBothKnown()) {
                addUnlessGuessed(meaning.remarks, remark, protocol.has_value());
            } else {
                meaning.remarks.push_back(remark.text + " (" + remark.by->name() + ")");
            }
        }
        return meaning;
    }

private:
    // A server whose configuration is not known cannot tell what is meant for the other one.
    void addUnlessGuessed(std::vector<std::string>& remarks, const ServersRemark& remark, bool of_one) const {
        if (of_one || remark.by == nullptr || remark.by->is_known) {
            remarks.push_back(remark.text);
        }
    }

    bool isAnyKnown() const { return servers_.front().is_known || servers_.back().is_known; }
    bool isBothKnown() const { return servers_.front().is_known && servers_.back().is_known; }

    const std::vector<ReadingServer> servers_;
};

} // namespace

AttributeReader makeServersReader(const std::vector<ServerConfiguration>& servers) {
    return [reader = std::make_shared<const ServersReader>(servers)](UserId::UserIdType type,
                                                                     const PropertyMap& attributes) {
        return (*reader)(type, attributes);
    };
}

} // namespace user_chk::program
