// SPDX-License-Identifier: MPL-2.0
// Tests that a thread that waits for a change learns the outcome, whenever the database falls silent.

#include <source/pending_edits.h>
#include <support/temp_dir.h>
#include <user_data_source.h>

#include <gtest/gtest.h>

namespace user_chk {
namespace {

using test::messageOf;

class PendingEditsTest : public testing::Test {
protected:
    typedef std::shared_ptr<PendingEdits::Job> Job;

    // Returns what the waiting thread is told when the other one does something with its change, and then
    // stops.
    std::string toldAfter(const std::function<void(const Job&)>& act) {
        return messageOf<UserDataSourceError>([&] {
            edits_.await(edit_, Patience(std::chrono::milliseconds(10)), [&] { act(edits_.take()); });
        });
    }

    PendingEdits edits_;
    const Edit edit_{Edit::What::REMOVE, UserId(UserId::HW_ADDRESS, "01"), ""};
};

TEST_F(PendingEditsTest, aChangeThatNobodyWaitsForIsNotMade) {
    Job left;
    EXPECT_EQ("does not answer in time; nothing was changed", toldAfter([&](const Job& job) { left = job; }));
    EXPECT_FALSE(edits_.mayCommit(*left));
}

TEST_F(PendingEditsTest, aChangeThatMayHaveBeenMadeIsToldOfAsSuch) {
    EXPECT_EQ("does not answer in time; it is not known whether the user was changed",
              toldAfter([&](const Job& job) { EXPECT_TRUE(edits_.mayCommit(*job)); }));
    EXPECT_EQ("lost; it is not known whether the user was changed", toldAfter([&](const Job& job) {
                  EXPECT_TRUE(edits_.mayCommit(*job));
                  edits_.fail(*job, "lost", false);
              }));
    EXPECT_EQ("violated; nothing was changed", toldAfter([&](const Job& job) {
                  EXPECT_TRUE(edits_.mayCommit(*job));
                  edits_.fail(*job, "violated", true);
              }));
}

TEST_F(PendingEditsTest, aChangeThatIsNotInForceIsToldOfAsSuch) {
    EXPECT_EQ("does not answer in time; the user was changed, but the change is not in force here yet",
              toldAfter([&](const Job& job) { edits_.decided(job, Edited::DONE); }));
    EXPECT_EQ("lost; the user was changed, but the change is not in force here yet",
              toldAfter([&](const Job& job) {
                  edits_.decided(job, Edited::DONE);
                  edits_.failAll("lost");
              }));
}

TEST_F(PendingEditsTest, whatWaitsFailsWhereTheDatabaseDoesNotAnswer) {
    EXPECT_EQ("lost; nothing was changed", messageOf<UserDataSourceError>([&] {
                  edits_.await(edit_, Patience(std::chrono::seconds(60)), [&] { edits_.failAll("lost"); });
              }));
    EXPECT_EQ(nullptr, edits_.take());
}

TEST_F(PendingEditsTest, whatIsInForceIsDone) {
    for (const Edited edited : {Edited::DONE, Edited::ABSENT}) {
        EXPECT_EQ(edited, edits_.await(edit_, Patience(std::chrono::seconds(60)), [&] {
            edits_.decided(edits_.take(), edited);
            edits_.inForce();
        }));
    }
}

} // namespace
} // namespace user_chk
