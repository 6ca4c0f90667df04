# Shared by the scripts: the machine, the packages it needs, private namespaces, builds.
# SPDX-License-Identifier: MPL-2.0
# shellcheck shell=bash disable=SC2034

SOURCE_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD_ROOT=${USER_CHK_BUILD:-$SOURCE_DIR/build}
CACHE_DIR=${USER_CHK_CACHE:-/var/cache/kea-user-chk}

# Debian's own tools only: another Python lacks Debian's pytest and Scapy, another compiler builds against
# another ABI than Kea's.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
PYTHON=/usr/bin/python3
# What Python compiles is kept in the build folder, even if it is to keep nothing: each of the tests' processes would compile
# all of them.
export PYTHONPYCACHEPREFIX=$BUILD_ROOT/pycache LC_ALL=C.UTF-8
unset PYTHONDONTWRITEBYTECODE

die() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# --- the machine ---------------------------------------------------------------------------------------

require_root() {
    [[ $EUID -eq 0 ]] || die "this installs packages and makes network namespaces, so it must be root." \
        "Run: sudo $0"
}

require_namespaces() {
    unshare --mount --net --pid --fork true 2>/dev/null ||
        die "root may not make namespaces here, so no test network can be built. In a container, start it" \
            "with --privileged; otherwise use a virtual machine."
}

# The release of this machine: bookworm, trixie or testing. Debian unstable counts as testing.
host_release() {
    local field
    field=$(. /etc/os-release 2>/dev/null && echo "${ID:-}:${VERSION_ID:-}") || true
    case $field in
        debian:12) echo bookworm ;;
        debian:13) echo trixie ;;
        debian:) echo testing ;;
        *) die "this is not Debian 12, 13 or testing, whose Kea packages the hook is built for." \
            "Run this on one of them, a virtual machine or a privileged container will do." ;;
    esac
}

# --- packages ------------------------------------------------------------------------------------------

# The packages for building, testing and demonstrating the hook on release $1, without Boost.
packages_for() {
    echo kea-dhcp4-server kea-dhcp6-server kea-common kea-admin kea-ctrl-agent kea-dev \
        g++ cmake make pkgconf libssl-dev libsimdjson-dev libcli11-dev zlib1g-dev libxxhash-dev libpq-dev libgtest-dev libbenchmark-dev postgresql pgbouncer \
        python3-pytest python3-pytest-xdist python3-scapy python3-jsonschema python3-prometheus-client iproute2 curl logrotate udhcpc \
        dhcpcd-base systemd network-manager git build-essential debhelper lintian apparmor
    case $1 in
        bookworm)
            echo isc-dhcp-client slapd ldap-utils clang clang-format clang-tidy libclang-rt-dev doxygen shellcheck groff-base ;;
        trixie) echo isc-dhcp-client ;;
    esac
}

# Kea's servers, and what our packages depend on besides: a machine that has no more is where their tests install them.
# libsimdjson-dev brings the library, which has another name on each release.
packages_of_servers() {
    echo kea-dhcp4-server kea-dhcp6-server python3 libpq5 libsimdjson-dev zlib1g apparmor
}

missing_packages() {
    local package
    for package; do
        dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
            echo "$package"
    done
}

# Package lists are fetched only when the present ones do not suffice: on unstable they may be too old for that.
apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    local install=(apt-get install --yes --quiet --no-install-recommends --no-remove)
    "${install[@]}" "$@" || { apt-get update --quiet && "${install[@]}" "$@"; }
}

# Debian starts a service when its package is installed. Nobody who runs a test wants a Kea that serves this machine's
# real network, so a policy forbids that meanwhile.
without_services() {
    local policy=/usr/sbin/policy-rc.d status=0
    [[ ! -e $policy ]] || { "$@"; return; }
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    "$@" || status=$?
    rm -f "$policy"
    return "$status"
}

# Disables services that are installed for the tests only: at the next boot, a NetworkManager would take over the
# interfaces, and a slapd would listen on them.
forbid_service() {
    local unit=/etc/systemd/system/$1.service
    [[ -e $unit || -L $unit ]] || { mkdir -p "${unit%/*}" && ln -s /dev/null "$unit"; }
}

