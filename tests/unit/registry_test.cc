// SPDX-License-Identifier: MPL-2.0
// Tests Registry: a base with an overlay of changes behaves like a single table of the same users.

#include <registry/registry.h>

#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <thread>

namespace user_chk::registry_test {
namespace {

typedef std::map<UserId, std::string> Model; // ids, and the value of the attribute "a"

UserId idOf(int number) {
    const auto type = number % 2 == 0 ? UserId::HW_ADDRESS : UserId::DUID;
    std::vector<uint8_t> bytes(number % 3 == 0 ? 30 : 6, 7); // some too long for a slot
    bytes[0] = static_cast<uint8_t>(number);
    bytes[1] = static_cast<uint8_t>(number >> 8);
    return UserId(type, bytes);
}

void add(UserTable& table, const UserId& id, const std::string& value) {
    EXPECT_TRUE(table.add(id.getType(), id.getId(), {{"a", value}}, 1, 5));
}

std::shared_ptr<const UserTable> tableOf(const Model& model) {
    const auto table = std::make_shared<UserTable>();
    for (const auto& [id, value] : model) {
        add(*table, id, value);
    }
    table->seal();
    return table;
}

Model usersAfter(const Users& users, const std::optional<UserId>& from, size_t limit) {
    Model found;
    users.forEachAfter(from, limit, [&](const UserId& id, const AttributeSet& set) {
        EXPECT_TRUE(found.empty() || found.rbegin()->first < id) << "out of order";
        found.emplace(id, set.attributes.properties.at("a"));
    });
    return found;
}

// Every kind of look-up agrees with the model.
void expectUsers(const Model& model, const Registry& registry) {
    const Registry fresh;
    Registry expected;
    expected.replace(tableOf(model));
    EXPECT_EQ(model.size(), registry.size());
    EXPECT_EQ(expected.users()->sizes(), registry.users()->sizes());
    EXPECT_EQ(expected.revision(), registry.revision());
    EXPECT_EQ(model, usersAfter(*registry.users(), std::nullopt, model.size() + 1));
    for (int number = 0; number < 60; ++number) {
        const auto found = registry.find(idOf(number));
        const auto known = model.find(idOf(number));
        ASSERT_EQ(known != model.end(), found != nullptr) << number;
        if (found) {
            EXPECT_EQ(known->second, found->properties.at("a"));
        }
        const auto page = usersAfter(*registry.users(), idOf(number), 3);
        Model expected_page;
        for (auto at = model.upper_bound(idOf(number)); at != model.end() && expected_page.size() < 3; ++at) {
            expected_page.insert(*at);
        }
        EXPECT_EQ(expected_page, page);
    }
}

TEST(RegistryTest, isEmptyAtFirst) {
    const Registry registry;
    EXPECT_EQ(0, registry.size());
    EXPECT_FALSE(registry.find(idOf(1)));
    EXPECT_EQ("00000000000000000000000000000000", registry.revision());
}

TEST(RegistryTest, changesGiveTheSameUsersAsOneTable) {
    std::mt19937 random(1);
    const auto number = [&random](int below) {
        return std::uniform_int_distribution<int>(0, below - 1)(random);
    };
    for (int round = 0; round < 20; ++round) {
        Registry registry;
        Model model;
        for (int change = 0; change < 40; ++change) {
            UserTable changes;
            for (int i = number(4); i >= 0; --i) {
                const UserId id = idOf(number(60));
                if (changes.entryOf(id.getType(), id.getId())) {
                    continue;
                }
                if (number(3) == 0) {
                    changes.mark(id);
                    model.erase(id);
                } else {
                    const std::string value = std::to_string(number(5));
                    add(changes, id, value);
                    model[id] = value;
                }
            }
            changes.seal();
            registry.apply(changes);
            if (number(8) == 0) {
                registry.fold();
                EXPECT_EQ(0, registry.users()->changes());
            }
            expectUsers(model, registry);
        }
    }
}

TEST(RegistryTest, usersOfAMomentStayAsTheyWere) {
    Registry registry;
    registry.replace(tableOf({{idOf(1), "before"}}));
    const auto before = registry.users();
    const auto attributes = registry.find(idOf(1));
    UserTable changes;
    changes.mark(idOf(1));
    changes.seal();
    registry.apply(changes);
    registry.fold();
    EXPECT_FALSE(registry.find(idOf(1)));
    EXPECT_EQ(1, before->size());
    EXPECT_EQ("before", attributes->properties.at("a"));
}

TEST(RegistryTest, tellsUsersOfSomeBlocks) {
    Registry registry;
    auto table = std::make_shared<UserTable>();
    table->add(UserId::DUID, {1}, {}, 1, 1);
    table->add(UserId::DUID, {2}, {}, 2, 2);
    table->add(UserId::DUID, {3}, {}, 3, 1);
    table->seal();
    registry.replace(table);
    UserTable changes;
    changes.mark(UserId(UserId::DUID, std::vector<uint8_t>{1}));
    changes.add(UserId::DUID, {3}, {}, 3, 2);
    changes.add(UserId::DUID, {4}, {}, 4, 1);
    changes.seal();
    registry.apply(changes);
    const auto idsIn = [&](uint32_t block) {
        std::string ids;
        registry.users()->forEachIn([block](uint32_t of) { return of == block; },
                                    [&](const UserId& id, const UserTable::Entry&) { ids += id.toText(); });
        return ids;
    };
    EXPECT_EQ("04", idsIn(1));
    EXPECT_EQ("0203", idsIn(2));
}

// Changes are made while others fold: none is lost, and a reader sees each user at all times.
TEST(RegistryTest, foldsBesideChangesAndReaders) {
    constexpr int CHANGES = 3000;
    Registry registry;
    registry.replace(tableOf({{idOf(0), "0"}}));
    std::atomic<bool> stop{false};
    std::atomic<int> missed{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            while (!stop) {
                missed += registry.find(idOf(0)) ? 0 : 1;
            }
        });
    }
    threads.emplace_back([&] {
        while (!stop) {
            registry.fold();
        }
    });
    Model model = {{idOf(0), "0"}};
    for (int i = 1; i <= CHANGES; ++i) {
        UserTable changes;
        const UserId id = idOf(i % (CHANGES / 2));
        const std::string value = std::to_string(i);
        add(changes, id, value);
        model[id] = value;
        changes.seal();
        registry.apply(changes);
    }
    stop = true;
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(0, missed);
    expectUsers(model, registry);
}

} // namespace
} // namespace user_chk::registry_test
