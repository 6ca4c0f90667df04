// SPDX-License-Identifier: MPL-2.0
// Defines what load() has to know of the server beyond its configuration: whether it has had one before, and
// when it works by this one.

#ifndef USER_CHK_HOOKS_SERVER_STATE_H
#define USER_CHK_HOOKS_SERVER_STATE_H

#include <functional>

namespace user_chk {

/// @brief True when the server has worked by a configuration before: it is given another one, or is told to
/// read its own again. False while it starts, and where a configuration is only checked (`-T`). To be called
/// on the main thread.
bool hasWorkedBefore();

/// @brief Calls a function once the server works: soon, on the main thread, from the server's loop. Where a
/// configuration is only checked, or is refused, it is never called. To be called on the main thread, once.
void onceItWorks(const std::function<void()>& call);

/// @brief Forgets that function. To be called on the main thread before the library is unloaded.
void forgetOnceItWorks();

} // namespace user_chk

#endif // USER_CHK_HOOKS_SERVER_STATE_H
