// SPDX-License-Identifier: MPL-2.0
// Runs one measurement with a database that already has the schema and users, and prints its results as JSON.

#include <measures.h>

#include <log/logger_support.h>

#include <exception>
#include <iostream>

namespace user_chk {
namespace bench {

namespace {

void print(const Figures& figures) {
    std::cout << "{";
    const char* comma = "";
    for (const auto& [name, numbers] : figures) {
        std::cout << comma << "\"" << name << "\": [";
        comma = "";
        for (const double number : numbers) {
            std::cout << comma << number;
            comma = ", ";
        }
        std::cout << "]";
        comma = ", ";
    }
    std::cout << "}" << std::endl;
}

Figures measure(const std::vector<std::string>& arguments) {
    const std::string& what = arguments.at(0);
    const Place place{arguments.at(1), arguments.at(2)};
    const size_t count = std::stoul(arguments.at(3));
    if (what == "loads") {
        return measureLoads(place, count);
    }
    if (what == "changes") {
        return measureChanges(place, count);
    }
    if (what == "crowd") {
        return measureCrowd(place, count, std::stoul(arguments.at(4)));
    }
    if (what == "copy") {
        return measureCopy(place, arguments.at(4), count);
    }
    throw std::runtime_error("unknown measure: " + what);
}

} // namespace

} // namespace bench
} // namespace user_chk

int main(int argc, char** argv) {
    try {
        isc::log::initLogger("database_benchmarks", isc::log::NONE);
        std::cout.precision(9);
        user_chk::bench::print(user_chk::bench::measure({argv + 1, argv + argc}));
        return 0;
    } catch (const std::exception& ex) {
        std::cerr << "database_benchmarks: " << ex.what() << "\n"
                  << "usage: database_benchmarks loads|changes DIRECTORY DATABASE COUNT\n"
                  << "       database_benchmarks crowd DIRECTORY DATABASE COUNT PROCESSES\n"
                  << "       database_benchmarks copy DIRECTORY DATABASE COUNT FOLDER\n";
        return 1;
    }
}
