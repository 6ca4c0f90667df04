// SPDX-License-Identifier: MPL-2.0
// Implements the source that reads users from a database.

#include <source/database_source.h>

#include <database/connection.h>
#include <source/database_edit.h>
#include <source/pending_edits.h>
#include <source/row_loader.h>
#include <system/utc_time.h>
#include <user_data_source.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <random>
#include <string>
#include <utility>

namespace user_chk {

namespace {

using Clock = DatabaseConnection::Clock;

// How long to wait for the first answer when the users are known from a copy: the server starts only after
// that.
constexpr std::chrono::milliseconds FIRST_PATIENCE{500};

// How long a standby may lag behind what was seen elsewhere, before all users are read from it.
constexpr std::chrono::seconds STANDBY_PATIENCE{10};

// Commits in quick succession are read together: the cost of an answer hardly depends on how many it covers.
constexpr std::chrono::milliseconds LEAST_PAUSE{50};

// How often the operator is reminded that the database is unavailable.
constexpr std::chrono::hours TOLD_AGAIN{1};

// The supported version of the schema.
constexpr int SCHEMA_VERSION = 1;

const std::string LEFT = "was disconnected, as the library is being unloaded";

// Adds to an error what the operator can do about it, as far as the SQLSTATE tells.
std::string reasonOf(const DatabaseError& error) {
    const std::string& state = error.state();
    std::string reason = error.what();
    if (state == "3F000" || state == "42P01" || state == "42883") {
        return reason + "; create.sql creates the schema user_chk";
    }
    if (state == "42501") {
        return reason + "; a server needs the rights of the role user_chk_reader";
    }
    return reason;
}

// The same for a rejected change of a user.
std::string reasonOfRefusal(const DatabaseError& error) {
    const std::string& state = error.state();
    std::string reason = error.what();
    if (state == "42501") {
        return reason + "; changing users needs the rights of the role user_chk_editor";
    }
    if (state == "25006") {
        return reason + "; a standby or a read-only database accepts no changes";
    }
    if (state == "55P03") {
        return reason + "; another transaction is changing the user";
    }
    return reason;
}

// Whether an error of the database can be caused by the cursor in the question. A connection that is lost, a
// server that lacks resources or shuts down (classes 08, 53, 57 of SQLSTATE) would fail with any cursor.
bool mayBeOfCursor(const std::string& state) {
    const std::string error_class = state.substr(0, 2);
    return !state.empty() && error_class != "08" && error_class != "53" && error_class != "57";
}

// Whether an error of its COMMIT surely rolled a transaction back: a violated constraint, a conflict.
bool isUndone(const DatabaseError& error) {
    const std::string kind = error.state().substr(0, 2);
    return kind == "23" || kind == "40";
}

// A registry in a database.
class DatabaseSource : public Source {
public:
    DatabaseSource(const DatabaseSettings& settings, const AttributeReader& reader)
        : settings_(settings), reader_(reader), name_(settings.description()), connection_(settings) {}

    bool isUnchanged() override { return true; }
    bool isSlow() const override { return true; }
    void await() override;
    void wake() override { connection_.wake(); }
    void stop() override;
    void poll(const Users& in_force, const Taker& take) override;
    void forget() override { all_ = true; }
    Edited edit(const Edit& edit, const Registry& in_force, const Patience& patience) override;
    bool hasVersions() const override { return true; }
    std::string exposure() const override { return std::string(); }
    Skipped skipped() const override;
    std::string cursor() const override;
    void resume(const std::string& cursor) override;
    std::optional<DatabaseState> database() const override;
    const std::string& name() const override { return name_; }

private:
    // What the database reported, and the cursor to continue from.
    struct Answer {
        News news;
        std::string cursor;
        BadRows bad;
        bool is_late = false;   // it lags behind what is committed
        bool needs_all = false; // all rows must be read
    };

