// SPDX-License-Identifier: MPL-2.0
// Implements the relay for tests.

#include <database/relay.h>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <vector>

namespace user_chk::test {

namespace {

sockaddr_un addressIn(const std::string& directory) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    (directory + "/.s.PGSQL.5432").copy(address.sun_path, sizeof(address.sun_path) - 1);
    return address;
}

int unixSocket() {
    return ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

} // namespace

Relay::Relay(const PostgresServer& server)
    : directory_(makeDirectory()), server_(server.directory()), listener_(unixSocket()),
      wake_(::eventfd(0, EFD_CLOEXEC)) {
    const sockaddr_un address = addressIn(directory_);
    if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
        ::listen(listener_.get(), 10) != 0) {
        throw std::runtime_error("no relay in " + directory_);
    }
    thread_ = std::thread([this] { run(); });
}

Relay::~Relay() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        ends_ = true;
    }
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof(one));
    thread_.join();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

void Relay::holdAfter(size_t bytes) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (Connection& connection : connections_) {
        connection.left = bytes;
    }
    const uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake_.get(), &one, sizeof(one));
}

// Passes on what one side has sent. Returns false when that side closed the connection.
bool Relay::pass(Connection& connection, bool from_server) const {
    std::array<char, 65536> bytes{};
    const int from = (from_server ? connection.server : connection.client).get();
    const int to = (from_server ? connection.client : connection.server).get();
    const size_t most = from_server ? std::min(bytes.size(), connection.left) : bytes.size();
    const ssize_t count = ::recv(from, bytes.data(), most, 0);
    if (count <= 0) {
        return false;
    }
    if (from_server && connection.left != SIZE_MAX) {
        connection.left -= static_cast<size_t>(count);
    }
    return ::send(to, bytes.data(), static_cast<size_t>(count), MSG_NOSIGNAL) == count;
}

void Relay::run() {
    for (;;) {
        std::vector<pollfd> watched = {{wake_.get(), POLLIN, 0}, {listener_.get(), POLLIN, 0}};
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            for (const Connection& connection : connections_) {
                const short events = connection.left != 0 ? POLLIN : 0;
                watched.push_back({events != 0 ? connection.client.get() : -1, events, 0});
                watched.push_back({events != 0 ? connection.server.get() : -1, events, 0});
            }
        }
        ::poll(watched.data(), watched.size(), -1);
        const std::lock_guard<std::mutex> lock(mutex_);
        if (ends_) {
            return;
        }
        if (watched[0].revents != 0) { // data are held back from now on
            uint64_t count = 0;
            [[maybe_unused]] const ssize_t taken = ::read(wake_.get(), &count, sizeof(count));
            continue;
        }
        size_t at = 2;
        for (auto one = connections_.begin(); one != connections_.end(); at += 2) {
            const bool goes_on = (watched[at].revents == 0 || pass(*one, false)) &&
                                 (watched[at + 1].revents == 0 || pass(*one, true));
            one = goes_on ? std::next(one) : connections_.erase(one);
        }
        if (watched[1].revents != 0) {
            connections_.push_back(
                {FileDescriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)),
                 FileDescriptor(unixSocket()), SIZE_MAX});
            const sockaddr_un address = addressIn(server_);
            if (::connect(connections_.back().server.get(), reinterpret_cast<const sockaddr*>(&address),
                          sizeof(address)) != 0) {
                connections_.pop_back();
            }
        }
    }
}

} // namespace user_chk::test
