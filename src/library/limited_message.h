// SPDX-License-Identifier: MPL-2.0
// Defines LimitedMessage, a message that a client can cause by what it sends, and which must not fill the
// disk.

#ifndef USER_CHK_LIBRARY_LIMITED_MESSAGE_H
#define USER_CHK_LIBRARY_LIMITED_MESSAGE_H

#include <messages/user_chk_log.h>
#include <system/budget.h>

namespace user_chk {

/// @brief Logs a message up to 60 times a minute; what is more becomes a debug message, and is counted. May
/// be used by any thread.
class LimitedMessage {
public:
    /// @brief Limits a message of a severity: INFO, WARN or ERROR.
    LimitedMessage(const isc::log::MessageID& id, isc::log::Severity severity)
        : id_(id), severity_(severity) {}

    /// @brief Logs it, or a debug message in its place.
    ///
    /// @param fill called with an isc::log::Logger::Formatter, gives it the arguments; not called when
    /// nothing is to be logged
    template <typename Fill>
    void tell(const Fill& fill) {
        if (const auto left_out = budget_.take()) {
            if (*left_out != 0) {
                LOG_INFO(user_chk_logger, USER_CHK_MESSAGES_LEFT_OUT).arg(id_).arg(*left_out);
            }
            fill(message());
        } else if (user_chk_logger.isDebugEnabled(isc::log::DBGLVL_TRACE_BASIC)) {
            fill(user_chk_logger.debug(isc::log::DBGLVL_TRACE_BASIC, id_));
        }
    }

private:
    isc::log::Logger::Formatter message() const {
        switch (severity_) {
        case isc::log::INFO:
            return user_chk_logger.info(id_);
        case isc::log::WARN:
            return user_chk_logger.warn(id_);
        default:
            return user_chk_logger.error(id_);
        }
    }

    const isc::log::MessageID id_;
    const isc::log::Severity severity_;
    Budget budget_{60};
};

} // namespace user_chk

#endif // USER_CHK_LIBRARY_LIMITED_MESSAGE_H
