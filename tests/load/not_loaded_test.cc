// SPDX-License-Identifier: MPL-2.0
// Tests the callouts of a library whose load() never ran: they must drop every query.

#include <load/log_file.h>

#include <hooks/callout_handle.h>
#include <hooks/callout_manager.h>
#include <log/message_initializer.h>

#include <boost/make_shared.hpp>

#include <gtest/gtest.h>

#include <dlfcn.h>

namespace user_chk {
namespace {

using isc::hooks::CalloutHandle;

TEST(NotLoadedTest, queriesAreDropped) {
    void* library = ::dlopen(USER_CHK_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    ASSERT_NE(nullptr, library) << ::dlerror();
    isc::log::MessageInitializer::loadDictionary();
    test::LogFile& log = test::LogFile::instance();
    for (const std::string protocol : {"4", "6"}) {
        log.clear();
        typedef int (*Callout)(CalloutHandle&);
        const auto expectDropped = [&](const std::string& name) {
            const auto callout = reinterpret_cast<Callout>(::dlsym(library, name.c_str()));
            ASSERT_NE(nullptr, callout);
            CalloutHandle handle(boost::make_shared<isc::hooks::CalloutManager>());
            EXPECT_NE(0, callout(handle));
            EXPECT_EQ(CalloutHandle::NEXT_STEP_DROP, handle.getStatus());
        };
        expectDropped("subnet" + protocol + "_select");
        EXPECT_EQ(1, log.count("USER_CHK_SUBNET" + protocol + "_SELECT_REGISTRY_NULL")) << log.text();
        for (int i = 0; i < 5; ++i) {
            expectDropped("pkt" + protocol + "_receive");
        }
        // Once a minute; a minute may begin here.
        EXPECT_LE(1, log.count("USER_CHK_PKT" + protocol + "_RECEIVE_ERROR")) << log.text();
        EXPECT_GE(2, log.count("USER_CHK_PKT" + protocol + "_RECEIVE_ERROR")) << log.text();
    }
    ::dlclose(library);
}

} // namespace
} // namespace user_chk
