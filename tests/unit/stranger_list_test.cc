// SPDX-License-Identifier: MPL-2.0
// Tests which unregistered clients are kept.

#include <audit/stranger_list.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

namespace user_chk::stranger_list_test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

UserId idOf(uint32_t number) {
    return {UserId::HW_ADDRESS,
            std::vector<uint8_t>{2, 0, static_cast<uint8_t>(number >> 24), static_cast<uint8_t>(number >> 16),
                                 static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number)}};
}

const GrantedLeases LEASE = {GrantedLease{isc::asiolink::IOAddress("10.9.0.1"), 0, 0, 0}};

bool all(const Stranger&) {
    return true;
}

// In a flood, a few clients are taken for others whose hashes are alike. With this seed, none of those that
// these tests look for are.
constexpr HashOfId HASH_OF{1};

// A list with a clock.
class Strangers {
public:
    explicit Strangers(size_t most) : list(most, HASH_OF) {}

    bool see(uint32_t number, const std::string& hostname = "host") {
        return list.sawQuery(idOf(number), now, "unknown", "it is not in the registry",
                             [&](StrangerTraits& traits) {
                                 ++described;
                                 traits.hostname = hostname;
                             });
    }

    // A client that is seen, and seen again later.
    void seeTwice(uint32_t number) {
        see(number);
        now += seconds(2);
        see(number);
    }

    std::vector<uint32_t> listed(size_t limit = SIZE_MAX) {
        std::vector<uint32_t> numbers;
        for (const Stranger& stranger : list.list(limit, std::nullopt, all)) {
            const auto& bytes = stranger.id.getId();
            numbers.push_back(static_cast<uint32_t>(bytes[2]) << 24 | static_cast<uint32_t>(bytes[3]) << 16 |
                              static_cast<uint32_t>(bytes[4]) << 8 | bytes[5]);
        }
        return numbers;
    }

    bool lists(uint32_t number) {
        const auto numbers = listed();
        return std::count(numbers.begin(), numbers.end(), number) != 0;
    }

    // The number of those with numbers below this.
    uint32_t listedBelow(uint32_t end) {
        const auto numbers = listed();
        return static_cast<uint32_t>(
            std::count_if(numbers.begin(), numbers.end(), [end](uint32_t number) { return number < end; }));
    }

    StrangerList list;
    Stranger::Time now = Stranger::Time() + std::chrono::hours(500000);
    int described = 0;
};

typedef std::vector<uint32_t> Numbers;

TEST(StrangerListTest, tellsWhatIsKnownOfAClient) {
    Strangers strangers(8);
    const auto first = strangers.now;
    EXPECT_TRUE(strangers.see(1, "printer"));
    strangers.now += milliseconds(200);
    EXPECT_FALSE(strangers.list.sawQuery(idOf(1), strangers.now, "denied", "its access is denied",
                                         [](StrangerTraits&) {}));
    strangers.list.sawGrant(idOf(1), 9, LEASE);
    const auto listed = strangers.list.list(8, std::nullopt, all);
    ASSERT_EQ(1, listed.size());
    const Stranger& one = listed.front();
    EXPECT_EQ(idOf(1), one.id);
    EXPECT_EQ(first, one.first);
    EXPECT_EQ(strangers.now, one.last);
    EXPECT_EQ(2, one.queries);
    EXPECT_STREQ("denied", one.standing);
    EXPECT_STREQ("its access is denied", one.reason);
    EXPECT_EQ(9, one.subnet_id);
    ASSERT_EQ(1, one.leases.size());
    EXPECT_EQ("10.9.0.1", one.leases.front().address.toText());
    EXPECT_EQ("printer", one.traits.hostname);
}

TEST(StrangerListTest, whatAClientTellsIsTakenAnewAfterASecond) {
    Strangers strangers(8);
    strangers.see(1, "before");
    strangers.now += milliseconds(999);
    strangers.see(1, "between");
    EXPECT_EQ("before", strangers.list.list(1, std::nullopt, all).front().traits.hostname);
    strangers.now += milliseconds(1);
    strangers.see(1, "after");
    EXPECT_EQ("after", strangers.list.list(1, std::nullopt, all).front().traits.hostname);
    EXPECT_EQ(2, strangers.described);
}

TEST(StrangerListTest, newestComesFirst) {
    Strangers strangers(100);
    for (const uint32_t number : {1, 2, 3}) {
        strangers.see(number);
        strangers.now += milliseconds(10);
    }
    strangers.seeTwice(1);
    strangers.now += milliseconds(10);
    strangers.see(4);
    EXPECT_EQ((Numbers{4, 1, 3, 2}), strangers.listed());
    EXPECT_EQ((Numbers{4, 1}), strangers.listed(2));
    EXPECT_EQ(2, strangers.list.list(9, strangers.now - seconds(1), all).size());
}

TEST(StrangerListTest, whoIsNotToBeListedIsForgotten) {
    Strangers strangers(8);
    strangers.see(1);
    strangers.see(2);
    const auto listed =
        strangers.list.list(8, std::nullopt, [](const Stranger& one) { return one.id != idOf(1); });
    EXPECT_EQ(1, listed.size());
    EXPECT_EQ(1, strangers.list.size());
    EXPECT_EQ(0, strangers.list.pushedOut());
    EXPECT_FALSE(strangers.lists(1));
}

