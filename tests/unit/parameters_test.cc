// SPDX-License-Identifier: MPL-2.0
// Tests the parsing of the library's parameters.

#include <config/parameters.h>
#include <support/temp_dir.h>

#include <cc/dhcp_config_error.h>

#include <gtest/gtest.h>

#include <set>
#include <string>

using isc::data::ConstElementPtr;
using isc::data::Element;
using isc::dhcp::DhcpConfigError;

namespace user_chk::parameters_test {
namespace {

std::string errorOf(const std::string& json) {
    return test::messageOf<DhcpConfigError>([&] { Parameters::parse(Element::fromJSON(json)); });
}

TEST(ParametersTest, defaultsAreStocks) {
    for (const ConstElementPtr& none : {ConstElementPtr(), ConstElementPtr(Element::createMap())}) {
        const Parameters parameters = Parameters::parse(none);
        EXPECT_EQ("/tmp/user_chk_registry.txt", parameters.registry_file);
        EXPECT_EQ("", parameters.registry_copy);
        EXPECT_EQ("/tmp/user_chk_outcome.txt", parameters.outcome_file);
        EXPECT_EQ(Parameters::Refresh::PACKET, parameters.registry_refresh);
        EXPECT_EQ(Parameters::Format::TEXT, parameters.outcome_format);
        EXPECT_EQ(Parameters::Events::ALL, parameters.outcome_events);
        EXPECT_EQ(Parameters::Failure::CONTINUE, parameters.outcome_failure);
        EXPECT_EQ(PlacementSettings::Unregistered::RESTRICT, parameters.placement.unregistered_clients);
        EXPECT_EQ(std::nullopt, parameters.placement.restricted_subnet_id);
        EXPECT_FALSE(parameters.placement.nak_moved_clients);
        EXPECT_EQ("USER_CHK_REGISTERED", parameters.registered_class);
        EXPECT_EQ("USER_CHK_UNREGISTERED", parameters.unregistered_class);
    }
}

TEST(ParametersTest, thoseInForceAreTheDefaultsAndWhatWasGiven) {
    const ConstElementPtr defaults = Parameters::parse(ConstElementPtr()).in_force;
    EXPECT_EQ(defaults->str(), Parameters().in_force->str());
    EXPECT_EQ(12, defaults->size());
    const Parameters parsed = Parameters::parse(defaults);
    EXPECT_EQ(Parameters().registry_file, parsed.registry_file);
    EXPECT_EQ(Parameters().registry_refresh, parsed.registry_refresh);
    EXPECT_EQ(Parameters().registry_errors, parsed.registry_errors);
    EXPECT_EQ(Parameters().outcome_file, parsed.outcome_file);
    EXPECT_EQ(Parameters().outcome_format, parsed.outcome_format);
    EXPECT_EQ(Parameters().outcome_events, parsed.outcome_events);
    EXPECT_EQ(Parameters().outcome_failure, parsed.outcome_failure);
    EXPECT_EQ(Parameters().strangers_kept, parsed.strangers_kept);
    EXPECT_EQ(Parameters().placement.unregistered_clients, parsed.placement.unregistered_clients);
    EXPECT_EQ(Parameters().placement.nak_moved_clients, parsed.placement.nak_moved_clients);
    EXPECT_EQ(Parameters().registered_class, parsed.registered_class);
    EXPECT_EQ(Parameters().unregistered_class, parsed.unregistered_class);

    const ConstElementPtr given =
        Parameters::parse(Element::fromJSON(R"({"outcome-events": "none", "restricted-subnet-id": 7})"))
            .in_force;
    EXPECT_EQ(13, given->size());
    EXPECT_EQ("none", given->get("outcome-events")->stringValue());
    EXPECT_EQ(7, given->get("restricted-subnet-id")->intValue());
    EXPECT_EQ("packet", given->get("registry-refresh")->stringValue());
}

TEST(ParametersTest, takesBothFiles) {
    const Parameters parameters =
        Parameters::parse(Element::fromJSON(R"({"registry-file": "/r", "outcome-file": "/o"})"));
    EXPECT_EQ("/r", parameters.registry_file);
    EXPECT_EQ("/o", parameters.outcome_file);
}

TEST(ParametersTest, takesEachChoice) {
    const auto parsed = [](const std::string& name, const std::string& value) {
        return Parameters::parse(Element::fromJSON("{\"" + name + "\": \"" + value + "\"}"));
    };
    EXPECT_EQ(Parameters::Refresh::PACKET, parsed("registry-refresh", "packet").registry_refresh);
    EXPECT_EQ(Parameters::Refresh::BACKGROUND, parsed("registry-refresh", "background").registry_refresh);
    EXPECT_EQ(Parameters::Errors::REFUSE, parsed("registry-errors", "refuse").registry_errors);
    EXPECT_EQ(Parameters::Errors::SKIP, parsed("registry-errors", "skip").registry_errors);
    EXPECT_EQ(Parameters::Format::TEXT, parsed("outcome-format", "text").outcome_format);
    EXPECT_EQ(Parameters::Format::JSON, parsed("outcome-format", "json").outcome_format);
    EXPECT_EQ(Parameters::Events::ALL, parsed("outcome-events", "all").outcome_events);
    EXPECT_EQ(Parameters::Events::LEASES, parsed("outcome-events", "leases").outcome_events);
    EXPECT_EQ(Parameters::Events::NONE, parsed("outcome-events", "none").outcome_events);
    EXPECT_EQ(Parameters::Failure::CONTINUE, parsed("outcome-failure", "continue").outcome_failure);
    EXPECT_EQ(Parameters::Failure::DROP, parsed("outcome-failure", "drop").outcome_failure);
}

TEST(ParametersTest, takesTheLifecycleAsJsonOnly) {
    const auto json = Element::fromJSON(R"({"outcome-events": "lifecycle", "outcome-format": "json"})");
    EXPECT_EQ(Parameters::Events::LIFECYCLE, Parameters::parse(json).outcome_events);
    const std::string refusal = "invalid outcome-events: 'lifecycle', requires outcome-format json";
    EXPECT_EQ(refusal, errorOf(R"({"outcome-events": "lifecycle"})"));
    EXPECT_EQ(refusal, errorOf(R"({"outcome-events": "lifecycle", "outcome-format": "text"})"));
}

TEST(ParametersTest, takesHowManyStrangersAreKept) {
    EXPECT_EQ(1000, Parameters().strangers_kept);
    for (const size_t number : {0, 7, 100000}) {
        const auto given = Element::fromJSON(R"({"strangers-kept": )" + std::to_string(number) + "}");
        EXPECT_EQ(number, Parameters::parse(given).strangers_kept);
    }
    for (const char* number : {"-1", "100001"}) {
        EXPECT_EQ(std::string("invalid strangers-kept: ") + number + ", must be 0 to 100000",
                  errorOf(R"({"strangers-kept": )" + std::string(number) + "}"));
    }
    EXPECT_EQ("'strangers-kept' parameter is not an integer", errorOf(R"({"strangers-kept": "7"})"));
}

TEST(ParametersTest, takesWhatBecomesOfUnregisteredClients) {
    const Parameters parameters = Parameters::parse(Element::fromJSON(
        R"({"unregistered-clients": "drop", "restricted-subnet-id": 5, "nak-moved-clients": true})"));
    EXPECT_EQ(PlacementSettings::Unregistered::DROP, parameters.placement.unregistered_clients);
    EXPECT_EQ(5u, parameters.placement.restricted_subnet_id);
    EXPECT_TRUE(parameters.placement.nak_moved_clients);
}

TEST(ParametersTest, takesTheNamesOfTheClasses) {
    const Parameters both = Parameters::parse(
        Element::fromJSON(R"({"registered-class": "known", "unregistered-class": "strangers here"})"));
    EXPECT_EQ("known", both.registered_class);
    EXPECT_EQ("strangers here", both.unregistered_class);
    const Parameters one = Parameters::parse(Element::fromJSON(R"({"unregistered-class": "strangers"})"));
    EXPECT_EQ("USER_CHK_REGISTERED", one.registered_class);
    EXPECT_EQ("strangers", one.unregistered_class);
}

TEST(ParametersTest, namesWhatIsUnknownOrWrong) {
    EXPECT_EQ("spurious 'registry-flie' parameter", errorOf(R"({"registry-flie": "/r"})"));
    EXPECT_EQ("'registry-file' parameter is not a string", errorOf(R"({"registry-file": 1})"));
    EXPECT_EQ("'outcome-file' parameter is not a string", errorOf(R"({"outcome-file": ["/o"]})"));
    EXPECT_EQ("'registry-refresh' parameter is not a string", errorOf(R"({"registry-refresh": true})"));
    EXPECT_EQ("invalid registry-refresh: 'Packet', must be one of packet, background",
              errorOf(R"({"registry-refresh": "Packet"})"));
    EXPECT_EQ("'registry-errors' parameter is not a string", errorOf(R"({"registry-errors": false})"));
    EXPECT_EQ("invalid registry-errors: 'ignore', must be one of refuse, skip",
              errorOf(R"({"registry-errors": "ignore"})"));
    EXPECT_EQ("'outcome-format' parameter is not a string", errorOf(R"({"outcome-format": 1})"));
    EXPECT_EQ("'outcome-events' parameter is not a string", errorOf(R"({"outcome-events": ["all"]})"));
    EXPECT_EQ("'outcome-failure' parameter is not a string", errorOf(R"({"outcome-failure": null})"));
    EXPECT_EQ("invalid outcome-format: 'xml', must be one of text, json",
              errorOf(R"({"outcome-format": "xml"})"));
    EXPECT_EQ("invalid outcome-events: '', must be one of all, leases, lifecycle, none",
              errorOf(R"({"outcome-events": ""})"));
    EXPECT_EQ("invalid outcome-failure: 'retry', must be one of continue, drop",
              errorOf(R"({"outcome-failure": "retry"})"));
    EXPECT_EQ("invalid registry-file: '', must be the path of a file", errorOf(R"({"registry-file": ""})"));
    EXPECT_EQ("invalid outcome-file: ' ', must be the path of a file", errorOf(R"({"outcome-file": " "})"));
}

TEST(ParametersTest, namesWhatIsWrongWithThePlacement) {
    EXPECT_EQ("invalid unregistered-clients: 'dorp', must be one of restrict, drop, classify",
              errorOf(R"({"unregistered-clients": "dorp"})"));
    EXPECT_EQ("'unregistered-clients' parameter is not a string", errorOf(R"({"unregistered-clients": 1})"));
    EXPECT_EQ("invalid restricted-subnet-id: 0, must be 1 to 4294967294",
              errorOf(R"({"restricted-subnet-id": 0})"));
    EXPECT_EQ("'restricted-subnet-id' parameter is not an integer",
              errorOf(R"({"restricted-subnet-id": "1"})"));
    EXPECT_EQ("'nak-moved-clients' parameter is not a boolean", errorOf(R"({"nak-moved-clients": "true"})"));
}

TEST(ParametersTest, namesWhatIsWrongWithTheClasses) {
    for (const std::string name : {"registered-class", "unregistered-class"}) {
        for (const std::string wrong : {"1", "true", "null", "[\"A\"]", "{}", "1.5"}) {
            EXPECT_EQ("'" + name + "' parameter is not a string",
                      errorOf("{\"" + name + "\": " + wrong + "}"));
        }
        for (const std::string blank : {"", " "}) {
            EXPECT_EQ("invalid " + name + ": '" + blank + "', must be the name of a client class",
                      errorOf("{\"" + name + "\": \"" + blank + "\"}"));
        }
    }
}

TEST(ParametersTest, theClassesMustDiffer) {
    EXPECT_EQ("invalid unregistered-class: 'A', must differ from registered-class",
              errorOf(R"({"registered-class": "A", "unregistered-class": "A"})"));
    EXPECT_EQ("invalid unregistered-class: 'USER_CHK_UNREGISTERED', must differ from registered-class",
              errorOf(R"({"registered-class": "USER_CHK_UNREGISTERED"})"));
}

TEST(ParametersTest, aContextsEntryIsNoParameter) {
    EXPECT_EQ("spurious 'user-chk' parameter", errorOf(R"({"user-chk": {"restricted-subnet-id": 1}})"));
}

const std::set<std::string> FOLDERS = {"/var/log/kea", "/var/lib/kea/"};

Parameters writing(const std::string& outcome_file, const std::string& registry_copy = "") {
    Parameters parameters;
    parameters.outcome_file = outcome_file;
    parameters.registry_copy = registry_copy;
    return parameters;
}

// Returns why the files are refused, empty when they are not.
std::string refusal(const Parameters& parameters, const std::set<std::string>& folders = FOLDERS) {
    try {
        parameters.checkFiles(folders);
        return "";
    } catch (const DhcpConfigError& ex) {
        return ex.what();
    }
}

TEST(ParametersTest, filesAreInAndBelowTheFolders) {
    for (const char* file : {"/var/log/kea/outcome.txt", "/var/lib/kea/outcome.txt",
                             "/var/lib/kea/user-chk/outcome.txt", "/var/log/kea//a/../outcome.txt"}) {
        EXPECT_EQ("", refusal(writing(file))) << file;
        EXPECT_EQ("", refusal(writing("/var/log/kea/outcome.txt", file))) << file;
    }
}

TEST(ParametersTest, filesAreNowhereElse) {
    for (const char* file : {"/etc/cron.d/outcome", "/var/log/outcome.txt", "/var/log/keanu/outcome.txt",
                             "/var/log/kea/../outcome.txt", "/var/log/kea", "/var/log/kea/", "outcome.txt",
                             "var/log/kea/outcome.txt", "/tmp/outcome.txt", "/"}) {
        EXPECT_NE("", refusal(writing(file))) << file;
        EXPECT_NE("", refusal(writing("/var/log/kea/outcome.txt", file))) << file;
    }
}

TEST(ParametersTest, filesAreNamedWhenTheyAreRefused) {
    EXPECT_EQ("invalid outcome-file: '/etc/x', must be in or below /var/lib/kea/ or /var/log/kea, where Kea "
              "lets a configuration have files written",
              refusal(writing("/etc/x")));
    EXPECT_EQ(0, refusal(writing("/var/log/kea/x", "/etc/x")).find("invalid registry-copy: '/etc/x', "));
}

TEST(ParametersTest, theDefaultOutcomeFileMayBeAnywhere) {
    EXPECT_EQ("", refusal(Parameters()));
}

TEST(ParametersTest, filesAreNotCheckedWhereNoneIsWritten) {
    Parameters parameters = writing("/etc/x");
    parameters.outcome_events = Parameters::Events::NONE;
    EXPECT_EQ("", refusal(parameters));
}

// The environment of a server may name an empty directory by mistake.
TEST(ParametersTest, noFileIsInAFolderWithoutAName) {
    for (const char* file : {"/etc/x", "x", ""}) {
        EXPECT_NE("", refusal(writing(file), {""})) << file;
    }
    EXPECT_EQ("", refusal(writing("/var/lib/kea/x"), {"", "/var/lib/kea"}));
}

} // namespace
} // namespace user_chk::parameters_test
