# SPDX-License-Identifier: MPL-2.0
# Chooses a sanitizer build: USER_CHK_SANITIZE=address (with UBSan) or thread.

set(USER_CHK_SANITIZE "" CACHE STRING "Sanitizer: empty, address (AddressSanitizer and UBSan) or thread")
set_property(CACHE USER_CHK_SANITIZE PROPERTY STRINGS "" address thread)

add_library(user_chk_sanitizers INTERFACE)
if(USER_CHK_SANITIZE STREQUAL "address")
  set(flags -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
elseif(USER_CHK_SANITIZE STREQUAL "thread")
  set(flags -fsanitize=thread -fno-omit-frame-pointer)
elseif(USER_CHK_SANITIZE)
  message(FATAL_ERROR "invalid USER_CHK_SANITIZE: '${USER_CHK_SANITIZE}', must be empty, address or thread")
endif()
target_compile_options(user_chk_sanitizers INTERFACE ${flags})
target_link_options(user_chk_sanitizers INTERFACE ${flags})
