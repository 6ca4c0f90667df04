// SPDX-License-Identifier: MPL-2.0
// Implements the PostgreSQL servers for tests.

#include <database/postgres.h>

#include <support/temp_dir.h>
#include <system/file_descriptor.h>

#include <arpa/inet.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace user_chk::test {

namespace fs = std::filesystem;

namespace {

// No data of a test need to survive a crash of the machine.
const std::string OPTIONS = "-c autovacuum=off -c fsync=off -c full_page_writes=off "
                            "-c shared_buffers=64MB -c max_connections=40 -c lc_messages=C "
                            "-c unix_socket_directories=";

constexpr const char* LOOPBACK = "127.0.0.1";

fs::path binaries() {
    std::vector<fs::path> found;
    const fs::path all = "/usr/lib/postgresql";
    if (fs::exists(all)) {
        for (const auto& release : fs::directory_iterator(all)) {
            if (fs::exists(release.path() / "bin/initdb")) {
                found.push_back(release.path() / "bin");
            }
        }
    }
    if (found.empty()) {
        throw std::runtime_error("PostgreSQL's server is missing. On Debian: apt-get install postgresql");
    }
    return *std::max_element(found.begin(), found.end());
}

// PostgreSQL refuses to be run by root.
const passwd* owner() {
    return ::geteuid() == 0 ? ::getpwnam("postgres") : nullptr;
}

void runBinary(const std::string& command) {
    const std::string all =
        "cd / && " + asOwner() + binaries().string() + "/" + command + " >/dev/null </dev/null";
    if (std::system(all.c_str()) != 0) {
        throw std::runtime_error("failed: " + all);
    }
}

void initialize(const std::string& data) {
    runBinary("initdb -D " + data + " -A trust -U postgres --no-sync --no-instructions --wal-segsize=1");
}

// A newly created data directory, which all servers of this process copy.
const std::string& initialized() {
    struct Template {
        Template() { initialize(directory + "/data"); }
        ~Template() {
            std::error_code ignored;
            fs::remove_all(directory, ignored);
        }
        const std::string directory = makeDirectory();
    };
    static const Template made;
    return made.directory;
}

// Returns a port that is free at this moment.
int freePort() {
    const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::inet_addr(LOOPBACK);
    socklen_t size = sizeof(address);
    const auto any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(socket.get(), any, size) != 0 || ::getsockname(socket.get(), any, &size) != 0) {
        throw std::runtime_error("no port is free");
    }
    return ntohs(address.sin_port);
}

std::string causeOf(const PGresult* result) {
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return std::string(state != nullptr ? state : "?????") + ": " + PQresultErrorMessage(result);
}

} // namespace

// Where root may write to it, in memory: a cluster has a thousand files.
std::string makeDirectory() {
    const fs::path parent = ::geteuid() == 0 ? fs::path("/run") : fs::temp_directory_path();
    std::string name = (parent / "user_chk_pg_XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::runtime_error("mkdtemp failed: " + name);
    }
    const passwd* user = owner();
    if (user != nullptr && ::chown(name.c_str(), user->pw_uid, user->pw_gid) != 0) {
        throw std::runtime_error("chown failed: " + name);
    }
    ::chmod(name.c_str(), 0755);
    return name;
}

std::string asOwner() {
    return owner() != nullptr ? "setpriv --reuid=postgres --regid=postgres --clear-groups " : "";
}

Session::Session(const std::string& directory, const std::string& database, const std::string& user, int port)
    : connection_(PQconnectdb(("host=" + directory + " port=" + std::to_string(port) + " dbname=" + database +
                               " user=" + user)
                                  .c_str()),
                  &PQfinish) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) {
        throw std::runtime_error(PQerrorMessage(connection_.get()));
    }
    PQsetNoticeProcessor(
        connection_.get(), [](void*, const char*) {}, nullptr);
}

