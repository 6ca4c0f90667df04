// SPDX-License-Identifier: MPL-2.0
// Defines UserChk, the one object behind the entry points: it owns the parts and tells the log what they met.

#ifndef USER_CHK_LIBRARY_USER_CHK_H
#define USER_CHK_LIBRARY_USER_CHK_H

#include <audit/outcome_file.h>
#include <audit/refusal_limit.h>
#include <audit/stranger_list.h>
#include <config/parameters.h>
#include <exchange/identification.h>
#include <library/attribute_reader.h>
#include <library/limited_message.h>
#include <library/statistics.h>
#include <options/option_definitions.h>
#include <policy/site.h>
#include <policy/verdict.h>
#include <source/copy_keeper.h>
#include <source/follower.h>
#include <source/last_good_copy.h>
#include <source/registry_editor.h>
#include <system/budget.h>
#include <system/published.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace user_chk {

/// @brief The library at work. Made by load(), dropped by unload(); between them any thread may call it.
class UserChk {
public:
    /// @brief What becomes of a registry that is missing or bad and of which there is no copy.
    enum class Start {
        OPEN_ONLY, ///< it is an error
        MAY_CLOSE  ///< isClosed() until it is good
    };

    /// @brief Loads the registry and opens the outcome file, if there is to be one.
    ///
    /// @param parameters the parsed parameters
    /// @param context what attributes are read by
    /// @param start what becomes of a registry that is missing or bad and of which there is no copy
    /// @throw isc::Exception when the registry cannot be had, or the outcome file cannot be opened.
    UserChk(const Parameters& parameters, ReadingContext context, Start start = Start::OPEN_ONLY);

    /// @brief From now on the last good copy is written, if there is to be one.
    void keepCopy();

    /// @brief True as long as it is not known who is registered: no query may be answered. The registry is
    /// followed first, and the log is told now and then.
    bool isClosed();

    ~UserChk();
    UserChk(const UserChk&) = delete;
    UserChk& operator=(const UserChk&) = delete;

    /// @brief Reads attributes by another context from now on. Where it has other option definitions than
    /// the one before, the registry is loaded anew; what comes of that is logged, and the last good registry
    /// stays.
    void readBy(ReadingContext context);

    /// @brief Brings the users in force up to date with what the registry file holds now, unless the
    /// background thread does that. To be called once for each query.
    ///
    /// @return what was seen of the outcome file meanwhile, for the record of the query.
    OutcomeFile::Glance follow();

    /// @brief The users in force, as they were when follow() returned last.
    const Registry& usersInForce() const { return registry_.registry(); }

    /// @brief How queries tell who their clients are.
    const Identification& identification() const { return identification_; }

    /// @brief Counts the query of a client that was judged, and tells the log of it.
    void account(const Verdict& verdict);

    /// @brief Lists the client of a query that is not treated as a registered one. The log is told when it is
    /// seen for the first time.
    ///
    /// @param verdict on the client
    /// @param describe writes what the query says of it beside the id that it is listed by
    void list(const Verdict& verdict, const std::function<void(const UserId&, StrangerTraits&)>& describe);

    /// @brief True when it is to be recorded that a client was refused something.
    bool recordsRefusalOf(const UserId& id);

    /// @brief The clients that are not registered.
    StrangerList& strangers() { return strangers_; }

    /// @brief Tells the log that a client gets no answer, since its lease would have no end.
    void tellOfEndlessLease(const Verdict& verdict);

    /// @brief The users in force, brought up to date by follow().
    ///
    /// @throw isc::InvalidOperation while isClosed().
    const Registry& users();

    /// @brief Changes the source of the registry. When this returns true, the change is made for good and in
    /// force.
    ///
    /// @param what tells the log what has changed: `user HW_ADDR=0c0e0a01ff04 added`
    /// @param change calls one function of the editor
    /// @return what that returned.
    /// @throw isc::Exception when it cannot be changed, and is then what it was; or when it was changed, but
    /// that is not in force, as the reason then says.
    /// @throw what the function of the editor throws.
    bool change(const std::string& what, const std::function<bool(RegistryEditor&)>& change);

    /// @brief Loads the registry file, even if it seems unchanged.
    ///
    /// @throw isc::InvalidOperation when it is bad.
    void reload();

