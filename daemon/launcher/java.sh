# shellcheck shell=bash
# Finds a Java that is new enough, and becomes it.

# shellcheck source=daemon/launcher/start.sh
source "${BASH_SOURCE[0]%/*}/start.sh"

JAVA_AT_LEAST=25

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

# Sets `java_home` to a Java that is new enough and has bin/$1 (java, or javac to build). Where ringtap is installed `runtime` is
# its own, if its package has brought it one.
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
    if [[ -n ${runtime:-} && -x $runtime/bin/$tool ]]; then
        java_home=$runtime
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

# Becomes ringtap, with the Java in `java_home`. What handles frames has the options and the cache of starts of the daemon.
# All other commands answer at once, and have their own: what makes code fast in the long run only costs them time.
become_ringtap() { # FOLDER_OF_OPTIONS FOLDER_OF_JARS ARGUMENTS...
    local options=$1 jars=$2 kind="command" more
    shift 2
    case ${1-} in run | demo | inject | verify | find) kind="jvm" ;; esac
    read -ra more <<<"${RINGTAP_JAVA_OPTS:-}"
    exec "$java_home/bin/java" @"$options/$kind.options" -XX:AOTCache="$jars/$kind.aot" "${more[@]}" \
        -cp "$jars/*${RINGTAP_CLASSPATH:+:$RINGTAP_CLASSPATH}" io.ringtap.daemon.Main "$@"
}
