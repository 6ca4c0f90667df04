// SPDX-License-Identifier: MPL-2.0
// Gives a load test what a server passes to the callouts of each protocol: packets, subnets, leases.

#ifndef USER_CHK_TESTS_LOAD_CALLOUTS_FIXTURE_H
#define USER_CHK_TESTS_LOAD_CALLOUTS_FIXTURE_H

#include <load/library_fixture.h>

#include <exchange/protocol.h>

#include <asiolink/io_address.h>
#include <dhcp/dhcp4.h>
#include <dhcp/dhcp6.h>
#include <dhcp/docsis3_option_defs.h>
#include <dhcp/option6_ia.h>
#include <dhcp/option6_iaaddr.h>
#include <dhcp/option6_iaprefix.h>
#include <dhcp/option_int.h>
#include <dhcp/option_vendor.h>
#include <dhcpsrv/host.h>
#include <dhcpsrv/shared_network.h>
#include <dhcpsrv/srv_config.h>

#include <boost/make_shared.hpp>
#include <boost/pointer_cast.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace user_chk {
namespace test {

using namespace isc::dhcp;
using isc::asiolink::IOAddress;
using isc::hooks::HooksManager;

// The differences between the protocols in a test: the packets, the subnets, and the expected texts.
struct Tested4 : Dhcp4 {
    static constexpr const char* SERVER = "kea-dhcp4";
    static constexpr const char* RECEIVE_HOOK = "pkt4_receive";
    static constexpr const char* SELECT_HOOK = "subnet4_select";
    static constexpr const char* SEND_HOOK = "pkt4_send";
    static constexpr const char* CONFIGURED_HOOK = "dhcp4_srv_configured";
    static constexpr const char* UPDATED_HOOK = "cb4_updated";
    static inline const std::vector<const char*> LEASE_HOOKS = {"lease4_select", "lease4_renew"};
    static constexpr const char* STRANGER_RECORD = R"({"type":"HW_ADDR","id":"ffff"})";
    static constexpr const char* TYPE = UserId::HW_ADDRESS_STR;

    static Pkt4Ptr query(const std::vector<uint8_t>& id) {
        const auto packet = boost::make_shared<Pkt4>(DHCPREQUEST, 1234);
        packet->setHWAddr(boost::make_shared<HWAddr>(id, HTYPE_ETHER));
        return packet;
    }
    static Pkt4Ptr queryOfKnown() { return query({0x0c, 0x0e, 0x0a, 0x01, 0xff, 0x04}); }
    static Pkt4Ptr queryOfStranger() { return query({0xff, 0xff}); }
    static Pkt4Ptr queryWithoutId() { return boost::make_shared<Pkt4>(DHCPREQUEST, 1234); }

    static Pkt4Ptr response() {
        const auto packet = boost::make_shared<Pkt4>(DHCPACK, 1234);
        packet->setYiaddr(IOAddress("192.0.30.7"));
        return packet;
    }
    static Pkt4Ptr offer() {
        const auto packet = boost::make_shared<Pkt4>(DHCPOFFER, 1234);
        packet->setYiaddr(IOAddress("192.0.30.7"));
        return packet;
    }
    static std::vector<std::string> leases() { return {R"("address": "192.0.30.7", "valid-lifetime": 0)"}; }
    // Returns a response that grants an address of a subnet.
    static Pkt4Ptr grantIn(SubnetID id, uint32_t lifetime = 3600) {
        const auto packet = boost::make_shared<Pkt4>(DHCPACK, 1234);
        packet->setYiaddr(addressIn(id));
        packet->addOption(boost::make_shared<OptionUint32>(Option::V4, DHO_DHCP_LEASE_TIME, lifetime));
        return packet;
    }
    static uint32_t lifetimeOf(const Pkt4Ptr& packet) {
        return boost::dynamic_pointer_cast<OptionUint32>(packet->getOption(DHO_DHCP_LEASE_TIME))->getValue();
    }
    static Lease4Ptr leaseIn(SubnetID id) {
        const auto lease = boost::make_shared<Lease4>();
        lease->addr_ = addressIn(id);
        lease->subnet_id_ = id;
        return lease;
    }
    // Returns a reservation of an address of a subnet for the stranger.
    static HostPtr reservationIn(SubnetID id, const std::string& hwaddr = "ff:ff") {
        return boost::make_shared<Host>(hwaddr, "hw-address", id, SUBNET_ID_UNUSED, addressIn(id));
    }
    static Pkt4Ptr refusal() { return boost::make_shared<Pkt4>(DHCPNAK, 1234); }
    static std::string bootfileOf(const Pkt4Ptr& packet) {
        return valueOf(packet->getOption(DHO_BOOT_FILE_NAME));
    }

