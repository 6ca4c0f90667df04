// File created from user_chk_messages.mes

#include <cstddef>
#include <log/message_types.h>
#include <log/message_initializer.h>

namespace user_chk {

extern const isc::log::MessageID USER_CHK_BOOTP_DROPPED = "USER_CHK_BOOTP_DROPPED";
extern const isc::log::MessageID USER_CHK_CLIENT_MOVED = "USER_CHK_CLIENT_MOVED";
extern const isc::log::MessageID USER_CHK_CONFIGURATION_REFUSED = "USER_CHK_CONFIGURATION_REFUSED";
extern const isc::log::MessageID USER_CHK_DATABASE_HISTORY = "USER_CHK_DATABASE_HISTORY";
extern const isc::log::MessageID USER_CHK_DATABASE_LOST = "USER_CHK_DATABASE_LOST";
extern const isc::log::MessageID USER_CHK_DATABASE_RESUMED = "USER_CHK_DATABASE_RESUMED";
extern const isc::log::MessageID USER_CHK_GLOBAL_RESERVATIONS_OFF = "USER_CHK_GLOBAL_RESERVATIONS_OFF";
extern const isc::log::MessageID USER_CHK_HOOK_LOADED = "USER_CHK_HOOK_LOADED";
extern const isc::log::MessageID USER_CHK_HOOK_LOAD_ERROR = "USER_CHK_HOOK_LOAD_ERROR";
extern const isc::log::MessageID USER_CHK_HOOK_UNLOAD_ERROR = "USER_CHK_HOOK_UNLOAD_ERROR";
extern const isc::log::MessageID USER_CHK_LEASE4_ERROR = "USER_CHK_LEASE4_ERROR";
extern const isc::log::MessageID USER_CHK_LEASE6_ERROR = "USER_CHK_LEASE6_ERROR";
extern const isc::log::MessageID USER_CHK_LEASE_NOT_ENDED = "USER_CHK_LEASE_NOT_ENDED";
extern const isc::log::MessageID USER_CHK_LEASE_REFUSED = "USER_CHK_LEASE_REFUSED";
extern const isc::log::MessageID USER_CHK_LIBRARY_ORDER = "USER_CHK_LIBRARY_ORDER";
extern const isc::log::MessageID USER_CHK_LIFECYCLE_ERROR = "USER_CHK_LIFECYCLE_ERROR";
extern const isc::log::MessageID USER_CHK_MESSAGES_LEFT_OUT = "USER_CHK_MESSAGES_LEFT_OUT";
extern const isc::log::MessageID USER_CHK_OUTCOME_REOPENED = "USER_CHK_OUTCOME_REOPENED";
extern const isc::log::MessageID USER_CHK_OUTCOME_WRITE_FAILED = "USER_CHK_OUTCOME_WRITE_FAILED";
extern const isc::log::MessageID USER_CHK_OUTCOME_WRITE_RESUMED = "USER_CHK_OUTCOME_WRITE_RESUMED";
extern const isc::log::MessageID USER_CHK_PKT4_RECEIVE_ERROR = "USER_CHK_PKT4_RECEIVE_ERROR";
extern const isc::log::MessageID USER_CHK_PKT4_SEND_ERROR = "USER_CHK_PKT4_SEND_ERROR";
extern const isc::log::MessageID USER_CHK_PKT6_RECEIVE_ERROR = "USER_CHK_PKT6_RECEIVE_ERROR";
extern const isc::log::MessageID USER_CHK_PKT6_SEND_ERROR = "USER_CHK_PKT6_SEND_ERROR";
extern const isc::log::MessageID USER_CHK_QUERY_DENIED = "USER_CHK_QUERY_DENIED";
extern const isc::log::MessageID USER_CHK_QUERY_REGISTERED = "USER_CHK_QUERY_REGISTERED";
extern const isc::log::MessageID USER_CHK_QUERY_UNREGISTERED = "USER_CHK_QUERY_UNREGISTERED";
extern const isc::log::MessageID USER_CHK_REGISTRY_CHANGED = "USER_CHK_REGISTRY_CHANGED";
extern const isc::log::MessageID USER_CHK_REGISTRY_CHANGES = "USER_CHK_REGISTRY_CHANGES";
extern const isc::log::MessageID USER_CHK_REGISTRY_CHANGE_FAILED = "USER_CHK_REGISTRY_CHANGE_FAILED";
extern const isc::log::MessageID USER_CHK_REGISTRY_CLOSED = "USER_CHK_REGISTRY_CLOSED";
extern const isc::log::MessageID USER_CHK_REGISTRY_COPY_FAILED = "USER_CHK_REGISTRY_COPY_FAILED";
extern const isc::log::MessageID USER_CHK_REGISTRY_COPY_USED = "USER_CHK_REGISTRY_COPY_USED";
extern const isc::log::MessageID USER_CHK_REGISTRY_EXPOSED = "USER_CHK_REGISTRY_EXPOSED";
extern const isc::log::MessageID USER_CHK_REGISTRY_LOADED = "USER_CHK_REGISTRY_LOADED";
extern const isc::log::MessageID USER_CHK_REGISTRY_LOAD_FAILED = "USER_CHK_REGISTRY_LOAD_FAILED";
extern const isc::log::MessageID USER_CHK_REGISTRY_OPENED = "USER_CHK_REGISTRY_OPENED";
extern const isc::log::MessageID USER_CHK_REGISTRY_RECORDS_SKIPPED = "USER_CHK_REGISTRY_RECORDS_SKIPPED";
extern const isc::log::MessageID USER_CHK_REGISTRY_RECORD_SKIPPED = "USER_CHK_REGISTRY_RECORD_SKIPPED";
extern const isc::log::MessageID USER_CHK_REGISTRY_REMARK = "USER_CHK_REGISTRY_REMARK";
extern const isc::log::MessageID USER_CHK_RESTRICTED_SUBNET_GONE = "USER_CHK_RESTRICTED_SUBNET_GONE";
extern const isc::log::MessageID USER_CHK_STRANGER_SEEN = "USER_CHK_STRANGER_SEEN";
extern const isc::log::MessageID USER_CHK_SUBNET4_SELECT_ERROR = "USER_CHK_SUBNET4_SELECT_ERROR";
extern const isc::log::MessageID USER_CHK_SUBNET4_SELECT_REGISTRY_NULL = "USER_CHK_SUBNET4_SELECT_REGISTRY_NULL";
extern const isc::log::MessageID USER_CHK_SUBNET6_SELECT_ERROR = "USER_CHK_SUBNET6_SELECT_ERROR";
extern const isc::log::MessageID USER_CHK_SUBNET6_SELECT_REGISTRY_NULL = "USER_CHK_SUBNET6_SELECT_REGISTRY_NULL";
extern const isc::log::MessageID USER_CHK_SUBNETS_GUARDED = "USER_CHK_SUBNETS_GUARDED";
extern const isc::log::MessageID USER_CHK_SUBNET_NOT_APART = "USER_CHK_SUBNET_NOT_APART";
extern const isc::log::MessageID USER_CHK_SUBNET_NOT_GUARDED = "USER_CHK_SUBNET_NOT_GUARDED";
extern const isc::log::MessageID USER_CHK_SUBNET_RESTRICTED = "USER_CHK_SUBNET_RESTRICTED";
extern const isc::log::MessageID USER_CHK_UNRECORDED_DROPPED = "USER_CHK_UNRECORDED_DROPPED";
extern const isc::log::MessageID USER_CHK_UNREGISTERED_DROPPED = "USER_CHK_UNREGISTERED_DROPPED";
extern const isc::log::MessageID USER_CHK_UPDATE_ERROR = "USER_CHK_UPDATE_ERROR";

} // namespace user_chk

