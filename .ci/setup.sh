# shellcheck shell=bash
# Finds, installs and builds what ringtap needs. Sourced by whatever starts, checks or installs it, which set `root`.
# Everything it says goes to standard error: standard output belongs to the program.

: "${root:?is set by whoever sources this}"
JAVA_AT_LEAST=25
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin # where ip, ethtool and ldconfig are, but not on every user's PATH
# Names of files are UTF-8, whatever the user's language: in another locale Java finds none with letters that ASCII lacks.
[[ ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} == *[Uu][Tt][Ff]* ]] || export LC_ALL=C.UTF-8

say() { printf '%s\n' "$*" >&2; }

die() {
    say "${0##*/}: $*"
    exit 1
}

# The major version of the Java in a folder, in `major`. Reads its release file: starting a JVM takes too long.
java_major() {
    local home=$1 line version=
    major=0
    [[ -x $home/bin/java ]] || return 1
    if [[ -r $home/release ]]; then
        while IFS= read -r line; do
            [[ $line == JAVA_VERSION=* ]] && version=${line#*=}
        done <"$home/release"
    fi
    if [[ -z $version ]]; then
        version=$("$home/bin/java" -version 2>&1 </dev/null) || return 1
        version=${version#*version }
    fi
    version=${version#\"}
    version=${version%%[!0-9]*}
    major=${version:-0}
}

java_fits() { java_major "$1" && ((major >= JAVA_AT_LEAST)) && [[ -x $1/bin/$2 ]]; }

# Sets `java_home` to a Java that is new enough and has bin/$1 (java, or javac to build).
find_java() {
    local tool=$1 home best=0 path
    java_home=
    if [[ -n ${RINGTAP_JAVA_HOME:-} ]]; then
        java_fits "$RINGTAP_JAVA_HOME" "$tool" ||
            die "RINGTAP_JAVA_HOME is $RINGTAP_JAVA_HOME, which has no $tool of Java $JAVA_AT_LEAST or newer:" \
                "set it to the folder of a JDK $JAVA_AT_LEAST, or unset it"
        java_home=$RINGTAP_JAVA_HOME
        return 0
    fi
    if [[ -n ${JAVA_HOME:-} ]] && java_fits "$JAVA_HOME" "$tool"; then
        java_home=$JAVA_HOME
        return 0
    fi
    # The oldest that fits is the nearest to what is tested.
    for home in /usr/lib/jvm/*; do
        if java_fits "$home" "$tool" && ((best == 0 || major < best)); then
            best=$major
            java_home=$home
        fi
    done
    [[ -z $java_home ]] || return 0
    path=$(command -v "$tool") && path=$(readlink -f -- "$path") && java_fits "${path%/bin/*}" "$tool" &&
        java_home=${path%/bin/*}
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

has_package() { [[ -n $(apt-cache --quiet=2 show --no-all-versions "$1" 2>/dev/null) ]]; }

# Root in a user namespace cannot install packages: only the first namespace maps all ids.
in_user_namespace() {
    local first outside count
    read -r first outside count </proc/self/uid_map && [[ $first:$outside:$count != 0:0:4294967295 ]]
}

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

# Maven with the JDK that was found, quiet about what Maven itself does with it. Options meant for every JVM go to
# Maven's alone: in a test's JVM they would change what the test sees.
run_maven() {
    local arguments=()
    if in_user_namespace; then # where the JVM takes root's home for its own
        arguments+=("-Dmaven.repo.local=$HOME/.m2/repository")
        [[ ! -r $HOME/.m2/settings.xml ]] || arguments+=(-s "$HOME/.m2/settings.xml")
    fi
    (
        cd -- "$root" || exit
        export JAVA_HOME=$java_home
        export MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${_JAVA_OPTIONS:-} ${MAVEN_OPTS:-}"
        unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS
        exec mvn "${arguments[@]}" -B -ntp -Dstyle.color=never "$@" </dev/null
    )
}

# Whether there is no whole build, or a source is newer. Folders count: one changes when a file in it goes.
needs_build() {
    local lib=$root/daemon/target/lib
    [[ -e $lib/stamp && ! -e $root/target/unfinished && -n $(find "$lib" -name 'ringtap-daemon-*.jar' -print -quit) ]] || return 0
    [[ -n $(find "$root/pom.xml" "$root/.mvn" "$root"/*/pom.xml "$root"/*/src/main -newer "$lib/stamp" -print -quit) ]]
}

remove_build() { rm -rf "$root"/{capture,inject,daemon,native-notes/bench/java,native-notes/bench/jmh}/target; }

# A build that was killed, or found no room, may leave half a file that looks whole: the one after it begins from nothing.
begin_build() {
    [[ ! -e $root/target/unfinished ]] || remove_build
    mkdir -p "$root/target"
    : >"$root/target/unfinished"
}

end_build() { rm -f "$root/target/unfinished"; }

# Runs a command that builds a part.
building() {
    begin_build
    "$@" && end_build
}

# One build at a time in a checkout: the lock is on its folder, which `mvn clean` leaves alone.
with_build_lock() {
    (
        flock --nonblock 9 || {
            say "another build of $root is running: waiting for it"
            flock --timeout 1800 9 || die "the other build did not end in half an hour"
        }
        "$@"
    ) 9<"$root"
}

# Runs a command that builds and, if it went well, marks the build with the time at which it started.
build() {
    local lib=$root/daemon/target/lib started result=0
    started=$(mktemp)
    begin_build
    # A daemon may be running from the old jars: it keeps what it has open, where overwriting would take it away.
    rm -f "$lib"/stamp "$lib"/*.jar
    "$@" 9<&- && touch -r "$started" "$lib/stamp" && end_build || result=$?
    rm -f "$started"
    return "$result"
}

# Whether there is no cache of starts, or one from other jars, which the JVM would leave alone.
needs_aot_cache() { # FOLDER_OF_JARS
    [[ ! -e $1/ringtap.aot || -n $(find "$1" -name '*.jar' -newer "$1/ringtap.aot" -print -quit) ]]
}

# Has ringtap read an empty capture file, and the JVM keep what it loaded and learnt for that: a start with this cache
# takes two thirds of the time. It serves no other jars and no other JDK; ringtap runs without it all the same.
make_aot_cache() { # JVM_OPTIONS FOLDER_OF_JARS
    local options=$1 jars=$2 new=$2/.ringtap.aot.$$ work result=0
    work=$(mktemp -d)
    printf '\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\0\0\4\0\1\0\0\0' >"$work/empty.pcap"
    cat >"$work/ringtap.toml" <<CONFIGURATION
[control]
socket = "$work/control.sock"
[[capture]]
file = "$work/empty.pcap"
[[worker]]
name = "count"
[[worker.handler]]
type = "count"
CONFIGURATION
    "$java_home/bin/java" @"$options" -XX:AOTCacheOutput="$new" -cp "$jars/*" \
        io.ringtap.daemon.Main run --config "$work/ringtap.toml" >"$work/output" 2>&1 </dev/null &&
        mv -- "$new" "$jars/ringtap.aot" || result=$? # at once: another start may be reading the old one
    ((result == 0)) || {
        say "starts will take longer than they could: the JVM's cache of them could not be made:"
        cat "$work/output" >&2
    }
    rm -rf -- "$work" "$new"
}
