// SPDX-License-Identifier: MPL-2.0
// Gives tests their own PostgreSQL: servers that are copies of a template, databases, sessions.

#ifndef USER_CHK_TESTS_DATABASE_POSTGRES_H
#define USER_CHK_TESTS_DATABASE_POSTGRES_H

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

namespace user_chk::test {

// The rows of an answer, with null as "null".
typedef std::vector<std::vector<std::string>> Rows;

// Creates a directory for programs that run as the user postgres.
std::string makeDirectory();

// Returns a command prefix that runs a program as the user postgres, with a blank at the end, since such
// programs refuse to run as root. Empty when this process does not run as root.
std::string asOwner();

// A connection of an operator or a program. A statement that fails throws; the message begins with its
// SQLSTATE.
class Session {
public:
    Session(const std::string& directory, const std::string& database, const std::string& user = "postgres",
            int port = 5432);

    // Runs all statements of a text. Returns the rows of the last one.
    Rows run(const std::string& statements) const;

    // Returns the first column of the first row.
    std::string value(const std::string& statement) const;

    // Returns the SQLSTATE of a statement that must fail.
    std::string errorOf(const std::string& statement) const;

private:
    std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
};

// A server with its own data directory and UNIX socket. When the test runs as root, it runs as the user
// postgres.
class PostgresServer {
public:
    PostgresServer();
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    // Creates a standby of another server.
    struct Standby {};
    PostgresServer(const PostgresServer& primary, Standby);

    // Creates a server that also listens on 127.0.0.1, on a port of its own.
    struct Network {};
    explicit PostgresServer(Network);

    // Creates a server that is not a copy: its cluster has its own system identifier.
    struct Cluster {};
    explicit PostgresServer(Cluster);

    // Returns the server that most tests share.
    static PostgresServer& shared();

    // Creates a database with the schema, and returns its name; without the schema if `with_schema` is false.
    std::string makeDatabase(bool with_schema = true);

    // Returns the directory of its socket, for `host`.
    const std::string& directory() const { return directory_; }

    // Returns the port of its socket and on the network.
    int port() const { return port_; }

    Session session(const std::string& database, const std::string& user = "postgres") const {
        return Session(directory_, database, user, port_);
    }

    // Lets these lines of pg_hba.conf decide who may connect, besides `postgres` through the socket.
    void letIn(const std::vector<std::string>& lines) const;

    // Copies a database to another server, which has an empty one with this name.
    void dump(const std::string& database, const PostgresServer& other) const;

    void start();
    void stop(const std::string& mode = "fast");
    void promote();

    // Sends SIGSTOP or SIGCONT to all its processes.
    void signal(int number) const;

private:
    std::string data() const { return directory_ + "/data"; }
    void control(const std::string& what) const;

    void makeData() const;

    std::string directory_;
    int port_ = 5432;
    std::string addresses_; // on the network
    bool is_running_ = false;
};

} // namespace user_chk::test

#endif // USER_CHK_TESTS_DATABASE_POSTGRES_H