Rows Session::run(const std::string& statements) const {
    const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(connection_.get(), statements.c_str()),
                                                                &PQclear);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        throw std::runtime_error(causeOf(result.get()));
    }
    Rows rows;
    for (int row = 0; row < PQntuples(result.get()); ++row) {
        rows.emplace_back();
        for (int column = 0; column < PQnfields(result.get()); ++column) {
            const bool is_null = PQgetisnull(result.get(), row, column) == 1;
            rows.back().emplace_back(is_null ? "null" : PQgetvalue(result.get(), row, column));
        }
    }
    return rows;
}

std::string Session::value(const std::string& statement) const {
    return run(statement).at(0).at(0);
}

std::string Session::errorOf(const std::string& statement) const {
    return messageOf<std::runtime_error>([&] { run(statement); }).substr(0, 5);
}

PostgresServer::PostgresServer() : directory_(makeDirectory()) {
    makeData();
    start();
}

PostgresServer::PostgresServer(Cluster) : directory_(makeDirectory()) {
    initialize(data());
    start();
}

PostgresServer::PostgresServer(Network)
    : directory_(makeDirectory()), port_(freePort()), addresses_(LOOPBACK) {
    makeData();
    start();
}

void PostgresServer::makeData() const {
    fs::copy(initialized() + "/data", data(), fs::copy_options::recursive);
    if (owner() != nullptr &&
        std::system(("chown -R postgres:postgres " + data() + " && chmod 700 " + data()).c_str()) != 0) {
        throw std::runtime_error("chown failed: " + data());
    }
}

PostgresServer::PostgresServer(const PostgresServer& primary, Standby) : directory_(makeDirectory()) {
    runBinary("pg_basebackup -R --no-sync -c fast -U postgres -h " + primary.directory() + " -D " + data());
    start();
}

PostgresServer::~PostgresServer() {
    try {
        if (is_running_) {
            signal(SIGCONT);
            stop("immediate");
        }
    } catch (const std::exception&) {
        // It has ended by itself.
    }
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
}

PostgresServer& PostgresServer::shared() {
    static PostgresServer server;
    return server;
}

std::string PostgresServer::makeDatabase(bool with_schema) {
    static int number = 0;
    const std::string name = "registry" + std::to_string(++number);
    session("postgres").run("CREATE DATABASE " + name);
    if (with_schema) {
        session(name).run(readFile(USER_CHK_SCHEMA));
    }
    return name;
}

void PostgresServer::dump(const std::string& database, const PostgresServer& other) const {
    const std::string file = other.directory() + "/dump";
    runBinary("pg_dump -U postgres -h " + directory_ + " -f " + file + " " + database);
    runBinary("psql -v ON_ERROR_STOP=1 -U postgres -h " + other.directory() + " -f " + file + " " + database);
}

void PostgresServer::control(const std::string& what) const {
    runBinary("pg_ctl -w -t 60 -D " + data() + " -l " + directory_ + "/log " + what);
}

void PostgresServer::start() {
    control("start -o '" + OPTIONS + directory_ + " -c port=" + std::to_string(port_) +
            " -c listen_addresses=" + addresses_ + "'");
    is_running_ = true;
}

void PostgresServer::stop(const std::string& mode) {
    is_running_ = false;
    control("stop -m " + mode);
}

void PostgresServer::promote() {
    control("promote");
}

void PostgresServer::letIn(const std::vector<std::string>& lines) const {
    std::string rules = "local all postgres trust\nlocal replication postgres trust\n";
    for (const std::string& line : lines) {
        rules += line + "\n";
    }
    writeFile(data() + "/pg_hba.conf", rules);
    control("reload");
}

void PostgresServer::signal(int number) const {
    const std::string parent = readFile(data() + "/postmaster.pid");
    const std::string pid = parent.substr(0, parent.find('\n'));
    for (const auto& process : fs::directory_iterator("/proc")) {
        const std::string status = readFile(process.path() / "status");
        if (status.find("\nPPid:\t" + pid + "\n") != std::string::npos) {
            ::kill(std::stoi(process.path().filename()), number);
        }
    }
    ::kill(std::stoi(pid), number);
}

} // namespace user_chk::test
