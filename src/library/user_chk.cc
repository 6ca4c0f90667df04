// SPDX-License-Identifier: MPL-2.0
// Implements UserChk.

#include <library/user_chk.h>

#include <audit/record_forms.h>
#include <identity/id_text.h>
#include <library/attribute_reader.h>
#include <messages/user_chk_log.h>
#include <source/database_source.h>
#include <source/file_source.h>
#include <system/file_attributes.h>
#include <system/utc_time.h>
#include <user_data_source.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace user_chk {

namespace {

void checkIsAnother(const char* name, const std::string& path, const char* other_name,
                    const std::string& other) {
    if (isSameFile(other, path)) {
        isc_throw(isc::dhcp::DhcpConfigError,
                  "invalid " << name << ": '" << path << "', must be a different file from " << other_name);
    }
}

void checkIsNoRegistry(const char* name, const std::string& path, const Parameters& parameters) {
    if (!parameters.registry_database) {
        checkIsAnother(name, path, "registry-file", parameters.registry_file);
    }
}

// Returns what the last good copy is a copy of.
std::string originOf(const Parameters& parameters) {
    if (!parameters.registry_database) {
        return "file " + parameters.registry_file;
    }
    return parameters.registry_database->description() + ", server-tag " +
           parameters.registry_database->server_tag;
}

std::unique_ptr<Source> sourceOf(const Parameters& parameters, const AttributeReader& reader) {
    if (parameters.registry_database) {
        return makeDatabaseSource(*parameters.registry_database, reader);
    }
    return std::make_unique<FileSource>(parameters.registry_file,
                                        RecordRules{reader, parameters.skipsErrors()});
}

std::unique_ptr<LastGoodCopy> copyFile(const Parameters& parameters) {
    if (parameters.registry_copy.empty()) {
        return nullptr;
    }
    checkIsNoRegistry("registry-copy", parameters.registry_copy, parameters);
    return std::make_unique<LastGoodCopy>(parameters.registry_copy, originOf(parameters));
}

std::unique_ptr<OutcomeFile> outcomeFile(const Parameters& parameters) {
    if (parameters.outcome_events == Parameters::Events::NONE) {
        return nullptr;
    }
    checkIsNoRegistry("outcome-file", parameters.outcome_file, parameters);
    if (!parameters.registry_copy.empty()) {
        checkIsAnother("outcome-file", parameters.outcome_file, "registry-copy", parameters.registry_copy);
    }
    const bool json = parameters.outcome_format == Parameters::Format::JSON;
    return std::make_unique<OutcomeFile>(parameters.outcome_file, json ? JSON_RECORD_END : TEXT_RECORD_END);
}

std::unique_ptr<const FileWatchPair> watchesOf(const Source& source, const OutcomeFile* outcome) {
    const FileWatch* watch = source.watch();
    return watch != nullptr && outcome != nullptr
               ? std::make_unique<const FileWatchPair>(*watch, outcome->watch())
               : nullptr;
}

// A reader that sets a flag when a registration has a start or an end time.
AttributeReader noticingEnds(AttributeReader read, std::atomic<bool>& some_end) {
    return [read = std::move(read), &some_end](UserId::UserIdType type, const PropertyMap& attributes) {
        Meaning meaning = read(type, attributes);
        if (meaning.rules && meaning.rules->endsLeases()) {
            some_end = true;
        }
        return meaning;
    };
}

// Returns where a client was seen.
std::string placeText(const StrangerTraits& traits) {
    std::string text = "interface " + traits.interface;
    if (traits.relay) {
        text += ", relay " + traits.relay->toText();
    }
    for (const UserId& id : traits.others.ids()) {
        text += ", " + textOf(id);
    }
    return text;
}

} // namespace

UserChk::UserChk(const Parameters& parameters, ReadingContext context, Start start)
    : parameters_(parameters), site_(parameters),
      identification_(parameters.identifiers, context.definitions.universe()),
      context_(
          std::make_shared<Published<ReadingContext>>(std::make_shared<ReadingContext>(std::move(context)))),
      reader_(noticingEnds(makeAttributeReader(context_), some_end_)), copy_(copyFile(parameters)),
      registry_(sourceOf(parameters, reader_), fallback(start)),
      editor_(registry_, makeAttributeReader(context_), [this](const LoadReport& report) { tell(report); }),
      outcome_(outcomeFile(parameters)), watches_(watchesOf(source(), outcome_.get())),
      strangers_(parameters.strangers_kept),
      refused_(parameters.outcome_events == Parameters::Events::LIFECYCLE ? std::make_unique<RefusalLimit>()
                                                                          : nullptr),
      statistics_(parameters.registry_database.has_value()) {
    tellStart();
    if (copy_) {
        copy_keeper_ = std::make_unique<CopyKeeper>(
            [this] { writeCopy(); },
            [this](const std::string& reason, bool is_new) { tellNoCopy(reason, is_new); });
        if (registry_.firstReport().outcome == LoadReport::Outcome::LOADED) {
            copy_keeper_->changed();
        }
    }
    if (parameters.registry_refresh == Parameters::Refresh::BACKGROUND) {
        registry_.followBeside([this](const LoadReport& report) { tell(report); });
    }
}

