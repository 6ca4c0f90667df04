// SPDX-License-Identifier: MPL-2.0
// Defines DatabaseConnection, a PostgreSQL connection whose calls all have time limits.

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

/// @brief Thrown when a request to the database failed. The text is a single line.
class DatabaseError : public std::runtime_error {
public:
    /// @brief Creates the error. The SQLSTATE is empty when the database did not answer at all.
    DatabaseError(const std::string& reason, std::string state)
        : std::runtime_error(reason), state_(std::move(state)) {}

    /// @brief Returns the SQLSTATE (PostgreSQL manual, appendix A).
    const std::string& state() const { return state_; }

private:
    std::string state_;
};

/// @brief The rows that a query returned.
class DatabaseRows {
public:
    /// @brief Takes ownership of a libpq result.
    explicit DatabaseRows(PGresult* result) : result_(result, &PQclear) {}

    /// @brief Returns the number of rows.
    int count() const { return PQntuples(result_.get()); }

    /// @brief True when a field is null.
    bool isNull(int row, int column) const { return PQgetisnull(result_.get(), row, column) == 1; }

    /// @brief Returns the bytes of a field, in the binary form of its type. They are valid as long as this
    /// object.
    std::string_view field(int row, int column) const {
        return {PQgetvalue(result_.get(), row, column),
                static_cast<size_t>(PQgetlength(result_.get(), row, column))};
    }

private:
    std::unique_ptr<PGresult, void (*)(PGresult*)> result_;
};

/// @brief A connection to a database that may be down, slow, or fail in the middle of an answer.
///
/// Only one thread at a time may use it, except that any thread may call wake() and stop(). A call that waits
/// for the database ends when the database was silent for @ref PATIENCE, and soon after stop(). A
/// DatabaseError without an SQLSTATE closes the connection.
class DatabaseConnection {
public:
    /// @brief The clock for all time limits.
    typedef std::chrono::steady_clock Clock;

    /// @brief No limit other than @ref PATIENCE.
    static constexpr Clock::time_point NO_LIMIT = Clock::time_point::max();

    /// @brief How long a connected database may be silent while it owes an answer.
    static constexpr std::chrono::seconds PATIENCE{5};

    /// @brief Creates a connection that is not open.
    explicit DatabaseConnection(DatabaseSettings settings);

    ~DatabaseConnection();
    DatabaseConnection(const DatabaseConnection&) = delete;
    DatabaseConnection& operator=(const DatabaseConnection&) = delete;

    /// @brief Connects to the first host that accepts.
    ///
    /// @param limit when to give up. Within it, the look-up of a host name may take `connect-timeout`, and so
    /// may each of its addresses.
    /// @throw DatabaseError with the reason of each host when none accepts.
    void open(Clock::time_point limit);

    /// @brief True after open(), until close() is called or the database fails to answer.
    bool isOpen() const { return connection_ != nullptr; }

    /// @brief Closes the connection, if it is open.
    void close();

    /// @brief Returns the connected host.
    const std::string& host() const { return host_; }

    /// @brief Returns the id of the database process that serves this connection, as reported at login. A
    /// pooler reports a different number.
    int process() const { return PQbackendPID(connection_); }

    /// @brief Runs a query. The fields of the result are in binary form.
    ///
    /// @param query one statement
    /// @param parameters the texts of its parameters `$1` and so on
    /// @param limit when to give up
    /// @throw DatabaseError when the query fails, or the limit passes.
    DatabaseRows ask(const std::string& query, std::initializer_list<std::string> parameters,
                     Clock::time_point limit);

    /// @brief The fields of a row.
    typedef std::vector<std::string_view> Fields;

    /// @brief Copies rows out of the database in binary form (PostgreSQL manual, "COPY"). No field may be
    /// null.
    ///
    /// @param statement `COPY ... TO STDOUT (FORMAT binary)`
    /// @param take called for each row; the fields are valid until it returns
    /// @param limit when to give up
    /// @throw DatabaseError when the copy fails, or the limit passes.
    void copy(const std::string& statement, const std::function<void(const Fields&)>& take,
              Clock::time_point limit);

    /// @brief Returns a text as an SQL literal, including the quotes.
    std::string quoted(const std::string& text) const;

    /// @brief Waits until the database sends a notification or closes the connection, or until wake() or
    /// stop() is called.
    ///
    /// @param limit when to return at the latest
    /// @return true when the database sent a notification.
    bool await(Clock::time_point limit);

    /// @brief Waits until wake() or stop() is called.
    ///
    /// @param limit when to return at the latest
    void awaitWake(Clock::time_point limit);

    /// @brief Ends the await() in progress, or else the next one. Any thread may call it.
    void wake();

    /// @brief Ends all present and future waits soon. Any thread may call it.
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
    std::map<std::string, std::unique_ptr<HostLookup>> lookups_; // in progress, by host
};

} // namespace user_chk

#endif // USER_CHK_DATABASE_CONNECTION_H