# Installs those of the given packages that are missing; log file first.
install_packages() {
    local log=$1 missing
    shift
    mapfile -t missing < <(missing_packages "$@")
    [[ ${#missing[@]} -gt 0 ]] || return 0
    [[ " ${missing[*]} " != *" network-manager "* ]] || forbid_service NetworkManager
    [[ " ${missing[*]} " != *" slapd "* ]] || forbid_service slapd
    without_services apt_install "${missing[@]}" >"$log" 2>&1 </dev/null ||
        { tail -n 20 "$log" >&2; die "could not install ${missing[*]} (all of the output: $log)."; }
}

# Kea passes its hooks types that contain Boost's, so the headers must be of the version that Kea was built with. While
# Debian testing moves to a new Boost, that is not the version of libboost-dev.
boost_package() {
    local version
    version=$(kea-dhcp4 -W | sed -nE 's/^ *B(OOST_VERSION|oost): +([0-9]+)[._]([0-9]+)$/\2.\3/p')
    [[ -n $version ]] || die "kea-dhcp4 -W does not say which Boost it was built with."
    echo "libboost$version-dev"
}

# Installs the given packages, kea-dhcp4-server among them, and Kea's Boost; log file first.
install_with_boost() {
    local boost
    install_packages "$@"
    boost=$(boost_package)
    install_packages "$1" "$boost"
}

# Brings packages up to date where the lists can be fetched; log file first.
upgrade_packages() {
    local log=$1
    shift
    apt-get update --quiet >"$log" 2>&1 </dev/null ||
        echo "the lists of packages could not be fetched (all of the output: $log): Kea stays as it is" >&2
    without_services apt_install "$@" >>"$log" 2>&1 </dev/null ||
        { tail -n 20 "$log" >&2; die "could not update $* (all of the output: $log)."; }
}

# --- private namespaces --------------------------------------------------------------------------------

# Runs a command that ends together with this script, however this script ends. Bash alone would delay a signal until
# the command is done, and leave the command running after SIGKILL.
interruptible() {
    setpriv --pdeathsig KILL "$@" &
    wait $!
}
trap 'exit 130' INT
trap 'exit 143' TERM

# Runs a command in its own network, mount and process namespaces with an empty /run: the network namespaces,
# interfaces, mounts and processes that it creates disappear with it.
enclosed() {
    # The shell stays, as the process that adopts orphans.
    # shellcheck disable=SC2016
    interruptible unshare --mount --net --pid --fork --kill-child --mount-proc --propagation private \
        bash -c 'mount -t tmpfs tmpfs /run && ip link set lo up && "$@"; exit $?' enclosed "$@"
}

# --- builds --------------------------------------------------------------------------------------------

# Option for a quick build: debug information has only functions and lines. The code is the same as for users.
QUICK_BUILD=("-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -g1 -DNDEBUG")

# Sets PACKAGE_BUILD: the same for build_tree, with the flags of Debian's packages, hardening among them. What was compiled
# for the tests serves the packages too.
with_package_flags() {
    local flags
    flags=$(cd "$SOURCE_DIR" && debian/rules buildflags)
    eval "$flags"
    # By the name by which debhelper calls the compiler: with another one CMake would begin anew.
    PACKAGE_BUILD=("-DCMAKE_CXX_COMPILER=$(dpkg-architecture --query DEB_HOST_GNU_TYPE)-g++"
        -DCMAKE_BUILD_TYPE=None "-DCMAKE_CXX_FLAGS=$CXXFLAGS"
        "-DCMAKE_EXE_LINKER_FLAGS=$LDFLAGS" "-DCMAKE_MODULE_LINKER_FLAGS=$LDFLAGS" "-DCMAKE_SHARED_LINKER_FLAGS=$LDFLAGS")
}

# Configures and builds this tree: build directory, options for CMake, then perhaps -- and the targets to build.
build_tree() {
    local dir=$1 options=()
    shift
    while [[ $# -gt 0 && $1 != -- ]]; do options+=("$1"); shift; done
    cmake -S "$SOURCE_DIR" -B "$dir" "${options[@]}" &&
        cmake --build "$dir" --parallel "$(nproc)" ${2:+--target "${@:2}"}
}
