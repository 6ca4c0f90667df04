// SPDX-License-Identifier: MPL-2.0
// Implements DatabaseConnection.

#include <database/connection.h>

#include <database/host_lookup.h>
#include <system/utf8.h>
#include <system/whole_file.h>

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <limits>
#include <system_error>
#include <utility>

namespace user_chk {

namespace {

using Clock = DatabaseConnection::Clock;

const std::string SILENT = "does not answer";

// How often the look-up is polled, and how long its answer is valid.
constexpr std::chrono::milliseconds MOST_PAUSE{50};
constexpr std::chrono::minutes LOOKUP_AGE{1};

// False for an address, for a socket directory, and for an abstract socket name.
bool isName(const std::string& host) {
    if (host.empty() || host[0] == '/' || host[0] == '@') {
        return false;
    }
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) {
        return true;
    }
    ::freeaddrinfo(found);
    return false;
}

std::vector<std::string> hostsIn(const std::string& list) {
    std::vector<std::string> hosts;
    for (size_t begin = 0; begin <= list.size();) {
        const size_t end = std::min(list.find(',', begin), list.size());
        hosts.push_back(list.substr(begin, end - begin));
        begin = end + 1;
    }
    return hosts;
}

std::string passwordIn(const std::string& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    std::string content;
    const int error = file ? readWhole(file, content) : errno;
    if (error != 0) {
        throw DatabaseError(path + ": " + std::generic_category().message(error), "");
    }
    return content.substr(0, content.find_first_of("\r\n"));
}

// libpq ends its messages with a newline, and they may have several lines.
std::string oneLine(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) {
        text.pop_back();
    }
    for (size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at)) {
        const size_t end = std::min(text.find_first_not_of(" \t\n", at), text.size());
        text.replace(at, end - at, " ");
    }
    return printable(text);
}

int millisecondsUntil(Clock::time_point limit) {
    constexpr std::chrono::milliseconds MOST{std::numeric_limits<int>::max()};
    const auto left = limit - Clock::now();
    if (left >= MOST) {
        return -1;
    }
    // Rounds up, so that a wait does not end before its limit.
    return std::max(0, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count()));
}

Clock::time_point sooner(Clock::time_point limit, std::chrono::seconds patience) {
    return std::min(limit, Clock::now() + patience);
}

// Reads numbers and fields from a row in the binary form of COPY.
class CopiedRow {
public:
    explicit CopiedRow(std::string_view bytes) : rest_(bytes) {}

    bool atEnd() const { return rest_.empty(); }

    std::string_view take(size_t length) {
        if (length > rest_.size()) {
            throw DatabaseError("sends rows in an unknown format", "");
        }
        const std::string_view taken = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return taken;
    }

    // A signed number in network byte order.
    template <typename Number>
    Number number() {
        uint64_t value = 0;
        for (const char byte : take(sizeof(Number))) {
            value = value << 8 | static_cast<uint8_t>(byte);
        }
        return static_cast<Number>(value);
    }

private:
    std::string_view rest_;
};

constexpr std::string_view COPY_SIGNATURE("PGCOPY\n\xff\r\n\0", 11);

} // namespace

DatabaseConnection::DatabaseConnection(DatabaseSettings settings)
    : settings_(std::move(settings)), wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (!wake_) {
        throw std::system_error(errno, std::generic_category(), "eventfd");
    }
}

DatabaseConnection::~DatabaseConnection() {
    close();
}

void DatabaseConnection::close() {
    PQfinish(std::exchange(connection_, nullptr));
}

void DatabaseConnection::fail(const std::string& reason) {
    close();
    throw DatabaseError(reason, "");
}

void DatabaseConnection::failAsTold() {
    const std::string reason = oneLine(PQerrorMessage(connection_));
    fail(reason.empty() ? "closed the connection" : reason);
}

void DatabaseConnection::open(Clock::time_point limit) {
    close();
    tryEach(hostsIn(settings_.host), [&](const std::string& host) {
        host_ = host;
        tryEach(addressesOf(host, sooner(limit, settings_.connect_timeout)), [&](const std::string& address) {
            openAddress(address, sooner(limit, settings_.connect_timeout));
        });
    });
}

// Throws the reasons of all attempts when none succeeds.
void DatabaseConnection::tryEach(const std::vector<std::string>& list,
                                 const std::function<void(const std::string&)>& attempt) {
    std::string reasons;
    for (const std::string& one : list) {
        try {
            attempt(one);
            return;
        } catch (const DatabaseError& ex) {
            if (stopped_) {
                throw;
            }
            reasons.append(reasons.empty() ? "" : "; ").append(ex.what());
        }
    }
    throw DatabaseError(reasons, "");
}

