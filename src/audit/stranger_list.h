// SPDX-License-Identifier: MPL-2.0
// Defines StrangerList, which keeps the clients that were not treated as registered ones.

#ifndef USER_CHK_AUDIT_STRANGER_LIST_H
#define USER_CHK_AUDIT_STRANGER_LIST_H

#include <audit/recent_clients.h>
#include <audit/stranger.h>
#include <identity/id_tag.h>

#include <boost/multi_index/hashed_index.hpp>
#include <boost/multi_index/identity.hpp>
#include <boost/multi_index/sequenced_index.hpp>
#include <boost/multi_index_container.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace user_chk {

/// @brief Keeps the clients that were seen last, up to a number of them. All functions may be called from any
/// thread; queries of registered clients call none.
///
/// Clients come in three parts: those seen once, those seen twice within a second, as one exchange has it,
/// and those who came back after that. Room is made in the first of them that has more than an eighth of all.
/// So a flood of made-up clients pushes out itself, and neither who was seen more often than its clients are,
/// nor who keeps trying. What was pushed out is remembered for a while (Newcomers), so that a real client
/// among the flood is known when it comes again.
class StrangerList {
public:
    /// @brief A point in time.
    typedef Stranger::Time Time;

    /// @brief Keeps up to some clients.
    ///
    /// @param most how many; none are kept for 0
    explicit StrangerList(size_t most);

    /// @brief Whether any are kept.
    bool keeps() const { return most_ != 0; }

    /// @brief Writes what a query says of its client.
    typedef std::function<void(StrangerTraits&)> Describe;

    /// @brief Takes a query of a client.
    ///
    /// @param id what it is to be listed by
    /// @param now when it came
    /// @param standing how the client stands, as user-chk-explain says it; it must stay
    /// @param reason the same in words; it must stay
    /// @param describe writes what the query says over what an earlier one said; not called when that was
    /// done less than a second ago
    /// @return true when the client is not known to have been seen before.
    bool sawQuery(const UserId& id, Time now, const char* standing, const char* reason,
                  const Describe& describe);

    /// @brief Takes where a client was placed, and what it was granted; does nothing when it is not kept.
    void sawGrant(const UserId& id, std::optional<uint32_t> subnet_id, const GrantedLeases& leases);

    /// @brief Whether a client is still to be listed.
    typedef std::function<bool(const Stranger&)> Keep;

    /// @brief The clients that were seen last, the newest first.
    ///
    /// @param limit the most of them
    /// @param since those that were seen before this are left out
    /// @param keep tells of each whether it is still to be listed; one that is not is forgotten
    std::vector<Stranger> list(size_t limit, std::optional<Time> since, const Keep& keep);

    /// @brief How many are kept.
    size_t size() const;

    /// @brief How many were pushed out so far.
    uint64_t pushedOut() const;

private:
    struct Kept {
        size_t hash;               // of its id
        mutable Stranger stranger; // its id does not change while it is in a part
        mutable Time described;    // when the traits were taken
    };
    struct Sight {
        Time time;
        const char* standing;
        const char* reason;
    };
    struct Key {
        const UserId& id;
        size_t hash; // made once, used for all parts
    };
    struct HashOf {
        size_t operator()(const Kept& kept) const { return kept.hash; }
        size_t operator()(const Key& key) const { return key.hash; }
    };
    struct HasSameId {
        bool operator()(const Kept& one, const Kept& other) const {
            return one.stranger.id == other.stranger.id;
        }
        bool operator()(const Key& key, const Kept& kept) const { return key.id == kept.stranger.id; }
        bool operator()(const Kept& kept, const Key& key) const { return key.id == kept.stranger.id; }
    };
    // The one that was seen last is in front.
    typedef boost::multi_index_container<
        Kept, boost::multi_index::indexed_by<
                  boost::multi_index::sequenced<>,
                  boost::multi_index::hashed_unique<boost::multi_index::identity<Kept>, HashOf, HasSameId>>>
        Part;

    static constexpr int BY_ID = 1;

    enum PartNumber { ONCE, TWICE, BACK, PARTS };

    struct Place {
        PartNumber part;
        Part::iterator kept;
    };

    std::optional<Place> find(const Key& key);
    static void see(const Kept& seen, const Sight& sight, const Describe& describe);
    void bringForward(const Place& place, PartNumber to);
    const Kept& add(PartNumber part, const Key& key, Time now);
    Part::node_type pushOut();
    size_t count() const;

    const size_t most_;
    mutable std::mutex mutex_; // guards what follows
    std::array<Part, PARTS> parts_;
    Newcomers pushed_out_;
    uint64_t pushed_out_count_ = 0;
};

} // namespace user_chk

#endif // USER_CHK_AUDIT_STRANGER_LIST_H
