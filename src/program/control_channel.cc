// SPDX-License-Identifier: MPL-2.0
// Implements ControlChannel, with Kea's own client.

#include <program/control_channel.h>

#include <kea_compat.h>
#include <program/json_text.h>
#include <program/terminal_text.h>

#include <asiolink/asio_wrapper.h>
#include <asiolink/io_service.h>
#include <cc/command_interpreter.h>
#include <cc/json_feed.h>
#include <config/client_connection.h>

#include <boost/make_shared.hpp>

#include <utility>

namespace user_chk::program {

using isc::asiolink::IOService;
using isc::asiolink::IOServicePtr;
using isc::config::ClientConnection;
using isc::config::ConstJSONFeedPtr;
using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::data::ElementPtr;
namespace errc = boost::system::errc;

namespace {

// Returns what the operator can do about a failure: a sentence with a leading space.
std::string adviceOn(const boost::system::error_code& failure) {
    if (failure == errc::no_such_file_or_directory || failure == errc::connection_refused) {
        return " Is the server running, and is this the socket of its control channel? --socket names another"
               " one.";
    }
    if (failure == errc::permission_denied) {
        return " Only root and the user that the server runs as may use it.";
    }
    return "";
}

// Returns what was received as JSON, a null value when it is not JSON.
ConstElementPtr parsed(const isc::config::JSONFeed& received) {
    try {
        return received.toElement();
    } catch (const isc::config::JSONFeedError&) {
        return Element::create();
    }
}

bool isAnswer(const ConstElementPtr& received) {
    const ConstElementPtr result = received->getType() == Element::map ? received->get("result") : nullptr;
    return result && result->getType() == Element::integer;
}

} // namespace

ControlChannel::ControlChannel(std::string path, std::string server, std::chrono::seconds timeout)
    : path_(std::move(path)), server_(std::move(server)), timeout_(timeout) {}

std::string ControlChannel::place() const {
    return server_ + " at " + shown(path_);
}

ConstElementPtr ControlChannel::exchange(const std::string& request) const {
    const IOServicePtr io = boost::make_shared<IOService>();
    boost::system::error_code failure;
    ConstJSONFeedPtr received;
    auto connection = kea::madeWith<ClientConnection>(io);
    try {
        connection.start(
            ClientConnection::SocketPath(path_), ClientConnection::ControlCommand(request),
            [&](const boost::system::error_code& code, const ConstJSONFeedPtr& feed) {
                failure = code;
                received = feed;
                io->stop();
            },
            ClientConnection::Timeout(std::chrono::milliseconds(timeout_).count()));
        io->run();
    } catch (const boost::system::system_error& ex) {
        failure = ex.code(); // the path is too long for a socket
    }
    if (failure == errc::timed_out) {
        isc_throw(Unreachable, place() << " has not answered within " << timeout_.count() << " s");
    }
    if (failure == boost::asio::error::eof) {
        isc_throw(Unreachable, place() << " has closed the connection without an answer");
    }
    if (failure) {
        isc_throw(Unreachable,
                  "cannot reach " << place() << ": " << failure.message() << "." << adviceOn(failure));
    }
    return parsed(*received);
}

Answer ControlChannel::ask(const std::string& command, const ConstElementPtr& arguments) const {
    const ElementPtr request = Element::createMap();
    request->set("command", Element::create(command));
    if (arguments) {
        request->set("arguments", arguments);
    }
    const ConstElementPtr received = exchange(jsonOf(request));
    if (!isAnswer(received)) {
        isc_throw(Unreachable, "what answers at " << shown(path_) << " is not a Kea server");
    }
    const ConstElementPtr given = received->get("arguments");
    Answer answer = {received->get("result")->intValue(), elementText(received, "text"),
                     given ? given : Element::createMap(), received};
    if (answer.result == isc::config::CONTROL_RESULT_COMMAND_UNSUPPORTED) {
        isc_throw(Unreachable, place() << " does not know " << command
                                       << ": its hooks-libraries do not list libdhcp_user_chk.so, or list a"
                                          " version that is older than this program");
    }
    return answer;
}

} // namespace user_chk::program