    static std::string valueOf(const OptionPtr& option) {
        const std::vector<uint8_t> wire = option ? option->toBinary(false) : std::vector<uint8_t>();
        return std::string(wire.begin(), wire.end());
    }

    static Subnet4Ptr subnet(SubnetID id) {
        return boost::make_shared<Subnet4>(IOAddress(0xc0000000 + (id << 8)), 24, 1, 2, 3, id);
    }
    static IOAddress addressIn(SubnetID id) { return IOAddress("192.0." + std::to_string(id) + ".7"); }

    typedef SharedNetwork4 Network;
    static CfgSubnets4Ptr subnetsOf(SrvConfig& config) { return config.getCfgSubnets4(); }
    static CfgSharedNetworks4Ptr networksOf(SrvConfig& config) { return config.getCfgSharedNetworks4(); }

    static constexpr const char* BOOTFILE_OF_KNOWN = "/v4";
    static constexpr const char* RECORD_OF_KNOWN = "id_type=HW_ADDR\nclient=hwtype=1 0c:0e:0a:01:ff:04\n"
                                                   "addr=192.0.30.7\nregistered=yes\n\n";
    static constexpr const char* RECORD_OF_STRANGER = "id_type=HW_ADDR\nclient=hwtype=1 ff:ff\n"
                                                      "addr=192.0.30.7\nregistered=no\n\n";
    static constexpr const char* STRANGER = "HW_ADDR=ffff";
    static constexpr const char* SUBNET_1 = "192.0.1.0/24";
    static constexpr const char* SUBNET_30 = "192.0.30.0/24";
};

struct Tested6 : Dhcp6 {
    static constexpr const char* SERVER = "kea-dhcp6";
    static constexpr const char* RECEIVE_HOOK = "pkt6_receive";
    static constexpr const char* SELECT_HOOK = "subnet6_select";
    static constexpr const char* SEND_HOOK = "pkt6_send";
    static constexpr const char* CONFIGURED_HOOK = "dhcp6_srv_configured";
    static constexpr const char* UPDATED_HOOK = "cb6_updated";
    static inline const std::vector<const char*> LEASE_HOOKS = {"lease6_select", "lease6_renew",
                                                                "lease6_rebind"};
    static constexpr const char* STRANGER_RECORD = R"({"type":"DUID","id":"ffffff"})";
    static constexpr const char* TYPE = UserId::DUID_STR;

    static Pkt6Ptr query(const std::vector<uint8_t>& duid) {
        const Pkt6Ptr packet = queryWithoutId();
        packet->addOption(boost::make_shared<Option>(Option::V6, D6O_CLIENTID, duid));
        return packet;
    }
    static Pkt6Ptr queryOfKnown() { return query({0, 1, 2, 3, 4, 5}); }
    static Pkt6Ptr queryOfStranger() { return query({0xff, 0xff, 0xff}); }
    static Pkt6Ptr queryWithoutId() { return boost::make_shared<Pkt6>(DHCPV6_REQUEST, 1234); }

