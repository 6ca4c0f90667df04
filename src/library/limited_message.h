// SPDX-License-Identifier: MPL-2.0
// Defines LimitedMessage, a log message with a rate limit, so that clients cannot fill the disk by causing
// it.

#ifndef USER_CHK_LIBRARY_LIMITED_MESSAGE_H
#define USER_CHK_LIBRARY_LIMITED_MESSAGE_H

#include <messages/user_chk_log.h>
#include <system/budget.h>

namespace user_chk {

/// @brief Logs a message up to 60 times a minute. Further messages are counted, and logged at debug level
/// only. Any thread may use it.
class LimitedMessage {
public:
    /// @brief Limits a message with severity INFO, WARN or ERROR.
    LimitedMessage(const isc::log::MessageID& id, isc::log::Severity severity)
        : id_(id), severity_(severity) {}

    /// @brief Logs the message, or a debug message in its place.
    ///
    /// @param fill adds the arguments to an isc::log::Logger::Formatter; not called when nothing is logged
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