// libpq would wait for the name servers, however long that takes. Returns an empty address when there is
// nothing to look up.
std::vector<std::string> DatabaseConnection::addressesOf(const std::string& host, Clock::time_point limit) {
    if (!isName(host)) {
        return {""};
    }
    // A look-up that timed out earlier goes on in the background: there is never more than one per host. An
    // answer that is too old is discarded.
    std::unique_ptr<HostLookup>& lookup = lookups_[host];
    if (!lookup || (lookup->isDone() && Clock::now() > lookup->begun() + LOOKUP_AGE)) {
        lookup = std::make_unique<HostLookup>(host);
    }
    for (std::chrono::milliseconds pause(1); !lookup->isDone(); pause = std::min(2 * pause, MOST_PAUSE)) {
        const auto now = Clock::now();
        if (now >= limit) {
            fail("host " + host + " cannot be looked up: the name servers do not answer");
        }
        static_cast<void>(isReady(0, std::min(limit, now + pause)));
    }
    const std::unique_ptr<HostLookup> done = std::move(lookup);
    return done->addresses();
}

void DatabaseConnection::openAddress(const std::string& address, Clock::time_point limit) {
    const std::string password =
        settings_.password_file.empty() ? settings_.password : passwordIn(settings_.password_file);
    const std::string port = std::to_string(settings_.port);
    const std::string user_timeout =
        std::to_string(std::chrono::milliseconds(settings_.tcp_user_timeout).count());
    const std::array<std::pair<const char*, const std::string&>, 11> given = {
        {{"host", host_},
         {"hostaddr", address},
         {"port", port},
         {"dbname", settings_.name},
         {"user", settings_.user},
         {"password", password},
         {"sslmode", settings_.ssl_mode},
         {"sslrootcert", settings_.trust_anchor},
         {"sslcert", settings_.cert_file},
         {"sslkey", settings_.key_file},
         {"tcp_user_timeout", user_timeout}}};
    // Kerberos would wait for its own servers, and OpenSSL would ask the terminal for the password of a key.
    std::vector<const char*> names = {"client_encoding", "application_name", "gssencmode", "sslpassword"};
    std::vector<const char*> values = {"UTF8", "kea-user-chk", "disable", "none"};
    for (const auto& [name, value] : given) {
        if (!value.empty()) { // otherwise libpq's default applies
            names.push_back(name);
            values.push_back(value.c_str());
        }
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    connection_ = PQconnectStartParams(names.data(), values.data(), 0);
    if (connection_ == nullptr) {
        throw std::bad_alloc();
    }
    for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK;) {
        if (PQstatus(connection_) == CONNECTION_BAD || state == PGRES_POLLING_FAILED) {
            failAsTold();
        }
        if (!isReady(state == PGRES_POLLING_READING ? POLLIN : POLLOUT, limit)) {
            fail(std::string("host ").append(host_).append(" ").append(SILENT));
        }
        state = PQconnectPoll(connection_);
    }
    PQsetnonblocking(connection_, 1);
    PQsetNoticeProcessor(
        connection_, [](void*, const char*) {}, nullptr);
}

bool DatabaseConnection::takeWake() {
    uint64_t count = 0;
    return ::read(wake_.get(), &count, sizeof(count)) > 0;
}

// Waits for the connection's socket. Returns false when the limit passed first, or wake() was called and the
// caller wants that to end the wait. Throws when stop() was called.
bool DatabaseConnection::isReady(short events, Clock::time_point limit, bool ends_when_woken) {
    for (;;) {
        std::array<pollfd, 2> watched = {{{PQsocket(connection_), events, 0}, {wake_.get(), POLLIN, 0}}};
        const int count = ::poll(watched.data(), watched.size(), millisecondsUntil(limit));
        if (stopped_ && !ends_when_woken) {
            fail("was disconnected, as the library is being unloaded");
        }
        woken_ = (watched[1].revents != 0 && takeWake()) || woken_;
        if (watched[0].revents != 0) {
            return true;
        }
        if (woken_ && ends_when_woken) {
            return false;
        }
        if (count == 0) {
            return false;
        }
    }
}

void DatabaseConnection::mustBeReady(short events, Clock::time_point limit) {
    if (!isReady(events, sooner(limit, PATIENCE))) {
        fail(SILENT);
    }
}

void DatabaseConnection::read(Clock::time_point limit) {
    mustBeReady(POLLIN, limit);
    if (PQconsumeInput(connection_) != 1) {
        failAsTold();
    }
}

void DatabaseConnection::flush(Clock::time_point limit) {
    for (int left = PQflush(connection_); left != 0; left = PQflush(connection_)) {
        if (left < 0) {
            failAsTold();
        }
        mustBeReady(POLLIN | POLLOUT, limit);
        if (PQconsumeInput(connection_) != 1) {
            failAsTold();
        }
    }
}

