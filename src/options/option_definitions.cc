// SPDX-License-Identifier: MPL-2.0
// Implements OptionDefinitions.

#include <options/option_definitions.h>

#include <dhcp/libdhcp++.h>

namespace user_chk {

using namespace isc::dhcp;

OptionDefinitions::OptionDefinitions(Option::Universe universe, const ConstCfgOptionDefPtr& configured)
    : universe_(universe) {
    if (configured) {
        configured->copyTo(configured_);
    }
}

OptionDefinitions OptionDefinitions::standard(Option::Universe universe) {
    OptionDefinitions definitions(universe);
    definitions.complete_ = false;
    return definitions;
}

// Kea considers two sets equal when one contains the other.
bool OptionDefinitions::operator==(const OptionDefinitions& other) const {
    return universe_ == other.universe_ && complete_ == other.complete_ && configured_ == other.configured_ &&
           other.configured_ == configured_;
}

// Searches in the order in which Kea searches its own configuration.
template <typename Key>
OptionDefinitionPtr OptionDefinitions::find(const std::string& space, const Key& key) const {
    OptionDefinitionPtr found = LibDHCP::getOptionDef(space, key);
    const uint32_t enterprise = LibDHCP::optionSpaceToVendorId(space);
    if (!found && enterprise != 0) {
        found = LibDHCP::getVendorOptionDef(universe_, enterprise, key);
    }
    if (!found) {
        found = configured_.get(space, key);
    }
    return found || !complete_ ? found : LibDHCP::getLastResortOptionDef(space, key);
}

template OptionDefinitionPtr OptionDefinitions::find(const std::string& space, const uint16_t& key) const;
template OptionDefinitionPtr OptionDefinitions::find(const std::string& space, const std::string& key) const;

} // namespace user_chk
