// SPDX-License-Identifier: MPL-2.0
// Implements HistorySearch.

#include <program/history_search.h>

#include <exceptions/exceptions.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace user_chk::program {

namespace {

// The length of a time in the form that the library writes.
constexpr size_t TIME_LENGTH = 24;

bool startsWith(std::string_view text, std::string_view start) {
    return text.substr(0, start.size()) == start;
}

// Whether a line belongs to a record in the text format.
bool isTextFormat(std::string_view line) {
    constexpr std::array<std::string_view, 4> STARTS = {"id_type=", "client=", "addr=", "registered="};
    return std::any_of(STARTS.begin(), STARTS.end(),
                       [&](std::string_view start) { return startsWith(line, start); });
}

std::string_view withoutBlanks(std::string_view line) {
    constexpr const char* BLANKS = " \t\r";
    const size_t first = line.find_first_not_of(BLANKS);
    return first == std::string_view::npos ? std::string_view()
                                           : line.substr(first, line.find_last_not_of(BLANKS) + 1 - first);
}

bool looksLikeObject(std::string_view line) {
    return line.front() == '{' && line.back() == '}';
}

} // namespace

bool Question::mayMatter(std::string_view line) const {
    if (!range) {
        return findText(line, client_id) != std::string_view::npos;
    }
    auto lease = quickText(line, "\"address\"");
    if (!lease && range->isV6()) {
        lease = quickText(line, "\"prefix\"");
    }
    const auto recorded = lease ? AddressRange::parse(*lease) : std::nullopt;
    return lease && (!recorded || recorded->overlaps(*range));
}

bool Question::matters(const OutcomeLine& line) const {
    if (range) {
        return line.lease && line.lease->overlaps(*range);
    }
    const auto is_asked = [this](const std::string& type, const std::string& id) {
        return id == client_id && (client_type.empty() || type == client_type);
    };
    return is_asked(line.client.type, line.client.id) ||
           is_asked(line.client.matched_type, line.client.matched_id);
}

HistorySearch::HistorySearch(Question question) : question_(std::move(question)) {}

void HistorySearch::read(const std::string& path) {
    HistoryFile file(path);
    const UnreadLines before = unread_;
    bool has_records = false;
    bool has_texts = false;
    found_.beginRun();
    first_time_.clear();
    std::string_view line;
    while (file.next(line)) {
        line = withoutBlanks(line);
        if (line.empty()) {
            continue;
        }
        if (looksLikeObject(line) && readObject(line)) {
            has_records = true;
        } else {
            has_texts = has_texts || isTextFormat(line);
            leaveOut(file);
        }
    }
    if (has_texts && !has_records) {
        unread_ = before;
        isc_throw(isc::BadValue,
                  "is in the text format, which has no times; who reads the files that servers write with "
                  "\"outcome-format\": \"json\"");
    }
}

// Returns false when it is not a record.
bool HistorySearch::readObject(std::string_view text) {
    const auto time = quickText(text, "\"time\"");
    if (!time) {
        return false;
    }
    followClock(*time);
    if (question_.mayMatter(text)) {
        const auto line = parser_.parse(text);
        if (!line) {
            return false;
        }
        if (question_.matters(*line)) {
            found_.take(*line);
        }
    }
    return true;
}

// A record that is earlier than the first one of its run begins another run: someone has concatenated files.
void HistorySearch::followClock(std::string_view time) {
    if (time.size() != TIME_LENGTH || time.back() != 'Z') {
        return;
    }
    if (first_time_.empty() || time < first_time_) {
        found_.beginRun();
        first_time_ = last_time_ = time;
    } else if (time >= last_time_) {
        last_time_ = time;
    } else {
        const auto before = quickTime(last_time_);
        const auto after = quickTime(time);
        if (before && after && found_.goBack({*before, *after})) {
            last_time_ = time;
        }
    }
}

void HistorySearch::leaveOut(const HistoryFile& file) {
    if (unread_.count++ == 0) {
        unread_.first_file = file.name();
        unread_.first_line = file.number();
    }
}

} // namespace user_chk::program
