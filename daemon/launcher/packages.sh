# shellcheck shell=bash
# Installs what is missing: tools, libpcap, a JDK.

# shellcheck source=daemon/launcher/java.sh
source "${BASH_SOURCE[0]%/*}/java.sh"

# Runs a command as root, without ever asking for a password.
as_root() {
    if ((EUID == 0)) && ! in_user_namespace; then
        "$@"
    elif ((EUID != 0)) && command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        sudo -n -- "$@"
    else
        return 126
    fi
}

packages_refreshed=
refresh_packages() {
    [[ -z $packages_refreshed ]] || return 0
    packages_refreshed=yes
    # Without root the lists that are there must do.
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 update </dev/null >&2 || true
}

has_package() { [[ -n $(apt-cache --quiet=2 show --no-all-versions "$1" 2>/dev/null) ]]; }

install_packages() {
    command -v apt-get >/dev/null ||
        die "needs what Debian packages as: $*. Install your distribution's packages of the same, and try again"
    as_root true || die "needs packages that only root can install: run 'apt-get install $*' as root, and try again"
    say "installing $*"
    refresh_packages
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 \
        install --no-install-recommends "$@" </dev/null >&2 ||
        die "apt-get could not install: $*. Install them, and try again"
}

has_libpcap() {
    local file
    for file in "/usr/lib/$HOSTTYPE-linux-gnu"/libpcap.so.*; do
        [[ -e $file ]] && return
    done
    ldconfig -p 2>/dev/null | grep -q 'libpcap\.so'
}

libpcap_package() {
    refresh_packages
    if has_package libpcap0.8t64; then echo libpcap0.8t64; else echo libpcap0.8; fi
}

# Installs the packages of what is missing: need_tools COMMAND=PACKAGE... where a COMMAND with a slash is a file.
need_tools() {
    local pair wanted missing=()
    for pair in "$@"; do
        wanted=${pair%%=*}
        if [[ $wanted == */* ]]; then
            [[ -e $wanted ]] && continue
        elif command -v "$wanted" >/dev/null; then
            continue
        fi
        missing+=("${pair#*=}")
    done
    has_libpcap || missing+=("$(libpcap_package)")
    ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
}

need_java() {
    local tool=$1 package=openjdk-$JAVA_AT_LEAST-jre-headless
    find_java "$tool" && return
    [[ $tool == java ]] || package=openjdk-$JAVA_AT_LEAST-jdk-headless
    if ! { command -v apt-get >/dev/null && refresh_packages && has_package "$package"; }; then
        die "needs a JDK $JAVA_AT_LEAST or newer, which this distribution does not have as $package:" \
            "install one (Eclipse Temurin $JAVA_AT_LEAST from https://adoptium.net, say) under /usr/lib/jvm," \
            "or set RINGTAP_JAVA_HOME to its folder"
    fi
    install_packages "$package"
    find_java "$tool" || die "$package is installed, but there is no $tool of Java $JAVA_AT_LEAST in /usr/lib/jvm"
}
