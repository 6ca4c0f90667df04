// SPDX-License-Identifier: MPL-2.0
// Implements the reading of attributes.

#include <hooks/attribute_reader.h>

#include <policy/user_rules.h>
#include <response/boot_options.h>
#include <response/user_options.h>

#include <utility>

namespace user_chk {

using isc::dhcp::Option;

AttributeReader makeAttributeReader(std::shared_ptr<const OptionDefinitions> definitions) {
    return [definitions = std::move(definitions)](UserId::UserIdType type, const PropertyMap& attributes) {
        Meaning meaning;
        UserRules rules = UserRules::parse(attributes);
        const Option::Universe universe = definitions->universe();
        if (type == (universe == Option::V4 ? UserId::HW_ADDRESS : UserId::DUID)) {
            rules.options = UserOptions::parse(attributes, *definitions, meaning.remarks);
            if (universe == Option::V6) {
                remarkOnTftpServer(attributes, meaning.remarks);
            }
        }
        if (!rules.empty()) {
            meaning.rules = std::make_shared<const UserRules>(std::move(rules));
        }
        return meaning;
    };
}

} // namespace user_chk