// Returns the next result of what was sent.
DatabaseRows DatabaseConnection::result(Clock::time_point limit) {
    flush(limit);
    while (PQisBusy(connection_) == 1) {
        read(limit);
    }
    PGresult* result = PQgetResult(connection_);
    DatabaseRows rows(result);
    switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_COPY_OUT:
        return rows;
    default:
        break;
    }
    if (result == nullptr || PQstatus(connection_) != CONNECTION_OK) {
        failAsTold();
    }
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char* text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const std::string reason = oneLine(text != nullptr ? text : PQerrorMessage(connection_));
    const std::string known_state = state != nullptr ? state : "";
    while (PGresult* rest = PQgetResult(connection_)) {
        PQclear(rest);
    }
    throw DatabaseError(reason, known_state);
}

DatabaseRows DatabaseConnection::ask(const std::string& query, std::initializer_list<std::string> parameters,
                                     Clock::time_point limit) {
    std::vector<const char*> values;
    for (const std::string& parameter : parameters) {
        values.push_back(parameter.c_str());
    }
    constexpr int BINARY = 1;
    if (PQsendQueryParams(connection_, query.c_str(), static_cast<int>(values.size()), nullptr, values.data(),
                          nullptr, nullptr, BINARY) != 1) {
        failAsTold();
    }
    DatabaseRows rows = result(limit);
    // Reads the end of the answer.
    while (PQisBusy(connection_) == 1) {
        read(limit);
    }
    while (PGresult* rest = PQgetResult(connection_)) {
        PQclear(rest);
    }
    return rows;
}

void DatabaseConnection::copy(const std::string& statement, const std::function<void(const Fields&)>& take,
                              Clock::time_point limit) {
    if (PQsendQuery(connection_, statement.c_str()) != 1) {
        failAsTold();
    }
    static_cast<void>(result(limit));
    Fields fields;
    bool begun = false;
    for (;;) {
        char* bytes = nullptr;
        const int length = PQgetCopyData(connection_, &bytes, 1);
        const std::unique_ptr<char, void (*)(void*)> owner(bytes, &PQfreemem);
        if (length == 0) {
            read(limit);
            if (Clock::now() >= limit) {
                fail(SILENT + " in time");
            }
            continue;
        }
        if (length < 0) {
            break;
        }
        CopiedRow row({bytes, static_cast<size_t>(length)});
        if (!begun) {
            begun = true;
            if (row.take(COPY_SIGNATURE.size()) != COPY_SIGNATURE) {
                fail("sends rows in an unknown format");
            }
            row.number<int32_t>(); // flags
            row.take(static_cast<size_t>(row.number<int32_t>()));
        }
        while (!row.atEnd()) {
            fields.clear();
            for (auto left = row.number<int16_t>(); left > 0; --left) {
                fields.push_back(row.take(static_cast<size_t>(row.number<int32_t>())));
            }
            if (!fields.empty()) { // the end of the data has none
                take(fields);
            }
        }
    }
    while (PQstatus(connection_) == CONNECTION_OK && PQisBusy(connection_) == 1) {
        read(limit);
    }
    static_cast<void>(result(limit));
    while (PGresult* rest = PQgetResult(connection_)) {
        PQclear(rest);
    }
}

std::string DatabaseConnection::quoted(const std::string& text) const {
    const std::unique_ptr<char, void (*)(void*)> literal(
        PQescapeLiteral(connection_, text.c_str(), text.size()), &PQfreemem);
    if (!literal) {
        throw DatabaseError("'" + printable(text) + "' is not valid UTF-8", "");
    }
    return literal.get();
}

bool DatabaseConnection::await(Clock::time_point limit) {
    bool notified = takeNotifications(); // some may have arrived with the last answer
    // At the end of the input, the next request finds the connection closed.
    while (!notified && !woken_ && isReady(POLLIN, limit, true) && PQconsumeInput(connection_) == 1) {
        notified = takeNotifications();
    }
    return !std::exchange(woken_, false) && notified;
}

bool DatabaseConnection::takeNotifications() {
    bool some = false;
    while (PGnotify* notification = PQnotifies(connection_)) {
        PQfreemem(notification);
        some = true;
    }
    return some;
}

void DatabaseConnection::awaitWake(Clock::time_point limit) {
    if (std::exchange(woken_, false) || stopped_) {
        return;
    }
    pollfd watched = {wake_.get(), POLLIN, 0};
    ::poll(&watched, 1, millisecondsUntil(limit));
    takeWake();
}

void DatabaseConnection::wake() {
    const uint64_t one = 1;
    // It can only fail where the counter is full, and so has woken already.
    [[maybe_unused]] const ssize_t count = ::write(wake_.get(), &one, sizeof(one));
}

void DatabaseConnection::stop() {
    stopped_ = true;
    wake();
}

} // namespace user_chk
