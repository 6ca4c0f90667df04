// SPDX-License-Identifier: MPL-2.0
// Implements the conversion of dhcpd options to attributes.

#include <program/dhcpd_option.h>

#include <program/hex_notation.h>

#include <options/option_definitions.h>

#include <dhcp/option_space.h>
#include <exceptions/exceptions.h>

#include <boost/algorithm/string.hpp>

#include <algorithm>
#include <cctype>
#include <map>

namespace user_chk::program {

using namespace isc::dhcp;

namespace {

const OptionDefinitions& definitionsOf(Option::Universe universe) {
    static const OptionDefinitions V4 = OptionDefinitions::standard(Option::V4);
    static const OptionDefinitions V6 = OptionDefinitions::standard(Option::V6);
    return universe == Option::V4 ? V4 : V6;
}

// Returns Kea's name for an option that dhcpd names differently. Option 43 depends on Kea's configuration.
std::string nameInKea(Option::Universe universe, const std::string& name) {
    static const std::map<std::string, std::string> V4 = {
        {"bootfile-name", "boot-file-name"},          {"ien116-name-servers", "name-servers"},
        {"nwip-domain", "nwip-domain-name"},          {"nisplus-domain", "nisplus-domain-name"},
        {"vendor-encapsulated-options", "option-43"}, {"vivso", "vivso-suboptions"}};
    static const std::map<std::string, std::string> V6 = {{"name-servers", "dns-servers"}};
    const auto& names = universe == Option::V4 ? V4 : V6;
    const auto found = names.find(name);
    return found != names.end() ? found->second : name;
}

// Returns the code in names such as `unknown-150` and `option-150`, which set options without a definition.
std::string codeIn(const std::string& name) {
    for (const char* const start : {"unknown-", "option-"}) {
        std::string rest = boost::starts_with(name, start) ? name.substr(std::string(start).size()) : "";
        if (!rest.empty() && rest.size() <= 5 && rest.find_first_not_of("0123456789") == std::string::npos) {
            return rest;
        }
    }
    return "";
}

bool isOfBytes(const OptionDefinitionPtr& definition) {
    switch (definition->getType()) {
    case OPT_STRING_TYPE:
    case OPT_BINARY_TYPE:
    case OPT_EMPTY_TYPE:
    case OPT_TUPLE_TYPE:
        return true;
    default:
        return false;
    }
}

// True when Kea reads a text literally: it has no commas and backslashes, which are special, and does not
// look like hex digits.
bool isPlain(const std::string& text) {
    return !text.empty() && text == boost::trim_copy(text) && !boost::istarts_with(text, "0x") &&
           std::all_of(text.begin(), text.end(),
                       [](unsigned char c) { return std::isprint(c) != 0 && c != ',' && c != '\\'; });
}

std::string valueOfBytes(const std::vector<DhcpdWord>& words, const OptionDefinitionPtr& definition) {
    if (words.size() != 1) {
        isc_throw(isc::BadValue, "must be one text or hex digits");
    }
    const bool is_text = definition && definition->getType() == OPT_STRING_TYPE && words.front().is_quoted;
    return is_text && isPlain(words.front().text) ? words.front().text
                                                  : writtenAsHex(dhcpdBytes(words.front()));
}

// Kea separates all parts of a value by commas.
std::string valueOfParts(const std::vector<DhcpdWord>& words, const OptionDefinitionPtr& definition) {
    std::string value;
    for (const DhcpdWord& word : words) {
        if (word.is_sign && word.text == ",") {
            continue;
        }
        if (word.is_sign) {
            isc_throw(isc::BadValue, "an expression cannot be carried over");
        }
        std::string part = word.text;
        if (definition->getType() == OPT_BOOLEAN_TYPE) {
            part = part == "on" ? "true" : part == "off" ? "false" : part;
        }
        value += (value.empty() ? "" : ", ") + part;
    }
    return value;
}

std::vector<DhcpdWord> valueWords(const DhcpdStatement& statement) {
    if (statement.words.size() < 3) {
        isc_throw(isc::BadValue, "it has no value");
    }
    return {statement.words.begin() + 2, statement.words.end()};
}

} // namespace

std::vector<uint8_t> dhcpdBytes(const DhcpdWord& word) {
    if (word.is_quoted) {
        return bytesOf(word.text);
    }
    const auto bytes = readHex(word.text);
    if (!bytes || word.is_sign) {
        isc_throw(isc::BadValue, "'" << word.text << "' is neither a text in quotes nor hex digits");
    }
    return *bytes;
}

DhcpdOption dhcpdOption(const DhcpdStatement& statement) {
    const std::string given = statement.word(1);
    const bool is_v6 = boost::starts_with(given, "dhcp6.");
    DhcpdOption option{is_v6 ? Option::V6 : Option::V4, "", ""};
    const std::string name = nameInKea(option.universe, given.substr(is_v6 ? 6 : 0));
    const std::vector<DhcpdWord> value = valueWords(statement);
    const std::string code = codeIn(name);
    if (!code.empty()) {
        option.name = "option." + code;
        option.value = valueOfBytes(value, nullptr);
        return option;
    }
    const auto definition =
        definitionsOf(option.universe).find(is_v6 ? DHCP6_OPTION_SPACE : DHCP4_OPTION_SPACE, name);
    if (!definition) {
        isc_throw(isc::BadValue, "Kea has no option of that name");
    }
    option.name = "option." + name;
    option.value = isOfBytes(definition) ? valueOfBytes(value, definition) : valueOfParts(value, definition);
    return option;
}

} // namespace user_chk::program