    static Pkt6Ptr response() { return grant(DHCPV6_REPLY); }
    static Pkt6Ptr offer() { return grant(DHCPV6_ADVERTISE); }
    static Pkt6Ptr grant(uint8_t type) {
        const auto packet = boost::make_shared<Pkt6>(type, 1234);
        const auto na = boost::make_shared<Option6IA>(D6O_IA_NA, 1);
        na->addOption(boost::make_shared<Option6IAAddr>(D6O_IAADDR, IOAddress("2001:db8:30::7"), 100, 200));
        packet->addOption(na);
        const auto pd = boost::make_shared<Option6IA>(D6O_IA_PD, 2);
        pd->addOption(
            boost::make_shared<Option6IAPrefix>(D6O_IAPREFIX, IOAddress("2001:db8:2::"), 48, 100, 200));
        packet->addOption(pd);
        packet->addOption(boost::make_shared<OptionVendor>(Option::V6, VENDOR_ID_CABLE_LABS));
        return packet;
    }
    static std::vector<std::string> leases() {
        return {R"("address": "2001:db8:30::7", "valid-lifetime": 200)",
                R"("prefix": "2001:db8:2::/48", "valid-lifetime": 200)"};
    }
    // Returns a response that grants an address of a subnet.
    static Pkt6Ptr grantIn(SubnetID id, uint32_t lifetime = 3600) {
        const auto packet = boost::make_shared<Pkt6>(DHCPV6_REPLY, 1234);
        const auto na = boost::make_shared<Option6IA>(D6O_IA_NA, 1);
        na->addOption(boost::make_shared<Option6IAAddr>(D6O_IAADDR, addressIn(id), lifetime, lifetime));
        packet->addOption(na);
        return packet;
    }
    static uint32_t lifetimeOf(const Pkt6Ptr& packet) {
        const OptionPtr lease = packet->getOption(D6O_IA_NA)->getOption(D6O_IAADDR);
        return boost::dynamic_pointer_cast<Option6IAAddr>(lease)->getValid();
    }
    static Lease6Ptr leaseIn(SubnetID id) {
        const auto lease = boost::make_shared<Lease6>();
        lease->addr_ = addressIn(id);
        lease->subnet_id_ = id;
        return lease;
    }
    // Returns a reservation of an address of a subnet for the stranger.
    static HostPtr reservationIn(SubnetID id, const std::string& duid = "ff:ff:ff") {
        const auto host =
            boost::make_shared<Host>(duid, "duid", SUBNET_ID_UNUSED, id, IOAddress::IPV4_ZERO_ADDRESS());
        host->addReservation(IPv6Resrv(IPv6Resrv::TYPE_NA, addressIn(id)));
        return host;
    }
    static Pkt6Ptr refusal() { return boost::make_shared<Pkt6>(DHCPV6_REPLY, 1234); }
    static std::string bootfileOf(const Pkt6Ptr& packet) {
        const OptionPtr vendor = packet->getOption(D6O_VENDOR_OPTS);
        return vendor ? Tested4::valueOf(vendor->getOption(DOCSIS3_V6_CONFIG_FILE)) : std::string();
    }

    // The last one has the lease that response() grants.
    static Subnet6Ptr subnet(SubnetID id) {
        const auto made = boost::make_shared<Subnet6>(IOAddress("2001:db8:" + std::to_string(id) + "::"), 64,
                                                      1, 2, 3, 4, id);
        if (id == 30) {
            made->addPool(boost::make_shared<Pool6>(Lease::TYPE_PD, IOAddress("2001:db8:2::"), 48, 48));
        }
        return made;
    }
    static IOAddress addressIn(SubnetID id) { return IOAddress("2001:db8:" + std::to_string(id) + "::7"); }

    typedef SharedNetwork6 Network;
    static CfgSubnets6Ptr subnetsOf(SrvConfig& config) { return config.getCfgSubnets6(); }
    static CfgSharedNetworks6Ptr networksOf(SrvConfig& config) { return config.getCfgSharedNetworks6(); }

    static constexpr const char* BOOTFILE_OF_KNOWN = "/v6";
    static constexpr const char* RECORD_OF_KNOWN =
        "id_type=DUID\nclient=00:01:02:03:04:05\naddr=2001:db8:30::7\nregistered=yes\n\n"
        "id_type=DUID\nclient=00:01:02:03:04:05\naddr=2001:db8:2::/48\nregistered=yes\n\n";
    static constexpr const char* RECORD_OF_STRANGER =
        "id_type=DUID\nclient=ff:ff:ff\naddr=2001:db8:30::7\nregistered=no\n\n"
        "id_type=DUID\nclient=ff:ff:ff\naddr=2001:db8:2::/48\nregistered=no\n\n";
    static constexpr const char* STRANGER = "DUID=ffffff";
    static constexpr const char* SUBNET_1 = "2001:db8:1::/64";
    static constexpr const char* SUBNET_30 = "2001:db8:30::/64";
};

template <typename Tested>
class CalloutsTest : public LibraryFixture {
protected:
    typedef typename Tested::PktPtr PktPtr;
    typedef typename Tested::SubnetPtr SubnetPtr;
    typedef isc::hooks::CalloutHandlePtr HandlePtr;
    typedef typename Tested::Subnets::value_type MutableSubnetPtr;

    void SetUp() override {
        isc::process::Daemon::setProcName(Tested::SERVER);
        for (const SubnetID id : {1, 2, 30}) {
            subnets_.insert(Tested::subnet(id));
            Tested::subnetsOf(this->config())->add(subnetWith(id));
        }
        selected_ = *subnets_.begin();
        ASSERT_TRUE(loadWith());
        log_.clear();
    }

    // Creates the handle of a query as the server does.
    HandlePtr start(const PktPtr& query) {
        const HandlePtr handle = HooksManager::createCalloutHandle();
        handle->setArgument(Tested::QUERY, query);
        return handle;
    }

    HandlePtr receive(const PktPtr& query) {
        const HandlePtr handle = start(query);
        call(Tested::RECEIVE_HOOK, *handle);
        return handle;
    }