namespace {

const char* values[] = {
    "USER_CHK_BOOTP_DROPPED", "%1: BOOTP query dropped, as the lease must end and BOOTP leases never do",
    "USER_CHK_CLIENT_MOVED", "%1: address %2 is outside the subnet where the client now belongs (%3), sending a DHCPNAK",
    "USER_CHK_CONFIGURATION_REFUSED", "configuration refused, queries are dropped until a valid one is loaded: %1",
    "USER_CHK_DATABASE_HISTORY", "%1 has lost changes that this server had already seen, all users were read again",
    "USER_CHK_DATABASE_LOST", "the database does not answer, %1 users stay in force: %2",
    "USER_CHK_DATABASE_RESUMED", "%1 answers again after %2 seconds",
    "USER_CHK_GLOBAL_RESERVATIONS_OFF", "%1 is a restricted subnet, global reservations are disabled in it",
    "USER_CHK_HOOK_LOADED", "loaded with %1 users from %2, recording to %3",
    "USER_CHK_HOOK_LOAD_ERROR", "could not be loaded: %1",
    "USER_CHK_HOOK_UNLOAD_ERROR", "could not be unloaded cleanly: %1",
    "USER_CHK_LEASE4_ERROR", "error while shortening a DHCPv4 lease: %1",
    "USER_CHK_LEASE6_ERROR", "error while shortening a DHCPv6 lease: %1",
    "USER_CHK_LEASE_NOT_ENDED", "the server's lease of %1 outlives the registration of its client: %2",
    "USER_CHK_LEASE_REFUSED", "%1 is unregistered and was refused %2, which is outside its restricted subnet %3",
    "USER_CHK_LIBRARY_ORDER", "%1",
    "USER_CHK_LIFECYCLE_ERROR", "the end of a lease could not be recorded: %1",
    "USER_CHK_MESSAGES_LEFT_OUT", "%1 was left out %2 times since it was last logged",
    "USER_CHK_OUTCOME_REOPENED", "outcome file %1 was renamed or removed, recording to a new one",
    "USER_CHK_OUTCOME_WRITE_FAILED", "grants are not being recorded: %1",
    "USER_CHK_OUTCOME_WRITE_RESUMED", "grants are recorded in %1 again, %2 records could not be written",
    "USER_CHK_PKT4_RECEIVE_ERROR", "DHCPv4 query dropped, error while examining it: %1",
    "USER_CHK_PKT4_SEND_ERROR", "DHCPv4 response dropped, error while recording it: %1",
    "USER_CHK_PKT6_RECEIVE_ERROR", "DHCPv6 query dropped, error while examining it: %1",
    "USER_CHK_PKT6_SEND_ERROR", "DHCPv6 response dropped, error while recording it: %1",
    "USER_CHK_QUERY_DENIED", "%1 is denied access, query dropped",
    "USER_CHK_QUERY_REGISTERED", "%1 is registered",
    "USER_CHK_QUERY_UNREGISTERED", "%1 is treated as unregistered: %2",
    "USER_CHK_REGISTRY_CHANGED", "%1 was changed by a command: %2",
    "USER_CHK_REGISTRY_CHANGES", "%1 users changed in %2, %3 are in force",
    "USER_CHK_REGISTRY_CHANGE_FAILED", "a command could not change the registry: %1",
    "USER_CHK_REGISTRY_CLOSED", "queries are dropped until the registry can be loaded: %1",
    "USER_CHK_REGISTRY_COPY_FAILED", "the copy of the registry could not be written: %1",
    "USER_CHK_REGISTRY_COPY_USED", "%1 users from the copy %2 of %3 (%4 seconds ago) are in force, as the registry could not be loaded: %5",
    "USER_CHK_REGISTRY_EXPOSED", "%1 can be changed by users other than root and the server's own: %2",
    "USER_CHK_REGISTRY_LOADED", "%1 users from %2 are in force",
    "USER_CHK_REGISTRY_LOAD_FAILED", "registry not loaded, the last good one with %1 users stays in force: %2",
    "USER_CHK_REGISTRY_OPENED", "queries are answered again, %1 users from %2 are in force",
    "USER_CHK_REGISTRY_RECORDS_SKIPPED", "%2 bad records of %1 skipped, the first %3 are named above",
    "USER_CHK_REGISTRY_RECORD_SKIPPED", "bad record skipped: %1: %2",
    "USER_CHK_REGISTRY_REMARK", "%1: %2 (users like this: %3)",
    "USER_CHK_RESTRICTED_SUBNET_GONE", "queries of unregistered clients are dropped, their restricted subnet with id %1 is gone",
    "USER_CHK_STRANGER_SEEN", "%1 was seen for the first time, %2: %3",
    "USER_CHK_SUBNET4_SELECT_ERROR", "DHCPv4 query dropped, error while selecting its subnet: %1",
    "USER_CHK_SUBNET4_SELECT_REGISTRY_NULL", "DHCPv4 query dropped, there is no registry",
    "USER_CHK_SUBNET6_SELECT_ERROR", "DHCPv6 query dropped, error while selecting its subnet: %1",
    "USER_CHK_SUBNET6_SELECT_REGISTRY_NULL", "DHCPv6 query dropped, there is no registry",
    "USER_CHK_SUBNETS_GUARDED", "guards set in shared networks with a restricted subnet: %1",
    "USER_CHK_SUBNET_NOT_APART", "unregistered clients are restricted to %1, which registered clients use too",
    "USER_CHK_SUBNET_NOT_GUARDED", "%1 cannot be guarded, as the configuration already guards it and its pools with other classes",
    "USER_CHK_SUBNET_RESTRICTED", "the query gets subnet %1 instead of %2, its client is unregistered",
    "USER_CHK_UNRECORDED_DROPPED", "%1: response not sent, as it could not be recorded",
    "USER_CHK_UNREGISTERED_DROPPED", "query dropped, its client is unregistered and its subnet is for registered clients: %1",
    "USER_CHK_UPDATE_ERROR", "a change of the running server could not be applied: %1",
    NULL
};

const isc::log::MessageInitializer initializer(values);

} // Anonymous namespace

