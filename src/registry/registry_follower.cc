// SPDX-License-Identifier: MPL-2.0
// Implements RegistryFollower.

#include <registry/registry_follower.h>

#include <boost/make_shared.hpp>

#include <functional>
#include <memory>
#include <utility>

namespace user_chk {

using Clock = std::chrono::steady_clock;

// A registry file whose content was read already. Has each user looked at, and counts the remarks.
class RegistryFollower::TextSource : public UserFile {
public:
    TextSource(const std::string& path, UserCheck check) : UserFile(path), check_(std::move(check)) {}

    // Sets what the next open() opens with, and where it reports to.
    void prepare(std::string text, LoadReport& report) {
        prepared_ = std::move(text);
        report_ = &report;
    }

    void open() override { openText(std::move(prepared_)); }

    UserPtr readNextUser() override {
        UserPtr user = UserFile::readNextUser();
        const std::string remark = user && check_ ? check_(*user) : std::string();
        if (!remark.empty() && report_->remarks++ == 0) {
            report_->first_remark = where() + ": " + remark;
        }
        return user;
    }

private:
    UserCheck check_;
    std::string prepared_;
    LoadReport* report_ = nullptr;
};

RegistryFollower::RegistryFollower(const std::string& path, UserCheck check)
    : path_(path), source_(boost::make_shared<TextSource>(path, std::move(check))),
      examined_(std::make_shared<Examined>()) {
    registry_.setSource(source_);
    first_report_ = examine();
    if (first_report_.outcome == LoadReport::Outcome::FAILED) {
        isc_throw(UserDataSourceError, first_report_.error);
    }
}

LoadReport RegistryFollower::follow() {
    for (;;) {
        const FileSignature now = FileSignature::of(path_);
        if (isKnown(now)) {
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

bool RegistryFollower::isKnown(const FileSignature& signature) const {
    const std::shared_ptr<const Examined> examined = std::atomic_load(&examined_);
    return examined->settled && examined->signature == signature;
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
    LoadReport report;
    auto examined = std::make_shared<const Examined>(read(*examined_, report));
    std::atomic_store(&examined_, std::move(examined));
    return report;
}

// Reads the file, and loads it when its content is another than before.
RegistryFollower::Examined RegistryFollower::read(const Examined& before, LoadReport& report) {
    Examined now;
    const auto wall_clock = std::chrono::system_clock::now().time_since_epoch();
    const auto started = Clock::now();
    FileContent content;
    try {
        content = FileContent::read(path_);
    } catch (const std::exception& ex) {
        // Where there is no file, only a new one makes a difference. Where there is one, the next query tries
        // again: what hinders may pass without a trace on the file.
        now.signature = FileSignature::of(path_);
        now.settled = now.signature.error != 0;
        now.error = ex.what();
        if (now.error != before.error) {
            report.fail(now.error);
        }
        return now;
    }
    const bool same_times = content.signature == before.signature;
    now.signature = content.signature;
    now.first_seen = same_times ? before.first_seen : started;
    now.settled = now.signature.settled(wall_clock) || started - now.first_seen > now.signature.tick();
    now.digest = std::hash<std::string>()(content.text);
    now.error = now.digest == before.digest ? before.error : load(std::move(content.text), report);
    return now;
}

// Returns the error, empty for none.
std::string RegistryFollower::load(std::string text, LoadReport& report) {
    try {
        source_->prepare(std::move(text), report);
        registry_.refresh();
        report.outcome = LoadReport::Outcome::LOADED;
    } catch (const std::exception& ex) {
        report.fail(ex.what());
    }
    return report.error;
}

} // namespace user_chk
