# SPDX-License-Identifier: MPL-2.0
# Chooses a sanitizer build: USER_CHK_SANITIZE=address (with UBSan) or thread.

set(USER_CHK_SANITIZE "" CACHE STRING "Sanitizer: empty, address (AddressSanitizer and UBSan) or thread")
set_property(CACHE USER_CHK_SANITIZE PROPERTY STRINGS "" address thread)

set(flags)
set(undefined)
set(fewer)
if(USER_CHK_SANITIZE STREQUAL "address")
  set(flags -fsanitize=address -fno-omit-frame-pointer)
  # Without these, compiling takes about a fifth less. A null pointer stops a program anyway, and the processor reads what is
  # not aligned.
  set(undefined -fsanitize=undefined -fno-sanitize=null,alignment,object-size -fno-sanitize-recover=undefined)
  set(fewer -fno-sanitize-address-use-after-scope)
elseif(USER_CHK_SANITIZE STREQUAL "thread")
  set(flags -fsanitize=thread -fno-omit-frame-pointer)
elseif(USER_CHK_SANITIZE)
  message(FATAL_ERROR "invalid USER_CHK_SANITIZE: '${USER_CHK_SANITIZE}', must be empty, address or thread")
endif()

add_library(user_chk_sanitizers INTERFACE)
target_compile_options(user_chk_sanitizers INTERFACE ${flags} ${undefined})
target_link_options(user_chk_sanitizers INTERFACE ${flags} ${undefined})

# For the code of tests: less is checked there, since the checks take long to compile.
add_library(user_chk_test_sanitizers INTERFACE)
target_compile_options(user_chk_test_sanitizers INTERFACE ${flags} ${fewer})
target_link_options(user_chk_test_sanitizers INTERFACE ${flags} ${undefined})
