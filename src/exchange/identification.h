// SPDX-License-Identifier: MPL-2.0
// Defines Identification, which reads from queries the identifiers by which clients are looked up.

#ifndef USER_CHK_EXCHANGE_IDENTIFICATION_H
#define USER_CHK_EXCHANGE_IDENTIFICATION_H

#include <config/identifier_settings.h>
#include <identity/id_list.h>
#include <policy/client_ids.h>

#include <dhcp/option.h>
#include <dhcp/pkt4.h>
#include <dhcp/pkt6.h>
#include <eval/token.h>

namespace user_chk {

/// @brief Reads the configured identifiers of clients from queries. Any thread may use it.
class Identification {
public:
    /// @param settings the identifiers by which clients are looked up
    /// @param universe the protocol
    /// @throw isc::dhcp::DhcpConfigError when the expression cannot be parsed.
    Identification(const IdentifierSettings& settings, isc::dhcp::Option::Universe universe);

    /// @brief Returns the identifiers of the client of a DHCPv4 query.
    ClientIds idsOf(isc::dhcp::Pkt4& query) const;

    /// @brief Returns the identifiers of the client of a DHCPv6 query.
    ClientIds idsOf(isc::dhcp::Pkt6& query) const;

    /// @brief Reads the other identifiers in a DHCPv4 query by which its client could be looked up, whether
    /// or not they are configured.
    ///
    /// @param query the query
    /// @param known the client's own id, or one of its other identifiers if it has no id of its own
    /// @param others overwritten
    void readOthers(isc::dhcp::Pkt4& query, const UserId& known, IdList& others) const;

    /// @brief Same as above, for a DHCPv6 query.
    void readOthers(isc::dhcp::Pkt6& query, const UserId& known, IdList& others) const;

    /// @brief Returns the identifiers for the look-up of a client with some ids.
    ///
    /// @param own its own id, if it has one
    /// @param ids ids of any types, including its own
    ClientIds clientOf(const std::optional<UserId>& own, const std::vector<UserId>& ids) const;

    /// @brief Returns the identifiers of the client of an unparsed DHCPv4 query, from its `data_`, which has
    /// a whole header; idsOf() will return the same for the parsed query.
    ClientIds idsBefore(const isc::dhcp::Pkt4Ptr& query) const;

private:
    template <typename Pkt>
    ClientIds idsIn(Pkt& query) const;
    template <typename Pkt>
    void readAllBut(UserId::UserIdType known, Pkt& query, IdList& ids) const;

    // The types for the look-up, in order; empty for the protocol's own id.
    std::vector<UserId::UserIdType> types_;
    isc::dhcp::Expression expression_; // yields flex-id; empty when that is not looked up
};

} // namespace user_chk

#endif // USER_CHK_EXCHANGE_IDENTIFICATION_H