UserChk::~UserChk() {
    // Its thread reports to this object.
    registry_.stop();
}

Fallback UserChk::fallback(Start start) const {
    Fallback fallback;
    if (copy_) {
        fallback.copy = [this] { return copy_->read(reader_); };
    }
    fallback.nobody = start == Start::MAY_CLOSE;
    return fallback;
}

void UserChk::readBy(ReadingContext context) {
    const bool anew = !(context.definitions == *optionDefinitions());
    context_->set(std::make_shared<ReadingContext>(std::move(context)));
    if (anew) {
        tell(registry_.reread());
    }
}

std::shared_ptr<const OptionDefinitions> UserChk::optionDefinitions() const {
    const std::shared_ptr<const ReadingContext> context = context_->get();
    return {context, &context->definitions};
}

void UserChk::account(const Verdict& verdict) {
    ++counts_[verdict.denied()       ? DENIED_QUERIES
              : verdict.registered() ? REGISTERED_QUERIES
                                     : UNREGISTERED_QUERIES];
    tell(verdict);
}

OutcomeFile::Glance UserChk::follow() {
    if (parameters_.registry_refresh != Parameters::Refresh::PACKET) {
        return OutcomeFile::Glance();
    }
    if (!watches_) {
        tell(registry_.follow());
        return OutcomeFile::Glance();
    }
    const auto [registry, outcome] = watches_->areQuiet();
    if (registry_.hasChanged(registry)) {
        tell(registry_.takeChange());
    }
    return OutcomeFile::Glance(outcome);
}

void UserChk::tellOfEndlessLease(const Verdict& verdict) {
    endless_.tell([&](isc::log::Logger::Formatter message) { message.arg(clientText(verdict)); });
}

UsersPtr UserChk::users() {
    follow();
    if (registry_.isClosed()) {
        isc_throw(isc::InvalidOperation, "there is no registry yet: " << registry_.state().error);
    }
    return usersInForce();
}

bool UserChk::isClosed() {
    if (!registry_.isClosed()) {
        return false;
    }
    follow();
    if (!registry_.isClosed()) {
        return false;
    }
    if (closed_.isNew()) {
        LOG_ERROR(user_chk_logger, USER_CHK_REGISTRY_CLOSED).arg(registry_.state().error);
    }
    return true;
}

void UserChk::writeCopy() {
    // In this order, so that the users are not older than the cursor.
    const std::string cursor = source().cursor();
    copy_->write(*registry_.registry().users(), cursor);
}

void UserChk::tellNoCopy(const std::string& reason, bool is_new) {
    ++counts_[COPY_FAILURES];
    if (is_new) {
        LOG_WARN(user_chk_logger, USER_CHK_REGISTRY_COPY_FAILED).arg(reason);
    }
}

void UserChk::keepCopy() {
    if (copy_keeper_) {
        copy_keeper_->begin();
    }
}

bool UserChk::change(const std::string& what, const std::function<bool(RegistryEditor&)>& change) {
    bool changed = false;
    try {
        changed = change(editor_);
    } catch (const UserDataSourceError& ex) {
        LOG_WARN(user_chk_logger, USER_CHK_REGISTRY_CHANGE_FAILED).arg(ex.what());
        throw;
    }
    if (changed) {
        LOG_INFO(user_chk_logger, USER_CHK_REGISTRY_CHANGED).arg(source().name()).arg(what);
        tell(registry_.follow());
        const std::string error = source().isSlow() ? std::string() : registry_.state().error;
        if (!error.empty()) {
            isc_throw(isc::InvalidOperation, what << " in the file, but not in force: " << error << "; "
                                                  << registry_.registry().size() << " users stay in force");
        }
    }
    return changed;
}

