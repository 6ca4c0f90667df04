# SPDX-License-Identifier: MPL-2.0
# Finds an installed Kea with its development files, under the library names of every release since 2.2.
#
# Sets KEA_HOOKS_VERSION (for example 20200) and KEA_HOOKS_DIR (where the servers load hook libraries from), and creates
# the imported targets Kea::kea, with the headers and libraries that a hook library needs, and Kea::client, with what
# programs that talk to a server need in addition.

find_path(KEA_INCLUDE_DIR NAMES hooks/hooks.h PATH_SUFFIXES kea)

set(kea_library_variables)
foreach(name dhcpsrv process eval dhcp hooks stats cc log util asiolink exceptions)
  find_library(KEA_${name}_LIBRARY NAMES kea-${name} kea-${name}++)
  list(APPEND kea_library_variables KEA_${name}_LIBRARY)
endforeach()
# The client of the control channel, for programs.
find_library(KEA_client_LIBRARY NAMES kea-config kea-cfgclient)

if(KEA_INCLUDE_DIR)
  file(STRINGS "${KEA_INCLUDE_DIR}/hooks/hooks.h" line REGEX "KEA_HOOKS_VERSION = [0-9]+")
  string(REGEX REPLACE ".*= ([0-9]+).*" "\\1" KEA_HOOKS_VERSION "${line}")
endif()
if(KEA_hooks_LIBRARY)
  get_filename_component(kea_library_dir "${KEA_hooks_LIBRARY}" DIRECTORY)
  set(KEA_HOOKS_DIR "${kea_library_dir}/kea/hooks" CACHE PATH "Where the Kea servers load hook libraries from")
endif()

find_path(KEA_BOOST_INCLUDE_DIR NAMES boost/shared_ptr.hpp)

# Kea's headers for TLS include code of Boost that calls OpenSSL.
find_path(KEA_OPENSSL_INCLUDE_DIR NAMES openssl/ssl.h)
find_library(KEA_OPENSSL_LIBRARY NAMES crypto)

# Kea's types contain Boost's, so the headers must be of the version that Kea was built with. On Debian testing that is
# sometimes not the version of libboost-dev.
find_program(KEA_DHCP4_EXECUTABLE NAMES kea-dhcp4 PATH_SUFFIXES sbin)
if(KEA_DHCP4_EXECUTABLE AND KEA_BOOST_INCLUDE_DIR)
  execute_process(COMMAND "${KEA_DHCP4_EXECUTABLE}" -W OUTPUT_VARIABLE report)
  file(STRINGS "${KEA_BOOST_INCLUDE_DIR}/boost/version.hpp" line REGEX "define BOOST_LIB_VERSION \"")
  string(REGEX REPLACE ".*\"([0-9]+)_([0-9]+).*" "\\1.\\2" found_boost "${line}")
  if(report MATCHES "(BOOST_VERSION|Boost): +([0-9]+)[._]([0-9]+)\n")
    set(kea_boost "${CMAKE_MATCH_2}.${CMAKE_MATCH_3}")
    if(NOT found_boost STREQUAL kea_boost)
      message(FATAL_ERROR "Kea was built with Boost ${kea_boost}, but the headers in ${KEA_BOOST_INCLUDE_DIR} are of "
        "${found_boost}. On Debian: apt-get install libboost${kea_boost}-dev")
    endif()
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Kea
  REQUIRED_VARS KEA_INCLUDE_DIR ${kea_library_variables} KEA_client_LIBRARY KEA_HOOKS_VERSION KEA_HOOKS_DIR
                KEA_BOOST_INCLUDE_DIR KEA_OPENSSL_INCLUDE_DIR KEA_OPENSSL_LIBRARY
  VERSION_VAR KEA_HOOKS_VERSION
  REASON_FAILURE_MESSAGE "On Debian: apt-get install kea-dev libboost-dev libssl-dev")

if(Kea_FOUND AND NOT TARGET Kea::kea)
  add_library(Kea::kea INTERFACE IMPORTED)
  foreach(variable ${kea_library_variables})
    target_link_libraries(Kea::kea INTERFACE "${${variable}}")
  endforeach()
  target_link_libraries(Kea::kea INTERFACE "${KEA_OPENSSL_LIBRARY}")
  target_include_directories(Kea::kea SYSTEM INTERFACE "${KEA_INCLUDE_DIR}")
  if(NOT EXISTS "${KEA_INCLUDE_DIR}/eval/location.hh")
    target_include_directories(Kea::kea SYSTEM INTERFACE "${CMAKE_CURRENT_LIST_DIR}/missing-headers")
  endif()
  if(NOT EXISTS "${KEA_INCLUDE_DIR}/dhcpsrv/cfg_globals.h")
    include(KeaCfgGlobals)
    kea_add_cfg_globals(Kea::kea)
  endif()
  add_library(Kea::client INTERFACE IMPORTED)
  target_link_libraries(Kea::client INTERFACE Kea::kea "${KEA_client_LIBRARY}")
endif()
