// SPDX-License-Identifier: MPL-2.0
// Declares how the words of a command line name clients, and make records.

#ifndef USER_CHK_PROGRAM_WORDS_H
#define USER_CHK_PROGRAM_WORDS_H

#include <cc/data.h>

#include <string>
#include <vector>

namespace user_chk::program {

/// @brief The words of a command line that are no options, in their order.
///
/// An id is two words, `HW_ADDR 0c:0e:0a:01:ff:04`, or one, `HW_ADDR=0c:0e:0a:01:ff:04`. Whether there can be
/// such an id is left to the server.
class Words {
public:
    /// @brief Makes them; all are yet to be taken.
    explicit Words(std::vector<std::string> words);

    /// @brief True when all have been taken.
    bool empty() const { return next_ == words_.size(); }

    /// @brief Takes an id.
    ///
    /// @return a map of `type` and `id`.
    /// @throw CLI::ValidationError when the words are no id.
    isc::data::ElementPtr takeId();

    /// @brief Takes an id, and nothing else.
    ///
    /// @throw CLI::ValidationError when the words are anything else.
    isc::data::ElementPtr takeOnlyId();

    /// @brief Takes one id or more, up to the end, and nothing else.
    ///
    /// @throw CLI::ValidationError when the words are anything else.
    std::vector<isc::data::ElementPtr> takeIds();

    /// @brief Takes a record, up to the end: an id and attributes such as `bootfile=/boot/a`.
    ///
    /// @return a map as commands take it.
    /// @throw CLI::ValidationError when the words are anything else.
    isc::data::ElementPtr takeRecord();

private:
    std::string take();

    const std::vector<std::string> words_;
    size_t next_ = 0;
};

} // namespace user_chk::program

#endif // USER_CHK_PROGRAM_WORDS_H
