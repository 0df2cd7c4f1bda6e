# shellcheck shell=bash
# Makes the cache of starts, with the Java in `java_home`.

# shellcheck source=daemon/launcher/java.sh
source "${BASH_SOURCE[0]%/*}/java.sh"

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
