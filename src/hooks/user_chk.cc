// SPDX-License-Identifier: MPL-2.0
// Implements UserChk.

#include <hooks/user_chk.h>

#include <messages/user_chk_log.h>
#include <outcome/record_forms.h>

#include <utility>

namespace user_chk {

namespace {

std::unique_ptr<OutcomeFile> outcomeFile(const Parameters& parameters) {
    if (parameters.outcome_events == Parameters::Events::NONE) {
        return nullptr;
    }
    const bool json = parameters.outcome_format == Parameters::Format::JSON;
    return std::make_unique<OutcomeFile>(parameters.outcome_file, json ? JSON_RECORD_END : TEXT_RECORD_END);
}

} // namespace

UserChk::UserChk(const Parameters& parameters, AttributeReader reader)
    : parameters_(parameters), registry_(parameters.registry_file, std::move(reader)),
      outcome_(outcomeFile(parameters)) {
    LOG_INFO(user_chk_logger, USER_CHK_HOOK_LOADED)
        .arg(registry_.registry().size())
        .arg(registry_.path())
        .arg(outcome_ ? outcome_->path() : "no file");
    tellWarnings(registry_.firstReport());
    if (parameters.registry_refresh == Parameters::Refresh::BACKGROUND) {
        background_ = std::make_unique<BackgroundFollower>(
            registry_, [this](const LoadReport& report) { tell(report); });
    }
}

Verdict UserChk::decide(UserId::UserIdType type, std::optional<UserId> id) {
    if (!background_) {
        tell(registry_.follow());
    }
    Verdict verdict = judge(registry_.registry(), type, std::move(id));
    tell(verdict);
    return verdict;
}

void UserChk::classify(isc::dhcp::Pkt& query, const Verdict& verdict) const {
    if (known_.classes_matter) {
        query.addClass(verdict.registered() ? parameters_.registered_class : parameters_.unregistered_class);
    }
    if (const UserRules* rules = verdict.rules()) {
        for (const isc::dhcp::ClientClass& name : rules->client_classes) {
            query.addClass(name);
        }
    }
}

bool UserChk::record(const std::string& records, size_t count) {
    const AppendReport report = outcome_->append(records, count);
    tell(report);
    return report.written;
}

void UserChk::tell(const Verdict& verdict) const {
    const char* reason = "";
    switch (verdict.standing) {
    case Verdict::Standing::REGISTERED:
        LOG_DEBUG(user_chk_logger, isc::log::DBGLVL_TRACE_BASIC, USER_CHK_QUERY_REGISTERED)
            .arg(clientText(verdict));
        return;
    case Verdict::Standing::DENIED:
        LOG_INFO(user_chk_logger, USER_CHK_QUERY_DENIED).arg(clientText(verdict));
        return;
    case Verdict::Standing::UNKNOWN:
        reason = "the registry does not have it";
        break;
    case Verdict::Standing::RESTRICTED:
        reason = "its access is restricted";
        break;
    case Verdict::Standing::EXPIRED:
        reason = "its registration has expired";
        break;
    }
    LOG_DEBUG(user_chk_logger, isc::log::DBGLVL_TRACE_BASIC, USER_CHK_QUERY_UNREGISTERED)
        .arg(clientText(verdict))
        .arg(reason);
}

void UserChk::tell(const LoadReport& report) const {
    switch (report.outcome) {
    case LoadReport::Outcome::UNCHANGED:
        break;
    case LoadReport::Outcome::LOADED:
        LOG_INFO(user_chk_logger, USER_CHK_REGISTRY_LOADED)
            .arg(registry_.registry().size())
            .arg(registry_.path());
        break;
    case LoadReport::Outcome::FAILED:
        LOG_WARN(user_chk_logger, USER_CHK_REGISTRY_LOAD_FAILED)
            .arg(registry_.registry().size())
            .arg(report.error);
        break;
    }
    tellWarnings(report);
}

void UserChk::tellWarnings(const LoadReport& report) const {
    for (const Remark& remark : report.remarks) {
        LOG_WARN(user_chk_logger, USER_CHK_REGISTRY_REMARK)
            .arg(registry_.path() + ":" + std::to_string(remark.first_line))
            .arg(remark.text)
            .arg(remark.users);
    }
    if (!report.exposure.empty()) {
        LOG_WARN(user_chk_logger, USER_CHK_REGISTRY_EXPOSED).arg(registry_.path()).arg(report.exposure);
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

std::unique_ptr<UserChk>& userChk() {
    static std::unique_ptr<UserChk> instance;
    return instance;
}

} // namespace user_chk
