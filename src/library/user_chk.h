// SPDX-License-Identifier: MPL-2.0
// Defines UserChk, the object behind the hook's entry points: it owns all parts and logs what they report.

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
#include <system/file_watch.h>
#include <system/published.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace user_chk {

/// @brief The running library. load() creates it, unload() destroys it; in between any thread may call it.
class UserChk {
public:
    /// @brief What happens when the registry is missing or bad, and there is no copy of it.
    enum class Start {
        OPEN_ONLY, ///< it is an error
        MAY_CLOSE  ///< the library starts closed, see isClosed()
    };

    /// @brief Loads the registry and opens the outcome file, if one is configured.
    ///
    /// @param parameters the parsed parameters
    /// @param context what the meaning of attributes depends on
    /// @param start what happens when the registry is missing or bad, and there is no copy of it
    /// @throw isc::Exception when the registry cannot be loaded, or the outcome file cannot be opened.
    UserChk(const Parameters& parameters, ReadingContext context, Start start = Start::OPEN_ONLY);

    /// @brief Starts to write the last good copy, if one is configured.
    void keepCopy();

    /// @brief True as long as no registry is loaded, so no query may be answered. Checks the registry first,
    /// and logs a reminder now and then.
    bool isClosed();

    ~UserChk();
    UserChk(const UserChk&) = delete;
    UserChk& operator=(const UserChk&) = delete;

    /// @brief Reads attributes in a new context from now on. When its option definitions differ from those
    /// before, the registry is reloaded. The result is logged, and on failure the last good registry stays in
    /// force.
    void readBy(ReadingContext context);

    /// @brief Updates the users in force from the registry file, unless a background thread does that. Call
    /// it once per query.
    ///
    /// @return what the watch on the outcome file reported meanwhile, for the record of the query.
    OutcomeFile::Glance follow();

    /// @brief Returns the users in force, as of the last follow().
    UsersPtr usersInForce() const { return registry_.registry().users(); }

    /// @brief Returns how clients are identified by their queries.
    const Identification& identification() const { return identification_; }

    /// @brief Counts the query of a client that was judged, and logs it.
    void account(const Verdict& verdict);

    /// @brief Lists the client of a query that is not treated as a registered one. Logs it when it is seen
    /// for the first time.
    ///
    /// @param verdict the verdict on the client
    /// @param describe writes what the query tells of the client besides the id that it is listed by
    void list(const Verdict& verdict, const std::function<void(const UserId&, StrangerTraits&)>& describe);

    /// @brief True when a refusal of this client should be recorded.
    bool recordsRefusalOf(const UserId& id);

    /// @brief Returns the list of unregistered clients.
    StrangerList& strangers() { return strangers_; }

    /// @brief Logs that a client gets no answer because its lease would never end.
    void tellOfEndlessLease(const Verdict& verdict);

    /// @brief Returns the users in force after follow() updated them.
    ///
    /// @throw isc::InvalidOperation while isClosed().
    UsersPtr users();

    /// @brief Changes the source of the registry. When it returns true, the change is durable and in force.
    ///
    /// @param what the change, for the log: `user HW_ADDR=0c0e0a01ff04 added`
    /// @param change calls one function of the editor
    /// @return what that function returned.
    /// @throw isc::Exception when the source cannot be changed, and was not; or when it was changed, but the
    /// change is not in force, as the message then says.
    /// @throw what the function of the editor throws.
    bool change(const std::string& what, const std::function<bool(RegistryEditor&)>& change);

    /// @brief Loads the registry file, even if it seems unchanged.
    ///
    /// @throw isc::InvalidOperation when the file is bad.
    void reload();

    /// @brief Returns the state of the source of the registry.
    Follower::State registryState() const { return registry_.state(); }

    /// @brief Returns the source that the registry is loaded from.
    const Source& source() const { return registry_.source(); }

    /// @brief Returns the bad records that were skipped when the registry in force was loaded.
    Source::Skipped skipped() const { return registry_.source().skipped(); }

    /// @brief Increments a counter that no other part maintains.
    void count(Counter counter);

    /// @brief Returns the counters so far.
    Counts counts() const;

    /// @brief Updates Kea's statistics.
    void publishStatistics();

    /// @brief Returns the outcome file, a null pointer when nothing is recorded.
    const OutcomeFile* outcome() const { return outcome_.get(); }

    /// @brief Returns what was derived from the server's configuration.
    Site& site() { return site_; }
    const Site& site() const { return site_; } ///< Same as above.

    /// @brief Notes that clients are judged as early as buffer4_receive. Call it in load().
    void judgeEarly() { judges_early_ = true; }

    /// @brief True when clients are judged as early as buffer4_receive.
    bool judgesEarly() const { return judges_early_; }

    /// @brief True when the registry in force, or an earlier one, has a registration with a start or an end
    /// time.
    bool someEnd() const { return some_end_; }

    /// @brief True when the refusal of a lease should be logged as a warning: at most once a minute.
    bool tellsOfRefusal() { return refusals_.isNew(); }

    /// @brief Returns the message that a client was told to move.
    LimitedMessage& movedMessage() { return moved_; }

    /// @brief True when a missing restricted subnet should be logged as an error: at most once a minute.
    bool tellsOfGoneSubnet() { return gone_subnets_.isNew(); }

    /// @brief Writes records into the outcome file. Failures are logged and counted. Must not be called when
    /// nothing is recorded (@ref Parameters::Events::NONE).
    ///
    /// @param records the text of whole records
    /// @param count the number of records
    /// @param glance what follow() returned for the query
    /// @return true when the records are in the file.
    bool record(std::string_view records, size_t count, const OutcomeFile::Glance& glance);

    /// @brief Returns the known option definitions.
    std::shared_ptr<const OptionDefinitions> optionDefinitions() const;

    /// @brief Returns the parsed parameters.
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
    std::atomic<bool> some_end_{false}; // declared before the registry, whose first load sets it
    const AttributeReader reader_;
    const std::unique_ptr<LastGoodCopy> copy_; // null when no copy is kept
    Follower registry_;
    RegistryEditor editor_;
    const std::unique_ptr<OutcomeFile> outcome_;           // null when nothing is recorded
    const std::unique_ptr<const FileWatchPair> watches_;   // of both files; null unless there are two
    std::array<std::atomic<uint64_t>, COUNTERS> counts_{}; // except those of the outcome file
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
    std::unique_ptr<CopyKeeper> copy_keeper_; // null when no copy is kept; has a thread
};

/// @brief The object that load() created; a null pointer before load() and after unload().
inline std::unique_ptr<UserChk> running_user_chk;

} // namespace user_chk

#endif // USER_CHK_LIBRARY_USER_CHK_H