void UserChk::reload() {
    tell(registry_.reload());
    const std::string error = registry_.state().error;
    if (registry_.isClosed()) {
        isc_throw(isc::InvalidOperation, error << "; queries are dropped until it can be loaded");
    }
    if (!error.empty()) {
        isc_throw(isc::InvalidOperation,
                  error << "; " << registry_.registry().size() << " users stay in force");
    }
}

void UserChk::list(const Verdict& verdict,
                   const std::function<void(const UserId&, StrangerTraits&)>& describe) {
    const UserId* id = verdict.listedId();
    if (id == nullptr || !strangers_.keeps()) {
        return;
    }
    const bool is_new =
        strangers_.sawQuery(*id, std::chrono::system_clock::now(), wordOf(verdict.standing),
                            reasonOf(verdict), [&](StrangerTraits& traits) { describe(*id, traits); });
    if (is_new) {
        stranger_.tell([&](isc::log::Logger::Formatter message) {
            StrangerTraits traits;
            describe(*id, traits);
            message.arg(clientText(verdict)).arg(reasonOf(verdict)).arg(placeText(traits));
        });
    }
}

bool UserChk::recordsRefusalOf(const UserId& id) {
    return refused_ && refused_->take(id, std::chrono::system_clock::now());
}

void UserChk::count(Counter counter) {
    ++counts_.at(counter);
}

Counts UserChk::counts() const {
    Counts counts = {};
    std::copy(counts_.begin(), counts_.end(), counts.begin());
    if (outcome_) {
        const AppendCounters appended = outcome_->counters();
        counts[OUTCOME_RECORDS] = appended.written;
        counts[OUTCOME_FAILURES] = appended.failed;
    }
    if (const auto database = source().database()) {
        counts[REGISTRY_RECONNECTS] = std::max<size_t>(1, database->connections) - 1;
    }
    return counts;
}

void UserChk::publishStatistics() {
    const auto database = [this] { return source().database().value_or(DatabaseState()); };
    statistics_.publish({[this] { return registry_.registry().size(); }, [this] { return skipped().count; },
                         [this] { return strangers_.size(); },
                         [&] { return static_cast<size_t>(database().connected ? 1 : 0); },
                         [&] { return static_cast<size_t>(database().age.count()); }},
                        counts());
}

bool UserChk::record(std::string_view records, size_t count, const OutcomeFile::Glance& glance) {
    const AppendReport report = outcome_->append(records, count, glance);
    tell(report);
    return report.written;
}

void UserChk::tell(const Verdict& verdict) {
    if (verdict.denied()) {
        denied_.tell([&](isc::log::Logger::Formatter message) { message.arg(clientText(verdict)); });
    } else if (verdict.registered()) {
        LOG_DEBUG(user_chk_logger, isc::log::DBGLVL_TRACE_BASIC, USER_CHK_QUERY_REGISTERED)
            .arg(clientText(verdict));
    } else {
        LOG_DEBUG(user_chk_logger, isc::log::DBGLVL_TRACE_BASIC, USER_CHK_QUERY_UNREGISTERED)
            .arg(clientText(verdict))
            .arg(reasonOf(verdict));
    }
}

// Reports the first load.
void UserChk::tellStart() {
    const LoadReport& report = registry_.firstReport();
    ++counts_[report.outcome == LoadReport::Outcome::LOADED ? REGISTRY_LOADS : REGISTRY_FAILURES];
    const bool is_copy = report.outcome == LoadReport::Outcome::COPIED;
    LOG_INFO(user_chk_logger, USER_CHK_HOOK_LOADED)
        .arg(registry_.registry().size())
        .arg(is_copy ? copy_->path() : source().name())
        .arg(outcome_ ? outcome_->path() : "no file");
    if (is_copy) {
        const auto written = *registry_.state().copied_at;
        const auto age = std::chrono::system_clock::now() - written;
        LOG_WARN(user_chk_logger, USER_CHK_REGISTRY_COPY_USED)
            .arg(registry_.registry().size())
            .arg(copy_->path())
            .arg(utcText(written))
            .arg(std::max<int64_t>(0, std::chrono::duration_cast<std::chrono::seconds>(age).count()))
            .arg(report.error);
        const std::string exposure = exposureOf(copy_->path());
        if (!exposure.empty()) {
            LOG_WARN(user_chk_logger, USER_CHK_REGISTRY_EXPOSED).arg(copy_->path()).arg(exposure);
        }
    } else if (registry_.isClosed()) {
        LOG_ERROR(user_chk_logger, USER_CHK_REGISTRY_CLOSED).arg(report.error);
    }
    tellWarnings(report);
}