    void connect(Clock::time_point limit);
    void listen(Clock::time_point limit);
    Answer answer(const Users& in_force, Clock::time_point limit);
    DatabaseRows askForChanges(const std::string& cursor, Clock::time_point limit);
    Answer changes(const Users& in_force, const DatabaseRows& rows) const;
    Answer everything(const Users& in_force, Clock::time_point limit);
    bool isTooEarly(const std::string& what);
    void makeEdits();
    void make(const std::shared_ptr<PendingEdits::Job>& job);
    void take(Answer answer, const Taker& take);
    void fail(const std::string& reason, const Taker& take);
    void setLoading(bool loading);

    const DatabaseSettings settings_;
    const AttributeReader reader_;
    const std::string name_;
    DatabaseConnection connection_;
    PendingEdits edits_;
    std::atomic<bool> all_{false}; // all users must be read
    bool is_resumed_ = false;      // until the first poll
    bool has_answered_ = false;
    Clock::time_point asked_at_{};
    Clock::time_point connect_at_{};
    Clock::time_point next_all_{};
    std::optional<Clock::time_point> behind_since_;
    std::optional<Clock::time_point> away_since_;
    Clock::time_point told_at_{};
    std::minstd_rand random_{std::random_device()()};

    mutable std::mutex mutex_; // guards what follows; never held during a request to the database
    std::string cursor_;
    BadRows bad_;
    DatabaseState state_;
    Clock::time_point answered_at_{};
};

void DatabaseSource::await() {
    if (!connection_.isOpen()) {
        connection_.awaitWake(connect_at_);
        return;
    }
    if (connection_.await(asked_at_ + settings_.fetch_wait_time)) {
        connection_.awaitWake(asked_at_ + LEAST_PAUSE);
    }
}

void DatabaseSource::stop() {
    connection_.stop();
    edits_.failAll(LEFT);
}

void DatabaseSource::poll(const Users& in_force, const Taker& take) {
    if (!connection_.isOpen() && Clock::now() < connect_at_ && !all_) {
        return;
    }
    const auto limit =
        std::exchange(is_resumed_, false) ? Clock::now() + FIRST_PATIENCE : DatabaseConnection::NO_LIMIT;
    try {
        asked_at_ = Clock::now();
        connect(limit);
        makeEdits();
        Answer told = answer(in_force, limit);
        const bool is_late = told.is_late;
        this->take(std::move(told), take);
        if (!is_late) {
            edits_.inForce();
        }
    } catch (const DatabaseError& ex) {
        fail(reasonOf(ex), take);
    } catch (const std::exception& ex) {
        fail(ex.what(), take);
    }
}

void DatabaseSource::connect(Clock::time_point limit) {
    if (connection_.isOpen()) {
        return;
    }
    connection_.open(limit);
    const DatabaseRows rows = connection_.ask(
        "SELECT version::text, minor::text, pg_is_in_recovery()::text, pg_backend_pid()::text "
        "FROM user_chk.schema_version",
        {}, limit);
    const std::string version(rows.count() == 1 ? rows.field(0, 0) : "unknown");
    if (version != std::to_string(SCHEMA_VERSION)) {
        throw DatabaseError(
            "the schema user_chk has version " + version + ", must be " + std::to_string(SCHEMA_VERSION), "");
    }
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        state_.host = connection_.host();
        state_.schema = version + "." + std::string(rows.field(0, 1));
        state_.standby = rows.field(0, 2) == "true";
        state_.listening = false;
        ++state_.connections;
    }
    // Behind a pooler, each request may use another session, so nobody would receive the notifications.
    if (rows.field(0, 3) == std::to_string(connection_.process())) {
        listen(limit);
    }
}

// Notifications only make changes take effect sooner. A standby cannot send any.
void DatabaseSource::listen(Clock::time_point limit) {
    try {
        connection_.ask("LISTEN user_chk", {}, limit);
        const std::lock_guard<std::mutex> lock(mutex_);
        state_.listening = true;
    } catch (const DatabaseError& ex) {
        if (ex.state().empty()) {
            throw;
        }
    }
}

DatabaseSource::Answer DatabaseSource::answer(const Users& in_force, Clock::time_point limit) {
    const std::string cursor = cursor_;
    if (all_.exchange(false) || cursor.empty()) {
        return everything(in_force, limit);
    }
    const DatabaseRows rows = askForChanges(cursor, limit);
    const std::string what(rows.field(0, 0));
    if (what == "changes") {
        behind_since_.reset();
        Answer told = changes(in_force, rows);
        return told.needs_all ? everything(in_force, limit) : std::move(told);
    }
    if (isTooEarly(what)) {
        Answer nothing;
        nothing.news.what = News::What::NOTHING;
        nothing.cursor = cursor;
        nothing.bad = bad_;
        nothing.is_late = true;
        return nothing;
    }
    Answer all = everything(in_force, limit);
    all.news.other_history = what != "all";
    return all;
}

DatabaseRows DatabaseSource::askForChanges(const std::string& cursor, Clock::time_point limit) {
    try {
        return connection_.ask("SELECT what, next::text, type, id, attributes, version::text "
                               "FROM user_chk.changes_since($1::jsonb, $2)",
                               {cursor, settings_.server_tag}, limit);
    } catch (const DatabaseError& ex) {
        all_ = mayBeOfCursor(ex.state());
        throw;
    }
}

// A standby may be about to catch up. And when full loads would follow each other, the database gets time for
// other work.
bool DatabaseSource::isTooEarly(const std::string& what) {
    if (what == "behind") {
        behind_since_ = behind_since_.value_or(Clock::now());
        return Clock::now() < *behind_since_ + STANDBY_PATIENCE;
    }
    behind_since_.reset();
    return Clock::now() < next_all_;
}

DatabaseSource::Answer DatabaseSource::changes(const Users& in_force, const DatabaseRows& rows) const {
    RowLoader loader(RowLoader::Of::CHANGES, reader_, in_force);
    for (int row = 1; row < rows.count(); ++row) {
        const auto attributes = rows.isNull(row, 4) ? std::nullopt : std::make_optional(rows.field(row, 4));
        loader.take({rows.field(row, 2), rows.field(row, 3), attributes, rows.field(row, 5)});
    }
    Answer answer;
    answer.cursor = rows.field(0, 1);
    answer.bad = bad_;
    answer.news = loader.finish(answer.bad);
    answer.needs_all = loader.needsAll();
    if (has_answered_ && answer.news.users->size() == 0 && answer.news.skipped_now == 0) {
        answer.news.what = News::What::NOTHING;
    }
    return answer;
}

DatabaseSource::Answer DatabaseSource::everything(const Users& in_force, Clock::time_point limit) {
    const std::shared_ptr<const void> loading(this, [this](const void*) { setLoading(false); });
    setLoading(true);
    const auto began = Clock::now();
    RowLoader loader(RowLoader::Of::ALL, reader_, in_force);
    Answer answer;
    try {
        connection_.ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", {}, limit);
        answer.cursor = connection_.ask("SELECT user_chk.snapshot()::text", {}, limit).field(0, 0);
        connection_.copy(
            "COPY (SELECT type, id, attributes::text, version::text FROM user_chk.registry(" +
                connection_.quoted(settings_.server_tag) + ")) TO STDOUT (FORMAT binary)",
            [&](const DatabaseConnection::Fields& fields) {
                loader.take({fields.at(0), fields.at(1), fields.at(2), fields.at(3)});
            },
            limit);
        connection_.ask("COMMIT", {}, limit);
    } catch (...) {
        all_ = true;
        throw;
    }
    behind_since_.reset();
    answer.bad = bad_;
    answer.news = loader.finish(answer.bad);
    next_all_ = Clock::now() + 2 * (Clock::now() - began);
    return answer;
}

// The users are put in force before their cursor is published, see cursor().
void DatabaseSource::take(Answer answer, const Taker& take) {
    const auto now = Clock::now();
    const bool was_away = away_since_.has_value();
    if (was_away) {
        answer.news.away = std::max(std::chrono::seconds(1),
                                    std::chrono::duration_cast<std::chrono::seconds>(now - *away_since_));
        away_since_.reset();
    }
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!state_.connected) {
            state_.since = std::chrono::system_clock::now();
        }
        state_.connected = true;
        state_.error.clear();
        state_.told = std::chrono::system_clock::now();
        answered_at_ = now;
        bad_ = std::move(answer.bad);
    }
    has_answered_ = true;
    if (answer.news.what != News::What::NOTHING || was_away) {
        take(std::move(answer.news));
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    cursor_ = std::move(answer.cursor);
}

