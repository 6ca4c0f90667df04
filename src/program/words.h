// SPDX-License-Identifier: MPL-2.0
// Parses the clients and records on a command line.

#ifndef USER_CHK_PROGRAM_WORDS_H
#define USER_CHK_PROGRAM_WORDS_H

#include <cc/data.h>

#include <string>
#include <vector>

namespace user_chk::program {

/// @brief The words of a command line that are not options, in order.
///
/// An id is either two words, `HW_ADDR 0c:0e:0a:01:ff:04`, or one, `HW_ADDR=0c:0e:0a:01:ff:04`. The server
/// checks whether the id is valid.
class Words {
public:
    /// @brief Creates the list; no word has been taken yet.
    explicit Words(std::vector<std::string> words);

    /// @brief True when all have been taken.
    bool empty() const { return next_ == words_.size(); }

    /// @brief Takes an id.
    ///
    /// @return a map of `type` and `id`.
    /// @throw CLI::ValidationError when the words are not an id.
    isc::data::ElementPtr takeId();

    /// @brief Takes an id, which must be all that is left.
    ///
    /// @throw CLI::ValidationError when the words are anything else.
    isc::data::ElementPtr takeOnlyId();

    /// @brief Takes all words that are left as one or more ids.
    ///
    /// @throw CLI::ValidationError when the words are anything else.
    std::vector<isc::data::ElementPtr> takeIds();

    /// @brief Takes all words that are left as a record: an id, and attributes such as `bootfile=/boot/a`.
    ///
    /// @return a map in the form of the commands' arguments.
    /// @throw CLI::ValidationError when the words are anything else.
    isc::data::ElementPtr takeRecord();

private:
    std::string take();

    const std::vector<std::string> words_;
    size_t next_ = 0;
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_WORDS_H
