# shellcheck shell=bash
# Builds with Maven: one build at a time in a checkout, and a half one is begun anew. The caller has set `root`, the checkout.

# shellcheck source=daemon/launcher/packages.sh
source "${BASH_SOURCE[0]%/*}/packages.sh"

: "${root:?is set by whoever sources this}"

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

# Whether there is no whole build, or a source is newer, one of the manual's among them. Folders count: one changes when a
# file in it goes.
needs_build() {
    local lib=$root/daemon/target/lib ours
    ours=("$lib"/ringtap-daemon-*.jar)
    [[ -e $lib/stamp && ! -e $root/target/unfinished && -e ${ours[0]} ]] || return 0
    [[ -n $(find "$root/pom.xml" "$root/.mvn" "$root"/*/pom.xml "$root"/*/src/main \
        "$root"/capture/{HANDLERS,BUILT-IN}.md "$root"/daemon/src/test/java/io/ringtap/{manual,daemon/reference} -newer "$lib/stamp" -print -quit) ]]
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
