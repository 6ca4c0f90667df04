// SPDX-License-Identifier: MPL-2.0
// Defines DatabaseConnection: PostgreSQL without ever waiting for it longer than it should.

#ifndef USER_CHK_DATABASE_CONNECTION_H
#define USER_CHK_DATABASE_CONNECTION_H

#include <config/database_settings.h>
#include <system/file_descriptor.h>

#include <libpq-fe.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace user_chk {

class HostLookup;

/// @brief Why a database did not do what it was asked. Its text is one line.
class DatabaseError : public std::runtime_error {
public:
    /// @brief The SQLSTATE is empty where the database did not answer at all.
    DatabaseError(const std::string& reason, std::string state)
        : std::runtime_error(reason), state_(std::move(state)) {}

    /// @brief The SQLSTATE (PostgreSQL manual, appendix A).
    const std::string& state() const { return state_; }

private:
    std::string state_;
};

/// @brief The rows that a query brought.
class DatabaseRows {
public:
    /// @brief Takes a result of libpq.
    explicit DatabaseRows(PGresult* result) : result_(result, &PQclear) {}

    /// @brief How many there are.
    int count() const { return PQntuples(result_.get()); }

    /// @brief True when a field has no value.
    bool isNull(int row, int column) const { return PQgetisnull(result_.get(), row, column) == 1; }

    /// @brief The bytes of a field, in the binary form of its type. They live as long as this.
    std::string_view field(int row, int column) const {
        return {PQgetvalue(result_.get(), row, column),
                static_cast<size_t>(PQgetlength(result_.get(), row, column))};
    }

private:
    std::unique_ptr<PGresult, void (*)(PGresult*)> result_;
};

/// @brief A connection with a database that may be away, slow or gone in the middle of an answer.
///
/// Only one thread at a time may use it, but for wake() and stop(). What waits for the database ends when
/// that has said nothing for @ref PATIENCE, and soon after stop(). A DatabaseError without an SQLSTATE closes
/// the connection.
class DatabaseConnection {
public:
    /// @brief By what it measures time.
    typedef std::chrono::steady_clock Clock;

    /// @brief No limit but @ref PATIENCE.
    static constexpr Clock::time_point NO_LIMIT = Clock::time_point::max();

    /// @brief How long a database that is connected may be silent while it is asked something.
    static constexpr std::chrono::seconds PATIENCE{5};

    /// @brief Connects to nothing yet.
    explicit DatabaseConnection(DatabaseSettings settings);

    ~DatabaseConnection();
    DatabaseConnection(const DatabaseConnection&) = delete;
    DatabaseConnection& operator=(const DatabaseConnection&) = delete;

    /// @brief Connects to the first of the hosts that lets us in.
    ///
    /// @param limit when it must have. Of that the look-up of a host's name has `connect-timeout`, and then
    /// each of its addresses.
    /// @throw DatabaseError when none did, with the reasons of each.
    void open(Clock::time_point limit);

    /// @brief True after open(), until close() or until the database did not answer.
    bool isOpen() const { return connection_ != nullptr; }

    /// @brief Ends the connection, if there is one.
    void close();

    /// @brief The host that it is connected to.
    const std::string& host() const { return host_; }

    /// @brief The process that serves it, as the database told when it let us in. A pooler tells another
    /// number.
    int process() const { return PQbackendPID(connection_); }

    /// @brief Asks a query, whose fields come in binary form.
    ///
    /// @param query one statement
    /// @param parameters the texts of its parameters `$1` and so on
    /// @param limit when it must have answered
    /// @throw DatabaseError when it did not.
    DatabaseRows ask(const std::string& query, std::initializer_list<std::string> parameters,
                     Clock::time_point limit);

    /// @brief The fields of a row.
    typedef std::vector<std::string_view> Fields;

    /// @brief Copies rows out of the database in binary form (PostgreSQL manual, "COPY"). None of the fields
    /// may be null.
    ///
    /// @param statement `COPY ... TO STDOUT (FORMAT binary)`
    /// @param take is called for each row; its fields are good until it returns
    /// @param limit when it must be done
    /// @throw DatabaseError when it could not be done.
    void copy(const std::string& statement, const std::function<void(const Fields&)>& take,
              Clock::time_point limit);

    /// @brief A text as a literal of SQL, quotes included.
    std::string quoted(const std::string& text) const;

    /// @brief Waits until the database notifies, closes the connection, or wake() or stop() is called.
    ///
    /// @param limit when to return at last
    /// @return true when it was the database that notified.
    bool await(Clock::time_point limit);

    /// @brief Waits until wake() or stop() is called.
    ///
    /// @param limit when to return at last
    void awaitWake(Clock::time_point limit);

    /// @brief Has one await() end: that which waits, or else the next one. Any thread may call it.
    void wake();

    /// @brief Has whatever waits end soon, now and from now on. Any thread may call it.
    void stop();

private:
    void tryEach(const std::vector<std::string>& list,
                 const std::function<void(const std::string&)>& attempt);
    std::vector<std::string> addressesOf(const std::string& host, Clock::time_point limit);
    void openAddress(const std::string& address, Clock::time_point limit);
    [[noreturn]] void fail(const std::string& reason);
    [[noreturn]] void failAsTold();
    bool isReady(short events, Clock::time_point limit, bool ends_when_woken = false);
    void mustBeReady(short events, Clock::time_point limit);
    void flush(Clock::time_point limit);
    DatabaseRows result(Clock::time_point limit);
    void read(Clock::time_point limit);
    bool takeWake();
    bool takeNotifications();

    const DatabaseSettings settings_;
    const FileDescriptor wake_; // an eventfd
    std::atomic<bool> stopped_{false};
    bool woken_ = false;
    PGconn* connection_ = nullptr;
    std::string host_;
    std::map<std::string, std::unique_ptr<HostLookup>> lookups_; // under way, by host
};

} // namespace user_chk

#endif // USER_CHK_DATABASE_CONNECTION_H
