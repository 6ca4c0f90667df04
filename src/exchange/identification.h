// SPDX-License-Identifier: MPL-2.0
// Defines Identification: how queries tell what their clients are looked up by.

#ifndef USER_CHK_EXCHANGE_IDENTIFICATION_H
#define USER_CHK_EXCHANGE_IDENTIFICATION_H

#include <config/identifier_settings.h>
#include <policy/client_ids.h>

#include <dhcp/option.h>
#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>
#include <eval/token.h>

namespace user_chk {

/// @brief Takes identifiers of clients from queries: only those that are configured. Any thread may ask.
class Identification {
public:
    /// @param settings what clients are looked up by
    /// @param universe the protocol
    /// @throw isc::dhcp::DhcpConfigError when the expression cannot be parsed.
    Identification(const IdentifierSettings& settings, isc::dhcp::Option::Universe universe);

    /// @brief The identifiers of the client of a DHCPv4 query.
    ClientIds idsOf(isc::dhcp::Pkt4& query) const;

    /// @brief The identifiers of the client of a DHCPv6 query.
    ClientIds idsOf(isc::dhcp::Pkt6& query) const;

    /// @brief Reads what else of a DHCPv4 query its client could be looked up by, whether or not it is.
    ///
    /// @param query the query
    /// @param known its client's own id; or one of its other identifiers, where it has no id of its own
    /// @param others is overwritten
    void readOthers(isc::dhcp::Pkt4& query, const UserId& known, std::vector<UserId>& others) const;

    /// @brief The same for a DHCPv6 query.
    void readOthers(isc::dhcp::Pkt6& query, const UserId& known, std::vector<UserId>& others) const;

    /// @brief What a client is looked up by that has some ids.
    ///
    /// @param own its own id, if it has one
    /// @param ids of any types, that one among them
    ClientIds clientOf(const std::optional<UserId>& own, const std::vector<UserId>& ids) const;

    /// @brief The identifiers of the client of a DHCPv4 query that is still as it was received, in its
    /// `data_`; idsOf() will tell the same of it.
    ///
    /// @throw what unpackedCopy() throws.
    ClientIds idsBefore(const isc::dhcp::Pkt4Ptr& query) const;

private:
    template <typename Pkt>
    ClientIds idsIn(Pkt& query) const;
    template <typename Pkt>
    void readAllBut(UserId::UserIdType known, Pkt& query, std::vector<UserId>& ids) const;

    // What clients are looked up by, in this order; empty for the id that the protocol knows them by.
    std::vector<UserId::UserIdType> types_;
    isc::dhcp::Expression expression_; // the value of flex-id; empty where that is not looked up
};

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_IDENTIFICATION_H
