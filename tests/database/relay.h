// SPDX-License-Identifier: MPL-2.0
// Sits between a database and its clients, and can stop passing data without closing a connection: like a
// firewall that has forgotten a connection, or a host that is gone.

#ifndef USER_CHK_TESTS_DATABASE_RELAY_H
#define USER_CHK_TESTS_DATABASE_RELAY_H

#include <database/postgres.h>
#include <system/file_descriptor.h>

#include <cstddef>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace user_chk::test {

class Relay {
public:
    explicit Relay(const PostgresServer& server);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    // Returns the directory of its socket.
    const std::string& directory() const { return directory_; }

    // Lets the existing connections pass this many more bytes from the database, and then nothing more in
    // either direction. Other connections are not affected.
    void holdAfter(size_t bytes);

private:
    struct Connection {
        FileDescriptor client;
        FileDescriptor server;
        size_t left; // bytes for the client
    };

    void run();
    bool pass(Connection& connection, bool from_server) const;

    const std::string directory_;
    const std::string server_;
    const FileDescriptor listener_;
    const FileDescriptor wake_;
    std::mutex mutex_;
    std::list<Connection> connections_;
    bool ends_ = false;
    std::thread thread_;
};

} // namespace user_chk::test

#endif // USER_CHK_TESTS_DATABASE_RELAY_H
