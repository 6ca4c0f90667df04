// SPDX-License-Identifier: MPL-2.0
// Implements RegistryFollower.

#include <source/registry_follower.h>

#include <compat/prepared_file.h>
#include <source/file_exposure.h>
#include <source/line_end.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <memory>
#include <new>
#include <system_error>
#include <utility>

namespace user_chk {

using Clock = std::chrono::steady_clock;

RegistryFollower::RegistryFollower(const std::string& path, AttributeReader reader)
    : path_(path), reader_(std::move(reader)), watch_(path, FileWatch::Of::CONTENT),
      examined_(std::make_shared<Examined>()) {
    first_report_ = examine();
    if (first_report_.outcome == LoadReport::Outcome::FAILED) {
        isc_throw(UserDataSourceError, first_report_.error);
    }
}

LoadReport RegistryFollower::follow() {
    for (;;) {
        const bool quiet = watch_.isQuiet();
        if (quiet && !seconds_.isNew()) {
            return LoadReport();
        }
        if (!watch_.hasTold() && isKnown(FileSignature::of(path_), quiet)) {
            return LoadReport();
        }
        std::unique_lock<std::mutex> lock(mutex_);
        if (!examining_) {
            examining_ = true;
            break;
        }
        // What is being read may be older than this call: look again when it is done.
        examined_anew_.wait(lock, [this] { return !examining_; });
    }
    return examine();
}

LoadReport RegistryFollower::reload() {
    begin();
    return examine();
}

LoadReport RegistryFollower::reread() {
    begin();
    Examined forgotten = *examined_.get();
    forgotten.digest.reset();
    examined_.set(std::make_shared<Examined>(std::move(forgotten)));
    return examine();
}

// Waits until no other thread examines the file, and keeps others from it.
void RegistryFollower::begin() {
    std::unique_lock<std::mutex> lock(mutex_);
    examined_anew_.wait(lock, [this] { return !examining_; });
    examining_ = true;
}

std::optional<size_t> RegistryFollower::lineIn(const std::string& text, const UserId& id) const {
    const std::shared_ptr<const Examined> examined = examined_.get();
    if (!examined->table || examined->digest != std::hash<std::string>()(text)) {
        return std::nullopt;
    }
    return examined->table->lineOf(id.getType(), id.getId());
}

// Of a file that is watched, nothing can have changed under the same signature.
bool RegistryFollower::isKnown(const FileSignature& signature, bool watched) const {
    const std::shared_ptr<const Examined> examined = examined_.get();
    const auto passed = [](Clock::time_point time) { return time != NEVER && Clock::now() >= time; };
    return examined->signature == signature && !passed(examined->try_again_at) &&
           (watched || (examined->settled && !passed(examined->read_again_at)));
}

// Run by one thread at a time: the constructor's, or the one that set examining_.
LoadReport RegistryFollower::examine() {
    // However this ends, those who wait go on.
    const std::shared_ptr<void> finish(nullptr, [this](void*) {
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            examining_ = false;
        }
        examined_anew_.notify_all();
    });
    FileWatch::Look look(watch_);
    look.setWatch();
    LoadReport report;
    examined_.set(std::make_shared<Examined>(read(*examined_.get(), report)));
    return report;
}

// Reads the file, and loads it when its content is another than before.
RegistryFollower::Examined RegistryFollower::read(const Examined& before, LoadReport& report) {
    Examined now;
    now.state = before.state;
    const auto wall_clock = std::chrono::system_clock::now().time_since_epoch();
    const auto started = Clock::now();
    FileContent content;
    try {
        content = FileContent::read(path_);
        now.digest = std::hash<std::string>()(content.text);
        now.lacks_line_end = lacksLineEnd(content.text);
        // A writer that did not finish its line in time is not waited for at each further piece of it.
        if (now.lacks_line_end && !before.lacks_line_end) {
            now.lacks_line_end = !awaitLineEnd(path_, content);
            now.digest = std::hash<std::string>()(content.text);
        }
    } catch (const std::exception& ex) {
        // Where there is no file, only a new one makes a difference. Where there is one, the next query tries
        // again: what hinders may pass without a trace on the file.
        now.digest.reset();
        now.signature = FileSignature::of(path_);
        now.settled = now.signature.error != 0;
        now.state.error = ex.what();
        now.exposure = before.exposure;
        if (now.state.error != before.state.error) {
            report.fail(now.state.error);
        }
        return now;
    }
    const bool same_times = content.signature == before.signature;
    now.signature = content.signature;
    now.first_seen = same_times ? before.first_seen : started;
    // How long it has been as it is, by the file's own times or by ours.
    const std::chrono::nanoseconds unchanged =
        std::max<std::chrono::nanoseconds>(now.signature.age(wall_clock), started - now.first_seen);
    now.settled = unchanged > now.signature.tick();
    if (unchanged <= FileSignature::HELD_UP) {
        now.read_again_at = now.first_seen + FileSignature::HELD_UP;
    }
    try {
        if (now.digest == before.digest) {
            now.table = before.table;
        } else {
            load(std::move(content.text), now, report);
        }
    } catch (const std::bad_alloc&) {
        // The file may be good.
        now.digest.reset();
        now.try_again_at = started + FileSignature::HELD_UP;
        now.state.error = path_ + ": " + std::generic_category().message(ENOMEM);
        if (now.state.error != before.state.error) {
            report.fail(now.state.error);
        }
    }
    now.exposure = exposureOf(path_);
    if (now.exposure != before.exposure) {
        report.exposure = now.exposure;
    }
    return now;
}

// Throws std::bad_alloc.
void RegistryFollower::load(std::string text, Examined& now, LoadReport& report) {
    const auto started = Clock::now();
    try {
        const auto table = std::make_shared<UserTable>(reader_);
        PreparedFile(path_, std::move(text)).readInto(*table);
        table->seal();
        registry_.replaceBy(table);
        report.outcome = LoadReport::Outcome::LOADED;
        report.remarks = table->remarks();
        now.table = table;
        now.state = {std::chrono::system_clock::now(),
                     std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started), ""};
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& ex) {
        report.fail(ex.what());
        now.state.error = ex.what();
    }
}

} // namespace user_chk
