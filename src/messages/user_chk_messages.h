// File created from user_chk_messages.mes

#ifndef USER_CHK_MESSAGES_H
#define USER_CHK_MESSAGES_H

#include <log/message_types.h>

namespace user_chk {

extern const isc::log::MessageID USER_CHK_BOOTP_DROPPED;
extern const isc::log::MessageID USER_CHK_CLIENT_MOVED;
extern const isc::log::MessageID USER_CHK_CONFIGURATION_REFUSED;
extern const isc::log::MessageID USER_CHK_DATABASE_HISTORY;
extern const isc::log::MessageID USER_CHK_DATABASE_LOST;
extern const isc::log::MessageID USER_CHK_DATABASE_RESUMED;
extern const isc::log::MessageID USER_CHK_GLOBAL_RESERVATIONS_OFF;
extern const isc::log::MessageID USER_CHK_HOOK_LOADED;
extern const isc::log::MessageID USER_CHK_HOOK_LOAD_ERROR;
extern const isc::log::MessageID USER_CHK_HOOK_UNLOAD_ERROR;
extern const isc::log::MessageID USER_CHK_LEASE4_ERROR;
extern const isc::log::MessageID USER_CHK_LEASE6_ERROR;
extern const isc::log::MessageID USER_CHK_LEASE_NOT_ENDED;
extern const isc::log::MessageID USER_CHK_LEASE_REFUSED;
extern const isc::log::MessageID USER_CHK_LIBRARY_ORDER;
extern const isc::log::MessageID USER_CHK_LIFECYCLE_ERROR;
extern const isc::log::MessageID USER_CHK_MESSAGES_LEFT_OUT;
extern const isc::log::MessageID USER_CHK_OUTCOME_REOPENED;
extern const isc::log::MessageID USER_CHK_OUTCOME_WRITE_FAILED;
extern const isc::log::MessageID USER_CHK_OUTCOME_WRITE_RESUMED;
extern const isc::log::MessageID USER_CHK_PKT4_RECEIVE_ERROR;
extern const isc::log::MessageID USER_CHK_PKT4_SEND_ERROR;
extern const isc::log::MessageID USER_CHK_PKT6_RECEIVE_ERROR;
extern const isc::log::MessageID USER_CHK_PKT6_SEND_ERROR;
extern const isc::log::MessageID USER_CHK_QUERY_DENIED;
extern const isc::log::MessageID USER_CHK_QUERY_REGISTERED;
extern const isc::log::MessageID USER_CHK_QUERY_UNREGISTERED;
extern const isc::log::MessageID USER_CHK_REGISTRY_CHANGED;
extern const isc::log::MessageID USER_CHK_REGISTRY_CHANGES;
extern const isc::log::MessageID USER_CHK_REGISTRY_CHANGE_FAILED;
extern const isc::log::MessageID USER_CHK_REGISTRY_CLOSED;
extern const isc::log::MessageID USER_CHK_REGISTRY_COPY_FAILED;
extern const isc::log::MessageID USER_CHK_REGISTRY_COPY_USED;
extern const isc::log::MessageID USER_CHK_REGISTRY_EXPOSED;
extern const isc::log::MessageID USER_CHK_REGISTRY_LOADED;
extern const isc::log::MessageID USER_CHK_REGISTRY_LOAD_FAILED;
extern const isc::log::MessageID USER_CHK_REGISTRY_OPENED;
extern const isc::log::MessageID USER_CHK_REGISTRY_RECORDS_SKIPPED;
extern const isc::log::MessageID USER_CHK_REGISTRY_RECORD_SKIPPED;
extern const isc::log::MessageID USER_CHK_REGISTRY_REMARK;
extern const isc::log::MessageID USER_CHK_RESTRICTED_SUBNET_GONE;
extern const isc::log::MessageID USER_CHK_STRANGER_SEEN;
extern const isc::log::MessageID USER_CHK_SUBNET4_SELECT_ERROR;
extern const isc::log::MessageID USER_CHK_SUBNET4_SELECT_REGISTRY_NULL;
extern const isc::log::MessageID USER_CHK_SUBNET6_SELECT_ERROR;
extern const isc::log::MessageID USER_CHK_SUBNET6_SELECT_REGISTRY_NULL;
extern const isc::log::MessageID USER_CHK_SUBNETS_GUARDED;
extern const isc::log::MessageID USER_CHK_SUBNET_NOT_APART;
extern const isc::log::MessageID USER_CHK_SUBNET_NOT_GUARDED;
extern const isc::log::MessageID USER_CHK_SUBNET_RESTRICTED;
extern const isc::log::MessageID USER_CHK_UNRECORDED_DROPPED;
extern const isc::log::MessageID USER_CHK_UNREGISTERED_DROPPED;
extern const isc::log::MessageID USER_CHK_UPDATE_ERROR;

} // namespace user_chk

#endif // USER_CHK_MESSAGES_H