void DatabaseSource::fail(const std::string& reason, const Taker& take) {
    connection_.close();
    edits_.failAll(reason);
    const auto now = Clock::now();
    const auto wait = settings_.reconnect_wait_time;
    connect_at_ =
        now + wait / 2 + std::chrono::milliseconds(random_() % static_cast<uint64_t>(wait.count() + 1));
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (state_.connected || state_.error.empty()) {
            state_.since = std::chrono::system_clock::now();
        }
        state_.connected = false;
        state_.listening = false;
        state_.error = reason;
    }
    if (away_since_ && now < told_at_ + TOLD_AGAIN) {
        return;
    }
    away_since_ = away_since_.value_or(now);
    told_at_ = now;
    News news;
    news.error = name_ + ": " + reason;
    take(std::move(news));
}

void DatabaseSource::setLoading(bool loading) {
    const std::lock_guard<std::mutex> lock(mutex_);
    state_.loading = loading;
}

Edited DatabaseSource::edit(const Edit& edit, const Registry& in_force, const Patience& patience) {
    if (settings_.readonly) {
        isc_throw(UserDataSourceError, name_ << ": is read-only for this server");
    }
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (!state_.connected) {
            isc_throw(UserDataSourceError, name_ << ": has been unavailable since " << utcText(state_.since)
                                                 << ": " << state_.error << "; nothing was changed");
        }
        if (state_.loading) {
            isc_throw(UserDataSourceError,
                      name_ << ": all users are being read, try again later; nothing was changed");
        }
    }
    if (!edit.others.empty() || edit.what == Edit::What::ADD) {
        const UsersPtr users = in_force.users();
        const auto owner = ownerOfTaken(edit, *users);
        if (owner && !(*owner == edit.id)) {
            return edit.what == Edit::What::ADD ? Edited::EXISTS : Edited::TAKEN;
        }
    }
    try {
        return edits_.await(edit, patience, [this] { wake(); });
    } catch (const UserDataSourceError& ex) {
        isc_throw(UserDataSourceError, name_ << ": " << ex.what());
    }
}

