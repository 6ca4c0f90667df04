// SPDX-License-Identifier: MPL-2.0
// Tests where a registration is valid.

#include <policy/scope.h>

#include <support/temp_dir.h>

#include <dhcpsrv/shared_network.h>
#include <exceptions/exceptions.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

using namespace isc::dhcp;
using isc::asiolink::IOAddress;

namespace user_chk::scope_test {
namespace {

typedef std::vector<SubnetID> Ids;
typedef std::vector<std::string> Names;

std::string scopeError(const std::string& name, const std::string& value) {
    return test::messageOf<isc::BadValue>([&] { Scope::parse({{name, value}}); });
}

TEST(ScopeTest, isEverywhereWithoutAttributes) {
    EXPECT_EQ(nullptr, Scope::parse({{"bootfile", "/b"}}));
}

TEST(ScopeTest, takesIdsAndNamesWithoutTheBlanksAroundThem) {
    const auto scope =
        Scope::parse({{"subnets", "1, 4294967294 ,007"}, {"shared-networks", " floor 2,\tcampus "}});
    ASSERT_NE(nullptr, scope);
    EXPECT_EQ((Ids{1, 4294967294, 7}), scope->subnets);
    EXPECT_EQ((Names{"floor 2", "campus"}), scope->shared_networks);
    EXPECT_EQ(Ids{3}, Scope::parse({{"subnets", "3"}})->subnets);
    EXPECT_EQ(Names{}, Scope::parse({{"subnets", "3"}})->shared_networks);
    EXPECT_EQ(Ids{}, Scope::parse({{"shared-networks", "campus"}})->subnets);
}

TEST(ScopeTest, refusesWhatIsNoIdOfASubnet) {
    for (const std::string wrong :
         {"", " ", ",", "1,", ",1", "1,,2", "0", "4294967295", "4294967296", "18446744073709551617", "-1",
          "+1", "1.0", "0x10", "1 2", "campus", "1;2"}) {
        EXPECT_EQ("invalid subnets: '" + wrong +
                      "', must be ids of subnets, 1 to 4294967294, separated by commas",
                  scopeError("subnets", wrong));
    }
}

TEST(ScopeTest, refusesSharedNetworksWithoutAName) {
    for (const std::string wrong : {"", " ", ",", "campus,", ",campus", "a,,b", "a, ,b"}) {
        EXPECT_EQ("invalid shared-networks: '" + wrong +
                      "', must be names of shared networks, separated by commas",
                  scopeError("shared-networks", wrong));
    }
}

Scope scopeOf(const Ids& subnets, const Names& networks) {
    Scope scope;
    scope.subnets = subnets;
    scope.shared_networks = networks;
    return scope;
}

// Subnets 1 and 2 share a network; subnet 3 is on its own.
template <typename Subnet, typename Network>
void expectTheWholeNetwork(const char* range) {
    std::vector<boost::shared_ptr<Subnet>> subnets;
    for (const SubnetID id : {1, 2, 3}) {
        if constexpr (std::is_same_v<Subnet, Subnet4>) {
            subnets.push_back(boost::make_shared<Subnet>(IOAddress(range), 24, 1, 2, 3, id));
        } else {
            subnets.push_back(boost::make_shared<Subnet>(IOAddress(range), 64, 1, 2, 3, 4, id));
        }
        range = id == 1 ? (std::is_same_v<Subnet, Subnet4> ? "10.0.2.0" : "2001:db8:2::")
                        : (std::is_same_v<Subnet, Subnet4> ? "10.0.3.0" : "2001:db8:3::");
    }
    const auto network = boost::make_shared<Network>("campus");
    network->add(subnets[0]);
    network->add(subnets[1]);
    const auto expect = [&](bool first, bool second, bool third, const Scope& scope) {
        EXPECT_EQ(first, scope.includes(*subnets[0]));
        EXPECT_EQ(second, scope.includes(*subnets[1]));
        EXPECT_EQ(third, scope.includes(*subnets[2]));
    };
    expect(true, true, false, scopeOf({1}, {}));
    expect(true, true, false, scopeOf({9, 2}, {}));
    expect(false, false, true, scopeOf({3}, {}));
    expect(true, true, true, scopeOf({3}, {"floor", "campus"}));
    expect(true, true, false, scopeOf({}, {"campus"}));
    expect(false, false, false, scopeOf({9}, {"Campus"}));
}

TEST(ScopeTest, ofOneSubnetIsTheWholeNetworkThatItShares) {
    expectTheWholeNetwork<Subnet4, SharedNetwork4>("10.0.1.0");
    expectTheWholeNetwork<Subnet6, SharedNetwork6>("2001:db8:1::");
}

} // namespace
} // namespace user_chk::scope_test
