// SPDX-License-Identifier: MPL-2.0
// Implements the reading of options in records that apply to both protocols.

#include <options/options_for_both.h>

#include <options/user_options.h>

#include <exceptions/exceptions.h>

#include <boost/algorithm/string/predicate.hpp>

namespace user_chk {

namespace {

bool isOption(const std::string& name) {
    return name == "next-server" || boost::starts_with(name, "option.");
}

// The result of one attribute as an option of a protocol.
struct Trial {
    Trial(const PropertyMap::value_type& attribute, const OptionDefinitions& definitions) {
        try {
            static_cast<void>(UserOptions::parse({attribute}, definitions, remarks));
        } catch (const isc::Exception& ex) {
            error = ex.what();
        }
    }

    bool isGood() const { return error.empty() && remarks.empty(); }

    std::string error; // empty when there is none
    std::vector<std::string> remarks;
};

} // namespace

PropertyMap optionsOf(const PropertyMap& attributes, const OptionDefinitions& here,
                      const OptionDefinitions& there, GoodFor good_for, std::vector<std::string>& remarks) {
    PropertyMap left = attributes;
    for (const auto& attribute : attributes) {
        if (!isOption(attribute.first)) {
            continue;
        }
        const Trial trial(attribute, here);
        if (trial.isGood()) {
            continue;
        }
        left.erase(attribute.first);
        if (good_for == GoodFor::OTHER) {
            continue;
        }
        const Trial other(attribute, there);
        if (!trial.error.empty() && !other.error.empty()) {
            isc_throw(isc::BadValue, trial.error);
        }
        if (!other.isGood()) {
            remarks.insert(remarks.end(), trial.remarks.begin(), trial.remarks.end());
        }
    }
    return left;
}

} // namespace user_chk
