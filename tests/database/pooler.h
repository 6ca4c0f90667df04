// SPDX-License-Identifier: MPL-2.0
// Gives tests their own pgbouncer in transaction mode: each transaction may use another session.

#ifndef USER_CHK_TESTS_DATABASE_POOLER_H
#define USER_CHK_TESTS_DATABASE_POOLER_H

#include <database/postgres.h>

#include <string>

namespace user_chk::test {

class Pooler {
public:
    // Waits until it accepts connections. It opens `sessions` sessions for each database.
    explicit Pooler(const PostgresServer& server, int sessions = 2);
    ~Pooler();
    Pooler(const Pooler&) = delete;
    Pooler& operator=(const Pooler&) = delete;

    // Returns the directory of its socket.
    const std::string& directory() const { return directory_; }

    // Makes it use another server from now on, without its clients' knowledge.
    void use(const PostgresServer& server) const;

private:
    void configure(const PostgresServer& server) const;
    std::string file(const char* name) const { return directory_ + "/" + name; }
    void signal(int number) const;

    const std::string directory_;
    const int sessions_;
};

} // namespace user_chk::test

#endif // USER_CHK_TESTS_DATABASE_POOLER_H