TEST(StrangerListTest, isBounded) {
    for (const size_t most : {1, 2, 8, 100}) {
        Strangers strangers(most);
        for (uint32_t number = 0; number < 1000; ++number) {
            strangers.see(number);
            strangers.now += milliseconds(number % 3 == 0 ? 1500 : 1);
            strangers.see(number - number % 7);
            ASSERT_LE(strangers.list.size(), most);
        }
        EXPECT_EQ(most, strangers.list.size());
        EXPECT_EQ(most, strangers.listed().size());
        EXPECT_TRUE(strangers.lists(999 - 999 % 7));
    }
}

TEST(StrangerListTest, keepsNobodyWhereNobodyIsToBeKept) {
    Strangers strangers(0);
    EXPECT_FALSE(strangers.see(1));
    EXPECT_EQ(0, strangers.described);
    strangers.list.sawGrant(idOf(1), 9, {});
    EXPECT_TRUE(strangers.listed().empty());
}

TEST(StrangerListTest, whoTakesAPlaceHasNothingOfTheOneThatHadIt) {
    Strangers strangers(1);
    strangers.see(1, "its name");
    strangers.see(1);
    strangers.list.sawGrant(idOf(1), 9, LEASE);
    EXPECT_THROW(strangers.list.sawQuery(idOf(2), strangers.now, "unknown", "",
                                         [](StrangerTraits&) { throw std::runtime_error("no"); }),
                 std::runtime_error);
    const auto listed = strangers.list.list(2, std::nullopt, all);
    ASSERT_EQ(1, listed.size());
    EXPECT_EQ(idOf(2), listed[0].id);
    EXPECT_EQ(1, listed[0].queries);
    EXPECT_EQ("", listed[0].traits.hostname);
    EXPECT_TRUE(listed[0].leases.empty());
    EXPECT_EQ(std::nullopt, listed[0].subnet_id);
}

TEST(StrangerListTest, whoCameBackIsNotPushedOutByManyWhoMadeOneExchange) {
    Strangers strangers(80);
    for (uint32_t number = 0; number < 60; ++number) {
        strangers.seeTwice(number);
    }
    for (uint32_t number = 1000; number < 1001000; ++number) {
        strangers.see(number);
        strangers.see(number); // the other query of the exchange
    }
    EXPECT_EQ(60, strangers.listedBelow(60));
    EXPECT_EQ(80, strangers.list.size());
    EXPECT_EQ(1000000 - 20, strangers.list.pushedOut());
}

TEST(StrangerListTest, whoWasSeenTwiceIsNotPushedOutByManyWhoWereSeenOnce) {
    Strangers strangers(80);
    for (uint32_t number = 0; number < 70; ++number) {
        strangers.see(number);
        strangers.now += milliseconds(5);
        strangers.see(number);
    }
    for (uint32_t number = 1000; number < 1001000; ++number) {
        strangers.see(number);
    }
    EXPECT_EQ(70, strangers.listedBelow(70));
    EXPECT_EQ(80, strangers.list.size());
}

TEST(StrangerListTest, whoComesBackIsFoundAmongAFlood) {
    Strangers strangers(100);
    uint32_t made_up = 1000;
    for (int round = 0; round < 4; ++round) {
        for (uint32_t number = 0; number < 10; ++number) {
            EXPECT_EQ(round == 0, strangers.see(number)) << number << " in round " << round;
            for (int i = 0; i < 2500; ++i) {
                strangers.see(++made_up);
                strangers.see(made_up);
            }
            strangers.now += milliseconds(400);
        }
    }
    EXPECT_EQ(10, strangers.listedBelow(10));
}

TEST(StrangerListTest, lastOnesStayAmongThoseWhoCameBack) {
    Strangers strangers(80);
    for (uint32_t number = 0; number < 200; ++number) {
        strangers.seeTwice(number);
    }
    const auto listed = strangers.listed();
    EXPECT_EQ(80, listed.size());
    EXPECT_EQ(199, listed.front());
    EXPECT_EQ(120, listed.back());
}

TEST(StrangerListTest, manyThreadsSeeClients) {
    Strangers strangers(100);
    std::vector<std::thread> threads;
    for (uint32_t thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&strangers, thread] {
            for (uint32_t i = 0; i < 5000; ++i) {
                const auto now = strangers.now + milliseconds(i);
                strangers.list.sawQuery(idOf(i % 300), now, "unknown", "", [](StrangerTraits&) {});
                strangers.list.sawGrant(idOf(i % 300), thread, LEASE);
                if (i % 100 == 0) {
                    strangers.list.list(10, std::nullopt,
                                        [&](const Stranger& one) { return one.queries % 7 != 0; });
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_LE(strangers.list.size(), 100);
}

// --- Newcomers

constexpr uint64_t HASH = 0x123456789abcdef0;

TEST(NewcomersTest, areRememberedUntilTheyAreTaken) {
    Newcomers newcomers;
    EXPECT_EQ(std::nullopt, newcomers.take(HASH, 1000));
    newcomers.put(HASH, 1000);
    EXPECT_EQ(3, newcomers.take(HASH, 1003));
    EXPECT_EQ(std::nullopt, newcomers.take(HASH, 1003));
    newcomers.put(HASH, 255);
    EXPECT_EQ(2, newcomers.take(HASH, 257));
}

TEST(NewcomersTest, theOldestOfABucketMakeRoom) {
    Newcomers newcomers;
    for (uint64_t i = 0; i < 7; ++i) {
        newcomers.put(HASH + (i << 48), 1000);
    }
    EXPECT_EQ(std::nullopt, newcomers.take(HASH, 1000));
    for (uint64_t i = 1; i < 7; ++i) {
        EXPECT_EQ(0, newcomers.take(HASH + (i << 48), 1000)) << i;
    }
}

} // namespace
} // namespace user_chk::stranger_list_test
