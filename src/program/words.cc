// SPDX-License-Identifier: MPL-2.0
// Implements the parsing of clients and records on a command line.

#include <program/words.h>

#include <CLI/CLI.hpp>

#include <utility>

namespace user_chk::program {

using isc::data::Element;
using isc::data::ElementPtr;

namespace {

[[noreturn]] void refuseWord(const std::string& word, const std::string& expected) {
    throw CLI::ValidationError(word, expected);
}

} // namespace

Words::Words(std::vector<std::string> words) : words_(std::move(words)) {}

std::string Words::take() {
    return words_.at(next_++);
}

ElementPtr Words::takeId() {
    const std::string word = take();
    const size_t equals = word.find('=');
    if (equals == std::string::npos && empty()) {
        refuseWord(word, "a type and an id are expected, such as HW_ADDR 0c:0e:0a:01:ff:04");
    }
    ElementPtr named = Element::createMap();
    named->set("type", Element::create(word.substr(0, equals)));
    named->set("id", Element::create(equals == std::string::npos ? take() : word.substr(equals + 1)));
    return named;
}

ElementPtr Words::takeOnlyId() {
    ElementPtr id = takeId();
    if (!empty()) {
        refuseWord(take(), "a type and one id are expected, and nothing else");
    }
    return id;
}

std::vector<ElementPtr> Words::takeIds() {
    std::vector<ElementPtr> ids;
    do {
        ids.push_back(takeId());
    } while (!empty());
    return ids;
}

ElementPtr Words::takeRecord() {
    ElementPtr record = takeId();
    while (!empty()) {
        const std::string word = take();
        const size_t equals = word.find('=');
        if (equals == std::string::npos || equals == 0) {
            refuseWord(word, "an attribute is expected, such as bootfile=/boot/a");
        }
        const std::string name = word.substr(0, equals);
        if (record->contains(name)) {
            refuseWord(word, name + " is already given");
        }
        record->set(name, Element::create(word.substr(equals + 1)));
    }
    return record;
}

} // namespace user_chk::program
