# SPDX-License-Identifier: MPL-2.0
# Replaces dhcpsrv/cfg_globals.h, which Debian 12's kea-dev includes but forgot to install.
#
# The order of the enumerators differs between releases and decides how the server's inline functions read its
# configuration, so a small program prints them from the installed library.

function(kea_add_cfg_globals target)
  set(dir "${CMAKE_BINARY_DIR}/kea-missing-headers")
  set(header "${dir}/dhcpsrv/cfg_globals.h")
  set(source "${CMAKE_SOURCE_DIR}/cmake/print_cfg_globals.cc")
  if(NOT EXISTS "${header}" OR "${source}" IS_NEWER_THAN "${header}")
    try_run(ran compiled "${dir}/build" "${source}"
      CMAKE_FLAGS "-DCMAKE_CXX_STANDARD=17"
      LINK_LIBRARIES "${KEA_dhcpsrv_LIBRARY}"
      COMPILE_OUTPUT_VARIABLE compile_output
      RUN_OUTPUT_VARIABLE text)
    if(NOT compiled OR NOT ran EQUAL 0)
      message(FATAL_ERROR "cannot make the missing header dhcpsrv/cfg_globals.h: ${compile_output}${text}")
    endif()
    file(WRITE "${header}" "${text}")
  endif()
  target_include_directories(${target} SYSTEM INTERFACE "${dir}")
endfunction()