    /// @brief How it stands with the source of the registry.
    Follower::State registryState() const { return registry_.state(); }

    /// @brief What the registry is loaded from.
    const Source& source() const { return registry_.source(); }

    /// @brief The bad records that the registry in force was loaded without.
    Source::Skipped skipped() const { return registry_.source().skipped(); }

    /// @brief Counts one more of what nobody else counts.
    void count(Counter counter);

    /// @brief What was counted so far.
    Counts counts() const;

    /// @brief Brings Kea's statistics up to date.
    void publishStatistics();

    /// @brief The outcome file, a null pointer when nothing is recorded.
    const OutcomeFile* outcome() const { return outcome_.get(); }

    /// @brief What the server is configured with.
    Site& site() { return site_; }
    const Site& site() const { return site_; } ///< The same.

    /// @brief Notes that clients are judged in buffer4_receive already. To be called in load().
    void judgeEarly() { judges_early_ = true; }

    /// @brief True when they are.
    bool judgesEarly() const { return judges_early_; }

    /// @brief True when the registry in force, or one that was before, has a registration that starts or
    /// ends at a time.
    bool someEnd() const { return some_end_; }

    /// @brief True when the refusal of a lease is worth a warning, once a minute at the most.
    bool tellsOfRefusal() { return refusals_.isNew(); }

    /// @brief Tells that a client has been told to move.
    LimitedMessage& movedMessage() { return moved_; }

    /// @brief True when it is worth an error that the restricted subnet is gone, once a minute at the most.
    bool tellsOfGoneSubnet() { return gone_subnets_.isNew(); }

    /// @brief Writes records into the outcome file. What cannot be written is logged and counted. Not to be
    /// called when nothing is to be recorded (@ref Parameters::Events::NONE).
    ///
    /// @param records the text of whole records
    /// @param count how many they are
    /// @param glance what follow() returned for the query
    /// @return true when they are in the file.
    bool record(const std::string& records, size_t count, const OutcomeFile::Glance& glance);

    /// @brief What is known of options.
    std::shared_ptr<const OptionDefinitions> optionDefinitions() const;

    /// @brief What the configuration says.
    const Parameters& parameters() const { return parameters_; }

private:
    void tell(const Verdict& verdict);
    Fallback fallback(Start start) const;
    void tellStart();
    void writeCopy();
    void tellNoCopy(const std::string& reason, bool is_new);
    void tell(const LoadReport& report);
    void tellLoaded(const LoadReport& report);
    void tellFailed(const LoadReport& report) const;
    void tell(const AppendReport& report) const;
    void tellWarnings(const LoadReport& report) const;

    const Parameters parameters_;
    Site site_;
    const Identification identification_;
    const std::shared_ptr<Published<ReadingContext>> context_;
    std::atomic<bool> some_end_{false}; // before the registry, which is loaded at once
    const AttributeReader reader_;
    const std::unique_ptr<LastGoodCopy> copy_; // null when there is to be none
    Follower registry_;
    RegistryEditor editor_;
    const std::unique_ptr<OutcomeFile> outcome_;           // null when nothing is recorded
    std::array<std::atomic<uint64_t>, COUNTERS> counts_{}; // but for those of the outcome file
    StrangerList strangers_;
    const std::unique_ptr<RefusalLimit> refused_; // null when refusals are not recorded
    Statistics statistics_;
    SecondHand refusals_{60};
    SecondHand gone_subnets_{60};
    SecondHand closed_{60};
    LimitedMessage endless_{USER_CHK_BOOTP_DROPPED, isc::log::INFO};
    LimitedMessage stranger_{USER_CHK_STRANGER_SEEN, isc::log::INFO};
    LimitedMessage denied_{USER_CHK_QUERY_DENIED, isc::log::INFO};
    LimitedMessage moved_{USER_CHK_CLIENT_MOVED, isc::log::INFO};
    bool judges_early_ = false;
    std::unique_ptr<CopyKeeper> copy_keeper_; // null when there is to be no copy; has a thread
};

/// @brief The object that load() made, a null pointer outside load() and unload().
inline std::unique_ptr<UserChk>& userChk() {
    static std::unique_ptr<UserChk> instance;
    return instance;
}

} // namespace user_chk

#endif // USER_CHK_LIBRARY_USER_CHK_H
