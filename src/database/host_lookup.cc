// SPDX-License-Identifier: MPL-2.0
// Implements HostLookup.

#include <database/host_lookup.h>

#include <database/connection.h>

#include <netdb.h>
#include <sys/socket.h>

#include <array>

namespace user_chk {

namespace {

[[noreturn]] void fail(const std::string& host, int error) {
    throw DatabaseError("host " + host + " cannot be looked up: " + ::gai_strerror(error), "");
}

} // namespace

// Owned by the C library while a look-up is in progress.
struct HostLookup::Request {
    explicit Request(const std::string& host) : name(host) {
        hints.ai_family = AF_UNSPEC;
        hints.ai_socktype = SOCK_STREAM;
        control.ar_name = name.c_str();
        control.ar_request = &hints;
    }
    ~Request() {
        if (control.ar_result != nullptr) {
            ::freeaddrinfo(control.ar_result);
        }
    }
    Request(const Request&) = delete;
    Request& operator=(const Request&) = delete;

    const std::string name;
    addrinfo hints{};
    gaicb control{};
};

HostLookup::HostLookup(const std::string& host) : request_(std::make_unique<Request>(host)) {
    gaicb* list = &request_->control;
    // No notification: it would run code of this library in a thread that the library cannot wait for.
    const int error = ::getaddrinfo_a(GAI_NOWAIT, &list, 1, nullptr);
    if (error != 0) {
        fail(host, error);
    }
}

HostLookup::~HostLookup() {
    if (!isDone() && ::gai_cancel(&request_->control) == EAI_NOTCANCELED) {
        // The C library may write into it at any later time, so nobody can tell when it may be freed.
        static_cast<void>(request_.release());
    }
}

bool HostLookup::isDone() const {
    return ::gai_error(&request_->control) != EAI_INPROGRESS;
}

std::vector<std::string> HostLookup::addresses() const {
    const int error = ::gai_error(&request_->control);
    if (error != 0) {
        fail(request_->name, error);
    }
    std::vector<std::string> addresses;
    for (const addrinfo* one = request_->control.ar_result; one != nullptr; one = one->ai_next) {
        std::array<char, NI_MAXHOST> text{};
        if (::getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0,
                          NI_NUMERICHOST) == 0) {
            addresses.emplace_back(text.data());
        }
    }
    if (addresses.empty()) {
        fail(request_->name, EAI_NONAME);
    }
    return addresses;
}

} // namespace user_chk
