// SPDX-License-Identifier: MPL-2.0
// Gives tests a PostgreSQL of their own: servers that are made from one template, databases, sessions.

#ifndef USER_CHK_TESTS_DATABASE_POSTGRES_H
#define USER_CHK_TESTS_DATABASE_POSTGRES_H

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

namespace user_chk::test {

// The rows of an answer, null as "null".
typedef std::vector<std::vector<std::string>> Rows;

// Makes a directory for what the user postgres runs.
std::string makeDirectory();

// What runs a program as the user postgres where this process is root's, with a blank at the end: such
// programs refuse root.
std::string asOwner();

// A connection of an operator or a program. A statement that fails throws, with its SQLSTATE before the text.
class Session {
public:
    Session(const std::string& directory, const std::string& database, const std::string& user = "postgres",
            int port = 5432);

    // All statements of a text, the rows of the last one.
    Rows run(const std::string& statements) const;

    // The first column of the first row.
    std::string value(const std::string& statement) const;

    // The SQLSTATE of a statement that must fail.
    std::string errorOf(const std::string& statement) const;

private:
    std::unique_ptr<PGconn, void (*)(PGconn*)> connection_;
};

// A server with a data directory and a UNIX socket of its own. As root it is run by the user postgres.
class PostgresServer {
public:
    PostgresServer();
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    // One that follows another.
    struct Standby {};
    PostgresServer(const PostgresServer& primary, Standby);

    // One that listens at 127.0.0.1 besides, at a port of its own.
    struct Network {};
    explicit PostgresServer(Network);

    // One that is no copy: its cluster has a number of its own.
    struct Cluster {};
    explicit PostgresServer(Cluster);

    // The one that most tests share.
    static PostgresServer& shared();

    // Makes a database with the schema, which is its name; `with_schema` false: an empty one.
    std::string makeDatabase(bool with_schema = true);

    // The directory of its socket: what `host` may say.
    const std::string& directory() const { return directory_; }

    // Of its socket and of the network.
    int port() const { return port_; }

    Session session(const std::string& database, const std::string& user = "postgres") const {
        return Session(directory_, database, user, port_);
    }

    // Has it let in whom these lines of pg_hba.conf say, besides `postgres` at its socket.
    void letIn(const std::vector<std::string>& lines) const;

    // Makes a database another server's too, where there is an empty one of its name.
    void dump(const std::string& database, const PostgresServer& other) const;

    void start();
    void stop(const std::string& mode = "fast");
    void promote();

    // SIGSTOP or SIGCONT to all its processes.
    void signal(int number) const;

private:
    std::string data() const { return directory_ + "/data"; }
    void control(const std::string& what) const;

    void makeData() const;

    std::string directory_;
    int port_ = 5432;
    std::string addresses_; // of the network
    bool is_running_ = false;
};

} // namespace user_chk::test

#endif // USER_CHK_TESTS_DATABASE_POSTGRES_H
