// SPDX-License-Identifier: MPL-2.0
// Defines StrangerList, which remembers the clients that were not treated as registered ones.

#ifndef USER_CHK_AUDIT_STRANGER_LIST_H
#define USER_CHK_AUDIT_STRANGER_LIST_H

#include <audit/recent_clients.h>
#include <audit/stranger.h>
#include <identity/id_tag.h>

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/unordered_set.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace user_chk {

/// @brief Remembers the clients that were seen last, up to a maximum number. Any thread may call all
/// functions; queries of registered clients call none.
///
/// Clients are kept in three parts: those seen once, those seen twice within a second, as in a single
/// exchange, and those that came back later. When the list is full, a client is pushed out of the first part
/// that has more than an eighth of all clients. So a flood of made-up clients pushes out itself, and neither
/// clients that were seen more often nor those that keep trying. A client that was pushed out is remembered
/// for a while (Newcomers), so that a real client in the flood is recognized when it comes again.
class StrangerList {
public:
    /// @brief A point in time.
    typedef Stranger::Time Time;

    /// @brief Creates a list with a maximum number of clients.
    ///
    /// @param most the maximum; 0 to keep none
    /// @param hash by which they are found
    explicit StrangerList(size_t most, HashOfId hash = {});

    /// @brief Whether any clients are kept.
    bool keeps() const { return most_ != 0; }

    /// @brief Writes what a query tells of its client.
    typedef std::function<void(StrangerTraits&)> Describe;

    /// @brief Notes a query of a client.
    ///
    /// @param id the id by which it is listed
    /// @param now when the query came
    /// @param standing the client's standing, as in user-chk-explain; not copied
    /// @param reason the same in words; not copied
    /// @param describe overwrites what an earlier query told; not called when that was done less than a
    /// second ago
    /// @return true when the client is not known to have been seen before.
    bool sawQuery(const UserId& id, Time now, const char* standing, const char* reason,
                  const Describe& describe);

    /// @brief Notes where a client was placed, and what it was granted. Does nothing when the client is not
    /// in the list.
    void sawGrant(const UserId& id, std::optional<uint32_t> subnet_id, const GrantedLeases& leases);

    /// @brief Whether a client stays in the list.
    typedef std::function<bool(const Stranger&)> Keep;

    /// @brief Returns the clients that were seen last, newest first.
    ///
    /// @param limit the maximum number to return
    /// @param since clients that were last seen before this are left out
    /// @param keep tells whether a client stays in the list; one that does not is forgotten
    std::vector<Stranger> list(size_t limit, std::optional<Time> since, const Keep& keep);

    /// @brief Returns the number of clients in the list.
    size_t size() const;

    /// @brief Returns the number of clients that were pushed out so far.
    uint64_t pushedOut() const;

private:
    enum PartNumber { ONCE, TWICE, BACK, PARTS };

    // Its id and hash do not change while it is in a part.
    struct Kept : boost::intrusive::list_base_hook<>, boost::intrusive::unordered_set_base_hook<> {
        explicit Kept(const UserId& id) : stranger{id, {}, {}} {}

        size_t hash = 0; // of its id
        PartNumber part = ONCE;
        Time described; // when the traits were taken
        Stranger stranger;
    };
    struct Sight {
        Time time;
        const char* standing;
        const char* reason;
    };
    struct Key {
        const UserId& id;
        size_t hash;
    };
    struct HashOf {
        size_t operator()(const Kept& kept) const { return kept.hash; }
        size_t operator()(const Key& key) const { return key.hash; }
    };
    struct HasSameId {
        bool operator()(const Kept& one, const Kept& other) const {
            return one.stranger.id == other.stranger.id;
        }
        bool operator()(const Key& key, const Kept& kept) const {
            return key.hash == kept.hash && key.id == kept.stranger.id;
        }
    };
    // The client that was seen last is in front.
    typedef boost::intrusive::list<Kept> Part;
    typedef boost::intrusive::unordered_set<
        Kept, boost::intrusive::hash<HashOf>, boost::intrusive::equal<HasSameId>,
        boost::intrusive::power_2_buckets<true>, boost::intrusive::constant_time_size<false>>
        Index;

    Kept* find(const Key& key);
    static void see(Kept& seen, const Sight& sight, const Describe& describe);
    void bringForward(Kept& kept, PartNumber to);
    Kept& add(const Key& key, PartNumber part, Time now);
    void makeRoom(const UserId& id);
    void pushOut();
    Part::iterator forget(const Part::iterator& kept);

    const size_t most_;
    const HashOfId hash_of_;
    mutable std::mutex mutex_; // guards what follows
    std::deque<Kept> all_;     // before the index and the lists, which unlink its elements when they end
    std::vector<Index::bucket_type> buckets_;
    Index by_id_; // those in a part
    std::array<Part, PARTS> parts_;
    Part free_; // the others
    Newcomers pushed_out_;
    uint64_t pushed_out_count_ = 0;
};

} // namespace user_chk

#endif // USER_CHK_AUDIT_STRANGER_LIST_H