// One at a time: when the connection is lost, the remaining edits fail at once.
void DatabaseSource::makeEdits() {
    while (const auto job = edits_.take()) {
        make(job);
    }
}

// The connection is still usable afterwards, or this throws.
void DatabaseSource::make(const std::shared_ptr<PendingEdits::Job>& job) {
    try {
        edits_.decided(job, changeUser(connection_, PendingEdits::editOf(*job), settings_.server_tag,
                                       [&] { return edits_.mayCommit(*job); }));
    } catch (const DatabaseError& ex) {
        edits_.fail(*job, reasonOfRefusal(ex), isUndone(ex));
        if (!connection_.isOpen()) {
            throw;
        }
    }
}

Source::Skipped DatabaseSource::skipped() const {
    constexpr size_t MOST_TOLD = 20;
    const std::lock_guard<std::mutex> lock(mutex_);
    Skipped skipped;
    skipped.count = bad_.size();
    for (auto bad = bad_.begin(); bad != bad_.end() && skipped.first.size() < MOST_TOLD; ++bad) {
        skipped.first.push_back(bad->second.record);
    }
    return skipped;
}

// A server that continued from such a cursor would not know of bad rows.
std::string DatabaseSource::cursor() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return bad_.empty() ? cursor_ : std::string();
}

void DatabaseSource::resume(const std::string& cursor) {
    const std::lock_guard<std::mutex> lock(mutex_);
    cursor_ = cursor;
    is_resumed_ = true;
}

std::optional<DatabaseState> DatabaseSource::database() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    DatabaseState state = state_;
    if (state.told) {
        state.age = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - answered_at_);
    }
    return state;
}

} // namespace

std::unique_ptr<Source> makeDatabaseSource(const DatabaseSettings& settings, const AttributeReader& reader) {
    return std::make_unique<DatabaseSource>(settings, reader);
}

} // namespace user_chk