    // Returns the id of the subnet after subnet selection.
    SubnetID select(const HandlePtr& handle) {
        setSubnets(handle);
        call(Tested::SELECT_HOOK, *handle);
        return subnetOf(handle);
    }

    void setSubnets(const HandlePtr& handle) {
        handle->setArgument(Tested::SUBNET, selected_);
        handle->setArgument(Tested::SUBNETS, static_cast<const typename Tested::Subnets*>(&subnets_));
    }

    SubnetID subnetOf(const HandlePtr& handle) {
        SubnetPtr subnet;
        handle->getArgument(Tested::SUBNET, subnet);
        return subnet ? subnet->getID() : 0;
    }

    PktPtr send(const HandlePtr& handle, const PktPtr& response) {
        handle->setArgument(Tested::RESPONSE, response);
        call(Tested::SEND_HOOK, *handle);
        return response;
    }

    // Runs a whole exchange with this response. Returns its final status.
    CalloutHandle::CalloutNextStep exchange(const PktPtr& query, const PktPtr& response) {
        const HandlePtr handle = receive(query);
        select(handle);
        send(handle, response);
        return handle->getStatus();
    }

    // Has the server apply the configuration; this text is searched for classes. Returns the error, empty for
    // none.
    std::string configured(const std::string& json = "{}") {
        const auto handle = HooksManager::createCalloutHandle();
        handle->setArgument("json_config", isc::data::ConstElementPtr(isc::data::Element::fromJSON(json)));
        handle->setArgument("server_config", isc::dhcp::CfgMgr::instance().getStagingCfg());
        call(Tested::CONFIGURED_HOOK, *handle);
        std::string error;
        if (handle->getStatus() == CalloutHandle::NEXT_STEP_DROP) {
            handle->getArgument("error", error);
            EXPECT_NE("", error);
        }
        return error;
    }

    // Has the server apply a configuration with the subnets of the test.
    void configure() {
        const auto configured_subnets = Tested::subnetsOf(config());
        for (const auto& subnet : subnets_) {
            if (!configured_subnets->getSubnet(subnet->getID())) {
                configured_subnets->add(subnet);
            }
        }
        EXPECT_EQ("", configured());
    }

    void reloadWith(const std::string& more) {
        ASSERT_TRUE(unload() && loadWith(more));
        log_.clear();
    }

    // Makes the outcome file unusable, and usable again.
    void blockOutcome() {
        std::filesystem::remove(outcome_);
        std::filesystem::create_directory(outcome_);
    }
    void unblockOutcome() { std::filesystem::remove(outcome_); }

    // Creates a handle whose response has a status that another library has set.
    HandlePtr sendAfter(CalloutHandle::CalloutNextStep status) {
        const HandlePtr handle = receive(Tested::queryOfKnown());
        handle->setArgument(Tested::RESPONSE, Tested::response());
        callAfter(status, Tested::SEND_HOOK, *handle);
        return handle;
    }

    // Enrolls a user, or the default user, with these attributes: members of a JSON map.
    void enroll(const std::string& id, const std::string& attributes) {
        appendFile(registry_, std::string(R"({"type":")") + Tested::TYPE + R"(","id":")" + id + R"(",)" +
                                  attributes + "}\n");
    }
    void enrollMember(const std::string& attributes) { enroll("0c0eabcdef01", attributes); }
    void enrollDefaultUser(const std::string& attributes) { enroll("00000000", attributes); }
    static PktPtr queryOfMember() { return Tested::query({0x0c, 0x0e, 0xab, 0xcd, 0xef, 0x01}); }

    MutableSubnetPtr subnetWith(SubnetID id) {
        return *subnets_.template get<isc::dhcp::SubnetSubnetIdIndexTag>().find(id);
    }

    // Gives a subnet or a shared network a user context for this library.
    template <typename Place>
    static void say(Place& place, const std::string& user_chk) {
        place.setContext(isc::data::Element::fromJSON("{\"user-chk\": " + user_chk + "}"));
    }

    // Puts subnets into a shared network.
    boost::shared_ptr<typename Tested::Network> share(const std::vector<SubnetID>& ids) {
        const auto network = boost::make_shared<typename Tested::Network>("floor");
        for (const SubnetID id : ids) {
            network->add(subnetWith(id));
        }
        return network;
    }

    typename Tested::Subnets subnets_;
    SubnetPtr selected_;
};

typedef testing::Types<Tested4, Tested6> BothProtocols;

} // namespace test
} // namespace user_chk

#endif // USER_CHK_TESTS_LOAD_CALLOUTS_FIXTURE_H