void UserChk::tell(const LoadReport& report) {
    switch (report.outcome) {
    case LoadReport::Outcome::UNCHANGED:
    case LoadReport::Outcome::COPIED: // on the first load only
        break;
    case LoadReport::Outcome::LOADED:
        tellLoaded(report);
        if (report.opened) {
            LOG_INFO(user_chk_logger, USER_CHK_REGISTRY_OPENED)
                .arg(registry_.registry().size())
                .arg(source().name());
        }
        if (copy_keeper_) {
            copy_keeper_->changed();
        }
        break;
    case LoadReport::Outcome::FAILED:
        ++counts_[REGISTRY_FAILURES];
        if (registry_.isClosed()) {
            LOG_ERROR(user_chk_logger, USER_CHK_REGISTRY_CLOSED).arg(report.error);
            break;
        }
        tellFailed(report);
        break;
    }
    tellWarnings(report);
}

void UserChk::tellFailed(const LoadReport& report) const {
    if (parameters_.registry_database) {
        LOG_WARN(user_chk_logger, USER_CHK_DATABASE_LOST).arg(registry_.registry().size()).arg(report.error);
    } else {
        LOG_WARN(user_chk_logger, USER_CHK_REGISTRY_LOAD_FAILED)
            .arg(registry_.registry().size())
            .arg(report.error);
    }
}

// A database has many changes, and an answer without any is not a load.
void UserChk::tellLoaded(const LoadReport& report) {
    constexpr size_t MANY_CHANGES = 100;
    const bool is_file = !parameters_.registry_database;
    counts_[REGISTRY_CHANGES] += report.changes;
    counts_[REGISTRY_LOADS] += is_file || report.everything ? 1 : 0;
    if (report.away.count() > 0) {
        LOG_INFO(user_chk_logger, USER_CHK_DATABASE_RESUMED).arg(source().name()).arg(report.away.count());
    }
    if (report.other_history) {
        LOG_WARN(user_chk_logger, USER_CHK_DATABASE_HISTORY).arg(source().name());
    }
    if (is_file || report.everything) {
        LOG_INFO(user_chk_logger, USER_CHK_REGISTRY_LOADED)
            .arg(registry_.registry().size())
            .arg(source().name());
    } else if (report.changes >= MANY_CHANGES) {
        LOG_INFO(user_chk_logger, USER_CHK_REGISTRY_CHANGES)
            .arg(report.changes)
            .arg(source().name())
            .arg(registry_.registry().size());
    } else {
        LOG_DEBUG(user_chk_logger, isc::log::DBGLVL_TRACE_BASIC, USER_CHK_REGISTRY_CHANGES)
            .arg(report.changes)
            .arg(source().name())
            .arg(registry_.registry().size());
    }
}

void UserChk::tellWarnings(const LoadReport& report) const {
    for (const BadRecord& bad : report.skipped) {
        LOG_WARN(user_chk_logger, USER_CHK_REGISTRY_RECORD_SKIPPED).arg(bad.place).arg(bad.reason);
    }
    if (report.skipped_now > report.skipped.size()) {
        LOG_WARN(user_chk_logger, USER_CHK_REGISTRY_RECORDS_SKIPPED)
            .arg(source().name())
            .arg(report.skipped_now)
            .arg(report.skipped.size());
    }
    for (const Remark& remark : report.remarks) {
        LOG_WARN(user_chk_logger, USER_CHK_REGISTRY_REMARK)
            .arg(source().name() + (remark.first_line != 0 ? ":" + std::to_string(remark.first_line) : ""))
            .arg(remark.text)
            .arg(remark.users);
    }
    if (!report.exposure.empty()) {
        LOG_WARN(user_chk_logger, USER_CHK_REGISTRY_EXPOSED).arg(source().name()).arg(report.exposure);
    }
}

void UserChk::tell(const AppendReport& report) const {
    if (report.began_failing) {
        LOG_ERROR(user_chk_logger, USER_CHK_OUTCOME_WRITE_FAILED).arg(report.error);
    }
    if (report.reopened) {
        LOG_INFO(user_chk_logger, USER_CHK_OUTCOME_REOPENED).arg(outcome_->path());
    }
    if (report.lost != 0) {
        LOG_INFO(user_chk_logger, USER_CHK_OUTCOME_WRITE_RESUMED).arg(outcome_->path()).arg(report.lost);
    }
}

} // namespace user_chk
